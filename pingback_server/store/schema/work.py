"""Work to be done: pages to publish again, jobs, and the trace of a health check."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Column, Index, Integer, Table, Text

from .columns import Moment, check, metadata, words


class JobState(StrEnum):
    """Where a job of the outbox stands; what is done is not there any more."""

    WAITING = "waiting"
    FAILED = "failed"


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
    Column("state", words(JobState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("held_by", Text),
    Column("error", Text),
    check("state", JobState),
    Index(None, "state", "due_at"),
    sqlite_autoincrement=True,
)

purges = Table(
    "purges",
    metadata,
    Column("id", Integer, primary_key=True),
    # The clock as it was last seen, since when it went steadily, when it was last purged.
    Column("seen_at", Moment, nullable=False),
    Column("steady_since", Moment, nullable=False),
    Column("purged_at", Moment),
)

probes = Table(
    "probes",
    metadata,
    Column("id", Integer, primary_key=True),
)
