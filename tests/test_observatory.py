"""Mozilla's HTTP Observatory would give A+ to what our server, nginx and Caddy send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from actors import BlogFolder, Clock, Reader, visit
from observatory import modifiers, score

DEPLOY = Path(__file__).resolve().parent.parent / "docs" / "deploy.md"
# Since its version 1.6 there are ten points more for a Cross-Origin-Opener-Policy: it is sent, too.
TOP = 130


@pytest.fixture
def visitor(blog: BlogFolder, clock: Clock) -> Reader:
    """A reader of a blog that is reached by TLS."""
    blog.configure('SITEURL = "https://blog.example.org"')
    blog.build()
    return visit(blog, clock)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("{hello}", 200),
        ("/archives/", 200),
        ("/nowhere/", 404),
        ("/-/comments", 405),
        ("/-/comments/99/reply", 404),
    ],
)
def test_our_server_gets_the_best_grade_for(
    visitor: Reader, blog: BlogFolder, path: str, status: int
) -> None:
    answer = visitor.opens(path.format(hello=blog.address("hello")))

    assert answer.status_code == status
    assert score(dict(answer.headers)) == TOP, modifiers(dict(answer.headers))
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Set-Cookie" not in answer.headers


def test_a_receipt_gets_the_best_grade(visitor: Reader) -> None:
    receipt = visitor.opens(visitor.comments().location)

    assert receipt.status_code == 200
    assert score(dict(receipt.headers)) == TOP


def test_a_page_that_is_not_sent_anew_keeps_the_grade(visitor: Reader) -> None:
    answer = visitor.opens("/", If_None_Match=visitor.opens("/").headers["ETag"])

    assert answer.status_code == 304
    assert score(dict(answer.headers)) == TOP


def test_hosts_that_may_be_embedded_cost_no_point(
    visitor: Reader, blog: BlogFolder, clock: Clock
) -> None:
    blog.configure('EMBEDS_ALLOWED = ["video.example.org"]')
    blog.build()

    headers = dict(visit(blog, clock).opens("/").headers)

    assert "frame-src video.example.org" in headers["Content-Security-Policy"]
    assert score(headers) == TOP


def test_only_a_blog_that_is_reached_by_tls_asks_for_nothing_else(reader: Reader) -> None:
    answer = reader.opens("/")

    assert "Strict-Transport-Security" not in answer.headers
    assert modifiers(dict(answer.headers))["transport"] == -20


@pytest.mark.parametrize(
    ("server", "line"),
    [
        ("nginx", r'add_header ([A-Za-z-]+) (?:"([^"]*)"|(\S+?))(?: always)?;'),
        ("Caddy", r'(?m)^ +header (?:@page )?([A-Z][A-Za-z-]+) (?:"([^"]*)"|(\S+))$'),
    ],
)
def test_the_web_server_in_front_gets_the_best_grade(server: str, line: str) -> None:
    block = DEPLOY.read_text("utf-8").split(f"\n{server}:\n\n")[1].split("\n\n")[0]

    headers = {name: quoted or bare for name, quoted, bare in re.findall(line, block)}

    # nginx takes it from the map above, by how an address ends.
    if headers["Cross-Origin-Resource-Policy"] == "$shared":
        assert re.search(r"~\(/\|\\\.html\)\$ same-origin;", block)
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
    assert score(headers) == TOP, modifiers(headers)
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


POLICY = "default-src 'none'; frame-ancestors 'none'"
BEST = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
}


@pytest.mark.parametrize(
    ("sent", "points"),
    [
        ({}, 130),
        ({"Content-Security-Policy": f"{POLICY}; script-src 'unsafe-inline'"}, 80),
        ({"Content-Security-Policy": f"{POLICY}; style-src 'unsafe-inline'"}, 120),
        ({"Content-Security-Policy": f"{POLICY}; img-src http:"}, 80),
        ({"Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'"}, 125),
        ({"Content-Security-Policy": ""}, 55),
        ({"Cross-Origin-Resource-Policy": "cross-origin"}, 120),
        ({"Referrer-Policy": "unsafe-url"}, 120),
        ({"Strict-Transport-Security": "max-age=60"}, 120),
        ({"Strict-Transport-Security": ""}, 80),
        ({"X-Content-Type-Options": ""}, 125),
        ({"Access-Control-Allow-Origin": "*"}, 50),
    ],
)
def test_the_observatory_is_awake(sent: Mapping[str, str], points: int) -> None:
    assert score({**BEST, **sent}) == points
