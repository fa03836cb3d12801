"""Pings and messages beside comments, and the names that imports give them. Never edited."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_KINDS = "kind IN ('comment', 'pingback', 'trackback', 'webmention', 'message')"
_STATES = "status IN ('pending', 'approved', 'spam', 'trash')"
_BEFORE = (
    "id, kind, status, post, parent, author, email, url, text, html, at, is_by_author, reasons, "
    "fingerprint"
)


def upgrade() -> None:
    """Let the table of comments hold more kinds, and more of each."""
    if op.get_bind().dialect.name == "sqlite":
        _replace_table()
        op.create_index("ix_comments_status_post", "comments", ["status", "post"])
        op.create_index("ix_comments_fingerprint", "comments", ["fingerprint"])
    else:
        op.drop_constraint(op.f("ck_comments_kind_is_known"), "comments")
        for column in _new_columns():
            op.add_column("comments", column)
        op.create_check_constraint(op.f("ck_comments_kind_is_known"), "comments", _KINDS)
    op.create_index("ix_comments_origin", "comments", ["origin"], unique=True)


def _new_columns() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("title", sa.Text, nullable=False, server_default=""),
        sa.Column("target", sa.Text, nullable=False, server_default=""),
        sa.Column("origin", sa.Text),
    )


def _replace_table() -> None:
    """SQLite cannot change a CHECK: a new table takes the place of the old one."""
    _make("comments_new")
    op.execute(f"INSERT INTO comments_new ({_BEFORE}) SELECT {_BEFORE} FROM comments")
    # A number is never given twice, not even when the last comments were erased.
    op.execute("DELETE FROM sqlite_sequence WHERE name = 'comments_new'")
    op.execute(
        "INSERT INTO sqlite_sequence (name, seq) "
        "SELECT 'comments_new', seq FROM sqlite_sequence WHERE name = 'comments'"
    )
    op.drop_table("comments")
    op.rename_table("comments_new", "comments")


def _make(name: str) -> None:
    op.create_table(
        name,
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
        *_new_columns(),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
        sa.CheckConstraint(_KINDS, name=op.f("ck_comments_kind_is_known")),
        sa.CheckConstraint(_STATES, name=op.f("ck_comments_status_is_known")),
        sa.ForeignKeyConstraint(["parent"], ["comments.id"], name="fk_comments_parent"),
        sqlite_autoincrement=True,
    )
