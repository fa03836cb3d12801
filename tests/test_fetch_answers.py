"""What other hosts answer: a page comes back whole, and nothing else costs more than the limits."""

from __future__ import annotations

import gzip
import random
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest
from hostile_host import BLOG, USER_AGENT, HostileHost, Internet, page
from hypothesis import given, settings
from hypothesis import strategies as st

from pingback_server.domain.errors import FetchFailed, NotFetched
from pingback_server.fetch import Fetcher, Limits, Page, Validators

URL = "http://blog.example/"
# What lies on the way between a host that pours and a reader that stops: buffers of the kernel.
ON_THE_WAY = 8_000_000


@pytest.fixture
def internet() -> Iterator[Internet]:
    """An internet of the test's own."""
    internet = Internet()
    yield internet
    internet.close()


@pytest.fixture
def stranger_blog(internet: Internet) -> HostileHost:
    """The host blog.example."""
    return internet.host()


def failure(internet: Internet, url: str = URL, seconds: float = 10.0) -> FetchFailed:
    """How reading `url` fails."""
    with pytest.raises(FetchFailed) as caught:
        internet.fetcher(seconds=seconds).get(url)
    return caught.value


# In order


def test_a_page_comes_back_with_what_its_headers_say(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    headers = ('ETag: "7"', "Last-Modified: Sun, 22 Nov 2026 12:00:00 GMT", "X-A: 1", "x-a: 2")
    stranger_blog.answers["/post?p=1"] = page(b"<p>hello</p>", *headers)

    read = internet.fetcher().get("http://BLOG.example/post?p=1#words")

    assert read == Page(
        url="http://blog.example/post?p=1",
        status=200,
        content_type="text/html",
        headers={
            "content-type": "text/html",
            "content-length": "12",
            "etag": '"7"',
            "last-modified": "Sun, 22 Nov 2026 12:00:00 GMT",
            "x-a": "1, 2",
        },
        body=b"<p>hello</p>",
        hops=(),
        etag='"7"',
        last_modified="Sun, 22 Nov 2026 12:00:00 GMT",
        retry_after=None,
    )


def test_the_request_says_who_we_are_and_nothing_of_anybody_else(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    stranger_blog.answers["/"] = page(b"", "Set-Cookie: a=1")

    internet.fetcher().get(URL)
    internet.fetcher().get(URL, accept="application/json")

    assert stranger_blog.requests == [
        "GET / HTTP/1.1\r\nHost: blog.example\r\n"
        f"User-Agent: {USER_AGENT}\r\n"
        f"Accept: {accept}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
        for accept in ("text/html, application/xhtml+xml;q=0.9, */*;q=0.1", "application/json")
    ]


@pytest.mark.parametrize("odd", ['"a\0b"', '"é"', f'"{"x" * 20_000}"'])
def test_a_version_that_cannot_be_asked_for_is_none(
    internet: Internet, stranger_blog: HostileHost, odd: str
) -> None:
    stranger_blog.answers["/"] = page(b"hello", f"ETag: {odd}", f"Last-Modified: {odd}")

    read = internet.fetcher().get(URL)

    assert (read.body, read.etag, read.last_modified) == (b"hello", None, None)


def test_what_is_known_already_is_not_sent_again(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    stranger_blog.answers["/"] = b'HTTP/1.1 304 Not Modified\r\nETag: W/"7"\r\n\r\n'
    known = Validators('W/"7"', "Sun, 22 Nov 2026 12:00:00 GMT")

    read = internet.fetcher().get(URL, conditional=known)

    assert (read.status, read.body, read.etag) == (304, b"", 'W/"7"')
    assert 'If-None-Match: W/"7"\r\n' in stranger_blog.requests[0]
    assert "If-Modified-Since: Sun, 22 Nov 2026 12:00:00 GMT\r\n" in stranger_blog.requests[0]


def test_a_validator_that_would_break_out_of_its_header_is_left_out(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    internet.fetcher().get(URL, conditional=Validators('"7"\r\nX-Y: z', '"é"'))

    assert "If-" not in stranger_blog.requests[0]
    assert "X-Y" not in stranger_blog.requests[0]


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "500 Oh", "403 No", "999 Hm"])
def test_a_status_is_an_answer_and_its_body_is_nobody_s_business(
    internet: Internet, stranger_blog: HostileHost, status: str
) -> None:
    stranger_blog.answers["/"] = stranger_blog.pours(
        f"HTTP/1.1 {status}\r\n\r\n".encode(), b"x" * 65_536
    )

    read = internet.fetcher().get(URL)

    assert (read.status, read.body) == (int(status[:3]), b"")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (["Retry-After: 120"], 120),
        (["Retry-After: 999999999"], 86_400),
        ([f"Retry-After: {'9' * 5000}"], 86_400),
        (["Retry-After: Sun, 22 Nov 2026 12:01:00 GMT", "Date: Sun, 22 Nov 2026 12:00:00 GMT"], 60),
        (["Retry-After: Sun, 22 Nov 2026 11:00:00 GMT", "Date: Sun, 22 Nov 2026 12:00:00 GMT"], 0),
        (["Retry-After: Sun, 22 Nov 2026 12:01:00 GMT"], None),
        (["Retry-After: -1"], None),
        (["Retry-After: soon"], None),
        ([], None),
    ],
)
def test_how_long_to_wait_is_said_in_seconds_and_is_a_day_at_most(
    internet: Internet, stranger_blog: HostileHost, headers: list[str], seconds: int | None
) -> None:
    stranger_blog.answers["/"] = page(b"", *headers, status="503 Later")

    assert internet.fetcher().get(URL).retry_after == seconds


@pytest.mark.parametrize(
    ("header", "content_type", "charset"),
    [
        ("Content-Type: Text/HTML; Charset=ISO-8859-1", "text/html", "iso-8859-1"),
        ("Content-Type: application/json", "application/json", ""),
        ("X-Nothing: said", "", ""),
    ],
)
def test_the_media_type_and_the_letters_are_told_apart(
    internet: Internet, stranger_blog: HostileHost, header: str, content_type: str, charset: str
) -> None:
    stranger_blog.answers["/"] = f"HTTP/1.1 200 OK\r\n{header}\r\n\r\nhello".encode()

    read = internet.fetcher().get(URL)

    assert (read.content_type, read.charset, read.body) == (content_type, charset, b"hello")


@pytest.mark.parametrize(
    "answer",
    [
        page(b"hello", "Content-Length: 5"),
        page(gzip.compress(b"hello"), "Content-Encoding: GZIP"),
        page(gzip.compress(b"hello") + b"what follows", "Content-Encoding: x-gzip"),
        page(b"hello", "Content-Encoding: identity"),
        b"HTTP/1.0 200 OK\n\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;a\r\nllo\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello",
        b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
        b"HTTP/1.1 200 OK\r\n\r\nhello",
    ],
)
def test_a_body_is_read_in_every_form_that_it_may_have(
    internet: Internet, stranger_blog: HostileHost, answer: bytes
) -> None:
    stranger_blog.answers["/"] = answer

    assert internet.fetcher().get(URL).body == b"hello"


def test_a_page_of_just_under_a_megabyte_is_read(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    stranger_blog.answers["/"] = page(b"x" * 999_000)

    assert len(internet.fetcher().get(URL).body) == 999_000


def test_a_page_of_two_megabytes_is_read_if_it_is_packed(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    text = random.Random(1).randbytes(500_000) + b"x" * 1_500_000
    stranger_blog.answers["/"] = page(gzip.compress(text), "Content-Encoding: gzip")

    assert internet.fetcher().get(URL).body == text


# Too slow: one deadline over everything


@pytest.mark.covers("WM-R24", "PB-S11")
@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X"),
        (b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
        (b"H", b"T"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1", b";"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"a: b\r\n"),
    ],
    ids=["body", "header", "headers", "status", "continue", "chunks", "extension", "trailers"],
)
def test_whatever_drips_ends_when_the_time_is_over(
    internet: Internet, stranger_blog: HostileHost, head: bytes, drop: bytes
) -> None:
    stranger_blog.answers["/"] = stranger_blog.drips(head, drop, every=0.01)
    started = time.monotonic()

    failed = failure(internet, seconds=0.3)

    assert (failed.why, failed.passing) == ("timeout", True)
    assert 0.3 <= time.monotonic() - started < 3


def test_a_host_that_says_nothing_is_left_when_the_time_is_over(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    stranger_blog.answers["/"] = stranger_blog.waits

    assert failure(internet, seconds=0.2).why == "timeout"


def test_a_name_that_dns_never_answers_is_left_when_the_time_is_over() -> None:
    enough = threading.Event()

    def silent(name: str) -> list[str]:
        enough.wait(20)
        return [BLOG]

    started = time.monotonic()
    with pytest.raises(FetchFailed) as caught:
        Internet().fetcher(seconds=0.1, resolve=silent).get(URL)
    waited = time.monotonic() - started
    enough.set()

    assert (caught.value.why, caught.value.passing) == ("timeout", True)
    assert waited < 3


def test_the_time_of_all_hops_counts_together(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    clock = iter(range(0, 1000, 3))
    stranger_blog.answers["/"] = b"HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n"
    stranger_blog.answers["/next"] = page()

    with pytest.raises(FetchFailed) as caught:
        internet.fetcher(now=lambda: next(clock)).get(URL)

    assert caught.value.why == "timeout"
    assert next(clock) <= 18  # looked at the clock till it was over, and once more by us


def test_an_address_that_swallows_calls_costs_three_seconds_and_the_next_is_tried(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    stranger_blog.answers["/"] = page()
    internet.names["blog.example"] = [["2a00::1", BLOG]]
    waited: list[float] = []

    def connect(ip: str, port: int, seconds: float) -> socket.socket:
        waited.append(seconds)
        if ip == "2a00::1":
            raise TimeoutError("timed out")
        return internet.connect(ip, port, seconds)

    assert internet.fetcher(connect=connect).get(URL).status == 200
    assert waited == [3.0, 3.0]


# Too much


@pytest.mark.covers("WM-R24", "PB-S11")
def test_an_endless_body_is_left_after_a_megabyte(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    stranger_blog.answers["/"] = stranger_blog.pours(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536)

    failed = failure(internet)

    assert (failed.why, failed.passing) == ("too-large", False)
    assert "more than 1,000,000 bytes" in str(failed)
    assert stranger_blog.sent < 1_000_000 + ON_THE_WAY


@pytest.mark.parametrize(
    ("head", "more"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-Header: " + b"x" * 1000 + b"\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Header: ", b"x" * 4096),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 ", b"x" * 4096),
    ],
    ids=["headers", "header", "continue", "status"],
)
def test_an_endless_head_is_left_after_64_kilobytes(
    internet: Internet, stranger_blog: HostileHost, head: bytes, more: bytes
) -> None:
    stranger_blog.answers["/"] = stranger_blog.pours(head, more)

    failed = failure(internet)

    assert (failed.why, failed.passing) == ("too-large", False)
    assert stranger_blog.sent < 64_000 + ON_THE_WAY


def test_more_than_a_hundred_headers_are_no_answer(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    stranger_blog.answers["/"] = page(b"", *(f"X-{number}: 1" for number in range(100)))

    assert failure(internet).why == "protocol"


def test_what_is_announced_as_too_much_is_not_read_at_all(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
    stranger_blog.answers["/"] = lambda connection: stranger_blog.send(connection, head)

    assert failure(internet).why == "too-large"


def test_bytes_of_all_hops_count_together(internet: Internet, stranger_blog: HostileHost) -> None:
    for hop in range(3):
        location = f"Location: /{hop}?{'x' * 1000}"
        filling = "X: " + "y" * 40_000
        path = "/" if hop == 0 else f"/{hop - 1}?{'x' * 1000}"
        stranger_blog.answers[path] = page(b"", location, filling, status="302 Found")
    stranger_blog.answers[f"/2?{'x' * 1000}"] = page(b"x" * 950_000)

    assert failure(internet).why == "too-large"


@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_a_gzip_bomb_is_left_after_two_megabytes(
    internet: Internet, stranger_blog: HostileHost, framing: str
) -> None:
    bomb = gzip.compress(bytes(300_000_000), compresslevel=1)[:900_000]
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
    if framing == "length":
        stranger_blog.answers["/"] = head + b"\r\n" + bomb
    else:
        chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (len(bomb), bomb)
        stranger_blog.answers["/"] = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk
    tracemalloc.start()

    failed = failure(internet)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert failed.why == "too-large"
    assert "more than 2,000,000 bytes once unpacked" in str(failed)
    assert peak < 8_000_000


# Not in order


@pytest.mark.parametrize(
    ("answer", "why", "passing"),
    [
        (b"hello, this is no HTTP", "protocol", False),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "protocol", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", "protocol", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello", "protocol", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello", "protocol", False),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
            "protocol",
            False,
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello!", "protocol", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nhel", "protocol", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "protocol", True),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + b"x" * 100_000,
            "protocol",
            True,
        ),
        (b"", "connect", True),
        (page(b"x", "Content-Encoding: gzip, gzip"), "encoding", False),
        (page(b"x", "Content-Encoding: gzip", "Content-Encoding: gzip"), "encoding", False),
        (page(zlib.compress(b"x"), "Content-Encoding: deflate"), "encoding", False),
        (page(b"x", "Content-Encoding: br"), "encoding", False),
        (page(b"x", "Content-Encoding: zstd"), "encoding", False),
        (page(b"x", "Content-Encoding: \x1b[31m"), "encoding", False),
        (page(b"no gzip", "Content-Encoding: gzip"), "encoding", False),
        (page(b"x", "Transfer-Encoding: gzip"), "encoding", False),
        (page(gzip.compress(b"hello")[:-9], "Content-Encoding: gzip"), "protocol", True),
        (page(gzip.compress(b"hello")[:11], "Content-Encoding: gzip"), "protocol", True),
    ],
)
def test_an_answer_that_is_not_in_order_fails_with_its_cause(
    internet: Internet, stranger_blog: HostileHost, answer: bytes, why: str, passing: bool
) -> None:
    stranger_blog.answers["/"] = answer

    failed = failure(internet)

    assert (failed.why, failed.passing) == (why, passing)
    assert str(failed).isprintable()


def test_a_name_that_nobody_has_fails_for_good(internet: Internet) -> None:
    failed = failure(internet)

    assert (failed.why, failed.passing) == ("dns", False)


def test_dns_out_of_order_passes() -> None:
    def broken(name: str) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with pytest.raises(FetchFailed) as caught:
        Internet().fetcher(resolve=broken).get(URL)

    assert (caught.value.why, caught.value.passing) == ("dns", True)


def test_a_host_where_nobody_answers_may_answer_later(internet: Internet) -> None:
    internet.names["blog.example"] = [[BLOG]]

    failed = failure(internet)

    assert (failed.why, failed.passing) == ("connect", True)
    assert internet.dialled == [(BLOG, 80)]


ANSWERS = st.one_of(
    st.binary(max_size=400),
    st.builds(
        lambda lines, body: b"HTTP/1.1 200 OK\r\n" + b"\r\n".join(lines) + b"\r\n\r\n" + body,
        st.lists(
            st.one_of(
                st.binary(max_size=40),
                st.sampled_from(
                    [
                        *(b"Transfer-Encoding: chunked", b"Content-Encoding: gzip"),
                        *(b"Content-Length: 3", b"Content-Length: ", b"Location: http://[::1"),
                        *(b"Content-Type: text/html; charset=\xff", b" folded", b"Retry-After: x"),
                        *(b"Content-Type: ;;;", b"Date: 99", b": nameless", b"\x00: \x00"),
                    ]
                ),
            ),
            max_size=6,
        ),
        st.one_of(st.binary(max_size=60), st.just(gzip.compress(b"hello"))),
    ),
)


@given(answer=ANSWERS, status=st.sampled_from([b"200", b"302", b"204", b"304"]))
@settings(deadline=None, max_examples=300)
def test_whatever_comes_is_a_page_or_a_failure_of_ours(answer: bytes, status: bytes) -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        theirs.sendall(answer.replace(b" 200 ", b" %b " % status, 1))
        theirs.shutdown(socket.SHUT_WR)
        fetcher = Fetcher(
            USER_AGENT,
            resolve=lambda name: [BLOG],
            connect=lambda ip, port, seconds: ours,
            limits=Limits(seconds=5, hops=0),
        )
        outcome: Page | NotFetched
        try:
            outcome = fetcher.get(URL)
        except NotFetched as error:
            outcome = error
    if isinstance(outcome, NotFetched):
        assert str(outcome).isprintable()
        assert outcome.why in {"protocol", "encoding", "connect", "redirects", "grammar", "scheme"}
    else:
        assert (outcome.charset + outcome.content_type).isascii()
    assert ours.fileno() == -1
