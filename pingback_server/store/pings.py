"""The store's face for pings: each method is one transaction, as in `store`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..domain.discussion import Verdict
from ..domain.pings import FAILED_MOST, Budgets, Claim, Pace, PingState, Problem, ReceivedPing
from ..domain.shown_pings import ShownPing
from . import calling, confirming, forgetting, ping_rows, receiving, verifying
from .bare import bare
from .confirming import Seen
from .engine import Database
from .outbox import Lease
from .receiving import Door, Taken
from .verifying import Verification
from .writing import WritingQueue


class Pings:
    """What other sites say of the posts, from the door to the discussion."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
        self._queue = queue

    def receive(
        self, claim: Claim, door: Door, *, now: datetime, budgets: Budgets | None = None
    ) -> Taken:
        """Keep a claim, with its job, before returning. Closed, TooMany, QueueFull."""
        allowed = budgets or Budgets()
        return self._queue.take_in(
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

    def listed(
        self, states: Collection[PingState], most: int | None = None, *, later: int = 0
    ) -> list[ReceivedPing]:
        """The pings in these states, oldest first: all, or the `most` before the `later` last."""
        with self._database.reading() as connection:
            return ping_rows.listed(connection, states, most, later)

    def count(self, states: Collection[PingState]) -> int:
        """How many pings are in these states."""
        with self._database.reading() as connection:
            return ping_rows.count(connection, states)

    # ---- reading their sources

    def take(
        self,
        now: datetime,
        *,
        lease: timedelta,
        by: str,
        pace: Pace | None = None,
        only: int | None = None,
    ) -> Verification | None:
        """A ping whose source `by` alone reads until `now + lease`; None when none may be read.

        That none is due, that each of their hosts was called too lately, and that as many are read
        as may be at once, is all the same. `only` asks for the ping of that number.
        """
        allowed = pace or Pace()
        with self._database.reading() as connection:
            if not verifying.is_any_due(connection, now):
                return None
        wanted = Lease(by, now + lease)
        return self._queue.run(
            lambda c: verifying.take(c, wanted, pace=allowed, now=now, only=only)
        )

    def book_hop(self, names: Sequence[str], *, now: datetime) -> None:
        """Note that hosts are called now, by their names or as `at IP`. HostBusy if one must not
        be."""
        if names:
            self._queue.run(lambda c: calling.book_hop(c, names, pace=Pace(), now=now))

    def confirm(
        self,
        taken: Verification,
        shown: ShownPing,
        verdict: Verdict,
        *,
        seen: Seen,
        now: datetime,
    ) -> bool:
        """The source links here and says that; False if somebody else has the ping by now."""
        return self._queue.run(
            lambda c: confirming.confirm(c, taken, shown, verdict, seen=seen, now=now)
        )

    def unchanged(self, taken: Verification, *, now: datetime) -> bool:
        """The source says what it said; False if somebody else has the ping by now."""
        return self._queue.run(lambda c: confirming.unchanged(c, taken, now=now))

    def fail(self, taken: Verification, problem: Problem, words: str, *, now: datetime) -> bool:
        """The source is no source, or not any more; False if somebody else has the ping by now."""
        return self._queue.run(lambda c: confirming.fail(c, taken, problem, words, now=now))

    def put_off(self, taken: Verification, words: str, *, until: datetime, now: datetime) -> bool:
        """The source did not answer; False if somebody else has the ping by now."""
        return self._queue.run(lambda c: verifying.put_off(c, taken, words, until=until, now=now))

    def put_back(self, taken: Verification, until: datetime) -> bool:
        """Have it taken again then, as if it had not been; False if somebody else has it by now."""
        return self._queue.run(lambda c: verifying.put_back(c, taken, until))

    def ask_again(self, now: datetime) -> int:
        """Have the sources read whose time has come; how many these are."""
        with self._database.reading() as connection:
            if not verifying.is_any_to_look_at(connection, now):
                return 0
        return self._queue.run(lambda c: verifying.ask_again(c, now))

    def ask_now(self, number: int, now: datetime) -> ReceivedPing:
        """Have the source of one ping read now, whatever became of it before. NoSuchPing."""
        return self._queue.run(lambda c: _ask_now(c, number, now))

    def tidy(self, now: datetime, most: int = FAILED_MOST) -> int:
        """Forget what failed long ago or is beyond the latest `most` of these; how many pings."""
        count = 0
        while some := self._queue.run(lambda c: forgetting.forget_some(c, now, most)):
            count += some
        return count


def _ask_now(connection: Connection, number: int, now: datetime) -> ReceivedPing:
    ping = ping_rows.by_number(connection, number)
    if ping.state in (PingState.FAILED, PingState.WITHDRAWN):
        ping = receiving.begin_anew(bare(connection), ping, ping, now)
    verifying.ask_now(connection, ping, now)
    return ping_rows.by_number(connection, number)
