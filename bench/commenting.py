"""How fast comments are taken: our web role against the bare Flask application, turn by turn."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from statistics import median
from urllib.parse import urlencode

from .blogs import Blog, Server, bare_flask, served
from .client import Answers, drive
from .meters import cpu_seconds

POST = "en/2026/11/18/what-a-permalink-promises"
ROUNDS = 5
SECONDS = 3.0
# As many readers at once as there are threads to answer them.
CONNECTIONS = 16
# What readers write, as far as one can say: mostly plain words, now and then some Markdown.
TEXTS = (
    "Number {n}. We moved our blog twice and kept the addresses both times. It took a table of "
    "forty lines and one evening, and I have never regretted either.",
    "Is the date really never wrong, {n}? I publish at midnight, and half of my readers live in a "
    "place where that is still yesterday.\n\nI have stopped caring. The page says what it says.",
    "The title is the hard one ({n}): in a list of *old* posts nobody finds anything by its `id`.",
    "> Everything in an address that can change will change\n\nMine did, [twice]"
    "(https://example.org/moved), and I lost **half** of my readers to it, number {n} among them.",
)


@dataclass(slots=True)
class Side:
    """What was measured of one of the two, a value for each round."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    client_cpu: list[float] = field(default_factory=list)
    receipts: list[bytes] = field(default_factory=list)
    refused: int = 0

    def add(self, answers: Answers, cpu: float) -> None:
        accepted = len(answers.receipts)
        self.rates.append(answers.rate)
        self.cpu.append(cpu / accepted * 1e6)
        self.client_cpu.append(answers.cpu / accepted * 1e6)
        self.receipts += answers.receipts
        self.refused += len(answers.refused)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Both sides, the answers at half of our rate, and the comments found on the disk after."""

    bare: Side
    ours: Side
    half: Answers
    acknowledged: int
    on_disk: int


def measure(blog: Blog) -> Outcome:
    """Comment on the demo blog, which has been built; its service is killed before the count."""
    requests = requests_for(blog.token(POST))
    bare, ours, first = Side(), Side(), Side()
    with bare_flask() as stranger, served(blog, "--only", "web") as web:
        for server in (stranger, web):  # the first second is not like the others
            answers = drive(server.port, requests, seconds=1, connections=CONNECTIONS)
            if server is web:
                first.add(answers, 0.0)
        for _ in range(ROUNDS):
            _round(bare, stranger, requests)
            _round(ours, web, requests)
        rate = median(ours.rates) / 2
        half = drive(web.port, requests, seconds=8, rate=rate, connections=64)
        web.process.kill()
        web.process.wait()
    receipts = {*first.receipts, *ours.receipts, *half.receipts}
    return Outcome(bare, ours, half, len(receipts), _rows(blog))


def _round(side: Side, server: Server, requests: Iterator[bytes]) -> None:
    before = cpu_seconds([server.process.pid])
    answers = drive(server.port, requests, seconds=SECONDS, connections=CONNECTIONS)
    side.add(answers, cpu_seconds([server.process.pid]) - before)


def requests_for(token: str) -> Iterator[bytes]:
    """Comments as a browser sends them, no two alike."""
    for n in count():
        fields = {
            "token": token,
            "author": f"Reader {n % 50}",
            "email": "reader@example.org" if n % 2 else "",
            "url": "https://reader.example/" if n % 3 == 0 else "",
            "subject": "",
            "comment": TEXTS[n % len(TEXTS)].format(n=n),
        }
        body = urlencode(fields).encode()
        head = (
            "POST /-/comments HTTP/1.1\r\nHost: localhost\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


def _rows(blog: Blog) -> int:
    connection = sqlite3.connect(blog.database)
    try:
        [rows] = connection.execute("SELECT count(*) FROM comments").fetchone()
        return int(rows)
    finally:
        connection.close()
