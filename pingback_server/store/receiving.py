"""Takes a ping in at the door, once for each pair of source and post, within what may wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from ..domain.errors import QueueFull, TooMany
from ..domain.pings import BEST_FIRST, REPEAT_PAUSE, Budgets, Claim, PingState, ReceivedPing
from . import outbox, ping_rows
from .bare import bare
from .schema import pings

VERIFY = outbox.VERIFY
_COME_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Door:
    """What the door found out about a claim, and what it gives it.

    `post` is the target's, `source_key` the source as addresses compare, `host` its host; `token`
    is what the ping is asked for by, if it is new.
    """

    post: str
    source_key: str
    host: str
    token: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The ping, and whether it was known already and waits or stands."""

    ping: ReceivedPing
    is_known: bool


def receive(
    connection: Connection, claim: Claim, door: Door, *, budgets: Budgets, now: datetime
) -> Taken:
    """Keep the claim with the job to verify it; the same pair again is the first one.

    TooMany or QueueFull if more waits than may. What was verified is looked at again soon, what
    failed or was withdrawn is received anew; nothing that was decided changes.
    """
    known = ping_rows.of_pair(connection, door.source_key, door.post)
    if known is None:
        _check_budgets(connection, claim, door, budgets, now)
        number = _add(connection, claim, door, now)
        _ask(connection, number, now)
        return Taken(ping_rows.by_number(connection, number), is_known=False)
    if known.state in (PingState.RECEIVED, PingState.VERIFIED):
        _remember(connection, known, claim, now)
        return Taken(ping_rows.by_number(connection, known.id), is_known=True)
    _check_budgets(connection, claim, door, budgets, now)
    begin_anew(connection, known, now)
    said = {"source": claim.source, "target": claim.target, "given": dict(claim.given)}
    connection.execute(
        update(pings).where(pings.c.id == known.id).values(kind=_best(known, claim), **said)
    )
    return Taken(ping_rows.by_number(connection, known.id), is_known=False)


def begin_anew(connection: Connection, known: ReceivedPing, now: datetime) -> None:
    """Have a ping that had ended go its way once more, after a pause since the last time."""
    due_at = max(now, known.fetched_at + REPEAT_PAUSE) if known.fetched_at else now
    fresh = {
        "state": PingState.RECEIVED,
        "received_at": now,
        "failures": 0,
        "etag": "",
        "last_modified": "",
        "problem": "",
        "problem_words": "",
        "look_again_at": None,
    }
    connection.execute(update(pings).where(pings.c.id == known.id).values(fresh))
    _ask(connection, known.id, due_at)


def _remember(connection: Connection, known: ReceivedPing, claim: Claim, now: datetime) -> None:
    """What a repeat of a ping that stands changes: its protocol, and when its source is read."""
    values: dict[str, object] = {"kind": _best(known, claim)}
    if known.look_again_at is not None:
        soon = max(now, (known.fetched_at or now) + REPEAT_PAUSE)
        values["look_again_at"] = min(known.look_again_at, soon)
    connection.execute(update(pings).where(pings.c.id == known.id).values(values))


def _best(known: ReceivedPing, claim: Claim) -> object:
    return min(known.kind, claim.kind, key=BEST_FIRST.index)


def _add(connection: Connection, claim: Claim, door: Door, now: datetime) -> int:
    row = {
        "token": door.token,
        "kind": claim.kind,
        "state": PingState.RECEIVED,
        "source": claim.source,
        "target": claim.target,
        "source_key": door.source_key,
        "host": door.host,
        "post": door.post,
        "received_at": now,
        "network": claim.network,
        "given": dict(claim.given),
    }
    number: int = connection.execute(insert(pings).values(row).returning(pings.c.id)).scalar_one()
    return number


def _ask(connection: Connection, number: int, due_at: datetime) -> None:
    outbox.post(bare(connection), VERIFY, [number], due_at)


def _check_budgets(
    connection: Connection, claim: Claim, door: Door, budgets: Budgets, now: datetime
) -> None:
    """Every count is of one index, and none goes on beyond what is allowed."""
    waits = pings.c.state == PingState.RECEIVED
    lately = pings.c.received_at > now - budgets.hour
    if _is_spent(connection, budgets.everything, waits):
        raise QueueFull("too many pings wait to be verified", _COME_AGAIN)
    limits = (
        (budgets.host, (waits, pings.c.host == door.host)),
        (budgets.post, (waits, pings.c.post == door.post)),
        (budgets.network, (lately, pings.c.network == claim.network, pings.c.network != "")),
        (budgets.source, (lately, pings.c.source_key == door.source_key)),
    )
    for most, which in limits:
        if _is_spent(connection, most, *which):
            raise TooMany("too many pings came from there or for this post", _COME_AGAIN)


def _is_spent(connection: Connection, most: int, *which: ColumnElement[bool]) -> bool:
    some = select(pings.c.id).where(*which).limit(most).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one() >= most
