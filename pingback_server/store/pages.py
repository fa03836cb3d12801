"""Which posts' pages no longer say what the database says: the marks, and taking them off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from .bare import Bare
from .schema import GREATEST_ID, dirty_pages, text_of

_MARKED = select(
    dirty_pages.c.post, func.max(dirty_pages.c.id), func.min(dirty_pages.c.at)
).group_by(dirty_pages.c.post)


@dataclass(frozen=True, slots=True)
class Dirty:
    """The posts to publish again; `upto` names the last of their marks, `since` their first."""

    upto: int
    posts: frozenset[str]
    since: datetime


def mark(cursor: Bare, posts: Iterable[str], at: datetime) -> None:
    """Note that the pages of `posts` have to be made anew because of something done at `at`."""
    marked_at = text_of(at)
    marks = [(post, marked_at) for post in dict.fromkeys(posts)]
    if marks:
        cursor.insert("dirty_pages", ("post", "at"), marks)


def marked(connection: Connection) -> Dirty | None:
    """What has to be published again; None when the pages are right."""
    rows = connection.execute(_MARKED).all()
    if not rows:
        return None
    posts, numbers, instants = zip(*rows, strict=True)
    return Dirty(max(numbers), frozenset(posts), min(instants))


def unmark(connection: Connection, upto: int) -> None:
    """Take off every mark up to the number `upto`; what was marked later stays."""
    connection.execute(delete(dirty_pages).where(dirty_pages.c.id <= min(upto, GREATEST_ID)))
