"""An author builds by hand: what is killed, what the clock says, what moves."""

from __future__ import annotations

import pytest
from actors import Author, BlogFolder, Reader, wait_until

from pingback_server.domain.errors import BuildFailed


def test_a_build_that_was_killed_is_taken_up_by_the_press(blog: BlogFolder, author: Author) -> None:
    for number in range(60):
        blog.write_post(f"post-{number}", f"Post {number}", "Some words.")
    building = author.starts("build")
    wait_until(lambda: len(list(blog.output.glob("2026/*/*/post-*"))) > 0, 60)
    building.kill()
    building.wait()

    said = author.runs("tick")

    assert said.code == 0
    assert blog.build().written == ()
    assert len(list(blog.output.glob("2026/*/*/post-*"))) == 60


def test_a_clock_that_went_back_is_refused_and_no_post_vanishes(blog: BlogFolder) -> None:
    blog.build(SOURCE_DATE_EPOCH="4102444800")  # the year 2100
    before = blog.pages()

    with pytest.raises(BuildFailed, match="the last build was at 2100-01-01"):
        blog.build()

    assert blog.pages() == before


def test_the_authors_name_leads_to_where_the_blog_is_now(
    blog: BlogFolder, reader: Reader, author: Author
) -> None:
    reader.comments()
    author.runs("reply", "1", "Thank you.")
    blog.configure('SITEURL = "https://blog.example.org"')

    blog.build()

    assert "http://localhost:8000" not in blog.page("hello")
