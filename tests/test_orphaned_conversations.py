"""A conversation belongs to a post, not to an address or a file; none is lost without a word."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from actors import NOON, Author, BlogFolder, Serving, anchors

from pingback_server.domain.discussion import Kind, Status
from pingback_server.domain.imports import Imported
from pingback_server.processes import Build


def say(blog: BlogFolder, *posts: str, kind: Kind = Kind.COMMENT) -> None:
    """Something that is public below each of these posts."""
    entries = [
        Imported(
            origin=f"{kind}-{post}",
            kind=kind,
            status=Status.APPROVED,
            post=post,
            parent=None,
            author="Ada",
            email="",
            url="https://ada.example/",
            text="I agree.",
            html="<p>I agree.</p>",
            title="Elsewhere",
            at=NOON,
            is_by_author=False,
        )
        for post in posts
    ]
    blog.store.bring_in(entries, NOON)


def write(blog: BlogFolder, name: str, title: str, **metadata: str) -> Path:
    """A post that is known by its file."""
    path = blog.write_post(name, title, "Some words.", **metadata)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("Id: ")), "utf-8")
    return path


@dataclass(frozen=True, slots=True)
class Move:
    """What the builds said before and after everything had moved."""

    folder: Path
    first: tuple[str, ...]
    second: tuple[str, ...]

    def about(self, post: str) -> str:
        """What the first build said of a post; nothing if it said nothing."""
        return next((warning for warning in self.first if f"post '{post}'" in warning), "")


def lost_in(build: Build) -> tuple[str, ...]:
    """What a build says of posts that are gone; of addresses that moved it speaks elsewhere."""
    return tuple(warning for warning in build.warnings if "until now it stood at" not in warning)


@pytest.fixture(scope="module")
def move(built_blog: Path, tmp_path_factory: pytest.TempPathFactory) -> Move:
    """A blog whose posts, with all that was said of them, moved between two builds."""
    folder = shutil.copytree(built_blog, tmp_path_factory.mktemp("moves") / "blog")
    with BlogFolder(folder) as blog:
        content = folder / "content"
        write(blog, "renamed", "The same title")
        write(blog, "renomme", "Le même titre", Lang="fr")
        write(blog, "similar-name", "Before")
        write(blog, "named-by-alias", "A walk")
        write(blog, "deleted", "Nothing like it")
        write(blog, "other-slug", "Another slug")
        write(blog, "drafted", "Not yet")
        names = ("renamed", "renomme", "similar-name", "named-by-alias", "deleted", "other-slug")
        files = [f"{name}.md" for name in (*names, "drafted")]
        say(blog, "hello", "bonjour", *files)
        say(blog, "renamed.md", "deleted.md", kind=Kind.WEBMENTION)
        assert blog.build().warnings == ()

        for name in ("renamed", "renomme", "similar-name", "named-by-alias", "deleted"):
            (content / f"{name}.md").unlink()
        write(blog, "somewhere-else", "The same title")
        write(blog, "ailleurs", "Le même titre", Lang="fr")
        write(blog, "similar-names", "After")
        write(blog, "quite-new", "A stroll", Aliases="/2026/11/20/named-by-alias/")
        write(blog, "other-slug", "Another slug", Slug="a-better-one")
        write(blog, "drafted", "Not yet", Status="draft")
        (content / "hello.md").rename(content / "greetings.md")
        blog.write_post("au-revoir", "Au revoir", "Des mots.", Lang="fr", Id="bonjour")
        (content / "bonjour.md").unlink()
        return Move(folder, lost_in(blog.build()), lost_in(blog.build()))


@pytest.mark.parametrize("post", ["hello", "bonjour", "other-slug.md"])
def test_a_post_that_keeps_its_id_keeps_its_conversation(move: Move, post: str) -> None:
    with BlogFolder(move.folder) as blog:
        assert move.about(post) == ""
        assert len(anchors(blog.page(post))) == 1


@pytest.mark.parametrize(
    ("lost", "likely"),
    [
        ("renamed.md", "somewhere-else.md"),
        ("renomme.md", "ailleurs.md"),
        ("similar-name.md", "similar-names.md"),
        ("named-by-alias.md", "quite-new.md"),
    ],
)
def test_a_build_that_loses_a_post_names_the_likely_place(
    move: Move, lost: str, likely: str
) -> None:
    assert move.about(lost).endswith(
        f"write `Id: {lost}` into its metadata (perhaps that of {likely})."
    )


def test_a_post_that_is_gone_for_good_is_named_without_a_guess(move: Move) -> None:
    assert move.about("deleted.md") == (
        "The post 'deleted.md' is not there any more. Kept for it: 1 comment and 1 ping. "
        "If it moved, write `Id: deleted.md` into its metadata."
    )


def test_pings_are_part_of_a_conversation(move: Move) -> None:
    assert "Kept for it: 1 comment and 1 ping." in move.about("renamed.md")
    assert "Kept for it: 1 comment." in move.about("renomme.md")


def test_a_post_that_became_a_draft_takes_its_conversation_along(move: Move) -> None:
    assert move.about("drafted.md").endswith(
        "The post 'drafted.md' is not public now. Kept until it is again: 1 comment."
    )


def test_nothing_else_is_said(move: Move) -> None:
    assert len(move.first) == 6


def test_every_later_build_says_the_same(move: Move) -> None:
    assert move.second == move.first


def test_the_line_that_the_warning_gives_brings_the_conversation_back(
    move: Move, tmp_path: Path
) -> None:
    with BlogFolder(shutil.copytree(move.folder, tmp_path / "blog")) as blog:
        post = blog.folder / "content" / "somewhere-else.md"
        post.write_text("Id: renamed.md\n" + post.read_text("utf-8"), "utf-8")

        warnings = lost_in(blog.build())

        assert len(warnings) == len(move.first) - 1
        assert len(anchors(blog.page("renamed.md"))) == 2


def test_a_plain_pelican_says_it_too(move: Move, tmp_path: Path) -> None:
    folder = shutil.copytree(move.folder, tmp_path / "blog")

    done = subprocess.run(
        [sys.executable, "-m", "pelican"],
        cwd=folder,
        env=BlogFolder(folder).environment,
        capture_output=True,
        text=True,
        check=True,
    )

    said = " ".join((done.stdout + done.stderr).split())
    assert "The post 'deleted.md' is not there any more." in said


def test_the_service_says_it_when_it_starts(
    blog: BlogFolder, serving: Callable[..., Serving]
) -> None:
    say(blog, "hello")
    (blog.folder / "content" / "hello.md").unlink()

    service = serving().until_ready()

    assert "warning: The post 'hello' is not there any more." in service.said()


def test_the_conversation_of_a_lost_post_is_kept_and_comes_back_with_it(
    blog: BlogFolder, author: Author
) -> None:
    say(blog, "hello")
    post = blog.folder / "content" / "hello.md"
    text = post.read_text("utf-8")
    post.unlink()
    lost = author.runs("build")
    post.write_text(text, "utf-8")

    found = author.runs("build")

    assert "warning: The post 'hello' is not there any more." in lost.out
    assert "warning" not in found.out
    assert anchors(blog.page("hello")) == [1]


def test_the_author_is_told_what_pelican_thinks_worth_a_look(
    blog: BlogFolder, author: Author
) -> None:
    blog.write_post("link", "A link", "See [this]({filename}nowhere.md).")

    said = author.runs("build")

    assert said.code == 0
    told = "warning: content/link.md:6: Unable to find 'nowhere.md', skipping url replacement."
    assert told in said.out
