"""Changes of what is public already: the old words stand until the author takes the new ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from ..domain.bayes import words_of_entry
from ..domain.discussion import Entry, Status
from . import clusters, learning, pages, searched
from .bare import bare
from .schema import comments, decisions, revisions

_WORDS = (
    comments.c.author,
    comments.c.url,
    comments.c.title,
    comments.c.text,
    comments.c.html,
    comments.c.response,
    comments.c.site,
    comments.c.author_url,
    comments.c.language,
)
_KEPT = 20
_BEFORE = ("author", "email", "url", "title", "text", "html")


def waiting_for(connection: Connection, number: int) -> int | None:
    """The number of the change that waits to take the place of the item `number`."""
    waits = (comments.c.replaces == number, comments.c.status == Status.PENDING)
    found: int | None = connection.execute(select(comments.c.id).where(*waits)).scalar()
    return found


def take_places(
    connection: Connection, approved: Sequence[Entry], *, by: str, at: datetime, action: int
) -> None:
    """Give the words of each approved change to the item that it replaces, which keeps its number.

    What stood there is kept as a revision. The change itself is put away with the old words, from
    which `give_back` has them; the caller marks the page.
    """
    for change in approved:
        if change.replaces is None:
            continue
        keep_revision(connection, change.replaces, by=by, at=at)
        with (
            learning.following(connection, change.replaces, words_of_entry),
            learning.following(connection, change.id, words_of_entry),
        ):
            _exchange(connection, change.replaces, change.id, edited_at=at)
        put_away(connection, change.id, Status.APPROVED, by=by, at=at, action=action)


def has_given(connection: Connection, change: Entry, *, taken_at: datetime) -> bool:
    """Whether the item still says what the change, which was approved `taken_at`, gave it."""
    is_as_taken = (comments.c.id == change.replaces, comments.c.edited_at == taken_at)
    return connection.scalar(select(comments.c.id).where(*is_as_taken)) is not None


def give_back(connection: Connection, change: Entry, *, by: str, at: datetime) -> None:
    """Give the item its old words back, and the change its own, where it `has_given` them."""
    if change.replaces is not None:
        keep_revision(connection, change.replaces, by=by, at=at)
        with (
            learning.following(connection, change.replaces, words_of_entry),
            learning.following(connection, change.id, words_of_entry),
        ):
            _exchange(connection, change.replaces, change.id, edited_at=change.edited_at)
        pages.mark(bare(connection), [change.post], at)


def _exchange(
    connection: Connection, item: int, change: int, *, edited_at: datetime | None
) -> None:
    """Have each say what the other said; when the item was changed before is kept at the change."""
    chosen = select(comments.c.id, comments.c.edited_at, *_WORDS)
    rows = connection.execute(chosen.where(comments.c.id.in_([item, change]))).mappings()
    said = {row["id"]: dict(row) for row in rows}
    times = {item: edited_at, change: said[item]["edited_at"]}
    for number, other in ((item, change), (change, item)):
        words = {column.name: said[other][column.name] for column in _WORDS}
        new = update(comments).where(comments.c.id == number)
        connection.execute(new.values(**words, edited_at=times[number]))
        clusters.leave(connection, number)
        searched.keep(connection, number, words["author"], words["title"], words["text"])


def put_away(
    connection: Connection,
    number: int,
    was: Status,
    *,
    by: str,
    at: datetime,
    action: int | None = None,
) -> None:
    """Put a change in the trash, and write that down, below the `action` that it is a part of."""
    connection.execute(
        update(comments).where(comments.c.id == number).values(status=Status.TRASH, decided_at=at)
    )
    row = {"comment": number, "was": was, "became": Status.TRASH, "at": at, "by": by}
    connection.execute(insert(decisions).values(**row, action=action))


def keep_revision(connection: Connection, number: int, *, by: str, at: datetime) -> None:
    """Keep the words of an item as they are now, before they change."""
    columns = [comments.c[name] for name in _BEFORE]
    old = connection.execute(select(*columns).where(comments.c.id == number)).one()
    row = {"comment": number, "at": at, "by": by, **old._mapping}
    connection.execute(insert(revisions).values(row))


def forget_revisions(connection: Connection, number: int, *, by: str) -> None:
    """Keep only the latest of those that `by` has made: a page may change as often as it likes."""
    made = select(revisions.c.id).where(revisions.c.comment == number, revisions.c.by == by)
    over = connection.scalars(made.order_by(revisions.c.id.desc()).offset(_KEPT)).all()
    connection.execute(delete(revisions).where(revisions.c.id.in_(over)))
