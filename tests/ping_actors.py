"""Other sites, as they speak to the blog: by Pingback, Trackback and Webmention."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from actors import BlogFolder, Clock, Reader, keep_by_engine, visit
from werkzeug.test import TestResponse

from pingback_server.deeds.verify_ping import ACCEPT, LEASE, Reading, verify_ping
from pingback_server.domain.pings import PingState, ReceivedPing
from pingback_server.domain.source_pages import SourcePage
from pingback_server.fetch import BeforeCall, Fetcher, Page, Validators
from pingback_server.manifest import PublishedBlog
from pingback_server.processes import read_source
from pingback_server.store import Verification

SITE = "http://localhost:8000"
HELLO = f"{SITE}/2026/11/20/hello/"
SOURCE = "https://stranger.example/about-it"
LOOPBACK = Fetcher("Permalien (test)", [ip_network("127.0.0.0/8")])


def a_call(*params: str, method: str = "pingback.ping") -> bytes:
    """A call as WordPress writes it."""
    listed = "".join(
        f"<param><value><string>{escape(one)}</string></value></param>" for one in params
    )
    return (
        f'<?xml version="1.0"?>\n<methodCall>\n<methodName>{method}</methodName>\n'
        f"<params>\n{listed}\n</params></methodCall>"
    ).encode()


@dataclass(frozen=True, slots=True)
class Stranger:
    """Another site: it sends pings, and reads what it is answered."""

    reader: Reader
    blog: BlogFolder
    clock: Clock

    def calls(self, body: bytes, path: str = "/-/pingback", **options: str) -> TestResponse:
        return self.reader.posts(path, data=body, **{"content_type": "text/xml", **options})

    def pingbacks(self, source: str = SOURCE, target: str = HELLO) -> int | str:
        """The fault, or the text of a success."""
        answer = self.calls(a_call(source, target))
        assert answer.status_code == 200
        assert answer.content_type == "text/xml; charset=utf-8"
        text = answer.get_data(as_text=True)
        fault = re.search(r"<name>faultCode</name><value><int>(-?\d+)</int></value>", text)
        if fault:
            return int(fault[1])
        [said] = re.findall("<param><value><string>([^<]+)</string></value></param>", text)
        return str(said)

    def mentions(self, source: str = SOURCE, target: str = HELLO) -> TestResponse:
        return self.reader.posts("/-/webmention", data={"source": source, "target": target})

    def trackbacks(self, path: str, **fields: str) -> str:
        """The answer's inside."""
        answer = self.reader.posts(path, data={"url": SOURCE, **fields})
        assert answer.status_code == 200
        text = answer.get_data(as_text=True)
        return str(re.search(r"<response>\s*(.*?)\s*</response>", text, re.DOTALL)[1])  # type: ignore[index]

    def received(self) -> list[ReceivedPing]:
        """What the blog has taken and not verified yet."""
        return self.blog.store.pings.listed([PingState.RECEIVED])


@pytest.fixture(scope="session")
def pinged_blog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blog that takes every kind of ping, built once."""
    blog = BlogFolder.init(tmp_path_factory.mktemp("pinged") / "blog")
    blog.configure('DISCUSSION = {"close_after_days": 30_000, "trackbacks": True}')
    blog.write_post("hello", "Hello", "The first words.", Number="7", Aliases="/old/hello/")
    blog.write_post("été", "Été", "Les premiers mots.", Lang="fr", Id="summer")
    blog.write_post("closed", "Closed", "No pings.", Pings="closed")
    blog.write_post("passing", "Passing", "For two days.", Closes="2026-11-23")
    blog.write_post("draft", "Draft", "Not yet.", Status="draft")
    blog.build()
    return blog.folder


@pytest.fixture
def stranger(
    pinged_blog: Path, tmp_path: Path, clock: Clock, request: pytest.FixtureRequest
) -> Iterator[Stranger]:
    """Somebody's site that links to the blog, which is kept by the `engine` if a test has one."""
    folder = tmp_path / "pinged"
    shutil.copytree(pinged_blog, folder)
    keep_by_engine(folder, request)
    with BlogFolder(folder) as blog:
        reader = visit(blog, clock, check_source=LOOPBACK.check)
        yield Stranger(reader, blog, clock)


class Neighbour:
    """Another blog, on this machine: a real server with the pages that a test writes.

    `status`, `headers` and `pages` can be changed at any time; `asked` is what it was asked for.
    """

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.status = 200
        self.headers: dict[str, str] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        neighbour = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the name that the library calls
                neighbour.asked.append((self.path, dict(self.headers)))
                text = neighbour.pages.get(self.path)
                body = (text or "").encode()
                self.send_response(neighbour.status if text is not None else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                for name, value in neighbour.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def writes(self, path: str, text: str, title: str = "A neighbour | Next door") -> str:
        """A page, at its address."""
        self.pages[path] = (
            f"<!doctype html><html lang=en><title>{title}</title><body><main>{text}</main></body>"
        )
        return self.url + path

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    """A blog next door."""
    neighbour = Neighbour()
    yield neighbour
    neighbour.close()


class Worker:
    """Verifies pings as the worker does, with the test's clock: real fetches, real readings.

    What a test gives as `get` or `read` comes in their place: then nobody is called.
    """

    def __init__(self, blog: BlogFolder, clock: Clock) -> None:
        self.blog, self.clock = blog, clock
        self.get: Callable[[str, Validators, BeforeCall], Page] = _get
        self.read: Callable[[Page, str, datetime], SourcePage] = _read

    def takes(self, by: str = "worker", **more: Any) -> Verification | None:
        return self.blog.store.pings.take(self.clock(), lease=LEASE, by=by, **more)

    def verifies(self, taken: Verification | None = None) -> ReceivedPing:
        """One ping, as it is then."""
        taken = taken or self.takes()
        assert taken is not None, "nothing is due"
        store = self.blog.store
        blog = PublishedBlog(self.blog.settings.manifest_path)()
        reading = Reading(blog, store, store.rulings.all(), self.get, self.read)
        verify_ping(taken, reading, self.clock)
        return store.pings.by_number(taken.ping.id)

    def looks_again(self, **span: float) -> ReceivedPing | None:
        """Let time pass, and verify what is due then."""
        self.clock.passes(**span)
        self.blog.store.pings.ask_again(self.clock())
        taken = self.takes()
        return None if taken is None else self.verifies(taken)


def _get(url: str, known: Validators, before_call: BeforeCall) -> Page:
    return LOOPBACK.get(url, accept=ACCEPT, conditional=known, before_call=before_call)


def _read(page: Page, target: str, at: datetime) -> SourcePage:
    kind = page.headers.get("content-type", "")
    return read_source(page.body, content_type=kind, url=page.url, target=target, now=at)


@pytest.fixture
def worker(stranger: Stranger) -> Worker:
    """The worker of the blog."""
    return Worker(stranger.blog, stranger.clock)


def a_page(status: int = 200, url: str = SOURCE, **headers: str) -> Page:
    """What comes back from a source."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    wait = named.get("retry-after")
    return Page(url, status, "text/html", named, b"x", retry_after=int(wait) if wait else None)
