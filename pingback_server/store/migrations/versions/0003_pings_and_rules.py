"""Pings on their way, the rules of the door, what was done at the desk. Never edited."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_KINDS = "('comment', 'pingback', 'trackback', 'webmention', 'message', 'report')"
_STATES = "('pending', 'approved', 'spam', 'trash')"
_RESPONSES = "('mention', 'reply', 'like', 'repost', 'bookmark')"
_PING_STATES = "('received', 'verified', 'failed', 'withdrawn')"
_COMMENTS = (
    "id, kind, status, post, parent, author, email, url, text, html, at, is_by_author, reasons, "
    "fingerprint, title, target, origin"
)
_DECISIONS = 'id, comment, was, became, at, "by"'


def upgrade() -> None:
    """Make the new tables, and give the old ones their new columns."""
    _actions()
    if op.get_bind().dialect.name == "sqlite":
        # SQLite cannot change a CHECK, nor add a named reference: new tables take their places.
        _replace("comments", _make_comments, _COMMENTS)
        _replace("decisions", _make_decisions, _DECISIONS)
        _old_indexes()
    else:
        _alter()
    _indexes()
    _revisions()
    _post_switches()
    _pings()
    _rules()


def _actions() -> None:
    op.create_table(
        "actions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("verb", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text, nullable=False, server_default=""),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("undone_at", sa.String(27)),
        sa.PrimaryKeyConstraint("id", name="pk_actions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_actions_at", "actions", ["at"])


def _replace(name: str, make: Callable[[str], None], columns: str) -> None:
    """Put a new table in the place of an old one, with its rows and its counter."""
    new = f"{name}_new"
    make(new)
    op.execute(f"INSERT INTO {new} ({columns}) SELECT {columns} FROM {name}")
    # A number is never given twice, not even when the last rows were erased.
    op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{new}'")
    op.execute(
        "INSERT INTO sqlite_sequence (name, seq) "
        f"SELECT '{new}', seq FROM sqlite_sequence WHERE name = '{name}'"
    )
    op.drop_table(name)
    op.rename_table(new, name)


def _new_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("response", sa.String(16), nullable=False, server_default="mention"),
        sa.Column("site", sa.Text, nullable=False, server_default=""),
        sa.Column("author_url", sa.Text, nullable=False, server_default=""),
        sa.Column("language", sa.Text, nullable=False, server_default=""),
        sa.Column("ip", sa.Text, nullable=False, server_default=""),
        sa.Column("network", sa.Text, nullable=False, server_default=""),
        sa.Column("browser", sa.String(64), nullable=False, server_default=""),
        sa.Column("score", sa.Float, nullable=False, server_default=sa.text("0")),
        sa.Column("cluster", sa.Integer),
        sa.Column("replaces", sa.Integer),
        sa.Column("learnt_as", sa.String(4), nullable=False, server_default=""),
        sa.Column("decided_at", sa.String(27)),
        sa.Column("edited_at", sa.String(27)),
    )


def _make_comments(name: str) -> None:
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
        sa.Column("title", sa.Text, nullable=False, server_default=""),
        sa.Column("target", sa.Text, nullable=False, server_default=""),
        sa.Column("origin", sa.Text),
        *_new_columns(),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
        sa.CheckConstraint(f"kind IN {_KINDS}", name=op.f("ck_comments_kind_is_known")),
        sa.CheckConstraint(f"status IN {_STATES}", name=op.f("ck_comments_status_is_known")),
        sa.CheckConstraint(f"response IN {_RESPONSES}", name=op.f("ck_comments_response_is_known")),
        sa.ForeignKeyConstraint(["parent"], ["comments.id"], name="fk_comments_parent"),
        sqlite_autoincrement=True,
    )


def _make_decisions(name: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("comment", sa.Integer, nullable=False),
        sa.Column("was", sa.String(16), nullable=False),
        sa.Column("became", sa.String(16), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("action", sa.Integer),
        sa.Column("was_decided_at", sa.String(27)),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.CheckConstraint(f"was IN {_STATES}", name=op.f("ck_decisions_was_is_known")),
        sa.CheckConstraint(f"became IN {_STATES}", name=op.f("ck_decisions_became_is_known")),
        sa.ForeignKeyConstraint(["comment"], ["comments.id"], name="fk_decisions_comment"),
        sa.ForeignKeyConstraint(["action"], ["actions.id"], name="fk_decisions_action"),
        sqlite_autoincrement=True,
    )


def _old_indexes() -> None:
    op.create_index("ix_comments_status_post", "comments", ["status", "post"])
    op.create_index("ix_comments_fingerprint", "comments", ["fingerprint"])
    op.create_index("ix_comments_origin", "comments", ["origin"], unique=True)
    op.create_index("ix_decisions_comment", "decisions", ["comment"])


def _alter() -> None:
    op.drop_constraint(op.f("ck_comments_kind_is_known"), "comments")
    for column in _new_columns():
        op.add_column("comments", column)
    for name, rule in (("kind", f"kind IN {_KINDS}"), ("response", f"response IN {_RESPONSES}")):
        op.create_check_constraint(op.f(f"ck_comments_{name}_is_known"), "comments", rule)
    op.add_column("decisions", sa.Column("action", sa.Integer))
    op.add_column("decisions", sa.Column("was_decided_at", sa.String(27)))
    op.create_foreign_key("fk_decisions_action", "decisions", "actions", ["action"], ["id"])


def _indexes() -> None:
    op.create_index("ix_comments_status_at", "comments", ["status", "at"])
    op.create_index("ix_comments_network_at", "comments", ["network", "at"])
    op.create_index("ix_comments_browser", "comments", ["browser"])
    op.create_index("ix_comments_cluster", "comments", ["cluster"])
    op.create_index("ix_comments_replaces", "comments", ["replaces"])
    op.create_index("ix_decisions_action", "decisions", ["action"])


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("comment", sa.Integer, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("author", "email", "url", "title", "text", "html")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
        sa.ForeignKeyConstraint(["comment"], ["comments.id"], name="fk_revisions_comment"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_revisions_comment", "revisions", ["comment"])


def _post_switches() -> None:
    op.create_table(
        "post_switches",
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("comments", sa.Boolean),
        sa.Column("pings", sa.Boolean),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("post", name="pk_post_switches"),
    )


def _pings() -> None:
    op.create_table(
        "pings",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("source", "target", "source_key", "host", "post")
        ),
        sa.Column("received_at", sa.String(27), nullable=False),
        sa.Column("network", sa.Text, nullable=False, server_default=""),
        sa.Column("given", sa.JSON, nullable=False),
        sa.Column("fetches", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("failures", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("fetched_at", sa.String(27)),
        sa.Column("look_again_at", sa.String(27)),
        sa.Column("etag", sa.Text, nullable=False, server_default=""),
        sa.Column("last_modified", sa.Text, nullable=False, server_default=""),
        sa.Column("digest", sa.String(64), nullable=False, server_default=""),
        sa.Column("problem", sa.String(32), nullable=False, server_default=""),
        sa.Column("problem_words", sa.Text, nullable=False, server_default=""),
        sa.Column("comment", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_pings"),
        sa.CheckConstraint(f"kind IN {_KINDS}", name=op.f("ck_pings_kind_is_known")),
        sa.CheckConstraint(f"state IN {_PING_STATES}", name=op.f("ck_pings_state_is_known")),
        sa.ForeignKeyConstraint(["comment"], ["comments.id"], name="fk_pings_comment"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pings_source_key_post", "pings", ["source_key", "post"], unique=True)
    op.create_index("ix_pings_token", "pings", ["token"], unique=True)
    for column in ("state", "host", "post", "network"):
        op.create_index(f"ix_pings_{column}_received_at", "pings", [column, "received_at"])
    op.create_index("ix_pings_look_again_at", "pings", ["look_again_at"])
    op.create_index("ix_pings_comment", "pings", ["comment"])
    op.create_table(
        "hosts",
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("calls", sa.JSON, nullable=False),
        sa.Column("free_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_hosts"),
    )


def _rules() -> None:
    for name in ("blocked", "trusted"):
        op.create_table(
            name,
            sa.Column("id", sa.Integer, nullable=False),
            sa.Column("kind", sa.String(16), nullable=False),
            sa.Column("value", sa.Text, nullable=False),
            sa.Column("note", sa.Text, nullable=False, server_default=""),
            sa.Column("at", sa.String(27), nullable=False),
            sa.Column("by", sa.Text, nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
            sqlite_autoincrement=True,
        )
        op.create_index(f"ix_{name}_kind_value", name, ["kind", "value"], unique=True)
    _counts("learnt_words", sa.Column("word", sa.Text, nullable=False), ("spam", "ham"))
    rule = sa.Column("rule", sa.String(32), nullable=False)
    _counts("rule_tallies", rule, ("caught", "restored", "missed"))
    op.create_table(
        "likenesses",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("comment", sa.Integer, nullable=False),
        sa.Column("feature", sa.String(32), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_likenesses"),
        sa.ForeignKeyConstraint(["comment"], ["comments.id"], name="fk_likenesses_comment"),
    )
    op.create_index("ix_likenesses_feature_at", "likenesses", ["feature", "at"])
    op.create_index("ix_likenesses_comment", "likenesses", ["comment"])
    op.create_table(
        "spent",
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name="pk_spent"),
    )
    op.create_index("ix_spent_expires_at", "spent", ["expires_at"])


def _counts(name: str, key: sa.Column[str], counts: tuple[str, ...]) -> None:
    op.create_table(
        name,
        key,
        *(
            sa.Column(count, sa.Integer, nullable=False, server_default=sa.text("0"))
            for count in counts
        ),
        sa.PrimaryKeyConstraint(key.name, name=f"pk_{name}"),
    )
