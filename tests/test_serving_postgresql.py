"""A whole blog whose comments PostgreSQL keeps: served, moderated, published, built by hand."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from actors import Author, BlogFolder, Serving, anchors, wait_until
from engines import PostgreSQL

pytestmark = pytest.mark.soak

SOON = 60


@pytest.fixture
def blog(built_blog: Path, database: str, tmp_path: Path) -> Iterator[BlogFolder]:
    """A built blog whose env file names a database of PostgreSQL."""
    folder = tmp_path / "blog"
    shutil.copytree(built_blog, folder, ignore=shutil.ignore_patterns("permalien.db*"))
    (folder / "permalien.env").write_text(f"PERMALIEN_DATABASE_URL={database}\n")
    with BlogFolder(folder) as blog:
        yield blog


@pytest.fixture
def service(blog: BlogFolder) -> Iterator[Serving]:
    """`permalien serve`, all its roles, two web processes."""
    service = Serving(blog, (), {"PERMALIEN_WEB_PROCESSES": "2"})
    yield service.until_ready()
    service.stop()


def page(service: Serving) -> str:
    return service.get(service.blog.address("hello")).body


def test_a_comment_is_held_approved_and_baked_into_the_page(
    service: Serving, author: Author, blog: BlogFolder
) -> None:
    answer = service.comment(comment="Written down in PostgreSQL 🐦")
    assert answer.status == 303
    assert "Written down in PostgreSQL" in service.get(answer.headers["Location"]).body
    assert anchors(page(service)) == []
    (waiting,) = author.queue()

    assert author.runs("approve", str(waiting["id"])).code == 0

    wait_until(lambda: anchors(page(service)) == [1], SOON, service.said)
    assert "Written down in PostgreSQL 🐦" in page(service)
    wait_until(lambda: blog.store.waiting().jobs == 0, SOON, service.said)
    assert not (blog.settings.data / "permalien.db").exists()
    assert service.stop() == 0


def test_plain_build_bakes_what_is_approved_and_reply_answers_it(
    author: Author, blog: BlogFolder, service: Serving
) -> None:
    service.comment(comment="A question?")
    service.stop()

    assert author.runs("reply", "1", "An answer.").code == 0
    built = author.runs("build")

    assert built.code == 0, built
    assert anchors(blog.page("hello")) == [1, 2]
    assert "An answer." in blog.page("hello")


def test_a_server_that_is_away_costs_no_page_and_no_role(
    service: Serving, author: Author, blog: BlogFolder, postgresql: PostgreSQL
) -> None:
    service.comment(comment="Before.")
    roles = service.roles()

    postgresql.stop(signal.SIGQUIT)
    refused = service.comment(comment="Meanwhile.")
    health = service.get("/readyz")
    shown, built = page(service), author.runs("build")
    postgresql.start()

    assert (refused.status, health.status) == (503, 503)
    assert "Meanwhile." in refused.body
    assert 'id="comments"' in shown or "<form" in shown
    assert built.code != 0
    assert "Traceback" not in built.err + service.said()
    wait_until(lambda: service.get("/readyz").status == 200, SOON, service.said)
    assert service.comment(comment="After.").status == 303
    assert author.runs("approve", "1").code == 0
    wait_until(lambda: anchors(page(service)) == [1], SOON, service.said)
    assert {name: service.roles().get(name) for name in ("worker", "press")} == {
        name: roles[name] for name in ("worker", "press")
    }
