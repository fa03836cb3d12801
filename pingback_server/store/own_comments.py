"""Lets a reader change an own comment, or take it back, unless anybody touched it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection, select, update

from ..domain.discussion import Entry, Status, Verdict
from ..domain.errors import Corrected, NotInThatState
from ..domain.own_comments import WRITER, status_after
from . import comments, decisions, learning, outbox, revisions
from .actions import Decider
from .bare import bare
from .engine import Database
from .revisions import Wording
from .schema import actions
from .schema import comments as comments_table
from .schema import decisions as decisions_table
from .schema import revisions as revisions_table
from .writing import WritingQueue

Words = Callable[[Entry], Iterable[str]]


class OwnComments:
    """What readers do with what they wrote themselves."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
        self._queue = queue

    def revise(
        self, seen: Entry, wording: Wording, verdict: Verdict, words: Words, *, now: datetime
    ) -> Entry:
        """Have the comment say `wording`, in one commit with its new state and the marks.

        `seen` is the comment as it was looked at, `words` what the Bayes score had learnt of it.
        Corrected if it is not its writer who has it say what it says, NotInThatState if it is no
        longer what was `seen`, NoSuchComment if it is gone.
        """
        decider = Decider(WRITER, now)
        return self._queue.run(lambda c: _revise(c, seen, wording, verdict, words, decider))

    def withdraw(self, seen: Entry, *, now: datetime) -> None:
        """Put the comment into the trash, in one commit with the mark on its page.

        NotInThatState if it is no longer what was `seen`, NoSuchComment if it is gone.
        """
        self._queue.run(lambda c: _withdraw(c, seen, Decider(WRITER, now)))

    def comes_from(self, id: int, browser: str) -> None:
        """Know the comment, which nobody has approved, by the browser with this digest.

        Of a form that was sent twice a browser keeps the token of the last answer. Unavailable.
        """
        table = comments_table
        waits = (table.c.id == id, table.c.status != Status.APPROVED)
        known = update(table).where(*waits, table.c.browser != browser).values(browser=browser)
        self._queue.run(lambda connection: connection.execute(known))

    def is_corrected(self, entry: Entry) -> bool:
        """Whether somebody else than its writer has the comment say what it says."""
        with self._database.reading() as connection:
            return _is_corrected(connection, entry)

    def is_withdrawn(self, id: int) -> bool:
        """Whether the last word on the comment that stands was its writer's own."""
        last = (
            select(decisions_table.c.by)
            .outerjoin_from(decisions_table, actions, decisions_table.c.action == actions.c.id)
            .where(decisions_table.c.comment == id, decisions.STANDS)
            .order_by(decisions_table.c.id.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            return connection.scalar(last) == WRITER

    def first_words(self, id: int) -> str:
        """What the comment said when it was sent. NoSuchComment."""
        first = (
            select(revisions_table.c.text)
            .where(revisions_table.c.comment == id)
            .order_by(revisions_table.c.id)
            .limit(1)
        )
        with self._database.reading() as connection:
            (entry,) = comments.found(connection, [id])
            text: str | None = connection.scalar(first)
        return entry.text if text is None else text


def _revise(
    connection: Connection,
    seen: Entry,
    wording: Wording,
    verdict: Verdict,
    words: Words,
    decider: Decider,
) -> Entry:
    _check_untouched(connection, seen)
    if _is_corrected(connection, seen):
        raise Corrected(f"comment {seen.id} says what somebody else made of it")
    learning.unlearn(connection, [seen], words)
    if revisions.edit(connection, seen.id, wording, decider) is None:
        return seen
    became = status_after(seen, verdict)
    if seen.status is Status.APPROVED and became is not Status.APPROVED:
        decisions.decide(connection, [seen.id], became, decider)
    said = [[one.rule, one.words, one.score] for one in verdict.reasons]
    connection.execute(
        update(comments_table)
        .where(comments_table.c.id == seen.id)
        .values(status=became, reasons=said, score=verdict.score)
    )
    outbox.post(bare(connection), "notify", [seen.id], decider.at)
    (entry,) = comments.found(connection, [seen.id])
    return entry


def _withdraw(connection: Connection, seen: Entry, decider: Decider) -> None:
    _check_untouched(connection, seen)
    decisions.decide(connection, [seen.id], Status.TRASH, decider)


def _is_corrected(connection: Connection, entry: Entry) -> bool:
    """A correction that was undone is none: its time went with it."""
    if entry.edited_at is None:
        return False
    last = (
        select(revisions_table.c.by)
        .where(revisions_table.c.comment == entry.id, revisions_table.c.at == entry.edited_at)
        .order_by(revisions_table.c.id.desc())
        .limit(1)
    )
    return connection.scalar(last) != WRITER


def _check_untouched(connection: Connection, seen: Entry) -> None:
    """What the rules found meanwhile is no change; what a human decided or said is one."""
    (entry,) = comments.found(connection, [seen.id])
    now, then = (
        (one.status, one.decided_at, one.edited_at, revisions.wording_of(one))
        for one in (entry, seen)
    )
    if now != then:
        raise NotInThatState(f"comment {seen.id} is not what it was a moment ago")
