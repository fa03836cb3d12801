"""Finds what the author looks for in the queue: a page at a time, and how much there is of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, func, literal, or_, select, tuple_

from ..domain.discussion import Entry
from ..domain.filters import OPEN, Filter, Selection, Tab
from . import choosing, comments, fingerprints
from .choosing import Choice
from .conditions import matching
from .engine import Database
from .schema import comments as table

Place = tuple[datetime, int]
"""Where a page begins: after the entry with this instant and number."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of the queue with what it answers, and how many more are like it in this filter.

    `fingerprint` is that of all that is alike, empty where nothing stands together.
    """

    entry: Entry
    parent: Entry | None
    alike: int
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of what matches; `after` is where the next page begins, None on the last one.

    `counts` says how many entries match on all pages of each tab, `fingerprint` is that of all in
    this one; `upto` is the greatest number that there was when the page was made.
    """

    rows: Sequence[Row]
    after: Place | None
    counts: Mapping[Tab, int]
    upto: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody is asked about before it is decided; `fingerprint` is that of `choice.ids`."""

    choice: Choice
    fingerprint: str


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
            return _counts(_groups(connection, wanted))

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
            return comments.found(connection, choosing.choose(connection, selection).ids)

    def asked(self, selection: Selection) -> Asked:
        """What a decision would be about, by number. NotAsShown; NoSuchComment as `selected`."""
        with self._database.reading() as connection:
            choice = choosing.choose(connection, selection)
            return Asked(choice, fingerprints.of_numbers(connection, choice.ids))


def _page(connection: Connection, wanted: Filter, size: int, after: Place | None) -> Page:
    groups = _groups(connection, wanted)
    counts = _counts(groups)
    # To look through everything once is enough to know that there is nothing.
    ids = connection.scalars(_part(wanted, size + 1, after)).all() if counts[wanted.tab] else []
    entries = comments.found(connection, ids)
    shown = entries[:size]
    parents = _parents(connection, shown)
    keys = {one.cluster or one.id for one in shown} if wanted.folds else set()
    alike = fingerprints.of_clusters(connection, wanted, keys)
    rows = [
        _row(one, parents.get(one.parent or 0), alike.get(one.cluster or one.id)) for one in shown
    ]
    place = (shown[-1].at, shown[-1].id) if len(entries) > size else None
    upto = connection.scalar(select(func.max(table.c.id))) or 0
    here = [one for one in groups if wanted.tab in (one.tab, Tab.ALL)]
    return Page(rows, place, counts, upto, fingerprints.of_all(connection, wanted, here))


def _row(entry: Entry, parent: Entry | None, alike: fingerprints.Cluster | None) -> Row:
    if alike is None or alike.number == 1:
        return Row(entry, parent, 0)
    return Row(entry, parent, alike.number - 1, alike.fingerprint)


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


def _groups(connection: Connection, wanted: Filter) -> list[fingerprints.Group]:
    """What matches in any tab, by its state."""
    return fingerprints.groups(connection, replace(wanted, tab=Tab.ALL, upto=None))


def _counts(groups: Iterable[fingerprints.Group]) -> Mapping[Tab, int]:
    found = dict.fromkeys(Tab, 0)
    for group in groups:
        found[group.tab] += group.number
        found[Tab.ALL] += group.number
    return found
