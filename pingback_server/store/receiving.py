"""Takes a ping in at the door, once for each pair of source and post, within what may wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, update

from ..domain.pings import BEST_FIRST, REPEAT_PAUSE, Budgets, Claim, PingState, ReceivedPing
from . import outbox, ping_rows
from .bare import bare
from .ping_budgets import Comer, check_budgets
from .schema import pings

VERIFY = outbox.VERIFY
_INSERT = insert(pings).returning(pings.c.id)


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
    comer = Comer(door.post, door.source_key, door.host, claim.network)
    if known is None:
        check_budgets(connection, comer, budgets, now=now)
        number = _add(connection, claim, door, now)
        _ask(connection, number, now)
        return Taken(ping_rows.by_number(connection, number), is_known=False)
    if known.state in (PingState.RECEIVED, PingState.VERIFIED):
        _remember(connection, known, claim, now)
        return Taken(ping_rows.by_number(connection, known.id), is_known=True)
    check_budgets(connection, comer, budgets, now=now)
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
    number: int = connection.execute(_INSERT, row).scalar_one()
    return number


def _ask(connection: Connection, number: int, due_at: datetime) -> None:
    outbox.post(bare(connection), VERIFY, [number], due_at)
