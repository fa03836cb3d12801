"""The author corrects, closes and deletes: what is kept, what follows, and what is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from actors import NOON, BlogFolder, Clock, Reader
from sqlalchemy import text
from store_actors import PUBLIC, a_comment, database_file, is_sqlite, said, stranger

from pingback_server.deeds.delete import delete
from pingback_server.deeds.edit import Correction, edit
from pingback_server.deeds.switch import switch
from pingback_server.domain.discussion import Kind, Status, Verdict
from pingback_server.domain.errors import Impossible, Invalid, NotInThatState, UnknownPost
from pingback_server.domain.filters import chosen
from pingback_server.domain.switches import AS_SET, Switch
from pingback_server.manifest import PublishedBlog
from pingback_server.store import Store

SPAM, TRASH = Status.SPAM, Status.TRASH


@pytest.fixture
def published(blog: BlogFolder):
    return PublishedBlog(blog.settings.manifest_path)()


def corrects(blog: BlogFolder, published, id: int, **fields: str) -> int | None:
    return edit(id, Correction(**fields), blog=published, store=blog.store, now=NOON, by="ada")


# Correcting


def test_a_corrected_comment_is_made_safe_and_its_page_follows(
    blog: BlogFolder, reader: Reader, published
) -> None:
    reader.comments(author="Ada", email="ada@example.org", comment="Teh text")
    blog.store.decide([1], Status.APPROVED, now=NOON, by="ada")
    blog.store.cleaned(2**40)

    corrects(blog, published, 1, text="The *text* <script>x</script>", url="ada.example")

    entry = blog.store.entry(1)
    assert entry.html == "<p>The <em>text</em> &lt;script&gt;x&lt;/script&gt;</p>\n"
    assert (entry.url, entry.email) == ("https://ada.example", "ada@example.org")
    assert entry.edited_at == NOON
    dirty = blog.store.dirty()
    assert dirty is not None
    assert dirty.posts == {"hello"}


def test_what_it_said_before_is_kept(blog: BlogFolder, reader: Reader, published) -> None:
    reader.comments(author="Ada", comment="Teh text")

    corrects(blog, published, 1, text="The text", author="Ada L")
    corrects(blog, published, 1, email="ada@example.org")

    kept = blog.store.revisions.of(1)
    said_before = [(one.by, one.wording.author, one.wording.text) for one in kept]
    assert said_before == [("ada", "Ada", "Teh text"), ("ada", "Ada L", "The text")]


def test_a_correction_that_changes_nothing_is_none(
    blog: BlogFolder, reader: Reader, published
) -> None:
    reader.comments()

    assert corrects(blog, published, 1, text="I agree.") is None
    assert blog.store.revisions.of(1) == []


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("author", " ", {"author": "missing"}),
        ("email", "x", {"email": "malformed"}),
        ("url", "javascript:alert(1)", {"url": "malformed"}),
        ("text", "[](https://a.example)", {"comment": "missing"}),
    ],
)
def test_a_correction_has_to_be_in_order_as_a_comment_has(
    blog: BlogFolder, reader: Reader, published, field: str, value: str, problem: dict[str, str]
) -> None:
    reader.comments()

    with pytest.raises(Invalid) as refused:
        corrects(blog, published, 1, **{field: value})

    assert refused.value.problems == problem


def test_what_was_imported_and_stays_as_it_is_hinders_no_correction(
    blog: BlogFolder, published
) -> None:
    imported = replace(
        a_comment("Teh text", post="hello"), author="", email="ada at home", url="http://"
    )
    blog.store.add(imported, PUBLIC, NOON)

    corrects(blog, published, 1, text="The text", author="", email="ada at home", url="http://")

    entry = blog.store.entry(1)
    assert (entry.text, entry.author, entry.url) == ("The text", "", "http://")
    with pytest.raises(Invalid, match="url: malformed"):
        corrects(blog, published, 1, url="http:///")


def test_of_a_ping_the_title_alone_is_corrected(blog: BlogFolder, published) -> None:
    ping = replace(a_comment("An excerpt", post="hello"), kind=Kind.PINGBACK, author="")
    blog.store.add(ping, PUBLIC, NOON)

    corrects(blog, published, 1, title="A  better\ntitle")

    entry = blog.store.entry(1)
    assert (entry.title, entry.text) == ("A better title", "An excerpt")
    with pytest.raises(Invalid):
        corrects(blog, published, 1, title=" ")
    with pytest.raises(Impossible, match="the title alone"):
        corrects(blog, published, 1, title="Another", text="Of ours")


def test_a_comment_has_no_title(blog: BlogFolder, reader: Reader, published) -> None:
    reader.comments()

    with pytest.raises(Impossible, match="no title"):
        corrects(blog, published, 1, title="A title")


def test_a_message_stays_as_it_was_written(blog: BlogFolder, published) -> None:
    blog.store.add(replace(a_comment(), kind=Kind.MESSAGE), PUBLIC, NOON)

    with pytest.raises(Impossible, match="number 1 is a message"):
        corrects(blog, published, 1, text="Other words")


# Closing and opening


def turns(blog: BlogFolder, published, wanted: Switch, post: str = "hello") -> int | None:
    return switch(post, wanted, blog=published, store=blog.store, now=NOON, by="ada")


def test_a_post_that_is_closed_by_hand_refuses_comments_at_once(
    blog: BlogFolder, reader: Reader, published
) -> None:
    assert turns(blog, published, Switch(comments=False)) is not None

    answer = reader.comments(comment="Too late")

    assert answer.status_code == 403
    assert "Too late" in answer.get_data(as_text=True)
    assert blog.store.entries() == []
    assert reader.comments("bonjour").status_code == 303


def test_a_post_that_is_opened_by_hand_takes_comments_after_its_date(
    blog: BlogFolder, reader: Reader, clock: Clock, published
) -> None:
    clock.now = NOON + timedelta(days=40_000)
    assert reader.comments(comment="One").status_code == 403

    turns(blog, published, Switch(comments=True))

    assert reader.comments(comment="Two").status_code == 303
    assert blog.store.entry(1).reasons[0].rule == "newcomer"


def test_closing_by_hand_leaves_the_author_s_replies_and_letters_alone(
    blog: BlogFolder, published
) -> None:
    said(blog.store, "question", PUBLIC, post="hello")
    turns(blog, published, Switch(comments=False))

    added = blog.store.answer(1, a_comment("Thanks", post="hello"), now=NOON, by="ada")

    assert added.status is Status.APPROVED
    letter = replace(a_comment("Dear", post="hello"), kind=Kind.MESSAGE)
    assert blog.store.add(letter, PUBLIC, NOON).is_repeat is False


def test_no_form_for_a_reply_is_shown_on_a_closed_post(
    blog: BlogFolder, reader: Reader, published
) -> None:
    said(blog.store, "question", PUBLIC, post="hello")
    turns(blog, published, Switch(comments=False))

    assert reader.opens("/-/comments/1/reply").status_code == 403


def test_a_switch_marks_the_page_once(blog: BlogFolder, published) -> None:
    first = turns(blog, published, Switch(comments=False))

    assert (first, turns(blog, published, Switch(comments=False))) == (1, None)
    dirty = blog.store.dirty()
    assert dirty is not None
    assert dirty.posts == {"hello"}
    assert blog.store.switches.all() == {"hello": Switch(comments=False)}
    turns(blog, published, AS_SET)
    assert blog.store.switches.all() == {}


def test_only_a_post_has_a_switch(blog: BlogFolder, published) -> None:
    page = next(post.id for post in published.posts.values() if post.kind == "page")

    for name in (page, "nowhere"):
        with pytest.raises(UnknownPost):
            turns(blog, published, Switch(comments=False), name)


# Deleting for ever


def deletes(store: Store, *ids: int) -> int:
    return delete(chosen(*ids), store=store, now=NOON, by="ada")


def test_answers_to_what_is_deleted_move_up_so_that_none_is_counted_unseen(store: Store) -> None:
    said(store, "top", PUBLIC)
    for text_, parent in (("one", 1), ("two", 2), ("three", 3)):
        said(store, text_, PUBLIC, parent=parent)
    store.decide([2, 3], TRASH, now=NOON, by="ada")
    store.cleaned(2**40)

    assert deletes(store, 2, 3) == 2

    top, three = store.published()["first"]
    assert (top.id, three.id, three.parent) == (1, 4, 1)
    dirty = store.dirty()
    assert dirty is not None
    assert dirty.posts == {"first"}


@pytest.mark.parametrize("status", [Status.PENDING, Status.APPROVED])
def test_only_what_is_spam_or_in_the_trash_is_deleted(store: Store, status: Status) -> None:
    said(store, "one", Verdict(SPAM))
    said(store, "two", Verdict(status))

    with pytest.raises(NotInThatState, match=f"2 is {status}"):
        deletes(store, 1, 2)

    assert [entry.id for entry in store.entries()] == [1, 2]


def test_nothing_is_left_of_it_in_any_file(store: Store, tmp_path: Path) -> None:
    secret = "Xyzzy-plugh-4711"
    said(store, secret, Verdict(SPAM))
    said(store, "stays", PUBLIC)
    store.decide([1], TRASH, now=NOON, by="ada")

    deletes(store, 1)

    with stranger(tmp_path) as connection:
        left = [connection.execute(text(f"SELECT count(*) FROM {one}")).scalar() for one in TABLES]
    assert left == [0, 0, 0]
    if is_sqlite(tmp_path):
        files = list(database_file(tmp_path).parent.iterdir())
        assert [file.name for file in files if secret.encode() in file.read_bytes()] == []


TABLES = ("decisions", "revisions", "likenesses")


def test_the_log_says_that_it_was_deleted_and_no_more(store: Store) -> None:
    said(store, "one", Verdict(SPAM))

    deletes(store, 1)

    [line] = store.actions.listed(size=9)
    assert (line.verb, line.subject, dict(line.details)) == ("delete", "1", {"entries": 1})
    with pytest.raises(Impossible, match="cannot be undone"):
        store.moderation.undo(line.id, now=NOON, by="ada")


def test_what_was_decided_together_with_something_deleted_can_be_undone(store: Store) -> None:
    said(store, "one")
    said(store, "two")
    store.decide([1, 2], TRASH, now=NOON, by="ada")
    deletes(store, 1)

    store.moderation.undo(1, now=NOON, by="ada")

    assert [entry.status for entry in store.entries()] == [Status.PENDING]
