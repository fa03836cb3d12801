"""Deletes entries for ever: nothing of what they said or of who said it is left."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, select, update

from ..domain.actions import Verb
from ..domain.discussion import Kind
from ..domain.errors import NotInThatState
from ..domain.filters import Selection
from . import comments, pages, search
from .actions import Decider, record
from .bare import bare
from .decisions import THROWN_AWAY, named
from .schema import comments as table
from .schema import decisions, likenesses, pings, revisions


def delete_on(connection: Connection, selection: Selection, decider: Decider) -> int:
    """Delete everything selected; how many that were.

    NotInThatState names what is neither spam nor in the trash, and then nothing is deleted. An
    answer to what is deleted hangs below what that answered: nothing is counted that nobody sees.
    """
    ids = search.numbers(connection, selection)
    for some in comments.portions(ids):
        _check(connection, some)
        _lift_answers(connection, some, decider)
        _lead_clusters_on(connection, some)
        for other, column in _ABOUT:
            connection.execute(delete(other).where(column.in_(some)))
        connection.execute(update(pings).where(pings.c.comment.in_(some)).values(comment=None))
        connection.execute(delete(table).where(table.c.id.in_(some)))
    if ids:
        record(connection, decider, Verb.DELETE, named(ids), {"entries": len(ids)})
    return len(ids)


_ABOUT = (
    (decisions, decisions.c.comment),
    (revisions, revisions.c.comment),
    (likenesses, likenesses.c.comment),
)


def _check(connection: Connection, ids: Sequence[int]) -> None:
    chosen = select(table.c.id, table.c.status).where(
        table.c.id.in_(ids), table.c.status.not_in(THROWN_AWAY)
    )
    elsewhere = connection.execute(chosen.order_by(table.c.id)).all()
    if elsewhere:
        listed = ", ".join(f"{id} is {status}" for id, status in elsewhere)
        raise NotInThatState(f"only what is spam or in the trash can be deleted; {listed}")


def _lift_answers(connection: Connection, ids: Sequence[int], decider: Decider) -> None:
    """Hang each answer below what the deleted one answered; a report is about nothing any more."""
    is_below = table.c.parent.in_(ids)
    posts = connection.scalars(select(table.c.post).where(is_below).distinct()).all()
    reports = update(table).where(is_below, table.c.kind == Kind.REPORT)
    connection.execute(reports.values(parent=None))
    above = table.alias("above")
    next_up = select(above.c.parent).where(above.c.id == table.c.parent).scalar_subquery()
    lift = update(table).where(table.c.parent.in_(ids)).values(parent=next_up)
    while connection.scalar(select(func.count()).select_from(table).where(is_below)):
        connection.execute(lift)
    pages.mark(bare(connection), posts, decider.at)


def _lead_clusters_on(connection: Connection, ids: Sequence[int]) -> None:
    """Have what was like a deleted entry stand together under the oldest that is left."""
    heirs = (
        select(table.c.cluster, func.min(table.c.id))
        .where(table.c.cluster.in_(ids), table.c.id.not_in(ids))
        .group_by(table.c.cluster)
    )
    for cluster, heir in connection.execute(heirs).all():
        followers = update(table).where(table.c.cluster == cluster)
        connection.execute(followers.values(cluster=heir))
