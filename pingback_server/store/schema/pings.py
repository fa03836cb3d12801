"""Pings on their way: from the endpoint to a verified line of the discussion, or to the reason."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from ...domain.discussion import Kind
from ...domain.pings import PingState
from .columns import EMPTY, NONE_YET, Moment, check, metadata, words

pings = Table(
    "pings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token", String(32), nullable=False),
    Column("kind", words(Kind), nullable=False),
    Column("state", words(PingState), nullable=False),
    # As they were given, and the source as addresses compare.
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("source_key", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("network", Text, nullable=False, server_default=EMPTY),
    # What a trackback said of itself: title, excerpt, blog_name.
    Column("given", JSON, nullable=False),
    # What the last look at the source brought.
    Column("fetches", Integer, nullable=False, server_default=NONE_YET),
    Column("failures", Integer, nullable=False, server_default=NONE_YET),
    Column("fetched_at", Moment),
    Column("look_again_at", Moment),
    Column("etag", Text, nullable=False, server_default=EMPTY),
    Column("last_modified", Text, nullable=False, server_default=EMPTY),
    Column("digest", String(64), nullable=False, server_default=EMPTY),
    Column("problem", String(32), nullable=False, server_default=EMPTY),
    Column("problem_words", Text, nullable=False, server_default=EMPTY),
    Column("comment", Integer, ForeignKey("comments.id")),
    check("kind", Kind),
    check("state", PingState),
    Index(None, "source_key", "post", unique=True),
    Index(None, "token", unique=True),
    Index(None, "state", "received_at"),
    Index(None, "host", "received_at"),
    Index(None, "post", "received_at"),
    Index(None, "network", "received_at"),
    Index(None, "look_again_at"),
    Index(None, "comment"),
    sqlite_autoincrement=True,
)

hosts = Table(
    "hosts",
    metadata,
    Column("host", Text, primary_key=True),
    # How many calls were made in which part of the last hour; when the next may be made.
    Column("calls", JSON, nullable=False),
    Column("free_at", Moment, nullable=False),
)
