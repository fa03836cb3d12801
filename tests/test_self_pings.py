"""A post that links to another of the same blog stands below it as a ping, without the network."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from actors import NOON, BlogFolder
from lxml import html

from pingback_server.manifest import PublishedBlog

SITE = "http://localhost:8000"


@pytest.fixture(scope="module")
def linked_blog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blog whose posts link to one another in every way; built once."""
    with BlogFolder.init(tmp_path_factory.mktemp("linked") / "blog", "--title", "Un blog") as blog:
        for welcome in (blog.folder / "content").glob("*-welcome.md"):
            welcome.unlink()
        blog.configure('DISCUSSION = {"close_after_days": 30_000}')
        write(blog, "target", "Linked to.", Aliases="/former/place/")
        write(blog, "twice", f"[Once]({{filename}}target.md) and [again]({SITE}/former/place).")
        write(blog, "relative", "[Here](../../../../2026/11/20/target/#comments).", "2026-11-18")
        write(blog, "other-name", "[Here](http://127.0.0.1:8000/2026/11/20/target).", "2026-11-19")
        write(blog, "raw", '<p class="a>b"><A class=x HREF=/2026/11/20/target/>Raw</A></p>')
        code = "`<a href='/2026/11/20/target/'>`\n\n    [x]({filename}target.md)"
        write(
            blog, "code", f"{code}\n\n<!-- [x](/2026/11/20/target/) <a href='/former/place/'> -->"
        )
        write(blog, "itself", "[Me]({filename}itself.md) and [up](#top).")
        write(blog, "draft", "[Here]({filename}target.md).", Status="draft")
        write(blog, "hidden", "[Here]({filename}target.md).", Status="hidden")
        write(blog, "tomorrow", "[Here]({filename}target.md).", "2126-11-20")
        write(blog, "deaf", "Takes none.", Pings="closed")
        write(blog, "over", "Took some.", "2026-11-01", Closes="2026-11-10")
        write(blog, "in-time", "[A]({filename}over.md), [b]({filename}deaf.md).", "2026-11-10")
        write(blog, "too-late", "[A]({filename}over.md), [b]({filename}deaf.md).", "2026-11-11")
        blog.write_post(
            "typo", "Espaces  et\u00a0: «\u00a0signes\u00a0» & <b>", "[A]({filename}over.md)",
            Date="2026-11-02 09:30", Lang="fr",
        )  # fmt: skip
        blog.build(SOURCE_DATE_EPOCH=str(int(NOON.timestamp())))
    return blog.folder


def write(blog: BlogFolder, slug: str, text: str, day: str = "2026-11-20", **metadata: str) -> None:
    blog.write_post(slug, slug.title(), text, Date=f"{day} 09:30", **metadata)


@pytest.fixture
def blog(linked_blog: Path, tmp_path: Path) -> Iterator[BlogFolder]:
    shutil.copytree(linked_blog, tmp_path / "blog")
    with BlogFolder(tmp_path / "blog") as blog:
        yield blog


def pings(blog: BlogFolder, slug: str) -> list[tuple[str, str]]:
    """The pings in a page: title and address of each, in order."""
    page = html.document_fromstring(blog.page(slug).encode())
    lines = page.xpath("//li[starts-with(@id, 'ping-')]")
    return [(line.xpath(".//a")[0].text_content(), line.xpath(".//a/@href")[0]) for line in lines]


def sources(blog: BlogFolder, slug: str) -> list[str]:
    return [address.strip("/").rpartition("/")[2] for _, address in pings(blog, slug)]


def test_each_post_that_links_here_is_one_line_in_the_order_of_the_posts(blog: BlogFolder) -> None:
    found = sources(blog, "target")

    assert sorted(found) == ["other-name", "raw", "relative", "twice"]
    assert found[:2] == ["relative", "other-name"]


def test_what_is_no_link_or_not_public_pings_nobody(blog: BlogFolder) -> None:
    public = b"".join(blog.pages().values()).decode("utf-8", "replace")

    assert not {"code", "draft", "hidden", "tomorrow"} & set(sources(blog, "target"))
    assert "Tomorrow | Un blog" not in public


def test_a_post_does_not_ping_itself(blog: BlogFolder) -> None:
    assert sources(blog, "itself") == []


def test_a_post_that_takes_no_pings_has_none(blog: BlogFolder) -> None:
    assert sources(blog, "deaf") == []


def test_who_links_after_pings_were_closed_is_not_listed(blog: BlogFolder) -> None:
    assert sources(blog, "over") == ["typo", "in-time"]
    closed = PublishedBlog(blog.settings.manifest_path)().posts["over"].pings_close_at
    assert closed == datetime(2026, 11, 11, tzinfo=UTC)


def test_the_title_is_the_source_page_s_own(blog: BlogFolder) -> None:
    source = html.document_fromstring(blog.page("typo").encode()).findtext(".//title")

    title, address = pings(blog, "over")[0]

    assert title == " ".join(re.split("[ \n]+", source or ""))
    assert title == "Espaces et\u00a0: «\u00a0signes\u00a0» & <b> | Un blog"
    assert address == f"{SITE}/{blog.address('typo').strip('/')}/"


def test_the_title_is_that_of_the_blogs_own_template(blog: BlogFolder) -> None:
    mine = blog.folder / "mine"
    mine.mkdir()
    (mine / "article.html").write_text(
        '{% extends "!theme/article.html" %}\n'
        "{% block title %}{{ site.name }} – {{ article.title }} ({{ t.date(article.date) }})"
        "{% endblock %}\n"
    )
    blog.configure("THEME_TEMPLATES_OVERRIDES = ['mine']")

    blog.build(SOURCE_DATE_EPOCH=str(int(NOON.timestamp())))

    assert [title for title, _ in pings(blog, "over")] == [
        "Un blog – Espaces et\u00a0: «\u00a0signes\u00a0» & <b> (2 novembre 2026)",
        "Un blog – In-Time (10 November 2026)",
    ]


def test_the_line_has_an_anchor_of_its_own_and_no_number_of_a_comment(blog: BlogFolder) -> None:
    anchors = re.findall(r'<li id="([^"]*)"', blog.page("over"))

    assert len(set(anchors)) == 2
    assert all(re.fullmatch("ping-[0-9a-f]{10}", anchor) for anchor in anchors)


def test_pings_are_counted_wherever_a_count_stands(blog: BlogFolder) -> None:
    assert "4 thoughts on “Target”" in blog.page("target")
    assert "4 thoughts" in (blog.output / "index.html").read_text("utf-8")


def test_a_plain_link_pings_again_when_the_target_takes_pings_again(blog: BlogFolder) -> None:
    write(blog, "deaf", "Takes some again.")

    blog.build(SOURCE_DATE_EPOCH=str(int(NOON.timestamp())))

    assert sources(blog, "deaf") == ["in-time", "too-late"]


def test_the_setting_switches_them_off(blog: BlogFolder) -> None:
    blog.configure('DISCUSSION["self_pings"] = False')

    blog.build(SOURCE_DATE_EPOCH=str(int(NOON.timestamp())))

    assert sources(blog, "target") == []
    assert "No thoughts yet on “Target”" in blog.page("target")


def test_pings_listed_apart_stand_below_what_people_said_and_still_count(
    blog: BlogFolder,
) -> None:
    assert "Mentioned elsewhere" not in blog.page("target")
    blog.configure('DISCUSSION["list_pings_apart"] = True')

    blog.build(SOURCE_DATE_EPOCH=str(int(NOON.timestamp())))

    assert "Mentioned elsewhere" in blog.page("target").partition('id="ping-')[0]
    assert len(sources(blog, "target")) == 4
    assert "4 thoughts on “Target”" in blog.page("target")
