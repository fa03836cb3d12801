"""The build: Pelican's own, into a folder of its own, and then live as a whole or not at all."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import blinker
import pelican
from pelican import signals

from .carry import Carrier, sweep
from .compiled import kept_templates
from .diagnosis import Diagnosis
from .errors import BuildError
from .lock import locked
from .plan import Rendered, draw_plan, files_in, unwanted
from .refusal import refusing
from .report import Outcome, reported
from .workshop import Workshop, open_workshop

publishing = blinker.signal("permalien-publishing")
"""Sent by a Press when a faultless build is about to go live."""

published = blinker.signal("permalien-published")
"""Sent by a Press when everything new is live for good and nothing old is removed yet."""


class Press(pelican.Pelican):
    """A Pelican that publishes: readers see a whole old page or a whole new one, whatever happens.

    While Pelican works, `output_path` and OUTPUT_PATH name the folder in which it builds; receivers
    of Pelican's signals may write there too. Before and after (so for receivers of `published`),
    they name the live folder. Nothing is kept from one `run` to the next but the settings.

    Every fault ends in BuildError: logged errors too, with `-q` and without `--fatal`. Under
    `pelican -r` it is only told, for Pelican would build again at once and not wait for a change.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        live = Path(os.path.realpath(settings["OUTPUT_PATH"]))
        with reported(Outcome()), refusing(Diagnosis(Path(settings["PATH"]), live, live)):
            _check_lists(settings)
            _check_plugins(settings)
            _check_overrides(settings)
            super().__init__(settings)  # type: ignore[no-untyped-call]  # Pelican has no hints
            kept = {"bytecode_cache": kept_templates(settings)}
            settings["JINJA_ENVIRONMENT"] = {**settings["JINJA_ENVIRONMENT"], **kept}

    def init_path(self) -> None:
        """Have plugins find modules in the current folder, but none in the place of others.

        Pelican itself looks there first: a `calendar.py` would be taken for Python's own.
        """
        if not {"", os.curdir} & set(sys.path):
            sys.path.append("")

    def run(self) -> None:
        """Build, and publish the build if it is faultless; raises BuildError if it is not."""
        try:
            self._run()
        except BuildError:
            if not _is_autoreload():
                raise

    def _run(self) -> None:
        live = Path(os.path.realpath(self.output_path))
        content, outcome = Path(self.path), Outcome()
        with reported(outcome), refusing(Diagnosis(content, live, live)), locked(live):
            workshop = open_workshop(live, Path(self.settings["CACHE_PATH"]).absolute())
            sweep(live, workshop.written() or ())
            with workshop.swept():
                diagnosis = Diagnosis(content, workshop.staging, live)
                with refusing(diagnosis) as heard:
                    rendered = self._build_into(workshop.staging)
                outcome.warnings = [str(diagnosis.of_log(warning)) for warning in heard.warnings]
                self._publish(workshop, rendered, outcome)
            outcome.is_done = True

    def _build_into(self, staging: Path) -> Rendered:
        """Have Pelican build into `staging`; tell what it rendered."""
        pages: set[str] = set()
        lists: set[str] = set()

        def note_page(path: str, context: dict[str, Any]) -> None:
            written = pages if "article" in context or "page" in context else lists
            written.add(os.path.relpath(path, staging))

        def note_feed(path: str, **_: Any) -> None:
            lists.add(os.path.relpath(path, staging))

        with (
            self._writing_to(staging),
            signals.content_written.connected_to(note_page),
            signals.feed_written.connected_to(note_feed),
        ):
            super().run()  # type: ignore[no-untyped-call]  # Pelican has no hints
        return Rendered(pages, lists)

    def _publish(self, workshop: Workshop, rendered: Rendered, outcome: Outcome) -> None:
        """Carry what is new and changed to the live folder, say so, and remove what is gone."""
        staged = frozenset(files_in(workshop.staging))
        written = self._written_before(workshop, staged)
        gone = unwanted(
            workshop.live,
            written=written,
            staged=staged,
            is_cleared=self._is_cleared(workshop.live),
            kept=self.output_retention,
        )
        plan = draw_plan(workshop.staging, workshop.live, gone=gone, rendered=rendered)
        carrier = Carrier(workshop.staging, workshop.live)
        outcome.written, outcome.removed = carrier.written, carrier.removed
        outcome.unchanged = plan.unchanged
        workshop.remember(written | staged)
        diagnosis = Diagnosis(Path(self.path), workshop.staging, workshop.live)
        with refusing(diagnosis):
            publishing.send(self)
        for batch in plan.batches:
            carrier.place(batch)
        with refusing(diagnosis):
            published.send(self)
        carrier.remove(plan.gone)
        workshop.remember(staged)

    def _written_before(self, workshop: Workshop, staged: frozenset[str]) -> frozenset[str]:
        """What the press wrote; at its first build over another's output, a word on the rest."""
        written = workshop.written()
        if written is not None:
            return written
        others = sorted(
            unwanted(
                workshop.live,
                written=frozenset(),
                staged=staged,
                is_cleared=True,
                kept=self.output_retention,
            )
        )
        if others and not self._is_cleared(workshop.live):
            names = ", ".join(others[:5]) + (", …" if others[5:] else "")
            sys.stderr.write(
                f"{workshop.live}: {len(others)} files there are not from this build and stay "
                f"({names}). Build once with -d to have them removed.\n"
            )
        return frozenset()

    def _is_cleared(self, live: Path) -> bool:
        """Whether foreign files go too: DELETE_OUTPUT_DIRECTORY, on Pelican's own condition."""
        content = Path(os.path.realpath(self.path))
        return bool(self.delete_outputdir) and not content.is_relative_to(live)

    @contextmanager
    def _writing_to(self, folder: Path) -> Iterator[None]:
        """Have everything in Pelican take `folder` for the output folder."""
        before = self.output_path, self.settings["OUTPUT_PATH"]
        self.output_path = self.settings["OUTPUT_PATH"] = str(folder)
        try:
            yield
        finally:
            self.output_path, self.settings["OUTPUT_PATH"] = before


def _is_autoreload() -> bool:
    """Whether it is Pelican's autoreload that called us."""
    callers = (frame.f_code for frame, _ in traceback.walk_stack(None))
    return pelican.autoreload.__code__ in callers


def _check_lists(settings: dict[str, Any]) -> None:
    """BuildError for a text where a list is needed: Pelican would take its own default for it."""
    given = getattr(sys.modules.get("pelicanconf"), "__dict__", {})
    for name, said in given.items():
        taken = settings.get(name, said)
        is_replaced = taken is None or isinstance(taken, list)
        # One LOCALE is as good as a list of it.
        if name.isupper() and isinstance(said, str) and is_replaced and taken != [said]:
            raise BuildError(
                f'{name} has to be a list, as in ["{said}"], not {said!r}',
                file="pelicanconf.py",
            )


def _check_plugins(settings: dict[str, Any]) -> None:
    """BuildError if PLUGINS was set anew, without what the theme cannot do without."""
    named = {getattr(plugin, "__name__", plugin) for plugin in settings["PLUGINS"] or ()}
    missing = [name for name in settings.get("THEME_NEEDS", ()) if name not in named]
    if missing:
        raise BuildError(
            f"PLUGINS leaves out {' and '.join(missing)}, which the theme needs; add your own by "
            'PLUGINS += ["name"]',
            file="pelicanconf.py",
        )


def _check_overrides(settings: dict[str, Any]) -> None:
    """BuildError for a folder of own templates that is not there: nobody would see what it lacks.

    Pelican itself passes it over.
    """
    for folder in settings["THEME_TEMPLATES_OVERRIDES"]:
        if not Path(folder).is_dir():
            raise BuildError(
                f"THEME_TEMPLATES_OVERRIDES names {folder}, which is no folder",
                file="pelicanconf.py",
            )
