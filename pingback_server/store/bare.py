"""The database driver without SQLAlchemy between: for the one path that is made for speed.

SQLAlchemy takes several times as long to prepare a small transaction as SQLite to carry it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

_ROWS_AT_ONCE = 1000  # a statement has room for some 30,000 values


class Bare:
    """A cursor of the driver: statements as text, `mark` where a value goes."""

    def __init__(self, cursor: Any, dialect: Dialect) -> None:
        self.mark = "?" if dialect.paramstyle == "qmark" else "%s"
        self._counts_up = dialect.name == "sqlite"
        self._cursor = cursor

    def rows(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Carry out `statement`, and everything that it gives back."""
        self._cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = self._cursor.fetchall()
        return found

    def change(self, table: str, values: Mapping[str, Any], number: int) -> None:
        """Give the row with that number these values."""
        changed = ", ".join(f"{name} = {self.mark}" for name in values)
        statement = f"UPDATE {table} SET {changed} WHERE id = {self.mark}"
        self._cursor.execute(statement, [*values.values(), number])

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Write `rows` of `columns` into `table`."""
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            # Not `executemany`: its driver lets other threads in front at every single row.
            some = rows[start : start + _ROWS_AT_ONCE]
            statement = _insertion(table, tuple(columns), len(some), self.mark)
            self._cursor.execute(statement, [value for row in some for value in row])

    def insert_numbered(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, key: str
    ) -> dict[Any, int]:
        """Write at most `_ROWS_AT_ONCE` rows; the number that each was given, by its `key`.

        To read them from SQLite would let other threads in front at every row, too. It numbers the
        rows of a statement one after another (sqlite.org/autoinc.html), so the last one says all.
        """
        if not self._counts_up:
            statement = _insertion(table, tuple(columns), len(rows), self.mark)
            flat = [value for row in rows for value in row]
            return dict(self.rows(f"{statement} RETURNING {key}, id", flat))
        self.insert(table, columns, rows)
        first, place = self._cursor.lastrowid - len(rows) + 1, columns.index(key)
        return {row[place]: number for number, row in enumerate(rows, first)}


@lru_cache(maxsize=512)
def _insertion(table: str, columns: tuple[str, ...], rows: int, mark: str) -> str:
    row = f"({', '.join([mark] * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"


def bare(connection: Connection) -> Bare:
    """The driver's cursor in the transaction that `connection` is in."""
    return Bare(connection.connection.cursor(), connection.dialect)


class BareWriter:
    """Keeps one connection of the driver at hand; used by one thread at a time.

    `begin` is the statement that makes a transaction a writing one, and `identify` tells one
    database file from another: a connection to a file that was replaced is not used again.
    """

    def __init__(self, engine: Engine, begin: str, identify: Callable[[], object]) -> None:
        self._engine = engine
        self._begin = begin
        self._identify = identify
        self._connection: PoolProxiedConnection | None = None
        self._identity: object = None

    @contextmanager
    def transaction(self) -> Iterator[Bare]:
        """A cursor in a writing transaction, which is on the disk when the block has been left.

        What goes wrong comes out as the driver says it: see `driver_errors`.
        """
        connection, cursor = self._begun()
        try:
            yield Bare(cursor, self._engine.dialect)
            connection.commit()
        except BaseException:
            self._throw_away(connection, cursor)
            raise

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _begun(self) -> tuple[PoolProxiedConnection, DBAPICursor]:
        """A new transaction; a connection that broke since it was last used is replaced."""
        kept = self._connection
        connection = self._connected()
        cursor = connection.cursor()
        try:
            cursor.execute(self._begin)
        except BaseException as error:
            is_broken = connection is kept and self._is_broken(error, connection, cursor)
            self._throw_away(connection, cursor)
            if is_broken:
                return self._begun()
            raise
        return connection, cursor

    def _is_broken(
        self, error: BaseException, connection: PoolProxiedConnection, cursor: DBAPICursor
    ) -> bool:
        dialect = self._engine.dialect
        return isinstance(error, dialect.loaded_dbapi.Error) and dialect.is_disconnect(
            error, connection, cursor
        )

    def _throw_away(self, connection: PoolProxiedConnection, cursor: DBAPICursor) -> None:
        """Undo what was begun and close: a statement left open would keep the lock of SQLite."""
        self._connection = None
        with suppress(self._engine.dialect.loaded_dbapi.Error):
            cursor.close()
            connection.rollback()
        connection.invalidate()

    def _connected(self) -> PoolProxiedConnection:
        identity = self._identify()
        if self._connection is None or identity != self._identity:
            self.close()
            self._connection, self._identity = self._engine.raw_connection(), identity
        return self._connection


@contextmanager
def driver_errors(dialect: Dialect) -> Iterator[None]:
    """Have the driver's own errors come out as SQLAlchemy's, as they do everywhere else."""
    base = dialect.loaded_dbapi.Error
    try:
        yield
    except base as error:
        wrapped = DBAPIError.instance(None, None, error, base, dialect=dialect)
        raise wrapped from error
