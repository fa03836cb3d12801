"""Over TLS the certificate has to be the host's, whatever address it is called at."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hostile_host import BLOG, OTHER, Authority, HostileHost, Internet, page, redirect

from pingback_server.domain.errors import FetchFailed

URL = "https://blog.example/"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Signs the certificates of these hosts."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def internet() -> Iterator[Internet]:
    """An internet of the test's own."""
    internet = Internet()
    yield internet
    internet.close()


@pytest.fixture
def stranger_blog(internet: Internet, authority: Authority) -> HostileHost:
    """The host blog.example with a certificate of its own."""
    host = internet.host(port=443, certificate=authority.signs("DNS:blog.example", f"IP:{BLOG}"))
    host.answers["/"] = page(b"over TLS")
    return host


def failure(internet: Internet, url: str = URL, **options: object) -> FetchFailed:
    """How reading `url` fails."""
    with pytest.raises(FetchFailed) as caught:
        internet.fetcher(**options).get(url)
    return caught.value


def test_a_host_is_called_at_its_address_and_known_by_its_name(
    internet: Internet, stranger_blog: HostileHost, authority: Authority
) -> None:
    read = internet.fetcher(trusted_ca=authority.certificate.chain).get(URL)

    assert (read.url, read.body) == (URL, b"over TLS")
    assert internet.dialled == [(BLOG, 443)]
    assert stranger_blog.asked_for == ["blog.example"]
    assert stranger_blog.requests[0].startswith("GET / HTTP/1.1\r\nHost: blog.example\r\n")


def test_an_address_as_host_is_known_by_its_certificate_too(
    internet: Internet, stranger_blog: HostileHost, authority: Authority
) -> None:
    read = internet.fetcher(trusted_ca=authority.certificate.chain).get(f"https://{BLOG}/")

    assert read.body == b"over TLS"
    assert stranger_blog.asked_for == [None]


def test_a_certificate_of_another_host_is_refused(
    internet: Internet, stranger_blog: HostileHost, authority: Authority
) -> None:
    internet.names["other.example"] = [[BLOG]]

    failed = failure(internet, "https://other.example/", trusted_ca=authority.certificate.chain)

    assert (failed.why, failed.passing) == ("tls", False)
    assert "not valid for 'other.example'" in str(failed)
    assert stranger_blog.requests == []


def test_a_certificate_that_nobody_we_know_has_signed_is_refused(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    failed = failure(internet)

    assert (failed.why, failed.passing, stranger_blog.requests) == ("tls", False, [])


def test_a_host_that_speaks_no_tls_may_be_mended(internet: Internet) -> None:
    internet.host(port=443).greeting = b"SSH-2.0-OpenSSH_9.2\r\n"

    failed = failure(internet)

    assert (failed.why, failed.passing) == ("tls", True)


def test_a_handshake_that_never_ends_is_left_when_the_time_is_over(internet: Internet) -> None:
    internet.host(port=443)  # reads on and on, since no head of a request ends
    started = time.monotonic()

    assert failure(internet, seconds=0.3).why == "timeout"
    assert time.monotonic() - started < 3


def test_a_body_that_drips_over_tls_is_left_when_the_time_is_over(
    internet: Internet, stranger_blog: HostileHost, authority: Authority
) -> None:
    stranger_blog.answers["/"] = stranger_blog.drips(b"HTTP/1.1 200 OK\r\n\r\n", b"x", every=0.01)
    started = time.monotonic()

    failed = failure(internet, seconds=0.5, trusted_ca=authority.certificate.chain)

    assert failed.why == "timeout"
    assert time.monotonic() - started < 3


def test_an_endless_body_over_tls_is_left_after_a_megabyte(
    internet: Internet, stranger_blog: HostileHost, authority: Authority
) -> None:
    stranger_blog.answers["/"] = stranger_blog.pours(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536)

    assert failure(internet, trusted_ca=authority.certificate.chain).why == "too-large"


def test_from_https_to_http_is_followed_and_said(
    internet: Internet, stranger_blog: HostileHost, authority: Authority
) -> None:
    internet.host("other.example", OTHER).answers["/"] = page(b"in the open")
    stranger_blog.answers["/"] = redirect("http://other.example/")

    read = internet.fetcher(trusted_ca=authority.certificate.chain).get(URL)

    assert (read.url, read.hops, read.body) == ("http://other.example/", (URL,), b"in the open")
