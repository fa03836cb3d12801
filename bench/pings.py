"""What pings cost: to take them at the door, and to read the pages that are said to link here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from xml.sax.saxutils import escape

from .blogs import Blog, served
from .client import Answers, drive

TARGET = "http://localhost:8000/en/2026/11/18/what-a-permalink-promises/"
"""A post of the demo blog, by its SITEURL."""

_SECONDS = 8.0
# A blog is pinged now and then: what counts is how long the one who pings has to wait.
_RATE = 20.0
_LINK = "https://blog.example/post/"
_PARAGRAPH = "<p>" + "word " * 100 + '<a href="https://a.example/x">a link</a>, <b>bold</b>.</p>\n'
_END = f'<p>See <a href="{_LINK}">this</a>.</p>'

PAGES = {
    "100 kB": _PARAGRAPH * 170 + _END,
    "1 MB": _PARAGRAPH * 1650 + _END,
    "25,000 links": '<a href="https://a.example/">x</a> ' * 25_000 + _END,
    "20,000 elements deep": "<div>" * 20_000 + _END,
    "20,000 attributes": f"<p {' '.join(f'a{n}=1' for n in range(20_000))}>{_END}",
    "20,000 comments that do not end": "<!--" * 20_000 + "-->" + _END,
    "3,000 formats taken up again": "<b>" * 3000 + "<p>" * 3000 + _END,
}
# In a process of its own, since the peak of children is that of all there ever were.
_READ = """
import json, resource, sys
from datetime import UTC, datetime
from pingback_server.domain.errors import PageUnreadable
from pingback_server.processes import read_source
try:
    said = "links" if read_source(
        sys.stdin.buffer.read(), content_type="text/html; charset=utf-8",
        url="https://other.example/", target=sys.argv[1], now=datetime.now(UTC)).links else "none"
except PageUnreadable as cause:
    said = str(cause)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said]))
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """One page read apart: seconds of a processor, MB at most, and what came of it."""

    page: str
    cpu: float
    peak: float
    said: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Answers to webmentions and pingbacks at a fixed rate and as fast as they come."""

    at_rate: dict[str, Answers]
    rates: dict[str, float]


def measure(blog: Blog) -> Outcome:
    """Ping the demo blog, which has been built; no worker runs, so no page is asked for."""
    numbers = count()
    kinds = {"webmention": _webmentions(numbers), "pingback": _pingbacks(numbers)}
    at_rate, rates = {}, {}
    with served(blog, "--only", "web") as web:
        for name, requests in kinds.items():
            drive(web.port, requests, seconds=1, rate=_RATE)
            at_rate[name] = drive(web.port, requests, seconds=_SECONDS, rate=_RATE, connections=8)
        for name, requests in kinds.items():
            rates[name] = drive(web.port, requests, seconds=1).rate
    return Outcome(at_rate, rates)


def read_pages() -> Iterator[Reading]:
    """Read each of `PAGES` as the worker has it read."""
    for name, page in PAGES.items():
        done = subprocess.run(
            [sys.executable, "-c", _READ, _LINK],
            input=page.encode(),
            capture_output=True,
            check=True,
        )
        yield Reading(name, *json.loads(done.stdout))


def as_wordpress(script: Path, times: int = 5) -> list[float]:
    """The milliseconds that a WordPress takes to answer each of so many pingbacks, one by one.

    `script` starts and ends one. It reads the source before it answers: a page on this machine that
    is there at once.
    """
    with tempfile.TemporaryDirectory(prefix="permalien-wordpress-") as folder:
        home = "http://127.0.0.2:8383"
        given = {**os.environ, "RUN": folder, "WPHOST": "127.0.0.2", "WPPORT": "8383"}
        run = partial(subprocess.run, env=given, capture_output=True, check=True)
        try:
            run([script, "up"])
            target = json.loads(run([script, "wp", "publish", "A post", "<p>Words</p>"]).stdout)
            with _a_page_that_links(target["url"]) as source:
                urls = [f"{source}/{number}" for number in range(times)]
                return [_seconds(f"{home}/xmlrpc.php", url, target["url"]) for url in urls]
        finally:
            run([script, "clean"])


@contextmanager
def _a_page_that_links(target: str) -> Iterator[str]:
    """A site of which every page links to `target`."""
    page = f'<title>A page</title><p>See <a href="{target}">this post</a>.</p>'.encode()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that the library calls
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _seconds(url: str, source: str, target: str) -> float:
    request = Request(url, _call(source, target), {"Content-Type": "text/xml"})
    begin = time.perf_counter()
    with urlopen(request, timeout=30) as answer:
        answer.read()
    return (time.perf_counter() - begin) * 1000


def _sources(numbers: Iterator[int]) -> Iterator[str]:
    """Pages of ever other hosts, whose budgets are not what is measured."""
    for number in numbers:
        yield f"https://host-{os.getpid()}-{number}.example/{number}"


def _webmentions(numbers: Iterator[int]) -> Iterator[bytes]:
    for source in _sources(numbers):
        body = urlencode({"source": source, "target": TARGET}).encode()
        yield _post("/-/webmention", "application/x-www-form-urlencoded", body)


def _pingbacks(numbers: Iterator[int]) -> Iterator[bytes]:
    for source in _sources(numbers):
        yield _post("/-/pingback", "text/xml", _call(source, TARGET))


def _call(*params: str) -> bytes:
    listed = "".join(f"<param><value>{escape(one)}</value></param>" for one in params)
    name = "<methodName>pingback.ping</methodName>"
    return f"<methodCall>{name}<params>{listed}</params></methodCall>".encode()


def _post(path: str, kind: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
