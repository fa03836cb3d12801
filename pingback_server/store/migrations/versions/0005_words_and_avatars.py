"""What is looked through by words, and the pictures that go with addresses. Never edited."""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_AT_ONCE = 500
_COMMENTS = sa.table(
    "comments",
    *(sa.column(name) for name in ("id", "author", "title", "text")),
)
_WORDS = sa.table("searched_words", sa.column("comment"), sa.column("words"))
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "’": "'"})


def upgrade() -> None:
    """Add the words of each comment, and the table of pictures."""
    op.create_index("ix_comments_status_decided_at", "comments", ["status", "decided_at"])
    op.create_index(
        "ix_comments_kind_status_post",
        "comments",
        ["kind", "status", "post"],
        sqlite_where=sa.text("kind <> 'comment'"),
    )
    if op.get_context().dialect.name == "sqlite":
        for column in ("origin", "cluster", "replaces"):
            _index_sparsely(column, "IS NOT NULL")
        _index_sparsely("browser", "<> ''")
    op.create_table(
        "searched_words",
        sa.Column("comment", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("comment", name="pk_searched_words"),
        sa.ForeignKeyConstraint(["comment"], ["comments.id"], name="fk_searched_words_comment"),
    )
    _fill(op.get_bind())
    op.create_table(
        "avatars",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("picture", sa.LargeBinary),
        sa.Column("asked_at", sa.String(27), nullable=False),
        sa.Column("ask_again_at", sa.String(27), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("digest", name="pk_avatars"),
    )


def _index_sparsely(column: str, has_value: str) -> None:
    """Leave most comments out of an index of what few have: each one would be written there too."""
    name, some = f"ix_comments_{column}", sa.text(f"{column} {has_value}")
    op.drop_index(name, "comments")
    op.create_index(name, "comments", [column], unique=column == "origin", sqlite_where=some)


def _fill(connection: sa.Connection) -> None:
    c, last = _COMMENTS.c, 0
    while True:
        some = sa.select(c.id, c.author, c.title, c.text).where(c.id > last).order_by(c.id)
        rows = connection.execute(some.limit(_AT_ONCE)).all()
        if not rows:
            return
        last = rows[-1][0]
        words = [{"comment": id, "words": "\n".join(map(_folded, said))} for id, *said in rows]
        connection.execute(sa.insert(_WORDS), words)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return re.sub(r"[^\x00-\x7f]+", _seen, plain)


def _seen(run: re.Match[str]) -> str:
    return "".join(sign for sign in run[0] if unicodedata.category(sign) not in ("Mn", "Cf"))
