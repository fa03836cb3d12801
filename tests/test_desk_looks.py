"""Every page of the desk is valid, axe finds nothing in it, and it fits a phone, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from actors import BlogFolder, Clock
from desk_actors import TOKEN, Moderator
from store_actors import said
from test_valid_pages import barriers, fetched, run
from werkzeug.serving import make_server

from pingback_server.deeds.invite import invite
from pingback_server.deeds.verify_ping import LEASE
from pingback_server.domain.discussion import Kind, Status
from pingback_server.domain.people import Role
from pingback_server.domain.pings import Claim, Problem
from pingback_server.domain.rulings import RulingKind, about
from pingback_server.processes import note_end
from pingback_server.store.receiving import Door

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOOKS = (("light", 360), ("light", 1280), ("dark", 360), ("dark", 1280))
PATHS = (
    "",
    "?is=spam&done=1",
    "?q=xyzzy",
    "entries/3",
    "sign-in",
    "welcome/{link}",
    "account",
    "people",
    "log",
    "numbers",
    "lists",
    "pings",
    "posts",
    "posts/new",
    "posts/hello.md?saved",
)


@pytest.fixture
def owner(blog: BlogFolder, clock: Clock) -> Moderator:
    """The owner of a blog in which there is something on every page of the desk."""
    store, now = blog.store, clock()
    blog.write_post("half", "Half a thought", "More.", Status="draft")
    for number in range(1, 4):
        said(store, f"Words {number}", post="hello")
    store.decide([1, 2], Status.SPAM, now=now, by="ben")
    store.rulings.block(about(RulingKind.DOMAIN, "spam.example"), "often", now=now, by="ben")
    store.rulings.trust(about(RulingKind.DOMAIN, "friend.example"), "", now=now, by="ben")
    claim = Claim(Kind.WEBMENTION, f"https://other.example/{'long-' * 30}", "/hello/")
    store.pings.receive(claim, Door("hello", "o/1", "other.example", "t" * 32), now=now)
    taken = store.pings.take(now, lease=LEASE, by="worker")
    assert taken
    store.pings.fail(taken, Problem.NO_LINK, "no link", now=now)
    note_end(blog.settings.build_folder, ("content/hello.md:2: no date: 'someday'",))
    return Moderator(blog, clock, Role.OWNER)


@pytest.fixture
def paths(owner: Moderator) -> list[str]:
    """The addresses of the pages; the link of the welcome is a good one."""
    link = invite("zoe", Role.AUTHOR, store=owner.blog.store, now=owner.clock(), by="ada")
    return [
        f"/-/desk/{path.format(link=link)}".replace("/?", "?").removesuffix("/") for path in PATHS
    ]


def test_the_nu_checker_objects_to_nothing_in_the_desk(
    owner: Moderator, paths: list[str], tmp_path: Path
) -> None:
    jar = fetched("vnu-jar/build/dist/vnu.jar")
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, path in enumerate(paths):
        (folder / f"{number}.html").write_text(owner.opens(path), "utf-8")

    command = ["java", "-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", str(jar)]
    messages = run(command, folder)

    assert [(paths[int(Path(one["url"]).stem)], one["message"]) for one in messages] == []


@pytest.fixture
def window(owner: Moderator, browser: Browser) -> Iterator[Page]:
    """A window in which the owner is signed in, and axe may look."""
    server = make_server("127.0.0.1", 0, owner.reader._client.application, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    context = browser.new_context(base_url=url, bypass_csp=True)
    context.add_init_script(path=fetched("axe-core/axe.min.js"))
    context.add_cookies([{"name": "desk", "value": f"{TOKEN}-of-ada", "url": url}])
    try:
        yield context.new_page()
    finally:
        context.close()
        server.shutdown()
        thread.join()
        server.server_close()


# A table that scrolls in its frame is too wide for the phone as well.
WIDTH = """() => Math.max(document.documentElement.scrollWidth,
    ...[...document.querySelectorAll('main .table')]
        .map(one => innerWidth + one.scrollWidth - one.clientWidth))"""
TOO_SMALL = """() => [...document.querySelectorAll('button, a, summary, input, select, textarea')]
    .map(one => [one, (one.closest('label') || one).getBoundingClientRect()])
    .filter(([one, box]) => box.height && box.height < 43.5 && one.className !== 'skip')
    .map(([one]) => one.outerHTML.slice(0, 120))"""


@pytest.mark.browser
def test_every_page_of_the_desk_is_for_everybody(window: Page, paths: list[str]) -> None:
    found = {}
    for path in paths:
        window.goto(path)
        window.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        for scheme, width in LOOKS:
            window.emulate_media(color_scheme=scheme)
            window.set_viewport_size({"width": width, "height": 900})
            found[path, scheme, width] = barriers(window)
            wide = window.evaluate(WIDTH)
            if wide > width:
                found[path, scheme, width].append(f"it is {wide} pixels wide")
        window.set_viewport_size({"width": 360, "height": 900})
        found[path, "targets", 360] = window.evaluate(TOO_SMALL)

    assert {look: texts for look, texts in found.items() if texts} == {}
