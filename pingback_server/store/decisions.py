"""Carries out what the author decides, and keeps the record from which it can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from ..domain.actions import VERBS, Verb
from ..domain.as_shown import digest_of_entry
from ..domain.discussion import PRIVATE, Entry, Status
from ..domain.errors import Closed, Invalid, NotAsShown, NotInThatState
from ..domain.filters import Selection
from . import browsers, choosing, comments, outbox, pages, replacing, tallies
from .actions import Decider, record
from .arrivals import Added, Arrival, add_all
from .bare import bare
from .schema import actions, decisions
from .schema import comments as comments_table

THROWN_AWAY = (Status.SPAM, Status.TRASH)

_MOST_NAMED = 12
_MOVE = (
    update(comments_table)
    .where(comments_table.c.id == bindparam("comment"))
    .values(status=bindparam("became"), decided_at=bindparam("moved_at"))
)
_RECORD = insert(decisions)
_LAST_DECISION = select(func.max(decisions.c.id))
STANDS = or_(decisions.c.action.is_(None), actions.c.undone_at.is_(None))
"""That a decision, of which the action is joined, was not undone."""

_THROWS = (
    select(func.max(decisions.c.id))
    .outerjoin_from(decisions, actions, decisions.c.action == actions.c.id)
    .where(STANDS, decisions.c.was.not_in(THROWN_AWAY), decisions.c.became.in_(THROWN_AWAY))
    .group_by(decisions.c.comment)
)


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision: its action (None if nothing changed), what it moved, and the rest.

    `posts` are those whose pages follow; `left` is how much had changed since it was shown, and
    was left as it is.
    """

    action: int | None
    moved: tuple[int, ...]
    unchanged: int
    posts: frozenset[str]
    left: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """Where an entry goes, and since when somebody's word has it there; None is a rule's alone."""

    entry: Entry
    became: Status
    since: datetime | None


_Aim = Callable[[Connection, Sequence[Entry]], Mapping[int, Status]]


def decide(
    connection: Connection,
    ids: Iterable[int],
    status: Status,
    decider: Decider,
    action: int | None = None,
) -> list[Entry]:
    """Put these entries into `status`, as a part of `action` or one of their own.

    Those that are there already are left alone. The entries as they are now, as asked.
    NoSuchComment names every number that is none, and then nothing changes.
    """
    wanted = list(dict.fromkeys(ids))
    comments.found(connection, wanted)
    _carry_out(connection, wanted, _to(status), decider, VERBS[status], action)
    return comments.found(connection, wanted)


def restore(connection: Connection, ids: Iterable[int], decider: Decider) -> list[Entry]:
    """Take these entries out of spam and trash, into the state in which they were thrown there.

    What arrived as spam becomes pending. NotInThatState names every entry that is neither, and
    then nothing changes.
    """
    wanted = list(dict.fromkeys(ids))
    _carry_out(connection, wanted, _where_they_were, decider, Verb.RESTORE)
    return comments.found(connection, wanted)


def decide_on(
    connection: Connection, selection: Selection, status: Status, decider: Decider
) -> Decided:
    """Put everything selected into `status`, as `decide` does; however much it is.

    What has changed since it was shown is left, unless it is there already. NotAsShown.
    """
    choice = choosing.choose(connection, selection)
    decided = _carry_out(connection, choice.ids, _to(status), decider, VERBS[status])
    return replace(decided, left=sum(one.status is not status for one in choice.changed))


def restore_on(connection: Connection, selection: Selection, decider: Decider) -> Decided:
    """Restore everything selected, as `restore` does."""
    choice = choosing.choose(connection, selection)
    decided = _carry_out(connection, choice.ids, _where_they_were, decider, Verb.RESTORE)
    return replace(decided, left=len(choice.changed))


def answer(
    connection: Connection,
    parent_id: int,
    reply: Arrival,
    decider: Decider,
    *,
    shown: str = "",
) -> Added | Invalid | Closed:
    """Add the author's `reply`; a pending parent is approved by it.

    NoSuchComment if there is no parent, NotInThatState if it is spam or in the trash, NotAsShown
    if it has another digest than was `shown`.
    """
    (parent,) = comments.found(connection, [parent_id])
    if parent.status in THROWN_AWAY:
        raise NotInThatState(f"comment {parent.id} is {parent.status}; restore it to answer it")
    if shown and shown != digest_of_entry(parent):
        raise NotAsShown(f"comment {parent.id} has changed since it was shown")
    (added,) = add_all(bare(connection), [reply])
    if isinstance(added, Added) and not added.is_repeat:
        action = record(connection, decider, Verb.REPLY, str(parent.id))
        if parent.status is not Status.APPROVED:
            move(connection, [Move(parent, Status.APPROVED, decider.at)], decider, action)
        # Undone, the reply is found in the trash.
        (written,) = comments.found(connection, [added.id])
        came = Move(replace(written, status=Status.TRASH), Status.APPROVED, None)
        connection.execute(_RECORD, [_line(came, decider, action)])
    return added


def move(
    connection: Connection, moves: Sequence[Move], decider: Decider, action: int | None
) -> frozenset[str]:
    """Change states, write each change down below `action`, and mark the pages that it changes.

    Without an action nothing is written down. The posts whose pages are marked.
    """
    # Nothing that is named as a column of the comment: it would be set there.
    connection.execute(
        _MOVE,
        [{"comment": m.entry.id, "became": m.became, "moved_at": m.since} for m in moves],
    )
    if action is not None:
        first = connection.scalar(_LAST_DECISION) or 0
        connection.execute(_RECORD, [_line(one, decider, action) for one in moves])
        if any(one.became is Status.SPAM and one.entry.whence.browser for one in moves):
            browsers.mark(connection, first)
        outbox.post(bare(connection), "learn", [first + 1], decider.at)
        approved = [one.entry for one in moves if one.became is Status.APPROVED]
        replacing.take_places(connection, approved, by=decider.by, at=decider.at, action=action)
    tallies.count(connection, [(one.entry, one.became, one.since is not None) for one in moves])
    public = [
        one.entry.post
        for one in moves
        if (one.entry.status is Status.APPROVED) != (one.became is Status.APPROVED)
        and one.entry.kind not in PRIVATE
    ]
    pages.mark(bare(connection), public, decider.at)
    return frozenset(public)


def _carry_out(
    connection: Connection,
    ids: Sequence[int],
    aim: _Aim,
    decider: Decider,
    verb: Verb,
    action: int | None = None,
) -> Decided:
    """Move what is not where it shall be, a portion at a time: a queue may be long."""
    moved: list[int] = []
    posts: frozenset[str] = frozenset()
    for some in comments.portions(ids):
        entries = comments.found(connection, some)
        became = aim(connection, entries)
        moves = [Move(one, became[one.id], decider.at) for one in entries if _is_moved(one, became)]
        if moves:
            action = action or record(connection, decider, verb, named(ids))
            posts |= move(connection, moves, decider, action)
            moved += [one.entry.id for one in moves]
    return Decided(action, tuple(moved), len(ids) - len(moved), posts)


def _is_moved(entry: Entry, became: Mapping[int, Status]) -> bool:
    """Whether to put it there says anything: where rules put it was only a guess so far."""
    by_rules = entry.decided_at is None and not entry.is_by_author
    is_guess = by_rules and entry.status in (Status.SPAM, Status.APPROVED)
    return entry.status is not became[entry.id] or is_guess


def _to(status: Status) -> _Aim:
    return lambda _connection, entries: {entry.id: status for entry in entries}


def _where_they_were(connection: Connection, entries: Sequence[Entry]) -> dict[int, Status]:
    """Where each entry was before it was last thrown away; pending if it was born there."""
    elsewhere = [entry for entry in entries if entry.status not in THROWN_AWAY]
    if elsewhere:
        listed = ", ".join(f"{entry.id} is {entry.status}" for entry in elsewhere)
        raise NotInThatState(f"only what is spam or in the trash can be restored; {listed}")
    before = dict.fromkeys((entry.id for entry in entries), Status.PENDING)
    throws = _THROWS.where(decisions.c.comment.in_(list(before)))
    chosen = select(decisions.c.comment, decisions.c.was).where(decisions.c.id.in_(throws))
    for comment, was in connection.execute(chosen):
        before[comment] = was
    return before


def _line(made: Move, decider: Decider, action: int) -> dict[str, object]:
    return {
        "comment": made.entry.id,
        "was": made.entry.status,
        "was_decided_at": made.entry.decided_at,
        "became": made.became,
        "at": decider.at,
        "by": decider.by,
        "action": action,
    }


def named(ids: Sequence[int]) -> str:
    """Numbers as one writes them, `12 15-19`; of very many the first ones."""
    runs: list[tuple[int, int]] = []
    for id in sorted(ids):
        if runs and runs[-1][1] == id - 1:
            runs[-1] = (runs[-1][0], id)
        else:
            runs.append((id, id))
    words = [str(first) if first == last else f"{first}-{last}" for first, last in runs]
    return " ".join(words[:_MOST_NAMED]) + (" …" if len(words) > _MOST_NAMED else "")
