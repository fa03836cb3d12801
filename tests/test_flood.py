"""A flood of spam: who is honest is let in all the while, and the service does not swell."""

from __future__ import annotations

import http.client
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

import pytest
from actors import BlogFolder, FormFields, Serving, wait_until

RATE = 200
MOST_GROWTH = 50_000  # kB
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


@pytest.mark.parametrize(
    "seconds", [5, pytest.param(60, marks=pytest.mark.soak)], ids=["seconds", "a-minute"]
)
def test_every_honest_comment_is_accepted_while_spam_pours_in(
    flooded: Serving, seconds: int
) -> None:
    blog = flooded.blog
    fields = FormFields(flooded.get(blog.address("hello")).body).fields
    elsewhere = FormFields(flooded.get(blog.address("bonjour")).body).fields
    honest = http.client.HTTPConnection("127.0.0.1", flooded.port, timeout=30)
    [web] = flooded.webs() or [flooded.process.pid]
    before, answers = 0, []

    with Flood(flooded.port, fields) as flood:
        for number in range(seconds):
            time.sleep(1)
            before = before or resident(web)
            # One network a comment in ten: a village, not one house that writes sixty.
            place = f"198.51.{number // 10}.7"
            said = {**elsewhere, "author": "Ada", "comment": f"I have thought of it, {number}."}
            answers.append(send(honest, said, place))
    honest.close()

    assert Counter(answers) == {303: seconds}
    assert sum(flood.answers.values()) >= seconds * RATE // 4
    # What looks like spam is shown once more or refused; what looks honest waits with the rest.
    assert flood.answers.keys() <= {200, 303, 429}
    assert flood.answers[200] > 0
    assert resident(web) - before <= MOST_GROWTH
    kept = Counter((entry.author, entry.status) for entry in blog.store.entries())
    assert kept == {("Ada", "pending"): seconds, ("Pills", "pending"): flood.answers[303]}
