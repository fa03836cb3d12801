"""Adds what people sent, many in one commit: the one path of the store that is made for speed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from ..domain.discussion import Kind, Reason, Status, Submission, Verdict
from ..domain.errors import Closed, Invalid
from ..domain.folding import words_of
from ..domain.own_comments import WRITER
from . import outbox, pages
from .bare import Bare
from .schema import GREATEST_ID, moment_of, text_of

SAME_WITHIN = timedelta(minutes=10)
"""The same post, parent, author and text within this time is one comment (design: interfaces)."""

_PUBLIC = Status.APPROVED
_TEXTS = ("post", "author", "email", "url", "text", "html")
_LAST_DECIDER = (
    "SELECT decisions.by FROM decisions LEFT JOIN actions ON actions.id = decisions.action "
    "WHERE decisions.comment = comments.id AND actions.undone_at IS NULL "
    "ORDER BY decisions.id DESC LIMIT 1"
)
_TAKEN_BACK = (
    f"(is_by_author AND status <> '{_PUBLIC}' "
    f"OR status = '{Status.TRASH}' AND COALESCE(({_LAST_DECIDER}), '') = '{WRITER}')"
)
"""What somebody took back may be said again: a reader their own words, the author an answer."""

_COLUMNS = (
    *("kind", "status", "post", "parent", "author", "email", "url", "text", "html", "at"),
    *("is_by_author", "reasons", "fingerprint", "ip", "network", "browser", "score"),
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
    text_of(at)  # an instant without a zone is refused here, not among the neighbours in a commit
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
    """What makes two submissions the same; the author's own words are never a stranger's.

    No field has a NUL in it, so the fields cannot run into each other.
    """
    same = (
        submission.kind.value,
        submission.post,
        str(submission.parent),
        str(submission.is_by_author),
        submission.author,
        submission.text,
    )
    return hashlib.sha256("\0".join(same).encode()).hexdigest()


def add_all(cursor: Bare, arrivals: Sequence[Arrival]) -> list[Added | Invalid | Closed]:
    """Store what came, in order, with its work; one answer each, in the same order.

    A repeat gets the number of the first and writes nothing; Invalid stands for a new arrival whose
    parent is not on its post, Closed for one on a post that somebody has closed by hand.
    """
    known = _known_already(cursor, arrivals)
    refused = _refused(cursor, [item for item in arrivals if item.fingerprint not in known])
    fresh: dict[str, Arrival] = {}
    for item in arrivals:
        if id(item) not in refused and item.fingerprint not in known:
            fresh.setdefault(item.fingerprint, item)
    known.update(_insert(cursor, list(fresh.values())))
    return [
        refused.get(id(item))
        or _added(item, known[item.fingerprint], fresh.get(item.fingerprint) is not item)
        for item in arrivals
    ]


def taken_before(cursor: Bare, item: Arrival) -> Added | None:
    """What `item` would be a repeat of, if it would be one."""
    known = _known_already(cursor, [item]).get(item.fingerprint)
    return _added(item, known, True) if known else None


def _refused(cursor: Bare, arrivals: Sequence[Arrival]) -> dict[int, Invalid | Closed]:
    """Those that cannot be stored, by the identity of each."""
    posts = _posts_of_parents(cursor, arrivals)
    shut = _shut_by_hand(cursor, arrivals)
    refused: dict[int, Invalid | Closed] = {}
    for item in arrivals:
        if not _is_on_its_post(item.submission, posts):
            refused[id(item)] = Invalid({"parent": "there is no such comment on that post"})
        elif item.submission.post in shut and _knocks(item):
            refused[id(item)] = Closed()
    return refused


def _shut_by_hand(cursor: Bare, arrivals: Sequence[Arrival]) -> frozenset[str]:
    """The posts whose comments somebody has closed, of those where a reader's comment comes."""
    asked = {item.submission.post for item in arrivals if _knocks(item)}
    if not asked:
        return frozenset()
    listed = _list(len(asked), cursor.mark)
    shut = f"SELECT post FROM post_switches WHERE post IN {listed} AND NOT comments"
    return frozenset(post for (post,) in cursor.rows(shut, tuple(asked)))


def _knocks(item: Arrival) -> bool:
    """Whether it is a reader's comment: for others nothing is closed."""
    return item.submission.kind is Kind.COMMENT and not item.submission.is_by_author


def _added(item: Arrival, known: tuple[int, Status], is_repeat: bool) -> Added:
    id, status = known
    return Added(id, status, is_repeat)


def _is_on_its_post(submission: Submission, posts: dict[int, str]) -> bool:
    return submission.parent is None or posts.get(submission.parent) == submission.post


def _posts_of_parents(cursor: Bare, arrivals: Iterable[Arrival]) -> dict[int, str]:
    parents = {item.submission.parent for item in arrivals}
    ids = [id for id in parents if id is not None and 0 < id <= GREATEST_ID]
    if not ids:
        return {}
    listed = _list(len(ids), cursor.mark)
    found = cursor.rows(f"SELECT id, post FROM comments WHERE id IN {listed}", tuple(ids))
    return {id: post for id, post in found}  # noqa: C416


def _known_already(cursor: Bare, arrivals: Iterable[Arrival]) -> dict[str, tuple[int, Status]]:
    """The number and state of those that came before within `SAME_WITHIN`, by fingerprint.

    What the author threw away is among them: who sends spam again gets no second try.
    """
    came = {item.fingerprint: item.at for item in arrivals}
    listed = _list(len(came), cursor.mark)
    found = cursor.rows(
        f"SELECT fingerprint, at, id, status FROM comments WHERE fingerprint IN {listed} "
        f"AND NOT {_TAKEN_BACK} ORDER BY id DESC",
        tuple(came),
    )
    return {
        fingerprint: (id, Status(status))
        for fingerprint, at, id, status in found
        if abs(came[fingerprint] - moment_of(at)) < SAME_WITHIN
    }


def _insert(cursor: Bare, fresh: Sequence[Arrival]) -> dict[str, tuple[int, Status]]:
    if not fresh:
        return {}
    status_of = {item.fingerprint: item.verdict.status for item in fresh}
    rows = [_row(item) for item in fresh]
    numbers = cursor.insert_numbered("comments", _COLUMNS, rows, key="fingerprint")
    said = [(numbers[one.fingerprint], _words(one.submission)) for one in fresh]
    cursor.insert("searched_words", ("comment", "words"), said)
    outbox.post(cursor, "notify", numbers.values(), fresh[0].at)
    public = {one.submission.post: one.at for one in fresh if one.verdict.status is _PUBLIC}
    for post, at in public.items():
        pages.mark(cursor, [post], at)
    return {fingerprint: (id, status_of[fingerprint]) for fingerprint, id in numbers.items()}


def _row(item: Arrival) -> tuple[Any, ...]:
    """The values of `_COLUMNS`."""
    submission = item.submission
    return (
        submission.kind.value,
        item.verdict.status.value,
        submission.post,
        submission.parent,
        submission.author,
        submission.email,
        submission.url,
        submission.text,
        submission.html,
        text_of(item.at),
        submission.is_by_author,
        _as_json(item.verdict.reasons),
        item.fingerprint,
        submission.whence.ip,
        submission.whence.network,
        submission.whence.browser,
        item.verdict.score,
    )


def _words(submission: Submission) -> str:
    return words_of(submission.author, "", submission.text)


@lru_cache(maxsize=64)
def _as_json(reasons: tuple[Reason, ...]) -> str:
    return json.dumps([[reason.rule, reason.words, reason.score] for reason in reasons])


@lru_cache(maxsize=256)
def _list(length: int, mark: str) -> str:
    return f"({', '.join([mark] * length)})"
