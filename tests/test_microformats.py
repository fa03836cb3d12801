"""What another blog reads in the pages: h-feed, h-entry, h-card and h-cite (microformats2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import mf2py
import pytest
from actors import Author, BlogFolder, Clock, visit

ROOT = "http://localhost:8000"


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlogFolder]:
    """A blog with a post under which a comment is answered, and another page links to it."""
    with BlogFolder.init(tmp_path_factory.mktemp("marked") / "blog") as blog:
        blog.configure("AUTHOR, DISCUSSION = 'Claire', {'close_after_days': 0}")
        blog.configure("SOCIAL = [('Elsewhere', 'https://social.example/@claire')]")
        lines = {"Category": "Craft", "Tags": "links, words", "Modified": "2026-11-21 10:00"}
        blog.write_post("hello", "Hello & <co>", "The *first* words.", Summary="In short.", **lines)
        blog.build()
        reader = visit(blog, Clock())
        reader.comments(author="Ada", url="https://ada.example/", comment="I *agree*.")
        Author(blog).runs("approve", "1")
        blog.build()
        reader.comments(author="Bea", comment="Me too.", parent="1")
        Author(blog).runs("approve", "2")
        said = json.dumps([PING])
        (blog.folder / "said.json").write_text(said, "utf-8")
        assert Author(blog).runs("import", "said.json").code == 0
        blog.build()
        yield blog


PING = {
    "origin": "test:1",
    "kind": "webmention",
    "post": "hello",
    "url": "https://other.example/post",
    "at": "2026-11-21T08:00:00+00:00",
    "title": "Another page | Other",
    "status": "approved",
}


def read(blog: BlogFolder, path: str) -> list[dict[str, Any]]:
    """The microformats of a page, as another blog understands them."""
    page = (blog.output / path.strip("/") / "index.html").read_text("utf-8")
    items: list[dict[str, Any]] = mf2py.parse(doc=page, url=ROOT + path)["items"]
    return items


def of_type(items: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The properties of the only item of its kind."""
    [found] = [item["properties"] for item in items if kind in item["type"]]
    return dict(found)


@pytest.fixture
def post(marked: BlogFolder) -> dict[str, Any]:
    return of_type(read(marked, marked.address("hello")), "h-entry")


@pytest.mark.covers("MF-08")
def test_a_post_is_an_entry_with_all_that_tells_it(marked: BlogFolder, post: Any) -> None:
    assert post["name"] == ["Hello & <co>"]
    assert post["url"] == [ROOT + marked.address("hello")]
    assert post["published"] == ["2026-11-20T09:30:00+0000"]
    assert post["updated"] == ["2026-11-21T10:00:00+0000"]
    assert post["content"][0]["value"] == "The first words."
    assert set(post["category"]) == {"Craft", "links", "words"}


def test_its_author_is_a_card(post: Any) -> None:
    [author] = post["author"]

    assert author["type"] == ["h-card"]
    assert author["properties"] == {"name": ["Claire"], "url": [f"{ROOT}/author/claire/"]}


@pytest.mark.covers("MF-08")
def test_a_comment_is_a_citation_of_the_post_s(marked: BlogFolder, post: Any) -> None:
    comment = of_type(post["comment"][1:], "h-cite")

    assert comment["author"][0]["properties"] == {"name": ["Ada"], "url": ["https://ada.example/"]}
    assert comment["url"] == [f"{ROOT}{marked.address('hello')}#comment-1"]
    assert comment["published"] == ["2026-11-22T12:00:00+0000"]
    assert comment["content"][0]["html"] == "<p>I <em>agree</em>.</p>"


def test_a_reply_says_what_it_answers(marked: BlogFolder, post: Any) -> None:
    [reply] = post["comment"][1]["properties"]["comment"]

    assert reply["properties"]["content"][0]["value"] == "Me too."
    page = ROOT + marked.address("hello")
    assert reply["properties"]["in-reply-to"] == [f"{page}#comment-1"]


@pytest.mark.covers("MF-08")
def test_a_ping_is_a_citation_of_its_source(post: Any) -> None:
    ping = post["comment"][0]

    assert ping["type"] == ["h-cite"]
    assert ping["properties"]["url"] == ["https://other.example/post"]
    assert ping["properties"]["name"] == ["Another page | Other"]
    assert ping["properties"]["published"] == ["2026-11-21T08:00:00+0000"]


def test_the_front_page_is_a_feed_of_entries(marked: BlogFolder) -> None:
    [feed] = [item for item in read(marked, "/") if item["type"] == ["h-feed"]]

    assert feed["properties"]["name"] == ["Posts"]
    entries = {entry["properties"]["name"][0]: entry for entry in feed["children"]}
    hello = entries["Hello & <co>"]
    assert hello["type"] == ["h-entry"]
    assert hello["properties"]["url"] == [ROOT + marked.address("hello")]
    assert hello["properties"]["summary"] == ["In short."]
    assert "published" in hello["properties"]


def test_the_blog_s_author_is_a_card_with_the_places_that_are_theirs(marked: BlogFolder) -> None:
    card = of_type(read(marked, "/"), "h-card")
    page = (marked.output / "index.html").read_text("utf-8")
    rels = mf2py.parse(doc=page, url=f"{ROOT}/")["rels"]

    assert card["name"] == ["Claire"]
    assert card["url"] == [f"{ROOT}/", "https://social.example/@claire"]
    assert rels["me"] == ["https://social.example/@claire"]
