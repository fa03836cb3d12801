"""TrackBack 1.2, the receiving side: a form comes to a post's own address, XML goes back."""

from __future__ import annotations

import pytest
from actors import BlogFolder, Clock, visit
from ping_actors import HELLO, SOURCE, Stranger

from pingback_server.domain.targets import trackback_path
from pingback_server.manifest import PublishedBlog
from pingback_server.protocols.trackback import failure, read_fields

pytestmark = pytest.mark.usefixtures("engine")

covers = pytest.mark.covers
FORM = "application/x-www-form-urlencoded"
TAKEN = "<error>0</error>"


def test_trackbacks_are_not_taken_unless_the_author_wants_them(
    blog: BlogFolder, clock: Clock
) -> None:
    stranger = Stranger(visit(blog, clock), blog, clock)

    said = stranger.trackbacks("/2026/11/20/hello/trackback/")

    assert said.startswith("<error>1</error>")
    assert "takes no pings" in said
    assert stranger.received() == []


@covers("TB-C01", "TB-C03", "TB-S01", "TB-S04")
@pytest.mark.parametrize(
    "path",
    [
        "/-/trackback/7",
        "/2026/11/20/hello/trackback/",
        "/2026/11/20/hello/trackback",
        "/wp-trackback.php?p=7",
    ],
)
def test_a_trackback_is_taken_at_the_address_of_its_post(stranger: Stranger, path: str) -> None:
    assert stranger.trackbacks(path, title="I disagree", blog_name="Stranger") == TAKEN

    [ping] = stranger.received()
    assert (ping.kind, ping.source, ping.target, ping.post) == ("trackback", SOURCE, HELLO, "hello")
    assert ping.given == {"title": "I disagree", "excerpt": "", "blog_name": "Stranger"}


def test_a_post_without_a_number_has_an_address_made_of_its_id(stranger: Stranger) -> None:
    post = PublishedBlog(stranger.blog.settings.manifest_path)().posts["summer"]

    assert stranger.trackbacks(trackback_path(post)) == TAKEN
    assert [ping.post for ping in stranger.received()] == ["summer"]


def test_the_word_none_is_no_name_of_a_post_without_a_number(stranger: Stranger) -> None:
    for path in ("/-/trackback/None", "/wp-trackback.php?p=None"):
        assert "no post of this blog" in stranger.trackbacks(path)
        assert stranger.reader.opens(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/-/trackback/7",
        "/2026/11/20/hello/trackback/",
        "/2026/11/20/hello/trackback",
        "/wp-trackback.php?p=7",
    ],
)
def test_who_comes_there_with_a_browser_is_led_to_the_post(stranger: Stranger, path: str) -> None:
    answer = stranger.reader.opens(path)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/2026/11/20/hello/")


@pytest.mark.parametrize("path", ["/-/trackback/99", "/nowhere/trackback/", "/wp-trackback.php"])
def test_where_no_post_is_there_is_nothing(stranger: Stranger, path: str) -> None:
    assert stranger.reader.opens(path).status_code == 404
    assert stranger.trackbacks(path).startswith("<error>1</error>")


@covers("TB-S02")
@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "stranger.example", "http://10.1.1.1/"])
def test_a_trackback_without_an_address_that_can_be_read_is_an_error(
    stranger: Stranger, url: str
) -> None:
    said = stranger.trackbacks("/-/trackback/7", url=url)

    assert said.startswith("<error>1</error>\n<message>")
    assert stranger.received() == []


def test_a_trackback_to_a_closed_post_is_an_error(stranger: Stranger) -> None:
    said = stranger.trackbacks("/2026/11/20/closed/trackback/")

    assert said.startswith("<error>1</error>")


def test_the_same_trackback_twice_is_one(stranger: Stranger) -> None:
    assert [stranger.trackbacks("/-/trackback/7") for _ in range(2)] == [TAKEN, TAKEN]
    assert len(stranger.received()) == 1


@covers("TB-C02")
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("url=u&title=%E9t%E9", f"{FORM}; charset=iso-8859-1"),
        ("url=u&title=%E9t%E9&charset=ISO-8859-1", FORM),
        ("url=u&title=%C3%A9t%C3%A9", FORM),
        ("url=u&title=%C3%A9t%C3%A9", f"{FORM}; charset=utf-8"),
        ("url=u&title=%E9t%E9", FORM),
        ("url=u&title=%E9t%E9", f"{FORM}; charset=klingon"),
        ("url=u&title=%E9t%E9", f"{FORM}; charset=utf-8"),
    ],
)
def test_letters_are_those_that_the_header_or_the_field_names(body: str, content_type: str) -> None:
    assert read_fields(body.encode(), content_type)["title"] == "été"


def test_letters_of_japan_come_as_they_are_written() -> None:
    body = "url=u&title=日本&charset=EUC-JP".encode("euc-jp")

    assert read_fields(body, FORM)["title"] == "日本"


def test_utf_7_is_never_read() -> None:
    assert read_fields(b"url=u&title=%2BADw-b%2BAD4-", f"{FORM}; charset=utf-7")["title"] == (
        "+ADw-b+AD4-"
    )


@covers("TB-S03")
def test_what_is_too_long_is_cut_and_lines_are_folded() -> None:
    fields = read_fields(b"url=u&title=" + b"a%0A" * 500, FORM)

    assert fields["title"] == ("a " * 500)[:249]


@covers("TB-S02")
def test_a_failure_is_well_formed_whatever_it_says() -> None:
    assert failure("a <b> & \x01").decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n<response>\n<error>1</error>\n'
        "<message>a &lt;b&gt; &amp; \ufffd</message>\n</response>\n"
    )
