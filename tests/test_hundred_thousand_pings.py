"""A hundred thousand pings: nobody is called too often for them, and little is left of them."""

from __future__ import annotations

import os
import random
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from itertools import pairwise

import pytest
from ping_actors import HELLO, Stranger, Worker, a_page
from test_flood import resident

from pingback_server.domain.discussion import Kind, Status
from pingback_server.domain.errors import FetchFailed, QueueFull, TooMany
from pingback_server.domain.pings import Budgets, Claim, Pace, PingState
from pingback_server.domain.source_pages import SourcePage
from pingback_server.domain.web_addresses import read_web_address
from pingback_server.fetch import BeforeCall, Page, Validators
from pingback_server.store import Door

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
SOON, TOMORROW = timedelta(minutes=10), timedelta(days=1)
VICTIM = "https://victim.example/"
# What a sample can fill.
FEW = Budgets(host=5, post=50, network=100, everything=100, source=5)


class Flood:
    """Whoever sends all these: from one host, from forty that lead on to a victim, from ever new
    ones; for twenty posts, from a few hundred networks. `answers` counts what the door said,
    `waits` is when to come again."""

    def __init__(self, stranger: Stranger, budgets: Budgets) -> None:
        self.answers = Counter[str]()
        self.waits = set[timedelta]()
        self._stranger, self._budgets = stranger, budgets
        self._chance = random.Random(7)

    def sends(self, number: int) -> None:
        host = self._host(number)
        source = f"https://{host}/{number}"
        network = f"203.0.{number % 250}.0/24"
        claim = Claim(Kind.PINGBACK, source, HELLO, network=network)
        door = Door(f"post-{number % 20}", source, host, f"{self._chance.getrandbits(128):032x}")
        now = self._stranger.clock()
        try:
            self._stranger.blog.store.pings.receive(claim, door, now=now, budgets=self._budgets)
        except TooMany as refusal:
            self.answers["full" if isinstance(refusal, QueueFull) else "too many"] += 1
            self.waits.add(refusal.wait)
        else:
            self.answers["taken"] += 1

    def _host(self, number: int) -> str:
        share = self._chance.random()
        if share < 0.2:
            return "one.example"
        return f"farm-{number % 40}.example" if share < 0.5 else f"host-{number}.example"


class Internet:
    """Answers every call: half link here, the others do not, are not there, or do not answer.

    `calls` are the instants at which each host was called.
    """

    def __init__(self, worker: Worker) -> None:
        self.calls: dict[str, list[datetime]] = defaultdict(list)
        self._clock = worker.clock
        self._chance = random.Random(8)
        worker.get, worker.read = self._get, self._read

    def _get(self, url: str, known: Validators, before_call: BeforeCall) -> Page:
        for hop in (url, VICTIM) if "//farm-" in url else (url,):
            address = read_web_address(hop)
            before_call(address, IPv4Address(0x5DB80000 + self._chance.getrandbits(16)))
            self.calls[address.counted_as].append(self._clock())
        share = self._chance.random()
        if share < 0.1:
            raise FetchFailed("connect", url, "nobody answers there", passing=True)
        return a_page(404 if share < 0.3 else 200, url)

    def _read(self, page: Page, target: str, at: datetime) -> SourcePage:
        links = self._chance.random() < 0.8
        return SourcePage(
            links=links, shown_url=page.url, title="A title", site="A site", excerpt=""
        )


def rows(stranger: Stranger) -> dict[str, int]:
    """How many there are in each table that a flood can write."""
    file = stranger.blog.settings.data / "permalien.db"
    tables = ("pings", "hosts", "outbox", "comments", "revisions", "decisions")
    with closing(sqlite3.connect(file)) as connection:
        count = "SELECT count(*) FROM {}"
        return {name: connection.execute(count.format(name)).fetchone()[0] for name in tables}


def in_the_busiest_hour(calls: list[datetime]) -> int:
    return max(sum(at <= one < at + HOUR for one in calls) for at in calls)


@pytest.mark.parametrize(
    ("number", "a_second", "budgets", "waits"),
    [
        (1_200, 40, FEW, {SOON, TOMORROW}),
        # In so few minutes fewer are read than may wait for the author.
        pytest.param(
            *(100_000, 400, Budgets(), {SOON}),
            marks=[pytest.mark.soak, pytest.mark.timeout(3600)],
            id="soak",
        ),
    ],
)
def test_a_flood_of_pings_calls_nobody_too_often_and_leaves_little(
    stranger: Stranger,
    worker: Worker,
    number: int,
    a_second: int,
    budgets: Budgets,
    waits: set[timedelta],
) -> None:
    flood, internet, pace = Flood(stranger, budgets), Internet(worker), Pace()
    pings, before = stranger.blog.store.pings, resident(os.getpid())

    for second in range(number // a_second):
        for one in range(a_second):
            flood.sends(second * a_second + one)
        held = []
        while (taken := worker.takes()) is not None:
            held.append(taken)
        assert len(held) <= pace.at_once
        for taken in held:
            worker.verifies(taken)
        stranger.clock.passes(seconds=1)
        if second % 3600 == 0:
            pings.tidy(stranger.clock())

    assert flood.answers.total() == number
    assert flood.answers["too many"] > 0
    assert flood.answers["full"] > 0
    assert flood.waits == waits
    for calls in internet.calls.values():
        assert all(later - at >= SECOND for at, later in pairwise(calls))
        assert in_the_busiest_hour(calls) <= pace.hourly
    assert 0 < len(internet.calls["victim.example"]) <= pace.hourly * 2
    waiting = len(pings.listed([PingState.RECEIVED]))
    undecided = len(stranger.blog.store.entries({Status.PENDING}))
    assert waiting <= budgets.everything
    assert 0 < undecided <= 2 * budgets.everything
    kept = rows(stranger)
    assert kept["pings"] <= waiting + undecided + 2 * 20_000
    assert kept["hosts"] <= 3 * pace.hourly_in_all
    assert kept["outbox"] <= waiting + undecided
    assert (kept["comments"], kept["revisions"], kept["decisions"]) == (undecided, 0, 0)
    assert resident(os.getpid()) - before < 100_000
