"""What columns are made of: instants as text that sorts, words of a closed list, names of rules."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Dialect, Enum, Index, MetaData, String, TypeDecorator, text

GREATEST_ID = 2**31 - 1
"""The greatest number that a row can have on every engine: what an INTEGER of PostgreSQL holds."""

EMPTY = text("''")
"""The default of a text that most rows do not have."""

NONE_YET = text("0")
"""The default of a count."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def text_of(at: datetime) -> str:
    """An instant as it is kept: text of fixed width in UTC, which sorts as time does.

    ValueError for an instant without a zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def moment_of(text: str) -> datetime:
    """The instant, aware and in UTC, that `text_of` made a text of."""
    return datetime.fromisoformat(text)


class Moment(TypeDecorator[datetime]):
    """An instant outside, its text inside."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else text_of(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else moment_of(value)


def words(listed: type[StrEnum]) -> Enum:
    """A column that holds one of the words `listed`; its CHECK is spelt out beside it."""
    return Enum(
        listed,
        native_enum=False,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )


def check(column: str, listed: type[StrEnum]) -> CheckConstraint:
    """The rule that `column` holds one of the words `listed`."""
    known = ", ".join(f"'{word.value}'" for word in listed)
    return CheckConstraint(f"{column} IN ({known})", name=f"{column}_is_known")


def sparse_index(*columns: str, where: str, unique: bool = False) -> Index:
    """An index that SQLite keeps of the few rows `where` this is so, and of no other.

    Only a question that says `where` itself, or asks for one value of a column that else is NULL,
    is answered by it (sqlite.org/partialindex.html §3).
    """
    return Index(None, *columns, unique=unique, sqlite_where=text(where))
