"""Readers who comment without a rest, over real sockets, each comment until it is answered."""

from __future__ import annotations

import http.client
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from urllib.parse import urlencode

TRIES = 400
"""How often a reader sends one comment before giving up."""


@dataclass(slots=True)
class Crowd:
    """Readers in threads of their own; what they sent, and what they were told was taken.

    `fields` are the fields of the form as its page has them. A reader writes at most `most`
    comments; every fifth is sent again after its answer, as by a double click.
    """

    ports: Sequence[int]
    fields: dict[str, str]
    readers: int = 4
    most: int = 60
    seed: int = 1
    sent: list[str] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)
    _stopping: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)

    def __enter__(self) -> Crowd:
        self._threads = [Thread(target=self._read, args=(n,)) for n in range(self.readers)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _read(self, reader: int) -> None:
        chance = random.Random(self.seed * 100 + reader)
        for number in range(self.most):
            text = f"Comment {number} by reader {reader} of crowd {self.seed}."
            self.sent.append(text)
            self._send(text, chance)
            if chance.random() < 0.2:
                self._send(text, chance)
            if self._stopping.wait(chance.random() * 0.2):
                return

    def _send(self, text: str, chance: random.Random) -> None:
        """Send it until there is an answer, each time to any of the ports."""
        for _ in range(TRIES):
            receipt = post_comment(chance.choice(self.ports), {**self.fields, "comment": text})
            if receipt is not None:
                if self.acknowledged.setdefault(text, receipt) != receipt:
                    self.contradictions.append(text)
                return
            if self._stopping.wait(0.1):
                return


def post_comment(port: int, fields: dict[str, str]) -> str | None:
    """The address of the receipt; None if the comment was not taken, or nobody said so."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", "/-/comments", urlencode(fields), kind)
        answer = connection.getresponse()
        answer.read()
        return answer.getheader("Location") if answer.status == 303 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def read_page(port: int, path: str) -> tuple[int, bytes]:
    """Status and bytes of a page; HTTPException if it is shorter than its Content-Length."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def read_on(port: int, paths: list[str], seen: set[tuple[str, bytes]], over: Event) -> None:
    """Read pages in turn, again and again; what was wrong is seen as well."""
    while not over.wait(0.04):
        for path in paths:
            try:
                status, body = read_page(port, path)
            except Exception as error:
                status, body = 0, repr(error).encode()
            seen.add((path, body if status == 200 else b"%d: %s" % (status, body)))
