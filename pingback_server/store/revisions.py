"""Changes what an entry says, and keeps what it said before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, insert, select, update

from ..domain.actions import Action, Verb
from ..domain.as_shown import digest_of_words
from ..domain.bayes import words_of_entry
from ..domain.discussion import PRIVATE, Entry, Status
from ..domain.errors import NotAsShown
from . import clusters, comments, learning, pages, searched
from .actions import Decider, record
from .bare import bare
from .engine import Database
from .schema import actions, moment_of, revisions, text_of
from .schema import comments as comments_table
from .writing import WritingQueue

_FIELDS = ("author", "email", "url", "title", "text", "html")
_OLDER = select(
    revisions.c.id, revisions.c.at, revisions.c.by, *(revisions.c[name] for name in _FIELDS)
).order_by(revisions.c.id)


@dataclass(frozen=True, slots=True)
class Wording:
    """What an entry says and of whom it is; `html` is `text` made safe."""

    author: str
    email: str
    url: str
    title: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Revision:
    """What an entry said until `at`, when `by` changed it."""

    id: int
    at: datetime
    by: str
    wording: Wording


class Revisions:
    """What entries said before."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
        self._queue = queue

    def edit(
        self, id: int, wording: Wording, *, now: datetime, by: str, shown: str = ""
    ) -> int | None:
        """Have the entry say this, in one commit with the mark on its page. NoSuchComment.

        The number of the action; None if it said so already. NotAsShown if it says something else
        than what has the digest that was `shown`, if there is one.
        """
        return self._queue.run(lambda c: _edit_as_shown(c, id, wording, Decider(by, now), shown))

    def of(self, id: int) -> list[Revision]:
        """What the entry said before, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_OLDER.where(revisions.c.comment == id))
            return [Revision(id, at, by, Wording(*said)) for id, at, by, *said in rows]


def _edit_as_shown(
    connection: Connection, id: int, wording: Wording, decider: Decider, shown: str
) -> int | None:
    (entry,) = comments.found(connection, [id])
    if shown and shown != digest_of_words(entry):
        raise NotAsShown(f"number {id} has changed since it was shown")
    return edit(connection, id, wording, decider)


def edit(connection: Connection, id: int, wording: Wording, decider: Decider) -> int | None:
    """What `Revisions.edit` does, in the transaction of `connection`."""
    (entry,) = comments.found(connection, [id])
    was = wording_of(entry)
    if was == wording:
        return None
    kept = _keep(connection, id, was, decider)
    edited_at = None if entry.edited_at is None else text_of(entry.edited_at)
    details = {"revision": kept, "edited_at": edited_at}
    action = record(connection, decider, Verb.EDIT, str(id), details)
    _say(connection, entry, wording, decider.at, decider)
    return action


def take_back(connection: Connection, action: Action, decider: Decider) -> bool:
    """Undo an edit, if it `stands`; what is taken back is kept as well."""
    if not stands(connection, action):
        return False
    row = connection.execute(_OLDER.where(revisions.c.id == action.details["revision"])).one()
    (entry,) = comments.found(connection, [int(action.subject)])
    was_edited_at = None
    _keep(connection, entry.id, wording_of(entry), decider)
    if action.details["edited_at"] is not None:
        was_edited_at = moment_of(action.details["edited_at"])
    _say(connection, entry, Wording(*row[3:]), was_edited_at, decider)
    return True


def stands(connection: Connection, action: Action) -> bool:
    """Whether the entry says what this edit made of it, and what it said before is still known.

    An edit that was undone is none, and a text that came otherwise has a time of its own.
    """
    is_later = (actions.c.id > action.id, actions.c.undone_at.is_(None))
    later = exists().where(
        actions.c.verb == Verb.EDIT, actions.c.subject == action.subject, *is_later
    )
    said = (
        select(comments_table.c.id)
        .join(revisions, revisions.c.comment == comments_table.c.id)
        .where(revisions.c.id == action.details["revision"])
        .where(comments_table.c.edited_at == action.at, ~later)
    )
    return connection.scalar(said) is not None


def wording_of(entry: Entry) -> Wording:
    """What an entry says now."""
    return Wording(*(getattr(entry, name) for name in _FIELDS))


def _keep(connection: Connection, id: int, wording: Wording, decider: Decider) -> int:
    kept = connection.execute(
        insert(revisions).values(comment=id, at=decider.at, by=decider.by, **_values(wording))
    )
    (number,) = kept.inserted_primary_key or (0,)
    return int(number)


def _say(
    connection: Connection,
    entry: Entry,
    wording: Wording,
    edited_at: datetime | None,
    decider: Decider,
) -> None:
    values = {**_values(wording), "edited_at": edited_at}
    connection.execute(
        update(comments_table).where(comments_table.c.id == entry.id).values(**values)
    )
    if (entry.text, entry.url) != (wording.text, wording.url):
        clusters.leave(connection, entry.id)
    said: dict[str, Any] = {**_values(wording)}
    learning.relearn(connection, entry, replace(entry, **said), words_of_entry)
    searched.keep(connection, entry.id, wording.author, wording.title, wording.text)
    if entry.status is Status.APPROVED and entry.kind not in PRIVATE:
        pages.mark(bare(connection), [entry.post], decider.at)


def _values(wording: Wording) -> dict[str, str]:
    return {name: getattr(wording, name) for name in _FIELDS}
