"""Whose comments were marked as spam; no address in why something waits. Never edited."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_AT_ONCE = 500
_COMMENTS = sa.table("comments", sa.column("id"), sa.column("reasons", sa.JSON))
_MARKED = """
INSERT INTO spam_marks (decision, browser, at)
SELECT decisions.id, comments.browser, decisions.at
FROM decisions JOIN comments ON comments.id = decisions.comment
LEFT JOIN actions ON actions.id = decisions.action
WHERE decisions.became = 'spam' AND comments.kind = 'comment' AND comments.browser <> ''
AND actions.undone_at IS NULL
"""
_NETWORK = "The network it comes from is blocked"


def upgrade() -> None:
    """Add the marks, from the decisions that stand, and take addresses out of the reasons."""
    op.create_table(
        "spam_marks",
        sa.Column("decision", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("browser", sa.String(64), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("decision", name="pk_spam_marks"),
    )
    op.create_index("ix_spam_marks_browser", "spam_marks", ["browser"])
    op.execute(_MARKED)
    _forget_addresses(op.get_bind())


def _forget_addresses(connection: sa.Connection) -> None:
    c, last = _COMMENTS.c, 0
    names_one = sa.cast(c.reasons, sa.Text).contains(f"{_NETWORK}: ")
    while True:
        some = sa.select(c.id, c.reasons).where(c.id > last, names_one).order_by(c.id)
        rows = connection.execute(some.limit(_AT_ONCE)).all()
        if not rows:
            return
        last = rows[-1][0]
        for id, reasons in rows:
            said = [[rule, _without_address(words), *score] for rule, words, *score in reasons]
            connection.execute(sa.update(_COMMENTS).where(c.id == id).values(reasons=said))


def _without_address(words: str) -> str:
    return re.sub(f"^{_NETWORK}: .*", f"{_NETWORK}.", words)
