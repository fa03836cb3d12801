"""What of pings may wait, to be verified or for the author: more is refused at the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, func, select

from ..domain.discussion import PINGS, Status
from ..domain.errors import QueueFull, TooMany
from ..domain.pings import Budgets, PingState
from .schema import comments, pings

_COME_AGAIN = timedelta(minutes=10)
# The author decides when the author comes.
_COME_TOMORROW = timedelta(days=1)

_Numbers = Select[tuple[int]]
_WAITING: _Numbers = select(pings.c.id).where(pings.c.state == PingState.RECEIVED)
_UNDECIDED: _Numbers = select(comments.c.id).where(
    comments.c.status == Status.PENDING, comments.c.kind.in_(PINGS)
)


@dataclass(frozen=True, slots=True)
class Comer:
    """What a ping is counted by: the post it is for, its source as addresses compare, the source's
    host, and the network it was sent from, if that is known."""

    post: str
    source_key: str
    host: str
    network: str


def check_budgets(connection: Connection, comer: Comer, budgets: Budgets, *, now: datetime) -> None:
    """TooMany or QueueFull if there is no room for one ping more.

    Every count goes along one index, and no further than what is allowed.
    """
    if _is_spent(connection, budgets.everything, _WAITING):
        raise QueueFull("too many pings wait to be verified", _COME_AGAIN)
    if _is_spent(connection, budgets.everything, _UNDECIDED):
        raise QueueFull("too many pings wait for the author", _COME_TOMORROW)
    words = "too many pings came from there or for this post"
    for most, which in _coming(comer, budgets, now):
        if _is_spent(connection, most, which):
            raise TooMany(words, _COME_AGAIN)
    for most, which in _undecided(comer, budgets):
        if _is_spent(connection, most, which):
            raise TooMany(f"{words}, and wait for the author", _COME_TOMORROW)


def _coming(comer: Comer, budgets: Budgets, now: datetime) -> list[tuple[int, _Numbers]]:
    lately = select(pings.c.id).where(pings.c.received_at > now - budgets.hour)
    counts = [
        (budgets.host, _WAITING.where(pings.c.host == comer.host)),
        (budgets.post, _WAITING.where(pings.c.post == comer.post)),
        (budgets.source, lately.where(pings.c.source_key == comer.source_key)),
    ]
    if comer.network:
        counts.append((budgets.network, lately.where(pings.c.network == comer.network)))
    return counts


def _undecided(comer: Comer, budgets: Budgets) -> list[tuple[int, _Numbers]]:
    of_host = _UNDECIDED.join(pings, pings.c.comment == comments.c.id)
    return [
        (budgets.host, of_host.where(pings.c.host == comer.host)),
        (budgets.post, _UNDECIDED.where(comments.c.post == comer.post)),
    ]


def _is_spent(connection: Connection, most: int, which: _Numbers) -> bool:
    some = which.limit(most).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one() >= most
