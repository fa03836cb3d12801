"""What people say, what the author does about it, and what it was before."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from ...domain.discussion import Kind, Response, Status
from .columns import EMPTY, NONE_YET, Moment, check, metadata, sparse_index, words

comments = Table(
    "comments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", words(Kind), nullable=False),
    Column("status", words(Status), nullable=False),
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
    Column("title", Text, nullable=False, server_default=EMPTY),
    Column("target", Text, nullable=False, server_default=EMPTY),
    Column("origin", Text),
    # Of a ping: what it is to the post, the name of its site, who wrote it, in what language.
    Column("response", words(Response), nullable=False, server_default="mention"),
    Column("site", Text, nullable=False, server_default=EMPTY),
    Column("author_url", Text, nullable=False, server_default=EMPTY),
    Column("language", Text, nullable=False, server_default=EMPTY),
    # Where it came from: the whole address until it is purged, its network, the digest of the
    # token of a browser that asked to be remembered.
    Column("ip", Text, nullable=False, server_default=EMPTY),
    Column("network", Text, nullable=False, server_default=EMPTY),
    Column("browser", String(64), nullable=False, server_default=EMPTY),
    # What it looks like: the sum of what the rules said, the first item that it is nearly the same
    # as, and as what the Bayes score has learnt from it.
    Column("score", Float, nullable=False, server_default=NONE_YET),
    Column("cluster", Integer),
    # Of a change that waits: the item whose words it would take the place of.
    Column("replaces", Integer),
    Column("learnt_as", String(4), nullable=False, server_default=EMPTY),
    # Since when it stands in its state, if somebody put it there; when its text last changed.
    Column("decided_at", Moment),
    Column("edited_at", Moment),
    check("kind", Kind),
    check("status", Status),
    check("response", Response),
    Index(None, "status", "post"),
    Index(None, "status", "at"),
    Index(None, "status", "decided_at"),
    Index(None, "fingerprint"),
    sparse_index("origin", where="origin IS NOT NULL", unique=True),
    Index(None, "network", "at"),
    sparse_index("browser", where="browser <> ''"),
    sparse_index("cluster", where="cluster IS NOT NULL"),
    sparse_index("replaces", where="replaces IS NOT NULL"),
    sparse_index("kind", "status", "post", where="kind <> 'comment'"),
    sqlite_autoincrement=True,
)

searched_words = Table(
    "searched_words",
    metadata,
    Column("comment", Integer, ForeignKey("comments.id"), primary_key=True, autoincrement=False),
    # Its author, title and text as they compare: `domain.folding.words_of`.
    Column("words", Text, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("comment", Integer, ForeignKey("comments.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Index(None, "comment"),
    sqlite_autoincrement=True,
)

actions = Table(
    "actions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("verb", String(32), nullable=False),
    Column("subject", Text, nullable=False, server_default=EMPTY),
    Column("details", JSON, nullable=False),
    Column("undone_at", Moment),
    Index(None, "at"),
    sqlite_autoincrement=True,
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("comment", Integer, ForeignKey("comments.id"), nullable=False),
    Column("was", words(Status), nullable=False),
    Column("became", words(Status), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("action", Integer, ForeignKey("actions.id")),
    # Since when it had stood where it was, if somebody had put it there: what undoing brings back.
    Column("was_decided_at", Moment),
    check("was", Status),
    check("became", Status),
    Index(None, "comment"),
    Index(None, "action"),
    sqlite_autoincrement=True,
)

post_switches = Table(
    "post_switches",
    metadata,
    Column("post", Text, primary_key=True),
    Column("comments", Boolean),
    Column("pings", Boolean),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
)
