"""`permalien serve --watch`: the author sees what is written, and the public nothing of it."""

from __future__ import annotations

import os
import shutil
import signal
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from actors import (
    BlogFolder,
    FormFields,
    Serving,
    free_port,
    processes_in,
    run_permalien,
    wait_until,
)

from pingback_server.domain.discussion import Status
from pingback_server.manifest import PublishedBlog
from pingback_server.web.headers import POLICY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# However busy the machine is.
SOON = 90


@pytest.fixture(scope="module")
def watching(tmp_path_factory: pytest.TempPathFactory, built_blog: Path) -> Iterator[Serving]:
    """A preview that several tests share, of a blog with a draft and a scheduled post."""
    folder = tmp_path_factory.mktemp("watching") / "blog"
    shutil.copytree(built_blog, folder)
    with BlogFolder(folder) as blog:
        blog.write_post("secret", "A secret", "Between us.", Status="draft")
        blog.write_post("later", "Later", "Not yet.", Date="2999-12-01 08:00")
        service = Serving(blog, ("--watch",), {})
        try:
            wait_until(lambda: "preview: " in service.said(), SOON, service.said)
            yield service
        finally:
            service.stop()


def says(service: Serving, path: str, words: str) -> bool:
    return words in service.get(path).body


def version(service: Serving) -> str:
    return service.get("/-/watch").body


def test_drafts_and_scheduled_posts_stand_in_the_preview_as_what_they_are(
    watching: Serving,
) -> None:
    front = watching.get("/").body

    assert "A secret" in front
    assert "Later" in front
    assert says(watching, "/2026/11/20/secret/", "Draft, not published yet.")
    assert says(watching, "/2999/12/01/later/", "Scheduled: it appears on 1 December 2999")


def test_every_address_in_the_preview_leads_to_the_preview(watching: Serving) -> None:
    pages = [watching.get(path).body for path in ("/", watching.blog.address("hello"))]

    assert [page for page in pages if "localhost:8000" in page] == []
    assert f"http://localhost:{watching.port}/" in pages[0]


def test_what_is_not_public_has_no_form_in_the_preview_and_what_is_has_one(
    watching: Serving,
) -> None:
    assert FormFields(watching.get("/2026/11/20/secret/").body).action is None
    assert FormFields(watching.get("/2999/12/01/later/").body).action is None
    assert FormFields(watching.get(watching.blog.address("hello")).body).action == "/-/comments"


def test_the_preview_publishes_nothing(watching: Serving) -> None:
    blog = watching.blog
    before = blog.pages()
    known = PublishedBlog(blog.settings.manifest_path)().posts
    address = blog.address("bonjour")

    blog.write_post("bonjour", "Bonjour", "Des mots nouveaux.", Lang="fr")

    wait_until(lambda: says(watching, address, "Des mots nouveaux."), SOON, watching.said)
    assert blog.pages() == before
    assert PublishedBlog(blog.settings.manifest_path)().posts == known


def test_a_comment_is_taken_in_the_preview_and_shown_there_once_it_is_approved(
    watching: Serving,
) -> None:
    blog = watching.blog
    assert watching.comment(comment="Seen in the preview.").status == 303
    [entry] = blog.store.entries()

    blog.store.decide([entry.id], Status.APPROVED, now=datetime.now(UTC), by="author")

    address = blog.address("hello")
    wait_until(lambda: says(watching, address, "Seen in the preview."), SOON, watching.said)
    assert blog.store.dirty() is not None, "the public pages have it still to come"
    assert "Seen in the preview." not in blog.page("hello")


def test_a_post_appears_in_the_preview_at_its_instant(watching: Serving) -> None:
    blog = watching.blog
    at = datetime.now(UTC) + timedelta(seconds=12)
    blog.store.mark_dirty(["soon"], datetime.now(UTC))

    blog.write_post("soon", "Soon", "In a moment.", Date=f"{at:%Y-%m-%d %H:%M:%S}")

    address = f"/{at:%Y/%m/%d}/soon/"
    wait_until(lambda: says(watching, address, "<form"), SOON, watching.said)
    assert datetime.now(UTC) >= at - timedelta(seconds=1)


def test_every_mistake_is_shown_with_its_file_and_line_until_it_is_mended(
    watching: Serving,
) -> None:
    blog = watching.blog
    one = blog.write_post("broken", "Broken", "Words.", Date="soon")
    two = blog.write_post("wrong", "Wrong", "Words.", Status="finished")
    wait_until(lambda: says(watching, "/", "permalien-problems"), SOON, watching.said)

    page = watching.get("/").body

    assert "content/broken.md:2: Date: &#39;soon&#39; is not a valid date" in page
    assert "content/wrong.md:5: Unknown status" in page
    assert "A secret" in page, "the last good page is below"
    one.unlink()
    two.unlink()
    wait_until(lambda: not says(watching, "/", "permalien-problems"), SOON, watching.said)


def test_a_change_of_settings_and_of_a_template_of_ones_own_is_seen(watching: Serving) -> None:
    blog = watching.blog
    own = blog.folder / "templates"
    own.mkdir()
    blog.configure(f"SITENAME = 'Another name'\nTHEME_TEMPLATES_OVERRIDES = [{str(own)!r}]")
    wait_until(lambda: says(watching, "/", "Another name"), SOON, watching.said)

    template = '{% extends "!theme/404.html" %}{% block title %}Own words{% endblock %}'
    (own / "404.html").write_text(template, encoding="utf-8")

    wait_until(lambda: says(watching, "/nothing", "Own words"), SOON, watching.said)


def test_only_answers_of_the_preview_have_a_script_and_no_file_has_one(
    watching: Serving,
) -> None:
    answer = watching.get("/")

    assert '<script src="/-/watch.js"' in answer.body
    policy = f"{POLICY}; script-src 'self'"
    assert answer.headers["Content-Security-Policy"] == policy
    assert answer.headers["Cache-Control"] == "no-store"
    files = list((watching.blog.settings.preview_folder / "pages").rglob("*.html"))
    assert files
    assert [path for path in files if "watch.js" in path.read_text("utf-8")] == []


def test_a_strangers_name_for_this_machine_gets_nothing(watching: Serving) -> None:
    request = urllib.request.Request(watching.url, headers={"Host": "stranger.example"})

    answer = watching._ask(request)

    assert answer.status == 403
    assert "A secret" not in answer.body


def test_a_preview_listens_on_this_machine_alone(blog: BlogFolder) -> None:
    said = run_permalien(
        *("serve", "--watch"),
        cwd=blog.folder,
        env={**blog.environment, "PERMALIEN_HOST": "0.0.0.0", "PERMALIEN_PORT": str(free_port())},
    )

    assert said.code == 1
    assert "a preview shows drafts: it is for this machine alone" in said.err


def test_watching_is_for_all_roles_together(blog: BlogFolder) -> None:
    said = run_permalien("serve", "--watch", "--only", "web", cwd=blog.folder, env=blog.environment)

    assert said.code == 2
    assert "leave --only out" in said.err


def test_a_blog_that_was_never_whole_shows_what_is_wrong_and_comes_when_it_is_mended(
    tmp_path: Path,
) -> None:
    with BlogFolder.init(tmp_path / "blog") as blog:
        broken = blog.write_post("broken", "Broken", "Words.", Date="soon")
        service = Serving(blog, ("--watch",), {})
        try:
            wait_until(lambda: says(service, "/", "content/broken.md:2"), SOON, service.said)
            broken.unlink()
            wait_until(lambda: service.get("/").status == 200, SOON, service.said)
        finally:
            assert service.stop(signal.SIGINT) == 0
    assert processes_in(tmp_path / "blog") == []
    assert not (tmp_path / "blog/output").exists()


# In the browser


@pytest.fixture
def window(watching: Serving, browser: Browser) -> Iterator[Page]:
    """The front page of the preview in a browser, which notes what is not allowed to it."""
    context = browser.new_context(base_url=watching.url)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto("/")
    yield page
    context.close()
    assert [complaint for complaint in complaints if "Content Security Policy" in complaint] == []


@pytest.mark.browser
def test_the_open_page_reloads_by_itself_after_an_edit(watching: Serving, window: Page) -> None:
    window.goto("/2026/11/20/secret/")

    watching.blog.write_post("secret", "A secret", "Between you and me.", Status="draft")

    window.get_by_text("Between you and me.").wait_for(timeout=SOON * 1000)


@pytest.mark.browser
def test_a_mistake_comes_up_by_itself_and_goes_by_itself(watching: Serving, window: Page) -> None:
    broken = watching.blog.write_post("broken", "Broken", "Words.", Date="soon")
    alert = window.get_by_role("alert")

    alert.get_by_text("content/broken.md:2: Date: 'soon'").wait_for(timeout=SOON * 1000)
    broken.unlink()

    alert.wait_for(state="detached", timeout=SOON * 1000)


@pytest.mark.browser
def test_a_form_that_somebody_fills_in_is_not_taken_away(watching: Serving, window: Page) -> None:
    blog = watching.blog
    window.goto(blog.address("hello"))
    window.get_by_label("Comment", exact=True).fill("Half a sent")
    before = version(watching)

    blog.write_post("hello", "Hello", f"Other words {os.getpid()}.")

    wait_until(lambda: version(watching) != before, SOON, watching.said)
    window.wait_for_timeout(3000)
    assert window.get_by_label("Comment", exact=True).input_value() == "Half a sent"
    window.get_by_label("Comment", exact=True).fill("")
    window.get_by_text(f"Other words {os.getpid()}.").wait_for(timeout=SOON * 1000)
