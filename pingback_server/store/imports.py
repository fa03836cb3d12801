"""Takes in what a file brings, once: what came by the same name before is left as it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from ..domain.discussion import PRIVATE, Kind, Status
from ..domain.errors import BadImport
from ..domain.imports import Imported
from . import pages, searched
from .bare import bare
from .comments import portions
from .schema import comments

_KNOWN = select(comments.c.origin, comments.c.id, comments.c.post, comments.c.kind).where(
    comments.c.origin.in_(bindparam("origins", expanding=True))
)
_THROWN_AWAY = (Status.SPAM, Status.TRASH)
_HELD = [["import", "It was imported, and not as published."]]


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import did: how many entries are new, and how many were here already."""

    new: int
    known: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entry stands: its number, its post, its kind."""

    id: int
    post: str
    kind: Kind


def bring_in(connection: Connection, entries: Sequence[Imported], at: datetime) -> Brought:
    """Store the entries that are new, and mark the pages that show them; all of them or none.

    Each comes after what it answers. BadImport names those that answer what is not there.
    """
    names = [*(one.origin for one in entries), *(one.parent for one in entries if one.parent)]
    places = _known(connection, list(dict.fromkeys(names)))
    fresh = [entry for entry in entries if entry.origin not in places]
    problems = []
    for entry in fresh:
        parent = places.get(entry.parent) if entry.parent is not None else None
        if entry.parent is not None and not _may_answer(parent, entry):
            problems.append(f"{entry.origin}: parent: there is no comment {entry.parent} on it")
            continue
        id = _insert(connection, entry, None if parent is None else parent.id, at)
        places[entry.origin] = _Place(id, entry.post, entry.kind)
    if problems:
        raise BadImport(problems)
    pages.mark(bare(connection), _changed(fresh), at)
    return Brought(len(fresh), len(entries) - len(fresh))


def _known(connection: Connection, origins: Sequence[str]) -> dict[str, _Place]:
    places = {}
    for some in portions(origins):
        for origin, *place in connection.execute(_KNOWN, {"origins": some}):
            places[origin] = _Place(*place)
    return places


def _may_answer(parent: _Place | None, entry: Imported) -> bool:
    return parent is not None and parent.post == entry.post and parent.kind is Kind.COMMENT


def _insert(connection: Connection, entry: Imported, parent: int | None, at: datetime) -> int:
    is_public = entry.status is Status.APPROVED
    stored = connection.execute(
        insert(comments).values(
            kind=entry.kind,
            status=entry.status,
            post=entry.post,
            parent=parent,
            author=entry.author,
            email=entry.email,
            url=entry.url,
            text=entry.text,
            html=entry.html,
            at=entry.at,
            is_by_author=entry.is_by_author,
            reasons=[] if is_public else _HELD,
            # What is sent here is never the same as what was said elsewhere.
            fingerprint=hashlib.sha256(json.dumps(["import", entry.origin]).encode()).hexdigest(),
            title=entry.title,
            origin=entry.origin,
            # Who threw it away elsewhere was a human, and it lies here as long as anything.
            decided_at=at if entry.status in _THROWN_AWAY else None,
            response=entry.response,
            site=entry.site,
            author_url=entry.author_url,
            language=entry.language,
        )
    )
    (id,) = stored.inserted_primary_key or (0,)
    searched.keep(connection, int(id), entry.author, entry.title, entry.text)
    return int(id)


def _changed(fresh: Iterable[Imported]) -> list[str]:
    """The posts whose pages show something new."""
    public = (one for one in fresh if one.status is Status.APPROVED and one.kind not in PRIVATE)
    return list(dict.fromkeys(one.post for one in public))
