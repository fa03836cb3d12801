"""What the author has ruled, and what the rules have learnt and counted."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from .columns import EMPTY, NONE_YET, Moment, metadata


def _list(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("kind", String(16), nullable=False),
        Column("value", Text, nullable=False),
        Column("note", Text, nullable=False, server_default=EMPTY),
        Column("at", Moment, nullable=False),
        Column("by", Text, nullable=False),
        Index(None, "kind", "value", unique=True),
        sqlite_autoincrement=True,
    )


blocked = _list("blocked")
trusted = _list("trusted")

learnt_words = Table(
    "learnt_words",
    metadata,
    Column("word", Text, primary_key=True),
    Column("spam", Integer, nullable=False, server_default=NONE_YET),
    Column("ham", Integer, nullable=False, server_default=NONE_YET),
)

rule_tallies = Table(
    "rule_tallies",
    metadata,
    Column("rule", String(32), primary_key=True),
    Column("caught", Integer, nullable=False, server_default=NONE_YET),
    Column("restored", Integer, nullable=False, server_default=NONE_YET),
    Column("missed", Integer, nullable=False, server_default=NONE_YET),
)

likenesses = Table(
    "likenesses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("comment", Integer, ForeignKey("comments.id"), nullable=False),
    Column("feature", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "feature", "at"),
    Index(None, "comment"),
)

spam_marks = Table(
    "spam_marks",
    metadata,
    # By which a human marked a comment as spam; it may be gone, as the comment may.
    Column("decision", Integer, primary_key=True, autoincrement=False),
    Column("browser", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "browser"),
)

spent = Table(
    "spent",
    metadata,
    Column("nonce", String(64), primary_key=True),
    Column("expires_at", Moment, nullable=False),
    Index(None, "expires_at"),
)
