"""An author builds by hand: what is killed, what the clock says, what moves."""

from __future__ import annotations

import shutil
import subprocess
import sys

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


def pelican_by_hand(blog: BlogFolder, *options: str) -> subprocess.CompletedProcess[str]:
    """A `pelican` in the blog's folder, which nothing but its settings tells which blog it is."""
    environment = {key: value for key, value in blog.environment.items() if key != "PERMALIEN_BLOG"}
    command = [sys.executable, "-m", "pelican", *options]
    return subprocess.run(
        command, cwd=blog.folder, env=environment, capture_output=True, text=True, check=False
    )


def test_plain_pelican_builds_the_same_blog_wherever_its_posts_lie(
    blog: BlogFolder, reader: Reader, author: Author
) -> None:
    (blog.folder / "src").mkdir()
    shutil.move(blog.folder / "content", blog.folder / "src" / "notes")
    blog.configure('PATH = "src/notes"')
    reader.comments(comment="Said before.")
    author.runs("approve", "1")
    blog.build()
    before = blog.pages()

    done = pelican_by_hand(blog)

    assert done.returncode == 0, done.stderr
    assert "Said before." in blog.page("hello")
    assert blog.pages() == before
    assert [place.name for place in (blog.folder / "src").iterdir()] == ["notes"]


def test_pelican_with_settings_of_another_name_has_to_be_told_the_blog(blog: BlogFolder) -> None:
    before = blog.pages()
    shutil.copy(blog.folder / "pelicanconf.py", blog.folder / "elsewhere.py")

    done = pelican_by_hand(blog, "-s", "elsewhere.py")

    assert done.returncode != 0
    assert "PERMALIEN_BLOG has to name the blog's folder" in done.stderr
    assert blog.pages() == before
