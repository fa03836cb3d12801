"""What a reader's browser gets of the demo: text, and nothing that runs, follows or is far away."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from actors import Serving
from lxml import html
from served_demo import LONG

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

THEME = Path(__file__).resolve().parent.parent / "theme" / "static"


@pytest.fixture(scope="module")
def addresses(served_demo: Serving) -> list[str]:
    """Every published page, the feeds that a browser shows as pages, and the service's own."""
    output = served_demo.blog.output
    pages = [file for file in output.rglob("*.html") if "url=" not in file.read_text("utf-8")]
    found = [f"/{file.relative_to(output)}".removesuffix("index.html") for file in sorted(pages)]
    feeds = [f"/{file.relative_to(output)}" for file in output.glob("feeds/*.atom.xml")]
    page = html.document_fromstring(served_demo.blog.page(LONG))
    forms = [
        str(page.xpath(f"//a[contains(@href, '/{form}')]/@href")[0]) for form in ("reply", "report")
    ]
    return [*found, *feeds, "/nowhere/", *forms]


class Witness:
    """A browser that notes what pages ask for and run."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.asked: list[str] = []
        self.run: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        wire = context.new_cdp_session(self.page)
        wire.send("Debugger.enable")
        wire.on("Debugger.scriptParsed", self._notes)

    def reads(self, url: str) -> None:
        self.page.goto(url)

    def _notes(self, script: dict[str, Any]) -> None:
        if script["length"]:  # an empty one is Playwright's own
            self.run.append(script["url"])


@pytest.fixture
def witness(browser: Browser) -> Iterator[Witness]:
    context = browser.new_context()
    yield Witness(context)
    context.close()


@pytest.mark.browser
def test_no_page_runs_asks_or_keeps_anything_that_is_not_its_own(
    witness: Witness, served_demo: Serving, addresses: list[str]
) -> None:
    here = f"http://localhost:{served_demo.port}"

    for address in addresses:
        witness.reads(here + address)

    assert len(addresses) > 80
    assert witness.run == []
    assert {url for url in witness.asked if not url.startswith(f"{here}/")} == set()
    assert witness.context.storage_state() == {"cookies": [], "origins": []}
    assert [text for text in witness.said if "404 (NOT FOUND)" not in text] == []


@pytest.mark.browser
def test_the_witness_is_awake(witness: Witness, served_demo: Serving) -> None:
    script = "document.cookie = 'a=1'; console.log('ran')"
    planted = f"<img src='http://127.0.0.1:9/x.png'><script>{script}</script>"
    here = f"http://localhost:{served_demo.port}/planted"
    witness.context.route(here, lambda route: route.fulfill(body=planted, content_type="text/html"))

    witness.reads(here)

    assert len(witness.run) == 1
    assert "http://127.0.0.1:9/x.png" in witness.asked
    assert [cookie["name"] for cookie in witness.context.cookies()] == ["a"]
    assert "ran" in witness.said


def test_no_answer_sets_a_cookie(served_demo: Serving, addresses: list[str]) -> None:
    with_cookies = [
        address for address in addresses if "Set-Cookie" in served_demo.get(address).headers
    ]

    assert with_cookies == []


def test_a_post_with_a_hundred_things_said_is_small(served_demo: Serving) -> None:
    page = served_demo.blog.page(LONG)

    listed = html.document_fromstring(page).xpath("//main//li[contains(@class, 'h-cite')]")
    assert len(listed) >= 100
    assert len(gzip.compress(page.encode())) <= 50_000


def test_each_stylesheet_is_small() -> None:
    sizes = {file.name: file.stat().st_size for file in THEME.rglob("*.css")}

    assert sizes
    assert max(sizes.values()) <= 12_000
