"""Webmention (W3C Recommendation, 2017), the receiver, by its sections."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from actors import Reader, visit
from ping_actors import HELLO, SITE, SOURCE, Stranger

pytestmark = pytest.mark.usefixtures("engine")

covers = pytest.mark.covers
BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


# ---- 3.2: the answer


@covers("WM-R01", "WM-R02", "WM-R09")
def test_a_mention_is_stored_and_answered_with_the_address_of_its_status(
    stranger: Stranger,
) -> None:
    answer = stranger.mentions()

    assert answer.status_code == 201
    [ping] = stranger.received()
    assert answer.headers["Location"] == f"{SITE}/-/pings/{ping.token}"
    assert (ping.kind, ping.source, ping.target) == ("webmention", SOURCE, HELLO)


@covers("WM-R02")
def test_the_status_can_be_read_and_nobody_finds_it_by_guessing(stranger: Stranger) -> None:
    status = stranger.mentions().headers["Location"].removeprefix(SITE)

    page = stranger.reader.opens(status)

    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "Thank you. The page will be read soon." in page.get_data(as_text=True)
    assert len(status.rpartition("/")[2]) == 32
    assert stranger.reader.opens("/-/pings/1").status_code == 404
    assert stranger.reader.opens("/-/pings/%00").status_code == 404


@covers("WM-R02")
def test_a_sender_that_asks_for_html_is_answered_with_the_status_page_itself(
    stranger: Stranger,
) -> None:
    answer = stranger.reader.posts(
        "/-/webmention", data={"source": SOURCE, "target": HELLO}, headers={"Accept": "text/html"}
    )

    [ping] = stranger.received()
    assert (answer.status_code, answer.mimetype) == (201, "text/html")
    assert answer.headers["Location"] == f"{SITE}/-/pings/{ping.token}"
    status = stranger.reader.opens(f"/-/pings/{ping.token}")
    assert answer.data == status.data
    assert "Thank you. The page will be read soon." in answer.get_data(as_text=True)


def test_the_status_is_in_the_language_of_the_post(stranger: Stranger) -> None:
    answer = stranger.mentions(target=f"{SITE}/fr/2026/11/20/été/")

    page = stranger.reader.opens(answer.headers["Location"].removeprefix(SITE))

    assert "Merci. La page sera lue sous peu." in page.get_data(as_text=True)


# ---- 3.2.1: the request


@covers("WM-R05", "WM-R16")
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"source": SOURCE},
        {"target": HELLO},
        {"source": "", "target": HELLO},
        {"source": SOURCE, "target": ""},
        {"source[]": SOURCE, "target": HELLO},
        {"source": [SOURCE, SOURCE], "target": HELLO},
        {"source": "ftp://stranger.example/", "target": HELLO},
        {"source": "stranger.example", "target": HELLO},
        {"source": "https://stranger.example:0/", "target": HELLO},
        {"source": "https://stranger.example:99999/", "target": HELLO},
        {"source": "https://stranger.example/ HTTP/1.1\r\nX: y", "target": HELLO},
        {"source": "http://public.example\\@127.0.0.1/", "target": HELLO},
        {"source": "http://[::1", "target": HELLO},
    ],
)
def test_what_is_not_two_addresses_on_the_web_is_refused(
    stranger: Stranger, data: dict[str, str]
) -> None:
    answer = stranger.reader.posts("/-/webmention", data=data)

    assert answer.status_code == 400
    assert answer.content_type == "text/plain; charset=utf-8"
    assert stranger.received() == []


@covers("WM-R06")
@pytest.mark.parametrize(
    "source", [HELLO, f"{HELLO}#x", HELLO.removesuffix("/"), f"{SITE}/?p=7", f"{HELLO}?x=1"]
)
def test_a_post_does_not_mention_itself(stranger: Stranger, source: str) -> None:
    assert stranger.mentions(source).status_code == 400


def test_another_post_of_the_blog_may_mention_it(stranger: Stranger) -> None:
    assert stranger.mentions(f"{SITE}/2026/11/20/closed/").status_code == 201


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded; charset=utf-8",
        "application/x-www-form-urlencoded;charset=UTF-8",
        "multipart/form-data",
    ],
)
def test_a_form_is_read_whatever_its_type_says_besides(
    stranger: Stranger, content_type: str
) -> None:
    data = {"source": SOURCE, "target": HELLO}

    answer = stranger.reader.posts("/-/webmention", data=data, content_type=content_type)

    assert answer.status_code == 201


def test_a_form_that_is_too_long_is_not_read(stranger: Stranger) -> None:
    answer = stranger.mentions(f"{SOURCE}?{'x' * 20_000}")

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "source", ["http://10.0.0.1/", "http://[fd00::1]/", "http://169.254.169.254/", "http://0/"]
)
def test_a_private_source_is_refused_in_the_words_of_every_other(
    stranger: Stranger, source: str
) -> None:
    refused = stranger.mentions("gopher://stranger.example/")

    answer = stranger.mentions(source)

    assert (answer.status_code, answer.data) == (refused.status_code, refused.data)


# ---- 4.4: nothing is done in anybody's name


@covers("WM-R25")
def test_the_door_knows_nobody_by_a_cookie_and_gives_none(stranger: Stranger) -> None:
    data = {"source": SOURCE, "target": HELLO}
    signed_in = {"Cookie": "session=author", "Authorization": "Bearer x"}

    answer = stranger.reader.posts("/-/webmention", data=data, headers=signed_in)

    assert answer.status_code == 201
    assert "Set-Cookie" not in answer.headers
    assert [entry.status for entry in stranger.blog.store.entries()] == []


# ---- 3.2.4: once


@covers("WM-R21")
def test_the_same_mention_is_one_however_often_and_by_whatever_protocol(
    stranger: Stranger,
) -> None:
    first = stranger.mentions().headers["Location"]

    assert stranger.mentions().headers["Location"] == first
    assert stranger.mentions(f"{SOURCE}#part").headers["Location"] == first
    assert stranger.pingbacks() == 48
    assert stranger.trackbacks("/-/trackback/7") == "<error>0</error>"
    assert len(stranger.received()) == 1
    assert stranger.blog.store.waiting().jobs == 1


def test_of_several_protocols_the_one_that_says_most_is_kept(stranger: Stranger) -> None:
    stranger.trackbacks("/-/trackback/7", title="Given")
    stranger.pingbacks()
    stranger.mentions()
    stranger.trackbacks("/-/trackback/7")

    [ping] = stranger.received()
    assert ping.kind == "webmention"
    assert ping.given["title"] == "Given"


def test_the_same_pair_from_fifty_at_once_is_one(stranger: Stranger) -> None:
    # Made in turn: Python 3.11 trips over syntax trees that many threads make at once.
    readers = [visit(stranger.blog, stranger.clock) for _ in range(50)]

    def send(reader: Reader) -> str:
        answer = Stranger(reader, stranger.blog, stranger.clock).mentions()
        return answer.headers["Location"]

    assert stranger.blog.store.waiting().jobs == 0
    with ThreadPoolExecutor(50) as pool:
        addresses = set(pool.map(send, readers))

    assert len(addresses) == 1
    assert len(stranger.received()) == 1
    assert stranger.blog.store.waiting().jobs == 1


# ---- a reader with a browser


def test_the_address_itself_says_what_it_is_for(stranger: Stranger) -> None:
    page = stranger.reader.opens(f"/-/webmention?target={HELLO}").get_data(as_text=True)

    form = stranger.reader.form_of(page)
    assert form.action == "/-/webmention"
    assert form.fields == {"by": "hand", "source": "", "target": HELLO}
    assert stranger.received() == []


@pytest.mark.parametrize("where", ["/-/webmention", HELLO.removeprefix(SITE)])
def test_a_reader_who_fills_in_the_form_is_led_on_to_the_status(
    stranger: Stranger, where: str
) -> None:
    page = stranger.reader.opens(where).get_data(as_text=True)
    [form] = re.findall(r'<form[^>]*/-/webmention">.*?</form>', page, re.DOTALL)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    data = {**hidden, "source": f" {SOURCE} ", "target": HELLO}

    answer = stranger.reader.posts("/-/webmention", data=data, headers=BROWSER)

    [ping] = stranger.received()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/-/pings/{ping.token}")


def test_a_browser_gets_the_form_again_with_what_was_typed_and_what_is_wrong(
    stranger: Stranger,
) -> None:
    data = {"source": "my page <b>", "target": HELLO}

    answer = stranger.reader.posts("/-/webmention", data=data, headers=BROWSER)

    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert "The source cannot be read: it has to be a public page" in page
    assert stranger.reader.form_of(page).fields["source"] == "my page <b>"
