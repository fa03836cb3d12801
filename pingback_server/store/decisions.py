"""Carries out what the author decides, and keeps the record from which it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from ..domain.discussion import PRIVATE, Entry, Status
from ..domain.errors import Invalid, NotInThatState
from . import comments, outbox, pages, replacing, tallies
from .arrivals import Added, Arrival, add_all
from .bare import bare
from .schema import comments as comments_table
from .schema import decisions

_THROWN_AWAY = (Status.SPAM, Status.TRASH)
_MOVE = (
    update(comments_table)
    .where(comments_table.c.id == bindparam("comment"))
    .values(status=bindparam("became"), decided_at=bindparam("moved_at"))
)
_RECORD = insert(decisions)
_LAST_DECISION = select(func.max(decisions.c.id))
_THROWS = (
    select(func.max(decisions.c.id))
    .where(decisions.c.was.not_in(_THROWN_AWAY), decisions.c.became.in_(_THROWN_AWAY))
    .group_by(decisions.c.comment)
)


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, and when."""

    by: str
    at: datetime


def decide(
    connection: Connection, ids: Iterable[int], status: Status, decider: Decider
) -> list[Entry]:
    """Put these entries into `status`; those that are there already are left alone.

    NoSuchComment names every number that is none, and then nothing changes.
    """
    entries = comments.found(connection, ids)
    return _move(connection, entries, {entry.id: status for entry in entries}, decider)


def restore(connection: Connection, ids: Iterable[int], decider: Decider) -> list[Entry]:
    """Take these entries out of spam and trash, into the state in which they were thrown there.

    What arrived as spam becomes pending. NotInThatState names every entry that is neither, and
    then nothing changes.
    """
    entries = comments.found(connection, ids)
    elsewhere = [entry for entry in entries if entry.status not in _THROWN_AWAY]
    if elsewhere:
        named = ", ".join(f"{entry.id} is {entry.status}" for entry in elsewhere)
        raise NotInThatState(f"only what is spam or in the trash can be restored; {named}")
    before = _states_before(connection, entries)
    became = {entry.id: before.get(entry.id, Status.PENDING) for entry in entries}
    return _move(connection, entries, became, decider)


def answer(
    connection: Connection, parent_id: int, reply: Arrival, decider: Decider
) -> Added | Invalid:
    """Add the author's `reply`; a pending parent is approved by it.

    NoSuchComment if there is no parent, NotInThatState if it is spam or in the trash.
    """
    (parent,) = comments.found(connection, [parent_id])
    if parent.status in _THROWN_AWAY:
        raise NotInThatState(f"comment {parent.id} is {parent.status}; restore it to answer it")
    (added,) = add_all(bare(connection), [reply])
    if isinstance(added, Added) and not added.is_repeat:
        _move(connection, [parent], {parent.id: Status.APPROVED}, decider)
    return added


def _states_before(connection: Connection, entries: Sequence[Entry]) -> dict[int, Status]:
    """Where each entry was before it was last thrown away; those born there are left out."""
    before: dict[int, Status] = {}
    for some in comments.portions([entry.id for entry in entries]):
        throws = _THROWS.where(decisions.c.comment.in_(some))
        chosen = select(decisions.c.comment, decisions.c.was).where(decisions.c.id.in_(throws))
        for comment, was in connection.execute(chosen):
            before[comment] = was
    return before


def _is_news(entry: Entry, status: Status) -> bool:
    """Whether to put the entry there says anything: where rules put it was only a guess so far."""
    by_rules = entry.decided_at is None and not entry.is_by_author
    is_guess = by_rules and entry.status in (Status.SPAM, Status.APPROVED)
    return entry.status is not status or is_guess


def _move(
    connection: Connection,
    entries: Sequence[Entry],
    became: Mapping[int, Status],
    decider: Decider,
) -> list[Entry]:
    """Change states, write each change down, and mark the pages of what appears or disappears."""
    moved = [entry for entry in entries if _is_news(entry, became[entry.id])]
    if moved:
        first = connection.scalar(_LAST_DECISION) or 0
        changes = [
            {
                "comment": entry.id,
                "was": entry.status,
                "became": became[entry.id],
                "at": decider.at,
                "by": decider.by,
            }
            for entry in moved
        ]
        # Nothing that is named as a column of the comment: it would be set there.
        moves = [
            {"comment": change["comment"], "became": change["became"], "moved_at": decider.at}
            for change in changes
        ]
        connection.execute(_MOVE, moves)
        connection.execute(_RECORD, changes)
        tallies.count(connection, moved, became)
        outbox.post(bare(connection), "learn", [first + 1], decider.at)
        replacing.take_places(
            connection,
            [entry for entry in moved if became[entry.id] is Status.APPROVED],
            by=decider.by,
            at=decider.at,
        )
    public = [
        entry
        for entry in moved
        if Status.APPROVED in (entry.status, became[entry.id])
        and entry.status is not became[entry.id]
        and entry.kind not in PRIVATE
    ]
    pages.mark(bare(connection), [entry.post for entry in public], decider.at)
    changed = {entry.id for entry in moved}
    return [
        replace(entry, status=became[entry.id], decided_at=decider.at)
        if entry.id in changed
        else entry
        for entry in entries
    ]
