"""Hostile text in every field and every place where it is shown: it does nothing, and is text."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as XML
from pathlib import Path
from typing import Any

import pytest
from actors import BlogFolder, Clock
from judging import Judgement, judge
from spreading import Spread
from test_safe_html import Inspector, attacks

CASES = Path(__file__).resolve().parent / "cases" / "fields.json"
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
# What the same fields hold where nobody means harm: everything that a page can show.
HARMLESS = (
    "Words",
    "Two *words*",
    "https://example.org/",
    "www.example.org",
    "a@example.org",
    "[url=https://example.org/]x[/url]",
    "[words](https://example.org/) https://example.org/a https://example.org/b",
    "One\ntwo\n\nthree",
    "name word " * 40,
    "5",
    "kind:poem",
    "-",
)
KINDS = {
    *("form", "preview", "receipt", "reply", "ping", "published"),
    *("desk: queue", "desk: entry", "desk: lists", "desk: sign-in", "desk: log"),
    *("desk: posts", "desk: posts/new", "desk: posts/tit"),
}


# The whole is cut into so many blogs, that none is too large.
SHARES = 12


def texts(share: int | None) -> list[str]:
    """Ours for fields and some of the attacks on a comment's text; or one share of them all."""
    own: list[str] = json.loads(CASES.read_text("utf-8"))
    if share is None:
        return list(dict.fromkeys([*own, *attacks(every=120)[::3]]))
    return list(dict.fromkeys([*own, *attacks()]))[share::SHARES]


def spread(folder: Path, built: Path, said: list[str]) -> Spread:
    shutil.copytree(built, folder)
    blog = BlogFolder(folder)
    blog.configure('DISCUSSION = {"close_after_days": 30_000, "comments_per_page": 30}')
    try:
        return Spread(blog, Clock(), said)
    finally:
        blog.__exit__()


@pytest.fixture(scope="module")
def harmless(built_blog: Path, tmp_path_factory: pytest.TempPathFactory) -> Spread:
    return spread(tmp_path_factory.mktemp("harmless") / "blog", built_blog, list(HARMLESS))


@pytest.fixture(
    scope="module",
    params=[pytest.param(n, marks=pytest.mark.soak) for n in (None, *range(SHARES))],
    ids=["some", *(f"share-{n}" for n in range(SHARES))],
)
def hostile(
    built_blog: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Spread:
    return spread(tmp_path_factory.mktemp("hostile") / "blog", built_blog, texts(request.param))


@pytest.mark.browser
@pytest.mark.timeout(1200)
def test_in_a_browser_nothing_runs_and_every_page_is_made_as_with_harmless_words(
    browser: Any, harmless: Spread, hostile: Spread
) -> None:
    assert set(hostile.pages) == set(harmless.pages) == KINDS

    found: dict[str, Judgement] = {}
    for kind, pages in hostile.pages.items():
        expected, found[kind] = judge(browser, harmless.pages[kind]), judge(browser, pages)
        found[kind].skeleton -= expected.skeleton

    assert {kind: one for kind, one in found.items() if one != Judgement()} == {}


def test_feeds_are_well_formed_and_made_as_with_harmless_words(
    harmless: Spread, hostile: Spread
) -> None:
    assert feeds(hostile) >= 5
    assert elements(hostile) - elements(harmless) == set()
    for path in hostile.blog.output.rglob("*comments.atom.xml"):
        for content in XML.parse(path).iter("{http://www.w3.org/2005/Atom}content"):
            assert Inspector(content.text or "").found == []


def feeds(of: Spread) -> int:
    return len(list(of.blog.output.rglob("*.xml")))


def elements(of: Spread) -> set[tuple[str, ...]]:
    """Each element of each feed with its attributes; XML.ParseError if one is none."""
    return {
        (element.tag, *sorted(element.attrib))
        for path in of.blog.output.rglob("*.xml")
        for element in XML.parse(path).iter()
    }


def test_the_data_for_programs_in_each_page_is_json_that_ends_no_script(hostile: Spread) -> None:
    blocks = [DATA.findall(page) for page in hostile.pages["published"]]
    found = [block for there in blocks for block in there]

    assert len(found) >= len(hostile.texts[::5])
    for block in found:
        assert json.loads(block)["@context"]
        assert "<" not in block


@pytest.mark.browser
def test_the_judge_sees_what_runs_and_what_is_built(browser: Any) -> None:
    page = "<!doctype html><title>x</title><body>{}<div class=said>{}</div></body>"
    good = judge(browser, [page.format("<p>x</p>", "<em>x</em>")])
    assert (good.ran, good.wrong) == (0, [])

    for outside, inside in (
        ("<script>window.ran += 1</script>", ""),
        ("<p onclick='window.ran += 1'>", ""),
        ("<img src=https://elsewhere.invalid/x.png>", ""),
        ("<a href='javascript:x'>x</a>", ""),
        ("<!-- x -->", ""),
        ("<h2>x</h2>", ""),
        ("<p class=mine>x</p>", ""),
        ("<p>x</p>", "<b>x</b>"),
        ("<p>x</p>", "<em title=x>x</em>"),
    ):
        bad = judge(browser, [page.format(outside, inside)])
        assert bad.ran or bad.wrong or bad.skeleton - good.skeleton, (outside, inside)
