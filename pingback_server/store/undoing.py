"""Takes back what was done: the exact former states, in one commit with the marks on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from ..domain.actions import UNDO_FOR, UNDOABLE, Action, Verb
from ..domain.discussion import Entry, Status
from ..domain.errors import Impossible, NotInThatState
from ..domain.switches import Switch
from . import browsers, comments, outbox, replacing, revisions, rulings, switches
from .actions import Decider, found, record
from .bare import bare
from .decisions import Move, move
from .schema import actions, decisions


@dataclass(frozen=True, slots=True)
class Undone:
    """What was undone, and how many entries were put back; `left` were decided on since.

    `line` is the number under which the undoing stands in the log.
    """

    action: Action
    restored: int
    left: int
    line: int


def undo(connection: Connection, number: int, decider: Decider) -> Undone:
    """Undo the action `number`: what has been decided anew since then stays as it is.

    Impossible if there is no such action, if it is too old, was undone already or cannot be undone;
    NotInThatState if nothing is left of it. Then nothing changes.
    """
    action = found(connection, number)
    _check(action, decider)
    restored, left = _UNDOERS.get(Verb(action.verb), _put_back)(connection, action, decider)
    if not restored:
        raise NotInThatState(f"all of action {number} has been decided on anew since")
    stamp = update(actions).where(actions.c.id == number).values(undone_at=decider.at)
    connection.execute(stamp)
    line = record(connection, decider, Verb.UNDO, str(number), {"verb": action.verb})
    return Undone(action, restored, left, line)


def _check(action: Action, decider: Decider) -> None:
    if action.verb not in UNDOABLE:
        raise Impossible(f"action {action.id} ({action.verb}) cannot be undone")
    if action.undone_at is not None:
        raise Impossible(f"action {action.id} has been undone already")
    if not action.may_be_undone(decider.at):
        raise Impossible(f"action {action.id} is older than {UNDO_FOR.days} days")


def _put_back(connection: Connection, action: Action, decider: Decider) -> tuple[int, int]:
    """Entries back to their former states, where this was the last word on them."""
    last = _last_words(connection, action.id)
    restored = left = 0
    lines = _lines(connection, action.id)
    first = select(func.min(decisions.c.id)).where(decisions.c.action == action.id)
    if lines:
        outbox.post(bare(connection), "learn", [connection.scalar(first) or 0], decider.at)
    for some in comments.portions(lines):
        entries = {one.id: one for one in comments.found(connection, [one[0] for one in some])}
        moves = [
            Move(entries[comment], was, since)
            for comment, was, since in some
            if last.get(comment) == action.id
            and _gives_back(connection, entries[comment], was, action, decider)
        ]
        if moves:
            move(connection, moves, decider, None)
            browsers.take_marks_back(connection, action.id, [one.entry.id for one in moves])
        restored += len(moves)
        left += len(some) - len(moves)
    return restored, left


def _lines(connection: Connection, action: int) -> list[tuple[int, Status, datetime | None]]:
    """Of each entry that the action moved, once: where it stood before, and since when."""
    chosen = select(decisions.c.comment, decisions.c.was, decisions.c.was_decided_at)
    rows = connection.execute(
        chosen.where(decisions.c.action == action).order_by(decisions.c.id.desc())
    )
    first = {comment: (comment, was, since) for comment, was, since in rows}
    return [first[comment] for comment in sorted(first)]


def _gives_back(
    connection: Connection, entry: Entry, was: Status, action: Action, decider: Decider
) -> bool:
    """Whether what an approved change has brought elsewhere, if it has, could be taken back."""
    has_taken = entry.replaces is not None and action.verb == Verb.APPROVE
    if not has_taken or entry.status is not Status.TRASH or was is Status.TRASH:
        return True
    return replacing.give_back(connection, entry, taken_at=action.at, by=decider.by, at=decider.at)


def _last_words(connection: Connection, action: int) -> Mapping[int, int | None]:
    """Of each entry that the action moved: which action that stands was the last to move it."""
    moved = select(decisions.c.comment).where(decisions.c.action == action)
    newest = (
        select(func.max(decisions.c.id))
        .outerjoin_from(decisions, actions, decisions.c.action == actions.c.id)
        .where(
            decisions.c.comment.in_(moved),
            or_(decisions.c.action.is_(None), actions.c.undone_at.is_(None)),
        )
        .group_by(decisions.c.comment)
    )
    words = select(decisions.c.comment, decisions.c.action).where(decisions.c.id.in_(newest))
    return {comment: by for comment, by in connection.execute(words)}  # noqa: C416


def _put_text_back(connection: Connection, action: Action, decider: Decider) -> tuple[int, int]:
    return int(revisions.take_back(connection, action, decider)), 0


def _put_switch_back(connection: Connection, action: Action, decider: Decider) -> tuple[int, int]:
    was, became = (_switch(action.details, name) for name in ("was", "became"))
    if switches.switch_of(connection, action.subject) != became:
        return 0, 1
    switches.turn(connection, action.subject, was, decider)
    return 1, 0


def _lift_ruling(connection: Connection, action: Action, _decider: Decider) -> tuple[int, int]:
    return int(rulings.take_back(connection, action)), 0


def _switch(details: Mapping[str, Any], name: str) -> Switch:
    return Switch(*details[name])


_UNDOERS = {
    Verb.EDIT: _put_text_back,
    Verb.SWITCH: _put_switch_back,
    Verb.BLOCK: _lift_ruling,
    Verb.TRUST: _lift_ruling,
}
