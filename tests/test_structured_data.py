"""What search engines and those who link to a post find in its head: JSON-LD and OpenGraph."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from actors import Author, BlogFolder, Clock, Serving, visit, wait_until
from lxml import html
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = "http://localhost:8000"
# What schema.org's types have to have, and of which kind each is: by developers.google.com/search
# (Article, DiscussionForumPosting) and schema.org. A date has a time and a zone, a link a host.
POSTING = {
    "@context": "https://schema.org",
    "@type": "BlogPosting",
    "headline": str,
    "description": str,
    "url": "link",
    "mainEntityOfPage": dict,
    "inLanguage": str,
    "datePublished": "date",
    "dateModified": "date",
    "author": list,
    "publisher": dict,
    "isPartOf": dict,
    "articleSection": str,
    "keywords": list,
    "commentCount": int,
    "discussionUrl": "link",
    "comment": list,
}
COMMENT = {
    "@type": "Comment",
    "@id": "link",
    "url": "link",
    "author": dict,
    "dateCreated": "date",
    "datePublished": "date",
    "text": str,
}
HOSTILE = (
    "</script><script>alert(1)</script> <!-- ]]> & \" ' \\ \u2028 \u2029 😀 <![CDATA[ {{7*7}} -->"
)


@pytest.fixture(scope="module")
def announced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlogFolder]:
    """A blog with a post of hostile title and conversation, with a picture and a translation."""
    with BlogFolder.init(tmp_path_factory.mktemp("announced") / "blog") as blog:
        blog.configure("AUTHOR, DISCUSSION = 'Claire', {'close_after_days': 0}")
        blog.configure("SITESUBTITLE = 'Words & so on'")
        lines = {"Category": "Craft", "Tags": "links, words", "Modified": "2026-11-21 10:00"}
        (blog.folder / "content/images").mkdir(exist_ok=True)
        Image.new("RGB", (8, 6)).save(blog.folder / "content/images/cat.png")
        picture = "Seen.\n\n![A cat](/images/cat.png)"
        blog.write_post("pictured", "Pictured", picture, Lang="en")
        title = HOSTILE.replace("\u2028", "").replace("\u2029", "")
        blog.write_post("hello", f"Hello {title}", "The first words.", Lang="en", **lines)
        blog.write_post("plain", "Plain", "Only words.", Id="plain-en", Lang="en")
        blog.write_post("plain-fr", "Tout court", "Des mots.", Slug="plain", Lang="fr")
        blog.build()
        reader = visit(blog, Clock())
        reader.comments("hello", author=f"Ada {HOSTILE}"[:90], comment=f"So: `{HOSTILE}`")
        Author(blog).runs("approve", "1")
        mail = {"email": "bea@secret.example"}
        reader.comments("hello", author="Bea", **mail, url="https://bea.example/", parent="1")
        Author(blog).runs("approve", "2")
        blog.build()
        yield blog


def data_of(page: str) -> Any:
    """The page's one data block."""
    [block] = html.document_fromstring(page).xpath("//script")
    assert dict(block.attrib) == {"type": "application/ld+json"}
    return json.loads(block.text)


@pytest.fixture
def posting(announced: BlogFolder) -> Any:
    return data_of(announced.page("hello"))


def faults(values: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """The properties that are missing or not of their kind."""
    return [name for name, kind in wanted.items() if not fits(values.get(name), kind)]


def fits(value: Any, kind: Any) -> bool:
    if kind == "date":
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    if kind == "link":
        return isinstance(value, str) and value.startswith(f"{ROOT}/")
    return value == kind if isinstance(kind, str) else isinstance(value, kind) and value != ""


def test_a_post_has_all_that_its_type_asks_for(posting: Any) -> None:
    assert faults(posting, POSTING) == []
    assert posting["headline"].startswith("Hello </script><script>alert(1)</script>")
    assert posting["dateModified"] == "2026-11-21T10:00:00+00:00"
    assert posting["author"] == [
        {"@type": "Person", "name": "Claire", "url": f"{ROOT}/author/claire/"}
    ]
    assert (posting["articleSection"], posting["keywords"]) == ("Craft", ["links", "words"])


def test_the_table_sees_what_is_missing_or_wrong(posting: Any) -> None:
    wrong = {**posting, "datePublished": "2026-11-21", "url": "/hello/", "headline": ""}
    del wrong["author"]

    assert faults(wrong, POSTING) == ["headline", "url", "datePublished", "author"]


def test_its_comments_have_all_that_theirs_asks_for(announced: BlogFolder, posting: Any) -> None:
    first, reply = posting["comment"]

    assert faults(first, COMMENT) == faults(reply, COMMENT) == []
    page = ROOT + announced.address("hello")
    assert first["@id"] == f"{page}#comment-1"
    assert reply["parentItem"] == {"@type": "Comment", "@id": f"{page}#comment-1"}
    assert reply["author"] == {
        "@type": "Person",
        "name": "Bea",
        "url": "https://bea.example/",
    }


def test_the_count_is_the_heading_s(announced: BlogFolder, posting: Any) -> None:
    page = html.document_fromstring(announced.page("hello"))

    assert posting["commentCount"] == 2
    assert page.get_element_by_id("comments").text_content().startswith("2 thoughts on")


def test_no_text_breaks_out_of_the_data(announced: BlogFolder, posting: Any) -> None:
    raw = announced.page("hello").partition('<script type="application/ld+json">')[2]
    raw = raw.partition("</script>")[0]

    assert posting["comment"][0]["text"].startswith("So: </script><script>alert(1)</script>")
    assert not set(raw) & set("<>&'\u2028\u2029")
    assert posting["comment"][0]["author"]["name"].startswith("Ada </script>")


def test_the_address_that_somebody_gave_is_not_in_the_data(announced: BlogFolder) -> None:
    assert "Bea" in announced.page("hello")
    assert "secret.example" not in announced.page("hello")


def test_the_front_page_says_which_blog_it_is(announced: BlogFolder) -> None:
    blog = data_of((announced.output / "index.html").read_text("utf-8"))

    assert (blog["@type"], blog["url"], blog["inLanguage"]) == ("Blog", f"{ROOT}/", "en")
    assert blog["description"] == "Words & so on"


@pytest.mark.browser
def test_a_browser_runs_nothing_of_it_and_reports_no_breach(
    browser: Browser, announced: BlogFolder
) -> None:
    serving = Serving(announced, ("--only", "web"), {})
    try:
        wait_until(lambda: serving.get("/healthz").status == 200, 60, serving.said)
        page = browser.new_page()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("dialog", lambda dialog: told.append(dialog.message))
        page.on("pageerror", lambda error: told.append(str(error)))
        answer = page.goto(serving.url + announced.address("hello"))
        assert answer is not None
        assert "script-src" not in answer.headers["content-security-policy"]
        assert page.locator("script[type='application/ld+json']").count() == 1
        assert told == []
    finally:
        serving.stop()


# OpenGraph and the rest of the head


def metas(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in html.document_fromstring(page).xpath("//head/meta[@name or @property]"):
        found.setdefault(meta.get("property") or meta.get("name"), []).append(meta.get("content"))
    return found


def test_a_post_is_announced_with_its_title_and_its_words(announced: BlogFolder) -> None:
    said = metas(announced.page("hello"))

    assert said["og:type"] == ["article"]
    assert said["og:title"][0].startswith("Hello </script>")
    assert said["og:url"] == [ROOT + announced.address("hello")]
    assert said["og:locale"] == ["en_US"]
    assert said["description"] == said["og:description"] == ["The first words."]
    assert said["article:published_time"] == ["2026-11-20T09:30:00+00:00"]
    assert said["article:modified_time"] == ["2026-11-21T10:00:00+00:00"]
    assert (said["article:section"], said["article:tag"]) == (["Craft"], ["links", "words"])
    assert said["twitter:card"] == ["summary"]


def test_a_post_with_a_picture_is_announced_with_the_first(announced: BlogFolder) -> None:
    page = announced.page("pictured")

    assert metas(page)["og:image"] == data_of(page)["image"] == [f"{ROOT}/images/cat.png"]
    assert "og:image" not in metas(announced.page("hello"))


def test_a_list_is_announced_by_its_title_and_the_blog_s_sentence(announced: BlogFolder) -> None:
    said = metas((announced.output / "tag/links/index.html").read_text("utf-8"))

    assert said["og:type"] == ["website"]
    assert said["og:title"][0].startswith("Tag: links | ")
    assert said["description"] == ["Words & so on"]
    assert "og:image" not in said


def test_what_is_nobody_s_to_find_announces_nothing(announced: BlogFolder) -> None:
    page = (announced.output / "404.html").read_text("utf-8")

    assert set(metas(page)) == {"viewport", "color-scheme", "robots"}
    assert "application/ld+json" not in page


def test_translations_name_each_other_and_themselves(announced: BlogFolder) -> None:
    addresses = {
        "en": ROOT + announced.address("plain-en"),
        "fr": ROOT + announced.address("plain-fr"),
    }

    for slug in ("plain-en", "plain-fr"):
        links = html.document_fromstring(announced.page(slug)).xpath("//head/link[@hreflang]")
        assert {link.get("hreflang"): link.get("href") for link in links} == addresses


def test_a_long_beginning_is_cut_after_a_whole_word(blog: BlogFolder) -> None:
    blog.write_post("long", "Long", "word " * 30 + "unbreakable" * 9)

    blog.build()

    [description] = metas(blog.page("long"))["description"]
    assert description == ("word " * 30).rstrip() + "…"
