"""From hop to hop: each is asked of DNS once, looked at, and called at the address looked at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, pairwise

import pytest
from hostile_host import BLOG, OTHER, HostileHost, Internet, page, redirect
from test_fetch_networks import ADDRESSES

from pingback_server.domain.errors import FetchRefused
from pingback_server.domain.networks import Address
from pingback_server.domain.web_addresses import WebAddress

URL = "http://blog.example/"


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


def refusal(internet: Internet, url: str = URL) -> FetchRefused:
    """How reading `url` is refused."""
    with pytest.raises(FetchRefused) as caught:
        internet.fetcher().get(url)
    return caught.value


# DNS


def test_a_name_is_asked_once_and_the_answer_that_was_looked_at_is_called(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    stranger_blog.answers["/"] = page()
    internet.names["blog.example"] = [[BLOG], ["127.0.0.1"]]  # the second time it is ourselves

    assert internet.fetcher().get(URL).status == 200

    assert (internet.questions, internet.dialled) == (["blog.example"], [(BLOG, 80)])


def test_a_name_that_turns_on_us_between_two_hops_is_not_called_again(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    stranger_blog.answers["/"] = redirect("/next")
    internet.names["blog.example"] = [[BLOG], ["127.0.0.1"]]

    assert refusal(internet).why == "address"

    assert (internet.questions, internet.dialled) == (["blog.example"] * 2, [(BLOG, 80)])


def test_the_next_address_of_a_name_is_called_where_the_first_is_silent(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    stranger_blog.answers["/"] = page()
    internet.names["blog.example"] = [[OTHER, BLOG]]

    assert internet.fetcher().get(URL).status == 200
    assert internet.dialled == [(OTHER, 80), (BLOG, 80)]


def test_each_address_that_is_dialled_is_told_before(internet: Internet) -> None:
    internet.host().answers["/"] = page()
    internet.names["blog.example"] = [["93.184.216.99", BLOG]]
    told = []

    def before_call(address: WebAddress, ip: Address) -> None:
        told.append((address.host, str(ip), len(internet.dialled)))

    internet.fetcher().get("http://blog.example/", before_call=before_call)

    assert told == [("blog.example", "93.184.216.99", 0), ("blog.example", BLOG, 1)]


def test_the_host_is_called_by_its_name_and_its_port(internet: Internet) -> None:
    for url, host in {
        "http://blog.example:443/": "blog.example:443",
        "http://été.example/": "xn--t-9fab.example",
        f"http://{BLOG}/": BLOG,
        "http://[2a00:1450::1]/": "[2a00:1450::1]",
    }.items():
        name, ip, port = {
            BLOG: ("ip.example", BLOG, 80),
            "[2a00:1450::1]": ("ip6.example", "2a00:1450::1", 80),
            "blog.example:443": ("blog.example", OTHER, 443),
        }.get(host, (host, OTHER, 80))
        called = internet.host(name, ip, port)

        internet.fetcher().get(url)

        assert f"\r\nHost: {host}\r\n" in called.requests[0]


# Redirects


@pytest.mark.covers("WM-R10")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_by_get_whatever_its_status(
    internet: Internet, stranger_blog: HostileHost, status: int
) -> None:
    other = internet.host("other.example", OTHER)
    stranger_blog.answers["/"] = redirect("http://other.example/post#c", f"{status} On")
    other.answers["/post"] = page(b"here")

    read = internet.fetcher().get(URL)

    assert (read.url, read.hops, read.body) == ("http://other.example/post", (URL,), b"here")
    assert other.requests[0].startswith("GET /post HTTP/1.1\r\nHost: other.example\r\n")
    assert "Referer" not in other.requests[0]


@pytest.mark.parametrize("status", [300, 304, 305, 306, 200, 201, 410])
def test_a_location_in_any_other_answer_leads_nowhere(
    internet: Internet, stranger_blog: HostileHost, status: int
) -> None:
    stranger_blog.answers["/"] = redirect("http://127.0.0.1/", f"{status} Stay")

    assert internet.fetcher().get(URL).status == status
    assert internet.dialled == [(BLOG, 80)]


def test_a_redirect_to_nowhere_is_the_answer(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    stranger_blog.answers["/"] = page(status="302 Found")

    assert (internet.fetcher().get(URL).status, len(stranger_blog.requests)) == (302, 1)


def test_a_cookie_of_one_hop_is_not_given_back_at_the_next(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    stranger_blog.answers["/"] = page(b"", "Set-Cookie: a=1", "Location: /2", status="302 Found")

    internet.fetcher().get(URL)

    assert [request.split()[1] for request in stranger_blog.requests] == ["/", "/2"]
    assert "Cookie" not in "".join(stranger_blog.requests)


@pytest.mark.covers("WM-R11")
def test_five_redirects_are_followed_and_a_sixth_is_not(
    internet: Internet, stranger_blog: HostileHost
) -> None:
    for hop in range(7):
        stranger_blog.answers[f"/{hop}"] = redirect(f"/{hop + 1}")
    stranger_blog.answers["/7"] = page(b"here")

    assert internet.fetcher().get(f"{URL}2").hops == tuple(f"{URL}{n}" for n in (2, 3, 4, 5, 6))
    stranger_blog.requests.clear()
    refused = refusal(internet, f"{URL}1")

    assert (refused.why, refused.url) == ("redirects", f"{URL}7")
    assert [request.split()[1] for request in stranger_blog.requests] == [
        *("/1", "/2", "/3", "/4", "/5", "/6"),
    ]


@pytest.mark.parametrize(
    ("paths", "requests"), [(["/", "/"], 1), (["/", "/a", "/"], 2), (["/", "/a", "/b", "/a"], 3)]
)
def test_a_circle_is_seen_before_it_is_gone_round(
    internet: Internet, stranger_blog: HostileHost, paths: list[str], requests: int
) -> None:
    for here, there in pairwise(paths):
        stranger_blog.answers[here] = redirect(f"{there}#{here.strip('/')}")

    assert refusal(internet).why == "redirects"
    assert len(stranger_blog.requests) == requests


@pytest.mark.parametrize(
    ("ip", "status"), list(zip(ADDRESSES, cycle([301, 302, 303, 307, 308]), strict=False))
)
def test_a_redirect_to_an_address_that_is_not_public_is_not_followed(
    internet: Internet, stranger_blog: HostileHost, ip: str, status: int
) -> None:
    host = f"[{ip}]" if ":" in ip else ip
    stranger_blog.answers["/"] = redirect(f"http://{host}/", f"{status} On")
    stranger_blog.answers["/named"] = redirect("http://inside.example/", f"{status} On")
    internet.names["inside.example"] = [[ip]]

    assert refusal(internet).why == "address"
    assert refusal(internet, f"{URL}named").why == "address"

    assert set(internet.dialled) == {(BLOG, 80)}


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("file:///etc/passwd", "scheme"),
        ("gopher://127.0.0.1:6379/_FLUSHALL", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("http://other.example:22/", "port"),
        ("//localhost/", "address"),
        ("http://2130706433/", "grammar"),
        ("http://other.example\\@127.0.0.1/", "grammar"),
        ("http://user@other.example/", "grammar"),
        ("http://[::1", "grammar"),
        ("/a b", "grammar"),
        ("/" + "a" * 2000, "grammar"),
    ],
)
def test_a_redirect_is_looked_at_like_a_first_address(
    internet: Internet, stranger_blog: HostileHost, location: str, why: str
) -> None:
    stranger_blog.answers["/"] = redirect(location)

    assert refusal(internet).why == why
    assert (internet.questions, internet.dialled) == (["blog.example"], [(BLOG, 80)])


def test_no_proxy_of_the_environment_is_asked(
    internet: Internet, stranger_blog: HostileHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    stranger_blog.answers["/"] = page()

    assert internet.fetcher().get(URL).status == 200

    assert internet.dialled == [(BLOG, 80)]
    assert stranger_blog.requests[0].startswith("GET / HTTP/1.1\r\nHost: blog.example\r\n")
