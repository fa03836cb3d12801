"""An author builds by hand: what is killed, what the clock says, what moves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from actors import Author, BlogFolder, Reader, run_permalien, wait_until

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


@pytest.fixture
def unmounted(blog: BlogFolder, reader: Reader, author: Author, tmp_path: Path) -> BlogFolder:
    """A blog with a public comment, whose database was on a disk that is not mounted now."""
    reader.comments(comment="Said before the reboot.")
    author.runs("approve", "1")
    assert author.runs("build").code == 0
    blog.store.close()
    disk = tmp_path / "disk"
    disk.mkdir()
    for file in blog.settings.data.glob("permalien.db*"):
        file.rename(disk / file.name)
    (blog.folder / "permalien.env").write_text(
        f"PERMALIEN_DATABASE_URL=sqlite:///{disk}/permalien.db\n"
    )
    assert author.runs("build").code == 0
    disk.rename(tmp_path / "away")
    return blog


@pytest.mark.parametrize(
    "words",
    [("build",), ("serve",), ("serve", "--watch"), ("tick",), ("queue",), ("check",)],
    ids=str,
)
def test_a_database_that_is_gone_is_refused_and_not_made_anew(
    unmounted: BlogFolder, author: Author, tmp_path: Path, words: tuple[str, ...]
) -> None:
    said = author.runs(*words)

    assert said.code == 1
    assert f"the database {tmp_path}/disk/permalien.db is gone" in said.out + said.err
    assert f"remove {unmounted.folder}/var/posts.json" in said.out + said.err
    assert not (tmp_path / "disk").exists()
    assert "Said before the reboot." in unmounted.page("hello")


def test_a_plain_pelican_says_of_a_database_that_is_gone_what_to_do(unmounted: BlogFolder) -> None:
    command = [sys.executable, "-m", "pelican", "--fatal", "errors"]
    said = subprocess.run(
        command, cwd=unmounted.folder, env=unmounted.environment, capture_output=True, text=True
    )

    assert said.returncode != 0
    assert "is gone" in said.stdout + said.stderr
    assert "see that its disk is mounted" in " ".join((said.stdout + said.stderr).split())
    assert "Said before the reboot." in unmounted.page("hello")


def test_when_its_database_is_back_the_blog_goes_on(
    unmounted: BlogFolder, author: Author, tmp_path: Path
) -> None:
    author.runs("build")
    (tmp_path / "away").rename(tmp_path / "disk")

    assert author.runs("build").code == 0
    assert "Said before the reboot." in unmounted.page("hello")


def test_without_a_list_of_posts_a_conversation_begins_anew(
    unmounted: BlogFolder, author: Author
) -> None:
    unmounted.settings.manifest_path.unlink()

    assert author.runs("build").code == 0
    assert "Said before the reboot." not in unmounted.page("hello")


def test_a_look_at_a_blog_that_was_never_built_makes_no_database(tmp_path: Path) -> None:
    blog = BlogFolder.init(tmp_path / "blog")

    said = run_permalien("check", cwd=blog.folder, env=blog.environment)

    assert "database" not in said.out
    assert not (blog.settings.data / "permalien.db").exists()


@pytest.mark.parametrize("words", [("build",), ("queue",), ("tick",), ("check",)], ids=str)
def test_who_may_not_read_the_data_is_told_whose_work_it_is(
    blog: BlogFolder, words: tuple[str, ...]
) -> None:
    # Root may read everything, unless it gives up its privileges.
    unprivileged = ["setpriv", "--bounding-set=-all", "--"] if os.geteuid() == 0 else []
    command = [*unprivileged, sys.executable, "-P", "-m", "pingback_server", *words]
    blog.settings.data.chmod(0)

    said = subprocess.run(
        command, cwd=blog.folder, env=blog.environment, capture_output=True, text=True
    )

    blog.settings.data.chmod(0o700)
    assert said.returncode == 1
    assert said.stderr.startswith(f"permalien: this user may not use {blog.settings.data}/")
    assert "run it as the service's user" in said.stderr
