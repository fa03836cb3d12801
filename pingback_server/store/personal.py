"""Finds, shows and erases what is kept about a person, known by an e-mail address, or a site."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Table, delete, or_, select, update

from ..domain.avatars import digest_of_address
from ..domain.discussion import PINGS, Entry, Kind, Status
from ..domain.folding import folded
from ..domain.hosts import ascii_host
from ..domain.rulings import RulingKind
from . import avatars, comments, learning, mentions, pages, removal, searched
from .actions import Decider, record
from .bare import bare
from .browsers import forget_marks
from .engine import Database
from .schema import avatars as kept
from .schema import (
    blocked,
    decisions,
    hosts,
    likenesses,
    pings,
    revisions,
    spam_marks,
    trusted,
)
from .schema import comments as table
from .writing import WritingQueue

Words = Callable[[Entry], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Person:
    """Whom it is about: an e-mail address, and the host of a site of theirs if that is known."""

    email: str
    host: str = ""

    def is_it(self, email: str) -> bool:
        """Whether `email` is theirs: capitals make no difference."""
        return email.casefold() == self.email.casefold()

    def is_theirs(self, url: str) -> bool:
        """Whether `url` lies on their site."""
        return bool(self.host) and host_of(url) == host_named(self.host)


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: entries deleted and made anonymous; those of others that name the address.

    `users` are those of the desk whose name has it in it: they are not touched.
    """

    deleted: int
    anonymised: int
    named_in: tuple[int, ...]
    users: tuple[str, ...]


def host_of(url: str) -> str:
    """The host of an address without `www.`, as the network has it; empty if it has none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return ascii_host(host).removeprefix("www.")


def host_named(text: str) -> str:
    """The host that somebody names, by its name or by an address there, as `host_of` has it."""
    return host_of(text if "//" in text else f"//{text}")


class Personal:
    """What is kept about people."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
        self._queue = queue

    def about(self, person: Person) -> dict[str, list[dict[str, Any]]]:
        """Every row that is about them, by table, with all that stands in it."""
        with self._database.reading() as connection:
            ids = _entries_of(connection, person)
            old = _revisions_of(connection, person)
            browsers = _browsers(connection, ids)
            return {
                "entries": _rows(connection, table, table.c.id, ids),
                "earlier_wordings": [
                    *_rows(connection, revisions, revisions.c.comment, ids),
                    *_rows(connection, revisions, revisions.c.id, old),
                ],
                "decisions": _rows(connection, decisions, decisions.c.comment, ids),
                "likenesses": _rows(connection, likenesses, likenesses.c.comment, ids),
                "pings": _rows(connection, pings, pings.c.id, _pings_of(connection, person, ids)),
                "pictures": _pictures(connection, person),
                "blocked": _rulings(connection, blocked, person, browsers),
                "trusted": _rulings(connection, trusted, person, browsers),
                "spam_marks": _rows(connection, spam_marks, spam_marks.c.browser, browsers),
            }

    def erase(
        self, person: Person, words: Words, *, nameless: Callable[[str], str] | None, by: Decider
    ) -> Erased:
        """Delete all that is about them, in one commit with the marks on the pages that showed it.

        With `nameless`, which says what stands in the place of a name below a post, comments that
        are public or wait keep their text and lose everything else.
        """
        return self._queue.run(lambda c: _erase(c, person, words, nameless, by))

    def scrub(self) -> bool:
        """Leave nothing of what was deleted on the disk. False if somebody was reading: once more.

        Takes as long as writing the database anew. Unavailable.
        """
        return self._database.scrub()


def _erase(
    connection: Connection,
    person: Person,
    words: Words,
    nameless: Callable[[str], str] | None,
    by: Decider,
) -> Erased:
    ids = _entries_of(connection, person)
    theirs = comments.found(connection, ids)
    kept = [one for one in theirs if nameless is not None and _may_stay(one)]
    gone = sorted({one.id for one in theirs} - {one.id for one in kept})
    browsers = _browsers(connection, ids)
    _unlearn(connection, theirs, words)
    removal.remove_pings(connection, _pings_of(connection, person, ids))
    removal.remove(connection, gone, by.at)
    for entry in kept:
        _make_nameless(connection, entry, (nameless or str)(entry.post), by.at)
    _strike(connection, revisions, _revisions_of(connection, person))
    for listed in (blocked, trusted):
        rulings = _rulings(connection, listed, person, _unused(connection, browsers))
        _strike(connection, listed, [row["id"] for row in rulings])
        noted = update(listed).where(listed.c.note.icontains(person.email, autoescape=True))
        connection.execute(noted.values(note=""))
    forget_marks(connection)
    avatars.forget(connection, _digests(person, [one.email for one in theirs]))
    host = host_named(person.host)
    connection.execute(delete(hosts).where(hosts.c.host.in_([host, f"www.{host}"])))
    mentions.forget_in_pings(connection, person.email)
    mentions.forget_in_log(connection, person.email)
    record(connection, by, "erase", "", {"deleted": len(gone), "anonymised": len(kept)})
    named_in = tuple(mentions.entries(connection, person.email))
    users = tuple(mentions.users_called(connection, person.email))
    return Erased(len(gone), len(kept), named_in, users)


def _digests(person: Person, written: Iterable[str]) -> list[str]:
    return sorted({digest_of_address(email) for email in (person.email, *written) if email})


def _pictures(connection: Connection, person: Person) -> list[dict[str, Any]]:
    """What is kept of a picture of theirs; the picture itself as text (base64)."""
    rows = connection.execute(select(kept).where(kept.c.digest.in_(_digests(person, ()))))
    return [{**row._mapping, "picture": b64encode(row.picture or b"").decode()} for row in rows]


def _may_stay(entry: Entry) -> bool:
    is_seen = entry.status in (Status.APPROVED, Status.PENDING)
    return is_seen and entry.kind is Kind.COMMENT


def _make_nameless(connection: Connection, entry: Entry, name: str, at: datetime) -> None:
    """Take from a comment who wrote it, from where, and what it said before."""
    connection.execute(delete(revisions).where(revisions.c.comment == entry.id))
    connection.execute(delete(likenesses).where(likenesses.c.comment == entry.id))
    said = [[reason.rule, "", reason.score] for reason in entry.reasons]
    empty = dict.fromkeys(
        ("email", "url", "author_url", "ip", "network", "browser", "fingerprint"), ""
    )
    change = update(table).where(table.c.id == entry.id)
    connection.execute(change.values(author=name, reasons=said, origin=None, **empty))
    searched.keep(connection, entry.id, name, entry.title, entry.text)
    if entry.status is Status.APPROVED:
        pages.mark(bare(connection), [entry.post], at)


def _unlearn(connection: Connection, entries: Sequence[Entry], words: Words) -> None:
    """Take back what was learnt from them; of what they said before, what nobody else said."""
    learning.unlearn(connection, entries, words)
    older = select(revisions.c.author, revisions.c.email, revisions.c.url, revisions.c.text)
    for entry in entries:
        for author, email, url, text in connection.execute(
            older.where(revisions.c.comment == entry.id)
        ).all():
            learning.forget_rare(
                connection, words(replace(entry, author=author, email=email, url=url, text=text))
            )


def _entries_of(connection: Connection, person: Person) -> list[int]:
    found = connection.execute(select(table.c.id, table.c.email).where(table.c.email != ""))
    ids = {id for id, email in found if person.is_it(email)}
    if person.host:
        linked = select(table.c.id, table.c.url, table.c.author_url).where(table.c.kind.in_(PINGS))
        ids |= {
            id
            for id, url, author_url in connection.execute(linked)
            if person.is_theirs(url) or person.is_theirs(author_url)
        }
    return sorted(ids)


def _revisions_of(connection: Connection, person: Person) -> list[int]:
    """Earlier wordings with their address, of entries that have another one now."""
    found = select(revisions.c.id, revisions.c.email, table.c.email).join(
        table, table.c.id == revisions.c.comment
    )
    return [
        id
        for id, before, now in connection.execute(found)
        if person.is_it(before) and not person.is_it(now)
    ]


def _pings_of(connection: Connection, person: Person, ids: Sequence[int]) -> list[int]:
    found = connection.execute(select(pings.c.id, pings.c.source, pings.c.comment))
    return [id for id, source, item in found if item in ids or person.is_theirs(source)]


def _browsers(connection: Connection, ids: Sequence[int]) -> list[str]:
    rows = _rows(connection, table, table.c.id, ids)
    return sorted({row["browser"] for row in rows if row["browser"]})


def _unused(connection: Connection, browsers: Sequence[str]) -> list[str]:
    """Those of the browsers from which nothing is left: others may have shared one."""
    used = set(connection.scalars(select(table.c.browser).where(table.c.browser.in_(browsers))))
    return [browser for browser in browsers if browser not in used]


def _rulings(
    connection: Connection, listed: Table, person: Person, browsers: Sequence[str]
) -> list[dict[str, Any]]:
    of_email = (listed.c.kind == RulingKind.EMAIL) & (listed.c.value == person.email.casefold())
    of_browser = (listed.c.kind == RulingKind.BROWSER) & listed.c.value.in_(browsers)
    names_it = listed.c.value.contains(folded(person.email), autoescape=True)
    of_pattern = (listed.c.kind == RulingKind.PATTERN) & names_it
    chosen = select(listed).where(or_(of_email, of_browser, of_pattern))
    return [dict(row._mapping) for row in connection.execute(chosen)]


def _rows(
    connection: Connection, listed: Table, column: Any, keys: Sequence[int] | Sequence[str]
) -> list[dict[str, Any]]:
    by_number = select(listed).order_by(*listed.primary_key)
    return [
        dict(row._mapping)
        for some in comments.portions(keys)
        for row in connection.execute(by_number.where(column.in_(some)))
    ]


def _strike(connection: Connection, listed: Table, ids: Sequence[int]) -> None:
    for some in comments.portions(ids):
        connection.execute(delete(listed).where(listed.c.id.in_(some)))
