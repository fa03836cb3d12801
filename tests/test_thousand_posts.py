"""A blog of a thousand posts: a comment changes the pages that show it, and no other.

`make test` takes the first hundred and fifty of them, `make soak` all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from actors import NOON, BlogFolder, Reader, Serving, anchors, visit, wait_until
from load import read_on
from thousand_posts import some_posts, write_posts

from pingback_server.deeds.publish import publish
from pingback_server.domain.discussion import Status
from pingback_server.manifest import PublishedBlog
from pingback_server.processes import Build


@pytest.fixture(scope="module", params=[150, pytest.param(1000, marks=pytest.mark.soak)])
def large_blog(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BlogFolder]:
    """So many posts, published; the tests go on from one another's comments."""
    many: int = request.param
    with BlogFolder.init(tmp_path_factory.mktemp("thousand") / "blog", "--lang", "fr") as blog:
        # They are old: their discussions have to be open still.
        blog.configure('DISCUSSION["close_after_days"] = 0')
        write_posts(blog.folder / "content", many)
        assert len(blog.build().written) > 2 * many
        published = PublishedBlog(blog.settings.manifest_path)().posts
        assert {post.name for post in some_posts(many)} <= set(published)
        yield blog


def comment_and_approve(blog: BlogFolder, slug: str, text: str) -> None:
    reader: Reader = visit(blog, lambda: datetime.now(UTC))
    assert reader.comments(slug, comment=text).status_code == 303
    number = blog.store.entries()[-1].id
    blog.store.decide([number], Status.APPROVED, now=datetime.now(UTC), by="author")


def files_that_show(blog: BlogFolder, slug: str, text: str) -> set[str]:
    """The published files that have the comment, a count of its post's, or that post's change."""
    endings = (
        '#comments"',  # in lists of posts
        r'"[^>]*>[^<]*</a> <span class="quiet">',  # in archives
        "#comments</comments>",
        'comments.atom.xml" thr:count=',
        "</loc>",
    )
    count = re.compile(f"{blog.address(slug)}({'|'.join(endings)})".encode())
    said = text.encode()
    return {path for path, page in blog.pages().items() if said in page or count.search(page)}


def places(blog: BlogFolder, slug: str) -> dict[str, Path]:
    """Addresses that readers read on and on, and their files: some change, some do not."""
    lists = {"/": "index.html", "/feeds/all.atom.xml": "feeds/all.atom.xml"}
    posts = {
        path: f"{path.strip('/')}/index.html"
        for path in (blog.address(slug), blog.address("post-0007"))
    }
    return {path: blog.output / file for path, file in (lists | posts).items()}


def test_an_approval_rewrites_the_pages_that_show_it_while_readers_see_whole_ones(
    large_blog: BlogFolder,
) -> None:
    blog, slug, text = large_blog, "post-0148", "One voice among a thousand posts."
    files = places(blog, slug)
    known = {(path, file.read_bytes()) for path, file in files.items()}
    seen: set[tuple[str, bytes]] = set()
    over = Event()
    comment_and_approve(blog, slug, text)
    web = Serving(blog, ("--only", "web"), {})
    try:
        wait_until(lambda: web.get("/healthz").status == 200, 30, web.said)
        readers = [Thread(target=read_on, args=(web.port, [*files], seen, over)) for _ in range(4)]
        for reader in readers:
            reader.start()
        with ThreadPoolExecutor(2) as builders:
            asked = [builders.submit(publish, blog.store, blog.build, NOON) for _ in range(2)]
            both = [one.result() or pytest.fail("no build") for one in asked]
            first, second = sorted(both, key=_changes, reverse=True)
    finally:
        over.set()
        for reader in readers:
            reader.join()
        web.stop()

    assert set(first.written) == files_that_show(blog, slug, text)
    assert (first.removed, second.written, second.removed) == ((), (), ())
    assert anchors(blog.page(slug)) == [1]
    known |= {(path, file.read_bytes()) for path, file in files.items()}
    assert seen <= known
    assert {path for path, _ in seen} == set(files)
    assert blog.store.dirty() is None


def _changes(build: Build) -> int:
    return len(build.written)


def test_the_posts_are_the_same_for_the_same_seed() -> None:
    posts = list(some_posts(1000))

    assert posts == list(some_posts(1000))
    assert posts[:5] != list(some_posts(1000, seed=2))[:5]
    assert len({post.text for post in posts}) == 1000
