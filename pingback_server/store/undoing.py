"""Takes back what was done: the exact former states, in one commit with the marks on the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, or_, select, update

from ..domain.actions import UNDO_FOR, UNDOABLE, Action, Reach, Verb
from ..domain.discussion import Status
from ..domain.errors import Impossible, NotInThatState
from ..domain.switches import Switch
from . import browsers, comments, outbox, replacing, revisions, rulings, switches
from .actions import Decider, found, is_within, newest, record
from .bare import bare
from .decisions import Move, move
from .schema import actions, decisions
from .schema import comments as comments_table

_EXTENT = select(func.min(decisions.c.id), func.count(decisions.c.comment.distinct())).where(
    decisions.c.action == bindparam("of_action")
)


@dataclass(frozen=True, slots=True)
class Undone:
    """What was undone; how many entries and rulings were put back, how many decided on since.

    `line` is the number under which the undoing stands in the log.
    """

    action: Action
    restored: int
    left: int
    line: int


def undo(connection: Connection, number: int, reach: Reach, decider: Decider) -> Undone:
    """Undo the action `number`: what has been decided anew since then stays as it is.

    Impossible if there is no such action, if it is too old, beyond `reach`, was undone already or
    cannot be undone; NotInThatState if nothing is left of it. Then nothing changes.
    """
    action = found(connection, number)
    _check(action, decider)
    if not is_within(connection, action, reach):
        raise Impossible(f"action {number} is not yours to undo")
    restored, left = _WAYS.get(Verb(action.verb), _STATES).undo(connection, action, decider)
    if not restored:
        raise NotInThatState(f"all of action {number} has been decided on anew since")
    stamp = update(actions).where(actions.c.id == number).values(undone_at=decider.at)
    connection.execute(stamp)
    line = record(connection, decider, Verb.UNDO, str(number), {"verb": action.verb})
    return Undone(action, restored, left, line)


def last(connection: Connection, reach: Reach, now: datetime) -> Action | None:
    """The newest action within `reach` of which something is left to undo."""
    action = newest(connection, reach, now)
    while action is not None:
        way = _WAYS.get(Verb(action.verb), _STATES)
        if is_within(connection, action, reach) and way.is_left(connection, action):
            return action
        action = newest(connection, reach, now, before=action.id)
    return None


def _check(action: Action, decider: Decider) -> None:
    if action.verb not in UNDOABLE:
        raise Impossible(f"action {action.id} ({action.verb}) cannot be undone")
    if action.undone_at is not None:
        raise Impossible(f"action {action.id} has been undone already")
    if not action.may_be_undone(decider.at):
        raise Impossible(f"action {action.id} is older than {UNDO_FOR.days} days")


def _put_back(connection: Connection, action: Action, decider: Decider) -> tuple[int, int]:
    """Entries back to their former states, where this was the last word on them."""
    first, moved = connection.execute(_EXTENT, {"of_action": action.id}).one()
    if moved:
        outbox.post(bare(connection), "learn", [first], decider.at)
    restored, givers = 0, _givers(connection, action)
    for moves in _moves_back(connection, action):
        for one in moves:
            if one.entry.id in givers:
                replacing.give_back(connection, one.entry, by=decider.by, at=decider.at)
        move(connection, moves, decider, None)
        browsers.take_marks_back(connection, action.id, [one.entry.id for one in moves])
        restored += len(moves)
    return restored, moved - restored


def _is_any_left(connection: Connection, action: Action) -> bool:
    return any(_moves_back(connection, action))


def _moves_back(connection: Connection, action: Action) -> Iterator[list[Move]]:
    """The ways back that are open: where nobody decided since, or gave the item other words."""
    last_words, givers = _last_words(connection, action.id), _givers(connection, action)
    lines = [line for line in _lines(connection, action.id) if last_words[line[0]] == action.id]
    for some in comments.portions(lines):
        entries = {one.id: one for one in comments.found(connection, [line[0] for line in some])}
        moves = [Move(entries[comment], was, since) for comment, was, since in some]
        possible = [
            one
            for one in moves
            if one.entry.id not in givers
            or replacing.has_given(connection, one.entry, taken_at=action.at)
        ]
        if possible:
            yield possible


def _givers(connection: Connection, action: Action) -> frozenset[int]:
    """The changes that took their places by this action, and were put away by it at once."""
    twice = (
        select(decisions.c.comment)
        .join(comments_table, comments_table.c.id == decisions.c.comment)
        .where(decisions.c.action == action.id, comments_table.c.replaces.is_not(None))
        .group_by(decisions.c.comment)
        .having(func.count() > 1)
    )
    return frozenset(connection.scalars(twice))


def _lines(connection: Connection, action: int) -> list[tuple[int, Status, datetime | None]]:
    """Of each entry that the action moved, once: where it stood before, and since when."""
    chosen = select(decisions.c.comment, decisions.c.was, decisions.c.was_decided_at)
    rows = connection.execute(
        chosen.where(decisions.c.action == action).order_by(decisions.c.id.desc())
    )
    first = {comment: (comment, was, since) for comment, was, since in rows}
    return [first[comment] for comment in sorted(first)]


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
    if not _is_switched(connection, action):
        return 0, 1
    switches.turn(connection, action.subject, Switch(*action.details["was"]), decider)
    return 1, 0


def _is_switched(connection: Connection, action: Action) -> bool:
    became = Switch(*action.details["became"])
    return switches.switch_of(connection, action.subject) == became


def _lift_ruling(connection: Connection, action: Action, decider: Decider) -> tuple[int, int]:
    """The ruling, and what was swept out by it."""
    is_lifted = rulings.take_back(connection, action)
    restored, left = _put_back(connection, action, decider)
    return restored + is_lifted, left + (not is_lifted)


def _is_ruling_left(connection: Connection, action: Action) -> bool:
    return rulings.stands(connection, action) or _is_any_left(connection, action)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a kind of action is undone (what comes back, what stays), and whether anything would."""

    undo: Callable[[Connection, Action, Decider], tuple[int, int]]
    is_left: Callable[[Connection, Action], bool]


_STATES = _Way(_put_back, _is_any_left)
_RULING = _Way(_lift_ruling, _is_ruling_left)
_WAYS = {
    Verb.EDIT: _Way(_put_text_back, revisions.stands),
    Verb.SWITCH: _Way(_put_switch_back, _is_switched),
    Verb.BLOCK: _RULING,
    Verb.TRUST: _RULING,
}
