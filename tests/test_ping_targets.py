"""Which post a ping means: the target is kept as given, and found however it is written."""

from __future__ import annotations

import pytest
from ping_actors import HELLO, SITE, SOURCE, Stranger

from pingback_server.domain.addresses import page_key
from pingback_server.domain.targets import comment_in, could_be_a_post

covers = pytest.mark.covers


@covers("WM-R08")
@pytest.mark.parametrize(
    "target",
    [
        HELLO,
        HELLO.removesuffix("/"),
        f"{HELLO}index.html",
        f"{HELLO}#comment-5",
        HELLO.replace("http:", "https:").replace(":8000", ":8000"),
        HELLO.replace("localhost", "127.0.0.1"),
        HELLO.replace("localhost", "[::1]"),
        HELLO.replace("localhost", "LOCALHOST"),
        HELLO.replace("hello", "h%65llo"),
        f"{HELLO}?utm_source=newsletter&fbclid=abc",
        f"{HELLO}?x=99999",
        f"{SITE}/old/hello/",
        f"{SITE}/old/hello",
        f"{SITE}/?p=7",
        f"{SITE}/?p=7&utm_medium=social#top",
    ],
)
def test_each_of_these_means_the_post_and_is_kept_as_it_was_given(
    stranger: Stranger, target: str
) -> None:
    assert stranger.mentions(target=target).status_code == 201

    [ping] = stranger.received()
    assert (ping.post, ping.target) == ("hello", target)


@pytest.mark.parametrize(
    "slug", ["été", "%C3%A9t%C3%A9", "%c3%a9t%c3%a9", "e\u0301te\u0301", "e%CC%81te%CC%81"]
)
def test_a_letter_with_an_accent_may_be_quoted_and_composed_in_any_way(
    stranger: Stranger, slug: str
) -> None:
    assert stranger.mentions(target=f"{SITE}/fr/2026/11/20/{slug}/").status_code == 201


@covers("WM-R05", "WM-R07")
@pytest.mark.parametrize(
    "target",
    [
        f"{SITE}/",
        f"{SITE}/about/",
        f"{SITE}/2026/11/20/draft/",
        f"{SITE}/2026/11/20/never-was/",
        f"{SITE}/2026/11/20/closed/",
        f"{HELLO}../../../../../etc/passwd",
        HELLO.replace(":8000", ":5000"),
        HELLO.replace("localhost", "localhost.evil.example"),
        HELLO.replace("localhost", "localhost@evil.example"),
        HELLO.replace("localhost", "someone@localhost"),
        f"https://evil.example/?{HELLO}",
        HELLO.replace("http:", "ftp:"),
        "/2026/11/20/hello/",
        "hello",
        "http://[",
        f"{HELLO}{'x' * 3000}",
    ],
)
def test_none_of_these_is_taken(stranger: Stranger, target: str) -> None:
    assert stranger.mentions(target=target).status_code == 400
    assert stranger.received() == []


def test_a_draft_cannot_be_told_from_what_never_was(stranger: Stranger) -> None:
    never, draft = (f"{SITE}/2026/11/20/{slug}/" for slug in ("never-was", "draft"))

    assert stranger.mentions(target=never).data == stranger.mentions(target=draft).data
    assert stranger.pingbacks(target=never) == stranger.pingbacks(target=draft) == 33


def test_the_host_that_a_sender_names_makes_no_difference(stranger: Stranger) -> None:
    data = {"source": SOURCE, "target": "http://evil.example/2026/11/20/hello/"}

    answer = stranger.reader.posts("/-/webmention", data=data, headers={"Host": "evil.example"})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("path", "forms", "could"),
    [
        ("/2026/11/20/x/", ["{date:%Y}/{date:%m}/{date:%d}/{slug}/"], True),
        ("/2026/11/20/x", ["{date:%Y}/{date:%m}/{date:%d}/{slug}/"], True),
        ("/2026/11/x/", ["{date:%Y}/{date:%m}/{date:%d}/{slug}/"], False),
        ("/a/b/c/x/", ["{date:%Y}/{date:%m}/{date:%d}/{slug}/"], False),
        ("/en/x/", ["{slug}/", "{lang}/{slug}/"], True),
        ("/x/", ["?p={number}"], False),
        ("/x.y/", ["{slug}.html"], False),
        ("/x.html", ["{slug}.html"], True),
        ("/anything", [], True),
    ],
)
def test_an_address_could_be_a_posts_if_it_has_the_form_of_one(
    path: str, forms: list[str], could: bool
) -> None:
    assert could_be_a_post(path, forms) is could


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/x/?b=1",
        "http://www.a.example/x?b=1",
        "https://A.example./x/index.html?b=1#top",
        "https://a.example/%78?utm_source=z&b=1&fbclid=3",
    ],
)
def test_addresses_of_one_source_are_one(address: str) -> None:
    assert page_key(address) == "a.example/x?b=1"


@pytest.mark.parametrize(
    "address",
    ["https://a.example/x?b=2", "https://a.example/x%3Fb=1", "https://a.example:81/x?b=1"],
)
def test_addresses_of_another_source_are_not(address: str) -> None:
    assert page_key(address) != "a.example/x?b=1"


def test_addresses_in_the_letters_of_before_utf_8_are_told_apart() -> None:
    assert page_key("https://a.example/%D6%D0/") == page_key("https://a.example/%d6%d0")
    assert page_key("https://a.example/%D6%D0") != page_key("https://a.example/%C8%D5")


def test_what_is_no_address_has_no_key() -> None:
    with pytest.raises(ValueError, match="no address"):
        page_key("mailto:a@b.example")


@pytest.mark.parametrize(
    ("target", "number"),
    [
        (f"{HELLO}#comment-12", 12),
        (HELLO, None),
        (f"{HELLO}#comment-0", None),
        (f"{HELLO}#c", None),
    ],
)
def test_a_fragment_names_the_comment_that_is_answered(target: str, number: int | None) -> None:
    assert comment_in(target) == number
