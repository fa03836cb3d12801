"""Builds follow one another: none is done twice, none hangs for ever, each names all mistakes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from actors import (
    GATE,
    Author,
    BlogFolder,
    Serving,
    children_of,
    free_port,
    run_permalien,
    wait_until,
)

from pingback_server.domain.errors import BuildFailed
from pingback_server.processes import Order, build_with_pelican, is_held


def test_a_build_names_every_broken_post_with_its_line(author: Author, blog: BlogFolder) -> None:
    blog.write_post("hello", "Hello", "Words.", Date="soon")
    blog.write_post("bonjour", "Bonjour", "Des mots.", Date="demain")
    blog.write_post("done", "Done", "Words.", Status="finished")

    said = author.runs("build")

    assert said.code == 1
    first, second, third = said.err.splitlines()
    assert first.startswith("permalien: content/bonjour.md:2: Date: 'demain'")
    assert second.startswith("content/done.md:5: Unknown status 'finished'")
    assert third.startswith("content/hello.md:2: Date: 'soon'")


def test_a_build_names_every_post_whose_discussion_is_set_wrongly(
    author: Author, blog: BlogFolder
) -> None:
    blog.write_post("hello", "Hello", "Words.", Closes="soon")
    blog.write_post("bonjour", "Bonjour", "Des mots.", Comments="perhaps")

    said = author.runs("build")

    first, second = said.err.splitlines()
    assert first.startswith("permalien: content/bonjour.md:5: Comments: has to be")
    assert second.startswith("content/hello.md:5: Closes: has to be")


def test_a_build_that_hangs_is_ended_and_says_what_to_do(blog: BlogFolder) -> None:
    before = blog.pages()
    blog.configure(GATE)
    (blog.folder / "hold").touch()
    began = time.monotonic()

    with pytest.raises(BuildFailed, match=r"more than 2 s and was ended.*PERMALIEN_BUILD_SECONDS"):
        build_with_pelican(
            Order(blog.folder, blog.settings.data, seconds=2), dict(blog.environment)
        )

    assert time.monotonic() - began < 60
    assert blog.pages() == before
    (blog.folder / "hold").unlink()
    assert blog.build().written == ()


def test_the_press_goes_on_after_a_build_that_hung(
    serving: Callable[..., Serving], blog: BlogFolder
) -> None:
    blog.configure(GATE)
    (blog.folder / "hold").touch()
    blog.write_post("hello", "Hello", "Other words.")
    blog.store.mark_dirty(["hello"], datetime.now(UTC))
    press = serving("--only", "press", PERMALIEN_BUILD_SECONDS="12")
    wait_until(lambda: "took more than 12 s" in press.said(), 60, press.said)

    (blog.folder / "hold").unlink()

    wait_until(lambda: "Other words." in blog.page("hello"), 60, press.said)


def test_beside_a_press_a_build_is_done_once(
    serving: Callable[..., Serving], author: Author, blog: BlogFolder
) -> None:
    press = serving("--only", "press")
    wait_until(lambda: is_held(blog.settings.data, "press"), 60, press.said)
    blog.write_post("hello", "Hello", "Other words.")
    before = len(press.said())

    said = author.runs("build")

    assert "written" in said.out
    assert "Other words." in blog.page("hello")
    assert blog.store.dirty() is None
    time.sleep(1)  # five times a press's pause
    assert children_of(press.process.pid) == []
    assert press.said()[before:] == ""


def test_a_port_that_is_taken_is_said_before_anything_is_built(
    serving: Callable[..., Serving], blog: BlogFolder
) -> None:
    port = free_port()
    other = serving(PERMALIEN_PORT=str(port)).until_ready()
    blog.write_post("hello", "Hello", "Other words.")

    said = run_permalien(
        "serve", cwd=blog.folder, env={**blog.environment, "PERMALIEN_PORT": str(port)}
    )

    assert said.code == 1
    assert "Address already in use" in said.err
    assert "written" not in said.err
    assert "Other words." not in blog.page("hello")
    assert other.get("/").status == 200
