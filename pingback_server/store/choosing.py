"""Which entries a selection means at this moment: what was another when it was shown is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, select

from ..domain.discussion import Entry
from ..domain.errors import NoSuchComment, NotAsShown
from ..domain.filters import Filter, Selection, Tab
from . import comments, fingerprints
from .conditions import cluster_of, matching
from .schema import GREATEST_ID
from .schema import comments as table


@dataclass(frozen=True, slots=True)
class Choice:
    """The numbers that are meant, in their order, and what was `changed` since it was shown."""

    ids: Sequence[int]
    changed: Sequence[Entry]


def choose(connection: Connection, selection: Selection) -> Choice:
    """What is selected; for a decision in the same transaction.

    A cluster of which anything has changed is left as a whole. NotAsShown if all was meant that
    matches, and that is not what it was; NoSuchComment names every number that is none, or none
    that this person may see.
    """
    found = set(_visible(connection, selection))
    if selection.is_all:
        found |= set(_all(connection, selection))
    stale = _stale_clusters(connection, selection)
    found |= set(_of_clusters(connection, selection, selection.clusters - stale))
    changed = set(_of_clusters(connection, selection, stale))
    rows = comments.found(connection, sorted((found - changed) & selection.shown.rows.keys()))
    changed |= {row.id for row in rows if selection.shown.is_other(row)}
    return Choice(sorted(found - changed), comments.found(connection, sorted(changed)))


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


def _all(connection: Connection, selection: Selection) -> Sequence[int]:
    shown = selection.shown.everything
    if shown and shown != fingerprints.of_all(connection, selection.within):
        raise NotAsShown("what matches is not what it was when it was shown")
    return _ids(connection, matching(selection.within))


def _stale_clusters(connection: Connection, selection: Selection) -> frozenset[int]:
    shown = {key: selection.shown.clusters.get(key) for key in selection.clusters}
    known = {key: fingerprint for key, fingerprint in shown.items() if fingerprint is not None}
    now = fingerprints.of_clusters(connection, selection.within, known)
    return frozenset(
        key for key, was in known.items() if key not in now or now[key].fingerprint != was
    )


def _of_clusters(
    connection: Connection, selection: Selection, clusters: frozenset[int]
) -> Sequence[int]:
    found: list[int] = []
    for some in comments.portions(sorted(clusters)):
        found += _ids(connection, and_(matching(selection.within), cluster_of().in_(some)))
    return found


def _ids(connection: Connection, condition: ColumnElement[bool]) -> Sequence[int]:
    return connection.scalars(select(table.c.id).where(condition)).all()
