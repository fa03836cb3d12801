"""Hands out the pings whose sources are to be read: each to one, and no host too often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from ..domain.discussion import Status
from ..domain.pings import Pace, PingState, ReceivedPing, next_look
from . import calling, ping_rows
from . import outbox as outbox_of
from .bare import bare
from .outbox import VERIFY, Job, Lease, is_due, is_held
from .schema import comments, hosts, outbox, pings

_MOST_AT_ONCE = 100
_STANDS = (Status.PENDING, Status.APPROVED)


@dataclass(frozen=True, slots=True)
class Verification:
    """A ping that its holder alone reads the source of, as long as the lease of `job` runs."""

    job: Job
    ping: ReceivedPing


def is_any_due(connection: Connection, now: datetime) -> bool:
    """Whether there is a source to read, found out without becoming a writer."""
    return connection.execute(_due(now).limit(1)).first() is not None


def take(
    connection: Connection, lease: Lease, *, pace: Pace, now: datetime, only: int | None = None
) -> Verification | None:
    """The ping that has been due longest and whose host may be called now; None if there is none.

    `only` asks for that ping. None as well while as many are held as may be at once, or were called
    as may be in an hour. A ping whose readers died `TRIES` times comes with more attempts than
    that: its holder gives it up.
    """
    held = select(func.count()).where(
        outbox.c.kind == VERIFY, outbox.c.held_by.is_not(None), outbox.c.due_at > now
    )
    if connection.execute(held).scalar_one() >= pace.at_once:
        return None
    if not calling.may_any_be_called(connection, now):
        return None
    due = _due(now)
    chosen = due if only is None else due.where(pings.c.id == only)
    row = connection.execute(chosen.with_for_update(of=outbox, skip_locked=True).limit(1)).first()
    if row is None:
        return None
    ping = ping_rows.ping_of(row[2:])
    job = Job(row[0], VERIFY, ping.id, row[1] + 1)
    connection.execute(
        update(outbox)
        .where(outbox.c.id == job.id)
        .values(attempts=job.attempts, due_at=lease.until, held_by=lease.by)
    )
    calling.book(connection, ping.host, pace, now)
    return Verification(job, ping)


def _due(now: datetime) -> Select[Any]:
    """The jobs that are due, with their pings, where the host has not been called too often."""
    return (
        select(outbox.c.id, outbox.c.attempts, *ping_rows.COLUMNS)
        .join(pings, pings.c.id == outbox.c.subject)
        .outerjoin(hosts, hosts.c.host == pings.c.host)
        .where(outbox.c.kind == VERIFY, is_due(now), calling.may_be_called(now))
        .order_by(outbox.c.due_at, outbox.c.id)
    )


def put_back(connection: Connection, taken: Verification, until: datetime) -> bool:
    """Have the job done later without counting it as tried; False if somebody else has it."""
    job = taken.job
    values = {"attempts": job.attempts - 1, "due_at": until, "held_by": None}
    return connection.execute(update(outbox).where(is_held(job)).values(values)).rowcount == 1


def put_off(
    connection: Connection, taken: Verification, words: str, *, until: datetime, now: datetime
) -> bool:
    """The source did not answer now: it is read again later. False if somebody else has it."""
    values = {"due_at": until, "held_by": None, "error": words}
    change = update(outbox).where(is_held(taken.job)).values(values)
    if connection.execute(change).rowcount != 1:
        return False
    ping = taken.ping
    counted = {"fetches": ping.fetches + 1, "failures": ping.failures + 1, "fetched_at": now}
    # What it was told of meanwhile is read then, too.
    told = {"problem_words": words, "look_again_at": None}
    connection.execute(update(pings).where(pings.c.id == ping.id).values({**counted, **told}))
    return True


def ask_again(connection: Connection, now: datetime) -> int:
    """Ask for the readings whose time has come; how many these are.

    What the author has thrown away is not read: its time comes again, in case it is brought back.
    """
    due = (pings.c.state == PingState.VERIFIED, pings.c.look_again_at <= now)
    chosen = (
        select(pings.c.id, pings.c.received_at, comments.c.status)
        .outerjoin(comments, comments.c.id == pings.c.comment)
        .where(*due)
        .order_by(pings.c.look_again_at)
        .limit(_MOST_AT_ONCE)
    )
    found = connection.execute(chosen).all()
    wanted = [number for number, _, status in found if status in _STANDS]
    for number, received_at, status in found:
        is_thrown_away = status is not None and status not in _STANDS
        later = now + next_look(now - received_at) if is_thrown_away else None
        values = {"look_again_at": later}
        connection.execute(update(pings).where(pings.c.id == number).values(values))
    if wanted:
        outbox_of.post(bare(connection), VERIFY, wanted, now)
    return len(wanted)


def is_any_to_look_at(connection: Connection, now: datetime) -> bool:
    """Whether the time of a reading has come, found out without becoming a writer."""
    due = (pings.c.state == PingState.VERIFIED, pings.c.look_again_at <= now)
    return connection.execute(select(pings.c.id).where(*due).limit(1)).first() is not None


def ask_now(connection: Connection, ping: ReceivedPing, now: datetime) -> None:
    """Have the source of this ping read as soon as its host may be called."""
    waits = (outbox.c.kind == VERIFY, outbox.c.subject == ping.id, outbox.c.held_by.is_(None))
    if connection.execute(update(outbox).where(*waits).values(due_at=now)).rowcount:
        return
    if ping.look_again_at is not None:
        values = {"look_again_at": None}
        connection.execute(update(pings).where(pings.c.id == ping.id).values(values))
    is_asked = (outbox.c.kind == VERIFY, outbox.c.subject == ping.id)
    if connection.execute(select(outbox.c.id).where(*is_asked)).first() is None:
        outbox_of.post(bare(connection), VERIFY, [ping.id], now)
