"""Adds what people sent, many in one commit, and finds it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from ..domain import markup
from ..domain.discussion import Comment, Entry, Reason, Status, Submission, Verdict
from ..domain.errors import Invalid, NoSuchComment
from . import outbox, pages
from .schema import comments

SAME_WITHIN = timedelta(minutes=10)
"""The same post, parent, author and text within this time is one comment (design: interfaces)."""

_GREATEST = 2**63 - 1
_AT_ONCE = 500
_TEXTS = ("post", "author", "email", "url", "text", "html")
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
)
_INSERT = insert(comments).returning(comments.c.id, sort_by_parameter_order=True)
_SAME = select(comments.c.fingerprint, comments.c.at, comments.c.id, comments.c.status).where(
    comments.c.fingerprint.in_(bindparam("fingerprints", expanding=True))
)
_PARENTS = select(comments.c.id, comments.c.post).where(
    comments.c.id.in_(bindparam("ids", expanding=True))
)
_FOUND = select(*_ENTRY).where(comments.c.id.in_(bindparam("ids", expanding=True)))
_COUNTS = select(comments.c.status, func.count()).group_by(comments.c.status)
_PUBLISHED = (
    select(
        comments.c.post,
        comments.c.id,
        comments.c.parent,
        comments.c.author,
        comments.c.url,
        comments.c.html,
        comments.c.at,
        comments.c.is_by_author,
    )
    .where(comments.c.status == Status.APPROVED)
    .order_by(comments.c.at, comments.c.id)
)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a submission: its number and state, and whether it was there already."""

    id: int
    status: Status
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """A submission at the door of the store, with the verdict and the instant it came with."""

    submission: Submission
    verdict: Verdict
    at: datetime
    fingerprint: str


def arrival(submission: Submission, verdict: Verdict, at: datetime) -> Arrival:
    """A submission ready to be stored. Invalid names the fields that no database could hold."""
    problems = {
        field: "has characters that cannot be stored"
        for field in _TEXTS
        if not _is_storable(getattr(submission, field))
    }
    if problems:
        raise Invalid(problems)
    return Arrival(submission, verdict, at, _fingerprint(submission))


def _is_storable(text: str) -> bool:
    return "\0" not in text and (text.isascii() or _is_unicode(text))


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _fingerprint(submission: Submission) -> str:
    """What makes two submissions the same; the author's own words are never a stranger's."""
    same = [
        submission.kind,
        submission.post,
        submission.parent,
        submission.is_by_author,
        submission.author,
        submission.text,
    ]
    return hashlib.sha256(json.dumps(same).encode()).hexdigest()


def add_all(connection: Connection, arrivals: Sequence[Arrival]) -> list[Added | Invalid]:
    """Store what came, in order, with its work; one answer each, in the same order.

    A repeat gets the number of the first and writes nothing; Invalid stands for an arrival whose
    parent is not on its post.
    """
    posts = _posts_of_parents(connection, arrivals)
    known = _same_before(connection, arrivals)
    fresh: list[Arrival] = []
    answers: list[Added | Invalid | int] = []
    for item in arrivals:
        if not _is_on_its_post(item.submission, posts):
            answers.append(Invalid({"parent": "there is no such comment on that post"}))
            continue
        earlier = known.setdefault(item.fingerprint, [])
        same = next((one for at, one in earlier if abs(item.at - at) < SAME_WITHIN), None)
        if same is None:
            same = len(fresh)
            fresh.append(item)
            earlier.append((item.at, same))
        answers.append(same)
    stored = _insert(connection, fresh)
    return [
        answer if not isinstance(answer, int) else _numbered(stored[answer], fresh[answer] is item)
        for item, answer in zip(arrivals, answers, strict=True)
    ]


def _numbered(added: Added, is_first: bool) -> Added:
    return added if is_first else replace(added, is_repeat=True)


def _is_on_its_post(submission: Submission, posts: dict[int, str]) -> bool:
    return submission.parent is None or posts.get(submission.parent) == submission.post


def _posts_of_parents(connection: Connection, arrivals: Iterable[Arrival]) -> dict[int, str]:
    ids = {item.submission.parent for item in arrivals if item.submission.parent is not None}
    ids = {id for id in ids if 0 < id <= _GREATEST}
    if not ids:
        return {}
    return {row.id: row.post for row in connection.execute(_PARENTS, {"ids": sorted(ids)})}


def _same_before(
    connection: Connection, arrivals: Iterable[Arrival]
) -> dict[str, list[tuple[datetime, Added | int]]]:
    fingerprints = [item.fingerprint for item in arrivals]
    found: dict[str, list[tuple[datetime, Added | int]]] = {}
    for fingerprint, at, id, status in connection.execute(_SAME, {"fingerprints": fingerprints}):
        found.setdefault(fingerprint, []).append((at, Added(id, status, is_repeat=True)))
    return found


def _insert(connection: Connection, fresh: Sequence[Arrival]) -> list[Added]:
    if not fresh:
        return []
    ids = connection.execute(_INSERT, [_row(item) for item in fresh]).scalars().all()
    outbox.post(connection, "notify", ids, fresh[0].at)
    public = [item for item in fresh if item.verdict.status is Status.APPROVED]
    for item in public:
        pages.mark(connection, [item.submission.post], item.at)
    return [
        Added(id, item.verdict.status, is_repeat=False) for id, item in zip(ids, fresh, strict=True)
    ]


def _row(item: Arrival) -> dict[str, Any]:
    submission = item.submission
    return {
        "kind": submission.kind,
        "status": item.verdict.status,
        "post": submission.post,
        "parent": submission.parent,
        "author": submission.author,
        "email": submission.email,
        "url": submission.url,
        "text": submission.text,
        "html": submission.html,
        "at": item.at,
        "is_by_author": submission.is_by_author,
        "reasons": [[reason.rule, reason.words] for reason in item.verdict.reasons],
        "fingerprint": item.fingerprint,
    }


def found(connection: Connection, ids: Iterable[int]) -> list[Entry]:
    """The entries with these numbers, each once, as asked. NoSuchComment names all missing."""
    wanted = list(dict.fromkeys(ids))
    entries = {entry.id: entry for entry in _with_ids(connection, wanted)}
    missing = [str(id) for id in wanted if id not in entries]
    if missing:
        raise NoSuchComment(f"there is no comment with the number {', '.join(missing)}")
    return [entries[id] for id in wanted]


def _with_ids(connection: Connection, ids: Iterable[int]) -> Iterator[Entry]:
    for some in portions([id for id in ids if 0 < id <= _GREATEST]):
        yield from map(_entry, connection.execute(_FOUND, {"ids": some}))


def portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The numbers in portions that fit into one statement."""
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
    *plain, reasons = row
    return Entry(*plain, tuple(Reason(rule, words) for rule, words in reasons))


def counts(connection: Connection) -> dict[Status, int]:
    """How many entries stand in each state, none of them left out."""
    counted = dict.fromkeys(Status, 0)
    for status, number in connection.execute(_COUNTS):
        counted[status] = number
    return counted


def published(connection: Connection) -> dict[str, tuple[Comment, ...]]:
    """What everybody may read, by post, oldest first: the public columns and no others are read."""
    posts: dict[str, list[Comment]] = {}
    for post, id, parent, author, url, html, at, is_by_author in connection.execute(_PUBLISHED):
        comment = Comment(id, parent, author, url, markup.stored(html), at, is_by_author)
        posts.setdefault(post, []).append(comment)
    return {post: tuple(said) for post, said in posts.items()}
