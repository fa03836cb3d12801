"""A conversation that a file brings: each entry once, all or none, and what was decided stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from actors import NOON, Author, BlogFolder, Reader, anchors, decide, run_permalien
from store_actors import a_store

from pingback_server.deeds.import_file import import_file
from pingback_server.domain.discussion import Comment, Kind, Ping, Status
from pingback_server.domain.errors import BadImport
from pingback_server.domain.imports import read_imports
from pingback_server.store import Store

AT = "2026-11-21T10:00:00+01:00"


def entry(origin: str, **changes: Any) -> dict[str, Any]:
    """A comment, but for what is said to be different."""
    plain = {
        "origin": origin,
        "kind": "comment",
        "post": "hello",
        "parent": None,
        "author": "Ada",
        "email": "ada@example.org",
        "url": "",
        "at": AT,
        "text": "Said *before*.",
        "title": "",
        "status": "approved",
        "by_author": False,
    }
    return {**plain, **changes}


def ping(origin: str, **changes: Any) -> dict[str, Any]:
    there = {"url": "https://zoe.example/a", "title": "Vu d’ailleurs\n | Zoé", "text": ""}
    return entry(origin, **{"kind": "webmention", "author": "Zoé", "email": "", **there, **changes})


def file_of(*entries: dict[str, Any]) -> str:
    return json.dumps(entries)


def bring(store: Store, *entries: dict[str, Any]) -> tuple[int, int]:
    done = import_file(file_of(*entries), store=store, now=NOON)
    return done.new, done.known


def test_each_kind_keeps_what_it_came_with(store: Store) -> None:
    message = entry("m", kind="message", post="contact", status="pending", text="For you.")
    bring(store, entry("a", by_author=True), ping("b"), message)

    said, from_elsewhere = store.published()["hello"]
    assert isinstance(said, Comment)
    assert isinstance(from_elsewhere, Ping)
    assert (said.author, said.html, said.is_by_author) == (
        "Ada",
        "<p>Said <em>before</em>.</p>\n",
        True,
    )
    assert said.at.isoformat() == "2026-11-21T09:00:00+00:00"
    assert (from_elsewhere.kind, from_elsewhere.title, from_elsewhere.source) == (
        Kind.WEBMENTION,
        "Vu d’ailleurs | Zoé",
        "https://zoe.example/a",
    )
    kept = store.entry(3)
    assert (kept.kind, kept.text, kept.origin) == (Kind.MESSAGE, "For you.", "m")
    assert [reason.rule for reason in kept.reasons] == ["import"]


def test_what_the_page_of_a_ping_is_to_the_post_comes_with_it(store: Store) -> None:
    of_page = {"site": "Zoé’s", "author_url": "https://zoe.example/", "language": "en"}
    reply = ping("r", response="reply", text="From *my* place.", parent="a", **of_page)
    bring(store, entry("a"), reply, ping("l", response="like"), ping("m"))

    _, answer, like, mention = store.published()["hello"]
    assert isinstance(answer, Comment)
    assert (answer.parent, answer.html) == (1, "<p>From <em>my</em> place.</p>\n")
    assert (answer.via, answer.url, answer.language) == (
        "zoe.example",
        "https://zoe.example/",
        "en",
    )
    assert store.entry(answer.id).site == "Zoé’s"
    assert [(one.response, one.language) for one in (like, mention) if isinstance(one, Ping)] == [
        ("like", ""),
        ("mention", ""),
    ]


def test_a_message_is_public_nowhere_even_if_it_came_as_approved(store: Store) -> None:
    bring(store, entry("m", kind="message", status="approved"))

    assert store.published() == {}
    assert store.dirty() is None


def test_the_same_file_twice_is_once(store: Store) -> None:
    first = bring(store, entry("a"), ping("b"))
    again = bring(store, entry("a", text="Said otherwise."), ping("b"), entry("c"))

    assert (first, again) == ((2, 0), (1, 2))
    assert [one.text for one in store.entries()] == ["Said *before*.", "", "Said *before*."]


def test_what_the_author_decided_since_stays(store: Store) -> None:
    bring(store, entry("a"))
    decide([1], Status.TRASH, store=store, now=NOON)

    bring(store, entry("a"))

    assert store.entry(1).status is Status.TRASH
    assert store.published() == {}


def test_an_answer_finds_what_it_answers_wherever_that_stands(store: Store) -> None:
    bring(store, entry("old"))

    bring(
        store, entry("c", parent="b"), entry("b", parent="a"), entry("a"), entry("d", parent="old")
    )

    parents = {one.origin: one.parent for one in store.entries()}
    numbers = {one.origin: one.id for one in store.entries()}
    assert parents == {
        "old": None,
        "a": None,
        "b": numbers["a"],
        "c": numbers["b"],
        "d": numbers["old"],
    }


def test_the_pages_of_what_became_public_are_marked_in_the_same_commit(store: Store) -> None:
    bring(store, entry("a"), entry("b", post="bonjour", status="pending"))

    dirty = store.dirty()
    assert dirty is not None
    assert dirty.posts == {"hello"}


def test_two_thousand_entries_come_in_one_go(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    store = a_store(tmp_path)
    many = [
        entry(f"n{number}", parent=f"n{number - 1}" if number else None) for number in range(2000)
    ]

    assert bring(store, *many) == (2000, 0)
    assert bring(store, *many) == (0, 2000)
    store.close()


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"origin": ""}, "origin", "missing"),
        ({"kind": "like"}, "kind", "has to be one of comment, pingback"),
        ({"status": "public"}, "status", "has to be one of pending, approved, spam, trash"),
        ({"post": ""}, "post", "missing"),
        ({"post": None}, "post", "has to be a text"),
        (
            {"at": "2026-11-22 14:03"},
            "at",
            "has to be an instant such as 2026-11-22T14:03:00+01:00",
        ),
        ({"at": "yesterday"}, "at", "not 'yesterday'"),
        ({"at": "0001-01-01T12:00:00Z"}, "at", "not '0001-01-01T12:00:00Z'"),
        ({"at": "9999-12-31T23:00:00-05:00"}, "at", "has to be an instant"),
        ({"author": " "}, "author", "missing"),
        ({"author": "x" * 101}, "author", "too-long"),
        ({"email": "ada"}, "email", "malformed"),
        ({"url": "javascript:alert(1)"}, "url", "malformed"),
        ({"text": ""}, "text", "missing"),
        ({"text": "[](https://a.example)"}, "text", "missing"),
        ({"text": "x" * 50_001}, "text", "at most 50000"),
        ({"text": "a\0b"}, "text", "cannot be stored"),
        ({"text": "\ud800"}, "text", "cannot be stored"),
        ({"parent": 12}, "parent", "has to be the `origin` of another entry"),
        ({"by_author": "yes"}, "by_author", "has to be true or false"),
        ({"autor": "Ada"}, "autor", "is no field (did you mean 'author'?)"),
    ],
)
def test_what_is_wrong_is_named_by_entry_and_field(
    changes: dict[str, Any], field: str, rule: str
) -> None:
    with pytest.raises(BadImport) as refusal:
        read_imports(file_of(entry("fine"), {**entry("x"), **changes}))

    [problem] = refusal.value.problems
    assert problem.startswith("entry 2")
    assert f": {field}: " in problem
    assert rule in problem


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"url": ""}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"parent": "a"}, "parent"),
        ({"by_author": True}, "parent"),
        ({"response": "love"}, "response"),
        ({"response": "like", "parent": "a"}, "parent"),
        ({"author_url": "javascript:alert(1)"}, "author_url"),
        ({"language": 'fr" onclick="'}, "language"),
        ({"site": 1}, "site"),
        ({"kind": "comment", "response": "reply", "text": "Yes."}, "response"),
    ],
)
def test_what_is_wrong_with_a_ping_is_named_as_well(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadImport) as refusal:
        read_imports(file_of(ping("p", **changes)))

    assert refusal.value.problems[0].startswith(f"entry 1 (p): {field}: ")


@pytest.mark.parametrize("text", ["", "{", "null", '{"origin": "a"}', "[1]", "[[]]", "[" * 200_000])
def test_what_is_no_list_of_objects_is_refused(text: str) -> None:
    with pytest.raises(BadImport):
        read_imports(text)


@pytest.mark.parametrize(
    "entries",
    [
        [entry("a"), entry("a")],
        [entry("a", parent="a")],
        [entry("a", parent="b"), entry("b", parent="c"), entry("c", parent="a")],
        [entry("a", post="bonjour"), entry("b", parent="a")],
        [ping("a"), entry("b", parent="a")],
        [entry("a", parent="nowhere")],
        [entry("a"), entry("b", parent="kept-elsewhere")],
    ],
)
def test_of_a_file_with_something_wrong_nothing_is_stored(
    store: Store, entries: list[dict[str, Any]]
) -> None:
    bring(store, entry("kept-elsewhere", post="bonjour"))

    with pytest.raises(BadImport):
        bring(store, *entries)

    assert len(store.entries()) == 1


# At the command line, and in the pages


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "conversation.json"
    path.write_text(file_of(entry("a"), entry("b", parent="a", author="Bea"), ping("c")))
    return path


def test_the_author_imports_a_file_and_finds_it_in_the_page(
    blog: BlogFolder, author: Author, file: Path
) -> None:
    first = author.runs("import", str(file))
    again = author.runs("import", str(file))
    blog.build()

    assert (first.code, again.code) == (0, 0)
    assert first.out.startswith("3 imported, 0 were here already.")
    assert again.out == "0 imported, 3 were here already.\n"
    assert anchors(blog.page("hello")) == [1, 2, 3]
    assert "3 thoughts on “Hello”" in blog.page("hello")


def test_a_file_may_begin_with_the_mark_that_windows_writes(
    blog: BlogFolder, author: Author, file: Path
) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    said = author.runs("import", str(file))

    assert said.out.startswith("3 imported")


def test_a_blog_that_was_never_built_takes_an_import(tmp_path: Path, file: Path) -> None:
    with BlogFolder.init(tmp_path / "new") as blog:
        blog.write_post("hello", "Hello", "The first words.")

        said = run_permalien("import", str(file), cwd=blog.folder, env=blog.environment)
        blog.build()

        assert said.code == 0
        assert said.err == ""
        assert anchors(blog.page("hello")) == [1, 2, 3]


def test_posts_that_the_blog_does_not_have_are_named(
    blog: BlogFolder, author: Author, tmp_path: Path
) -> None:
    file = tmp_path / "lost.json"
    file.write_text(file_of(entry("a", post="lost")))

    said = author.runs("import", str(file))

    assert said.code == 0
    assert "warning: no post 'lost' is published" in said.out


def test_a_refusal_is_one_that_can_be_acted_on(
    blog: BlogFolder, author: Author, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(file_of(entry("a"), entry("b", at="soon", kind="comment")))

    said = author.runs("import", str(file))

    assert said.code == 1
    assert said.err.splitlines()[:2] == [
        "permalien: nothing was imported:",
        "  entry 2 (b): at: has to be an instant such as 2026-11-22T14:03:00+01:00, not 'soon'",
    ]
    assert blog.store.entries() == []


def test_the_queue_shows_a_ping_by_its_title(
    blog: BlogFolder, author: Author, tmp_path: Path
) -> None:
    file = tmp_path / "waiting.json"
    file.write_text(file_of(ping("p", status="pending")))
    author.runs("import", str(file))

    [shown] = author.queue()
    words = author.runs("queue").out

    assert (shown["kind"], shown["title"]) == ("webmention", "Vu d’ailleurs | Zoé")
    assert "#1 pending webmention" in words
    assert "«Vu d’ailleurs | Zoé»" in words


def test_a_ping_cannot_be_answered(blog: BlogFolder, reader: Reader, author: Author) -> None:
    bring(blog.store, ping("p"), entry("m", kind="message"))
    blog.build()

    assert "/-/comments/1/reply" not in blog.page("hello")
    assert reader.opens("/-/comments/1/reply").status_code == 404
    assert reader.comments(parent="1", comment="To a ping.").status_code == 400
    assert "1 is a webmention; only comments can be answered" in author.runs("reply", "1", "O").err
    assert "2 is a message; only comments can be answered" in author.runs("reply", "2", "O").err


def test_a_received_ping_of_an_own_post_and_its_self_ping_are_one_line(blog: BlogFolder) -> None:
    blog.write_post("linking", "Linking", "See [hello]({filename}hello.md).")
    blog.build()
    address = f"http://www.localhost:8000{blog.address('linking').rstrip('/')}#more"
    before = blog.page("hello").count(">Linking | ")
    bring(blog.store, ping("p", url=address, title="Linking | Elsewhere"), ping("q"))

    blog.build()

    page = blog.page("hello")
    assert before == 1
    assert page.count(">Linking | ") == 1
    assert ">Linking | Elsewhere</a>" in page
    assert "2 thoughts on “Hello”" in page
