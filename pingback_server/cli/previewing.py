"""The role of `permalien serve --watch`: builds the author's preview whenever something changes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

from ..deeds.refresh import due
from ..domain.errors import BuildFailed, NotPublished, Unavailable
from ..processes import hold, last_end, note_end, say
from ..store import Store
from .publishing import did
from .workplace import Workplace, now

_PAUSE = 0.3
# What failed for a cause outside of the files is tried again without a change.
_TRY_AGAIN_AFTER = 60.0


def run_preview(here: Workplace, stopping: Event) -> None:
    """Build the preview at once, and anew when a file of the author's or a comment has changed."""
    with hold(here.settings.data, "preview", stopping), here.store() as store:
        source = Source(here, store)
        built: object = None
        again_at = 0.0
        while not stopping.wait(_PAUSE):
            seen = source.look()
            if seen != built or time.monotonic() > again_at:
                is_well = _build(here, stopping)
                built = seen
                again_at = float("inf") if is_well else time.monotonic() + _TRY_AGAIN_AFTER


def _build(here: Workplace, stopping: Event) -> bool:
    """Build, and tell the terminal and the browser how it ended; whether it ended well."""
    began, folder = time.monotonic(), here.settings.preview_folder
    try:
        built = here.build(stopping)
    except (BuildFailed, Unavailable) as failure:
        problems = tuple(str(failure).splitlines())
        if not stopping.is_set() and problems != last_end(folder).problems:
            say(f"preview: the pages stay as they were: {failure}")
            note_end(folder, problems)
        return False
    if built.written or built.removed or last_end(folder).problems:
        for warning in built.warnings:
            say(f"preview: warning: {warning}")
        say(f"preview: {did(built)}, in {time.monotonic() - began:.1f} s")
        note_end(folder, ())
    return True


class Source:
    """What a preview is made of: the author's files, what was decided about comments, and time."""

    def __init__(self, here: Workplace, store: Store) -> None:
        self._here, self._store = here, store
        self._configuration = here.settings.blog / "pelicanconf.py"
        self._configured: object = None
        self._folders = [here.settings.blog / "content"]
        self._upto = 0

    def look(self) -> dict[str, object]:
        """Something that differs from one look to the next if, and only if, a build may, too."""
        configured = _state(self._configuration)
        if configured != self._configured:
            self._configured = configured
            with suppress(BuildFailed):  # the build will say it
                self._folders = self._folders_of(self._here.own_settings())
        with suppress(Unavailable):  # so will the build
            dirty = self._store.dirty()
            self._upto = max(self._upto, dirty.upto if dirty else 0)
        fallen_due: frozenset[str] = frozenset()
        with suppress(NotPublished):
            fallen_due = due(self._here.blog(), now())
        files = {path: _state(Path(path)) for path in self._files()}
        # A press beside us takes the marks away; it leaves a new list of posts.
        published = _state(self._here.settings.published_path)
        return {**files, "": (configured, self._upto, published, fallen_due)}

    def _folders_of(self, settings: dict[str, Any]) -> list[Path]:
        blog = self._here.settings.blog
        overrides = settings.get("THEME_TEMPLATES_OVERRIDES") or ()
        named = [settings.get("PATH"), settings.get("THEME"), *overrides]
        return [blog / folder for folder in named if isinstance(folder, str) and folder]

    def _files(self) -> Iterator[str]:
        """The files in the author's folders, without those that editors make for themselves."""
        for top in self._folders:
            for folder, below, names in os.walk(top, followlinks=True):
                below[:] = [name for name in below if name[0] != "." and name != "__pycache__"]
                yield from (
                    os.path.join(folder, name)
                    for name in names
                    if name[0] not in ".#" and not name.endswith(("~", ".swp", ".tmp"))
                )


def _state(file: Path) -> tuple[int, int] | None:
    """What changes with a file's content; None if there is none."""
    try:
        there = os.stat(file)
    except OSError:
        return None
    return there.st_mtime_ns, there.st_size
