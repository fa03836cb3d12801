"""A reader comments without JavaScript: what is taken, what is refused, what is kept."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from html import unescape
from urllib.parse import quote_from_bytes

import pytest
from actors import Author, BlogFolder, Clock, Reader, anchors, decide, visit

from pingback_server.domain.discussion import Status
from pingback_server.domain.form import tidy_text
from pingback_server.domain.posts import Manifest
from pingback_server.domain.switches import Switch
from pingback_server.domain.tokens import receipt_token
from pingback_server.domain.web_addresses import LONGEST
from pingback_server.manifest import PublishedBlog
from pingback_server.server_settings import read_secrets
from pingback_server.store import Store


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


def test_the_list_of_posts_is_looked_for_once_a_comment(blog: BlogFolder) -> None:
    looks: list[Manifest] = []

    class Watched(PublishedBlog):
        def __call__(self) -> Manifest:
            looks.append(super().__call__())
            return looks[-1]

    reader = visit(blog, Clock(), published=Watched(blog.settings.manifest_path))
    page = reader.opens(blog.address("hello")).get_data(as_text=True)
    looks.clear()

    assert reader.sends(page, author="Ada", comment="I agree.").status_code == 303
    assert len(looks) == 1


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

    # A letter inside: the last one of a signature has bits that say nothing.
    answer = reader.opens(f"{address[:-9]}{'A' if address[-9] != 'A' else 'B'}{address[-8:]}")

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


# What was typed, whatever the answer

TYPED = {
    "author": 'Zoë <b>&amp;</b> "Ø\'Brien"',
    "email": "zoe@example.org",
    "url": "https://example.org/?a=1&b=<2>",
    "comment": "First line\n\n  <script>alert('é')</script> & “quoted”\n日本語 🎉",
}


@pytest.mark.parametrize(
    ("wrong", "status", "says"),
    [
        ({}, 400, "This is not the address of a website."),
        ({"author": " "}, 400, "Please give a name; it need not be your real one."),
        ({"author": "é" * 101}, 400, "Please give a name of at most 100 characters."),
        ({"email": "zoe@nowhere"}, 400, "This is not an e-mail address."),
        ({"email": "a" * 250 + "@example.org"}, 400, "This is not an e-mail address."),
        ({"url": "javascript:alert(1)"}, 400, "This is not the address of a website."),
        ({"url": "https://user:word@example.org/"}, 400, "This is not the address of a website."),
        ({"url": "https://ex%61mple.org/"}, 400, "This is not the address of a website."),
        ({"url": "https://example.org/" + "a" * 481}, 400, "This address is too long."),
        ({"comment": "\n \n"}, 400, "Please write something."),
        ({"comment": TYPED["comment"] + "x" * 10_000}, 413, "Your comment is too long"),
    ],
)
def test_a_refused_form_comes_back_with_all_that_was_typed(
    reader: Reader, blog: BlogFolder, wrong: dict[str, str], status: int, says: str
) -> None:
    typed = {**TYPED, **wrong}

    answer = reader.comments(**typed)

    page = answer.get_data(as_text=True)
    assert (answer.status_code, says in page) == (status, True)
    assert {key: reader.form_of(page).fields[key] for key in typed} == typed
    assert "<script>" not in page
    assert blog.store.entries() == []


def test_a_refused_form_can_be_corrected_and_sent(reader: Reader, blog: BlogFolder) -> None:
    refused = reader.comments(author="", email="ada@example.org", comment="Kept.")

    answer = reader.sends(refused.get_data(as_text=True), author="Ada")

    assert answer.status_code == 303
    [entry] = blog.store.entries()
    assert (entry.author, entry.email, entry.text) == ("Ada", "ada@example.org", "Kept.")


@pytest.mark.parametrize("field", ["author", "email", "url", "comment"])
def test_each_problem_is_tied_to_its_field(reader: Reader, field: str) -> None:
    wrong = {"author": "", "email": "@", "url": "ftp://example.org", "comment": ""}

    page = reader.comments(**wrong).get_data(as_text=True)

    [tag] = re.findall(rf'<(?:input|textarea) id="form-{field}"[^>]*>', page)
    assert 'aria-invalid="true"' in tag
    assert f'aria-describedby="form-{field}-problem' in tag
    assert f'<p class="problem" id="form-{field}-problem">' in page


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"author": "é" * 100}, 303),
        ({"email": f"{'a' * 242}@example.org"}, 303),
        ({"url": "https://example.org/" + "a" * 480}, 303),
        ({"url": "example.org/me"}, 303),
        ({"comment": "é" * 10_000}, 303),
        ({"comment": "é" * 10_001}, 413),
    ],
)
def test_the_limits_are_those_that_the_form_names(
    reader: Reader, typed: dict[str, str], status: int
) -> None:
    assert reader.comments(**typed).status_code == status


def test_the_forms_say_the_limits_that_the_service_holds(blog: BlogFolder) -> None:
    page = blog.page("hello")

    lengths = dict(re.findall(r'name="(\w+)"[^>]*? maxlength="(\d+)"', page))
    ping = {"source": str(LONGEST)}
    assert lengths == {"author": "100", "email": "254", "url": "500", **ping}
    # A browser would cut a pasted text at a `maxlength` without a word.
    assert "At most 10,000 characters." in page


def kept(page: str) -> str:
    """The text that a page gives back to be copied."""
    found = re.search(r'<textarea id="form-kept"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert found is not None
    return unescape(found[1])


def test_a_comment_on_a_closed_post_is_refused_with_403_and_can_be_copied(
    reader: Reader, clock: Clock, blog: BlogFolder
) -> None:
    page = blog.page("hello")
    clock.passes(days=31_000)

    answer = reader.sends(page, **TYPED)

    text = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert "Comments are closed." in text
    assert kept(text) == TYPED["comment"]
    assert blog.store.entries() == []


def test_a_comment_on_a_post_that_is_gone_is_refused_with_404_and_can_be_copied(
    reader: Reader, blog: BlogFolder
) -> None:
    page = blog.page("bonjour")
    (blog.folder / "content" / "bonjour.md").unlink()
    blog.build()

    answer = reader.sends(page, **TYPED)

    text = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert kept(text) == TYPED["comment"]
    assert [
        field for field in ("author", "email", "url") if TYPED[field] not in unescape(text)
    ] == []


def test_a_comment_on_a_blog_that_lost_its_list_of_posts_is_given_back_in_plain_words(
    reader: Reader, blog: BlogFolder
) -> None:
    page = blog.page("hello")
    blog.settings.manifest_path.write_text("{", "utf-8")

    answer = reader.sends(page, **TYPED)

    text = answer.get_data(as_text=True)
    assert (answer.status_code, answer.mimetype) == (503, "text/plain")
    assert [word for word in TYPED.values() if word not in text] == []


def test_composing_letters_takes_work_that_grows_with_the_text_and_no_faster() -> None:
    # Runs of marks are what composing sorts in quadratic time; none is longer than 30 after this.
    tidy = tidy_text("a" + "\u0301\u0323" * 20_000)

    runs = re.findall("[\u0300-\u034e\u0350-\u036f]+", tidy)
    assert max(map(len, runs)) <= 30
    assert sum(map(len, runs)) >= 39_990


def test_a_receipt_is_for_its_words_although_a_restored_backup_gives_its_number_again(
    reader: Reader, blog: BlogFolder
) -> None:
    address = reader.comments(comment="Mine.").location
    with closing(sqlite3.connect(blog.settings.data / "permalien.db")) as database:
        database.execute("DELETE FROM comments")
        database.execute("DELETE FROM sqlite_sequence")
        database.commit()
    reader.comments(author="Bob", comment="Not yours.")

    answer = reader.opens(address)

    assert answer.status_code == 404
    assert "Not yours." not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "comment", ["[](https://example.org)", "[a]: https://example.org", "* *", "&nbsp;"]
)
def test_markdown_of_which_nothing_is_seen_says_nothing(reader: Reader, comment: str) -> None:
    assert reader.comments(comment=comment).status_code == 400


@pytest.mark.parametrize("field", ["author", "comment"])
def test_what_nobody_can_see_is_not_said(reader: Reader, field: str) -> None:
    answer = reader.comments(**{field: "\u200b \ufeff\u3164"})

    assert answer.status_code == 400


def test_a_comment_that_the_store_cannot_take_is_answered_503_and_kept(
    blog: BlogFolder, clock: Clock
) -> None:
    with closing(Store.open(blog.settings.store_url, patience=0.1)) as impatient:
        reader = visit(blog, clock, impatient)
        with another_program_holds(blog):
            answer = reader.comments(author="Ada", comment="Wait <for> me.")

        page = answer.get_data(as_text=True)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert reader.form_of(page).fields["comment"] == "Wait <for> me."
        assert reader.sends(page).status_code == 303


@contextmanager
def another_program_holds(blog: BlogFolder) -> Iterator[None]:
    """While another program writes to the database for a long time."""
    with closing(sqlite3.connect(blog.settings.data / "permalien.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


def test_a_body_of_more_than_a_megabyte_is_not_read(reader: Reader, blog: BlogFolder) -> None:
    answer = reader.comments(comment="a" * 1_048_576)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 413
    assert "Nothing was stored. Go back in your browser: your text is still in the form." in page
    assert blog.store.entries() == []


# The trap


@pytest.mark.parametrize(("trap", "rule"), [("Buy", "filled in"), (None, "left out"), (" ", "in")])
def test_what_a_program_sends_is_spam_answered_like_everything_and_seen_by_the_author(
    reader: Reader, author: Author, trap: str | None, rule: str
) -> None:
    answer = reader.comments(subject=trap)

    receipt = reader.opens(answer.location).get_data(as_text=True)
    assert answer.status_code == 303
    assert "Your comment is waiting for approval." in receipt
    assert "spam" not in receipt.lower()
    [item] = author.queue("suspect")
    assert [reason["rule"] for reason in item["reasons"]] == ["newcomer", "trap"]
    assert rule in item["reasons"][1]["words"]


# The token


def test_the_token_is_the_same_in_every_build(blog: BlogFolder, reader: Reader) -> None:
    before = reader.form_of(blog.page("hello")).fields["token"]
    blog.write_post("hello", "Hello", "Other words.")
    blog.build()

    after = reader.form_of(blog.page("hello")).fields["token"]

    assert after == before


@pytest.mark.parametrize("token", [None, "", "x", "é\0", "altered", "of another purpose"])
def test_a_form_that_this_blog_did_not_make_is_refused_and_can_be_copied(
    reader: Reader, blog: BlogFolder, token: str | None
) -> None:
    if token == "altered":
        genuine = reader.form_of(blog.page("hello")).fields["token"]
        token = f"{genuine[:-9]}{'A' if genuine[-9] != 'A' else 'B'}{genuine[-8:]}"
    elif token == "of another purpose":
        token = receipt_token(read_secrets(blog.settings), 1, "words")

    answer = reader.comments(token=token, comment="Still <here>.")

    assert answer.status_code == 400
    assert kept(answer.get_data(as_text=True)) == "Still <here>."
    assert blog.store.entries() == []


def test_the_token_decides_to_which_post_a_comment_belongs(
    reader: Reader, blog: BlogFolder
) -> None:
    other = reader.form_of(blog.page("bonjour")).fields["token"]

    reader.comments("hello", token=other)

    assert [entry.post for entry in blog.store.entries()] == ["bonjour"]


def test_a_form_and_a_receipt_made_with_an_old_secret_are_still_good(
    blog: BlogFolder, clock: Clock, reader: Reader
) -> None:
    receipt = reader.comments().location
    old = read_secrets(blog.settings)[0]
    page = blog.page("hello")

    blog.settings = replace(blog.settings, secret="n" * 40, old_secrets=old)
    later = visit(blog, clock)

    assert later.sends(page, author="Bea", comment="Sent late.").status_code == 303
    assert later.opens(receipt).status_code == 200


def test_without_the_old_secret_its_forms_are_no_longer_good(
    blog: BlogFolder, clock: Clock
) -> None:
    page = blog.page("hello")

    blog.settings = replace(blog.settings, secret="n" * 40)

    assert visit(blog, clock).sends(page, author="Bea", comment="Hi.").status_code == 400


# Bytes that no browser sends


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (b"nul\x00bell\x07esc\x1b[31m", "nulbellesc[31m"),
        (b"del\x7f c1\xc2\x9b end", "del c1 end"),
        (b"\xed\xa0\x80surrogate", "%ED%A0%80surrogate"),
        (b"broken \xff\xfe bytes", "broken %FF%FE bytes"),
        ("non\ufffe\uffff characters".encode(), "non characters"),
        (b"one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("e\u0301".encode(), "é"),
        ("\u202etxet\u202c".encode(), "\u202etxet\u202c"),
    ],
)
def test_odd_bytes_in_a_comment_are_dropped_or_shown_and_never_break_anything(
    reader: Reader, blog: BlogFolder, sent: bytes, text: str
) -> None:
    token = reader.form_of(blog.page("hello")).fields["token"]
    fields = {"token": token.encode(), "author": b"Ada", "subject": b"", "comment": sent}
    body = b"&".join(
        key.encode() + b"=" + quote_from_bytes(v).encode() for key, v in fields.items()
    )

    answer = reader.posts(
        "/-/comments", data=body, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 303
    assert blog.store.entries()[0].text == text
    assert reader.opens(answer.location).status_code == 200


def test_a_name_cannot_turn_the_direction_of_what_stands_beside_it(
    reader: Reader, blog: BlogFolder
) -> None:
    reader.comments(author="\u202eadA\u2066 \n\t the\u200f Great\x1b")

    assert blog.store.entries()[0].author == "adA the Great"


def test_of_a_field_that_comes_twice_the_first_counts(reader: Reader, blog: BlogFolder) -> None:
    token = reader.form_of(blog.page("hello")).fields["token"]

    reader.posts(
        "/-/comments",
        data=f"token={token}&author=Ada&author=Bea&subject=&comment=One&comment=Two",
        content_type="application/x-www-form-urlencoded",
    )

    assert [(one.author, one.text) for one in blog.store.entries()] == [("Ada", "One")]


def test_fields_that_the_form_has_not_are_left_alone(reader: Reader, blog: BlogFolder) -> None:
    answer = reader.comments(**{f"field{number}": "x" for number in range(60)}, status="approved")

    assert answer.status_code == 303
    assert [entry.status for entry in blog.store.entries()] == [Status.PENDING]


def test_a_form_may_come_as_multipart_too(reader: Reader, blog: BlogFolder) -> None:
    fields = {**reader.form_of(blog.page("hello")).fields, "author": "Ada", "comment": "Parts."}

    answer = reader.posts("/-/comments", data=fields, content_type="multipart/form-data")

    assert answer.status_code == 303
    assert blog.store.entries()[0].text == "Parts."


def test_a_multipart_body_of_more_than_fifty_parts_is_refused(
    reader: Reader, blog: BlogFolder
) -> None:
    fields = {f"field{number}": "x" for number in range(51)}

    answer = reader.posts("/-/comments", data=fields, content_type="multipart/form-data")

    assert answer.status_code == 413
    assert blog.store.entries() == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"comment": "I agree."}'),
        ("multipart/form-data", b"--x\r\nno boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
        ("text/plain", b"\xff\xfe"),
        ("", b""),
    ],
)
def test_a_body_that_is_no_form_is_refused(
    reader: Reader, blog: BlogFolder, kind: str, body: bytes
) -> None:
    answer = reader.posts("/-/comments", data=body, content_type=kind)

    assert answer.status_code == 400
    assert blog.store.entries() == []


# Twice


def test_one_comment_sent_many_times_at_once_is_one(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    page = blog.page("hello")
    readers = [visit(blog, clock) for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(one.sends, page, author="Ada", comment="Once.") for one in readers]
        answers = [future.result() for future in sent]

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert len(blog.store.entries()) == 1


def test_what_is_stored_is_answered_the_same_although_the_author_has_closed_the_post(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = reader.comments().location
    blog.store.switches.set("hello", Switch(comments=False), now=clock(), by="author")

    assert reader.comments().location == receipt
    assert reader.comments(comment="Another one.").status_code == 403


def test_the_same_words_ten_minutes_later_are_another_comment(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    reader.comments()
    clock.passes(minutes=10)
    reader.comments()

    assert len(blog.store.entries()) == 2


# The receipt


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (Status.PENDING, "Your comment is waiting for approval."),
        (Status.SPAM, "Your comment is waiting for approval."),
        (Status.APPROVED, "Your comment is published."),
        (Status.TRASH, "Your comment was not published."),
    ],
)
def test_the_receipt_says_where_the_comment_stands(
    reader: Reader, blog: BlogFolder, clock: Clock, status: Status, says: str
) -> None:
    address = reader.comments(email="ada@example.org").location
    decide([1], status, store=blog.store, now=clock())

    page = reader.opens(address).get_data(as_text=True)

    assert says in page
    assert "I agree." in page
    assert "ada@example.org" not in page


def test_the_receipt_is_in_the_language_of_the_post(reader: Reader) -> None:
    page = reader.opens(reader.comments("bonjour").location).get_data(as_text=True)

    assert '<html lang="fr">' in page
    assert "en attente" in page


@pytest.mark.parametrize("token", ["", "x", "a.b", "é", "%00", "../../healthz", "a" * 5000])
def test_a_receipt_that_nobody_got_is_nothing(reader: Reader, token: str) -> None:
    assert reader.opens(f"/-/receipts/{token}").status_code == 404


def test_answers_with_a_strangers_words_are_kept_by_nobody(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    accepted = reader.comments()
    decide([1], Status.APPROVED, store=blog.store, now=clock())
    answers = [
        accepted,
        reader.opens(accepted.location),
        reader.opens("/-/comments/1/reply"),
        reader.opens("/-/receipts/nobody"),
        reader.comments(author=""),
        reader.comments(token="forged"),
        reader.comments(comment="a" * 300_000),
        reader.asks("PUT", "/-/comments"),
    ]

    assert [answer.status_code for answer in answers] == [303, 200, 200, 404, 400, 400, 413, 405]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    assert {answer.headers["X-Robots-Tag"] for answer in answers} == {"noindex"}
    assert not [answer for answer in answers if "Set-Cookie" in answer.headers]


# HTTP


@pytest.mark.parametrize("host", ["http://127.0.0.1:8000", "http://localhost:9", "http://[::1]"])
def test_a_form_works_under_every_name_of_the_host(
    reader: Reader, blog: BlogFolder, host: str
) -> None:
    fields = {**reader.form_of(blog.page("hello")).fields, "author": "Ada", "comment": "Here."}

    answer = reader.posts("/-/comments", data=fields, base_url=host)

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/-/receipts/")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_the_form_s_address_takes_nothing_but_a_form(reader: Reader, method: str) -> None:
    answer = reader.asks(method, "/-/comments")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


@pytest.mark.parametrize("path", ["/", "/healthz", "/-/comments/1/reply", "/-/receipts/x"])
def test_what_is_only_read_takes_no_form(reader: Reader, path: str) -> None:
    answer = reader.asks("POST", path, data={"comment": "I agree."})

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_asking_for_the_head_gives_the_headers_alone(reader: Reader, blog: BlogFolder) -> None:
    for path in ("/", blog.address("hello"), reader.comments().location, "/nothing", "/healthz"):
        whole, head = reader.opens(path), reader.asks("HEAD", path)

        assert (head.status_code, head.data) == (whole.status_code, b"")
        assert head.headers["Content-Length"] == str(len(whole.data))


@pytest.mark.parametrize("path", ["/-/", "/-/nothing", "/-/comments/", "/-/comments/x/reply"])
def test_the_service_has_no_other_addresses(reader: Reader, path: str) -> None:
    assert reader.opens(path).status_code == 404
