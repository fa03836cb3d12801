"""Who sends a byte at a time to a door of pings holds nobody up, and is ended soon."""

from __future__ import annotations

import http.client
import select
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

import pytest
from actors import BlogFolder, free_port, wait_until
from ping_actors import HELLO, SOURCE, a_call

from pingback_server.domain.pings import PingState

PATIENCE = 2.0
SLOW = f"{SOURCE}/slow"


def mention(source: str) -> bytes:
    """The body of a Webmention, long enough not to be through soon."""
    return urlencode({"source": source, "target": HELLO, "more": "x" * 300}).encode()


DOORS = {
    "/-/webmention": mention(SLOW),
    "/-/pingback": a_call(SLOW, HELLO),
    "/xmlrpc.php": a_call(SLOW, HELLO),
    "/-/trackback/7": urlencode({"url": SLOW, "title": "x" * 300}).encode(),
}
# The web role, which waits less long for who is slow than it does in life.
_SERVE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from actors import BlogFolder, Clock, visit
from ping_actors import LOOPBACK
from pingback_server.web.server import listen, serve
with BlogFolder(Path(sys.argv[2])) as blog:
    app = visit(blog, Clock(), check_source=LOOPBACK.check).app
    serve(app, listen("127.0.0.1", int(sys.argv[3])), blog.settings, patience=float(sys.argv[4]))
"""


@dataclass(frozen=True, slots=True)
class Web:
    """A web server of a blog, in a process of its own."""

    blog: BlogFolder
    port: int

    def posts(self, path: str, body: bytes, head: dict[str, str] | None = None) -> int:
        """The status; 0 if there was no answer within ten seconds."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request("POST" if body else "GET", path, body or None, head or form)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def received(self) -> list[str]:
        """The sources that were taken."""
        return [ping.source for ping in self.blog.store.pings.listed([PingState.RECEIVED])]


@pytest.fixture(scope="module")
def web(pinged_blog: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The blog that takes every kind of ping, as it is served."""
    folder, port = tmp_path_factory.mktemp("slow") / "blog", free_port()
    shutil.copytree(pinged_blog, folder)
    words = [str(Path(__file__).parent), str(folder), str(port), str(PATIENCE)]
    process = subprocess.Popen([sys.executable, "-c", _SERVE, *words])
    with BlogFolder(folder) as blog:
        web = Web(blog, port)
        wait_until(lambda: web.posts("/healthz", b"") == 200, 60)
        yield web
    process.terminate()
    assert process.wait(30) == 0


class Dripping(Thread):
    """Senders who give a byte of what is left every tenth of a second, after what comes `first`.

    `ended` are the seconds after which each was cut off.
    """

    def __init__(self, port: int, first: bytes, left: bytes, number: int = 1) -> None:
        super().__init__(daemon=True)
        self.begun = time.monotonic()
        self._open = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(number)]
        self._first, self._left = first, left
        self._stopping = Event()
        self.ended: list[float] = []

    def __enter__(self) -> Dripping:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self.join()
        for one in self._open:
            one.close()

    def run(self) -> None:
        said = [self._first, *(bytes([byte]) for byte in self._left)]
        for some in said:
            for one in self._open:
                with suppress(OSError):
                    one.sendall(some)
            self._put_away_the_ended()
            if not self._open or self._stopping.wait(0.1):
                return

    def _put_away_the_ended(self) -> None:
        poll = select.poll()
        by_number = {one.fileno(): one for one in self._open}
        for number in by_number:
            poll.register(number, select.POLLIN)
        for number, _ in poll.poll(0):
            by_number[number].close()
            self._open.remove(by_number[number])
            self.ended.append(time.monotonic() - self.begun)


def head_of(path: str, body: bytes) -> bytes:
    kind = "text/xml" if body.startswith(b"<") else "application/x-www-form-urlencoded"
    lines = f"Host: localhost\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return f"POST {path} HTTP/1.1\r\n{lines}".encode()


@pytest.mark.parametrize("path", DOORS)
def test_a_slow_body_holds_nobody_up_and_is_ended_soon(web: Web, path: str) -> None:
    body = DOORS[path]

    with Dripping(web.port, head_of(path, body), body, number=20) as slow:
        while len(slow.ended) < 20 and time.monotonic() < slow.begun + 30:
            assert web.posts(HELLO.removeprefix("http://localhost:8000"), b"") == 200
            time.sleep(0.1)
        assert web.posts("/-/webmention", mention(f"{SOURCE}{path}")) == 201

    assert len(slow.ended) == 20
    assert min(slow.ended) >= PATIENCE
    assert max(slow.ended) < PATIENCE + 20
    assert f"{SOURCE}{path}" in web.received()
    assert SLOW not in web.received()


def test_a_slow_head_is_ended_soon(web: Web) -> None:
    head = head_of("/-/webmention", mention(SLOW))

    with Dripping(web.port, head[:1], head[1:]) as slow:
        wait_until(lambda: bool(slow.ended), 30)

    assert SLOW not in web.received()


def test_those_who_take_every_connection_give_it_back(web: Web) -> None:
    head, whole = head_of("/-/webmention", mention(SLOW)), mention(f"{SOURCE}/whole")

    with Dripping(web.port, head, mention(SLOW), number=520) as slow:
        wait_until(lambda: web.posts("/-/webmention", whole) == 201, 60)
        wait_until(lambda: bool(slow.ended), 10)

    assert SLOW not in web.received()


def test_who_is_slow_and_comes_through_in_time_is_answered(web: Web) -> None:
    body = mention(f"{SOURCE}/in-time")

    with socket.create_connection(("127.0.0.1", web.port), 10) as one:
        one.sendall(head_of("/-/webmention", body) + body[:10])
        time.sleep(0.5)
        one.sendall(body[10:])

        assert one.recv(100).startswith(b"HTTP/1.1 201 ")
