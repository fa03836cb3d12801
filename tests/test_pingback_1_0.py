"""Pingback 1.0, the receiving side, and as much XML-RPC as it needs, by the sections of both."""

from __future__ import annotations

import re

import pytest
from actors import visit
from engines import on_sqlite_alone
from ping_actors import HELLO, SITE, SOURCE, Stranger, a_call
from store_actors import another_writer

from pingback_server.domain.discussion import Status
from pingback_server.domain.errors import BadCall
from pingback_server.fetch import Fetcher
from pingback_server.protocols.xmlrpc import Call, fault, read_call, success
from pingback_server.store import Store

pytestmark = pytest.mark.usefixtures("engine")

covers = pytest.mark.covers
ELEMENT = re.compile(r'<link rel="pingback" href="([^"]+)" ?/?>')


# ---- 2: discovery


@covers("PB-P01", "PB-P02")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_page_of_a_post_names_one_absolute_endpoint(stranger: Stranger, method: str) -> None:
    page = stranger.reader.asks(method, "/2026/11/20/hello/")

    assert page.headers.getlist("X-Pingback") == [f"{SITE}/-/pingback"]


@covers("PB-P04")
def test_no_link_header_names_it(stranger: Stranger) -> None:
    page = stranger.reader.opens("/2026/11/20/hello/")

    assert page.headers.getlist("Link") == [f'<{SITE}/-/webmention>; rel="webmention"']


@covers("PB-P01")
@pytest.mark.parametrize("path", ["/", "/about/", "/2026/11/20/closed/", "/nowhere/"])
def test_what_takes_no_pings_names_none(stranger: Stranger, path: str) -> None:
    page = stranger.reader.opens(path)

    assert "X-Pingback" not in page.headers
    assert "Link" not in page.headers


@covers("PB-P03")
def test_the_element_names_the_same_as_the_header(stranger: Stranger) -> None:
    page = stranger.reader.opens("/2026/11/20/hello/")

    assert ELEMENT.findall(page.get_data(as_text=True)) == [page.headers["X-Pingback"]]


@covers("PB-P06")
def test_nothing_that_others_write_looks_like_the_element(stranger: Stranger) -> None:
    words = '<link rel="pingback" href="https://evil.example/">'
    others = "---\nStatus: draft\n\n{{7*7}} {% raw %} {static}a |filename|b --> ]]> </script>"
    said = f"{others} {words} `{words}`"
    assert stranger.reader.comments(author=words, comment=said).status_code == 303
    store = stranger.blog.store
    [entry] = store.entries()
    store.decide([entry.id], Status.APPROVED, now=stranger.clock(), by="author")

    stranger.blog.build()

    page = stranger.blog.page("hello")
    assert "evil.example" in page
    assert "{{7*7}} {% raw %} {static}a |filename|b" in page
    assert ELEMENT.findall(page) == [f"{SITE}/-/pingback"]


def test_a_page_names_it_up_to_the_instant_at_which_its_post_closes(stranger: Stranger) -> None:
    stranger.clock.passes(hours=35, minutes=59)
    assert "X-Pingback" in stranger.reader.opens("/2026/11/20/passing/").headers

    stranger.clock.passes(minutes=1)
    assert "X-Pingback" not in stranger.reader.opens("/2026/11/20/passing/").headers


@pytest.mark.parametrize("path", ["/old/hello/", "/?p=7"])
def test_former_addresses_name_it_too_since_wordpress_asks_there(
    stranger: Stranger, path: str
) -> None:
    moved = stranger.reader.opens(path)

    assert moved.status_code == 301
    assert moved.headers["X-Pingback"] == f"{SITE}/-/pingback"


# ---- 3: the call, and its answers


@covers("PB-S01", "PB-S10", "PB-S12", "XR-02")
def test_a_ping_is_answered_with_one_text_once_it_is_stored(stranger: Stranger) -> None:
    assert stranger.pingbacks() == "Thank you. The page will be read soon; then the author decides."

    [ping] = stranger.received()
    assert (ping.kind, ping.source, ping.target) == ("pingback", SOURCE, HELLO)
    assert stranger.blog.store.waiting().jobs == 1


@covers("PB-S03")
@pytest.mark.parametrize(
    "source",
    [
        "",
        "stranger.example/x",
        "//stranger.example/x",
        "ftp://stranger.example/x",
        "javascript:alert(1)",
        "https://stranger.example:22/",
        "http://10.0.0.1/",
        "http://2130706433/",
        "http://localhost/",
        "https://user@stranger.example/",
        f"{SITE}/about/",
        f"{SITE}/?s=hello",
        HELLO,
    ],
)
def test_a_source_that_nobody_would_read_is_fault_16(stranger: Stranger, source: str) -> None:
    strict = Fetcher("Permalien (test)").check
    reader = visit(stranger.blog, stranger.clock, check_source=strict)

    fault = Stranger(reader, stranger.blog, stranger.clock).pingbacks(source)

    assert fault == (16 if source else -32602)
    assert stranger.received() == []


@covers("PB-S05")
@covers("PB-S05", "PB-S06")
@pytest.mark.parametrize(
    "path", ["/-/webmention", "/-/pingback", "/-/trackback/7", "/xmlrpc.php", "/healthz"]
)
def test_what_the_service_answers_at_is_there_and_no_target(stranger: Stranger, path: str) -> None:
    assert stranger.pingbacks(target=f"{SITE}{path}") == 33


def test_a_target_that_certainly_does_not_exist_is_fault_32(stranger: Stranger) -> None:
    assert stranger.pingbacks(target=f"{SITE}/nothing-like-a-post/") == 32
    assert stranger.pingbacks(target=f"{SITE}/nothing-like-a-post/trackback/") == 32


@covers("PB-S06")
@pytest.mark.parametrize(
    "target",
    [
        f"{SITE}/",
        f"{SITE}/about/",
        f"{SITE}/archives/",
        f"{SITE}/2026/11/20/closed/",
        f"{SITE}/2026/11/20/draft/",
        "https://elsewhere.example/2026/11/20/hello/",
    ],
)
def test_a_target_that_cannot_be_used_is_fault_33(stranger: Stranger, target: str) -> None:
    assert stranger.pingbacks(target=target) == 33


@covers("PB-S07")
def test_a_known_pair_is_fault_48(stranger: Stranger) -> None:
    stranger.pingbacks()

    assert stranger.pingbacks() == 48
    assert stranger.pingbacks(target=f"{HELLO}#comment-3") == 48
    assert len(stranger.received()) == 1


@on_sqlite_alone
@covers("PB-S02", "WM-R17")
def test_what_only_we_are_to_blame_for_is_fault_0_and_may_be_sent_again(stranger: Stranger) -> None:
    store = Store.open(stranger.blog.settings.store_url, 0.1)
    busy = Stranger(visit(stranger.blog, stranger.clock, store), stranger.blog, stranger.clock)

    with another_writer(stranger.blog.folder):
        fault, answer = busy.pingbacks(), busy.mentions()

    assert fault == 0
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert isinstance(busy.pingbacks(), str)
    store.close()


def test_a_post_that_closed_takes_no_more(stranger: Stranger) -> None:
    target = f"{SITE}/2026/11/20/passing/"
    assert isinstance(stranger.pingbacks(target=target), str)

    stranger.clock.passes(days=2)

    assert stranger.pingbacks("https://late.example/", target) == 33


def test_wordpress_finds_it_at_its_own_address(stranger: Stranger) -> None:
    answer = stranger.calls(a_call(SOURCE, HELLO), "/xmlrpc.php")

    assert b"faultCode" not in answer.data
    assert len(stranger.received()) == 1


def test_a_french_blog_says_it_in_french(stranger: Stranger) -> None:
    stranger.blog.configure('DEFAULT_LANG = "fr"')
    stranger.blog.build()

    answer = stranger.calls(a_call(SOURCE, f"{SITE}/"))

    assert "n’est pas celle d’un article" in answer.get_data(as_text=True)


# ---- XML-RPC


@covers("XR-01")
@pytest.mark.parametrize("path", ["/-/pingback", "/xmlrpc.php"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS"])
def test_another_method_than_post_is_told_so(stranger: Stranger, path: str, method: str) -> None:
    answer = stranger.reader.asks(method, path)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@covers("XR-05")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"<methodCall>", -32700),
        (b"\xff\xfe\xff", -32700),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + a_call(SOURCE, HELLO)[21:], -32700),
        (b"<a/>", -32600),
        (b"<methodCall><params/></methodCall>", -32600),
        (a_call(SOURCE, HELLO, method="system.multicall"), -32601),
        (
            a_call("X", method="system.multicall").replace(
                b"<string>X</string>", b"<array><data/></array>"
            ),
            -32601,
        ),
        (a_call(method="system.listMethods"), -32601),
        (a_call("1", method="pingback.extensions.getPingbacks"), -32601),
        (a_call(SOURCE), -32602),
        (a_call(SOURCE, HELLO, "more"), -32602),
        (a_call(SOURCE, HELLO).replace(b"string>", b"int>"), -32602),
        (a_call("", HELLO), -32602),
        (b"<a>" * 2000 + b"</a>" * 2000, -32700),
        (b"<a>" + b"<b/>" * 200 + b"</a>", -32700),
    ],
)
def test_what_is_no_call_of_ours_has_a_code_of_its_own(
    stranger: Stranger, body: bytes, code: int
) -> None:
    answer = stranger.calls(body)

    assert answer.status_code == 200
    assert f"<value><int>{code}</int></value>" in answer.get_data(as_text=True)


def test_a_call_that_is_too_long_is_not_read(stranger: Stranger) -> None:
    answer = stranger.calls(a_call(SOURCE, "x" * 70_000))

    assert b"<int>-32602</int>" in answer.data


@covers("XR-04")
def test_a_value_without_a_type_is_a_text_and_padding_is_none_of_it() -> None:
    body = (
        b"<methodCall><methodName>m</methodName><params><param><value>\n a&amp;b </value></param>"
    )

    assert read_call(body + b"</params></methodCall>") == Call("m", ("a&b",))


@pytest.mark.parametrize(
    ("head", "encoding", "charset"),
    [
        ("", "utf-8", ""),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "latin-1", ""),
        ('<?xml version="1.0" encoding="windows-1252"?>', "windows-1252", ""),
        ('<?xml version="1.0" encoding="utf-16"?>', "utf-16", ""),
        ("", "utf-8-sig", ""),
        ("", "latin-1", "iso-8859-1"),
        ('<?xml version="1.0" encoding="utf-8"?>', "latin-1", "iso-8859-1"),
        ("", "shift_jis", "shift_jis"),
    ],
)
def test_letters_are_read_as_the_header_or_the_document_says(
    head: str, encoding: str, charset: str
) -> None:
    letters = "ア" if encoding == "shift_jis" else "é"
    body = f"{head}<methodCall><methodName>{letters}</methodName></methodCall>"

    assert read_call(body.encode(encoding), charset).method == letters


def test_an_unknown_charset_is_no_well_formed_call() -> None:
    with pytest.raises(BadCall, match="no well-formed XML"):
        read_call(b"<a/>", "klingon")


@covers("XR-03")
def test_a_fault_is_a_struct_of_an_int_and_a_string() -> None:
    assert fault(48, "a <b> & \x00").decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse>\n<fault><value><struct>\n'
        "<member><name>faultCode</name><value><int>48</int></value></member>\n"
        "<member><name>faultString</name><value><string>a &lt;b&gt; &amp; \ufffd</string></value>"
        "</member>\n</struct></value></fault>\n</methodResponse>\n"
    )


@covers("XR-02")
def test_a_success_is_one_text() -> None:
    assert b"<params><param><value><string>ok</string></value></param></params>" in success("ok")
