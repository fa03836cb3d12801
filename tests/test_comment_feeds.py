"""The conversation as feeds: what is in the page is in the feed, and nothing else (RFC 4287)."""

from __future__ import annotations

import xml.etree.ElementTree as XML

from actors import Author, BlogFolder, Reader

ATOM = "{http://www.w3.org/2005/Atom}"


def feed_of(blog: BlogFolder, path: str) -> XML.Element:
    return XML.fromstring((blog.output / path.strip("/")).read_bytes())


def titles(feed: XML.Element) -> list[str | None]:
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


def test_an_approved_comment_is_in_its_posts_feed_and_in_the_feed_of_all(
    blog: BlogFolder, reader: Reader, author: Author
) -> None:
    reader.comments("hello", comment="Said *once*.")
    reader.comments("bonjour", author="Zoé", comment="Dit une fois.")
    author.runs("approve", "1-2")

    blog.build()

    of_hello = feed_of(blog, blog.address("hello") + "comments.atom.xml")
    assert titles(of_hello) == ["Ada on “Hello”"]
    assert "<p>Said <em>once</em>.</p>" in str(of_hello.findtext(f"{ATOM}entry/{ATOM}content"))
    assert titles(feed_of(blog, "feeds/comments.atom.xml")) == [
        "Zoé on “Bonjour”",
        "Ada on “Hello”",
    ]


def test_what_waits_is_in_no_feed(blog: BlogFolder, reader: Reader) -> None:
    reader.comments()

    blog.build()

    assert titles(feed_of(blog, blog.address("hello") + "comments.atom.xml")) == []


def test_an_entry_leads_to_the_comment_in_its_page(
    blog: BlogFolder, reader: Reader, author: Author
) -> None:
    reader.comments()
    author.runs("approve", "1")

    blog.build()

    feed = feed_of(blog, "feeds/comments.atom.xml")
    link = feed.find(f"{ATOM}entry/{ATOM}link")
    assert link is not None
    assert link.get("href") == f"http://localhost:8000{blog.address('hello')}#comment-1"


def test_a_post_names_the_feed_of_its_comments(blog: BlogFolder) -> None:
    assert f'href="{blog.address("hello")}comments.atom.xml"' in blog.page("hello")
