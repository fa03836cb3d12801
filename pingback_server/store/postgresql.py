"""What PostgreSQL needs to keep the same promises as SQLite: see `engine`, which uses this."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

from sqlalchemy import URL, Connection, Engine, create_engine

from ..domain.errors import BadSetting

ADVISORY_KEY = 0x7065726D
"""The number ("perm") of the write lock on PostgreSQL."""

_BEGIN = "; ".join(
    (
        "SET LOCAL lock_timeout = {patience}",
        # A writer that was cut off in the middle of its work would hold up everybody for hours.
        "SET LOCAL idle_in_transaction_session_timeout = {silence}",
        # A server may be set up to answer before anything is on its disk.
        "SET LOCAL synchronous_commit = on",
        # One writer at a time, as on SQLite: then numbers become visible in their order.
        f"SELECT pg_advisory_xact_lock({ADVISORY_KEY})",
    )
)
# A reader's statements all see the state that its first one saw; a writer's see what the lock's
# former holder did. A server may be set up for something else, so both are said.
READS = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_WRITES = "READ COMMITTED"
DRIVER = "postgresql+psycopg"


def beginning(patience: float) -> str:
    """What makes a transaction a writing one, which waits at most `patience` seconds to be it."""
    milliseconds = max(1, int(patience * 1000))
    return _BEGIN.format(patience=milliseconds, silence=2 * milliseconds)


@contextmanager
def migrating(connection: Connection) -> Iterator[None]:
    """The write lock, kept over several transactions. BadSetting if the encoding lacks letters."""
    _check_encoding(connection)
    connection.exec_driver_sql(f"SELECT pg_advisory_lock({ADVISORY_KEY})")
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({ADVISORY_KEY})")
        connection.commit()


def _check_encoding(connection: Connection) -> None:
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding != "UTF8":
        raise BadSetting(
            f"PERMALIEN_DATABASE_URL: the database's encoding is {encoding}, in which not every "
            "comment can be written; make it anew: createdb --encoding UTF8 --template template0"
        )


def connect(address: URL, patience: float) -> Engine:
    """An engine for the server at `address`. BadSetting if its driver is not installed."""
    ours = {
        "client_encoding": "utf8",
        "connect_timeout": max(2, ceil(patience)),
        "fallback_application_name": "permalien",
    }
    try:
        return create_engine(
            address,
            connect_args={key: ours[key] for key in ours.keys() - address.query.keys()},
            isolation_level=_WRITES,
            pool_pre_ping=True,
            max_overflow=-1,
        )
    except ImportError as error:
        raise BadSetting(
            "PERMALIEN_DATABASE_URL wants PostgreSQL, whose driver is missing: "
            "pip install 'permalien[postgres]'"
        ) from error
