"""The page that the product was conceived from: what stands below a post, to the letter."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from actors import NOON, BlogFolder
from lxml import html
from lxml.html import HtmlElement

from pingback_server.deeds.import_file import import_file

TITLE = "Le client qui rappelle"
LINKING = "Zappos, un autre exemple…"


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlogFolder]:
    """A French blog whose closed post without a category has one comment and one link to it."""
    folder = tmp_path_factory.mktemp("example") / "blog"
    options = ("--lang", "fr", "--title", "Net-Marketing.fr", "--author", "Claire")
    with BlogFolder.init(folder, *options) as blog:
        blog.configure('TIMEZONE = "Europe/Paris"\nDISCUSSION = {"close_after_days": 90}')
        write(blog, "example", TITLE, "Un texte.", "2026-01-10")
        write(blog, "linking", LINKING, "[Ici]({filename}example.md).", "2026-01-15")
        write(blog, "english", "The caller", "[Here]({filename}open.md).", "2026-11-20", Lang="en")
        write(blog, "open", "Ouvert", "Un texte.", "2026-11-20", Lang="en")
        write(blog, "quiet", "Personne", "Un texte.", "2026-11-20")
        write(blog, "silent", "Silence", "Un texte.", "2026-01-20")
        write(blog, "half", "À moitié", "Un texte.", "2026-11-20", Comments="closed")
        write(blog, "to-half", "Vers", "[Ici]({filename}half.md).", "2026-11-21")
        write(blog, "mixed", "Mêlé", "Un texte.", "2026-11-01")
        bring(blog, *SAID)
        build(blog)
        yield blog


def write(blog: BlogFolder, slug: str, title: str, text: str, day: str, **metadata: str) -> None:
    blog.write_post(slug, title, text, Date=f"{day} 09:30", **metadata)


def build(blog: BlogFolder) -> None:
    blog.build(SOURCE_DATE_EPOCH=str(int(NOON.timestamp())))


def said(origin: str, post: str, day: str, **changes: Any) -> dict[str, Any]:
    plain = {"origin": origin, "kind": "comment", "post": post, "at": f"{day}T10:00:00Z"}
    return {**plain, "author": "Ada", "text": f"Dit {origin}.", "status": "approved", **changes}


def pinged(origin: str, kind: str, day: str) -> dict[str, Any]:
    there = {"url": f"https://{kind}.example/", "title": f"Vu par {kind}", "text": ""}
    return said(origin, "mixed", day, kind=kind, **there)


SAID = (
    said("a", "example", "2026-01-12"),
    said("b", "open", "2026-11-21"),
    pinged("c", "trackback", "2026-11-05"),
    said("d", "mixed", "2026-11-03"),
    said("e", "mixed", "2026-11-09", parent="d"),
    pinged("f", "pingback", "2026-11-02"),
    said("g", "mixed", "2026-11-06"),
    pinged("h", "webmention", "2026-11-07"),
)


def bring(blog: BlogFolder, *entries: dict[str, Any]) -> None:
    import_file(json.dumps(entries), store=blog.store, now=NOON)


def page(blog: BlogFolder, slug: str) -> HtmlElement:
    return html.document_fromstring(blog.page(slug).encode())


def text_in(element: HtmlElement) -> str:
    """What can be read there; the space of HTML folded, the no-break space as it is."""
    return re.sub("[ \t\n]+", " ", element.text_content()).strip(" ")


def heading(blog: BlogFolder, slug: str) -> str:
    return text_in(page(blog, slug).xpath("//h2[@id='comments']")[0])


def lines(found: HtmlElement) -> list[str]:
    """What each item of the top level is: the words of a ping, the anchor of a comment."""
    items = found.xpath("//ol[contains(@class, 'thread')]/li")
    return [
        text_in(item) if "ping" in item.get("class").split() else item.get("id") for item in items
    ]


def test_the_heading_counts_the_comment_and_the_ping(blog: BlogFolder) -> None:
    assert heading(blog, "example") == f"2 réflexions au sujet de «\u00a0{TITLE}\u00a0»"


def test_both_are_listed_the_ping_in_one_line_with_the_title_of_its_page(blog: BlogFolder) -> None:
    found = page(blog, "example")

    assert lines(found) == ["comment-1", f"Ping\u00a0: {LINKING} | Net-Marketing.fr"]
    [link] = found.xpath("//li[contains(@class, 'ping')]//a")
    assert link.get("href") == f"http://localhost:8000{blog.address('linking')}"
    assert text_in(link) == text_in(page(blog, "linking").find(".//title"))


def test_once_closed_the_sentence_stands_for_the_form_and_all_that_was_said_stays(
    blog: BlogFolder,
) -> None:
    found = page(blog, "example")

    [closed] = found.xpath("//*[contains(@class, 'discussion')]/p[@class='closed']")
    assert text_in(closed) == "Les commentaires sont fermés."
    assert not found.xpath("//form")
    assert closed.getprevious().tag == "ol"
    assert "Dit a." in text_in(found)


def test_the_post_says_where_it_is_filed_by_whom_and_where_it_stays(blog: BlogFolder) -> None:
    [sentence] = page(blog, "example").xpath("//footer[contains(@class, 'colophon')]/p[1]")

    assert text_in(sentence) == (
        "Ce contenu a été publié dans Non classé par Claire. "
        "Mettez-le en favori avec son permalien."
    )
    assert [link.get("href") for link in sentence.iter("a")] == [
        "/category/non-classe/",
        "/author/claire/",
        blog.address("example"),
    ]


def test_the_page_is_called_by_the_post_and_the_blog(blog: BlogFolder) -> None:
    assert text_in(page(blog, "example").find(".//title")) == f"{TITLE} | Net-Marketing.fr"


def test_the_same_number_stands_in_the_lists(blog: BlogFolder) -> None:
    category = html.parse(blog.output / "category" / "non-classe" / "index.html").getroot()
    [link] = category.xpath(f"//a[@href='{blog.address('example')}#comments']")

    assert text_in(link) == "2 réflexions"


def test_in_english_it_is_the_same(blog: BlogFolder) -> None:
    assert heading(blog, "open") == "2 thoughts on “Ouvert”"
    assert lines(page(blog, "open")) == ["Ping: The caller | Net-Marketing.fr", "comment-2"]


def test_one_and_none_have_words_of_their_own(blog: BlogFolder) -> None:
    assert heading(blog, "half") == "Une réflexion au sujet de «\u00a0À moitié\u00a0»"
    assert heading(blog, "quiet") == "Pas encore de réflexion au sujet de «\u00a0Personne\u00a0»"
    assert heading(blog, "english") == "No thoughts yet on “The caller”"


def test_closed_with_nothing_said_is_the_sentence_alone(blog: BlogFolder) -> None:
    found = page(blog, "silent")

    assert not found.xpath("//*[contains(@class, 'discussion')]")
    assert not found.xpath("//h2[@id='comments']")
    assert text_in(found.xpath("//p[@id='comments']")[0]) == "Les commentaires sont fermés."


def test_comments_may_be_closed_while_pings_are_taken(blog: BlogFolder) -> None:
    found = page(blog, "half")

    assert lines(found) == ["Ping\u00a0: Vers | Net-Marketing.fr"]
    assert [text_in(one) for one in found.find_class("closed")] == ["Les commentaires sont fermés."]
    assert not found.find_class("comment-form")
    assert text_in(found.xpath("//details/summary")[0]) == "Vous en avez parlé ailleurs\u00a0?"


MIXED = [
    "Ping\u00a0: Vu par pingback",
    "comment-4",
    "Ping\u00a0: Vu par trackback",
    "comment-7",
    "Ping\u00a0: Vu par webmention",
]


def test_pings_of_every_kind_stand_among_the_comments_by_date(blog: BlogFolder) -> None:
    found = page(blog, "mixed")

    assert lines(found) == MIXED
    assert heading(blog, "mixed") == "6 réflexions au sujet de «\u00a0Mêlé\u00a0»"
    assert [reply.get("id") for reply in found.xpath("//ol/li//ol/li")] == ["comment-5"]


def test_pings_listed_apart_come_after_and_the_numbering_goes_on(
    blog: BlogFolder, tmp_path: Path
) -> None:
    shutil.copytree(blog.folder, tmp_path / "apart")
    with BlogFolder(tmp_path / "apart") as apart:
        apart.configure('DISCUSSION["list_pings_apart"] = True')

        build(apart)

        found = page(apart, "mixed")
        assert lines(found) == [MIXED[1], MIXED[3], MIXED[0], MIXED[2], MIXED[4]]
        first, second = found.xpath("//ol[contains(@class, 'thread')]")
        assert (first.get("start"), second.get("start")) == (None, "3")
        assert heading(apart, "mixed") == "6 réflexions au sujet de «\u00a0Mêlé\u00a0»"


def test_the_page_turns_into_this_at_the_instant_of_closing(
    blog: BlogFolder, tmp_path: Path
) -> None:
    shutil.copytree(blog.folder, tmp_path / "earlier")
    with BlogFolder(tmp_path / "earlier") as earlier:
        last = datetime.fromisoformat("2026-04-11T00:00:00+02:00")
        (earlier.settings.manifest_path).unlink()

        earlier.build(SOURCE_DATE_EPOCH=str(int(last.timestamp()) - 1))
        before = page(earlier, "example")
        earlier.build(SOURCE_DATE_EPOCH=str(int(last.timestamp())))
        after = page(earlier, "example")

        assert before.xpath("//form")
        assert not before.find_class("closed")
        assert not after.xpath("//form")
        assert lines(before) == lines(after)
