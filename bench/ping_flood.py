"""What other hosts see of a flood of pings: how often they are called, and how many at once."""

from __future__ import annotations

import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, pairwise
from urllib.parse import urlencode

from .blogs import Blog, get, running
from .client import drive

_SECONDS = 15.0
_RATE = 50.0
_HOSTS = 20
# As from afar.
_ANSWERS_AFTER = 0.2


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody's page is asked for: of which host, from when to when, in seconds."""

    host: str
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a flood of `sent` pings in so many `seconds`, of which some were `refused`, has other
    hosts be called."""

    sent: int
    refused: int
    seconds: float
    calls: list[Call]

    @property
    def rate(self) -> float:
        """Calls of all hosts in a second."""
        return len(self.calls) / self.seconds

    @property
    def least_pause(self) -> float:
        """The seconds between two calls of one host, at their shortest."""
        begun = defaultdict(list)
        for call in sorted(self.calls, key=lambda call: call.begin):
            begun[call.host].append(call.begin)
        pauses = (later - at for ats in begun.values() for at, later in pairwise(ats))
        return min(pauses, default=0.0)

    @property
    def most_of_a_host(self) -> int:
        """How often the host that was called most was called."""
        called = [call.host for call in self.calls]
        return max((called.count(host) for host in set(called)), default=0)

    @property
    def at_once(self) -> int:
        """How many calls there were at one instant, at most."""
        return max(
            (sum(one.begin <= call.begin < one.end for one in self.calls) for call in self.calls),
            default=0,
        )


def measure(blog: Blog, target: str) -> Outcome:
    """Ping the demo blog, with its worker, from `_HOSTS` hosts of this machine."""
    allowed = {**blog.environment, "PERMALIEN_ALLOW_NETWORKS": "127.0.0.0/8"}
    command = [sys.executable, "-m", "pingback_server", "serve"]
    with (
        _hosts_that_link(target) as (port, calls),
        running(command, blog.port, allowed) as server,
    ):
        _wait_until_it_answers(server.port)
        requests = _mentions(port, target)
        answers = drive(server.port, requests, seconds=_SECONDS, rate=_RATE, connections=8)
        seen = list(calls)
    return Outcome(len(answers.milliseconds), len(answers.refused), answers.seconds, seen)


def _wait_until_it_answers(port: int) -> None:
    """Two minutes at most: it listens before it has loaded what it answers with."""
    for _ in range(3):
        with suppress(TimeoutError):
            get(port, "/healthz")
            return
    get(port, "/healthz")


@contextmanager
def _hosts_that_link(target: str) -> Iterator[tuple[int, list[Call]]]:
    """A port on which every address of this machine has pages that link to `target`."""
    page = f'<title>A page</title><p>See <a href="{target}">this post</a>.</p>'.encode()
    calls: list[Call] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that the library calls
            begin = time.monotonic()
            time.sleep(_ANSWERS_AFTER)
            calls.append(Call(self.connection.getsockname()[0], begin, time.monotonic()))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("0.0.0.0", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, calls
    server.shutdown()
    server.server_close()


def _mentions(port: int, target: str) -> Iterator[bytes]:
    """Webmentions of ever other pages of these hosts, in turn."""
    for number in count():
        source = f"http://127.0.0.{2 + number % _HOSTS}:{port}/{number}"
        body = urlencode({"source": source, "target": target}).encode()
        head = "POST /-/webmention HTTP/1.1\r\nHost: localhost\r\n"
        kind = "Content-Type: application/x-www-form-urlencoded\r\n"
        yield f"{head}{kind}Content-Length: {len(body)}\r\n\r\n".encode() + body
