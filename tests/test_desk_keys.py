"""With its script the desk loads no page: keys decide, rows leave, focus moves on, all is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from actors import BlogFolder, Clock
from desk_actors import TOKEN, Moderator
from store_actors import HELD, a_comment
from werkzeug.serving import make_server

from pingback_server.domain.discussion import Status
from pingback_server.domain.people import Role

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(blog: BlogFolder, clock: Clock, browser: Browser) -> Iterator[Page]:
    """The queue with six comments in it, open in a real browser."""
    for number in range(1, 7):
        said = replace(a_comment(f"Words {number}", post="hello"), author=f"Reader {number}")
        blog.store.add(said, HELD, clock())
        clock.passes(minutes=1)
    moderator = Moderator(blog, clock, Role.OWNER)
    server = make_server("127.0.0.1", 0, moderator.reader._client.application, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    window = browser.new_context()
    try:
        yield open_queue(window, f"http://127.0.0.1:{server.server_port}")
    finally:
        window.close()
        server.shutdown()
        thread.join()
        server.server_close()


def open_queue(window: BrowserContext, url: str) -> Page:
    window.add_cookies([{"name": "desk", "value": f"{TOKEN}-of-ada", "url": url}])
    page = window.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{url}/-/desk")
    assert page.locator(".row").count() == 6
    return page


def here(page: Page) -> str:
    """What has the focus."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.value"))


def presses(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def hears(page: Page, words: str) -> None:
    """Wait until the live region says so."""
    page.locator("#said", has_text=words).wait_for(state="attached")


def left(page: Page) -> list[str]:
    rows = page.locator(".row").all()
    return [str(row.get_attribute("data-key")) for row in rows]


def test_a_key_decides_without_a_page_load_and_the_next_row_has_the_focus(desk: Page) -> None:
    desk.evaluate("window.same = true")

    presses(desk, "j", "j", "s")
    hears(desk, "1 entry marked as spam.")

    assert desk.evaluate("window.same") is True
    assert left(desk) == ["1", "3", "4", "5", "6"]
    assert here(desk) == "entry-3"
    assert "Pending 5" in desk.locator(".tabs").inner_text().replace("\n", " ")


def test_every_key_of_a_row(desk: Page, blog: BlogFolder) -> None:
    presses(desk, "j", "a")
    hears(desk, "approved")
    presses(desk, "s")
    hears(desk, "spam")
    presses(desk, "d")
    hears(desk, "trash")

    assert [entry.status.value for entry in blog.store.entries()][:3] == [
        "approved",
        "spam",
        "trash",
    ]
    presses(desk, "k", "r")
    assert here(desk) == "reply-4"
    presses(desk, "Escape", "j", "b")
    assert here(desk).startswith("block:5:")
    presses(desk, "/")
    assert here(desk) == "q"


def test_undo_brings_the_row_back(desk: Page) -> None:
    presses(desk, "j", "s")
    hears(desk, "spam")

    presses(desk, "u")
    hears(desk, "Undone: 1 entry")

    assert left(desk) == ["1", "2", "3", "4", "5", "6"]


def test_undo_leaves_what_is_typed(desk: Page) -> None:
    presses(desk, "j", "s")
    hears(desk, "spam")
    presses(desk, "j", "r")
    desk.keyboard.type("To another")
    presses(desk, "Escape", "u")
    hears(desk, "Undone: 1 entry")

    assert "To another" in [box.input_value() for box in desk.locator(".row textarea").all()]


def test_the_enter_key_in_a_row_presses_no_button(desk: Page, blog: BlogFolder) -> None:
    presses(desk, "j", "s")
    hears(desk, "spam")

    desk.locator('[name="chosen"]').first.focus()
    presses(desk, "Enter")
    desk.wait_for_timeout(300)

    assert [entry.status for entry in blog.store.entries()].count(Status.SPAM) == 1


def test_those_that_are_chosen_go_with_one_key(desk: Page) -> None:
    presses(desk, "j", "x", "j", "j", "x", "Shift+S")
    hears(desk, "2 entries marked as spam.")

    assert left(desk) == ["2", "4", "5", "6"]


def test_all_that_match_go_with_two_keys(desk: Page) -> None:
    presses(desk, "*", "Shift+A")
    hears(desk, "6 entries approved.")

    assert left(desk) == []


def test_keys_pressed_faster_than_answers_come_are_all_carried_out(
    desk: Page, blog: BlogFolder
) -> None:
    presses(desk, "j", "s", "s", "a", "d")
    desk.locator(".row").nth(2).wait_for(state="detached")

    assert [entry.status.value for entry in blog.store.entries()] == [
        "spam",
        "spam",
        "approved",
        "trash",
        "pending",
        "pending",
    ]


def test_no_key_deletes_for_ever(desk: Page, blog: BlogFolder) -> None:
    for key in ("Delete", "Backspace", *"abcdfghijklmnpqrstuvwxyz"):  # `e` and `o` lead away
        presses(desk, "Escape", "j", key)
    desk.wait_for_load_state("networkidle")

    assert len(blog.store.entries()) == 6


def test_the_keys_are_shown_and_can_be_switched_off(desk: Page) -> None:
    presses(desk, "?")
    assert desk.locator("#keys dl").is_visible()
    desk.locator("#keys-on").uncheck()
    desk.reload()

    presses(desk, "j", "s")

    assert left(desk) == ["1", "2", "3", "4", "5", "6"]
    assert desk.locator("#said").inner_text() == ""


def test_what_is_typed_stays_while_another_row_leaves(desk: Page) -> None:
    presses(desk, "j", "r")
    desk.keyboard.type("Thank you")
    presses(desk, "Escape", "j", "s")
    hears(desk, "spam")

    assert desk.locator("#reply-1").input_value() == "Thank you"


def types_two_replies(desk: Page) -> None:
    presses(desk, "j", "r")
    desk.keyboard.type("To the first")
    presses(desk, "Escape", "j", "r")
    desk.keyboard.type("To the second")


def typed(desk: Page) -> list[str]:
    return [desk.locator(f"#reply-{number}").input_value() for number in (1, 2)]


def test_without_a_line_nothing_that_was_typed_is_lost(desk: Page, blog: BlogFolder) -> None:
    types_two_replies(desk)
    desk.context.set_offline(True)

    desk.locator('[value="reply:2"]').click()
    told = desk.locator("#entry-2 #trouble")
    told.wait_for()

    assert told.inner_text().startswith("No answer came.")
    assert typed(desk) == ["To the first", "To the second"]
    desk.context.set_offline(False)
    desk.locator('[value="reply:2"]').click()
    hears(desk, "Your reply is published.")
    assert desk.locator("#reply-1").input_value() == "To the first"
    assert not desk.locator("#trouble").is_visible()
    assert len(blog.store.entries()) == 7


def test_what_is_refused_is_told_beside_its_button_and_all_that_was_typed_stays(
    desk: Page, blog: BlogFolder, clock: Clock
) -> None:
    types_two_replies(desk)
    blog.store.decide([2], Status.TRASH, now=clock(), by="ben")

    desk.locator('[value="reply:2"]').click()
    told = desk.locator("#entry-2 #trouble")
    told.wait_for()

    assert told.inner_text() == (
        "Your reply is not published What it answers is spam or in the trash by now: restore it, "
        "then publish this."
    )
    assert typed(desk) == ["To the first", "To the second"]
    assert desk.locator("h1").inner_text() == "Queue"


def test_what_was_done_before_something_was_refused_is_seen(
    desk: Page, blog: BlogFolder, clock: Clock
) -> None:
    types_two_replies(desk)
    blog.store.decide([2], Status.TRASH, now=clock(), by="ben")

    desk.evaluate(
        """() => {
            document.querySelector('[value="approve:3"]').click();
            document.querySelector('[value="reply:2"]').click();
        }"""
    )
    desk.locator("#trouble").wait_for()

    assert "1 entry approved." in desk.locator("#notice").inner_text()
    assert "3" not in left(desk)


def test_a_row_that_could_not_leave_stays_and_says_why(desk: Page) -> None:
    desk.context.set_offline(True)

    presses(desk, "j", "s")
    desk.locator("#entry-1 #trouble").wait_for()

    assert desk.locator(".leaving").count() == 0
    assert left(desk) == ["1", "2", "3", "4", "5", "6"]
