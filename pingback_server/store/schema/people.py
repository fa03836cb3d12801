"""Who may sit at the desk: accounts, sessions, links, failed attempts; pictures of who writes."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from ...domain.people import Role
from .columns import EMPTY, NONE_YET, Moment, check, metadata, words

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("display_name", Text, nullable=False, server_default=EMPTY),
    Column("role", words(Role), nullable=False),
    Column("password", Text, nullable=False, server_default=EMPTY),
    Column("is_active", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    check("role", Role),
    Index(None, "name", unique=True),
    sqlite_autoincrement=True,
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("user", Integer, ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("network", Text, nullable=False, server_default=EMPTY),
    Column("browser", Text, nullable=False, server_default=EMPTY),
    Index(None, "digest", unique=True),
    Index(None, "user"),
    sqlite_autoincrement=True,
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user", Integer, ForeignKey("users.id"), nullable=False),
    Column("expires_at", Moment, nullable=False),
)

failed_attempts = Table(
    "failed_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "key", "at"),
    sqlite_autoincrement=True,
)

avatars = Table(
    "avatars",
    metadata,
    # Of the e-mail address; no picture means that there is none, or none could be had yet.
    Column("digest", String(64), primary_key=True),
    Column("picture", LargeBinary),
    Column("asked_at", Moment, nullable=False),
    Column("ask_again_at", Moment, nullable=False),
    Column("failures", Integer, nullable=False, server_default=NONE_YET),
)
