"""Changes of what is public already: the old words stand until the author takes the new ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from ..domain.discussion import Entry, Status
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
    connection: Connection, approved: Sequence[Entry], *, by: str, at: datetime
) -> None:
    """Give the words of each approved change to the item that it replaces, which keeps its number.

    What stood there is kept as a revision. The change itself is put away, so that nothing is listed
    twice; the caller marks the page.
    """
    for change in approved:
        if change.replaces is None:
            continue
        keep_revision(connection, change.replaces, by=by, at=at)
        new = connection.execute(select(*_WORDS).where(comments.c.id == change.id)).one()
        connection.execute(
            update(comments)
            .where(comments.c.id == change.replaces)
            .values(**new._mapping, edited_at=at)
        )
        put_away(connection, change.id, Status.APPROVED, by=by, at=at)


def put_away(connection: Connection, number: int, was: Status, *, by: str, at: datetime) -> None:
    """Put a change in the trash, and write that down."""
    connection.execute(
        update(comments).where(comments.c.id == number).values(status=Status.TRASH, decided_at=at)
    )
    row = {"comment": number, "was": was, "became": Status.TRASH, "at": at, "by": by}
    connection.execute(insert(decisions).values(row))


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
