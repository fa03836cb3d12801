"""A full disk: comments wait in their form, pages stay whole, and all goes on when there is room.

As root the disk is a small one of its own (tmpfs in a mount namespace); else, and once more in the
long tests, the kernel lets the process write no byte more.
"""

from __future__ import annotations

import re
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from actors import BlogFolder, FormFields, Reader, Serving, anchors, wait_until
from load import post_comment, read_page

from pingback_server.domain.discussion import Status
from pingback_server.store import Store

_ENDLESS = "x" * 4000


class SmallDisk:
    """A disk of `size` at `folder`, that only the service sees; `path` is the way there from here.

    Its service is started by `before`, and is `process` from then on. What lies in `folder` is on
    the disk, too.
    """

    def __init__(self, folder: Path, size: str) -> None:
        beside = folder.rename(folder.with_name("as it was"))
        folder.mkdir()
        mount = f'mount -t tmpfs -o size={size},mode=700 none "{folder}"'
        mount += f' && cp -a "{beside}/." "{folder}" && chmod 700 "{folder}" && exec "$@"'
        self.before = ("unshare", "-m", "sh", "-c", mount, "sh")
        self.process = 0
        self._folder = folder

    def path(self, path: Path) -> Path:
        return Path(f"/proc/{self.process}/root{path}")

    def fill(self) -> None:
        with open(self.path(self._folder) / "ballast", "ab", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"b" * 512)
            except OSError:
                return

    def empty(self) -> None:
        (self.path(self._folder) / "ballast").unlink()


class NoRoom:
    """The same for any user: the kernel lets `process`, and what it starts, write no long file."""

    before = ()
    process = 0

    def path(self, path: Path) -> Path:
        return path

    def fill(self) -> None:
        longest = (20_000, resource.RLIM_INFINITY)
        resource.prlimit(self.process, resource.RLIMIT_FSIZE, longest)

    def empty(self) -> None:
        no_limit = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(self.process, resource.RLIMIT_FSIZE, no_limit)


Disk = SmallDisk | NoRoom


@cache
def may_mount() -> bool:
    """Whether we may have a disk of our own here."""
    trial = ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"]
    try:
        return subprocess.run(trial, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@pytest.fixture(params=["best", pytest.param("no room", marks=pytest.mark.soak)])
def make_disk(request: pytest.FixtureRequest) -> Callable[[Path, str], Disk]:
    """Makes a disk that can be filled."""

    def make(folder: Path, size: str) -> Disk:
        folder.mkdir(exist_ok=True)
        if request.param == "best" and may_mount():
            return SmallDisk(folder, size)
        return NoRoom()

    return make


@pytest.fixture
def serve_on(blog: BlogFolder) -> Iterator[Callable[..., Serving]]:
    """Starts a role of the service for the blog, with a disk of its own."""
    started: list[Serving] = []

    def serve(disk: Disk, role: str, **environment: str) -> Serving:
        started.append(Serving(blog, ("--only", role), environment, before=disk.before))
        disk.process = started[-1].process.pid
        return started[-1]

    yield serve
    for service in started:
        service.stop()


def comment_until_refused(service: Serving, fields: dict[str, str]) -> list[str]:
    """Comment until the service has no room; what it took."""
    taken: list[str] = []
    while len(taken) < 2000:
        text = f"{len(taken)} {_ENDLESS}"
        if post_comment(service.port, {**fields, "comment": text}) is None:
            return taken
        taken.append(text)
    raise AssertionError("the disk does not fill up")


def texts_in(database: Path, folder: Path) -> list[str]:
    """What is stored in a database to which nobody writes now, by a copy of it in `folder`."""
    for ending in ("", "-wal"):
        shutil.copyfile(f"{database}{ending}", folder / f"copy.db{ending}")
    store = Store.open(f"sqlite:///{folder}/copy.db")
    texts = [entry.text for entry in store.entries()]
    store.close()
    return texts


def test_a_comment_for_which_there_is_no_room_stays_in_its_form(
    make_disk: Callable[[Path, str], Disk],
    serve_on: Callable[..., Serving],
    blog: BlogFolder,
    tmp_path: Path,
) -> None:
    database = tmp_path / "disk" / "permalien.db"
    database.parent.mkdir()
    with closing(sqlite3.connect(blog.settings.data / "permalien.db")) as connection:
        connection.execute("VACUUM INTO ?", [str(database)])
    disk = make_disk(tmp_path / "disk", "1m")
    web = serve_on(disk, "web", PERMALIEN_DATABASE_URL=f"sqlite:///{database}")
    wait_until(lambda: web.get("/healthz").status == 200, 30, web.said)
    fields = {**FormFields(blog.page("hello")).fields, "author": "Ada"}
    disk.fill()

    taken = comment_until_refused(web, fields)
    refused = web.comment(comment="Too much for this disk.")
    ready = web.get("/readyz")

    assert refused.status == 503
    assert int(refused.headers["Retry-After"]) > 0
    form = FormFields(refused.body)
    assert form.fields["comment"] == "Too much for this disk."
    assert form.fields["author"] == "Ada"
    assert ready.status == 503
    assert "the store takes nothing" in ready.body
    assert read_page(web.port, blog.address("hello")) == (200, blog.page("hello").encode())

    disk.empty()

    wait_until(lambda: web.post("/-/comments", form.fields).status == 303, 30, web.said)
    wait_until(lambda: "the store takes nothing" not in web.get("/readyz").body, 10, web.said)
    assert texts_in(disk.path(database), tmp_path) == [*taken, "Too much for this disk."]


def test_pages_for_which_there_is_no_room_follow_when_there_is(
    make_disk: Callable[[Path, str], Disk],
    serve_on: Callable[..., Serving],
    blog: BlogFolder,
    reader: Reader,
) -> None:
    for number in range(20):
        reader.comments(comment=f"{number} " + "A long one. " * 500)
    disk = make_disk(blog.output, "1m")
    press = serve_on(disk, "press")
    wait_until(lambda: "unchanged" in press.said(), 30, press.said)
    live = BlogFolder(disk.path(blog.folder))
    before = live.pages()
    disk.fill()
    ballast = set(live.pages()) - set(before)

    numbers = [entry.id for entry in blog.store.entries()]
    blog.store.decide(numbers, Status.APPROVED, now=datetime.now(UTC), by="author")

    wait_until(lambda: "pages stay as they were" in press.said(), 30, press.said)
    pages = live.pages()
    assert {path: page for path, page in pages.items() if path not in ballast} == before
    assert blog.store.dirty() is not None
    assert re.search(r"No space left|File too large", press.said())

    disk.empty()

    wait_until(lambda: anchors(live.page("hello")) == numbers, 40, press.said)
    wait_until(lambda: blog.store.dirty() is None, 20, press.said)
    assert set(live.pages()) == set(before)
