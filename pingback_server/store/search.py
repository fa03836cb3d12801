"""Finds what the author looks for in the queue: a page at a time, and how much there is of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select, tuple_

from ..domain.discussion import Entry, Status
from ..domain.errors import NoSuchComment
from ..domain.filters import OPEN, Filter, Selection, Tab
from . import comments
from .conditions import cluster_of, matching
from .engine import Database
from .schema import GREATEST_ID
from .schema import comments as table

Place = tuple[datetime, int]
"""Where a page begins: after the entry with this instant and number."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of the queue with what it answers, and how many more are like it in this filter."""

    entry: Entry
    parent: Entry | None
    alike: int


@dataclass(frozen=True, slots=True)
class Page:
    """A part of what matches; `after` is where the next page begins, None on the last one.

    `counts` says how many entries match on all pages of each tab; `upto` is the greatest number
    that there was when the page was made.
    """

    rows: Sequence[Row]
    after: Place | None
    counts: Mapping[Tab, int]
    upto: int


class Search:
    """The queue as somebody sees it through a filter; every method is one state of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, wanted: Filter, *, size: int, after: Place | None = None) -> Page:
        """At most `size` rows of what matches, open tabs oldest first, the others newest first."""
        with self._database.reading() as connection:
            return _page(connection, wanted, size, after)

    def counts(self, wanted: Filter) -> Mapping[Tab, int]:
        """How many entries would match in each tab."""
        with self._database.reading() as connection:
            return _counts(connection, wanted)

    def entries(self, wanted: Filter) -> list[Entry]:
        """All that matches, oldest first."""
        with self._database.reading() as connection:
            ids = connection.scalars(
                select(table.c.id).where(matching(wanted)).order_by(table.c.at, table.c.id)
            ).all()
            return comments.found(connection, ids)

    def selected(self, selection: Selection) -> list[Entry]:
        """What a decision would be about. NoSuchComment names each number that cannot be seen."""
        with self._database.reading() as connection:
            return comments.found(connection, numbers(connection, selection))

    def size_of(self, selection: Selection) -> int:
        """How many entries a decision would be about; NoSuchComment as for `selected`."""
        with self._database.reading() as connection:
            return len(numbers(connection, selection))


def numbers(connection: Connection, selection: Selection) -> list[int]:
    """The entries that are selected, in their order; for a decision in the same transaction.

    NoSuchComment names every number that is none, or none that this person may see.
    """
    found = set(_visible(connection, selection))
    if selection.is_all:
        found |= set(_ids(connection, matching(selection.within)))
    for some in comments.portions(sorted(selection.clusters)):
        is_of_them = and_(matching(selection.within), cluster_of().in_(some))
        found |= set(_ids(connection, is_of_them))
    return sorted(found)


def _visible(connection: Connection, selection: Selection) -> Sequence[int]:
    anywhere = matching(Filter(Tab.ALL, posts=selection.within.posts))
    wanted = sorted(selection.ids)
    seen: list[int] = []
    for some in comments.portions([id for id in wanted if 0 < id <= GREATEST_ID]):
        seen += _ids(connection, and_(anywhere, table.c.id.in_(some)))
    missing = sorted(set(wanted) - set(seen))
    if missing:
        named = ", ".join(map(str, missing))
        raise NoSuchComment(f"there is no comment with the number {named}")
    return seen


def _ids(connection: Connection, condition: ColumnElement[bool]) -> Sequence[int]:
    return connection.scalars(select(table.c.id).where(condition)).all()


def _page(connection: Connection, wanted: Filter, size: int, after: Place | None) -> Page:
    counts = _counts(connection, wanted)
    # To look through everything once is enough to know that there is nothing.
    ids = connection.scalars(_part(wanted, size + 1, after)).all() if counts[wanted.tab] else []
    entries = comments.found(connection, ids)
    shown = entries[:size]
    parents = _parents(connection, shown)
    alike = _alike(connection, wanted, shown) if wanted.folds else {}
    rows = [
        Row(one, parents.get(one.parent or 0), alike.get(one.cluster or one.id, 1) - 1)
        for one in shown
    ]
    place = (shown[-1].at, shown[-1].id) if len(entries) > size else None
    upto = connection.scalar(select(func.max(table.c.id))) or 0
    return Page(rows, place, counts, upto)


def _part(wanted: Filter, size: int, after: Place | None) -> Select[int]:
    """The numbers on a page: a keyset, so that a later page costs no more than the first."""
    order = tuple_(table.c.at, table.c.id)
    is_oldest_first = wanted.tab in OPEN
    part = select(table.c.id).where(matching(wanted))
    if after is not None:
        place = tuple_(literal(after[0], table.c.at.type), literal(after[1]))
        part = part.where(order > place if is_oldest_first else order < place)
    if wanted.folds:
        part = part.where(_is_first_of_its_cluster(wanted))
    if is_oldest_first:
        part = part.order_by(table.c.at, table.c.id)
    else:
        part = part.order_by(table.c.at.desc(), table.c.id.desc())
    return part.limit(size)


def _is_first_of_its_cluster(wanted: Filter) -> ColumnElement[bool]:
    """Whether no older entry that matches is like it; found by the index on clusters."""
    other = table.alias("other")
    older = (
        select(literal(1))
        .select_from(other)
        .where(
            matching(wanted, other),
            or_(other.c.cluster == table.c.cluster, other.c.id == table.c.cluster),
            tuple_(other.c.at, other.c.id) < tuple_(table.c.at, table.c.id),
        )
        .correlate(table)
        .exists()
    )
    return or_(table.c.cluster.is_(None), ~older)


def _parents(connection: Connection, shown: Sequence[Entry]) -> dict[int, Entry]:
    ids = {one.parent for one in shown if one.parent is not None}
    return {one.id: one for one in comments.listed(connection, None, ids)} if ids else {}


def _alike(connection: Connection, wanted: Filter, shown: Sequence[Entry]) -> dict[int, int]:
    """How many entries that match stand in each of the clusters on the page."""
    keys = sorted({one.cluster or one.id for one in shown})
    if not keys:
        return {}
    key = cluster_of()
    counted = (
        select(key, func.count())
        .where(matching(wanted), or_(table.c.cluster.in_(keys), table.c.id.in_(keys)))
        .group_by(key)
    )
    return {cluster: number for cluster, number in connection.execute(counted)}  # noqa: C416


def _counts(connection: Connection, wanted: Filter) -> Mapping[Tab, int]:
    is_undecided = table.c.decided_at.is_(None)
    counted = (
        select(table.c.status, is_undecided, func.count())
        .where(matching(replace(wanted, tab=Tab.ALL, upto=None)))
        .group_by(table.c.status, is_undecided)
    )
    found = dict.fromkeys(Tab, 0)
    for status, undecided, number in connection.execute(counted):
        tab = Tab.SUSPECT if status is Status.SPAM and undecided else Tab(status.value)
        found[tab] += number
        found[Tab.ALL] += number
    return found
