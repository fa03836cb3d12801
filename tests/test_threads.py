"""How replies are nested under what they answer: the law in the domain, and what pages show."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from actors import BlogFolder, Clock, Reader, anchors, decide, visit
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from pingback_server.domain.discussion import Comment, Gone, Item, Kind, Ping, Response, Status
from pingback_server.domain.threads import Discussion, Node, thread

FIRST = datetime(2026, 11, 22, 8, tzinfo=UTC)


def said(id: int, parent: int | None = None, minute: int | None = None) -> Comment:
    """A comment; without a minute of its own it came in the order of the numbers."""
    at = FIRST + timedelta(minutes=id if minute is None else minute)
    return Comment(id, parent, f"Reader {id}", "", Markup("<p>Yes.</p>"), at, False)


def outline(nodes: tuple[Node, ...]) -> str:
    """A thread in a line: `1(2(3) 4) 5`."""
    parts = (
        str(node.item.id) + (f"({outline(node.replies)})" if node.replies else "") for node in nodes
    )
    return " ".join(parts)


@pytest.mark.parametrize(
    ("parents", "depth", "expected"),
    [
        ({}, 5, ""),
        ({1: None, 2: None}, 5, "1 2"),
        ({1: None, 2: 1, 3: None, 4: 1}, 5, "1(2 4) 3"),
        ({1: None, 2: 1, 3: 2, 4: 3}, 5, "1(2(3(4)))"),
        ({1: None, 2: 1, 3: 2, 4: 3, 5: 4}, 3, "1(2(3 4 5))"),
        ({1: None, 2: 1, 3: 2, 4: 1, 5: 4, 6: 2}, 2, "1(2 3 4 5 6)"),
        ({1: None, 2: 1, 3: 2}, 1, "1 2 3"),
        ({2: 1, 3: 2}, 5, "2(3)"),  # what 2 answered is not published
        ({1: 1, 2: 1}, 5, "1(2)"),
        ({1: 2, 2: 1}, 5, "1(2)"),
        ({1: 3, 2: 3, 3: 2}, 5, "3(1 2)"),
    ],
)
def test_replies_stand_below_what_they_answer(
    parents: dict[int, int | None], depth: int, expected: str
) -> None:
    talk = thread([said(id, parent) for id, parent in parents.items()], depth)

    assert outline(talk.threads) == expected


def test_each_level_is_in_the_order_in_which_it_was_said() -> None:
    late_first = [said(1, None, 9), said(2, None, 3), said(3, 1, 12), said(4, 1, 10)]

    assert outline(thread(late_first, 5).threads) == "2 1(4 3)"


def test_what_was_said_at_the_same_instant_stands_by_number() -> None:
    assert outline(thread([said(3, None, 0), said(1, None, 0), said(2, None, 0)], 5).threads) == (
        "1 2 3"
    )


def test_a_chain_of_five_thousand_replies_is_nested_to_the_depth_and_then_flat() -> None:
    chain = [said(id, id - 1 or None) for id in range(1, 5001)]

    talk = thread(chain, 5)

    assert [node.item.id for node in talk] == list(range(1, 5001))
    assert [node.depth for node in talk][:7] == [1, 2, 3, 4, 5, 5, 5]


@st.composite
def conversations(draw: st.DrawFn) -> list[Comment]:
    """Comments with any parents at all: none, later ones, missing ones, themselves, circles."""
    ids = draw(st.lists(st.integers(1, 40), unique=True, max_size=25))
    parents = st.none() | st.integers(1, 45)
    return [said(id, draw(parents), draw(st.integers(0, 20))) for id in ids]


@given(conversations(), st.integers(1, 10))
def test_every_comment_is_listed_exactly_once(comments: list[Comment], depth: int) -> None:
    talk = thread(comments, depth)

    assert sorted(node.item.id for node in talk) == sorted(one.id for one in comments)
    assert talk.count == len(comments)


@given(conversations(), st.integers(1, 10))
def test_no_comment_stands_deeper_than_the_depth(comments: list[Comment], depth: int) -> None:
    for node in thread(comments, depth):
        assert 1 <= node.depth <= depth
        assert all(reply.depth == node.depth + 1 for reply in node.replies)


@given(conversations(), st.integers(1, 10))
def test_siblings_are_always_oldest_first(comments: list[Comment], depth: int) -> None:
    talk = thread(comments, depth)

    for siblings in (talk.threads, *(node.replies for node in talk)):
        order = [(node.item.at, node.item.id) for node in siblings]
        assert order == sorted(order)


@given(conversations(), st.integers(1, 10), st.randoms(use_true_random=False))
def test_the_order_of_reading_from_the_store_does_not_matter(
    comments: list[Comment], depth: int, random: object
) -> None:
    shuffled = comments[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert thread(shuffled, depth) == thread(comments, depth)


@given(conversations(), st.integers(1, 10))
def test_a_reply_stands_below_its_parent_or_beside_it_on_the_deepest_level(
    comments: list[Comment], depth: int
) -> None:
    talk = thread([one for one in comments if one.parent is None or one.parent < one.id], depth)

    hook = {reply.item.id: node.item.id for node in talk for reply in node.replies}
    nodes = {node.item.id: node for node in talk}
    for node in talk:
        parent = nodes.get(node.item.parent or 0)
        if parent is not None and parent.depth < depth:
            assert hook[node.item.id] == parent.item.id
        elif parent is not None:
            assert hook.get(node.item.id) == hook.get(parent.item.id)


def pinged(id: int | None, minute: int, page: str = "") -> Ping:
    at = FIRST + timedelta(minutes=minute)
    return Ping(id, Kind.WEBMENTION, f"Page {id}", f"https://a.example/{id}", at, page)


def test_pings_stand_among_the_comments_by_date_and_at_the_top_only() -> None:
    talk = thread([said(1), said(3, 1), pinged(4, 2), said(5, 4), pinged(2, 9)], 5)

    assert outline(talk.threads) == "1(3) 4 5 2"
    assert [node.depth for node in talk if node.item.is_ping] == [1, 1]


def test_pings_listed_apart_are_no_threads_and_still_count() -> None:
    talk = thread([said(1), pinged(4, 2), said(5), pinged(2, 9)], 5, pings_apart=True)

    assert outline(talk.threads) == "1 5"
    assert [ping.id for ping in talk.pings] == [4, 2]
    assert talk.count == 4
    assert [node.item.id for node in talk] == [1, 5, 4, 2]


def test_own_posts_have_an_anchor_of_their_own_and_come_last_at_the_same_instant() -> None:
    own, other = pinged(None, 1, "my-post"), pinged(None, 1, "another")

    talk = thread([own, other, said(1), pinged(2, 1)], 5)

    anchors = [node.item.anchor for node in talk]
    assert anchors[:2] == ["comment-1", "comment-2"]
    assert anchors[2:] == sorted([own.anchor, other.anchor])
    assert own.anchor == "ping-e0531154c9"


@given(conversations(), st.lists(st.integers(0, 30), max_size=5), st.booleans())
def test_every_ping_is_listed_exactly_once_as_well(
    comments: list[Comment], minutes: list[int], is_apart: bool
) -> None:
    pings = [pinged(100 + number, minute) for number, minute in enumerate(minutes)]

    talk = thread([*comments, *pings], 3, pings_apart=is_apart)

    assert sorted(node.item.id or 0 for node in talk) == sorted(
        one.id or 0 for one in (*comments, *pings)
    )
    assert talk.count == len(comments) + len(pings)


# What is gone, and what is said without words


def gone(id: int, parent: int | None = None) -> Gone:
    return Gone(id, parent, FIRST + timedelta(minutes=id))


@pytest.mark.parametrize(
    ("items", "expected", "count"),
    [
        ([gone(1), said(2, 1), said(3)], "1(2) 3", 2),
        ([said(1), gone(2, 1), said(3, 2)], "1(2(3))", 2),
        ([said(1), gone(2), said(3)], "1 3", 2),  # nobody answers it
        ([gone(1), gone(2, 1), said(3, 2)], "2(3)", 1),
        ([said(1), gone(2, 1), gone(3, 2), said(4, 3)], "1(3(4))", 2),
        ([gone(1), gone(2, 1), said(3, 2), said(4, 1)], "1(2(3) 4)", 2),
        ([gone(1, 2), gone(2, 1), said(3, 2)], "2(3)", 1),
    ],
)
def test_what_is_gone_keeps_its_place_while_a_comment_answers_it_and_does_not_count(
    items: list[Item], expected: str, count: int
) -> None:
    talk = thread(items, 5)

    assert (outline(talk.threads), talk.count) == (expected, count)


def test_what_is_gone_has_no_words_and_no_name() -> None:
    place = gone(1)

    assert (place.author, place.url, place.html, place.is_by_author) == ("", "", "", False)


@given(conversations(), st.sets(st.integers(1, 40)), st.integers(1, 10))
def test_whatever_goes_every_other_comment_is_still_listed_once_and_none_is_an_orphan(
    comments: list[Comment], lost: set[int], depth: int
) -> None:
    items = [Gone(one.id, one.parent, one.at) if one.id in lost else one for one in comments]

    talk = thread(items, depth)

    left = [one.id for one in comments if one.id not in lost]
    listed = [node.item for node in talk]
    assert sorted(item.id or 0 for item in listed if not item.is_gone) == sorted(left)
    assert talk.count == len(left)
    known = {one.id for one in comments}
    anchors = {item.id for item in listed}
    for item in listed:
        if isinstance(item, Comment) and item.parent in known:
            assert item.parent in anchors


def test_likes_reposts_and_bookmarks_are_no_items_and_do_not_count() -> None:
    def reacted(id: int, response: Response) -> Ping:
        return Ping(id, Kind.WEBMENTION, "", "", FIRST, response=response)

    like, repost = reacted(2, Response.LIKE), reacted(3, Response.REPOST)
    bookmark, mention = reacted(4, Response.BOOKMARK), reacted(5, Response.MENTION)

    talk = thread([said(1), like, repost, bookmark, mention], 5)

    assert sorted(node.item.id or 0 for node in talk) == [1, 5]
    assert talk.count == 2
    assert (talk.reacted("like"), talk.reacted("bookmark")) == ((like,), (bookmark,))
    assert talk.reactions == (like, repost, bookmark)


def test_a_discussion_is_read_replies_before_the_next_thread() -> None:
    talk: Discussion = thread([said(1), said(2), said(3, 1), said(4, 3), said(5, 2)], 5)

    assert [node.item.id for node in talk] == [1, 3, 4, 2, 5]


# In the page


@pytest.fixture(scope="module")
def talked_blog(built_blog: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """On `hello`: 1 with the reply 3 below it, and 2. On `bonjour`: 4 alone. Published once."""
    folder = tmp_path_factory.mktemp("talked") / "blog"
    shutil.copytree(built_blog, folder)
    clock = Clock()
    with BlogFolder(folder) as blog:
        reader = visit(blog, clock)
        reader.comments(author="Ada", comment="First.")
        clock.passes(minutes=1)
        reader.comments(author="Bea", comment="Second.")
        decide([1, 2], Status.APPROVED, store=blog.store, now=clock())
        clock.passes(minutes=1)
        page = reader.opens("/-/comments/1/reply").get_data(as_text=True)
        reader.sends(page, author="Cleo", comment="To the first.")
        reader.comments("bonjour", author="Dora", comment="Bien vu.")
        decide([3, 4], Status.APPROVED, store=blog.store, now=clock())
        blog.build()
    return folder


@pytest.fixture
def talk(talked_blog: Path, tmp_path: Path, clock: Clock) -> Iterator[Talk]:
    """The published conversation, in a folder of the test's own, five minutes later."""
    folder = tmp_path / "talked"
    shutil.copytree(talked_blog, folder)
    clock.passes(minutes=5)
    with BlogFolder(folder) as blog:
        yield Talk(blog, visit(blog, clock), clock)


@dataclass(frozen=True)
class Talk:
    """A blog with a conversation, one of its readers, and its author's decisions."""

    blog: BlogFolder
    reader: Reader
    clock: Clock

    def decide(self, status: Status, *ids: int) -> None:
        decide(ids, status, store=self.blog.store, now=self.clock())


def heading(page: str) -> str:
    found = re.search(r'<h2 id="comments">(.*?)</h2>', page)
    assert found is not None
    return found[1]


def test_the_pages_number_what_was_said_and_nest_the_replies(talk: Talk) -> None:
    hello, bonjour = talk.blog.page("hello"), talk.blog.page("bonjour")

    assert anchors(hello) == [1, 3, 2]
    assert re.search(r'id="comment-1".*<ol class="replies[^>]*>\s*<li id="comment-3"', hello, re.S)
    assert heading(hello) == "3 thoughts on “Hello”"
    assert heading(bonjour) == "Une réflexion au sujet de «\u00a0Bonjour\u00a0»"


def test_the_top_level_is_an_ordered_list_and_so_numbered(talk: Talk) -> None:
    assert '<ol class="thread">' in talk.blog.page("hello")


def test_the_same_number_stands_in_the_lists(talk: Talk) -> None:
    index = (talk.blog.output / "index.html").read_text("utf-8")

    assert "3 thoughts" in index
    assert "One thought" in index


def test_before_anybody_spoke_the_headings_say_so(blog: BlogFolder) -> None:
    assert heading(blog.page("hello")) == "No thoughts yet on “Hello”"
    assert heading(blog.page("bonjour")) == (
        "Pas encore de réflexion au sujet de «\u00a0Bonjour\u00a0»"
    )


# The reply link


def test_a_reply_link_opens_a_form_that_quotes_what_it_answers(talk: Talk) -> None:
    page = talk.blog.page("hello")
    assert 'href="/-/comments/2/reply"' in page

    answer = talk.reader.opens("/-/comments/2/reply")

    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Reply to Bea" in text
    assert "<p>Second.</p>" in text
    assert talk.reader.form_of(text).fields["parent"] == "2"


def test_a_refused_reply_still_quotes_and_still_answers(talk: Talk) -> None:
    page = talk.reader.opens("/-/comments/2/reply").get_data(as_text=True)

    refused = talk.reader.sends(page, author="", comment="Kept words.").get_data(as_text=True)

    assert "<p>Second.</p>" in refused
    assert talk.reader.form_of(refused).fields["parent"] == "2"


@pytest.mark.parametrize("status", [Status.PENDING, Status.SPAM, Status.TRASH])
def test_what_is_not_published_cannot_be_answered_or_read_by_guessing(
    talk: Talk, status: Status
) -> None:
    talk.decide(status, 2)

    answer = talk.reader.opens("/-/comments/2/reply")

    assert answer.status_code == 404
    assert "Second." not in answer.get_data(as_text=True)


@pytest.mark.parametrize("number", ["0", "99", "9" * 30])
def test_what_was_never_said_cannot_be_answered(reader: Reader, number: str) -> None:
    assert reader.opens(f"/-/comments/{number}/reply").status_code == 404


@pytest.mark.parametrize("parent", ["99", "9" * 18, "9" * 40, "-1", "abc", "1e3", "0", "１"])
def test_a_reply_to_a_comment_that_is_none_is_refused_and_kept(
    reader: Reader, blog: BlogFolder, parent: str
) -> None:
    answer = reader.comments(parent=parent, comment="My careful words.")

    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "The comment that you answer is no longer there." in text
    assert "My careful words." in text
    assert blog.store.entries() == []


def test_a_reply_to_a_comment_under_another_post_is_refused(talk: Talk) -> None:
    assert talk.reader.comments(parent="4", comment="Lost.").status_code == 400
    assert len(talk.blog.store.entries()) == 4


@pytest.mark.parametrize("status", [Status.PENDING, Status.SPAM, Status.TRASH])
def test_a_reply_to_what_left_the_page_meanwhile_can_be_sent_again_on_its_own(
    talk: Talk, status: Status
) -> None:
    page = talk.reader.opens("/-/comments/2/reply").get_data(as_text=True)
    talk.decide(status, 2)

    refused = talk.reader.sends(page, author="Eva", comment="Still true.")
    again = talk.reader.sends(refused.get_data(as_text=True))

    assert (refused.status_code, again.status_code) == (400, 303)
    assert "Second." not in refused.get_data(as_text=True)
    last = talk.blog.store.entries()[-1]
    assert (last.text, last.parent) == ("Still true.", None)


def test_a_reply_to_a_closed_discussion_is_refused(talk: Talk) -> None:
    talk.clock.passes(days=31_000)

    assert talk.reader.opens("/-/comments/2/reply").status_code == 403


def test_a_reply_that_comes_too_late_is_refused_in_the_language_of_the_post(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    reader.comments("bonjour", author="Ada", comment="Bien dit.")
    blog.store.decide([1], Status.APPROVED, now=clock(), by="author")
    clock.passes(days=31_000)

    page = reader.opens("/-/comments/1/reply").get_data(as_text=True)

    assert '<html lang="fr">' in page
    assert "Les commentaires sont fermés." in page
    assert f'href="{blog.address("bonjour")}">Retour' in page
