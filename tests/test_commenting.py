"""A reader comments without JavaScript: what is taken, what is refused, what is kept."""

from __future__ import annotations

from actors import Author, BlogFolder, Clock, Reader, anchors

from pingback_server.domain.discussion import Status


def test_a_comment_is_held_and_its_writer_sent_to_a_receipt(
    reader: Reader, blog: BlogFolder
) -> None:
    answer = reader.comments(comment="I *agree*.")

    assert answer.status_code == 303
    receipt = reader.opens(answer.location).get_data(as_text=True)
    assert "Your comment is waiting for approval." in receipt
    assert "<p>I <em>agree</em>.</p>" in receipt
    [entry] = blog.store.entries()
    assert (entry.author, entry.status, entry.post) == ("Ada", Status.PENDING, "hello")


def test_a_held_comment_is_in_no_published_file(reader: Reader, blog: BlogFolder) -> None:
    reader.comments(comment="a quite unheard of sentence")

    blog.build()

    assert not [name for name, page in blog.pages().items() if b"unheard of" in page]


def test_an_approved_comment_is_baked_into_the_page(
    reader: Reader, author: Author, blog: BlogFolder
) -> None:
    reader.comments(comment="Now in the page.")

    author.runs("approve", "1")
    author.runs("tick")

    page = blog.page("hello")
    assert anchors(page) == [1]
    assert "Now in the page." in page
    assert "One thought on “Hello”" in page


def test_the_receipt_tells_its_writer_when_the_comment_is_published(
    reader: Reader, author: Author
) -> None:
    address = reader.comments().location

    author.runs("approve", "1")

    page = reader.opens(address).get_data(as_text=True)
    assert "Your comment is published." in page
    assert "#comment-1" in page


def test_a_receipt_that_was_not_given_shows_nothing(reader: Reader) -> None:
    address = reader.comments(comment="secret words").location

    answer = reader.opens(address[:-1] + ("A" if address[-1] != "A" else "B"))

    assert answer.status_code == 404
    assert "secret words" not in answer.get_data(as_text=True)


def test_a_receipt_is_good_for_thirty_days(reader: Reader, clock: Clock) -> None:
    address = reader.comments().location

    clock.passes(days=31)

    assert reader.opens(address).status_code == 404


def test_the_same_comment_sent_twice_is_one_and_answered_the_same(
    reader: Reader, blog: BlogFolder
) -> None:
    first = reader.comments()
    second = reader.comments()

    assert (second.status_code, second.location) == (303, first.location)
    assert len(blog.store.entries()) == 1
