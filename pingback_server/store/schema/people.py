"""Who may sit at the desk: accounts, sessions, one-time links, failed attempts."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from ...domain.people import Role
from .columns import EMPTY, Moment, check, metadata, words

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
