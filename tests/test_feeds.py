"""The feeds, read back as feed readers read them: Atom (RFC 4287, 4685), RSS 2.0, JSON Feed 1.1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
from actors import NOON, Author, BlogFolder, Clock, Reader, Serving, visit, wait_until
from discussion.feeds import comment_feeds
from lxml import html
from PIL import Image

from pingback_server.domain.discussion import Comment, Kind, Ping
from pingback_server.domain.markup import safe_html, stored
from pingback_server.domain.posts import Blog, Manifest, Post
from pingback_server.domain.settings import DiscussionSettings
from pingback_server.languages import words
from pingback_server.protocols.feed import Feed, Hint, Item, Person
from pingback_server.protocols.json_feed import write_json_feed
from pingback_server.protocols.links import with_absolute_links
from pingback_server.protocols.syndication import write_atom, write_rss

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = "http://localhost:8000"
TITLE = 'Une «\u00a0espace\u00a0» & "trop" 😀 ]]>'
TEXT = """Un [lien](/a-propos/), un [autre]({filename}bonjour.md), une note[^1] &amp; ]]> 😀.

![Un chat](/images/chat.png)

[^1]: En bas, avec <b>du HTML</b>.
"""


def read_back(feed: bytes) -> Any:
    """What a feed reader understands, before it takes out what it does not trust."""
    found = feedparser.parse(feed, sanitize_html=False, resolve_relative_uris=False)
    assert found.bozo is False, found.bozo_exception
    return found


@pytest.fixture(scope="module")
def blog_with_feeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlogFolder]:
    """A blog with posts in two languages, a draft, one for later, and a conversation."""
    with BlogFolder.init(tmp_path_factory.mktemp("feeds") / "blog") as blog:
        blog.configure("AUTHOR, SITESUBTITLE = 'Claire', 'Words & so on'")
        blog.configure("CATEGORY_FEED_ATOM = 'category/{slug}/feed.atom.xml'")
        blog.configure("TAG_FEED_RSS = 'tag/{slug}/feed.rss.xml'")
        blog.configure("DISCUSSION = {'close_after_days': 0}")
        (blog.folder / "content/images").mkdir(exist_ok=True)
        Image.new("RGB", (8, 6)).save(blog.folder / "content/images/chat.png")
        kept = {"Category": "Typographie", "Tags": "espaces, français", "Summary": "Peu & bien."}
        when = {"Date": "2026-11-20 09:30", "Modified": "2026-11-21 10:00"}
        blog.write_post("espace", TITLE, TEXT, Lang="fr", **kept, **when)
        blog.write_post("bonjour", "Bonjour", "Les premiers mots.", Lang="fr", Date="2026-11-19")
        blog.write_post("draft", "Hidden words", "Drafted.", Status="draft")
        blog.write_post("later", "Hidden words", "Scheduled.", Date="2999-01-01")
        blog.build()
        reader = visit(blog, Clock())
        reader.comments("espace", comment="Said *once* ]]> 😀", url="https://ada.example/")
        Author(blog).runs("approve", "1")
        reader.comments("espace", author="Bea <b>", comment="So <i>true</i>.", parent="1")
        reader.comments("bonjour", author="Cleo", comment="Waits.")
        Author(blog).runs("approve", "2")
        blog.build()
        yield blog


@pytest.fixture
def atom(blog_with_feeds: BlogFolder) -> Any:
    return read_back((blog_with_feeds.output / "feeds/all.atom.xml").read_bytes())


def entry(feed: Any, title: str = TITLE) -> Any:
    [found] = [each for each in feed.entries if each.title == title]
    return found


def comments_of(blog: BlogFolder, slug: str) -> Any:
    """The feed of what was said under a post."""
    folder = blog.output / blog.address(slug).strip("/")
    return read_back((folder / "comments.atom.xml").read_bytes())


def text_in_page(blog: BlogFolder) -> str:
    """The post's text as its page has it, its links made whole."""
    page = html.document_fromstring(blog.page("espace"))
    [body] = page.xpath("//*[contains(@class, 'e-content')][1][not(ancestor::li)]")
    body.make_links_absolute(ROOT + blog.address("espace"))
    return " ".join(body.text_content().split())


# The posts


def test_atom_says_of_a_post_what_its_page_says(blog_with_feeds: BlogFolder, atom: Any) -> None:
    post = entry(atom)

    text = html.fragment_fromstring(post.content[0].value, create_parent="div").text_content()
    assert " ".join(text.split()) == text_in_page(blog_with_feeds)
    assert post.link == ROOT + blog_with_feeds.address("espace")
    assert post.author_detail == {"name": "Claire", "href": f"{ROOT}/author/claire/"}
    assert [tag.term for tag in post.tags] == ["Typographie", "espaces", "français"]
    assert (post.published, post.updated) == (
        "2026-11-20T09:30:00+00:00",
        "2026-11-21T10:00:00+00:00",
    )
    assert post.summary.startswith("<p>Peu &amp; bien. <a href=")


def test_rss_and_json_say_the_same_as_atom(blog_with_feeds: BlogFolder, atom: Any) -> None:
    rss = read_back((blog_with_feeds.output / "feeds/all.rss.xml").read_bytes())
    items = json.loads((blog_with_feeds.output / "feeds/all.json").read_text("utf-8"))["items"]

    said = [(each.id, each.link, each.title, each.content[0].value) for each in atom.entries]
    assert [(e.id, e.link, e.title, e.content[0].value) for e in rss.entries] == said
    assert [(i["id"], i["url"], i["title"], i["content_html"]) for i in items] == said
    assert [each.author for each in rss.entries] == [each.author for each in atom.entries]


def test_the_json_feed_is_one_of_version_1_1(blog_with_feeds: BlogFolder) -> None:
    feed = json.loads((blog_with_feeds.output / "feeds/all.json").read_text("utf-8"))

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["home_page_url"], feed["feed_url"]) == (f"{ROOT}/", f"{ROOT}/feeds/all.json")
    assert (feed["language"], feed["description"]) == ("en", "Words & so on")
    assert all({"id", "url", "content_html", "date_published"} <= set(i) for i in feed["items"])
    [post] = [item for item in feed["items"] if item["title"] == TITLE]
    assert post["tags"] == ["Typographie", "espaces", "français"]
    assert (post["language"], post["summary"]) == ("fr", "Peu & bien.")


def test_every_link_and_picture_in_a_feed_has_its_whole_address(
    blog_with_feeds: BlogFolder, atom: Any
) -> None:
    text = html.fragment_fromstring(entry(atom).content[0].value, create_parent="div")

    page = ROOT + blog_with_feeds.address("espace")
    assert set(text.xpath("//@href")) == {
        f"{ROOT}/a-propos/",
        ROOT + blog_with_feeds.address("bonjour"),
        f"{page}#fn:1",
        f"{page}#fnref:1",
    }
    assert text.xpath("//img/@src") == [f"{ROOT}/images/chat.png"]


def test_a_feed_says_of_itself_where_it_is_and_in_which_language(atom: Any) -> None:
    links = {link.rel: (link.href, link.type) for link in atom.feed.links}

    assert links == {
        "self": (f"{ROOT}/feeds/all.atom.xml", "application/atom+xml"),
        "alternate": (f"{ROOT}/", "text/html"),
    }
    assert atom.feed.language == "en"
    assert "Words &amp; so on" in atom.feed.subtitle


def test_a_feed_is_as_old_as_its_newest_item_whenever_it_was_built(atom: Any) -> None:
    assert atom.feed.updated == max(each.updated for each in atom.entries)


def test_neither_a_draft_nor_a_post_for_later_is_in_any_published_file(
    blog_with_feeds: BlogFolder,
) -> None:
    telling = [path for path, data in blog_with_feeds.pages().items() if b"Hidden words" in data]

    assert telling == []


def test_categories_and_tags_have_the_feeds_that_the_settings_name(
    blog_with_feeds: BlogFolder,
) -> None:
    output = blog_with_feeds.output
    of_category = read_back((output / "category/typographie/feed.atom.xml").read_bytes())
    of_tag = read_back((output / "tag/espaces/feed.rss.xml").read_bytes())

    assert [each.title for each in of_category.entries] == [TITLE]
    assert [each.title for each in of_tag.entries] == [TITLE]
    assert of_tag.feed.title.startswith("espaces | ")
    assert not list(output.rglob("tag/*/*.atom.xml"))
    for page, feed in (
        ("category/typographie", "/category/typographie/feed.atom.xml"),
        ("tag/espaces", "/tag/espaces/feed.rss.xml"),
    ):
        head = html.document_fromstring((output / page / "index.html").read_bytes())
        assert feed in head.xpath("//head/link[@rel='alternate']/@href")


def test_the_id_of_a_post_stays_when_its_address_changes(blog: BlogFolder) -> None:
    before = {e.id for e in read_back((blog.output / "feeds/all.atom.xml").read_bytes()).entries}
    blog.write_post("hello", "Another title", "The first words.", Slug="moved")

    blog.build()

    now = read_back((blog.output / "feeds/all.atom.xml").read_bytes())
    assert {each.id for each in now.entries} == before
    assert any(each.link.endswith("/moved/") for each in now.entries)


# The conversation


def test_a_post_says_how_much_was_said_and_where(blog_with_feeds: BlogFolder, atom: Any) -> None:
    post = entry(atom)

    [replies] = [link for link in post.links if link.rel == "replies"]
    assert replies.href == f"{ROOT}{blog_with_feeds.address('espace')}comments.atom.xml"
    assert (replies["thr:count"], post.thr_total) == ("2", "2")
    assert replies["thr:updated"] == "2026-11-22T12:00:00+00:00"


def test_a_comment_answers_its_post_and_a_reply_its_comment(
    blog_with_feeds: BlogFolder, atom: Any
) -> None:
    [reply, comment] = comments_of(blog_with_feeds, "espace").entries

    page = ROOT + blog_with_feeds.address("espace")
    assert comment["thr_in-reply-to"] == {
        "ref": entry(atom).id,
        "href": page,
        "type": "text/html",
    }
    assert reply["thr_in-reply-to"]["ref"] == comment.id
    assert reply["thr_in-reply-to"]["href"] == comment.link == f"{page}#comment-1"


def test_a_comment_is_in_the_feeds_word_for_word(blog_with_feeds: BlogFolder) -> None:
    [reply, comment] = comments_of(blog_with_feeds, "espace").entries

    assert comment.title == f"Ada sur «\u00a0{TITLE}\u00a0»"
    assert comment.content[0].value == "<p>Said <em>once</em> ]]&gt; 😀</p>"
    assert comment.author_detail == {"name": "Ada", "href": "https://ada.example/"}
    assert reply.author == "Bea <b>"
    assert reply.content[0].value == "<p>So &lt;i&gt;true&lt;/i&gt;.</p>"


def test_everything_said_is_in_the_feed_of_all(blog_with_feeds: BlogFolder) -> None:
    every = read_back((blog_with_feeds.output / "feeds/comments.atom.xml").read_bytes())

    parts = [comments_of(blog_with_feeds, slug).entries for slug in ("espace", "bonjour")]
    assert sorted(each.id for each in every.entries) == sorted(e.id for part in parts for e in part)
    assert every.feed.updated == max(each.updated for each in every.entries)


def test_a_post_that_links_to_another_is_in_that_one_s_feed(blog_with_feeds: BlogFolder) -> None:
    [ping] = comments_of(blog_with_feeds, "bonjour").entries

    page = html.document_fromstring(blog_with_feeds.page("bonjour"))
    assert ping.title.startswith(f"Ping\u00a0: {TITLE} | ")
    address, _, anchor = ping.link.partition("#")
    assert address == ROOT + blog_with_feeds.address("bonjour")
    assert page.get_element_by_id(anchor) is not None


BLOG = Blog("Le carnet", ROOT, "", "Claire", "fr", "UTC", (), "output")
POST = Post("post", "/post/", "Un <titre>", "fr", comments=True, file="post/index.html")
CONTACT = replace(POST, id="contact", path="/contact/", file="contact/index.html", kind="contact")
SAID = Comment(1, None, "Ada", "", stored(safe_html("Bien.")), NOON, is_by_author=False)
PING = Ping(2, Kind.WEBMENTION, "Zappos… | Net <b>", "https://z.example/?a&b", NOON)
OWN = Ping(None, Kind.PINGBACK, "Plus tard | Le carnet", f"{ROOT}/plus-tard/", NOON, page="later")


def feeds_of(*items: Comment | Ping) -> dict[str, Any]:
    """The comment feeds of a blog with one post, under which `items` stand."""
    posts = {"post": POST, "contact": CONTACT}
    manifest = Manifest(BLOG, DiscussionSettings(), posts, NOON)
    made = comment_feeds(manifest, {"post": items}, lambda lang: words(lang, UTC))  # type: ignore[arg-type]  # any zone
    return {path: read_back(feed) for path, feed in made}


def test_pings_are_in_the_feeds_beside_comments() -> None:
    later = replace(PING, at=NOON + timedelta(hours=1))

    feed = feeds_of(SAID, later, OWN)["post/comments.atom.xml"]

    ping = feed.entries[0]
    assert ping.title == "Ping\u00a0: Zappos… | Net <b>"
    assert ping.link == f"{ROOT}/post/#comment-2"
    assert ping.content[0].value == (
        '<p><a href="https://z.example/?a&amp;b">Zappos… | Net &lt;b&gt;</a></p>'
    )
    assert {each.link for each in feed.entries[1:]} == {
        f"{ROOT}/post/#comment-1",
        f"{ROOT}/post/#{OWN.anchor}",
    }


def test_the_page_to_write_to_the_author_has_no_feed() -> None:
    assert set(feeds_of(SAID)) == {"post/comments.atom.xml", "feeds/comments.atom.xml"}


def test_a_feed_of_nothing_was_never_changed() -> None:
    assert feeds_of()["post/comments.atom.xml"].feed.updated == "1970-01-01T00:00:00+00:00"


def test_items_of_the_same_instant_stand_in_a_stable_order() -> None:
    assert feeds_of(SAID, PING, OWN) == feeds_of(OWN, PING, SAID)


# Hostile text

HOSTILE = (
    *("\x00\x07\x0b\x1b\x7f\x9f", "\ufffe\uffff", "]]> <![CDATA[ x ]]>", "<?php x ?>", "<!-- -->"),
    *("&amp;lt; &nbsp; &#0; &undefined;", "</title></entry></feed>", "😀👩‍👩‍👧\u202e", "\u2028"),
)


def a_feed(text: str) -> Feed:
    """A feed all of whose texts are `text`."""
    item = Item(
        id="urn:x",
        address=f"{ROOT}/x/",
        title=text,
        html=f"<p>{text}</p>",
        published=NOON,
        updated=NOON,
        read_on=text,
        authors=(Person(text),),
        summary=text,
        categories=(text,),
    )
    hint = Hint(text, "/theme/feed.css")
    return Feed(text, f"{ROOT}/f", f"{ROOT}/", "fr", Person(text), hint, text, (item,))


def allowed(text: str) -> str:
    """`text` without what XML has no room for."""
    return "".join(each for each in text if each.isprintable() or each in "\u202e\u2028\u200d")


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_text_breaks_a_feed_or_is_changed_in_it(text: str) -> None:
    feed = a_feed(f"Vu {text} !")

    from_atom, from_rss = read_back(write_atom(feed)), read_back(write_rss(feed))
    from_json = json.loads(write_json_feed(feed))["items"][0]

    said = f"Vu {allowed(text)} !"
    assert from_json["title"] == said
    assert from_json["content_html"] == f"<p>{said}</p>"
    for found in (from_atom, from_rss):
        assert found.entries[0].content[0].value == f"<p>{said}</p>"
    assert from_atom.entries[0].author == said


def test_a_title_in_atom_is_text_and_not_markup() -> None:
    assert read_back(write_atom(a_feed("a <b>b</b> &amp; c"))).entries[0].title_detail == {
        "type": "text/plain",
        "language": "fr",
        "base": "",
        "value": "a <b>b</b> &amp; c",
    }


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ('<a href="/x">', '<a href="https://e.org/x">'),
        ("<a href=x>", '<a href="https://e.org/p/x">'),
        ("<a href='#n' title='é'>", "<a href=\"https://e.org/p/#n\" title='é'>"),
        ('<a href="?a=1&amp;b=2">', '<a href="https://e.org/p/?a=1&amp;b=2">'),
        ('<img alt="a > b" src=x.png>', '<img alt="a > b" src="https://e.org/p/x.png">'),
        (
            '<img srcset="/a 1x, b 2x">',
            '<img srcset="https://e.org/a 1x, https://e.org/p/b 2x">',
        ),
        ('<a href="mailto:a@e.org">', '<a href="mailto:a@e.org">'),
        ('<A HREF="https://x.org/?a&b">', '<A HREF="https://x.org/?a&b">'),
        ('<img src="data:image/gif;base64,R0lG/+=">', '<img src="data:image/gif;base64,R0lG/+=">'),
        (
            '<!-- <a href="x"> -->é\n<a href="x">',
            '<!-- <a href="x"> -->é\n<a href="https://e.org/p/x">',
        ),
        ('<a href="http://[x">', '<a href="http://[x">'),
        ("<p title=\"href='x'\">a < b", "<p title=\"href='x'\">a < b"),
    ],
)
def test_links_are_made_whole_and_nothing_else_is_touched(written: str, whole: str) -> None:
    assert with_absolute_links(written, "https://e.org/p/") == whole


# In a browser


def test_a_browser_gets_a_feed_as_xml_and_a_feed_reader_as_a_feed(reader: Reader) -> None:
    for_readers = reader.opens("/feeds/all.atom.xml", Accept="application/atom+xml, */*")
    for_people = reader.opens("/feeds/all.atom.xml", Accept="text/html,application/xml;q=0.9")

    assert for_readers.content_type == "application/atom+xml; charset=utf-8"
    assert for_people.content_type == "application/xml; charset=utf-8"
    assert for_people.vary.as_set() >= {"accept"}
    assert for_people.data == for_readers.data


@pytest.mark.browser
def test_a_person_who_opens_a_feed_reads_what_it_is_and_finds_the_way(
    browser: Browser, blog_with_feeds: BlogFolder
) -> None:
    serving = Serving(blog_with_feeds, ("--only", "web"), {})
    try:
        wait_until(lambda: serving.get("/healthz").status == 200, 60, serving.said)
        page = browser.new_page()
        page.goto(f"{serving.url}/feeds/all.atom.xml")
        hint = page.locator("subtitle p")
        assert hint.first.inner_text() == "Words & so on"
        assert hint.last.inner_text().startswith("This is a feed: ")
        assert page.locator("entry > title").first.is_visible()
        assert not page.locator("entry > content").first.is_visible()
        link = page.locator("entry:lang(fr) a").first
        assert link.inner_text() == "Lire la suite"
        assert str(link.get_attribute("href")).startswith(f"{ROOT}/")
    finally:
        serving.stop()


def test_the_stylesheet_of_feeds_asks_for_nothing() -> None:
    style = (Path(__file__).parent.parent / "theme/static/feed.css").read_text("utf-8")

    assert "url(" not in style
    assert "@import" not in style
