"""Forgets pings of which there is nothing to see any more, in small commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select

from ..domain.pings import FAILED_KEPT, PingState
from . import calling, removal
from .schema import pings

AT_ONCE = 1000
"""How many pings are deleted in one commit: others write in between."""

_SHOWS_NOTHING = pings.c.comment.is_(None)
_FAILED = and_(pings.c.state == PingState.FAILED, _SHOWS_NOTHING)
_DELETED = and_(pings.c.state.in_((PingState.VERIFIED, PingState.WITHDRAWN)), _SHOWS_NOTHING)


def forget_some(connection: Connection, now: datetime, most: int) -> int:
    """Forget at most `AT_ONCE` pings, and the hosts of which no call counts; how many pings.

    What failed goes after `FAILED_KEPT`, or beyond the latest `most`. Of what was verified and then
    deleted as many are kept: a stranger who sends it again must not undo that.
    """
    calling.forget(connection, now)
    is_old = and_(_FAILED, pings.c.received_at <= now - FAILED_KEPT)
    is_over = or_(is_old, _beyond(connection, _FAILED, most), _beyond(connection, _DELETED, most))
    over = select(pings.c.id).where(is_over).order_by(pings.c.received_at).limit(AT_ONCE)
    numbers = connection.scalars(over).all()
    removal.remove_pings(connection, numbers)
    return len(numbers)


def _beyond(connection: Connection, which: ColumnElement[bool], most: int) -> ColumnElement[bool]:
    """Those that came before the latest `most` of them."""
    latest = select(pings.c.received_at).where(which).order_by(pings.c.received_at.desc())
    first: datetime | None = connection.execute(latest.offset(most).limit(1)).scalar()
    return false() if first is None else and_(which, pings.c.received_at <= first)
