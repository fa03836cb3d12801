"""Turns every failure of a database into the one refusal that callers know: Unavailable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from ..domain.errors import Unavailable

# By the beginning of SQLite's own name of the failure, or of PostgreSQL's number of it: what it
# means and what to do.
_MEANINGS = {
    "SQLITE_BUSY": "another program holds it; try again in a moment",
    "SQLITE_LOCKED": "another program holds it; try again in a moment",
    "SQLITE_FULL": "the disk is full; make room and try again",
    "SQLITE_IOERR": "the disk does not read or write; look at the system's log, then try again",
    "SQLITE_READONLY": "it may not be written; give this user the right to write it and its folder",
    "SQLITE_CANTOPEN": "it cannot be opened; see that it exists and that this user may write it",
    "SQLITE_PERM": "this user may not read it; give it the right to",
    "SQLITE_CORRUPT": "it is damaged; stop the service, keep the file, restore the last backup",
    "SQLITE_NOTADB": "it is no database; stop the service, keep the file, restore the last backup",
    "SQLITE_NOMEM": "there is no memory left; free some and try again",
    "25006": "it may not be written; see that its server is no standby and not read-only",
    "25P03": "this program stood still while it wrote; try again",
    "42501": "this user may not do that; give it the right to, best by making it the owner",
    "53100": "the disk is full; make room and try again",
    "55P03": "another program holds it; try again in a moment",
    "XX001": "it is damaged; stop the service, keep the files, restore the last backup",
    "XX002": "it is damaged; stop the service, keep the files, restore the last backup",
}
_NO_SUCH_TABLE = "42P01"


@contextmanager
def reported(name: str) -> Iterator[None]:
    """Have whatever the database `name` does wrong inside come out as Unavailable.

    `name` stands in the text, so it is without a password. The cause stays chained for the log. A
    value that no table takes is a mistake of the caller and comes out as ValueError: trying again
    would not help.
    """
    try:
        yield
    except (IntegrityError, DataError) as error:
        raise ValueError(f"the database {name} refuses a value: {error.orig}") from error
    except SQLAlchemyError as error:
        if isinstance(error, StatementError) and not isinstance(error, DBAPIError) and error.orig:
            raise error.orig from None
        raise Unavailable(f"the database {name} cannot be used now: {_meaning(error)}") from error
    except OSError as error:
        raise Unavailable(f"the database {name} cannot be used now: {error}") from error


def _meaning(error: SQLAlchemyError) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    text = " ".join(str(cause).split())
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
    if "no such table" in text or code == _NO_SUCH_TABLE:
        return f"it was never set up ({text}); start the service once, which does that"
    for beginning, meaning in _MEANINGS.items():
        if code.startswith(beginning):
            return f"{meaning} ({text})"
    return text
