"""`permalien check`: everything that is wrong is said with file and line, and nothing else is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from actors import Author, BlogFolder
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent

MAZE = """\
A [good link]({filename}hello.md), a [lost one]({filename}gone.md).

A [page](/no/such/page/), an [address](http://localhost:8000/nowhere.html), [here](#nowhere),
[there]({filename}hello.md#comments), [well](#section-deep), [not there]({filename}hello.md#nobody),
[soon]({filename}later.md), [number](/?p=99), [service](/-/messages), [away](https://example.org/x).

[ref][1] and <img src="/images/gone.png" alt="A harbour" srcset="/images/big.png 2x">.

![]({static}/images/dot.png) ![IMG_1234]({static}/images/dot.png)
![dot.png]({static}/images/dot.png)
![A dot]({static}/images/dot.png)
<img src="/images/dot.png" alt="">

## Deep

#### Deeper

[1]: /also/gone/
"""


FOOT = """\
{% extends "!theme/base.html" %}

{% block footer %}
<p><a href="/imprint/">Imprint</a> <a href="/archives/">Archives</a></p>
{% endblock %}
"""


@pytest.fixture(scope="module")
def checked(built_blog: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """What is said of a blog in which everything is wrong that can be, line for line."""
    folder = tmp_path_factory.mktemp("check") / "blog"
    shutil.copytree(built_blog, folder)
    with BlogFolder(folder) as blog:
        (folder / "content/images").mkdir(exist_ok=True)
        Image.new("RGB", (4, 4)).save(folder / "content/images/dot.png")
        blog.write_post("maze", "Maze", MAZE, Tags="Été, sea")
        blog.write_post("later", "Later", "Words.", Date="2126-01-01", Tags="ete")
        blog.write_post("same", "Same", "Words.", Slug="hello", Date="2020-01-01", Id="hello-2")
        blog.write_post("twice", "Twice", "Words.", Id="maze", Categry="Craft", Status="draft")
        blog.write_post("speech", "Speech", "Words.", Lang="eo")
        blog.write_post("maze.fr", "Dédale", "Des mots.", Lang="fr", Slug="dedale", Id="dedale")
        (folder / "content/bare.md").write_text("Title: Bare\nDate: 2020-02-02\n\nWords.\n")
        (folder / "content/yaml.md").write_text(
            "---\ntitle: Y\ndate: 2020-03-03\nid: y\nsumary: Short.\n---\n[x](/lost/)\n"
        )
        blog.configure('DISCUSSION = {"pings": False, "close_pings_after_days": 5}')
        blog.configure("MENUITEMS = [('Gone', '/gone/'), ('Here', '/archives/')]")
        overrides = folder / "overrides"
        overrides.mkdir()
        (overrides / "base.html").write_text(FOOT)
        blog.configure("THEME_TEMPLATES_OVERRIDES = ['overrides']")
        (folder / "permalien.env").write_text("PERMALIEN_THREADS=4\n")
        (folder / "permalien.env").chmod(0o644)
        said = Author(blog).runs("check")
        assert said.code == 1, said
        assert "things are wrong." in said.out.splitlines()[-1]
        yield said.out.splitlines()


@pytest.mark.parametrize(
    ("place", "words"),
    [
        # Links
        ("content/maze.md:7", "there is no {filename}gone.md"),
        ("content/maze.md:9", "/no/such/page/ leads nowhere"),
        ("content/maze.md:9", "/nowhere.html leads nowhere"),
        ("content/maze.md:9", "has no place #nowhere"),
        ("content/maze.md:10", "has no place #nobody"),
        ("content/maze.md:11", "is not public yet"),
        ("content/maze.md:11", "no post has the number 99"),
        ("content/maze.md:13", "/images/gone.png leads nowhere"),
        ("content/maze.md:13", "/images/big.png leads nowhere"),
        ("content/maze.md:24", "/also/gone/ leads nowhere"),
        ("content/yaml.md:7", "/lost/ leads nowhere"),
        # For all readers
        ("content/maze.md:15", "the picture dot.png has no alternative text"),
        ("content/maze.md:15", "the alternative text 'IMG_1234' is a file's name"),
        ("content/maze.md:16", "the alternative text 'dot.png' is a file's name"),
        ("content/maze.md:22", "a heading of level 4 stands below one of level 2"),
        # Heads
        ("content/same.md:3", "content/hello.md has the slug hello in the same language"),
        ("content/twice.md:4", "content/maze.md has the `Id:` maze too"),
        ("content/twice.md:5", "`categry` means nothing here: did you mean `Category`?"),
        ("content/yaml.md:5", "`sumary` means nothing here: did you mean `Summary`?"),
        ("content/bare.md:1", "it has no `Id:`"),
        ("content/bare.md:1", "add `Id: 2020-02-02-bare`"),
        ("content/speech.md:5", "the language 'eo': there are no words for it (known: en, fr)"),
        ("content/maze.fr.md:3", "to be its translation, it needs `Slug: maze`"),
        ("content/maze.md:5", "the tag 'Été' is 'ete' elsewhere"),
        # Around every page
        ("pelicanconf.py:", "/gone/ leads nowhere"),
        ("overrides/base.html:4", "/imprint/ leads nowhere"),
        # Settings, and the machine
        ("pelicanconf.py:", "DISCUSSION: 'close_pings_after_days' closes what 'pings'"),
        ("permalien.env", "others can read it: chmod 600 permalien.env"),
    ],
)
def test_what_is_wrong_is_said_in_its_place(checked: list[str], place: str, words: str) -> None:
    assert [line for line in checked if place in line.split(": ")[0] and words in line], checked


def test_what_is_right_is_not_said(checked: list[str]) -> None:
    about_maze = [line for line in checked if line.startswith("content/maze.md:")]

    assert len(about_maze) == 15, about_maze
    assert not [line for line in checked if "content/hello.md:" in line.split(" ")[0]]


def test_what_may_be_meant_is_a_note(checked: list[str]) -> None:
    assert "content/later.md:2: note: it appears on 2126-01-01 00:00" in checked


def test_nothing_is_published_by_a_check(blog: BlogFolder, author: Author) -> None:
    before = blog.pages(), blog.settings.manifest_path.read_bytes()
    blog.write_post("fresh", "Fresh", "Words.")

    assert author.runs("check").code == 0

    assert (blog.pages(), blog.settings.manifest_path.read_bytes()) == before
    assert list(blog.settings.data.glob(".check-*")) == []


def test_settings_that_contradict_the_machine_are_told(blog: BlogFolder, author: Author) -> None:
    blog.configure('OUTPUT_PATH = "content/output"')
    (blog.folder / "permalien.env").touch(mode=0o600)
    (blog.folder / "permalien.env").write_text("PERMALIEN_HOST=0.0.0.0\n")

    said = author.runs("check")

    line = 1 + (blog.folder / "pelicanconf.py").read_text().splitlines().index(
        'OUTPUT_PATH = "content/output"'
    )
    assert f"pelicanconf.py:{line}: OUTPUT_PATH: " in said.out
    assert "SITEURL: readers cannot reach http://localhost:8000" in said.out
    assert said.code == 1


def test_a_draft_that_nobody_touches_is_noted(blog: BlogFolder, author: Author) -> None:
    draft = blog.write_post("draft", "Draft", "Words.", Status="draft")
    os.utime(draft, (1_600_000_000, 1_600_000_000))

    said = author.runs("check")

    assert "content/draft.md:5: note: a draft that was not touched since 2020-09-13" in said.out
    assert said.code == 0


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ('DISCUSSION = {"close_after": 9}', "did you mean 'close_after_days'?"),
        ('THEME = "no/such/theme"', "no/such/theme"),
    ],
)
def test_a_setting_that_stops_a_build_is_told(
    blog: BlogFolder, author: Author, setting: str, words: str
) -> None:
    blog.configure(setting)

    said = author.runs("check")

    assert words in said.out
    assert said.code == 1


def test_a_damaged_database_is_told(blog: BlogFolder, author: Author) -> None:
    blog.store.close()
    for file in blog.settings.data.glob("permalien.db*"):
        file.write_bytes(b"no database at all" * 500)

    said = author.runs("check")

    assert "database" in said.out
    assert said.code == 1


def test_a_weak_secret_is_told(blog: BlogFolder, author: Author) -> None:
    (blog.settings.data / "secret").write_text("short\n")

    said = author.runs("check")

    assert "a secret has to have at least 32 characters" in said.out
    assert said.code == 1


def test_a_broken_post_is_told_as_a_build_would(blog: BlogFolder, author: Author) -> None:
    blog.write_post("broken", "Broken", "Words.", Closes="soon")

    said = author.runs("check", "--json")

    assert said.code == 1
    assert {"file": "content/broken.md", "line": 5, "is_wrong": True} in [
        {key: one[key] for key in ("file", "line", "is_wrong")} for one in said.json()
    ]


def test_posts_at_one_address_and_former_addresses_of_two_are_all_told(
    blog: BlogFolder, author: Author
) -> None:
    blog.write_post("twin", "Twin", "Words.", Slug="hello", Lang="fr", Id="twin")
    blog.write_post("one", "One", "Words.", Url="x/", Save_as="x/index.html", Aliases="/old/")
    blog.write_post("two", "Two", "Words.", Url="x/", Save_as="x/index.html", Aliases="/b/, /old")
    blog.write_post("self", "Self", "Words.", Aliases="/2026/11/20/self/")
    blog.write_post("over", "Over", "Words.", Aliases="/2026/11/20/hello/", Categry="Craft")

    said = author.runs("check")

    assert "content/two.md:6: content/one.md stands at /x/ too" in said.out
    assert "content/two.md:7: content/one.md has the former address /old too" in said.out
    assert "content/self.md:5: it stands at /2026/11/20/self/ today" in said.out
    assert "content/over.md:5: content/hello.md stands at /2026/11/20/hello/ today" in said.out
    # They keep the build from ending, but not the rest from being seen.
    assert "content/over.md:6: `categry` means nothing here" in said.out
    assert "content/twin.md" not in said.out
    assert said.code == 1
    assert said.out.count("content/two.md:7") == 1


def test_an_address_that_a_post_has_left_is_told_until_something_leads_on(
    blog: BlogFolder, author: Author
) -> None:
    blog.write_post("bonjour", "Bonjour", "Des mots.", Lang="fr", Slug="salut", Id="bonjour")
    (blog.folder / "content/hello.md").touch()
    note = (
        "content/bonjour.md:1: note: it stood at /fr/2026/11/20/bonjour/, and nothing leads on "
        "from there: add `Aliases: /fr/2026/11/20/bonjour/`"
    )

    before = author.runs("check")
    warnings = blog.build().warnings
    again = blog.build().warnings
    after = author.runs("check")
    blog.write_post(
        "bonjour", "Bonjour", "x", Lang="fr", Slug="salut", Aliases="/fr/2026/11/20/bonjour"
    )
    mended = author.runs("check")

    assert note in before.out
    assert [one for one in warnings if one.startswith("content/bonjour.md:1: until now it stood")]
    assert again == ()
    assert note in after.out
    assert "it stood at" not in mended.out
    assert (before.code, after.code, mended.code) == (0, 0, 0)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount a small disk")
def test_a_disk_that_is_nearly_full_is_told(blog: BlogFolder) -> None:
    def told(size: str) -> str:
        var = blog.settings.data
        script = (
            f"cp -a {var} {var}.kept && mount -t tmpfs -o size={size},mode=700 none {var} && "
            f"cp -a {var}.kept/. {var} && exec {sys.executable} -m pingback_server check"
        )
        said = subprocess.run(
            ["unshare", "-m", "sh", "-c", script],
            capture_output=True,
            text=True,
            cwd=blog.folder,
            env=blog.environment,
        )
        shutil.rmtree(f"{var}.kept")
        return said.stdout

    words = f"{blog.settings.data}: the disk is nearly full: comments will be refused soon"
    assert words in told("150m")
    assert words not in told("400m")


def test_the_demo_has_no_finding(tmp_path: Path) -> None:
    for name in ("content", "pelicanconf.py"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    with BlogFolder(tmp_path) as demo:
        said = Author(demo).runs("check", "--json")

    assert [one for one in json.loads(said.out) if one["is_wrong"]] == []
    assert said.code == 0


def test_a_build_says_where_a_link_to_a_missing_post_stands(blog: BlogFolder) -> None:
    blog.write_post("lost", "Lost", "First.\n\nA [link]({filename}gone.md).")

    warnings = blog.build().warnings

    assert [
        one for one in warnings if one.startswith("content/lost.md:8: Unable to find 'gone.md'")
    ]
