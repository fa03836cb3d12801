"""The store's face for pings: each method is one transaction, as in `store`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ..domain.pings import Budgets, Claim, PingState, ReceivedPing
from . import ping_rows, receiving
from .engine import Database
from .receiving import Door, Taken
from .writing import WritingQueue


class Pings:
    """What other sites say of the posts, from the door to the discussion."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
        self._queue = queue

    def receive(
        self, claim: Claim, door: Door, *, now: datetime, budgets: Budgets | None = None
    ) -> Taken:
        """Keep a claim, with its job, before returning. TooMany, QueueFull."""
        allowed = budgets or Budgets()
        return self._queue.run(
            lambda c: receiving.receive(c, claim, door, budgets=allowed, now=now)
        )

    def by_number(self, number: int) -> ReceivedPing:
        """One ping. NoSuchPing."""
        with self._database.reading() as connection:
            return ping_rows.by_number(connection, number)

    def by_token(self, token: str) -> ReceivedPing:
        """The ping that has this status page. NoSuchPing."""
        with self._database.reading() as connection:
            return ping_rows.by_token(connection, token)

    def listed(self, states: Collection[PingState]) -> list[ReceivedPing]:
        """The pings in these states, oldest first."""
        with self._database.reading() as connection:
            return ping_rows.listed(connection, states)
