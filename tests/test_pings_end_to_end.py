"""A stranger's blog links here, by each protocol: from its ping to the line under the post."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from actors import Author, BlogFolder, Serving, wait_until
from ping_actors import HELLO, SITE, Neighbour, a_call

from pingback_server.domain.pings import PingState

LINK = f'<p>Some words on <a href="{HELLO}">this post</a>, and more.</p>'
ALLOWED = {"PERMALIEN_ALLOW_NETWORKS": "127.0.0.0/8"}


@pytest.fixture
def blog(pinged_blog: Path, tmp_path: Path) -> Iterator[BlogFolder]:
    """The blog that takes every kind of ping."""
    folder = tmp_path / "blog"
    shutil.copytree(pinged_blog, folder)
    with BlogFolder(folder) as blog:
        blog.environment.update(ALLOWED)
        yield blog


def pingback(serving: Serving, source: str) -> str:
    return serving.send("/xmlrpc.php", a_call(source, HELLO), "text/xml").body


def verified(blog: BlogFolder) -> int:
    return len(blog.store.pings.listed([PingState.VERIFIED]))


def test_a_strangers_pings_are_verified_approved_and_in_the_page_and_leave_it_again(
    blog: BlogFolder, author: Author, serving: Callable[..., Serving], neighbour: Neighbour
) -> None:
    service = serving().until_ready()
    pages = [neighbour.writes(f"/{n}", LINK, title=f"Page {n} | Next door") for n in (1, 2, 3)]

    mention = service.post("/-/webmention", {"source": pages[0], "target": HELLO})
    assert mention.status == 201
    assert "faultCode" not in pingback(service, pages[1])
    trackback = service.post("/-/trackback/7", {"url": pages[2], "title": "Given"})
    assert "<error>0</error>" in trackback.body

    wait_until(lambda: verified(blog) == 3, 60, service.said)
    waiting = author.queue()
    assert {item["kind"] for item in waiting} == {"webmention", "pingback", "trackback"}
    assert "Page 1" not in blog.page("hello")

    said = author.runs("approve", *(str(item["id"]) for item in waiting))
    assert said.code == 0, said
    wait_until(lambda: "Page 3 | Next door" in blog.page("hello"), 90, service.said)
    listed = re.findall(r"Page \d \| Next door", blog.page("hello"))
    assert sorted(set(listed)) == [f"Page {n} | Next door" for n in (1, 2, 3)]

    neighbour.status = 410
    service.post("/-/webmention", {"source": pages[0], "target": HELLO})
    wait_until(lambda: "Page 1 | Next door" not in blog.page("hello"), 60, service.said)
    assert "Page 2 | Next door" in blog.page("hello")


def test_the_author_takes_one_in_by_hand_and_sees_what_became_of_it(
    blog: BlogFolder, author: Author, neighbour: Neighbour
) -> None:
    page = neighbour.writes("/a", LINK)
    without = neighbour.writes("/b", "<p>Nothing.</p>")

    taken = author.runs("ping", page, HELLO)
    failed = author.runs("ping", without.replace("127.0.0.1", "127.0.0.2"), HELLO)
    refused = author.runs("ping", "ftp://example.org/", HELLO)
    no_address = author.runs("ping", "example.org", HELLO)

    assert taken.out == f"#1 verified webmention {page} -> {HELLO}, number 1 in the queue\n"
    assert taken.code == 0
    assert ("failed" in failed.out, failed.code) == (True, 1) or "received" in failed.out
    assert refused.code == no_address.code == 1
    assert "the source is no page" in no_address.err
    [first, _] = author.runs("ping", "list", "--json").json()
    assert (first["id"], first["state"], first["comment"]) == (1, "verified", 1)
    assert "#1 verified" in author.runs("ping", "list", "--state", "verified").out
    said, last = author.runs("ping", "list", "--last", "1").out.splitlines()
    assert said == "1 came before these; --last 2 shows all."
    assert " #2 " in last
    assert author.runs("ping", "check", "99").code == 1


@pytest.mark.parametrize("path", ["%00", "x" * 300])
def test_the_author_is_told_that_nothing_is_at_an_address_that_no_file_can_have(
    blog: BlogFolder, author: Author, path: str
) -> None:
    said = author.runs("ping", "https://stranger.example/", f"{SITE}/{path}")

    assert (said.code, said.err) == (1, "permalien: there is nothing at the target\n")


def test_cron_verifies_too(blog: BlogFolder, author: Author, neighbour: Neighbour) -> None:
    page = neighbour.writes("/a", LINK)
    author.runs("ping", page, HELLO)
    blog.store.pings.ask_now(1, blog.store.pings.by_number(1).received_at)

    neighbour.status = 410
    wait_until(lambda: author.runs("tick").code == 0 and _is_withdrawn(blog), 60)

    assert blog.store.entries() == []


def _is_withdrawn(blog: BlogFolder) -> bool:
    return blog.store.pings.by_number(1).state is PingState.WITHDRAWN


# Killed at each step in turn: `test_killed_verifiers`.
@pytest.mark.soak
@pytest.mark.parametrize(("number", "kills"), [(3, 2), (12, 6)])
def test_a_worker_killed_at_any_instant_leaves_each_ping_one_final_state(
    blog: BlogFolder, serving: Callable[..., Serving], neighbour: Neighbour, number: int, kills: int
) -> None:
    service = serving().until_ready()
    chance = random.Random(5)
    pages = [neighbour.writes(f"/{n}", LINK) for n in range(number)]
    for page in pages:
        assert service.post("/-/webmention", {"source": page, "target": HELLO}).status == 201

    for _ in range(kills):
        wait_until(lambda: "worker" in service.roles(), 40, service.said)
        pause = chance.uniform(0.5, 2.5)
        with pytest.raises(AssertionError):
            wait_until(lambda: False, pause)
        service.kill("worker")

    wait_until(lambda: verified(blog) == len(pages), 180, service.said)
    assert len(blog.store.entries()) == len(pages)
    assert blog.store.pings.listed([PingState.FAILED]) == []
    asked = Counter(path for path, _ in neighbour.asked)
    assert max(asked.values()) <= 2
