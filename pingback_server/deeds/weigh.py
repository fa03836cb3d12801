"""What arrived is weighed, once nobody waits for an answer: what it is like, how its words read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ..domain import bayes
from ..domain.discussion import Entry, Kind, Reason, Status
from ..domain.errors import NoSuchComment
from ..domain.likeness import NEARLY_THE_SAME, features, likeness, same_website, shingles
from ..store import Job, Store, Weighed

ALIKE_WITHIN = timedelta(days=30)
"""How long back the like of an entry is looked for."""

_EVERY = 100  # entries, after which what is older is forgotten
_REPEATED_FROM = 2


def weigh(job: Job, store: Store, now: datetime) -> None:
    """Find what the entry of `job` is nearly the same as, and what the Bayes score says of it.

    What is nearly the same as something that a human marked as spam becomes a suspect.
    """
    try:
        entry = store.entry(job.subject)
    except NoSuchComment:
        return
    if entry.is_by_author or entry.kind is Kind.REPORT:  # which may quote what it complains of
        return
    found = features(entry.text, entry.url)
    since = now - ALIKE_WITHIN
    sharing = store.likenesses.sharing(found, before=entry.id, since=since)
    alike = [one for one in sharing if _is_alike(entry, one)]
    words = bayes.words_of_entry(entry)
    said = (_of_likeness(alike), bayes.weigh(words, store.learning.learnt(words)))
    weighed = Weighed(
        features=found,
        reasons=tuple(reason for reason in said if reason is not None),
        alike=alike,
        is_suspect=_was_marked(alike) is not None,
    )
    store.likenesses.weighed(entry, weighed, now)
    if entry.id % _EVERY == 0:
        store.likenesses.forget(since)


def learn(job: Job, store: Store) -> int:
    """Learn from the decisions from that of `job` on; how many examples were new."""
    return store.learning.learn(job.subject, bayes.words_of_entry)


def _is_alike(entry: Entry, other: Entry) -> bool:
    """Nearly the same text, or the same website under another name."""
    if likeness(shingles(entry.text), shingles(other.text)) >= NEARLY_THE_SAME:
        return True
    return entry.author != other.author and same_website(entry.url, other.url)


def _was_marked(alike: Sequence[Entry]) -> Entry | None:
    """The latest of them that a human called spam."""
    marked = [one for one in alike if one.status is Status.SPAM and one.decided_at is not None]
    return marked[-1] if marked else None


def _of_likeness(alike: Sequence[Entry]) -> Reason | None:
    if (marked := _was_marked(alike)) is not None:
        words = f"It is nearly the same as number {marked.id}, which was marked as spam."
        return Reason("likeness", words, 3.0)
    if len(alike) < _REPEATED_FROM:
        return None
    return Reason(
        "repeated",
        f"Nearly the same came {len(alike)} times before, first as number {alike[0].id}.",
        min(0.5 * len(alike), 2.0),
    )
