"""Who is remembered, by which cookie, and how a browser earns that its comments do not wait."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from actors import BlogFolder, Clock, Reader, visit

from pingback_server.deeds.purge import purge
from pingback_server.domain.discussion import Status
from pingback_server.domain.filters import chosen
from pingback_server.domain.rulings import RulingKind, about
from pingback_server.domain.settings import DiscussionSettings
from pingback_server.domain.tokens import Remembered, remembering_token
from pingback_server.web.remembering import COOKIE

pytestmark = pytest.mark.usefixtures("engine")

TICKED = {
    "remember": "yes",
    "author": "Ada",
    "email": "ada@example.org",
    "url": "https://ada.example/",
}


def statuses(blog: BlogFolder) -> list[Status]:
    return [entry.status for entry in blog.store.entries()]


def decided(blog: BlogFolder, clock: Clock, status: Status, *ids: int) -> None:
    clock.passes(minutes=1)
    blog.store.decide(ids, status, now=clock(), by="author")
    clock.passes(minutes=1)


def test_who_does_not_ask_for_it_gets_no_cookie(reader: Reader, blog: BlogFolder) -> None:
    answer = reader.comments()

    assert "Set-Cookie" not in answer.headers
    assert blog.store.entry(1).whence.browser == ""


def test_the_box_is_there_and_not_ticked(blog: BlogFolder) -> None:
    page = blog.page("hello")

    assert '<input type="checkbox" name="remember" value="yes">' in page
    assert "Se souvenir de moi sur cet appareil" in blog.page("bonjour")


def test_the_cookie_is_for_this_blog_alone_and_no_script_reads_it(reader: Reader) -> None:
    answer = reader.comments(**TICKED)

    cookie = SimpleCookie(answer.headers["Set-Cookie"])[COOKIE]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/", "Lax", True)
    assert cookie["max-age"] == str(365 * 24 * 60 * 60)


def test_a_reply_form_is_filled_in_for_who_is_remembered_and_for_nobody_else(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    reader.comments(**TICKED)
    decided(blog, clock, Status.APPROVED, 1)

    page = reader.opens("/-/comments/1/reply").get_data(as_text=True)

    fields = reader.form_of(page).fields
    assert (fields["author"], fields["email"], fields["url"]) == (
        "Ada",
        "ada@example.org",
        "https://ada.example/",
    )
    assert "This device is remembered." in page


def test_a_form_sent_twice_at_once_leaves_a_browser_that_is_known(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    page = reader.opens(blog.address("hello")).get_data(as_text=True)
    another = visit(blog, clock)  # the first answer is not read: its cookie is not there
    another.sends(page, **TICKED, comment="The first.")
    reader.sends(page, **TICKED, comment="The first.")
    decided(blog, clock, Status.APPROVED, 1)

    reader.comments(comment="The second.")

    assert statuses(blog) == [Status.APPROVED, Status.APPROVED]


def test_a_browser_is_trusted_once_a_comment_of_it_was_approved(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    reader.comments(**TICKED, comment="The first.")
    reader.comments(comment="The second.")
    decided(blog, clock, Status.APPROVED, 1)

    reader.comments(comment="The third.")

    assert statuses(blog) == [Status.APPROVED, Status.PENDING, Status.APPROVED]


def test_the_same_name_and_address_from_elsewhere_are_a_newcomers(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    reader.comments(**TICKED)
    decided(blog, clock, Status.APPROVED, 1)
    reader.posts("/-/forget")

    reader.comments(author="Ada", email="ada@example.org", comment="It is me.")

    assert statuses(blog) == [Status.APPROVED, Status.PENDING]


def test_what_was_published_without_a_human_earns_no_trust(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    reader.comments(**TICKED, comment="Approved by a human.")
    decided(blog, clock, Status.APPROVED, 1)
    reader.comments(comment="Published by itself.")
    decided(blog, clock, Status.SPAM, 1)

    reader.comments(comment="And now?")

    assert statuses(blog) == [Status.SPAM, Status.APPROVED, Status.PENDING]


def test_spam_ends_trust_until_the_next_approval(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    reader.comments(**TICKED, comment="One.")
    reader.comments(comment="Two.")
    decided(blog, clock, Status.APPROVED, 1)
    decided(blog, clock, Status.SPAM, 2)
    reader.comments(comment="Three waits.")
    decided(blog, clock, Status.APPROVED, 3)

    reader.comments(comment="Four does not.")

    assert statuses(blog)[2:] == [Status.APPROVED, Status.APPROVED]


@pytest.mark.parametrize("how", ["put into the trash", "restored", "deleted", "purged"])
def test_spam_ends_trust_whatever_becomes_of_it(
    reader: Reader, blog: BlogFolder, clock: Clock, how: str
) -> None:
    reader.comments(**TICKED, comment="One.")
    reader.comments(comment="Two.")
    decided(blog, clock, Status.APPROVED, 1)
    decided(blog, clock, Status.SPAM, 2)
    if how == "put into the trash":
        decided(blog, clock, Status.TRASH, 2)
    elif how == "restored":
        blog.store.restore([2], now=clock(), by="author")
    elif how == "deleted":
        blog.store.moderation.delete(chosen(2), now=clock(), by="author")
    else:
        clock.passes(days=40)
        purge(DiscussionSettings(), blog.store, clock(), is_clock_believed=True)

    reader.comments(comment="Three.")

    assert statuses(blog)[-1] is Status.PENDING


def test_spam_that_was_undone_is_as_if_it_had_never_been_said(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    reader.comments(**TICKED, comment="One.")
    reader.comments(comment="Two.")
    decided(blog, clock, Status.APPROVED, 1)
    decided(blog, clock, Status.SPAM, 2)
    action = blog.store.actions.listed(size=1)[0].id
    blog.store.moderation.undo(action, now=clock(), by="author")

    reader.comments(comment="Three.")

    assert statuses(blog)[-1] is Status.APPROVED


@pytest.mark.parametrize("how", ["another key", "nonsense", "x" * 3000])
def test_a_cookie_that_we_did_not_sign_is_none(reader: Reader, blog: BlogFolder, how: str) -> None:
    forged = remembering_token(["k" * 40], Remembered("t", "Eve", "", "")) if "key" in how else how

    reader.posts("/-/forget")
    reader._client.set_cookie(COOKIE, forged)
    reader.comments()

    assert blog.store.entry(1).whence.browser == ""


def test_who_has_long_names_is_known_again_although_the_form_stays_empty(
    reader: Reader, blog: BlogFolder
) -> None:
    long = {"author": "😀" * 100, "url": f"https://example.org/{'é' * 480}"}

    answer = reader.comments(**TICKED | long)

    assert len(answer.headers["Set-Cookie"]) < 4000
    assert blog.store.entry(1).whence.browser != ""


def test_the_author_may_trust_or_block_a_browser_by_a_ruling(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    reader.comments(**TICKED, comment="One.")
    browser = about(RulingKind.BROWSER, blog.store.entry(1).whence.browser)
    blog.store.rulings.trust(browser, now=clock(), by="author")
    clock.passes(seconds=2)
    reader.comments(comment="Two.")
    blog.store.rulings.block(browser, now=clock(), by="author")
    clock.passes(seconds=2)
    reader.comments(comment="Three.")

    assert statuses(blog) == [Status.PENDING, Status.APPROVED, Status.SPAM]


def test_to_be_forgotten_takes_one_button_and_loses_nothing_that_was_typed(
    reader: Reader, blog: BlogFolder
) -> None:
    reader.comments(**TICKED)
    typed = reader.form_of(blog.page("hello")).fields | {"author": "Ada", "comment": "Half a text"}

    answer = reader.posts("/-/forget", data=typed)

    page = answer.get_data(as_text=True)
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert reader.form_of(page).fields["comment"] == "Half a text"
    assert "This device is remembered." not in page
    assert len(blog.store.entries()) == 1


def test_the_author_may_do_without_remembering(blog: BlogFolder, clock: Clock) -> None:
    from actors import visit

    blog.configure('DISCUSSION = {"close_after_days": 30_000, "remember_me": False}')
    blog.build()

    answer = visit(blog, clock).comments(**TICKED)

    assert 'name="remember"' not in blog.page("hello")
    assert "Set-Cookie" not in answer.headers
