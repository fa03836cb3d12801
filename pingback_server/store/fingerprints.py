"""Fingerprints of many entries: other ones as soon as one came, left, moved or says else.

Each change of what an entry says leaves a revision, and a later one has a greater number. Only
`personal`, which takes from an entry who wrote it, leaves none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, func, select, union_all
from sqlalchemy import cast as sql_cast

from ..domain.as_shown import short_digest
from ..domain.discussion import Status
from ..domain.filters import Filter, Tab
from . import comments
from .conditions import cluster_of, matching
from .schema import comments as table
from .schema import revisions

_PRIME = 2**31 - 1
_ID = sql_cast(table.c.id, BigInteger)
# Other numbers may well have the same sum; the same sum of squares as well they hardly have.
_SUMS = (func.count(), func.sum(_ID), func.sum(_ID * _ID % _PRIME))
_NEWEST = (
    select(func.max(revisions.c.id))
    .where(revisions.c.comment == table.c.id)
    .correlate(table)
    .scalar_subquery()
)
_STATE = (table.c.status, table.c.decided_at.is_(None))


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one state: how many there are, and the sums by which their numbers are known."""

    status: Status
    is_undecided: bool
    number: int
    sums: tuple[int, int]

    @property
    def tab(self) -> Tab:
        """The tab in which they stand."""
        if self.status is Status.SPAM and self.is_undecided:
            return Tab.SUSPECT
        return Tab(self.status.value)


@dataclass(frozen=True, slots=True)
class Cluster:
    """What stands in one row: how many there are, and their fingerprint."""

    number: int
    fingerprint: str


def groups(connection: Connection, wanted: Filter) -> list[Group]:
    """What matches, by its state."""
    chosen = select(*_STATE, *_SUMS).where(matching(wanted)).group_by(*_STATE)
    return [
        Group(status, bool(undecided), number, (int(plain), int(squares)))
        for status, undecided, number, plain, squares in connection.execute(chosen)
    ]


def of_all(connection: Connection, wanted: Filter, found: Iterable[Group] | None = None) -> str:
    """The fingerprint of all that matches; `found` are its groups, if they are known already."""
    known = groups(connection, wanted) if found is None else found
    states = sorted((one.status, one.is_undecided, one.number, *one.sums) for one in known)
    if not states:
        return _digest()
    newest = (
        select(revisions.c.id)
        .where(
            select(table.c.id)
            .where(table.c.id == revisions.c.comment, matching(wanted))
            .correlate(revisions)
            .exists()
        )
        .order_by(revisions.c.id.desc())
        .limit(1)
    )
    return _digest(*states, connection.scalar(newest))


def of_clusters(
    connection: Connection, wanted: Filter, keys: Collection[int]
) -> Mapping[int, Cluster]:
    """Of each of these clusters what of it matches; those without anything are missing."""
    found: dict[int, Cluster] = {}
    key = cluster_of()
    for some in comments.portions(sorted(keys)):
        # Each half by its index: asked for as one, SQLite looks at the whole tab.
        halves = (
            select(table.c.id).where(part.in_(some)) for part in (table.c.cluster, table.c.id)
        )
        is_of_them = (matching(wanted), table.c.id.in_(union_all(*halves)))
        counted = select(key, *_SUMS, func.max(_NEWEST)).where(*is_of_them).group_by(key)
        for cluster, number, plain, squares, newest in connection.execute(counted):
            said = _digest(number, int(plain), int(squares), newest)
            found[cluster] = Cluster(number, said)
    return found


def of_numbers(connection: Connection, ids: Sequence[int]) -> str:
    """The fingerprint of exactly these entries, wherever they stand."""
    newest = [
        connection.scalar(select(func.max(revisions.c.id)).where(revisions.c.comment.in_(some)))
        for some in comments.portions(ids)
    ]
    return _digest(*ids, "revisions", *newest)


def _digest(*parts: Any) -> str:
    return short_digest(*map(str, parts))
