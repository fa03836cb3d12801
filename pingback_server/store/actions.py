"""The audit log: who did what, when, and what of it has been undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from ..domain.actions import UNDO_FOR, Action, Reach, Verb
from ..domain.errors import Impossible
from .engine import Database
from .schema import GREATEST_ID, actions, comments, decisions
from .writing import WritingQueue

_MOVED = (
    select(func.count(decisions.c.comment.distinct()))
    .where(decisions.c.action == actions.c.id)
    .scalar_subquery()
)
_LINE = select(
    actions.c.id,
    actions.c.at,
    actions.c.by,
    actions.c.verb,
    actions.c.subject,
    actions.c.details,
    actions.c.undone_at,
    _MOVED,
)


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, and when."""

    by: str
    at: datetime


class Actions:
    """What was done at the desk and at the command line, newest first."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
        self._queue = queue

    def listed(
        self, *, size: int, before: int | None = None, by: str | None = None
    ) -> list[Action]:
        """At most `size` lines of the log, before the number `before` and of `by` if given."""
        lines = _LINE.order_by(actions.c.id.desc()).limit(size)
        if by is not None:
            lines = lines.where(actions.c.by == by)
        if before is not None:
            lines = lines.where(actions.c.id < min(before, GREATEST_ID))
        return self._read(lines)

    def one(self, number: int) -> Action:
        """The action with this number. Impossible if there is none."""
        with self._database.reading() as connection:
            return found(connection, number)

    def note(
        self, verb: str, subject: str, details: Mapping[str, Any], *, now: datetime, by: str
    ) -> int:
        """Write down something that moved no entry; the number of the line."""
        return self._queue.run(lambda c: record(c, Decider(by, now), verb, subject, details))

    def _read(self, lines: Select[Any]) -> list[Action]:
        with self._database.reading() as connection:
            return [Action(*row) for row in connection.execute(lines)]


def record(
    connection: Connection,
    decider: Decider,
    verb: Verb | str,
    subject: str = "",
    details: Mapping[str, Any] | None = None,
) -> int:
    """Write an action down; its number. Nothing private goes into `subject` and `details`."""
    written = connection.execute(
        insert(actions).values(
            at=decider.at, by=decider.by, verb=str(verb), subject=subject, details=details or {}
        )
    )
    (number,) = written.inserted_primary_key or (0,)
    return int(number)


def found(connection: Connection, number: int) -> Action:
    """The action with this number. Impossible if there is none."""
    row = connection.execute(_LINE.where(actions.c.id == min(number, GREATEST_ID))).first()
    if row is None:
        raise Impossible(f"there is no action with the number {number}")
    return Action(*row)


def newest(
    connection: Connection, reach: Reach, now: datetime, *, before: int = GREATEST_ID
) -> Action | None:
    """The newest action of these verbs and this person that is recent enough and not undone."""
    lines = (
        _LINE.where(
            actions.c.id < before,
            actions.c.undone_at.is_(None),
            actions.c.verb.in_(sorted(reach.verbs)),
            actions.c.at > now - UNDO_FOR,
        )
        .order_by(actions.c.id.desc())
        .limit(1)
    )
    if reach.by is not None:
        lines = lines.where(actions.c.by == reach.by)
    row = connection.execute(lines).first()
    return None if row is None else Action(*row)


def is_within(connection: Connection, action: Action, reach: Reach) -> bool:
    """Whether who has this reach may undo the action."""
    if action.verb not in reach.verbs or reach.by not in (None, action.by):
        return False
    return reach.posts is None or _posts_of(connection, action) <= reach.posts


def _posts_of(connection: Connection, action: Action) -> frozenset[str]:
    """The posts below which all stands that the action was about."""
    if action.verb == Verb.SWITCH:
        return frozenset({action.subject})
    moved = select(decisions.c.comment).where(decisions.c.action == action.id)
    numbers = [int(action.subject)] if action.verb == Verb.EDIT else moved
    posts = select(comments.c.post).where(comments.c.id.in_(numbers)).distinct()
    return frozenset(connection.scalars(posts))
