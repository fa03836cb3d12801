"""When other hosts were called, so that none is called too often, by whatever name.

Calls are counted by twelfths of an hour. In no hour are there more than a host's pace allows:
what was called in the twelfth in which that hour began counts whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from ..domain.errors import HostBusy
from ..domain.pings import Pace
from .schema import hosts

_PARTS = 12
# By then no call of a host counts any more.
_KEPT = timedelta(hours=2)
# No host has that name: it stands for all of them together.
_ALL = "*"


def may_be_called(now: datetime) -> ColumnElement[bool]:
    """Whether the host of a row may be called now; for one without a row it is so."""
    return or_(hosts.c.host.is_(None), hosts.c.free_at <= now)


def book_hop(connection: Connection, names: Sequence[str], *, pace: Pace, now: datetime) -> None:
    """Write down that all of `names` are called now. HostBusy if one of them must not be.

    Names cost nothing, and any number of them may lead to one address: so that is booked too, as
    `at 192.0.2.1`, and has a pace of its own.
    """
    chosen = select(hosts.c.host, hosts.c.free_at).where(hosts.c.host.in_([_ALL, *names]))
    for name, free_at in connection.execute(chosen):
        if free_at > now:
            raise HostBusy(name, free_at - now)
    for name in names:
        book(connection, name, pace, now)


def may_any_be_called(connection: Connection, now: datetime) -> bool:
    """Whether there is room for a call in this hour, whomever it is of."""
    busy = select(hosts.c.host).where(hosts.c.host == _ALL, hosts.c.free_at > now)
    return connection.execute(busy).first() is None


def book(connection: Connection, host: str, pace: Pace, now: datetime) -> None:
    """Write down that `host` is called now, and when it may be called again."""
    _count(connection, host, pace, now)
    _count(connection, _ALL, pace, now)


def _count(connection: Connection, host: str, pace: Pace, now: datetime) -> None:
    booked = connection.execute(select(hosts.c.calls).where(hosts.c.host == host)).scalar()
    length = pace.hour / _PARTS
    part = int(now.timestamp() // length.total_seconds())
    calls = {int(when): count for when, count in (booked or {}).items()}
    calls = {when: count for when, count in calls.items() if when >= part - _PARTS}
    calls[part] = calls.get(part, 0) + 1
    most, pause = _allowed(host, pace)
    values = {
        "calls": {str(when): count for when, count in calls.items()},
        "free_at": max(now + pause, _has_room(calls, most, length)),
    }
    if booked is None:
        connection.execute(insert(hosts).values(host=host, **values))
    else:
        connection.execute(update(hosts).where(hosts.c.host == host).values(values))


def _allowed(host: str, pace: Pace) -> tuple[int, timedelta]:
    """How many calls of it there are in an hour, and the pause between two."""
    if host == _ALL:
        return pace.hourly_in_all, timedelta(0)
    return (pace.hourly_at_address if host.startswith("at ") else pace.hourly), pace.pause


def forget(connection: Connection, now: datetime) -> None:
    """Forget the hosts of which no call counts any more."""
    connection.execute(delete(hosts).where(hosts.c.free_at <= now - _KEPT))


def _has_room(calls: Mapping[int, int], most: int, length: timedelta) -> datetime:
    """From when on fewer than `most` calls count."""
    counted, over = sum(calls.values()), 0
    for part in sorted(calls):
        if counted < most:
            break
        counted -= calls[part]
        over = part + _PARTS + 1
    return datetime.fromtimestamp(over * length.total_seconds(), UTC)
