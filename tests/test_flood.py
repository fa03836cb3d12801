"""A flood of spam: who is honest is let in all the while, and the service does not swell."""

from __future__ import annotations

import http.client
import math
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

import pytest
from actors import BlogFolder, FormFields, Serving, wait_until

RATE, HONEST = 200, 5  # a second
MOST_GROWTH = 50_000  # kB
SOON = 0.5  # seconds, for 99 of 100
_HEAD = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(slots=True)
class Flood:
    """Spammers in threads of their own; together `RATE` POSTs a second, from many networks."""

    port: int
    fields: dict[str, str]
    spammers: int = 8
    answers: Counter[int] = field(default_factory=Counter)
    _over: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)

    def __enter__(self) -> Flood:
        self._threads = [Thread(target=self._send, args=(n,)) for n in range(self.spammers)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _send(self, spammer: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        due = time.monotonic()
        for number in range(100_000):
            if self._over.wait(max(0.0, due - time.monotonic())):
                break
            due += self.spammers / RATE
            text = f"A fine article, number {number} of the kind that {spammer} of us love to read."
            if number % 2:
                text = f"Cheap pills {number} [url=https://pills{spammer}.example/]now[/url]"
            fields = {**self.fields, "author": "Pills", "comment": text}
            place = f"203.{number % 250}.{spammer}.9"
            self.answers[send(connection, fields, place)] += 1
        connection.close()


def send(connection: http.client.HTTPConnection, fields: dict[str, str], place: str) -> int:
    """The status of the answer to a form that comes from there."""
    head = {**_HEAD, "X-Forwarded-For": place}
    connection.request("POST", "/-/comments", urlencode(fields), head)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def resident(pid: int) -> int:
    """The memory of a process in kB."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


@pytest.fixture
def flooded(blog: BlogFolder, serving: Callable[..., Serving]) -> Iterator[Serving]:
    """A service behind a proxy of its own, whose address is believed."""
    service = serving("--only", "web", PERMALIEN_TRUSTED_PROXIES="127.0.0.0/8")
    wait_until(lambda: service.get("/healthz").status == 200, 60, service.said)
    return service


@dataclass(slots=True)
class Writers:
    """People who are honest, `HONEST` of them a second, ten of each network.

    `waited` are the seconds until each was answered.
    """

    port: int
    fields: dict[str, str]
    answers: list[int] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    def write(self, seconds: int) -> None:
        """One comment after the other, for so long; who is answered late does not wait for it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        due = time.monotonic()
        for number in range(seconds * HONEST):
            due += 1 / HONEST
            time.sleep(max(0.0, due - time.monotonic()))
            said = {"author": "Ada", "comment": f"I have thought of it, {number}."}
            begin = time.perf_counter()
            place = f"198.51.{number // 10}.7"
            self.answers.append(send(connection, {**self.fields, **said}, place))
            self.waited.append(time.perf_counter() - begin)
        connection.close()

    def p99(self) -> float:
        """How long 99 of 100 waited at most, in seconds."""
        return sorted(self.waited)[math.ceil(0.99 * len(self.waited)) - 1]


def flood_while_somebody_writes(service: Serving, seconds: int) -> tuple[Flood, Writers, int]:
    """Both at once; the growth of the web process, in kB, from what it was after a second."""
    fields = FormFields(service.get(service.blog.address("hello")).body).fields
    elsewhere = FormFields(service.get(service.blog.address("bonjour")).body).fields
    [web] = service.webs() or [service.process.pid]
    writers = Writers(service.port, elsewhere)
    with Flood(service.port, fields) as flood:
        time.sleep(1)
        before = resident(web)
        writers.write(seconds)
        grown = resident(web) - before
    sys.stdout.write(
        f"\n{sum(flood.answers.values()) / (seconds + 1):.0f} of {RATE} spam POST/s answered "
        f"{dict(flood.answers)}; of {len(writers.answers)} honest comments "
        f"{writers.answers.count(303)} accepted, p99 {writers.p99() * 1000:.0f} ms, longest "
        f"{max(writers.waited) * 1000:.0f} ms; grown by {grown} kB; load {os.getloadavg()[0]:.1f}\n"
    )
    return flood, writers, grown


def assert_all_honest_ones_are_in(
    blog: BlogFolder, flood: Flood, writers: Writers, grown: int
) -> None:
    assert Counter(writers.answers) == {303: len(writers.waited)}
    # What looks like spam is shown once more or refused; what looks honest waits with the rest.
    assert flood.answers.keys() <= {200, 303, 429}
    assert flood.answers[200] > 0
    assert grown <= MOST_GROWTH
    kept = Counter((entry.author, entry.status) for entry in blog.store.entries())
    assert kept == {
        ("Ada", "pending"): len(writers.answers),
        ("Pills", "pending"): flood.answers[303],
    }


def test_every_honest_comment_is_accepted_while_spam_pours_in(flooded: Serving) -> None:
    flood, writers, grown = flood_while_somebody_writes(flooded, 5)

    assert sum(flood.answers.values()) >= 5 * RATE // 4
    assert_all_honest_ones_are_in(flooded.blog, flood, writers, grown)


@pytest.mark.soak
def test_a_minute_of_it_keeps_no_honest_writer_waiting(flooded: Serving) -> None:
    flood, writers, grown = flood_while_somebody_writes(flooded, 60)

    assert sum(flood.answers.values()) >= 0.95 * 60 * RATE
    assert_all_honest_ones_are_in(flooded.blog, flood, writers, grown)
    assert writers.p99() <= SOON
