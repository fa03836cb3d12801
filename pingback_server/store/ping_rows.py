"""Pings as rows: read back as values, found by number, by token, by what they link."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from ..domain.discussion import Kind
from ..domain.errors import NoSuchPing
from ..domain.pings import PingState, ReceivedPing
from .bare import Bare
from .schema import GREATEST_ID, moment_of, pings, text_of

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
_NAMES = tuple(column.name for column in COLUMNS)


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
    row = None
    if token.isalnum():  # others are none, and not every engine takes every letter
        row = connection.execute(_BY_TOKEN, {"token": token}).first()
    if row is None:
        raise NoSuchPing("there is no such ping")
    return ping_of(row)


def of_pair(cursor: Bare, source_key: str, post: str) -> ReceivedPing | None:
    """What came before of the same source for the same post."""
    mark = cursor.mark
    same = f"SELECT {', '.join(_NAMES)} FROM pings WHERE source_key = {mark} AND post = {mark}"
    rows = cursor.rows(same, (source_key, post))
    return _ping_as_kept(dict(zip(_NAMES, rows[0], strict=True))) if rows else None


def change(cursor: Bare, was: ReceivedPing, becomes: ReceivedPing) -> ReceivedPing:
    """Write down what is another in `becomes`, which is the ping then."""
    new = {name: getattr(becomes, name) for name in _NAMES}
    changed = {name: _kept(value) for name, value in new.items() if value != getattr(was, name)}
    if changed:
        cursor.change("pings", changed, was.id)
    return becomes


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


def _ping_as_kept(row: dict[str, Any]) -> ReceivedPing:
    """The ping in a row as the driver gives it."""
    given = row["given"]
    moments = {name: row[name] for name in ("received_at", "fetched_at", "look_again_at")}
    return ReceivedPing(
        **{
            **row,
            **{name: at and moment_of(at) for name, at in moments.items()},
            "kind": Kind(row["kind"]),
            "state": PingState(row["state"]),
            "given": json.loads(given) if isinstance(given, str) else given,
        }
    )


def _kept(value: object) -> object:
    """A value as the driver takes it."""
    if isinstance(value, datetime):
        return text_of(value)
    if isinstance(value, Mapping):
        return json.dumps(dict(value))
    return value.value if isinstance(value, (Kind, PingState)) else value
