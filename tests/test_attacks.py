"""Known attacks on receivers of pings, each answered by a test that is named, or by a reason.

tests/cases/pings_attacked.json names the test for each. Where the collection from which the numbers
come lies beside the checkout, its own payloads are sent, too.
"""

from __future__ import annotations

import ast
import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from actors import visit
from ping_actors import HELLO, SOURCE, Stranger, a_call
from source_reading import POST, read
from test_reading_limits import read_apart

from pingback_server.domain.errors import FetchFailed, FetchRefused
from pingback_server.fetch import Fetcher
from pingback_server.processes import Limits

TESTS = Path(__file__).resolve().parent
ANSWERS: dict[str, str] = json.loads((TESTS / "cases" / "pings_attacked.json").read_text("utf-8"))
COLLECTION = TESTS.parent.parent / "shared" / "cases" / "attacks.json"
# They look like attacks and are addresses on the web.
WELL_FORMED = {"url-07", "url-27"}
# Between the pages: what stands in a description rather than in a page.
DESCRIBED = {"link-26", "link-33", "link-36"}


def collected(*areas: str) -> list[dict[str, Any]]:
    """The attacks of these areas."""
    if not COLLECTION.is_file():
        pytest.skip("no collection of attacks beside the checkout")
    return [
        row for row in json.loads(COLLECTION.read_text("utf-8")) if row["id"].split("-")[0] in areas
    ]


@cache
def named_in(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.fixture
def strict(stranger: Stranger) -> Stranger:
    """Another site, at a blog that calls no network but the public one."""
    check = Fetcher("Permalien (test)").check
    reader = visit(stranger.blog, stranger.clock, check_source=check)
    return Stranger(reader, stranger.blog, stranger.clock)


def answers_of(stranger: Stranger, source: str) -> tuple[object, ...]:
    """What the three doors say of a source."""
    mention = stranger.mentions(source)
    return (
        mention.status_code,
        mention.data,
        stranger.pingbacks(source),
        stranger.trackbacks("/-/trackback/7", url=source),
    )


@pytest.mark.parametrize("answer", sorted(set(ANSWERS.values())))
def test_each_answer_is_a_reason_or_a_test_that_is_there(answer: str) -> None:
    file, _, name = answer.partition("::")

    assert answer.startswith("– ") or name in named_in(file)


def test_every_attack_of_the_collection_has_its_answer() -> None:
    if not COLLECTION.is_file():
        pytest.skip("no collection of attacks beside the checkout")

    assert set(ANSWERS) == {row["id"] for row in json.loads(COLLECTION.read_text("utf-8"))}


# ---- ssrf, dns, url: before anybody is called


@pytest.mark.parametrize(
    "source",
    [
        "http://127.0.0.1/",
        "http://0177.0.0.1/",
        "http://①②⑦.⓪.⓪.①/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:7f00:1::]/",
        "http://100.100.100.200/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[ff02::1]/",
        "http://localhost/",
        "http://public.example:22/",
        "file:///etc/passwd",
        "http://%6cocalhost/",
        f"http://{'a' * 254}.example/",
    ],
)
def test_a_source_that_must_not_be_called_is_refused_at_every_door(
    strict: Stranger, source: str
) -> None:
    other = answers_of(strict, "gopher://stranger.example/")
    assert (other[0], other[2]) == (400, 16)

    assert answers_of(strict, source) == other
    assert strict.received() == []


def test_those_of_the_collection_are_refused_too(strict: Stranger) -> None:
    other = answers_of(strict, "gopher://stranger.example/")
    attacks = [row for row in collected("ssrf", "url", "dns") if "source=" in row["payload"][:7]]
    assert len(attacks) > 40

    wrong = {}
    for row in attacks:
        if row["id"] not in {"url-29", "url-30", "url-31", *WELL_FORMED}:
            said = answers_of(strict, spelt_out(row["payload"]))
            if said[:3] != other[:3] or not str(said[3]).startswith("<error>1<"):
                wrong[row["id"]] = said

    assert wrong == {}
    assert strict.received() == []


def spelt_out(payload: str) -> str:
    url = payload.removeprefix("source=").strip('"').replace("\\r\\n", "\r\n")
    return url.replace("<254 letters>", "a" * 254).replace("<100000 x a>", "a" * 3000)


# ---- link: where a reader could follow it


@pytest.mark.parametrize(
    ("html", "counts"),
    [
        (f'<!--[if IE]><a href="{POST}">x</a><![endif]-->', False),
        (f"<iframe srcdoc='<a href=\"{POST}\">x</a>'></iframe>", False),
        (f'<title><a href="{POST}">x</a></title>', False),
        (f'<plaintext><a href="{POST}">x</a>', False),
        (f'<base href=/><base href="https://blog.example/"><a href="{POST[20:]}">x</a>', False),
        (f'<a rel="nofollow" href="{POST}">x</a>', True),
    ],
)
def test_what_counts_as_a_link(html: str, counts: bool) -> None:
    assert read(html).links is counts


def test_those_of_the_collection_count_as_it_says() -> None:
    types = {"link-18": "text/plain", "link-19": "application/json"}
    texts = {"link-18": f"See {POST} there", "link-19": json.dumps({"a": POST})}

    wrong = {}
    for row in collected("link"):
        if row["id"] in DESCRIBED:
            continue
        text = texts.get(row["id"], row["payload"].replace('"T"', f'"{POST}"'))
        found = read(text.replace("\\n", "\n"), types.get(row["id"], "text/html")).links
        if found is not row["expected"].startswith("counts"):
            wrong[row["id"]] = text

    assert wrong == {}


# ---- xml: the reader of calls

BOMB = b'<!DOCTYPE e [<!ENTITY a "' + b"x" * 50_000 + b'">]><methodCall>' + b"&a;" * 2000
CALLS = {
    "xml-02, xml-03: entities": (BOMB, -32700),
    "xml-04: a file": (b'<!DOCTYPE e [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>', -32700),
    "xml-06: a DTD": (b'<!DOCTYPE e SYSTEM "http://127.0.0.1:1/d.dtd"><a/>', -32700),
    "xml-07: nested": (b"<methodCall>" + b"<array>" * 4000, -32700),
    "xml-08: never closed": (b"<a>" * 500_000, -32602),
    "xml-11: UTF-7": (b'<?xml version="1.0" encoding="utf-7"?><methodCall/>', -32700),
    "xml-12: a long number": (
        a_call(SOURCE, "9" * 5000).replace(b"string>", b"int>"),
        -32602,
    ),
    "xml-13: a struct": (
        a_call(SOURCE, HELLO).replace(
            b"<string>", b"<struct><member><name>a</name><value/></member></struct><string>", 1
        ),
        -32600,
    ),
    "xml-13: nothing": (
        a_call(SOURCE, "x").replace(b"<string>x</string>", b"<nil/>"),
        -32602,
    ),
    "xml-13: base64": (a_call(SOURCE, HELLO).replace(b"string>", b"base64>"), -32602),
    "xml-16: many in one": (a_call("x", method="system.multicall"), -32601),
    "xml-17: what there is": (a_call(method="system.listMethods"), -32601),
    "xml-22: packed": (gzip.compress(a_call(SOURCE, HELLO)), -32700),
}


@pytest.mark.parametrize(("body", "code"), CALLS.values(), ids=CALLS)
def test_a_call_that_attacks_the_reader_is_a_fault(
    stranger: Stranger, body: bytes, code: int
) -> None:
    answer = stranger.calls(body)

    assert answer.status_code == 200
    assert f"<int>{code}</int>" in answer.get_data(as_text=True)
    assert stranger.received() == []


@pytest.mark.parametrize(
    "head",
    [
        b'<?xml-stylesheet href="http://127.0.0.1/x.xsl"?>',
        b"<!--" + b" a" * 20_000 + b"-->",
    ],
)
def test_what_says_nothing_in_a_call_is_passed_over(stranger: Stranger, head: bytes) -> None:
    body = a_call(SOURCE, HELLO).replace(b"\n<methodCall>", head + b"<methodCall>")

    assert b"faultCode" not in stranger.calls(body).data


# ---- work, and what is told of it


def test_a_megabyte_of_links_is_read_within_the_limits() -> None:
    # Two seconds are enough for it, on a processor that is not shared with other tests.
    page = '<a href="https://a.example/">x</a> ' * 25_000 + f'<a href="{POST}">x</a>'

    assert read_apart(page, Limits(cpu_seconds=6, seconds=60)).links


@pytest.mark.parametrize(
    "error",
    [
        FetchRefused("grammar", "http://x/\r\nFAKE LOG LINE\x1b[2J", "no"),
        FetchFailed("protocol", "http://x/", "said \r\nFAKE\x1b[2J"),
    ],
)
def test_what_is_said_of_a_source_is_one_line(error: Exception) -> None:
    assert str(error).isprintable()
