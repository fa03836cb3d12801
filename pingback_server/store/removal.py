"""Takes entries out of the database for ever, with all that was kept about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, or_, select, update

from ..domain.bayes import words_of_entry
from ..domain.discussion import PRIVATE, Kind, Status
from ..domain.pings import PingState
from . import clusters, comments, learning, pages
from .bare import bare
from .outbox import VERIFY
from .schema import comments as table
from .schema import decisions, likenesses, outbox, pings, revisions, searched_words

_ABOUT = (
    (decisions, decisions.c.comment),
    (revisions, revisions.c.comment),
    (likenesses, likenesses.c.comment),
    (searched_words, searched_words.c.comment),
)


def remove(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    """Remove these entries, and mark the pages that showed them or what answers them.

    An answer to what is removed hangs below what that answered: nothing is counted that nobody
    sees. A report of it is about nothing any more. Words that were learnt from one of them alone
    are forgotten.
    """
    for some in comments.portions(ids):
        learning.forget_own(connection, some, words_of_entry)
        _mark(connection, some, at)
        _lift_answers(connection, some)
        clusters.lead_on(connection, some)
        for other, column in _ABOUT:
            connection.execute(delete(other).where(column.in_(some)))
        _forget_readings(connection, some)
        # That it came stays known, lest it come again; what it said of itself does not.
        shown = update(pings).where(pings.c.comment.in_(some))
        connection.execute(shown.values(comment=None, given={}))
        connection.execute(update(table).where(table.c.replaces.in_(some)).values(replaces=None))
        jobs = (outbox.c.subject.in_(some), outbox.c.kind == "notify")
        connection.execute(delete(outbox).where(*jobs))
        connection.execute(delete(table).where(table.c.id.in_(some)))


def remove_pings(connection: Connection, ids: Sequence[int]) -> None:
    """Remove these pings from those that are on their way, with the readings asked for."""
    for some in comments.portions(ids):
        jobs = (outbox.c.subject.in_(some), outbox.c.kind == VERIFY)
        connection.execute(delete(outbox).where(*jobs))
        connection.execute(delete(pings).where(pings.c.id.in_(some)))


def _forget_readings(connection: Connection, ids: Sequence[int]) -> None:
    """Have no source read for what was verified and is removed: that would bring it back."""
    verified = select(pings.c.id).where(
        pings.c.comment.in_(ids), pings.c.state == PingState.VERIFIED
    )
    jobs = (outbox.c.subject.in_(verified), outbox.c.kind == VERIFY)
    connection.execute(delete(outbox).where(*jobs))


def _mark(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    is_shown = (table.c.status == Status.APPROVED, table.c.kind.not_in(PRIVATE))
    shown = select(table.c.post).where(or_(table.c.id.in_(ids), table.c.parent.in_(ids)), *is_shown)
    pages.mark(bare(connection), connection.scalars(shown.distinct()).all(), at)


def _lift_answers(connection: Connection, ids: Sequence[int]) -> None:
    is_below = table.c.parent.in_(ids)
    reports = update(table).where(is_below, table.c.kind == Kind.REPORT)
    connection.execute(reports.values(parent=None))
    above = table.alias("above")
    next_up = select(above.c.parent).where(above.c.id == table.c.parent).scalar_subquery()
    while connection.scalar(select(func.count()).select_from(table).where(is_below)):
        connection.execute(update(table).where(is_below).values(parent=next_up))
