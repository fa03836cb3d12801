"""Pages fit every window, and are read by keyboard, on paper and in the reader's own colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from every_kind import KINDS, BlogOfAllKinds, Kind

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

STYLE = Path(__file__).resolve().parent.parent / "theme" / "static" / "css" / "style.css"
# A browser's window of 1280 px that is magnified four times is one of 320 px (WCAG 2.2, 1.4.10).
WIDTHS = (320, 360, 768, 1280)
SHOWN = [kind for kind in KINDS.values() if kind.sent is None]
SHOWN_NAMES = [name for name, kind in KINDS.items() if kind.sent is None]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def windows(browser: Browser, site: BlogOfAllKinds) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=site.serving.url)
    yield context
    context.close()


@pytest.fixture
def window(windows: BrowserContext) -> Iterator[Page]:
    """A window of the test's own: the next one shall find no focus and no size of this."""
    page = windows.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    yield page
    page.close()


def opens(window: Page, site: BlogOfAllKinds, name: str, width: int = 1280) -> None:
    window.set_viewport_size({"width": width, "height": 900})
    window.goto(site.path(KINDS[name]))


# Every window


def beyond_the_edge(window: Page) -> int:
    """By how many pixels the page is wider than its window."""
    wider: int = window.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wider


@pytest.mark.parametrize("kind", SHOWN, ids=SHOWN_NAMES)
def test_a_page_is_never_wider_than_its_window(
    window: Page, site: BlogOfAllKinds, kind: Kind
) -> None:
    window.goto(site.path(kind))

    wider = {}
    for width in WIDTHS:
        window.set_viewport_size({"width": width, "height": 900})
        wider[width] = beyond_the_edge(window)

    assert {width: by for width, by in wider.items() if by > 0} == {}


@pytest.mark.parametrize("name", ["index", "post", "post-in-english", "post-too-wide", "archives"])
def test_a_page_stays_in_its_window_when_its_letters_are_doubled(
    window: Page, site: BlogOfAllKinds, name: str
) -> None:
    opens(window, site, name, width=768)
    window.evaluate("document.documentElement.style.fontSize = '34px'")

    assert beyond_the_edge(window) <= 0


def test_a_line_of_text_has_no_more_letters_than_the_eye_can_follow(
    window: Page, site: BlogOfAllKinds
) -> None:
    opens(window, site, "post-in-english")

    measure: float = window.evaluate(
        """() => {
          const text = document.querySelector('.e-content > p');
          const pen = document.createElement('canvas').getContext('2d');
          pen.font = getComputedStyle(text).font;
          const letters = 'the quick brown fox jumps over a lazy dog ';
          return text.clientWidth / (pen.measureText(letters).width / letters.length);
        }"""
    )

    assert 55 < measure <= 80


def test_a_table_that_is_too_wide_scrolls_by_keyboard(window: Page, site: BlogOfAllKinds) -> None:
    opens(window, site, "post-too-wide", width=320)
    frame = window.locator(".e-content .table")
    frame.focus()

    window.keyboard.press("End")
    window.keyboard.press("ArrowRight")

    window.wait_for_function("frame => frame.scrollLeft > 0", arg=frame.element_handle())


# The thumb

TOO_SMALL = """() => [...document.querySelectorAll(
    'nav a, .site li a, .crumbs a, .reply a, button, summary, .field input, label:has(input)'
  )].filter(element => element.checkVisibility())
    .filter(element => element.getBoundingClientRect().height < 44)
    .map(element => element.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("name", ["index-page-2", "post", "post-page-2", "contact", "report"])
def test_what_is_pressed_on_a_phone_is_large_enough_for_a_thumb(
    window: Page, site: BlogOfAllKinds, name: str
) -> None:
    opens(window, site, name, width=360)

    assert window.evaluate(TOO_SMALL) == []


# Where one is


def test_the_menu_shows_where_one_is(window: Page, site: BlogOfAllKinds) -> None:
    opens(window, site, "archives")

    shown = "link => getComputedStyle(link).textDecorationLine"
    lines = window.locator("header nav a").evaluate_all(f"all => all.map({shown})")
    assert lines == ["none", "none", "underline"]


# The keyboard


def focused(window: Page) -> Locator:
    return window.locator(":focus")


def test_the_first_key_offers_to_skip_to_the_text(window: Page, site: BlogOfAllKinds) -> None:
    opens(window, site, "post")

    window.keyboard.press("Tab")
    assert focused(window).inner_text() == "Aller au texte"
    box = focused(window).bounding_box()
    assert box is not None
    assert box["x"] >= 0

    window.keyboard.press("Enter")
    assert focused(window).get_attribute("id") == "main"


@pytest.mark.parametrize("name", ["index", "post", "post-in-english", "contact", "archives"])
def test_the_tab_key_reaches_all_there_is_in_the_order_of_reading_and_shows_where_it_is(
    window: Page, site: BlogOfAllKinds, name: str
) -> None:
    opens(window, site, name)
    wanted: list[str] = window.evaluate(
        """() => [...document.querySelectorAll(
            'a[href], input:not([type=hidden], [tabindex="-1"], :disabled), textarea, button,' +
            'summary, [tabindex="0"]'
          )].filter(element => element.checkVisibility())
          .map((element, place) => element.dataset.place = String(place))"""
    )

    reached = []
    for _ in wanted:
        window.keyboard.press("Tab")
        reached.append(focused(window).get_attribute("data-place"))
        outline: str = focused(window).evaluate("element => getComputedStyle(element).outline")
        assert "solid 2px" in outline, focused(window).evaluate("element => element.outerHTML")

    assert reached == wanted


def test_the_trap_is_never_reached(window: Page, site: BlogOfAllKinds) -> None:
    opens(window, site, "post")
    window.locator("#form-url").focus()

    window.keyboard.press("Tab")

    assert focused(window).get_attribute("id") == "form-comment"


# The reader's own colours

UNREADABLE = """() => {
  const ground = element => {
    for (; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      if (!/^rgba.*, 0\\)$/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('body *')]
    .filter(element => [...element.childNodes].some(
      node => node.nodeType === Node.TEXT_NODE && node.data.trim()))
    .filter(element => element.getClientRects().length)
    .filter(element => getComputedStyle(element).color === ground(element))
    .map(element => element.outerHTML.slice(0, 80));
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_in_forced_colours(
    window: Page, site: BlogOfAllKinds, scheme: str
) -> None:
    opens(window, site, "post-in-english")
    window.emulate_media(forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]

    assert window.evaluate(UNREADABLE) == []


def test_nothing_moves_by_itself() -> None:
    moving = r"transition|animation|@keyframes|scroll-behavior|view-transition"

    assert re.findall(moving, STYLE.read_text("utf-8")) == []


# Paper


def test_a_printed_post_keeps_its_conversation_and_leaves_the_controls_out(
    window: Page, site: BlogOfAllKinds
) -> None:
    opens(window, site, "post")
    window.emulate_media(media="print")

    assert window.locator(".e-content").first.is_visible()
    assert window.locator(".discussion .comment").first.is_visible()
    for control in ("nav", "form", ".reply", ".skip", "footer.site"):
        for found in window.locator(control).all():
            assert not found.is_visible(), control


def test_paper_has_no_empty_forms_and_nothing_about_them(
    window: Page, site: BlogOfAllKinds
) -> None:
    opens(window, site, "contact")
    window.emulate_media(media="print")

    assert window.locator("h1").is_visible()
    assert not window.locator("form").is_visible()
    assert not window.get_by_text("Ce qui en est conservé").is_visible()


def test_paper_shows_what_is_folded_up_on_the_screen(window: Page, site: BlogOfAllKinds) -> None:
    opens(window, site, "post-in-english")
    folded = window.get_by_text("Unfolded, with")
    assert not folded.is_visible()

    window.emulate_media(media="print")

    assert folded.is_visible()
    assert (folded.bounding_box() or {"height": 0})["height"] > 10


def test_a_printed_link_shows_where_it_leads(window: Page, site: BlogOfAllKinds) -> None:
    opens(window, site, "post-in-english")
    window.emulate_media(media="print")

    shown: str = window.locator(".e-content a[href^='https']").first.evaluate(
        "link => getComputedStyle(link, '::after').content"
    )

    assert "https://example.org/?a=1&b=2" in shown


# Those who judge pages


def test_a_tool_may_read_from_within_a_page_what_robots_are_told(
    window: Page, site: BlogOfAllKinds
) -> None:
    opens(window, site, "index")

    assert window.evaluate("fetch('/robots.txt').then(answer => answer.status)") == 200
