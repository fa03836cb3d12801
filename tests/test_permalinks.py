"""A post's address has the form that the author chose, and its number finds it on every blog."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path

import pytest
from actors import Author, BlogFolder, Clock, Reader, visit
from addresses.numbers import read_number
from pelican.contents import Article

from pingback_server.domain.errors import BuildFailed

Choose = Callable[[str], tuple[BlogFolder, Reader]]


@lru_cache
def _chosen(built_blog: Path, form: str) -> Path:
    """The blog with addresses of that form, built; its posts have the numbers that one needs."""
    folder = built_blog.parent / re.sub(r"\W", "_", form)
    shutil.copytree(built_blog, folder)
    blog = BlogFolder(folder)
    blog.configure(f'PERMALINKS = "{form}"')
    blog.write_post("hello", "Hello", "The first words.", Number="7")
    blog.write_post("bonjour", "Bonjour", "Les premiers mots.", Lang="fr", Number="8")
    [welcome] = (blog.folder / "content").glob("*-welcome.md")
    welcome.write_text("Number: 1\n" + welcome.read_text("utf-8"), "utf-8")
    blog.build()
    return folder


@pytest.fixture
def choose(built_blog: Path, tmp_path: Path, clock: Clock) -> Iterator[Choose]:
    """Gives a blog whose addresses have a form, and a reader of it."""
    with ExitStack() as opened:

        def chosen(form: str) -> tuple[BlogFolder, Reader]:
            folder = shutil.copytree(_chosen(built_blog, form), tmp_path / "chosen")
            blog = opened.enter_context(BlogFolder(folder))
            return blog, visit(blog, clock)

        yield chosen


# The form


@pytest.mark.parametrize(
    ("form", "own", "translated"),
    [
        ("/YYYY/MM/DD/slug/", "/2026/11/20/hello/", "/fr/2026/11/20/bonjour/"),
        ("/YYYY/MM/slug/", "/2026/11/hello/", "/fr/2026/11/bonjour/"),
        ("/slug/", "/hello/", "/fr/bonjour/"),
        ("/?p=N", "/?p=7", "/fr/?p=8"),
    ],
)
def test_posts_stand_where_the_author_wants_them(
    choose: Choose, form: str, own: str, translated: str
) -> None:
    blog, reader = choose(form)

    assert (blog.address("hello"), blog.address("bonjour")) == (own, translated)
    assert "The first words." in reader.opens(own).get_data(as_text=True)
    assert "Les premiers mots." in reader.opens(translated).get_data(as_text=True)


def test_the_index_links_to_posts_by_their_numbers(choose: Choose) -> None:
    _, reader = choose("/?p=N")

    index = reader.opens("/").get_data(as_text=True)

    assert 'href="/?p=7"' in index
    assert 'href="/fr/?p=8"' in index


@pytest.mark.parametrize(
    ("own", "said", "address", "language"),
    [
        ("en", "EN", "/2026/11/20/said/", "en"),
        ("en-gb", "en-GB", "/2026/11/20/said/", "en-gb"),
        ("en-gb", "en", "/2026/11/20/said/", "en-gb"),
        ("en", "FR", "/fr/2026/11/20/said/", "fr"),
        ("en", "pt_BR", "/pt-BR/2026/11/20/said/", "pt-BR"),
    ],
)
def test_a_language_is_one_however_it_is_written(
    tmp_path: Path, own: str, said: str, address: str, language: str
) -> None:
    blog = BlogFolder.init(tmp_path / "blog")
    blog.configure(f'DEFAULT_LANG = "{own}"')
    blog.write_post("said", "Said", "Words.", Lang=said)

    blog.build()

    assert blog.address("said") == address
    index = (blog.output / "index.html").read_text("utf-8")
    assert f'<html lang="{own}">' in index
    assert (f'<h2 class="p-name" lang="{language}">' in index) is (language != own)


def test_the_day_of_a_date_with_a_zone_is_the_blog_s(blog: BlogFolder) -> None:
    blog.configure('TIMEZONE = "Europe/Paris"')
    blog.write_post("late", "Late", "Words.", Date="2025-12-31T23:30:00-05:00")

    blog.build()

    assert blog.address("late") == "/2026/01/01/late/"
    archive = (blog.output / "2026" / "01" / "index.html").read_text("utf-8")
    assert ">1 January 2026</time>" in blog.page("late")
    assert '<a href="/2026/01/01/late/">Late</a>' in archive


def test_a_form_that_is_none_is_refused_with_the_four_that_are(
    blog: BlogFolder, author: Author
) -> None:
    blog.configure('PERMALINKS = "/YYYY/slug/"')

    said = author.runs("build")

    assert said.code == 1
    assert (
        "pelicanconf.py: PERMALINKS has to be one of '/YYYY/MM/DD/slug/', '/YYYY/MM/slug/', "
        "'/slug/', '/?p=N', not '/YYYY/slug/'" in said.err
    )


def test_an_author_s_own_address_for_posts_still_wins(blog: BlogFolder, reader: Reader) -> None:
    blog.configure('PERMALINKS = "/slug/"')
    blog.configure('ARTICLE_URL = ARTICLE_SAVE_AS = "posts/{slug}.html"')

    blog.build()

    assert blog.address("hello") == "/posts/hello.html"
    assert reader.opens("/posts/hello.html").status_code == 200


def test_a_post_that_would_stand_where_a_page_does_is_refused(
    blog: BlogFolder, author: Author
) -> None:
    blog.configure('PERMALINKS = "/slug/"')
    blog.write_post("archives", "Archives", "Not these.")

    said = author.runs("build")

    assert said.code == 1
    assert "archives/index.html" in said.err


@pytest.mark.parametrize(
    ("title", "metadata", "said"),
    [
        ("🎉", {"Slug": ""}, "party.md:1: Title: '🎉' has no letter or figure"),
        ("Party", {"Tags": "fun, ★"}, "party.md:5: Tags: '★' has no letter or figure"),
        ("Party", {"Category": "…"}, "party.md:5: Category: '…' has no letter or figure"),
    ],
)
def test_a_name_of_which_no_address_can_be_made_is_refused_with_its_line(
    blog: BlogFolder, author: Author, title: str, metadata: dict[str, str], said: str
) -> None:
    blog.write_post("party", title, "Words.", **metadata)

    told = author.runs("build")

    assert told.code == 1
    assert said in told.err


def test_a_post_that_names_a_tag_or_author_twice_is_listed_there_once(blog: BlogFolder) -> None:
    blog.write_post("twice", "Twice", "Words.", Tags="Web, web", Authors="Ada, ADA")

    blog.build()

    for place in ("tag/web", "author/ada"):
        listed = (blog.output / place / "index.html").read_text("utf-8")
        assert listed.count('<a href="/2026/11/20/twice/">Twice</a>') == 1


# The number


def test_a_post_s_number_leads_to_it_whatever_its_address_is(choose: Choose) -> None:
    _, reader = choose("/slug/")

    answers = [reader.opens(path) for path in ("/?p=7", "/?p=8&utm_source=feed")]

    assert [answer.status_code for answer in answers] == [301, 301]
    assert [answer.location for answer in answers] == ["/hello/", "/fr/bonjour/"]


def test_a_number_without_the_language_before_it_leads_to_the_post(choose: Choose) -> None:
    _, reader = choose("/?p=N")

    assert reader.opens("/?p=8").location == "/fr/?p=8"


def test_the_place_of_a_numbered_page_leads_to_its_one_address(choose: Choose) -> None:
    blog, reader = choose("/?p=N")

    assert (blog.output / "p" / "7" / "index.html").is_file()
    assert reader.opens("/p/7/").location == "/?p=7"
    assert reader.opens("/p/7").location == "/?p=7"


def test_a_number_that_no_post_has_is_answered_as_nothing(blog: BlogFolder, reader: Reader) -> None:
    assert reader.opens("/?p=99").status_code == 404


@pytest.mark.parametrize("query", ["p=hello", "p=", "p=07", "p=-7", "p=7.0", "q=7"])
def test_what_is_no_number_is_not_looked_up(choose: Choose, query: str) -> None:
    _, reader = choose("/slug/")

    assert reader.opens(f"/?{query}").status_code == 200


def test_a_number_is_asked_for_at_the_blog_s_root_alone(choose: Choose) -> None:
    _, reader = choose("/slug/")

    assert reader.opens("/archives/?p=7").status_code == 200


def test_asking_for_the_head_of_a_numbered_page_gives_its_head(choose: Choose) -> None:
    blog, reader = choose("/?p=N")

    answer = reader.asks("HEAD", "/?p=7")

    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert answer.content_length == len((blog.output / "p/7/index.html").read_bytes())


def test_numbers_count_from_the_path_of_the_blog(blog: BlogFolder, clock: Clock) -> None:
    blog.configure('SITEURL = "http://localhost:8000/blog"')
    blog.configure('PERMALINKS = "/slug/"')
    blog.write_post("hello", "Hello", "The first words.", Number="7")
    blog.build()

    assert visit(blog, clock).opens("/blog/?p=7").location == "/blog/hello/"


def test_a_post_without_a_number_is_refused_where_its_address_is_made_of_it(
    blog: BlogFolder, author: Author
) -> None:
    blog.configure('PERMALINKS = "/?p=N"')
    blog.write_post("bonjour", "Bonjour", "Words.\n\n    number = 3", Lang="fr")

    said = author.runs("build")

    assert said.code == 1
    assert "content/bonjour.md:1: Number: is missing" in said.err


def test_a_draft_needs_no_number_yet(choose: Choose) -> None:
    blog, reader = choose("/?p=N")
    blog.write_post("later", "Later", "Not yet.", Status="draft")

    blog.build()

    assert reader.opens("/?p=7").status_code == 200
    assert b"Not yet." not in b"".join(blog.pages().values())


@pytest.mark.parametrize("number", ["0", "-3", "seven", "1.5", "9999999999"])
def test_a_number_that_is_none_is_refused_with_its_line(tmp_path: Path, number: str) -> None:
    source = tmp_path / "hello.md"
    source.write_text(f"Title: Hello\nNumber: {number}\n", "utf-8")

    with pytest.raises(BuildFailed) as refusal:
        read_number(Article("", {"number": number}, source_path=str(source)))

    assert (refusal.value.file, refusal.value.line) == (str(source), 2)
    assert refusal.value.message == f"Number: has to be a whole number from 1 on, not {number!r}"


def test_two_posts_with_the_same_number_are_refused(blog: BlogFolder, author: Author) -> None:
    blog.write_post("one", "One", "First.", Number="7")
    blog.write_post("two", "Two", "Second.", Number="7")

    said = author.runs("build")

    assert said.code == 1
    assert "Number:" in said.err
    assert "has 7 too" in said.err


def test_a_scheduled_post_with_a_copied_number_is_refused_at_once(blog: BlogFolder) -> None:
    blog.write_post("zebra", "Zebra", "First.", Number="7")
    blog.write_post("copied", "Copied", "Second.", Number="7", Date="2999-11-22 07:30")

    with pytest.raises(BuildFailed, match=r"copied\.md:5: Number: zebra\.md has 7 too"):
        blog.build()


# What stands at an address by number


def test_a_comment_on_a_numbered_post_is_received_and_leads_back(
    choose: Choose, author: Author
) -> None:
    blog, reader = choose("/?p=N")

    receipt = reader.comments()
    Author(blog).runs("approve", "1")
    shown = reader.opens(str(receipt.location)).get_data(as_text=True)

    assert 'href="/?p=7#comment-1"' in shown


def test_a_numbered_page_says_its_one_address(choose: Choose) -> None:
    _, reader = choose("/?p=N")

    page = reader.opens("/?p=7").get_data(as_text=True)

    assert '<link rel="canonical" href="http://localhost:8000/?p=7">' in page


def test_the_feed_of_a_numbered_post_s_comments_stands_beside_its_page(choose: Choose) -> None:
    _, reader = choose("/?p=N")

    assert reader.opens("/p/7/comments.atom.xml").status_code == 200
