"""The whole walk in a real browser with JavaScript off: read, comment, wait, be answered."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from actors import Author, BlogFolder, Serving, anchors, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

# A reader's page is right this soon after the author's decision, however busy the machine.
SOON = 60


class Window:
    """A window of a browser without JavaScript, at a blog; keeps what it asked the network for."""

    def __init__(self, browser: Browser, serving: Serving, **look: Any) -> None:
        look.setdefault("viewport", {"width": 1280, "height": 900})
        self.context = browser.new_context(
            java_script_enabled=False, base_url=serving.url, locale="en", **look
        )
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self._blog = serving.blog

    def opens(self, slug: str) -> Page:
        """The page of a post."""
        self.page.goto(self._blog.address(slug))
        return self.page

    def comments(self, slug: str, text: str, name: str = "Ada") -> Page:
        """Comment through the form below a post."""
        self.opens(slug)
        return self.fills_in(name, text)

    def fills_in(self, name: str, text: str) -> Page:
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Comment", exact=True).fill(text)
        with self.page.expect_navigation():
            self.page.get_by_role("button").click()
        return self.page

    def reloads_until(self, words: str) -> None:
        """Press reload until the page says so."""

        def says_so() -> bool:
            self.page.reload()
            return words in self.page.content()

        wait_until(says_so, SOON, self.page.content)

    def sees(self, words: str) -> bool:
        return words in self.page.get_by_role("main").inner_text()

    def width_needed(self) -> int:
        """How wide the window would have to be for nothing to stand beyond its edge, in pixels."""
        self.page.wait_for_load_state()  # with its stylesheet
        width: int = self.page.evaluate("document.documentElement.scrollWidth")
        return width


@pytest.fixture(scope="module")
def served(
    built_blog: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Serving]:
    """A blog that `permalien serve` serves by its three processes, for all walks of this file."""
    folder = tmp_path_factory.mktemp("walk") / "blog"
    shutil.copytree(built_blog, folder)
    with BlogFolder(folder) as blog:
        for slug in ("path", "thread", "mistake", "keys", "narrow", "looks", "traces"):
            blog.write_post(slug, f"About the {slug}", f"What there is to say of the {slug}.")
        serving = Serving(blog, (), {})
        try:
            yield serving.until_ready()
        finally:
            serving.stop()


@pytest.fixture
def author(served: Serving) -> Author:
    """Who writes this blog, at the command line."""
    return Author(served.blog)


@pytest.fixture
def window(browser: Browser, served: Serving) -> Iterator[Window]:
    """A reader's window of 1280 × 900."""
    window = Window(browser, served)
    yield window
    window.context.close()


@pytest.fixture
def other_window(browser: Browser, served: Serving) -> Iterator[Window]:
    """Somebody else's window, on another machine for all that the blog can see."""
    window = Window(browser, served)
    yield window
    window.context.close()


@pytest.fixture
def phone(browser: Browser, served: Serving) -> Iterator[Window]:
    """A window of 320 pixels: a small phone, or 1280 pixels at 400 %."""
    window = Window(browser, served, viewport={"width": 320, "height": 640})
    yield window
    window.context.close()


def number_of(author: Author, text: str) -> str:
    """The number under which a comment waits in the queue."""
    [number] = [str(item["id"]) for item in author.queue() if item["text"] == text]
    return number


def test_a_comment_goes_from_the_index_to_the_static_page(
    window: Window, other_window: Window, author: Author
) -> None:
    window.page.goto("/")
    window.page.get_by_role("link", name="About the path").click()
    assert window.sees("What there is to say of the path.")

    window.fills_in("Ada", "I walked it *twice*.")
    assert window.sees("Your comment is waiting for approval.")
    assert window.sees("I walked it twice.")
    receipt = window.page.url
    other_window.opens("path")
    assert other_window.sees("No thoughts yet on “About the path”")

    assert author.runs("approve", number_of(author, "I walked it *twice*.")).code == 0
    other_window.reloads_until("One thought on “About the path”")
    assert other_window.page.locator(".e-content em").inner_text() == "twice"
    window.page.goto(receipt)
    window.page.get_by_role("link", name="See it in the discussion").click()
    assert window.page.locator("li:target .e-content").inner_text() == "I walked it twice."


def test_a_reply_quotes_its_parent_and_is_nested_below_it(window: Window, author: Author) -> None:
    window.comments("thread", "The beginning.", "Ada")
    parent = number_of(author, "The beginning.")
    author.runs("approve", parent)
    window.opens("thread")
    window.reloads_until("One thought on")

    window.page.get_by_role("link", name="Reply to Ada").click()
    assert window.page.get_by_role("heading", level=1).inner_text() == "Reply to Ada"
    assert window.page.locator("blockquote .e-content").inner_text() == "The beginning."
    window.fills_in("Grace", "The answer.")
    author.runs("approve", number_of(author, "The answer."))
    window.opens("thread")
    window.reloads_until("2 thoughts on")

    answer = window.page.locator(f"#comment-{parent} ol > li")
    assert answer.locator(".p-name").inner_text() == "Grace"
    assert answer.locator(".e-content").inner_text() == "The answer."


def test_a_comment_without_a_name_comes_back_with_all_that_was_typed(window: Window) -> None:
    page = window.opens("mistake")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Website").fill("https://ada.example/notes")
    # A name of blanks: the browser's own check lets it through, the blog does not.
    window.fills_in(" ", "Two lines,\nand “quotes” & <signs>.")

    assert page.get_by_role("heading", level=1).inner_text() == "Your comment is not sent yet"
    name = page.get_by_label("Name")
    assert described(name) == "Please give a name; it need not be your real one."
    assert page.get_by_label("E-mail").input_value() == "ada@example.org"
    assert page.get_by_label("Website").input_value() == "https://ada.example/notes"
    typed = page.get_by_label("Comment", exact=True)
    assert typed.input_value() == "Two lines,\nand “quotes” & <signs>."

    name.fill("Ada")
    page.get_by_role("button").click()
    assert window.sees("Your comment is waiting for approval.")


def described(field: Locator) -> str:
    """What is said about a field to those who cannot see where it is said."""
    ids = str(field.get_attribute("aria-describedby")).split()
    texts = [field.page.locator(f"#{id}").inner_text() for id in ids]
    return " ".join(texts)


def test_a_french_post_is_french_from_the_form_to_the_receipt(window: Window) -> None:
    page = window.opens("bonjour")
    assert page.locator("html").get_attribute("lang") == "fr"
    heading = page.get_by_role("heading", level=2, name="Pas encore de réflexion")
    assert heading.inner_text() == "Pas encore de réflexion au sujet de «\xa0Bonjour\xa0»"

    page.get_by_label("Nom").fill("Ada")
    page.get_by_label("Commentaire", exact=True).fill("D’accord !")
    page.get_by_role("button", name="Envoyer").click()

    assert page.locator("html").get_attribute("lang") == "fr"
    assert "en attente" in page.get_by_role("heading", level=1).inner_text()


def test_the_keyboard_alone_is_enough(window: Window, author: Author) -> None:
    page = window.opens("keys")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the text"
    page.keyboard.press("Enter")
    visited = []
    while (name := page.locator(":focus").get_attribute("name")) != "author":
        visited.append(name)
        assert len(visited) < 20, "Tab does not lead into the form"
        page.keyboard.press("Tab")

    page.keyboard.type("Ada")
    for field, typed in (("email", ""), ("url", ""), ("comment", "No mouse.")):
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("name") == field
        page.keyboard.type(typed)
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("name") == "remember"
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Send the comment"
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Your comment is waiting for approval.").wait_for()
    assert number_of(author, "No mouse.")


def test_nothing_stands_beyond_the_edge_of_a_narrow_window(phone: Window, author: Author) -> None:
    endless = "https://example.org/" + "a-path-that-does-not-end-" * 8
    phone.comments("narrow", f"<{endless}>\n\n    {'x' * 200}\n\n{'y' * 200}", "Z" * 100)
    on_the_receipt = phone.width_needed()
    [item] = [item for item in author.queue() if item["author"] == "Z" * 100]
    author.runs("approve", str(item["id"]))
    phone.opens("narrow")
    phone.reloads_until("One thought on")
    below_the_post = phone.width_needed()
    phone.page.get_by_role("link", name="Reply").click()
    in_the_reply = phone.width_needed()
    phone.page.goto("/")

    assert (on_the_receipt, below_the_post, in_the_reply) == (320, 320, 320)
    assert phone.width_needed() == 320


def test_a_walk_asks_the_blog_alone_and_leaves_no_trace_in_the_browser(
    window: Window, served: Serving
) -> None:
    window.page.goto("/")
    window.comments("traces", "Leaves nothing.")
    window.page.goto("/nowhere/")

    assert len(window.asked) > 4
    assert [address for address in window.asked if not address.startswith(served.url)] == []
    assert window.context.storage_state() == {"cookies": [], "origins": []}


def test_no_page_has_a_script(window: Window) -> None:
    for address in ("/", "/archives/", "/about/", "/nowhere/"):
        window.page.goto(address)
        assert window.page.locator("script:not([type='application/ld+json'])").count() == 0, address
    window.comments("traces", "And no script.")
    assert window.page.locator("script").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ink_and_paper_change_places_in_the_dark(
    browser: Browser, served: Serving, scheme: Any
) -> None:
    window = Window(browser, served, color_scheme=scheme)
    window.opens("looks")

    paper, ink = (brightness(window.page, name) for name in ("backgroundColor", "color"))

    assert (ink > 200 and paper < 50) if scheme == "dark" else (ink < 50 and paper > 200)
    window.context.close()


def brightness(page: Page, name: str) -> float:
    """The mean of red, green and blue, 0 to 255, of a colour of the page's body."""
    colour = page.evaluate(f"getComputedStyle(document.body).{name}")
    parts = [int(part) for part in colour.strip("rgb()").split(",")]
    return sum(parts) / 3


def test_fields_and_button_keep_their_edges_where_the_reader_forces_colours(
    browser: Browser, served: Serving
) -> None:
    window = Window(browser, served, forced_colors="active")
    page = window.opens("looks")

    for control in (page.get_by_label("Name"), page.get_by_role("button")):
        style = control.evaluate("e => [getComputedStyle(e).borderTopStyle, e.offsetHeight]")
        assert style[0] == "solid"
        assert style[1] >= 24
    assert brightness(page, "color") != brightness(page, "backgroundColor")
    window.context.close()


def test_paper_gets_the_post_and_what_was_said_but_no_form(window: Window, author: Author) -> None:
    window.comments("looks", "Worth printing.")
    author.runs("approve", number_of(author, "Worth printing."))
    page = window.opens("looks")
    window.reloads_until("Worth printing.")

    page.emulate_media(media="print")

    assert page.get_by_text("What there is to say of the looks.").is_visible()
    assert page.get_by_text("Worth printing.").is_visible()
    assert page.locator("form:visible").count() == 0
    assert not page.get_by_role("navigation").is_visible()


def test_what_a_page_holds_while_it_waits_is_what_it_publishes(
    window: Window, served: Serving
) -> None:
    before = served.blog.page("mistake")

    window.comments("mistake", "Nobody sees this yet.", "Hidden")

    assert anchors(before) == []
    assert served.blog.page("mistake") == before
