"""Reads what a build needs: as one state, beside active writers, leaving no file behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, select

from ..domain.discussion import Item
from ..domain.errors import Unavailable
from ..domain.switches import Switch
from . import avatars, comments
from .engine import open_database, read_address, sqlite_engine, sqlite_file
from .failures import reported
from .migrating import version
from .schema import HEAD, post_switches

T = TypeVar("T")
Reading = Callable[[Connection], T]

_TRIES = 5
_SWITCHES = select(post_switches.c.post, post_switches.c.comments, post_switches.c.pings)


class ReadOnlyStore:
    """The store as the build sees it: what is published, what was closed and opened by hand.

    Every method raises Unavailable if the database is missing, damaged, or of another version of
    Permalien.
    """

    def __init__(self, url: str, patience: float) -> None:
        self._url = url
        self._file = sqlite_file(read_address(url))
        self._patience = patience

    def published(self) -> dict[str, tuple[Item, ...]]:
        """The approved comments and pings by post, oldest first, all of one instant.

        Behind them, the places of what was answered and is not public any more.
        """
        return self._look(comments.published)

    def pictures(self) -> dict[int, bytes]:
        """The picture that goes with each public comment that has one, by its number."""
        return self._look(avatars.pictures)

    def switches(self) -> dict[str, Switch]:
        """Which posts were closed or opened by hand."""
        return self._look(_switches)

    def _look(self, reading: Reading[T]) -> T:
        if self._file is None:
            database = open_database(self._url, self._patience)
            try:
                with database.reading() as connection:
                    return _current(connection, reading)
            finally:
                database.close()
        for _ in range(_TRIES):
            seen = _look_at(self._file, self._patience, reading)
            if seen is not None:
                return seen
        return _read(self._file, "mode=ro", self._patience, reading)

    def close(self) -> None:
        """Nothing is kept open; here so that a store can be closed whichever it is."""


def _look_at(file: Path, patience: float, reading: Reading[T]) -> T | None:
    """What stands in `file`; None if it changed under the eye of this reader.

    Where there is a WAL its writers' protocol is followed. Where there is none nobody is at work,
    and SQLite would leave a WAL of this user's beside the file, which the service then could not
    write: so the bare file is read as it is, and was read whole if it is the same afterwards.
    """
    with reported(str(file)):
        if not file.exists():
            raise Unavailable(f"there is no database {file}")
        if _wal(file).exists():
            return _read(file, "mode=ro", patience, reading)
        before = file.stat()
        seen = _read(file, "mode=ro&immutable=1", patience, reading)
        after = file.stat()
    is_same = (before.st_mtime_ns, before.st_size, before.st_ino) == (
        after.st_mtime_ns,
        after.st_size,
        after.st_ino,
    )
    return seen if is_same else None


def _wal(file: Path) -> Path:
    return file.with_name(file.name + "-wal")


def _read(file: Path, how: str, patience: float, reading: Reading[T]) -> T:
    engine = sqlite_engine(file, how, patience)
    try:
        with reported(str(file)), engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            return _current(connection, reading)
    finally:
        engine.dispose()


def _current(connection: Connection, reading: Reading[T]) -> T:
    """What `reading` finds, if the tables are those of this version."""
    if version(connection) != HEAD:
        raise Unavailable("the database is not up to date; start the service once, which does that")
    return reading(connection)


def _switches(connection: Connection) -> dict[str, Switch]:
    return {post: Switch(*switch) for post, *switch in connection.execute(_SWITCHES)}
