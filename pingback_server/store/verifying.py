"""Hands out the pings whose sources are to be read: each to one, and no host too often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, update

from ..domain.pings import Pace, ReceivedPing
from . import ping_rows
from .outbox import VERIFY, Job, Lease, is_due, is_held
from .schema import hosts, outbox, pings


@dataclass(frozen=True, slots=True)
class Verification:
    """A ping that its holder alone reads the source of, as long as the lease of `job` runs."""

    job: Job
    ping: ReceivedPing


def is_any_due(connection: Connection, pace: Pace, now: datetime) -> bool:
    """Whether there is a source to read, found out without becoming a writer."""
    return connection.execute(_due(pace, now).limit(1)).first() is not None


def take(
    connection: Connection, lease: Lease, *, pace: Pace, now: datetime, only: int | None = None
) -> Verification | None:
    """The ping that has been due longest and whose host may be called now; None if there is none.

    `only` asks for that ping. None as well while as many are held as may be at once.
    """
    held = select(func.count()).where(
        outbox.c.kind == VERIFY, outbox.c.held_by.is_not(None), outbox.c.due_at > now
    )
    if connection.execute(held).scalar_one() >= pace.at_once:
        return None
    due = _due(pace, now)
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
    _book(connection, ping.host, pace, now)
    return Verification(job, ping)


def _due(pace: Pace, now: datetime) -> Select[Any]:
    """The jobs that are due, with their pings, where the host has not been called too often."""
    return (
        select(outbox.c.id, outbox.c.attempts, *ping_rows.COLUMNS)
        .join(pings, pings.c.id == outbox.c.subject)
        .outerjoin(hosts, hosts.c.host == pings.c.host)
        .where(outbox.c.kind == VERIFY, is_due(now), _may_be_called(pace, now))
        .order_by(outbox.c.due_at, outbox.c.id)
    )


def _may_be_called(pace: Pace, now: datetime) -> ColumnElement[bool]:
    has_budget = or_(hosts.c.hour_began_at <= now - pace.hour, hosts.c.fetches < pace.hourly)
    return or_(hosts.c.host.is_(None), and_(hosts.c.fetched_at <= now - pace.pause, has_budget))


def _book(connection: Connection, host: str, pace: Pace, now: datetime) -> None:
    """Write down that `host` is called now."""
    booked = connection.execute(select(hosts).where(hosts.c.host == host)).first()
    if booked is None:
        row = {"host": host, "fetched_at": now, "hour_began_at": now, "fetches": 1}
        connection.execute(hosts.insert().values(row))
        return
    is_over = booked.hour_began_at <= now - pace.hour
    values = {
        "fetched_at": now,
        "hour_began_at": now if is_over else booked.hour_began_at,
        "fetches": 1 if is_over else booked.fetches + 1,
    }
    connection.execute(update(hosts).where(hosts.c.host == host).values(values))


def put_back(connection: Connection, taken: Verification, until: datetime) -> bool:
    """Have the job done later without counting it as tried; False if somebody else has it."""
    job = taken.job
    values = {"attempts": job.attempts - 1, "due_at": until, "held_by": None}
    return connection.execute(update(outbox).where(is_held(job)).values(values)).rowcount == 1
