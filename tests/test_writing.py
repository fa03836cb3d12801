"""`permalien new`: a post is begun with what it needs, and what looks like a slip is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from actors import Author, BlogFolder, run_permalien

from pingback_server.contents import Contents
from pingback_server.deeds.write_post import slug_of
from pingback_server.domain.heads import line_of
from pingback_server.domain.tokens import draft_token
from pingback_server.server_settings import read_secrets


def begun(said_out: str) -> str:
    return Path(said_out.strip()).read_text("utf-8")


def test_a_draft_is_begun_with_its_address_for_friends(author: Author, blog: BlogFolder) -> None:
    said = author.runs("new", "Half a thought", "--draft")

    path = Path(said.out.strip())
    token = draft_token(read_secrets(blog.settings), path.stem)
    assert f"draft: Half a thought  http://localhost:8000/-/drafts/{token}/" in said.err
    assert "Status: draft\n" in path.read_text("utf-8")


def test_the_address_that_new_tells_is_that_of_the_build(author: Author) -> None:
    told = author.runs("new", "Half a thought", "--draft").err.splitlines()[0]

    assert told in author.runs("build").out.splitlines()


def test_the_letters_of_a_korean_title_stay_whole() -> None:
    assert slug_of("한국어 글") == "한국어-글"


@pytest.mark.parametrize("given", ["Travel", "travel"])
def test_a_category_is_written_as_the_posts_have_it(
    author: Author, blog: BlogFolder, given: str
) -> None:
    blog.write_post("nimes", "Nîmes", "Sun.", Category="Travel")

    said = author.runs("new", "Arles", "--category", given)

    assert "Category: Travel\n" in begun(said.out)
    assert "did you mean" not in said.err


def test_a_category_that_is_nearly_another_is_taken_with_a_word(
    author: Author, blog: BlogFolder
) -> None:
    blog.write_post("nimes", "Nîmes", "Sun.", Category="Travel")

    said = author.runs("new", "Arles", "--category", "Travels")

    assert said.code == 0
    assert "there is no category 'Travels' yet: did you mean 'Travel'?" in said.err
    assert "Category: Travels\n" in begun(said.out)


def test_a_title_that_another_post_has_is_taken_with_a_word(
    author: Author, blog: BlogFolder
) -> None:
    other = blog.write_post("hello", "Hello", "The first words.")

    said = author.runs("new", "hello")

    assert said.code == 0
    assert f"{other} has this title already" in said.err


def test_where_posts_have_numbers_a_new_one_gets_the_next(author: Author, blog: BlogFolder) -> None:
    blog.write_post("nimes", "Nîmes", "Sun.", Number="7")
    yaml = "---\ntitle: 'Arles'\nnumber: 12\n---\nRain.\n"
    (blog.folder / "content" / "arles.md").write_text(yaml, encoding="utf-8")

    assert "Number: 13\n" in begun(author.runs("new", "Avignon").out)


def test_where_addresses_are_numbers_the_first_post_gets_one(
    author: Author, blog: BlogFolder
) -> None:
    blog.configure('PERMALINKS = "/?p=N"')

    assert "Number: 1\n" in begun(author.runs("new", "Avignon").out)


def test_elsewhere_a_post_gets_no_number(author: Author) -> None:
    assert "Number" not in begun(author.runs("new", "Avignon").out)


def test_the_heads_of_posts_are_read_in_both_forms(tmp_path: Path) -> None:
    (tmp_path / "trips").mkdir()
    (tmp_path / "a.md").write_text("Title: One\nCategory: Craft\n\nNumber: 9\n", "utf-8")
    (tmp_path / "trips" / "b.md").write_text('---\ntitle: "Two"\n\nnumber: 2\n---\n', "utf-8")

    heads = Contents(tmp_path).heads()

    assert [(head.title, head.category, head.number) for head in heads] == [
        ("One", "Craft", None),
        ("Two", "trips", 2),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Title: One\nSlug: one\n\nid: x\n",
        "---\n'slug': one\n\ntitle: One\n---\nid: x\n",
        '+++\nslug = "one"\n+++\nid = "x"\n',
        "One: two\n========\n\n:slug: one\n\n:id: x\n",
    ],
    ids=["Markdown", "YAML", "TOML", "reStructuredText"],
)
def test_a_key_is_found_in_the_head_alone(text: str) -> None:
    lines = text.splitlines()

    assert line_of("slug", lines) == next(
        n for n, line in enumerate(lines, 1) if "slug" in line.lower()
    )
    assert line_of("id", lines) == 1


def test_settings_that_cannot_be_read_are_named_with_their_line(blog: BlogFolder) -> None:
    blog.configure("AUTHOR = nobody_knows")
    number = len((blog.folder / "pelicanconf.py").read_text("utf-8").splitlines())

    said = run_permalien("new", "A post", cwd=blog.folder, env=blog.environment)

    assert said.code == 1
    assert f"pelicanconf.py:{number}: NameError: name 'nobody_knows'" in said.err


def test_a_time_zone_that_is_none_is_told_by_its_name(blog: BlogFolder) -> None:
    blog.configure('TIMEZONE = "Europe/Pari"')

    said = run_permalien("new", "A post", cwd=blog.folder, env=blog.environment)

    assert said.code == 1
    assert said.err == (
        "permalien: pelicanconf.py: TIMEZONE has to be a name such as Europe/Paris, "
        "not 'Europe/Pari'\n"
    )


@pytest.mark.parametrize(
    ("folder", "place", "why"),
    [("taken/blog", "taken/blog", "Not a directory"), ("half", "half/content", "File exists")],
)
def test_where_no_blog_can_be_made_init_says_why(
    tmp_path: Path, folder: str, place: str, why: str
) -> None:
    (tmp_path / "taken").touch()
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "content").touch()

    said = run_permalien("init", folder, "--lang", "en", cwd=tmp_path)

    assert said.code == 1
    assert said.err == (
        f"permalien: no blog can be made in {folder}: {place}: {why}; "
        "name another folder, or mend that\n"
    )
