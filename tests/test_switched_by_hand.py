"""What the author closes or opens by hand counts at the door at once, before a page is built."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from actors import Reader
from ping_actors import SITE, SOURCE, Stranger
from store_actors import NOON

from pingback_server.domain.errors import Unavailable
from pingback_server.domain.switches import Switch
from pingback_server.store import Store

HELLO = "/2026/11/20/hello/"
CLOSED = "/2026/11/20/closed/"


def turned(stranger: Stranger, post: str, **switch: bool) -> None:
    """The switch of a post, put by somebody else's process a second ago."""
    stranger.blog.store.switches.set(post, Switch(**switch), now=stranger.clock(), by="ada")
    stranger.clock.passes(seconds=1)


def named_by(reader: Reader, path: str) -> list[str | None]:
    """The endpoints that the headers of a page name: of Pingback, then of Webmention."""
    headers = reader.opens(path).headers
    return [headers.get("X-Pingback"), headers.get("Link")]


BOTH = [f"{SITE}/-/pingback", f'<{SITE}/-/webmention>; rel="webmention"']


@pytest.mark.parametrize(
    ("post", "path", "switch", "before", "after"),
    [
        ("hello", HELLO, {"pings": False}, BOTH, [None, None]),
        ("hello", HELLO, {"comments": False}, BOTH, BOTH),
        ("closed", CLOSED, {"pings": True}, [None, None], BOTH),
        ("closed", CLOSED, {"comments": True}, [None, None], [None, None]),
    ],
)
def test_the_headers_of_the_page_follow_within_a_second(
    stranger: Stranger,
    post: str,
    path: str,
    switch: dict[str, bool],
    before: list[str | None],
    after: list[str | None],
) -> None:
    assert named_by(stranger.reader, path) == before

    turned(stranger, post, **switch)

    assert named_by(stranger.reader, path) == after


def test_pings_for_what_was_closed_are_refused_whatever_they_come_by(stranger: Stranger) -> None:
    turned(stranger, "hello", pings=False)

    assert stranger.pingbacks(target=SITE + HELLO) == 33
    assert stranger.mentions(target=SITE + HELLO).status_code == 400
    assert stranger.trackbacks("/-/trackback/7").startswith("<error>1</error>")
    assert stranger.received() == []


def test_pings_for_what_was_opened_are_taken_whatever_they_come_by(stranger: Stranger) -> None:
    assert stranger.pingbacks(target=SITE + CLOSED) == 33

    turned(stranger, "closed", pings=True)

    assert isinstance(stranger.pingbacks(SOURCE + "/1", SITE + CLOSED), str)
    assert stranger.mentions(SOURCE + "/2", SITE + CLOSED).status_code == 201
    answer = stranger.trackbacks(f"{CLOSED}trackback/", url=SOURCE + "/3")
    assert answer == "<error>0</error>"
    assert [ping.post for ping in stranger.received()] == ["closed"] * 3


def test_what_was_opened_by_hand_does_not_close_by_its_date(stranger: Stranger) -> None:
    turned(stranger, "passing", pings=True)
    stranger.clock.passes(days=365)

    assert named_by(stranger.reader, "/2026/11/20/passing/") == BOTH
    target = f"{SITE}/2026/11/20/passing/"
    assert isinstance(stranger.pingbacks(target=target), str)


def test_a_page_is_served_whether_the_switches_can_be_read_or_not(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/new.db")
    with pytest.raises(Unavailable):
        store.switches.all()

    assert store.switches.recent(NOON) == {}

    store.migrate()
    store.switches.set("hello", Switch(pings=False), now=NOON, by="ada")
    assert store.switches.recent(NOON + timedelta(milliseconds=999)) == {}
    assert store.switches.recent(NOON + timedelta(seconds=1)) == {"hello": Switch(pings=False)}
    store.close()
