"""Which entries stand together as near-copies, under the oldest of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select, update

from ..domain.discussion import Entry
from .conditions import cluster_of
from .schema import comments as table


def join(connection: Connection, seen: Entry, alike: Sequence[Entry]) -> None:
    """Have an entry stand under the first of those that it is `alike`, or under none.

    All are as they were looked at: what says something else by now is like none of them.
    """
    first = _first(connection, seen, alike) if alike else None
    connection.execute(update(table).where(table.c.id == seen.id).values(cluster=first))
    if first is not None:
        connection.execute(update(table).where(table.c.id == first).values(cluster=first))


def leave(connection: Connection, id: int) -> None:
    """Have an entry, of which other words were like those of others, stand alone."""
    lead_on(connection, [id])
    connection.execute(update(table).where(table.c.id == id).values(cluster=None))


def lead_on(connection: Connection, ids: Sequence[int]) -> None:
    """Have what stands under one of these entries stand under the oldest that is left of it."""
    heirs = (
        select(table.c.cluster, func.min(table.c.id))
        .where(table.c.cluster.in_(ids), table.c.id.not_in(ids))
        .group_by(table.c.cluster)
    )
    for cluster, heir in connection.execute(heirs).all():
        followers = update(table).where(table.c.cluster == cluster)
        connection.execute(followers.values(cluster=heir))


def _first(connection: Connection, seen: Entry, alike: Sequence[Entry]) -> int | None:
    edited_at = {one.id: one.edited_at for one in (seen, *alike)}
    rows = connection.execute(
        select(table.c.id, table.c.edited_at, cluster_of()).where(table.c.id.in_(edited_at))
    )
    numbers = {id: number for id, at, number in rows if at == edited_at[id]}
    if seen.id not in numbers:
        return None
    return min((numbers[one.id] for one in alike if one.id in numbers), default=None)
