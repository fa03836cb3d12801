"""Keeps by which features a text is found again, and writes down what was found after arrival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from ..domain.discussion import PRIVATE, Entry, Reason, Status
from . import clusters, comments, pages
from .bare import bare
from .engine import Database
from .schema import comments as comments_table
from .schema import likenesses
from .writing import WritingQueue

_MOST_ALIKE = 200


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was found of an entry: its features, what more there is to say, who comes before it.

    `alike` are the entries that it is nearly the same as, as they were looked at. `is_suspect`
    takes it out of sight, as long as no human has decided.
    """

    features: Sequence[str]
    reasons: tuple[Reason, ...] = ()
    alike: Sequence[Entry] = ()
    is_suspect: bool = False


class Likenesses:
    """The features of what arrived lately."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
        self._queue = queue

    def sharing(self, features: Sequence[str], *, before: int, since: datetime) -> list[Entry]:
        """The entries before number `before` that share a feature, the latest 200, oldest first."""
        if not features:
            return []
        sharing = (
            select(likenesses.c.comment)
            .where(
                likenesses.c.feature.in_(features),
                likenesses.c.at >= since,
                likenesses.c.comment < before,
            )
            .distinct()
            .order_by(likenesses.c.comment.desc())
            .limit(_MOST_ALIKE)
        )
        with self._database.reading() as connection:
            return comments.found(connection, sorted(connection.scalars(sharing)))

    def weighed(self, seen: Entry, found: Weighed, now: datetime) -> None:
        """Write down what was found of an entry as it was `seen`; done twice it is as done once."""
        self._queue.run(lambda c: _write(c, seen, found, now))

    def forget(self, before: datetime) -> None:
        """Forget the features of what arrived `before`."""
        self._queue.run(
            lambda c: c.execute(delete(likenesses).where(likenesses.c.at < before)).rowcount
        )


def _is_new_text(entry: Entry) -> bool:
    """Whether it is public with another text than the one that a human has approved."""
    if entry.status is not Status.APPROVED or entry.decided_at is None:
        return False
    return entry.edited_at is not None and entry.edited_at > entry.decided_at


def _write(connection: Connection, seen: Entry, found: Weighed, now: datetime) -> None:
    (entry,) = comments.found(connection, [seen.id])
    connection.execute(delete(likenesses).where(likenesses.c.comment == entry.id))
    if found.features:
        # Not its own time: that of a ping is when its page says to have been published.
        common = {"comment": entry.id, "at": now}
        rows = [{**common, "feature": feature} for feature in found.features]
        connection.execute(insert(likenesses), rows)
    told = {reason.rule for reason in found.reasons}
    reasons = (*(one for one in entry.reasons if one.rule not in told), *found.reasons)
    hides = found.is_suspect and (entry.decided_at is None or _is_new_text(entry))
    seen_by_none = Status.SPAM if entry.decided_at is None else Status.PENDING
    weighed = replace(entry, status=seen_by_none) if hides else entry
    connection.execute(
        update(comments_table)
        .where(comments_table.c.id == entry.id)
        .values(
            status=weighed.status,
            reasons=[[one.rule, one.words, one.score] for one in reasons],
            score=sum(one.score for one in reasons),
        )
    )
    clusters.join(connection, seen, found.alike)
    if hides and entry.status is Status.APPROVED and entry.kind not in PRIVATE:
        pages.mark(bare(connection), [entry.post], now)
