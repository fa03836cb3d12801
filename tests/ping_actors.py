"""Other sites, as they speak to the blog: by Pingback, Trackback and Webmention."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from actors import BlogFolder, Clock, Reader, visit
from werkzeug.test import TestResponse

from pingback_server.domain.pings import PingState, ReceivedPing

SITE = "http://localhost:8000"
HELLO = f"{SITE}/2026/11/20/hello/"
SOURCE = "https://stranger.example/about-it"


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
def stranger(pinged_blog: Path, tmp_path: Path, clock: Clock) -> Iterator[Stranger]:
    """Somebody's site that links to the blog."""
    folder = tmp_path / "pinged"
    shutil.copytree(pinged_blog, folder)
    with BlogFolder(folder) as blog:
        yield Stranger(visit(blog, clock), blog, clock)
