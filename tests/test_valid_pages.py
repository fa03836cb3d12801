"""Every kind of page is valid by the Nu checker, and axe finds nothing in it, however it looks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from every_kind import KINDS, BlogOfAllKinds, Kind
from lxml import html

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

TEMPLATES = Path(__file__).resolve().parent.parent / "theme" / "templates"
LOOKS: Any = (("light", 360), ("light", 1280), ("dark", 360), ("dark", 1280))
ASSETS = ("theme/css/style.css", "theme/feed.css", "theme/icon.svg")


def fetched(path: str) -> Path:
    """A file of a checker that set-up got from npm."""
    file = Path(sys.prefix, "node", "node_modules", path)
    if not file.is_file():
        pytest.skip("no axe-core and vnu-jar here (`make test` gets them where it finds npm)")
    return file


def test_every_template_makes_one_of_the_kinds() -> None:
    files = {file.relative_to(TEMPLATES) for file in TEMPLATES.rglob("[!_]*.html")}
    # The desk is no page for readers, and is judged by itself (test_desk_looks.py).
    templates = {str(file) for file in files if file.parts[0] != "desk"}

    # The one in the middle of all others, and the one at addresses that our server redirects.
    elsewhere = {"base.html", "redirect.html"}
    assert {kind.template for kind in KINDS.values()} == templates - elsewhere


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_page_is_of_the_kind_that_is_meant(site: BlogOfAllKinds, kind: Kind) -> None:
    page = site.page(kind)

    [heading] = html.document_fromstring(page.body).xpath("//h1")
    assert page.status == kind.status
    assert heading.text_content().startswith(kind.heading)


# The Nu checker


@pytest.fixture(scope="module")
def checker() -> list[str]:
    """The command that runs the Nu checker."""
    jar = fetched("vnu-jar/build/dist/vnu.jar")
    # For the few seconds that it runs, Java's first compiler is the faster one.
    command = ["java", "-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", str(jar)]
    has_java = shutil.which("java") is not None
    if not has_java or subprocess.run([*command, "--version"], capture_output=True).returncode:
        pytest.skip(
            "no Java 17 or newer here for the Nu checker (apt install default-jre-headless)"
        )
    return command


# It throws dice to tell a language by the words, and a page of few words now and then loses.
_GUESS = "This document appears to be written in"


@pytest.fixture(scope="module")
def objections(
    checker: list[str], site: BlogOfAllKinds, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    """What the checker says of each page and asset, errors and warnings, from one run of it."""
    folder = tmp_path_factory.mktemp("checked")
    for name, kind in KINDS.items():
        (folder / f"{name}.html").write_text(site.page(kind).body, "utf-8")
    for asset in ASSETS:
        shutil.copy(site.blog.output / asset, folder)
    shutil.copy(site.blog.output / "nuit" / "index.html", folder / "moved.html")
    twice = site.page(KINDS["post"]).body.replace('id="respond"', 'id="comments"')
    (folder / "planted.html").write_text(twice, "utf-8")
    (folder / "planted.css").write_text("p { colour: red }\n", "utf-8")

    said: dict[str, list[str]] = {file.name: [] for file in folder.iterdir()}
    for message in run(checker, folder):
        if _GUESS in message["message"]:
            continue
        line = message.get("lastLine", "?")
        said[message["url"].rpartition("/")[2]].append(f"line {line}: {message['message']}")
    return said


def run(checker: list[str], folder: Path) -> list[dict[str, Any]]:
    """The messages of the Nu checker about the files of `folder`."""
    options = ["--stdout", "--asciiquotes", "--format", "json", "--also-check-css"]
    files = [str(file) for file in sorted(folder.iterdir())]
    done = subprocess.run(
        [*checker, *options, "--also-check-svg", *files], capture_output=True, timeout=200
    )
    assert done.stdout.startswith(b"{"), done.stderr.decode("utf-8", "replace")
    messages: list[dict[str, Any]] = json.loads(done.stdout.decode("utf-8", "replace"))["messages"]
    return messages


@pytest.mark.parametrize("name", KINDS)
def test_the_nu_checker_objects_to_nothing_in(objections: dict[str, list[str]], name: str) -> None:
    assert objections[f"{name}.html"] == []


def test_the_nu_checker_objects_to_nothing_in_a_page_that_leads_on(
    objections: dict[str, list[str]],
) -> None:
    assert objections["moved.html"] == []


@pytest.mark.parametrize("asset", ASSETS)
def test_the_nu_checker_objects_to_no_line_of(objections: dict[str, list[str]], asset: str) -> None:
    assert objections[Path(asset).name] == []


def test_the_nu_checker_is_awake(objections: dict[str, list[str]]) -> None:
    [twice, first] = objections["planted.html"]
    [misspelt] = objections["planted.css"]
    assert "Duplicate ID 'comments'." in twice
    assert "The first occurrence" in first
    assert "Property 'colour' doesn't exist." in misspelt


# axe


@pytest.fixture(scope="module")
def axe() -> Path:
    """The script that looks for what shuts readers out."""
    return fetched("axe-core/axe.min.js")


@pytest.fixture(scope="module")
def window(axe: Path, browser: Browser, site: BlogOfAllKinds) -> Iterator[Page]:
    """A window in which, unlike in a reader's, a script may run: axe, in every page."""
    context = browser.new_context(base_url=site.serving.url, bypass_csp=True)
    context.add_init_script(path=axe)
    yield context.new_page()
    context.close()


def opens(window: Page, site: BlogOfAllKinds, kind: Kind) -> None:
    """Ask for a page as a reader's browser does."""
    fields = site.fields(kind)
    if fields is not None:
        asked = site.serving.url + site.path(kind)
        window.route(lambda url: url == asked, lambda route: send(route, fields), times=1)
    answer = window.goto(site.path(kind))
    assert answer is not None
    assert answer.status == kind.status


def send(route: Route, fields: dict[str, str]) -> None:
    """Turn the request for an address into that of a form."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    headers = {**route.request.headers, **form}
    route.continue_(method="POST", post_data=urlencode(fields), headers=headers)


def barriers(window: Page) -> list[str]:
    """What axe finds in the page, with the places."""
    rules = "rules: {'target-size': {enabled: true}}"
    look = f"axe.run({{resultTypes: ['violations'], {rules}}}).then(said => said.violations)"
    return [
        f"{found['id']}: {found['help']}: {[node['target'] for node in found['nodes']]}"
        for found in window.evaluate(look)
    ]


@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_axe_finds_nothing_in(window: Page, site: BlogOfAllKinds, kind: Kind) -> None:
    opens(window, site, kind)

    found = {}
    for scheme, width in LOOKS:
        window.emulate_media(color_scheme=scheme)
        window.set_viewport_size({"width": width, "height": 900})
        found[scheme, width] = barriers(window)

    assert {look: texts for look, texts in found.items() if texts} == {}


@pytest.mark.browser
def test_axe_is_awake(window: Page, site: BlogOfAllKinds) -> None:
    opens(window, site, KINDS["post"])
    window.locator("label[for=form-author]").evaluate("label => label.remove()")
    window.locator("footer.site a").first.evaluate("link => link.style.color = '#777'")

    ids = {text.partition(":")[0] for text in barriers(window)}

    assert ids == {"label", "color-contrast"}
