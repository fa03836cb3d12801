"""The tables, as the newest migration leaves them."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)

from ..domain.discussion import Kind, Status

HEAD = "0002"
"""The newest migration. Numbers of four digits, so that a later one compares as greater."""


GREATEST_ID = 2**31 - 1
"""The greatest number that a row can have on every engine: what an INTEGER of PostgreSQL holds."""


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


class JobState(StrEnum):
    """Where a job of the outbox stands; what is done is not there any more."""

    WAITING = "waiting"
    FAILED = "failed"


def _words(words: type[StrEnum]) -> Enum:
    """A column that holds one of `words`; its CHECK is spelt out beside it."""
    return Enum(
        words,
        native_enum=False,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )


def _check(column: str, words: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")


_EMPTY = text("''")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

comments = Table(
    "comments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", _words(Kind), nullable=False),
    Column("status", _words(Status), nullable=False),
    Column("post", Text, nullable=False),
    Column("parent", Integer, ForeignKey("comments.id")),
    Column("author", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("is_by_author", Boolean, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("title", Text, nullable=False, server_default=_EMPTY),
    Column("target", Text, nullable=False, server_default=_EMPTY),
    Column("origin", Text),
    _check("kind", Kind),
    _check("status", Status),
    Index(None, "status", "post"),
    Index(None, "fingerprint"),
    Index(None, "origin", unique=True),
    sqlite_autoincrement=True,
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("comment", Integer, ForeignKey("comments.id"), nullable=False),
    Column("was", _words(Status), nullable=False),
    Column("became", _words(Status), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    _check("was", Status),
    _check("became", Status),
    Index(None, "comment"),
    sqlite_autoincrement=True,
)

dirty_pages = Table(
    "dirty_pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post", Text, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Integer, nullable=False),
    Column("state", _words(JobState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("held_by", Text),
    Column("error", Text),
    _check("state", JobState),
    Index(None, "state", "due_at"),
    sqlite_autoincrement=True,
)

probes = Table(
    "probes",
    metadata,
    Column("id", Integer, primary_key=True),
)
