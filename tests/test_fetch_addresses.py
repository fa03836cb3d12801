"""What is an address on the web and what is refused as one: by table, by law, without any call."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hostile_host import Internet
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.util import parse_url

from pingback_server.domain.errors import FetchRefused
from pingback_server.domain.web_addresses import WebAddress, read_location, read_web_address

ROOT = Path(__file__).resolve().parent.parent
# A collection that is not ours to copy, where there is one beside the checkout.
COLLECTION = ROOT.parent / "shared" / "cases" / "attacks.json"
# Of it, what cannot be seen in an address: DNS answers, names that the collection only describes.
BY_DNS = ("ssrf-dns", "redirect", "http-answer", "sender")
TAKEN_THERE = {"url-07", "url-27", "url-29", "url-30", "url-31"}


def refusal(url: str) -> FetchRefused:
    """How `url` is refused, and nobody was asked or called for it."""
    internet = Internet()
    with pytest.raises(FetchRefused) as at_once:
        internet.fetcher().check(url)
    with pytest.raises(FetchRefused) as fetched:
        internet.fetcher().get(url)
    assert (internet.questions, internet.dialled) == ([], [])
    assert (at_once.value.why, str(at_once.value)) == (fetched.value.why, str(fetched.value))
    return at_once.value


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://blog.example", "http://blog.example/"),
        ("HTTP://Blog.Example/Post", "http://blog.example/Post"),
        ("https://blog.example:443/a?b=c#d", "https://blog.example/a?b=c"),
        ("https://blog.example:80/", "https://blog.example:80/"),
        ("http://blog.example?b=/c", "http://blog.example/?b=/c"),
        ("http://blog.example/?", "http://blog.example/?"),
        ("http://blog.example//a/../b;c", "http://blog.example//a/../b;c"),
        ("http://blog.example/%0d%0aX:%20y", "http://blog.example/%0d%0aX:%20y"),
        ("http://blog.example/a@b:c|d", "http://blog.example/a@b:c%7Cd"),
        ("http://blog.example/été?é", "http://blog.example/%C3%A9t%C3%A9?%C3%A9"),
        ("http://Été.example/", "http://xn--t-9fab.example/"),
        ("http://xn--t-9fab.example/", "http://xn--t-9fab.example/"),
        ("http://xn--strae-oqa.example/", "http://xn--strae-oqa.example/"),
        ("http://аррӏе.example/", "http://xn--80ak6aa92e.example/"),
        ("http://my_blog.example/", "http://my_blog.example/"),
        ("http://1.blog-2.example/", "http://1.blog-2.example/"),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
        ("http://[2a00:1450::1]/", "http://[2a00:1450::1]/"),
        ("http://[2A00:1450::1]:80/", "http://[2a00:1450::1]/"),
        (f"http://{'a' * 63}.example/", f"http://{'a' * 63}.example/"),
        (f"http://blog.example/{'a' * 1980}", f"http://blog.example/{'a' * 1980}"),
    ],
)
def test_an_address_is_asked_for_in_one_form(text: str, url: str) -> None:
    assert read_web_address(text).url == url
    assert read_web_address(url) == read_web_address(text)
    Internet().fetcher().check(text)


@pytest.mark.parametrize(
    "text",
    [
        # Two programs would call two hosts
        "http://blog.example\\@127.0.0.1/",
        "http://127.0.0.1\\.blog.example/",
        "http:/\\blog.example/",
        "http://blog.example@127.0.0.1/",
        "http://user:password@blog.example/",
        "http://@blog.example/",
        "http://blog.example#@127.0.0.1:80@/\\",
        "http://127.0.0.1:80:80/",
        "http://blog.example:80@127.0.0.1:80/",
        "http://blog.example&@127.0.0.1/",
        "http://127.0.0.1 .blog.example/",
        # White space and control characters
        "",
        " http://blog.example/",
        "http://blog.example/ ",
        "http://blog.example/a b",
        "http://blog.example/ HTTP/1.1\r\nX: y",
        "http://blog.example/\r\n",
        "http://blog.exa\tmple/",
        "http://blog.example/\x00",
        "http://blog.example/\x7f",
        "http://blog.example/\u00a0",
        "http://blog.example/\u202e",
        "http://blog.example/\u200b",
        "http://blog.example/\ud800",
        # IPv4 in spellings of old
        *("http://2130706433/", "http://017700000001/", "http://0x7f000001/", "http://0/"),
        *("http://127.1/", "http://127.0.1/", "http://0x7f.1/", "http://0X7F.0.0.1/"),
        *("http://0177.0.0.1/", "http://010.0.0.1/", "http://127.0.0.01/", "http://1.2.3.0x4/"),
        *("http://127.0.0.256/", "http://127.0.0.0.1/", "http://blog.example.1/", "http://0x/"),
        "http://①②⑦.⓪.⓪.①/",
        "http://１２７.0.0.1/",
        "http://127。0。0。1/",
        "http://127．0．0．1/",
        "http://127｡0｡0｡1/",
        "http://٣.0.0.1/",
        # IPv6 in other than its shortest form
        *("http://[0:0:0:0:0:0:0:1]/", "http://[0000::1]/", "http://[::ffff:127.0.0.1]/"),
        *("http://[fe80::1%25eth0]/", "http://[::1]a/", "http://[::1", "http://::1/", "http://[]/"),
        *("http://[v1.a]/", "http://[127.0.0.1]/", "http://[:::1]/", "http://a[::1]/"),
        # Names
        *("http:///blog.example/", "http://", "http://?", "http://:80/", "http:blog.example/"),
        *("http://blog.example./", "http://.blog.example/", "http://blog..example/", "http://./"),
        *("http://-a.example/", "http://a-.example/", "http://a.example,b/", "http://a*.example/"),
        *("http://%6cocalhost/", "http://blog%2eexample/", "http://blog.example%00/"),
        f"http://{'a' * 64}.example/",
        f"http://{'a.' * 126}example/",
        f"http://{'a' * 254}.example/",
        *("http://xn--a/", "http://xn--/", "http://xn--abc-.example/", "http://xn--99999999/"),
        *("http://straße.example/", "http://ｂlog.example/", "http://bl\u00adog.example/"),
        *("http://ⓑlog.example/", "http://blog。example/", "http://\u2100.example/"),
        *("http://..é.example/", f"http://{'é' * 60}.example/", "http://bl℀og.example/"),
        # Ports
        *("http://blog.example:/", "http://blog.example:0/", "http://blog.example:080/"),
        *("http://blog.example:65536/", "http://blog.example:99999/", "http://blog.example:８０/"),
        *("http://blog.example:-80/", "http://blog.example:80a/", "http://blog.example:+80/"),
    ],
)
def test_what_could_be_read_in_two_ways_is_no_address(text: str) -> None:
    refused = refusal(text)

    assert refused.why in ("grammar", "scheme")
    assert str(refused).isprintable()


@pytest.mark.parametrize("length", [2001, 100_000])
def test_an_address_longer_than_2000_characters_is_refused(length: int) -> None:
    refused = refusal("http://blog.example/".ljust(length, "a"))

    assert "longer than 2000 characters" in str(refused)
    assert len(str(refused)) < 300


@pytest.mark.parametrize(
    "text",
    [
        *("file:///etc/passwd", "ftp://blog.example/", "gopher://127.0.0.1:6379/_FLUSHALL"),
        *("javascript:alert(1)", "data:text/html,<b>x</b>", "mailto:a@blog.example", "httpx://a/"),
        *("//blog.example/a", "/a", "blog.example", "ws://blog.example/", "unix:///run/socket"),
    ],
)
def test_only_http_and_https_are_the_web(text: str) -> None:
    assert refusal(text).why == "scheme"


@pytest.mark.parametrize("port", [1, 22, 25, 8080, 6379, 65535])
def test_a_port_that_is_not_the_web_s_is_refused(port: int) -> None:
    assert refusal(f"http://blog.example:{port}/").why == "port"


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "blog.localhost", "127.0.0.1", "[::1]", "10.0.0.1"]
)
def test_this_machine_is_refused_without_asking_dns(host: str) -> None:
    assert refusal(f"http://{host}/").why == "address"


@given(
    st.one_of(
        st.text(max_size=60),
        st.builds(
            "{}://{}{}".format,
            st.sampled_from(["http", "https", "HTTP"]),
            st.text(
                alphabet=st.one_of(
                    st.sampled_from(list("ab1x0.:@[]\\/%-_é。①Ａ#?&\t ")), st.characters()
                ),
                max_size=30,
            ),
            st.sampled_from(["", "/", "/a?b#c", ":80/", "?x", "@127.0.0.1/"]),
        ),
    )
)
@example("http://a\u2100b/")
@example("http://[2a00::1]:80/é")
def test_every_text_is_refused_or_is_read_alike_by_all(text: str) -> None:
    try:
        address = read_web_address(text)
    except FetchRefused:
        return

    standard, other = urlsplit(address.url), parse_url(address.url)
    assert (standard.hostname, (other.host or "").strip("[]")) == (address.host, address.host)
    assert (standard.port, other.port) in [(None, None), (address.port, address.port)]
    assert (standard.scheme, other.scheme) == (address.scheme, address.scheme)
    assert (standard.username, other.auth) == (None, None)
    assert address.url.isascii()
    assert address.url.isprintable()
    assert read_web_address(address.url) == address
    if text.isascii():  # and so they did read what we were given
        assert (urlsplit(text).hostname, (parse_url(text).host or "").strip("[]")) == (
            address.host,
            address.host,
        )


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("../x?y", "https://blog.example/x?y"),
        ("?y", "https://blog.example/a/b?y"),
        ("//other.example/", "https://other.example/"),
        ("http://other.example/#c", "http://other.example/"),
        ("/été".encode().decode("latin-1"), "https://blog.example/%C3%A9t%C3%A9"),
        ("/\xe9t\xe9", "https://blog.example/%C3%A9t%C3%A9"),
    ],
)
def test_a_location_is_read_from_where_we_are(location: str, url: str) -> None:
    assert read_location(location, read_web_address("https://blog.example/a/b")).url == url


@pytest.mark.parametrize(
    "location",
    ["http://[::1", "/a b", "/\ta", "\\\\other.example\\", "http://a@b/", "x" * 2001, "http:///"],
)
def test_a_location_that_is_no_address_is_refused(location: str) -> None:
    with pytest.raises(FetchRefused) as caught:
        read_location(location, WebAddress("https", "blog.example", 443, "/"))

    assert caught.value.why == "grammar"


@pytest.mark.skipif(not COLLECTION.is_file(), reason="no collection of attacks beside the checkout")
def test_every_attack_of_the_collection_is_refused_as_it_is_written() -> None:
    attacks = [
        attack
        for attack in json.loads(COLLECTION.read_text("utf-8"))
        if attack["area"] in ("url", "ssrf-ip") and attack["id"] not in TAKEN_THERE
    ]
    assert len(attacks) > 40

    for attack in attacks:
        url = attack["payload"].removeprefix("source=").strip('"')
        url = url.replace("\\r\\n", "\r\n").replace("<254 letters>", "a" * 254)
        refusal(url.replace("<100000 x a>", "a" * 100_000))
