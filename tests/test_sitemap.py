"""What crawlers read first: the sitemap (sitemaps.org/protocol.html) and robots.txt (RFC 9309)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as XML
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from urllib.robotparser import RobotFileParser

import pytest
from actors import Author, BlogFolder, Clock, Reader, visit

from pingback_server.domain.errors import BuildFailed

ROOT = "http://localhost:8000"
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
# The W3C's profile of ISO 8601, with a time.
W3C_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlogFolder]:
    """A blog with a translated post, a draft, one for later, and a comment on another."""
    with BlogFolder.init(tmp_path_factory.mktemp("sitemap") / "blog") as blog:
        blog.configure("DISCUSSION, DEFAULT_PAGINATION = {'close_after_days': 0}, 2")
        write = blog.write_post
        write("old", "Old", "Old.", Date="2024-05-17 09:30", Tags="a & b")
        moved = {"Modified": "2024-06-01 10:00", "Aliases": "/former/"}
        write("changed", "Changed", "Words.", Date="2024-05-18", **moved)
        write("both", "Both", "Words.", Date="2024-05-19", Lang="en", Id="both-en")
        text = (blog.folder / "content/both.md").read_text("utf-8")
        french = text.replace("Lang: en", "Lang: fr").replace("both-en", "both-fr")
        (blog.folder / "content/both-fr.md").write_text(french, "utf-8")
        write("日本", "日本", "Words.", Date="2024-05-19", Lang="fr")
        write("draft", "Draft", "Words.", Status="draft")
        write("later", "Later", "Words.", Date="2999-01-01")
        blog.build()
        visit(blog, Clock()).comments("old")
        Author(blog).runs("approve", "1")
        blog.build()
        yield blog


def urls(blog: BlogFolder) -> dict[str, XML.Element]:
    """The sitemap's entries by their address."""
    root = XML.fromstring((blog.output / "sitemap.xml").read_bytes())
    assert root.tag == f"{NAMESPACE}urlset"
    found = {str(url.findtext(f"{NAMESPACE}loc")): url for url in root}
    assert len(found) == len(root)
    return found


def changed(blog: BlogFolder, path: str) -> str | None:
    return urls(blog)[ROOT + path].findtext(f"{NAMESPACE}lastmod")


def test_every_entry_keeps_to_the_schema(mapped: BlogFolder) -> None:
    for address, url in urls(mapped).items():
        names = [child.tag for child in url]
        known = [f"{NAMESPACE}loc", f"{NAMESPACE}lastmod", f"{XHTML}link"]
        assert url.tag == f"{NAMESPACE}url"
        assert names == sorted(names, key=known.index), address
        assert address.startswith(f"{ROOT}/")
        assert len(address) < 2048
        lastmod = url.findtext(f"{NAMESPACE}lastmod")
        assert lastmod is None or W3C_TIME.fullmatch(lastmod)


def test_an_address_in_letters_of_any_script_is_written_in_ascii(mapped: BlogFolder) -> None:
    rss = XML.fromstring((mapped.output / "feeds/all.rss.xml").read_bytes())

    address = f"{ROOT}/fr/2024/05/19/%E6%97%A5%E6%9C%AC/"
    assert address in urls(mapped)
    assert address in {str(item.findtext("link")) for item in rss.iter("item")}
    assert "日本" not in (mapped.output / "sitemap.xml").read_text("utf-8")


def test_it_lists_every_page_that_is_meant_to_be_found_and_no_other(mapped: BlogFolder) -> None:
    pages = {path: data.decode() for path, data in mapped.pages().items() if path.endswith(".html")}
    findable = {
        found[1]
        for text in pages.values()
        if (found := re.search('rel="canonical" href="([^"]*)"', text)) and "noindex" not in text
    }

    assert set(map(unquote, urls(mapped))) == findable
    assert {f"{ROOT}/", f"{ROOT}/page/2/", f"{ROOT}/archives/", f"{ROOT}/tag/a-b/"} <= findable
    assert "former/index.html" in pages
    assert not [a for a in findable if re.search("draft|later|404|former", a)]


def test_a_post_changed_when_it_was_written_or_edited_or_talked_about(mapped: BlogFolder) -> None:
    assert changed(mapped, mapped.address("old")) == "2026-11-22T12:00:00+00:00"
    assert changed(mapped, mapped.address("changed")) == "2024-06-01T10:00:00+00:00"
    assert changed(mapped, mapped.address("both-en")) == "2024-05-19T00:00:00+00:00"


def test_a_list_changed_with_the_newest_of_its_posts(mapped: BlogFolder) -> None:
    assert changed(mapped, "/tag/a-b/") == "2026-11-22T12:00:00+00:00"
    assert changed(mapped, "/2024/05/") == "2026-11-22T12:00:00+00:00"


def test_a_page_without_a_date_has_none(mapped: BlogFolder) -> None:
    assert changed(mapped, "/about/") is None


def test_a_translated_post_names_all_its_languages_in_each(mapped: BlogFolder) -> None:
    found = urls(mapped)
    both = [ROOT + mapped.address(name) for name in ("both-en", "both-fr")]

    named = [
        {link.get("hreflang"): link.get("href") for link in found[address].iter(f"{XHTML}link")}
        for address in both
    ]
    assert named[0] == named[1] == dict(zip(("en", "fr"), both, strict=True))


def test_what_the_author_s_own_look_hides_from_search_is_not_listed(blog: BlogFolder) -> None:
    blog.configure("THEME_TEMPLATES_OVERRIDES = ['look']")
    (blog.folder / "look").mkdir()
    hidden = '{% block head %}<meta name="robots" content="follow, noindex">{% endblock %}'
    (blog.folder / "look/page.html").write_text('{% extends "!theme/page.html" %}' + hidden)

    blog.build()

    assert f"{ROOT}/" in urls(blog)
    assert f"{ROOT}/about/" not in urls(blog)


def test_it_is_served_as_xml(blog: BlogFolder, reader: Reader) -> None:
    assert reader.opens("/sitemap.xml").content_type == "application/xml; charset=utf-8"
    assert reader.opens("/robots.txt").content_type == "text/plain; charset=utf-8"


# robots.txt


def rules_of(blog: BlogFolder) -> RobotFileParser:
    parser = RobotFileParser()
    parser.parse((blog.output / "robots.txt").read_text("utf-8").splitlines())
    return parser


def test_robots_are_led_to_the_sitemap_and_away_from_the_forms(mapped: BlogFolder) -> None:
    rules = rules_of(mapped)

    assert rules.site_maps() == [f"{ROOT}/sitemap.xml"]
    assert rules.can_fetch("Googlebot", f"{ROOT}/")
    assert not rules.can_fetch("Googlebot", f"{ROOT}/-/comments/1/reply")
    assert rules.can_fetch("GPTBot", f"{ROOT}/")


def test_the_crawlers_of_ai_companies_can_be_refused(blog: BlogFolder) -> None:
    blog.configure("AI_CRAWLERS = 'refused'")

    blog.build()

    rules = rules_of(blog)
    for crawler in ("GPTBot", "ClaudeBot", "Google-Extended", "CCBot", "PerplexityBot"):
        assert not rules.can_fetch(crawler, f"{ROOT}/2026/")
    assert rules.can_fetch("Googlebot", f"{ROOT}/2026/")


def test_another_word_for_it_is_refused_with_the_two_that_are(blog: BlogFolder) -> None:
    blog.configure("AI_CRAWLERS = 'welcome'")

    with pytest.raises(BuildFailed, match='AI_CRAWLERS has to be "allowed" or "refused"'):
        blog.build()


def test_the_author_s_own_robots_txt_is_left_alone(blog: BlogFolder) -> None:
    blog.configure("STATIC_PATHS = ['robots.txt']")
    own: Path = blog.folder / "content/robots.txt"
    own.write_text("User-agent: *\nDisallow: /\n", "utf-8")

    blog.build()

    assert (blog.output / "robots.txt").read_bytes() == own.read_bytes()


def test_below_a_path_the_rules_are_below_it(blog: BlogFolder) -> None:
    blog.configure("SITEURL, AI_CRAWLERS = 'https://example.org/notes', 'refused'")

    blog.build()

    text = (blog.output / "robots.txt").read_text("utf-8")
    assert "Disallow: /notes/-/\n" in text
    assert text.count("Disallow: /notes/\n") == 1
    assert text.endswith("\nSitemap: https://example.org/notes/sitemap.xml\n")
