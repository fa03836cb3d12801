"""The actors: a blog that Pelican really builds, its author, its readers, and the clock."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from actors import Author, BlogFolder, Clock, Reader, Serving, keep_by_engine, visit

pytest_plugins = ("browser", "engines", "every_kind", "ping_actors", "served_demo")


@pytest.fixture(scope="session")
def built_blog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blog as `permalien init` makes it, with two posts more, built once."""
    blog = BlogFolder.init(tmp_path_factory.mktemp("blog") / "blog")
    # The builds go by the real clock, and no test shall fail some day.
    blog.configure('DISCUSSION = {"close_after_days": 30_000}')
    blog.write_post("hello", "Hello", "The first words.")
    blog.write_post("bonjour", "Bonjour", "Les premiers mots.", Lang="fr")
    blog.build()
    return blog.folder


@pytest.fixture
def blog(built_blog: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[BlogFolder]:
    """A built blog of the test's own, with the posts `hello` and `bonjour`.

    A test that has the fixture `engine` as well runs with each kind of database.
    """
    folder = tmp_path / "blog"
    shutil.copytree(built_blog, folder)
    keep_by_engine(folder, request)
    with BlogFolder(folder) as blog:
        yield blog


@pytest.fixture
def clock() -> Clock:
    """A clock that the test sets."""
    return Clock()


@pytest.fixture
def author(blog: BlogFolder) -> Author:
    """Who writes the blog, at the command line."""
    return Author(blog)


@pytest.fixture
def reader(blog: BlogFolder, clock: Clock) -> Reader:
    """Somebody with a browser and no JavaScript."""
    return visit(blog, clock)


@pytest.fixture
def serving(blog: BlogFolder) -> Iterator[Callable[..., Serving]]:
    """Starts `permalien serve` for the blog, as processes of its own, on a free port."""
    started: list[Serving] = []

    def serve(*options: str, **environment: str) -> Serving:
        started.append(Serving(blog, options, environment))
        return started[-1]

    yield serve
    for service in started:
        service.stop()
