"""Finds what people sent: for the author with everything, for everybody what is public."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, and_, bindparam, not_, select

from ..domain import markup
from ..domain.discussion import (
    PRIVATE,
    Comment,
    Entry,
    Gone,
    Item,
    Kind,
    Ping,
    Reason,
    Response,
    Status,
    Whence,
    host_of,
)
from ..domain.errors import NoSuchComment
from .schema import GREATEST_ID, comments

T = TypeVar("T")

_AT_ONCE = 500
_ENTRY = (
    comments.c.id,
    comments.c.kind,
    comments.c.status,
    comments.c.post,
    comments.c.parent,
    comments.c.author,
    comments.c.email,
    comments.c.url,
    comments.c.text,
    comments.c.html,
    comments.c.at,
    comments.c.is_by_author,
    comments.c.reasons,
    comments.c.title,
    comments.c.target,
    comments.c.origin,
    comments.c.response,
    comments.c.site,
    comments.c.author_url,
    comments.c.language,
    comments.c.ip,
    comments.c.network,
    comments.c.browser,
    comments.c.score,
    comments.c.cluster,
    comments.c.decided_at,
    comments.c.edited_at,
    comments.c.replaces,
)
_REASONS = _ENTRY.index(comments.c.reasons)
_WHENCE = _ENTRY.index(comments.c.ip)
_FOUND = select(*_ENTRY).where(comments.c.id.in_(bindparam("ids", expanding=True)))
_IS_PUBLIC = and_(comments.c.status == Status.APPROVED, comments.c.kind.not_in(PRIVATE))
_PUBLISHED = (
    select(
        comments.c.post,
        comments.c.kind,
        comments.c.id,
        comments.c.parent,
        comments.c.author,
        comments.c.url,
        comments.c.html,
        comments.c.at,
        comments.c.is_by_author,
        comments.c.title,
        comments.c.response,
        comments.c.site,
        comments.c.author_url,
        comments.c.language,
        comments.c.edited_at,
    )
    .where(_IS_PUBLIC)
    .order_by(comments.c.at, comments.c.id)
)
# What public comments answer and is not public itself, up to the first that is.
_PLACE = (comments.c.post, comments.c.id, comments.c.parent, comments.c.at)
_ANSWERED = select(comments.c.parent).where(_IS_PUBLIC, comments.c.parent.is_not(None))
_LOST = select(*_PLACE).where(not_(_IS_PUBLIC), comments.c.id.in_(_ANSWERED)).cte(recursive=True)
_GONE = select(
    _LOST.union(
        select(*_PLACE)
        .join_from(comments, _LOST, comments.c.id == _LOST.c.parent)
        .where(not_(_IS_PUBLIC))
    )
)


def found(connection: Connection, ids: Iterable[int]) -> list[Entry]:
    """The entries with these numbers, each once, as asked. NoSuchComment names all missing."""
    wanted = list(dict.fromkeys(ids))
    entries = {entry.id: entry for entry in _with_ids(connection, wanted)}
    missing = [str(id) for id in wanted if id not in entries]
    if missing:
        raise NoSuchComment(f"there is no comment with the number {', '.join(missing)}")
    return [entries[id] for id in wanted]


def _with_ids(connection: Connection, ids: Iterable[int]) -> Iterator[Entry]:
    for some in portions([id for id in ids if 0 < id <= GREATEST_ID]):
        yield from map(_entry, connection.execute(_FOUND, {"ids": some}))


def portions(ids: Sequence[T]) -> Iterator[Sequence[T]]:
    """Numbers, or names, in portions that fit into one statement."""
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def listed(
    connection: Connection, statuses: Collection[Status] | None, ids: Collection[int] | None
) -> list[Entry]:
    """The entries in these states and with these numbers, oldest first; None is all of them."""
    if ids is not None:
        entries = sorted(_with_ids(connection, set(ids)), key=lambda one: (one.at, one.id))
        return [one for one in entries if statuses is None or one.status in statuses]
    chosen = select(*_ENTRY).order_by(comments.c.at, comments.c.id)
    if statuses is not None:
        chosen = chosen.where(comments.c.status.in_(list(statuses)))
    return [_entry(row) for row in connection.execute(chosen)]


def _entry(row: Any) -> Entry:
    values = list(row)
    values[_REASONS] = tuple(Reason(*said) for said in values[_REASONS])
    values[_WHENCE : _WHENCE + 3] = [Whence(*values[_WHENCE : _WHENCE + 3])]
    return Entry(*values)


def published(connection: Connection) -> dict[str, tuple[Item, ...]]:
    """What everybody may read, by post, oldest first: the public columns and no others are read.

    Behind it, of what was answered and is not public, the place in the thread alone.
    """
    posts: dict[str, list[Item]] = {}
    for row in connection.execute(_PUBLISHED):
        posts.setdefault(row.post, []).append(_item(row))
    for post, *place in connection.execute(_GONE):
        if post in posts:
            posts[post].append(Gone(*place))
    return {post: tuple(said) for post, said in posts.items()}


def _item(row: Any) -> Item:
    if row.kind is Kind.COMMENT:
        html = markup.stored(row.html)
        return Comment(
            *(row.id, row.parent, row.author, row.url, html, row.at, row.is_by_author),
            edited_at=row.edited_at,
        )
    author = row.author or row.site or host_of(row.url)
    if row.response is Response.REPLY and row.html:
        html = markup.stored(row.html)
        return Comment(
            *(row.id, row.parent, author, row.author_url, html, row.at, False),
            source=row.url,
            edited_at=row.edited_at,
            language=row.language,
        )
    return Ping(
        *(row.id, row.kind, row.title, row.url, row.at),
        response=row.response,
        author=author,
        language=row.language,
    )
