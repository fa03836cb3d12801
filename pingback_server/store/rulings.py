"""Keeps the author's lists of who is blocked and who is trusted, and sweeps out what is blocked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select, union_all

from ..domain.actions import Action, Verb
from ..domain.discussion import Entry, Status
from ..domain.rulings import About, Ruling, RulingKind, Rulings
from . import comments, decisions
from .actions import Decider, record
from .engine import Database
from .schema import blocked, moment_of, text_of, trusted
from .schema import comments as comments_table
from .writing import WritingQueue

FRESH_FOR = timedelta(seconds=1)
"""How long a process goes on with the rulings that it read before it looks for new ones."""

_AS_IT_STANDS = union_all(
    *(
        select(func.count(one.c.id), func.max(one.c.id), func.sum(one.c.id))
        for one in (blocked, trusted)
    )
)
_OPEN = (
    select(comments_table.c.id)
    .where(
        comments_table.c.status.in_([Status.PENDING, Status.APPROVED]),
        comments_table.c.is_by_author.is_(False),
    )
    .order_by(comments_table.c.id)
)


@dataclass(frozen=True, slots=True)
class _Known:
    """The rulings as this process read them: how the tables stood, and when it last looked."""

    rulings: Rulings
    as_it_stood: tuple[object, ...]
    looked_at: datetime


class RulingsKept:
    """The rulings in the database; the last one on a subject counts."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
        self._queue = queue
        self._guard = Lock()
        self._known: _Known | None = None

    def all(self) -> Rulings:
        """The rulings as they are now."""
        with self._database.reading() as connection:
            return _read(connection)

    def recent(self, now: datetime) -> Rulings:
        """The rulings as they were less than `FRESH_FOR` ago: for the door, where reading costs."""
        known = self._known
        if known is not None and timedelta(0) <= now - known.looked_at < FRESH_FOR:
            return known.rulings
        with self._guard, self._database.reading() as connection:
            stands = tuple(tuple(row) for row in connection.execute(_AS_IT_STANDS))
            is_same = known is not None and known.as_it_stood == stands
            rulings = known.rulings if known is not None and is_same else _read(connection)
            self._known = _Known(rulings, stands, now)
        return rulings

    def listed(self) -> list[Ruling]:
        """Every ruling, the newest first."""
        with self._database.reading() as connection:
            found = [
                Ruling(About(RulingKind(kind), value), table is trusted, note, at, by)
                for table in (blocked, trusted)
                for kind, value, note, at, by in connection.execute(
                    select(table.c.kind, table.c.value, table.c.note, table.c.at, table.c.by)
                )
            ]
        return sorted(found, key=lambda ruling: ruling.at, reverse=True)

    def block(
        self, about: About, note: str = "", *, now: datetime, by: str, sweep: bool = False
    ) -> list[Entry]:
        """Block, and if asked to `sweep`, put what is there of it into spam, in the same commit.

        The entries that were swept out: of what waits or is public, never the author's own.
        """
        return self._queue.run(
            lambda c: block(c, about, note, decider=Decider(by, now), sweep=sweep)
        )

    def unblock(self, about: About) -> bool:
        """Take a subject from the block list; whether it stood there."""
        return self._queue.run(lambda c: _strike(c, blocked, about))

    def trust(self, about: About, note: str = "", *, now: datetime, by: str) -> None:
        """Trust, and block no longer."""
        self._queue.run(lambda c: _rule(c, trusted, about, note, Decider(by, now)))

    def untrust(self, about: About) -> bool:
        """Take a subject from the list of the trusted; whether it stood there."""
        return self._queue.run(lambda c: _strike(c, trusted, about))


def block(
    connection: Connection, about: About, note: str, *, decider: Decider, sweep: bool
) -> list[Entry]:
    """What `RulingsKept.block` does, in the transaction of `connection`."""
    action = _rule(connection, blocked, about, note, decider)
    if not sweep:
        return []
    only = Rulings(blocked=[about])
    ids = list(connection.scalars(_OPEN))
    caught = [
        entry.id
        for some in comments.portions(ids)
        for entry in comments.found(connection, some)
        if only.blocks(entry)
    ]
    return decisions.decide(connection, caught, Status.SPAM, decider, action)


def _rule(connection: Connection, table: Table, about: About, note: str, decider: Decider) -> int:
    """Rule, and write it down; the number of the action."""
    was = _standing(connection, about)
    for one in (blocked, trusted):
        _strike(connection, one, about)
    ruled = connection.execute(
        insert(table).values(
            kind=about.kind.value, value=about.value, note=note, at=decider.at, by=decider.by
        )
    )
    (number,) = ruled.inserted_primary_key or (0,)
    # The log outlives what is erased: it does not say whom this is about.
    verb = Verb.BLOCK if table is blocked else Verb.TRUST
    details = {"ruling": number} if was is None else {"ruling": number, "was": was}
    return record(connection, decider, verb, about.kind.value, details)


def _standing(connection: Connection, about: About) -> list[str | int] | None:
    """The ruling on a subject, without naming that: its list, note, time, author and number."""
    for table in (blocked, trusted):
        chosen = select(table.c.note, table.c.at, table.c.by, table.c.id)
        chosen = chosen.where(*_is_on(table, about))
        if row := connection.execute(chosen).first():
            return [table.name, row.note, text_of(row.at), row.by, row.id]
    return None


def take_back(connection: Connection, action: Action) -> bool:
    """Lift a ruling, if it `stands`, and have the one stand again that stood before.

    That keeps its number, by which the action that made it can be taken back in its turn.
    """
    if not stands(connection, action):
        return False
    table, is_it = _ruling_of(action)
    row = connection.execute(select(table.c.kind, table.c.value).where(is_it)).one()
    connection.execute(delete(table).where(is_it))
    if was := action.details.get("was"):
        name, note, at, by, *number = was  # older lines of the log have no number
        former = blocked if name == blocked.name else trusted
        values = {"kind": row.kind, "value": row.value, "note": note, "by": by}
        values |= {"id": number[0]} if number else {}
        connection.execute(insert(former).values(**values, at=moment_of(at)))
    return True


def stands(connection: Connection, action: Action) -> bool:
    """Whether the ruling that an action made is still the one on its subject."""
    table, is_it = _ruling_of(action)
    return connection.scalar(select(table.c.id).where(is_it)) is not None


def _ruling_of(action: Action) -> tuple[Table, ColumnElement[bool]]:
    table = blocked if action.verb == Verb.BLOCK else trusted
    return table, table.c.id == action.details["ruling"]


def _strike(connection: Connection, table: Table, about: About) -> bool:
    return connection.execute(delete(table).where(*_is_on(table, about))).rowcount > 0


def _is_on(table: Table, about: About) -> tuple[ColumnElement[bool], ...]:
    return (table.c.kind == about.kind.value, table.c.value == about.value)


def _read(connection: Connection) -> Rulings:
    lists = (
        [
            About(RulingKind(kind), value)
            for kind, value in connection.execute(select(table.c.kind, table.c.value))
        ]
        for table in (blocked, trusted)
    )
    return Rulings(*lists)
