"""Heads of posts in YAML and TOML, as Hugo and Jekyll write them, beside Pelican's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from actors import BlogFolder
from front_matter.head import BadHead, Entry, parted
from front_matter.keys import metadata_of

from pingback_server.domain.errors import BuildFailed


def read(head: str, mark: str = "---") -> dict[str, str | list[str]]:
    """The metadata that a head says."""
    found = parted(f"{mark}\n{head}\n{mark}\nText.\n")
    assert found
    return metadata_of(found[0])


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("title: L'été à Étretat", {"title": "L'été à Étretat"}),
        ("title: 1984", {"title": "1984"}),
        ("title: No", {"title": "No"}),
        ("Title: In capitals", {"title": "In capitals"}),
        ('title: "Paris : la nuit"', {"title": "Paris : la nuit"}),
        ("tags: [sea, no, 2.10]", {"tags": ["sea", "no", "2.10"]}),
        ("tags: sea, wind", {"tags": ["sea", "wind"]}),
        ('tags: ["Paris, Texas"]', {"tags": ["Paris, Texas"]}),
        ("categories: [Craft]", {"category": "Craft"}),
        ("category: Craft, and more", {"category": "Craft, and more"}),
        ("lastmod: 2026-11-22", {"modified": "2026-11-22"}),
        ("updated: 2026-11-22", {"modified": "2026-11-22"}),
        ("date: 2026-11-22T14:03:00+01:00", {"date": "2026-11-22T14:03:00+01:00"}),
        ("draft: true", {"status": "draft"}),
        ("draft: false", {}),
        ("published: false", {"status": "draft"}),
        ("published: true\nstatus: hidden", {"status": "hidden"}),
        ("permalink: /a/b/", {"url": "a/b/", "save_as": "a/b/index.html"}),
        ("url: /a.html", {"url": "a.html", "save_as": "a.html"}),
        ("aliases: [/old/, /older/]", {"aliases": ["/old/", "/older/"]}),
        ("redirect_from: /old/", {"aliases": ["/old/"]}),
        ("description: In short.", {"summary": "In short."}),
        ("description: Longer.\nsummary: Short.", {"summary": "Short."}),
        ("author: Ada", {"authors": ["Ada"]}),
        ("language: fr-CA", {"lang": "fr"}),
        ("lang: no", {"lang": "no"}),
        ("comments: false\npings: true", {"comments": "closed", "pings": "open"}),
        ("layout: post\ntype: posts\ntranslations: 3", {}),
        ("summary:\ntags: ~", {}),
        ("params:\n  deep: [1, {a: b}]\nslug: x", {"slug": "x"}),
        ("id: 2026-11-22-x\nmood: fine", {"id": "2026-11-22-x", "mood": "fine"}),
        ("# a remark alone", {}),
        ('categories: [""]\ntags: ["", sea]\ntitle: [" "]', {"tags": ["sea"]}),
    ],
)
def test_what_yaml_says_is_what_pelican_s_own_head_would(
    head: str, said: dict[str, str | list[str]]
) -> None:
    assert read(head) == said


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ('title = "Été"', {"title": "Été"}),
        ("date = 2026-11-22T14:03:00+01:00", {"date": "2026-11-22 14:03:00+01:00"}),
        ("date = 2026-11-22", {"date": "2026-11-22"}),
        ("draft = true", {"status": "draft"}),
        ('[taxonomies]\ntags = ["sea", "wind"]', {"tags": ["sea", "wind"]}),
        ("[extra]\ntoc = true", {}),
    ],
)
def test_toml_says_the_same(head: str, said: dict[str, str | list[str]]) -> None:
    assert read(head, "+++") == said


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("---\ntitle: Paris: by night\n---\n", 2, "needs quotes around it"),
        ("---\ntitle: x\ntags: [a\nslug: y\n---\n", 4, "the YAML cannot be read"),
        ("---\ntitle: x\n\tdate: y\n---\n", 3, "the YAML cannot be read"),
        ("---\ntitle: x\nlist: a\x00b\n---\n", 3, "special characters are not allowed"),
        ("---\ntitle: x\nno end", 1, "a line --- is missing"),
        ("---\n- a\n- b\n---\n", 2, "has to be lines `key: value`"),
        ("---\ntitle: x\nTitle: y\n---\n", 3, "for the second time"),
        ("---\ntitle: x\nlastmod: yesterday-ish\n---\n", 3, "`lastmod` has to be a date"),
        ("---\ntitle: x\ndate: 2026-13-45\n---\n", 3, "`date` has to be a date"),
        ("---\ntitle: [a, b]\n---\n", 2, "`title` has to be text, not a list"),
        ("---\ntitle: x\ndraft: perhaps\n---\n", 3, "has to be true or false"),
        ("---\npermalink: /:categories/:title/\n---\n", 2, "has to be a path"),
        ("---\nurl: /../../etc/\n---\n", 2, "has to be a path"),
        ("---\na: " + "[" * 2000 + "\n---\n", 1, "nested too deeply"),
        ("---\na: " + "x" * 70_000 + "\n---\n", 1, "longer than 64 KB"),
        ('---\ntitle: x\nslug: "a\\0b"\n---\n', 3, "`slug` has a character that cannot be shown"),
        ('---\ntitle: "a\\ud800b"\n---\n', 2, "`title` has a character that cannot be shown"),
        ('+++\ntags = ["a\\u0007b"]\n+++\n', 2, "`tags` has a character that cannot be shown"),
        ('+++\ntitle = "x"\ndate = yesterday\n+++\n', 3, "the TOML cannot be read"),
        ('+++\ntitle = "x"\n', 1, "a line +++ is missing"),
    ],
)
def test_a_head_that_is_wrong_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(BadHead, match=re.escape(words)) as refused:
        metadata_of((parted(text) or ([], ""))[0])

    assert refused.value.line == line


def test_a_text_without_such_a_head_is_left_to_pelican() -> None:
    assert parted("Title: x\n\nText with a line\n---\n") is None
    assert parted("") is None
    assert parted("----\n") is None


def test_references_to_references_cost_nothing() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}]\n"
        for before, name in zip(
            "abcdefghijklmnopqrstuvwxy", "bcdefghijklmnopqrstuvwxyz", strict=True
        )
    )

    found = parted(f"---\n{bomb}---\n")

    assert found
    assert found[0][:2] == [Entry("a", ["x", "x"], 2), Entry("b", [], 3)]


YAML = """\
---
title: "Une visite : le phare"
date: 2026-01-02T10:00:00+05:00
lastmod: 2026-01-03
slug: le-phare
tags: [mer, "été"]
categories: [Voyages, Phares]
description: "Un *grand* phare."
author: Zoé
aliases: [/old/lighthouse/]
lang: fr
id: the-lighthouse
---
Note: this is no second head.

The sea.
"""
TOML = """\
+++
title = "A visit"
date = 2026-01-02
slug = "a-visit"
draft = true
+++
Words.
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BlogFolder, str]]:
    """A blog with posts as Hugo has them, and the warnings of its build."""
    blog = BlogFolder.init(tmp_path_factory.mktemp("hugo") / "blog")
    (blog.folder / "content/lighthouse.md").write_text(YAML, "utf-8")
    (blog.folder / "content/visit.md").write_text(TOML, "utf-8")
    told = blog.build().warnings
    with blog:
        yield blog, "\n".join(told)


def test_a_post_of_hugo_is_published_as_it_is(built: tuple[BlogFolder, str]) -> None:
    page = built[0].page("the-lighthouse")

    assert "<h1" in page
    assert "Une visite : le phare</h1>" in page
    assert '<time class="dt-published" datetime="2026-01-02T05:00:00+00:00">' in page
    assert "Note: this is no second head." in page
    assert 'href="/category/voyages/"' in page
    assert 'href="/tag/ete/"' in page
    assert "Zoé" in page


def test_its_summary_is_markdown_as_everywhere(built: tuple[BlogFolder, str]) -> None:
    assert "Un <em>grand</em> phare." in (
        built[0].output / "category/voyages/index.html"
    ).read_text("utf-8")


def test_its_former_address_leads_on(built: tuple[BlogFolder, str]) -> None:
    assert (built[0].output / "old/lighthouse/index.html").is_file()


def test_its_draft_is_not_public(built: tuple[BlogFolder, str]) -> None:
    assert not [path for path in built[0].pages() if "a-visit" in path]


def test_a_second_category_is_not_dropped_in_silence(built: tuple[BlogFolder, str]) -> None:
    assert "lighthouse.md:7: a post stands in one category, 'Voyages'; left out: Phares" in built[1]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("title: a: b", "content/broken.md:2: the YAML cannot be read"),
        (
            "title: x\ndate: 2026-01-01\ncomments: perhaps",
            "content/broken.md:4: Comments: has to be",
        ),
    ],
)
def test_a_build_says_file_and_line(blog: BlogFolder, head: str, told: str) -> None:
    (blog.folder / "content/broken.md").write_text(f"---\n{head}\n---\nText.\n", "utf-8")

    with pytest.raises(BuildFailed, match=re.escape(told)):
        blog.build()


def test_the_line_of_a_toml_key_is_found_too(blog: BlogFolder) -> None:
    head = '+++\ntitle = "x"\ndate = 2026-01-01\ncloses = "soon"\n+++\n'
    Path(blog.folder / "content/broken.md").write_text(head + "Text.\n", "utf-8")

    with pytest.raises(BuildFailed, match=r"broken\.md:4: Closes: has to be a day"):
        blog.build()
