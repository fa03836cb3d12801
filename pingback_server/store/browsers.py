"""Knows which remembered browsers have earned trust: by what a human decided of what they sent."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from ..domain.discussion import Kind, Status
from ..domain.rulings import Rulings
from .engine import Database
from .schema import EMPTY, comments, decisions, spam_marks

_LAST_APPROVED = select(func.max(comments.c.decided_at)).where(
    comments.c.browser == bindparam("browser"),
    comments.c.browser != EMPTY,  # as its sparse index has it
    comments.c.kind == Kind.COMMENT,
    comments.c.status == Status.APPROVED,
)
_LAST_MARKED = select(func.max(spam_marks.c.at)).where(spam_marks.c.browser == bindparam("browser"))
_LAST = select(
    _LAST_APPROVED.scalar_subquery().label("approved"),
    _LAST_MARKED.scalar_subquery().label("marked"),
)


class Browsers:
    """The browsers of readers who asked to be remembered, by the digest of their token."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_trusted(self, browser: str, rulings: Rulings) -> bool:
        """Whether it has earned trust, or was given it; a typed name and address never do."""
        if not browser or rulings.blocks_browser(browser):
            return False
        return rulings.trusts_browser(browser) or self.has_earned_trust(browser)

    def has_earned_trust(self, browser: str) -> bool:
        """Whether a comment from there was approved by a human, and none marked as spam since.

        What was marked counts also once it is in the trash or gone.
        """
        if not browser:
            return False
        with self._database.reading() as connection:
            last = connection.execute(_LAST, {"browser": browser}).one()
        return last.approved is not None and (last.marked is None or last.marked < last.approved)


def mark(connection: Connection, after: int) -> None:
    """Keep of the decisions `after` that number which browsers' comments they marked as spam."""
    marked = (
        select(decisions.c.id, comments.c.browser, decisions.c.at)
        .join(comments, comments.c.id == decisions.c.comment)
        .where(
            decisions.c.id > after,
            decisions.c.became == Status.SPAM,
            comments.c.kind == Kind.COMMENT,
            comments.c.browser != EMPTY,
        )
    )
    connection.execute(insert(spam_marks).from_select(["decision", "browser", "at"], marked))


def take_marks_back(connection: Connection, action: int, ids: Collection[int]) -> None:
    """Forget that the action has marked these entries as spam."""
    by_it = select(decisions.c.id).where(decisions.c.action == action, decisions.c.comment.in_(ids))
    connection.execute(delete(spam_marks).where(spam_marks.c.decision.in_(by_it)))


def forget_marks(connection: Connection) -> int:
    """Forget the marks of browsers from which nothing is left; how many marks."""
    known = select(comments.c.browser).where(comments.c.browser != EMPTY)
    return connection.execute(delete(spam_marks).where(spam_marks.c.browser.not_in(known))).rowcount
