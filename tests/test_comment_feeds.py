"""The conversation as feeds: what is in the page is in the feed, and nothing else (RFC 4287)."""

from __future__ import annotations

import xml.etree.ElementTree as XML

import pytest
from actors import Author, BlogFolder, Reader
from lxml import html

from pingback_server.domain.errors import BuildFailed

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


def test_every_page_names_the_feeds_of_the_blog_and_each_is_there(blog: BlogFolder) -> None:
    for name in ("index.html", "archives/index.html", "404.html"):
        page = html.document_fromstring((blog.output / name).read_bytes())
        links = page.xpath("//head/link[@rel='alternate'][starts-with(@href, '/feeds/')]")
        assert {link.get("href"): link.get("type") for link in links} == {
            "/feeds/all.atom.xml": "application/atom+xml",
            "/feeds/all.rss.xml": "application/rss+xml",
            "/feeds/all.json": "application/feed+json",
            "/feeds/comments.atom.xml": "application/atom+xml",
        }
        assert all((blog.output / link.get("href").strip("/")).is_file() for link in links)
        assert {
            words.text for words in page.xpath("//footer//a[starts-with(@href, '/feeds/')]")
        } == {
            "Feed of the posts",
            "Feed of the comments",
        }


def test_a_page_of_the_service_names_no_feed(reader: Reader) -> None:
    receipt = reader.opens(reader.comments().location)

    assert receipt.status_code == 200
    assert b"/feeds/" not in receipt.data


def test_the_posts_are_there_as_rss(blog: BlogFolder) -> None:
    feed = feed_of(blog, "feeds/all.rss.xml")

    assert feed.tag == "rss"
    assert {"Hello", "Bonjour"} <= {title.text for title in feed.iterfind("channel/item/title")}


def test_a_post_names_the_feed_of_its_comments(blog: BlogFolder) -> None:
    assert f'href="{blog.address("hello")}comments.atom.xml"' in blog.page("hello")


def test_posts_that_are_files_of_one_folder_have_each_a_feed_of_its_own(
    blog: BlogFolder, reader: Reader, author: Author
) -> None:
    blog.configure('ARTICLE_URL = ARTICLE_SAVE_AS = "notes/{slug}.html"')
    blog.write_post("alpha", "Alpha", "The first of two.")
    reader.comments("hello")
    author.runs("approve", "1")

    blog.build()

    assert titles(feed_of(blog, "notes/hello/comments.atom.xml")) == ["Ada on “Hello”"]
    assert titles(feed_of(blog, "notes/alpha/comments.atom.xml")) == []
    page = (blog.output / "notes/alpha.html").read_text("utf-8")
    assert 'href="/notes/alpha/comments.atom.xml"' in page


def test_a_post_cannot_take_the_place_of_the_feed_of_all_comments(blog: BlogFolder) -> None:
    blog.configure('PERMALINKS = "/slug/"')
    blog.write_post("feeds", "Feeds", "What they are.")

    with pytest.raises(BuildFailed, match="where that of all comments lies") as failure:
        blog.build()

    assert (failure.value.file, failure.value.line) == ("content/feeds.md", 3)
