"""Opens the database: connections that keep what they promise, transactions to read and to write.

Everything in which SQLite and PostgreSQL differ stands here and in `postgresql`, but for the
copy-free reading of `snapshot`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import QueuePool

from ..domain.errors import BadSetting
from ..domain.folding import folded
from ..domain.senders import lies_in
from . import postgresql
from .bare import Bare, BareWriter, driver_errors
from .failures import reported
from .filelock import FileLock

_PRAGMAS = (
    "foreign_keys = ON",
    "synchronous = FULL",  # in WAL nothing less survives a power cut
    "secure_delete = ON",  # what was erased is not left in free pages
    "journal_size_limit = 16777216",
)

_SCRUB_PATIENCE = 30.0  # seconds for readers to end


class Database:
    """One database by its address; connects when first used, and safe to share between threads."""

    def __init__(
        self, engine: Engine, name: str, *, begin: str, lock: FileLock | None, file: Path | None
    ) -> None:
        self.name = name
        self.file = file
        self._engine = engine
        self._reader = engine if file else engine.execution_options(**postgresql.READS)
        self._writer = engine.execution_options(begin=begin)
        self._bare = BareWriter(engine, begin, lambda: file and identity(file))
        self._turn = nullcontext if lock is None else lock.held
        event.listen(engine, "begin", _begin)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database. Unavailable if there is none."""
        with reported(self.name), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The one writing transaction there can be; on the disk when the block has been left.

        Unavailable if it cannot be had or not be kept, and then nothing is stored.
        """
        with self._reported(), self._turn(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def adding(self) -> Iterator[Bare]:
        """The same as `writing`, with less between the caller and the driver; from one thread."""
        with self._reported(), self._turn(), self._bare.transaction() as cursor:
            yield cursor

    @contextmanager
    def _reported(self) -> Iterator[None]:
        with reported(self.name), driver_errors(self._engine.dialect):
            yield

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """The write lock with a connection that is not yet in a transaction."""
        with reported(self.name), self._turn(), self._writer.connect() as connection:
            if self.file is not None:
                _set_wal(connection)
                with _references_unchecked(connection):
                    yield connection
            else:
                with postgresql.migrating(connection):
                    yield connection

    def empty_log(self) -> None:
        """Bring SQLite's WAL into the file and cut it off, if no reader stands in the way."""
        if self.file is not None:
            with self._reported(), self._turn(), self._engine.connect() as connection:
                _cut_wal(connection)

    def scrub(self) -> bool:
        """Write the database anew, so that nothing of what was deleted is left in its files.

        False if somebody still read the old state, so that the WAL may hold some of it.
        """
        with self._reported(), self._turn():
            engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
            if self.file is None:
                with engine.connect() as connection:
                    connection.exec_driver_sql("VACUUM FULL")
                return True
            with closing(_connect(self.file, "mode=rw", _SCRUB_PATIENCE)) as raw:
                raw.execute("VACUUM")
                (is_busy, _, _) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not is_busy

    def create(self) -> None:
        """Make the empty file of an SQLite database that is not there yet, for this user alone."""
        if self.file is not None and not self.file.exists():
            with reported(self.name):
                os.close(os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600))

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._bare.close()
        self._engine.dispose()


def open_database(url: str, patience: float) -> Database:
    """The database at `url`; waits at most `patience` seconds for other programs.

    Makes the folder of an SQLite file. BadSetting if the address is none, Unavailable if the
    folder cannot be made.
    """
    address = read_address(url)
    name = address.render_as_string(hide_password=True)
    file = sqlite_file(address)
    if file is None:
        engine = postgresql.connect(address, patience)
        begin = postgresql.beginning(patience)
        return Database(engine, name, begin=begin, lock=None, file=None)
    with reported(str(file)):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = sqlite_engine(file, "mode=rw", patience)
    lock = FileLock(file.with_name(file.name + ".lock"), patience)
    return Database(engine, str(file), begin="BEGIN IMMEDIATE", lock=lock, file=file)


def read_address(url: str) -> URL:
    """The database's address, checked; BadSetting if it is none that could work."""
    try:
        address = make_url(url)
        backend = address.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise BadSetting("PERMALIEN_DATABASE_URL is no address of a database") from error
    if backend == "sqlite" and address.database in (None, "", ":memory:"):
        raise BadSetting("PERMALIEN_DATABASE_URL has to name a file: sqlite:////folder/file.db")
    if backend == "sqlite" and "?" in url:
        raise BadSetting(
            "PERMALIEN_DATABASE_URL: a `?` in a path is written %3F, other settings are not taken"
        )
    if backend not in ("sqlite", "postgresql"):
        raise BadSetting(
            f"PERMALIEN_DATABASE_URL begins with {backend!r}; sqlite and postgresql are known"
        )
    if address.drivername == "postgresql":
        address = address.set(drivername=postgresql.DRIVER)
    if backend == "postgresql" and address.drivername != postgresql.DRIVER:
        raise BadSetting(
            f"PERMALIEN_DATABASE_URL begins with {address.drivername!r}; write postgresql+psycopg"
        )
    return address


def sqlite_url(file: Path) -> str:
    """The address of an SQLite database, whatever characters its path has."""
    return f"sqlite:///{quote(str(file.absolute()))}"


def sqlite_file(address: URL) -> Path | None:
    """The file of an SQLite database, absolute; None for another engine."""
    if address.get_backend_name() != "sqlite" or address.database is None:
        return None
    return Path(address.database).absolute()


def missing_file(url: str) -> Path | None:
    """The file of the SQLite database at `url`, if it is not there. BadSetting."""
    file = sqlite_file(read_address(url))
    return None if file is None or file.exists() else file


def sqlite_engine(file: Path, how: str, patience: float) -> Engine:
    """An engine whose connections notice when `file` was replaced; `how` is SQLite's URI query."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: _connect(file, how, patience),
        poolclass=QueuePool,
        max_overflow=-1,
    )

    @event.listens_for(engine, "connect")
    def remember(_connection: Any, record: Any) -> None:
        record.info["file"] = identity(file)

    @event.listens_for(engine, "checkout")
    def compare(_connection: Any, record: Any, _proxy: Any) -> None:
        # Without this, what is written after a restored backup would go to the file removed.
        if record.info["file"] != identity(file):
            raise DisconnectionError(f"{file} was replaced")

    return engine


def _connect(file: Path, how: str, patience: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{file.as_uri()}?{how}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.create_function("folded", 1, folded.__wrapped__, deterministic=True)
        connection.create_function("lies_in", 2, lies_in, deterministic=True)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def identity(file: Path) -> tuple[int, int]:
    """What tells this very file from one that takes its place. OSError if there is none."""
    status = os.stat(file)
    return status.st_dev, status.st_ino


def _begin(connection: Connection) -> None:
    """Begin as the connection's use asks for; SQLite's driver begins nothing by itself."""
    begin = connection.get_execution_options().get("begin")
    if begin is not None or connection.dialect.name == "sqlite":
        connection.exec_driver_sql(begin or "BEGIN")


@contextmanager
def _references_unchecked(connection: Connection) -> Iterator[None]:
    """Let a table be replaced that others refer to (sqlite.org/lang_altertable.html, 7)."""
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys = ON")


def _cut_wal(connection: Connection) -> None:
    """Outside of any transaction: what was deleted stays readable in a WAL until it is cut."""
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _set_wal(connection: Connection) -> None:
    """Have the journal be a WAL, which stays so in the file; outside of any transaction."""
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    raw.execute("PRAGMA journal_mode = WAL")
