"""Pings as rows: read back as values, found by number, by token, by what they link."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from ..domain.errors import NoSuchPing
from ..domain.pings import PingState, ReceivedPing
from .schema import GREATEST_ID, pings

COLUMNS = (
    pings.c.id,
    pings.c.token,
    pings.c.kind,
    pings.c.state,
    pings.c.source,
    pings.c.target,
    pings.c.host,
    pings.c.post,
    pings.c.received_at,
    pings.c.given,
    pings.c.fetches,
    pings.c.failures,
    pings.c.fetched_at,
    pings.c.look_again_at,
    pings.c.etag,
    pings.c.last_modified,
    pings.c.digest,
    pings.c.problem,
    pings.c.problem_words,
    pings.c.comment,
    pings.c.network,
)
_PING: Select[Any] = select(*COLUMNS)
_BY_NUMBER = _PING.where(pings.c.id == bindparam("number"))
_BY_TOKEN = _PING.where(pings.c.token == bindparam("token"))
_OF_PAIR = _PING.where(
    pings.c.source_key == bindparam("source_key"), pings.c.post == bindparam("post")
)


def ping_of(row: Iterable[Any]) -> ReceivedPing:
    """The ping in a row of `COLUMNS`."""
    return ReceivedPing(*row)


def by_number(connection: Connection, number: int) -> ReceivedPing:
    """NoSuchPing if there is none."""
    row = None
    if 0 < number <= GREATEST_ID:
        row = connection.execute(_BY_NUMBER, {"number": number}).first()
    if row is None:
        raise NoSuchPing(f"there is no ping with the number {number}")
    return ping_of(row)


def by_token(connection: Connection, token: str) -> ReceivedPing:
    """NoSuchPing if there is none."""
    row = connection.execute(_BY_TOKEN, {"token": token}).first()
    if row is None:
        raise NoSuchPing("there is no such ping")
    return ping_of(row)


def of_pair(connection: Connection, source_key: str, post: str) -> ReceivedPing | None:
    """What came before of the same source for the same post."""
    row = connection.execute(_OF_PAIR, {"source_key": source_key, "post": post}).first()
    return None if row is None else ping_of(row)


def listed(
    connection: Connection, states: Collection[PingState], most: int | None = None, later: int = 0
) -> list[ReceivedPing]:
    """The pings in these states, oldest first: all, or the `most` before the `later` last ones."""
    came = (pings.c.received_at.desc(), pings.c.id.desc())
    chosen = _PING.where(pings.c.state.in_(list(states))).order_by(*came)
    chosen = chosen.limit(most).offset(later or None)
    return [ping_of(row) for row in connection.execute(chosen)][::-1]


def count(connection: Connection, states: Collection[PingState]) -> int:
    """How many pings are in these states."""
    counted = select(func.count()).where(pings.c.state.in_(list(states)))
    return connection.execute(counted).scalar_one()
