"""Hostile text in every field and every place where it is shown: it does nothing, and is text."""

from __future__ import annotations

import json
import random
import re
import shutil
import xml.etree.ElementTree as XML
from pathlib import Path
from typing import Any

import pytest
from actors import BlogFolder, Clock
from click.testing import CliRunner
from judging import Judgement, judge
from spreading import Spread, arm
from test_safe_html import Inspector, attacks

from pingback_server.cli import permalien

CASES = Path(__file__).resolve().parent / "cases" / "fields.json"
# What a terminal obeys; a tab is text.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]")
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
    *("form", "preview", "receipt", "own", "reply", "report", "contact", "ping", "ping form"),
    *("published", "desk: queue", "desk: entry", "desk: deletion", "desk: lists", "desk: people"),
    *("desk: welcome", "desk: posts", "desk: new post", "desk: post", "desk: sign-in"),
    *("desk: pings", "desk: log"),
}
SAMPLE, SEED = 6, 2026

# Whichever test of all texts comes first has to put them in every place.
pytestmark = pytest.mark.timeout(3600)


def own_texts() -> list[str]:
    """Ours, for fields and for a comment's text."""
    known: list[str] = json.loads(CASES.read_text("utf-8"))
    return list(dict.fromkeys([*known, *attacks(every=10**6)]))


def others() -> list[str]:
    """Those of the collections that are not ours."""
    own = set(own_texts())
    return [text for text in attacks() if text not in own]


@pytest.fixture(scope="module")
def armed_blog(built_blog: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blog with everything that a spread needs, built once."""
    folder = tmp_path_factory.mktemp("armed") / "blog"
    shutil.copytree(built_blog, folder)
    arm(BlogFolder(folder))
    return folder


def spread(armed: Path, folder: Path, texts: list[str], more: list[str], crowd: int = 0) -> Spread:
    shutil.copytree(armed, folder)
    blog = BlogFolder(folder)
    try:
        return Spread(blog, Clock(), texts, more, crowd)
    finally:
        blog.__exit__()


@pytest.fixture(scope="module")
def harmless(armed_blog: Path, tmp_path_factory: pytest.TempPathFactory) -> Spread:
    texts = list(HARMLESS)
    return spread(armed_blog, tmp_path_factory.mktemp("harmless") / "blog", texts, texts, crowd=13)


@pytest.fixture(
    scope="module",
    params=["some", pytest.param("all", marks=pytest.mark.soak)],
)
def hostile(
    armed_blog: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Spread:
    """All texts; or some by a seed, so that a failure comes again."""
    texts, more = own_texts(), others()
    if request.param == "some":
        chosen = random.Random(SEED).sample(texts, 3 * SAMPLE)
        loud = [text for text in own_texts() if CONTROLS.search(text)]
        texts, more = [loud[0], *chosen[:SAMPLE]], [loud[-1], *chosen[SAMPLE:]]
    return spread(armed_blog, tmp_path_factory.mktemp("hostile") / "blog", texts, more)


@pytest.mark.browser
def test_in_a_browser_nothing_runs_and_every_page_is_made_as_with_harmless_words(
    browser: Any, harmless: Spread, hostile: Spread
) -> None:
    assert set(hostile.pages) == set(harmless.pages) == KINDS

    found = judge(browser, hostile.pages)
    # Of many pages as one, the first alone has a head; the head of a post has most in it.
    posts = [page for page in harmless.pages["published"] if 'rel="webmention"' in page]
    alone = judge(browser, {"published": posts}, at_once=0)
    for expected in (judge(browser, harmless.pages), alone):
        for kind, one in expected.items():
            found[kind].skeleton -= one.skeleton

    amiss = [f"{kind}: {one}" for kind, one in found.items() if one != Judgement()]
    assert not amiss, "\n".join(amiss)


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


def test_programs_get_each_text_as_it_is_kept_and_terminals_no_controls(hostile: Spread) -> None:
    with BlogFolder(hostile.blog.folder) as blog:
        entries, rulings = blog.store.entries(), blog.store.rulings.listed()
        people = blog.store.people.listed()

    listed = {one["id"]: one for one in json.loads(said(hostile, "queue --status=all --json"))}
    assert len(entries) > 4 * len(hostile.texts)
    for entry in entries:
        for name in ("author", "email", "url", "title", "text"):
            assert listed[entry.id][name] == getattr(entry, name)
    blocked = json.loads(said(hostile, "block --json"))
    assert [one["note"] for one in blocked] == [one.note for one in rulings]
    seated = json.loads(said(hostile, "user list --json"))
    assert {one["display_name"] for one in seated} == {one.display_name for one in people}
    assert len(json.loads(said(hostile, "ping list --json"))) > len(hostile.texts)
    for command in ("queue --status=all", "block", "user list", "ping list --last=100000"):
        assert CONTROLS.findall(said(hostile, command)) == []


def said(of: Spread, command: str) -> str:
    """What a command says at that blog, asked in this process."""
    answer = CliRunner(env=of.blog.environment).invoke(permalien, command.split())
    assert answer.exit_code == 0, answer.output
    return answer.stdout


@pytest.mark.browser
def test_the_judge_sees_what_runs_and_what_is_built_in_one_page_of_many(browser: Any) -> None:
    page = "<!doctype html><html lang=en><head><title>x</title></head><body>{}"
    page += "<div class=said>{}</div></body></html>\n"
    good = page.format("<p>x</p>", "<em>x</em>")
    pages = {
        f"{outside} {inside}": [good, page.format(outside, inside), good]
        for outside, inside in (
            ("<script>window.ran += 1</script>", ""),
            ("<p onclick='window.ran += 1'>", ""),
            ("<img src=https://elsewhere.invalid/x.png>", ""),
            ("<a href='javascript:x'>x</a>", ""),
            ("<!-- x -->", ""),
            ("<!-- x", ""),
            ("<textarea>", ""),
            ("</body><h2>x</h2>", ""),
            ("<h2>x</h2>", ""),
            ("<p class=mine>x</p>", ""),
            ("<p>x</p>", "<b>x</b>"),
            ("<p>x</p>", "<em title=x>x</em>"),
            ("<p>x</p>", "</div><i>x</i>"),
        )
    }

    expected = judge(browser, {"good": [good] * 3})["good"]
    assert (expected.ran, expected.wrong) == (0, [])
    for bad, one in judge(browser, pages).items():
        assert one.ran or one.wrong or one.skeleton - expected.skeleton, bad
