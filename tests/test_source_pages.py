"""What counts as a link to a post, and what a page that has one says of itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from source_reading import POST, read

from pingback_server.domain.discussion import Response
from pingback_server.domain.source_pages import SourcePage, source_page_of

LINK = f'<a href="{POST}">x</a>'

COUNTS = {
    "a link": LINK,
    "among the links of an area": f'<map name=m><area href="{POST}" alt=x></map>',
    "link-30: nofollow": f'<a rel="nofollow" href="{POST}">x</a>',
    "link-38: white space around": f'<a href="  {POST}\n ">x</a>',
    "a line end within": '<a href="https://blog.example/2026/\n01/first-post/">x</a>',
    "link-25: relative to a base": (
        '<base href="https://blog.example/"><a href="/2026/01/first-post/">x</a>'
    ),
    "without the scheme": '<a href="//blog.example/2026/01/first-post/">x</a>',
    "by http": '<a href="http://blog.example/2026/01/first-post/">x</a>',
    "with www": '<a href="https://www.blog.example/2026/01/first-post/">x</a>',
    "without the slash": '<a href="https://blog.example/2026/01/first-post">x</a>',
    "with index.html": f'<a href="{POST}index.html">x</a>',
    "with a port": '<a href="https://BLOG.example:443/2026/01/first-post/">x</a>',
    "quoted letters": '<a href="https://blog.example/2026/01/first%2Dpost/">x</a>',
    "to a comment": f'<a href="{POST}#comment-5">x</a>',
    "around a picture": f'<a href="{POST}"><img src="/p.png" alt="a picture"></a>',
    "with > in its text": f'<a href="{POST}" title="a > b">a > b</a>',
    "around nothing, as bridges write it": f'<a class="u-like-of" href="{POST}"></a>',
    "hidden from screen readers alone": f'<p aria-hidden="true">{LINK}</p>',
    "in details that are closed": f"<details><summary>More</summary>{LINK}</details>",
    "after a comment that never ends well": f"<!-- > --> {LINK} <!--",
    "after an unclosed title of an SVG": f"<svg><title>x</svg>{LINK}",
    "shown as a picture": f'<img src="{POST}" alt="">',
    "shown as a film": f'<video><source src="{POST}"></video>',
    "in a frame": f'<iframe src="{POST}"></iframe>',
}
DOES_NOT_COUNT = {
    "link-01: in a comment": f"<!-- {LINK} -->",
    "link-02: in a conditional comment": f"<!--[if IE]>{LINK}<![endif]-->",
    "link-05: in a template": f"<template>{LINK}</template>",
    "link-08: in the title": f"<title>{LINK}</title>",
    "link-09: in a frame": f"<iframe>{LINK}</iframe>",
    "link-10: in an xmp": f"<xmp>{LINK}</xmp>",
    "link-12: after plaintext": f"<plaintext>{LINK}",
    "link-13: in a srcdoc": f"<iframe srcdoc='{LINK}'></iframe>",
    "link-14: in another attribute": f"<p data-x='{LINK}'>",
    "link-16: escaped": f"<code>{LINK.replace('<', '&lt;')}</code>",
    "link-17: as bare text": f"<p>{POST}</p>",
    "link-21: a prefix": '<a href="https://blog.example/2026/01/first-post10">x</a>',
    "a prefix with a slash": f'<a href="{POST}more/">x</a>',
    "link-26: by the second base": (
        '<base href="https://a.example/"><base href="https://blog.example/">'
        '<a href="/2026/01/first-post/">x</a>'
    ),
    "link-37: in an SVG": f'<svg><a xlink:href="{POST}"><text>x</text></a></svg>',
    "in a script": f"<script>document.write('{LINK}')</script>",
    "in a style": f"<style>{LINK}</style>",
    "in a text area": f"<textarea>{LINK}</textarea>",
    "without scripts alone": f"<noscript>{LINK}</noscript>",
    "in what is hidden": f"<div hidden><p>{LINK}</p></div>",
    "itself hidden": f'<a hidden href="{POST}">x</a>',
    "not displayed": f'<p style="color: red; display : none">{LINK}</p>',
    "not visible": f'<p style="visibility:hidden">{LINK}</p>',
    "to another post with it in the query": f'<a href="https://other.example/?q={POST}">x</a>',
    "with a query of its own": f'<a href="{POST}?p=1">x</a>',
    "on another host": '<a href="https://blog.example.evil.example/2026/01/first-post/">x</a>',
    "with it as the name of a user": '<a href="https://blog.example@evil.example/">x</a>',
    "to what leads on to it": f'<a href="https://blog.example/-/to?url={POST}">x</a>',
    "in the head, for machines": f'<link rel="canonical" href="{POST}">',
    "as the source of a quotation": f'<blockquote cite="{POST}">x</blockquote>',
    "in a select": f"<select><option>{LINK}</option></select>",
    "to nowhere": '<a href="http://[::1">x</a><a href="">x</a><a>x</a>',
}


@pytest.mark.covers("WM-R10", "WM-R13", "WM-R14")
@pytest.mark.parametrize("html", COUNTS.values(), ids=COUNTS)
def test_a_link_that_a_reader_can_follow_counts(html: str) -> None:
    assert read(f"<p>Before</p>{html}").links


@pytest.mark.covers("WM-R13", "WM-R14")
@pytest.mark.parametrize("html", DOES_NOT_COUNT.values(), ids=DOES_NOT_COUNT)
def test_what_no_reader_can_follow_does_not_count(html: str) -> None:
    page = read(f"<p>Before</p>{html}")

    assert not page.links
    assert page.response is Response.MENTION


@pytest.mark.covers("WM-R13")
@pytest.mark.parametrize(
    ("content_type", "body", "is_link"),
    [
        ("text/plain", f"See {POST}, it is good.", True),
        ("text/plain", f"See <{POST}>.", True),
        ("text/plain; charset=utf-8", f"See {POST}10 instead.", False),
        ("text/markdown", f"[see]({POST}).", True),
        ("application/json", json.dumps({"a": [1, {"b": POST}]}), True),
        ("application/feed+json", json.dumps([POST]), True),
        ("application/json", json.dumps({"a": f"see {POST}"}), False),
        ("application/json", json.dumps({POST: 1}), False),
        ("application/json", f'"{POST}', False),
        ("application/xhtml+xml", f'<html><script src="a.js"/><body>{LINK}</body></html>', True),
        ("TEXT/HTML", LINK, True),
        ("", f"\n<!doctype html>{LINK}", True),
        ("", POST, False),
        ("image/png", LINK, False),
        ("application/rss+xml", f"<rss><link>{POST}</link>{LINK}</rss>", False),
    ],
)
def test_each_kind_of_text_has_its_own_rule(content_type: str, body: str, is_link: bool) -> None:
    assert read(body, content_type).links is is_link


@pytest.mark.parametrize(
    ("content_type", "page"),
    [
        (
            "text/html; charset=ISO-8859-1",
            "<title>Été à Ouf</title>".encode("latin-1"),
        ),
        ("text/html", "<meta charset=latin1><title>Été à Ouf</title>".encode("latin-1")),
        (
            "text/html",
            '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'
            "<title>Été à Ouf</title>".encode("latin-1"),
        ),
        ("text/html", "<title>Été à Ouf</title>".encode("windows-1252")),
        ("text/html", "<title>Été à Ouf</title>".encode()),
        ("text/html; charset=latin1", "\ufeff<title>Été à Ouf</title>".encode()),
        ("text/html", "<title>Été à Ouf</title>".encode("utf-16")),
        ("text/html", "<meta charset=utf-16><title>Été à Ouf</title>".encode()),
        ("text/html; charset=nonsense", "<title>Été à Ouf</title>".encode()),
        (
            "text/html",
            '<?xml version="1.0" encoding="iso-8859-1"?><title>Été à Ouf</title>'.encode("latin-1"),
        ),
    ],
)
def test_a_page_is_read_in_the_encoding_in_which_it_is_written(
    content_type: str, page: bytes
) -> None:
    assert read(page, content_type).title == "Été à Ouf"


@pytest.mark.parametrize(
    ("content_type", "page", "title"),
    [
        ("text/html", "<meta charset='koi8-r'><title>Да</title>".encode("koi8-r"), "Да"),
        ("text/html; charset=Shift_JIS", "<title>はい</title>".encode("shift_jis"), "はい"),
        ("text/html; charset=Shift_JIS", "<title>第①回</title>".encode("cp932"), "第①回"),
        ("text/html; charset=x-sjis", "<title>第①回</title>".encode("cp932"), "第①回"),
        ("text/html; charset=EUC-KR", "<title>똠방각하</title>".encode("cp949"), "똠방각하"),
        ("text/html; charset=big5", "<title>香港㗎</title>".encode("big5hkscs"), "香港㗎"),
        ("text/html; charset=windows-874", "<title>สวัสดี</title>".encode("cp874"), "สวัสดี"),
        ("text/html; charset=gbk", "<title>€㐀</title>".encode("gb18030"), "€㐀"),
    ],
)
def test_other_scripts_are_read_too(content_type: str, page: bytes, title: str) -> None:
    assert read(page, content_type).title == title


def test_utf_7_is_never_read() -> None:
    assert read(b"<title>+ADw-b+AD4-</title>", "text/html; charset=utf-7").title == "+ADw-b+AD4-"


@pytest.mark.covers("MF-10")
def test_the_title_is_the_page_s_own_but_for_white_space() -> None:
    page = read(
        f"<title lang=fr>Zappos.com, un autre\n  exemple… | Net-Marketing.fr </title>{LINK}"
    )

    assert page.title == "Zappos.com, un autre exemple… | Net-Marketing.fr"


@pytest.mark.covers("MF-10")
@pytest.mark.parametrize(
    ("html", "title"),
    [
        ('<meta property="og:title" content="By its card">', "By its card"),
        ('<title> </title><meta property="og:title" content="By its card">', "By its card"),
        ('<div class="h-entry"><h1 class="p-name">By its entry</h1></div>', "By its entry"),
        ("<h1>A heading is no title</h1>", "other.example"),
    ],
)
def test_a_page_without_a_title_has_the_next_best_name(html: str, title: str) -> None:
    assert read(html + LINK).title == title


def test_no_break_spaces_of_a_title_stay() -> None:
    assert read("<title>«\u00a0Oui\u00a0!\u00a0»</title>").title == "«\u00a0Oui\u00a0!\u00a0»"


@pytest.mark.covers("MF-10")
def test_the_excerpt_is_the_paragraph_around_the_link_first_and_last_word_included() -> None:
    page = read(f"<p>un premier mot avant <b>{LINK}</b>, puis des mots après</p><p>Autre</p>")

    assert page.excerpt == "un premier mot avant x, puis des mots après"


def test_the_excerpt_is_from_the_article_rather_than_from_the_menu() -> None:
    page = read(
        f"<nav>Menu {LINK}</nav><aside>Aside {LINK}</aside><p>Below {LINK}</p>"
        f"<main>Main {LINK}<article>Article {LINK}"
        f'<div class="e-content">Content {LINK}</div></article></main><footer>{LINK}</footer>'
    )

    assert page.excerpt == "Content x"


def test_where_nothing_is_said_to_be_the_article_it_is_still_not_the_menu() -> None:
    assert read(f"<nav>Menu {LINK}</nav><p>Text {LINK}</p>").excerpt == "Text x"


def test_a_link_in_the_menu_alone_is_quoted_from_there() -> None:
    assert read(f"<nav>Friends: {LINK}</nav>").excerpt == "Friends: x"


def test_a_long_paragraph_is_cut_between_words_by_characters() -> None:
    page = read(f"<p>{'é' * 60} {'è' * 30} {'ê' * 40} {LINK} {'à' * 60} {'ù' * 30} {'ô' * 40}</p>")

    assert page.excerpt == f"…{'è' * 30} {'ê' * 40} x {'à' * 60} {'ù' * 30}…"


def test_the_words_of_what_is_not_seen_are_not_quoted() -> None:
    page = read(f"<p>a<script>b</script> <span hidden>c</span><!-- d --> {LINK} <svg>e</svg>f</p>")

    assert page.excerpt == "a x f"


def test_a_link_around_a_picture_is_quoted_by_the_picture_s_words() -> None:
    assert read(f'<p>See <a href="{POST}"><img alt="my cat"></a>!</p>').excerpt == "See my cat!"


def test_a_page_says_its_site_its_language_and_which_comment_it_means() -> None:
    page = read(
        '<html lang="en"><meta property="og:site_name" content="Notes of Ann">'
        f'<p lang="fr-CA">Voir <a href="{POST}#comment-5">ceci</a></p>'
    )

    assert (page.site, page.language, page.fragment) == ("Notes of Ann", "fr-CA", "comment-5")


@pytest.mark.parametrize("language", ["", "x y", "en_US", "fr<b>", "e" * 40, "-"])
def test_what_is_no_language_is_none(language: str) -> None:
    assert read(f'<html lang="{language}">{LINK}').language == ""


def test_the_links_to_other_hosts_are_counted() -> None:
    own = '<a href="/a">x</a><a href="https://www.other.example/b">x</a>'
    away = '<a href="https://a.example/">x</a>' * 3

    assert read(own + away + LINK).outgoing == 4


@pytest.mark.covers("WM-R20")
def test_a_page_can_say_that_it_is_gone() -> None:
    assert read('<meta http-equiv="Status" content="410 Gone">').is_gone
    assert not read('<meta http-equiv="Status" content="200 OK">').is_gone


def test_a_plain_text_is_quoted_by_its_paragraph() -> None:
    page = read(f"One.\n\nTwo words\nand {POST}, then\nmore.\n\nThree.", "text/plain")

    assert page.excerpt == f"Two words and {POST}, then more."


@pytest.mark.covers("WM-R22")
def test_names_are_one_line_of_bounded_length_without_controls() -> None:
    lines, name = "line\n" * 3000, "a" + "\u0301" * 5000 + "n" * 100_000
    page = read(
        f'<title>{lines}</title><meta property="og:site_name" content="a\u202eb\u200bc">'
        f'<meta name=author content="{name}">{LINK}'
    )

    assert len(page.title) <= 300
    assert "\n" not in page.title
    assert page.site == "abc"
    assert len(page.author) <= 100


@pytest.mark.covers("WM-R22")
def test_markup_in_words_stays_words() -> None:
    page = read(
        '<meta property="og:description" content="&lt;img src=x onerror=alert(1)//">'
        f'<title><<SCRIPT>alert("XSS4");//<</SCRIPT></title><a href="{POST}"></a>'
    )

    assert page.excerpt == "<img src=x onerror=alert(1)//"
    assert page.title == '<<SCRIPT>alert("XSS4");//<</SCRIPT>'


def test_what_a_page_says_survives_being_told() -> None:
    page = SourcePage(
        links=True,
        shown_url=POST,
        title="T",
        site="S",
        response=Response.REPLY,
        published=datetime(2026, 1, 2, tzinfo=UTC),
    )

    assert source_page_of(page.told()) == page


@pytest.mark.parametrize(
    "change",
    [
        {"response": "shout"},
        {"published": "2026-01-02"},
        {"published": "soon"},
        {"links": "yes"},
        {"title": None},
        {"outgoing": "many"},
        {"more": 1},
    ],
)
def test_what_is_told_wrongly_is_refused(change: dict[str, object]) -> None:
    told = SourcePage(links=True, shown_url=POST, title="T", site="S").told()

    with pytest.raises(ValueError):  # noqa: PT011  # any of them
        source_page_of(told | change)
