"""Reads what is public for a build: as one state, beside active writers, leaving no file behind."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from ..domain.discussion import Item
from ..domain.errors import Unavailable
from . import comments
from .engine import open_database, read_address, sqlite_engine, sqlite_file
from .failures import reported
from .migrating import version
from .schema import HEAD

_TRIES = 5


class ReadOnlyStore:
    """The store as the build sees it: what is published, and nothing else."""

    def __init__(self, url: str, patience: float) -> None:
        self._url = url
        self._file = sqlite_file(read_address(url))
        self._patience = patience

    def published(self) -> dict[str, tuple[Item, ...]]:
        """The approved comments and pings by post, oldest first, all of one instant.

        Unavailable if the database is missing, damaged, or of another version of Permalien.
        """
        if self._file is None:
            database = open_database(self._url, self._patience)
            try:
                with database.reading() as connection:
                    return _published(connection)
            finally:
                database.close()
        for _ in range(_TRIES):
            said = _published_in(self._file, self._patience)
            if said is not None:
                return said
        return _read(self._file, "mode=ro", self._patience)

    def close(self) -> None:
        """Nothing is kept open; here so that a store can be closed whichever it is."""


def _published_in(file: Path, patience: float) -> dict[str, tuple[Item, ...]] | None:
    """What stands in `file`; None if it changed under the eye of this reader.

    Where there is a WAL its writers' protocol is followed. Where there is none nobody is at work,
    and SQLite would leave a WAL of this user's beside the file, which the service then could not
    write: so the bare file is read as it is, and was read whole if it is the same afterwards.
    """
    with reported(str(file)):
        if not file.exists():
            raise Unavailable(f"there is no database {file}; start the service once to make it")
        if _wal(file).exists():
            return _read(file, "mode=ro", patience)
        before = file.stat()
        said = _read(file, "mode=ro&immutable=1", patience)
        after = file.stat()
    is_same = (before.st_mtime_ns, before.st_size, before.st_ino) == (
        after.st_mtime_ns,
        after.st_size,
        after.st_ino,
    )
    return said if is_same else None


def _wal(file: Path) -> Path:
    return file.with_name(file.name + "-wal")


def _read(file: Path, how: str, patience: float) -> dict[str, tuple[Item, ...]]:
    engine = sqlite_engine(file, how, patience)
    try:
        with reported(str(file)), engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            return _published(connection)
    finally:
        engine.dispose()


def _published(connection: Connection) -> dict[str, tuple[Item, ...]]:
    if version(connection) != HEAD:
        raise Unavailable("the database is not up to date; start the service once, which does that")
    return comments.published(connection)
