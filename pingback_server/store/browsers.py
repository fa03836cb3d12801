"""Knows which remembered browsers have earned trust: by what a human decided of what they sent."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from ..domain.discussion import Kind, Status
from ..domain.rulings import Rulings
from .engine import Database
from .schema import EMPTY, comments

_DECIDED = (
    select(comments.c.status, func.max(comments.c.decided_at).label("at"))
    .where(
        comments.c.browser == bindparam("browser"),
        comments.c.browser != EMPTY,  # as its sparse index has it
        comments.c.kind == Kind.COMMENT,
        comments.c.decided_at.is_not(None),
        comments.c.status.in_([Status.APPROVED, Status.SPAM]),
    )
    .group_by(comments.c.status)
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
        """Whether a comment from there was approved by a human, and none marked as spam since."""
        if not browser:
            return False
        with self._database.reading() as connection:
            rows = connection.execute(_DECIDED, {"browser": browser}).all()
        last = {row.status: row.at for row in rows}
        approved, spam = last.get(Status.APPROVED), last.get(Status.SPAM)
        return approved is not None and (spam is None or spam < approved)
