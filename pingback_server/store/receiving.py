"""Takes a ping in at the door, once for each pair of source and post, within what may wait."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.addresses import same_page
from ..domain.discussion import Kind
from ..domain.errors import Closed, TooMany
from ..domain.pings import BEST_FIRST, REPEAT_PAUSE, Budgets, Claim, PingState, ReceivedPing
from . import outbox, ping_rows
from .bare import Bare
from .ping_budgets import Comer, too_many
from .schema import moment_of, text_of

VERIFY = outbox.VERIFY
_COLUMNS = (
    *("token", "kind", "state", "source", "target", "source_key"),
    *("host", "post", "received_at", "network", "given"),
)


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
    cursor: Bare, claim: Claim, door: Door, *, budgets: Budgets, now: datetime
) -> Taken | Closed | TooMany:
    """Keep the claim with the job to verify it; the same pair again is the first one.

    Closed if somebody closed the post by hand, TooMany or QueueFull if more waits than may. What
    was verified is looked at again soon, what failed or was withdrawn is received anew; nothing
    that was decided changes.
    """
    if _is_shut_by_hand(cursor, door.post):
        return Closed()
    known = ping_rows.of_pair(cursor, door.source_key, door.post)
    if known is not None and known.state in (PingState.RECEIVED, PingState.VERIFIED):
        return Taken(_remember(cursor, known, claim, now), is_known=True)
    comer = Comer(door.post, door.source_key, door.host, claim.network)
    if (refusal := too_many(cursor, comer, budgets, now=now)) is not None:
        return refusal
    if known is None:
        return Taken(_add(cursor, claim, door, now), is_known=False)
    told = replace(
        known,
        kind=_best(known, claim),
        source=claim.source,
        target=claim.target,
        given=dict(claim.given),
    )
    return Taken(begin_anew(cursor, known, told, now), is_known=False)


def begin_anew(
    cursor: Bare, known: ReceivedPing, told: ReceivedPing, now: datetime
) -> ReceivedPing:
    """Have a ping that had ended go its way once more, after a pause since the last time.

    `told` is the ping as its sender tells of it now.
    """
    due_at = max(now, known.fetched_at + REPEAT_PAUSE) if known.fetched_at else now
    fresh = replace(
        told,
        state=PingState.RECEIVED,
        received_at=now,
        failures=0,
        etag="",
        last_modified="",
        problem="",
        problem_words="",
        look_again_at=None,
    )
    outbox.post(cursor, VERIFY, [known.id], due_at)
    return ping_rows.change(cursor, known, fresh)


def _is_shut_by_hand(cursor: Bare, post: str) -> bool:
    shut = f"SELECT 1 FROM post_switches WHERE post = {cursor.mark} AND NOT pings"
    return bool(cursor.rows(shut, (post,)))


def _remember(cursor: Bare, known: ReceivedPing, claim: Claim, now: datetime) -> ReceivedPing:
    """What a repeat of a ping that stands changes: its protocol, by which address of the post it is
    said to link here, and when its source is read."""
    look_again_at = known.look_again_at
    if look_again_at is None:
        look_again_at = _end_of_reading(cursor, known, now)
    else:
        soon = max(now, (known.fetched_at or now) + REPEAT_PAUSE)
        look_again_at = min(look_again_at, soon)
    target = known.target if same_page(claim.target, known.target) else claim.target
    told = replace(known, kind=_best(known, claim), target=target, look_again_at=look_again_at)
    return ping_rows.change(cursor, known, told)


def _end_of_reading(cursor: Bare, known: ReceivedPing, now: datetime) -> datetime | None:
    """By when the reading is over that somebody is at, and may have begun before the page changed;
    None if there is none."""
    mark = cursor.mark
    held = (
        f"SELECT due_at FROM outbox WHERE state = 'waiting' AND due_at > {mark}"
        f" AND held_by IS NOT NULL AND kind = {mark} AND subject = {mark}"
    )
    rows = cursor.rows(held, (text_of(now), VERIFY, known.id))
    return moment_of(rows[0][0]) if rows else None


def _best(known: ReceivedPing, claim: Claim) -> Kind:
    return min(known.kind, claim.kind, key=BEST_FIRST.index)


def _add(cursor: Bare, claim: Claim, door: Door, now: datetime) -> ReceivedPing:
    row = (
        door.token,
        claim.kind.value,
        PingState.RECEIVED.value,
        claim.source,
        claim.target,
        door.source_key,
        door.host,
        door.post,
        text_of(now),
        claim.network,
        json.dumps(dict(claim.given)),
    )
    number = cursor.insert_numbered("pings", _COLUMNS, [row], key="token")[door.token]
    outbox.post(cursor, VERIFY, [number], now)
    return ReceivedPing(
        number,
        door.token,
        claim.kind,
        PingState.RECEIVED,
        claim.source,
        claim.target,
        door.host,
        door.post,
        received_at=now,
        given=dict(claim.given),
        network=claim.network,
    )
