"""A conversation belongs to a post, not to an address or a file; none is lost without a word."""

from __future__ import annotations

from actors import Author, BlogFolder, Reader, anchors


def approved(reader: Reader, author: Author, **typed: str) -> None:
    reader.comments(**typed)
    author.runs("approve", "1")


def test_a_post_that_moves_with_its_id_keeps_its_conversation(
    blog: BlogFolder, reader: Reader, author: Author
) -> None:
    approved(reader, author)
    (blog.folder / "content" / "hello.md").unlink()
    blog.write_post("greetings", "Greetings", "The first words.", Id="hello")

    built = blog.build()

    assert built.warnings == ()
    assert blog.address("hello").endswith("/greetings/")
    assert anchors(blog.page("hello")) == [1]


def test_a_build_that_loses_a_post_says_so_and_names_the_likely_place(
    blog: BlogFolder, reader: Reader, author: Author
) -> None:
    approved(reader, author)
    (blog.folder / "content" / "hello.md").unlink()
    blog.write_post("hallo", "Hello", "The first words.")

    [warning] = blog.build().warnings

    assert "1 comments belong to the post 'hello'" in warning
    assert "write `Id: hello` into its metadata (perhaps that of hallo)" in warning


def test_the_conversation_of_a_lost_post_is_kept_and_comes_back_with_it(
    blog: BlogFolder, reader: Reader, author: Author
) -> None:
    approved(reader, author)
    post = blog.folder / "content" / "hello.md"
    text = post.read_text("utf-8")
    post.unlink()
    blog.build()

    post.write_text(text, "utf-8")
    blog.build()

    assert anchors(blog.page("hello")) == [1]


def test_the_author_is_told_what_pelican_thinks_worth_a_look(
    blog: BlogFolder, author: Author
) -> None:
    blog.write_post("link", "A link", "See [this]({filename}nowhere.md).")

    said = author.runs("build")

    assert said.code == 0
    assert "warning: Unable to find 'nowhere.md', skipping url replacement." in said.out
