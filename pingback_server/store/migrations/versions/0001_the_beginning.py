"""The beginning: comments, the decisions on them, dirty pages, and the outbox. Never edited."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_STATES = "('pending', 'approved', 'spam', 'trash')"


def upgrade() -> None:
    """Make the tables."""
    _comments()
    _decisions()
    _pages()
    _outbox()
    _probes()


def _comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("parent", sa.Integer),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("is_by_author", sa.Boolean, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
        sa.CheckConstraint("kind IN ('comment')", name=op.f("ck_comments_kind_is_known")),
        sa.CheckConstraint(f"status IN {_STATES}", name=op.f("ck_comments_status_is_known")),
        sa.ForeignKeyConstraint(["parent"], ["comments.id"], name="fk_comments_parent"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_comments_status_post", "comments", ["status", "post"])
    op.create_index("ix_comments_fingerprint", "comments", ["fingerprint"])


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("comment", sa.Integer, nullable=False),
        sa.Column("was", sa.String(16), nullable=False),
        sa.Column("became", sa.String(16), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.CheckConstraint(f"was IN {_STATES}", name=op.f("ck_decisions_was_is_known")),
        sa.CheckConstraint(f"became IN {_STATES}", name=op.f("ck_decisions_became_is_known")),
        sa.ForeignKeyConstraint(["comment"], ["comments.id"], name="fk_decisions_comment"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decisions_comment", "decisions", ["comment"])


def _pages() -> None:
    op.create_table(
        "dirty_pages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dirty_pages"),
        sqlite_autoincrement=True,
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.String(27), nullable=False),
        sa.Column("held_by", sa.Text),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.CheckConstraint("state IN ('waiting', 'failed')", name=op.f("ck_outbox_state_is_known")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"])


def _probes() -> None:
    op.create_table(
        "probes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_probes"),
    )
