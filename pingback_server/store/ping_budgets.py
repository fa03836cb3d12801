"""What of pings may wait, to be verified or for the author: more is refused at the door."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Integer, ScalarSelect, Select, bindparam, func, select, text

from ..domain.discussion import PINGS, Status
from ..domain.errors import QueueFull, TooMany
from ..domain.pings import Budgets, PingState
from .schema import comments, pings

_COME_AGAIN = timedelta(minutes=10)
# The author decides when the author comes.
_COME_TOMORROW = timedelta(days=1)

_Numbers = Select[tuple[int]]
_WAITING: _Numbers = select(pings.c.id).where(pings.c.state == PingState.RECEIVED)
_LATELY: _Numbers = select(pings.c.id).where(
    pings.c.received_at > bindparam("since", type_=pings.c.received_at.type)
)
_UNDECIDED: _Numbers = select(comments.c.id).where(
    comments.c.kind.in_(PINGS),
    comments.c.kind != text("'comment'"),  # as the sparse index of them has it
    comments.c.status == Status.PENDING,
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
    """TooMany or QueueFull if there is no room for one ping more."""
    most = {f"most_{name}": getattr(budgets, name) for name in _BUDGETS}
    given = {**asdict(comer), **most, "since": now - budgets.hour}
    for asked, bounds in _ASKED:
        counts = connection.execute(asked, given).one()
        for count, (budget, _, refusal, words, wait) in zip(counts, bounds, strict=True):
            if count >= getattr(budgets, budget):
                raise refusal(words, wait)


def _up_to(budget: str, which: _Numbers) -> ScalarSelect[int]:
    """How many of these there are, counted along one index and no further than is allowed."""
    some = which.limit(bindparam(f"most_{budget}", type_=Integer)).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


_OF_HOST = _UNDECIDED.join(pings, pings.c.comment == comments.c.id).where(
    pings.c.host == bindparam("host")
)
_OF_NETWORK = _LATELY.where(pings.c.network == bindparam("network"), pings.c.network != "")
_SAME = "too many pings came from there or for this post"
_FOR_THE_AUTHOR = f"{_SAME}, and wait for the author"
# What is counted by which budget, and what is said of too many.
_BOUNDS: tuple[tuple[str, _Numbers, type[TooMany], str, timedelta], ...] = (
    ("everything", _WAITING, QueueFull, "too many pings wait to be verified", _COME_AGAIN),
    ("everything", _UNDECIDED, QueueFull, "too many pings wait for the author", _COME_TOMORROW),
    ("host", _WAITING.where(pings.c.host == bindparam("host")), TooMany, _SAME, _COME_AGAIN),
    ("post", _WAITING.where(pings.c.post == bindparam("post")), TooMany, _SAME, _COME_AGAIN),
    ("network", _OF_NETWORK, TooMany, _SAME, _COME_AGAIN),
    (
        "source",
        _LATELY.where(pings.c.source_key == bindparam("source_key")),
        TooMany,
        _SAME,
        _COME_AGAIN,
    ),
    ("host", _OF_HOST, TooMany, _FOR_THE_AUTHOR, _COME_TOMORROW),
    (
        "post",
        _UNDECIDED.where(comments.c.post == bindparam("post")),
        TooMany,
        _FOR_THE_AUTHOR,
        _COME_TOMORROW,
    ),
)
_BUDGETS = {budget for budget, *_ in _BOUNDS}
# First what is of all pings: where that is spent, nothing else has to be counted.
_ASKED = tuple(
    (select(*(_up_to(budget, which) for budget, which, *_ in bounds)), bounds)
    for bounds in (_BOUNDS[:2], _BOUNDS[2:])
)
