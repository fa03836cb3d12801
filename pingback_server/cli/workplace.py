"""The blog that a command works on: its settings, its store, its build, its clock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import click

from .. import __version__
from ..domain.errors import BuildFailed, NotPublished
from ..fetch import Fetcher
from ..manifest import PublishedBlog, check_database
from ..processes import Build, Order, build_with_pelican, hold, note_end, settings_of
from ..server_settings import (
    PREVIEW,
    ServerSettings,
    find_blog,
    read_server_settings,
    setting_names,
)
from ..store import Store


@dataclass(frozen=True, slots=True)
class Workplace:
    """One blog and what this machine runs it with."""

    settings: ServerSettings
    blog: PublishedBlog

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store, up to date. Unavailable, too, if it is gone since the last build."""
        check_database(self.settings.store_url, self.settings.published_path)
        store = Store.open(self.settings.store_url)
        try:
            store.migrate()
            yield store
        finally:
            store.close()

    def build(self, stopping: Event | None = None) -> Build:
        """Build and publish the pages, unless `stopping` is set meanwhile. BuildFailed."""
        settings = self.settings
        output = settings.preview_folder / "pages" if settings.preview else None
        order = Order(settings.blog, settings.data, output, settings.build_seconds)
        try:
            built = build_with_pelican(order, os.environ, stopping=stopping)
        except BuildFailed as failure:
            if stopping is None or not stopping.is_set():
                self._tell(str(failure))
            raise
        self._tell("")
        return built

    def _tell(self, problems: str) -> None:
        """Leave word of how a build ended, for who writes at the desk."""
        # A disk that is full must not stop the press.
        if not self.settings.preview:
            with suppress(OSError):
                note_end(self.settings.build_folder, tuple(problems.splitlines()))

    @contextmanager
    def turn(self, stopping: Event | None = None) -> Iterator[None]:
        """Be the one who publishes, after those who are at it, unless `stopping` is set meanwhile.

        Who asks in this block what is due does no work that another has just done.
        """
        with hold(self.settings.data, "publishing", stopping or Event()):
            yield

    def fetcher(self) -> Fetcher:
        """What reads pages of other hosts, saying who it is and what for. NotPublished."""
        site = self.blog().blog.url
        name = f"Permalien/{__version__} (Webmention, Pingback; verifying links to {site}/)"
        return Fetcher(name, self.settings.allow_networks)

    def own_settings(self) -> dict[str, Any]:
        """What pelicanconf.py says; BuildFailed if it cannot be read."""
        return settings_of(self.settings.blog, os.environ)


def workplace(*, is_preview: bool = False) -> Workplace:
    """The blog named by --blog, else found from here. NoBlog, BadSetting.

    What is done there is public, unless `is_preview`; then it may be for the author alone.
    """
    if not is_preview:
        os.environ.pop(PREVIEW, None)
    _name_files_in_full()
    named = click.get_current_context().find_root().obj
    environment = {**os.environ, "PERMALIEN_BLOG": named} if named else dict(os.environ)
    blog = find_blog(Path.cwd(), environment)
    settings = read_server_settings(blog, environment)
    return Workplace(settings, PublishedBlog(settings.manifest_path))


def _name_files_in_full() -> None:
    """Have our builds, which run in the blog's folder, read the files that are meant here."""
    for name in setting_names():
        if name.endswith("_FILE") and os.environ.get(name):
            os.environ[name] = str(Path(os.environ[name]).absolute())


def zone_of(here: Workplace) -> ZoneInfo:
    """The zone by whose clock the blog goes; UTC before it was built."""
    try:
        return ZoneInfo(here.blog().blog.timezone)
    except NotPublished:
        return ZoneInfo("UTC")


def now() -> datetime:
    """The clock of the commands."""
    return datetime.now(UTC)
