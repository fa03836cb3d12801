"""When other hosts were called, so that none is called too often, by whatever name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from ..domain.errors import HostBusy
from ..domain.pings import Pace
from .schema import hosts


def may_be_called(pace: Pace, now: datetime) -> ColumnElement[bool]:
    """Whether the host of a row may be called now; for one without a row it is so."""
    has_budget = or_(hosts.c.hour_began_at <= now - pace.hour, hosts.c.fetches < pace.hourly)
    return or_(hosts.c.host.is_(None), and_(hosts.c.fetched_at <= now - pace.pause, has_budget))


def book_hop(connection: Connection, names: Sequence[str], *, pace: Pace, now: datetime) -> None:
    """Write down that all of `names` are called now. HostBusy if one of them must not be.

    Names cost nothing, and any number of them may lead to one address: so that is booked too, as
    `at 192.0.2.1`, and has a pace of its own.
    """
    for name in names:
        wait = _wait(connection, name, pace, now)
        if wait > timedelta():
            raise HostBusy(name, wait)
    for name in names:
        book(connection, name, pace.hour, now)


def book(connection: Connection, host: str, hour: timedelta, now: datetime) -> None:
    """Write down that `host` is called now, in an `hour` that begins with its first call."""
    booked = connection.execute(select(hosts).where(hosts.c.host == host)).first()
    if booked is None:
        row = {"host": host, "fetched_at": now, "hour_began_at": now, "fetches": 1}
        connection.execute(insert(hosts).values(row))
        return
    is_over = booked.hour_began_at <= now - hour
    values = {
        "fetched_at": now,
        "hour_began_at": now if is_over else booked.hour_began_at,
        "fetches": 1 if is_over else booked.fetches + 1,
    }
    connection.execute(update(hosts).where(hosts.c.host == host).values(values))


def _wait(connection: Connection, host: str, pace: Pace, now: datetime) -> timedelta:
    most = pace.hourly_at_address if host.startswith("at ") else pace.hourly
    booked = connection.execute(select(hosts).where(hosts.c.host == host)).first()
    if booked is None:
        return timedelta()
    pause: timedelta = booked.fetched_at + pace.pause - now
    ends: timedelta = booked.hour_began_at + pace.hour - now
    return max(pause, ends) if booked.fetches >= most and ends > timedelta() else pause
