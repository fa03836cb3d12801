"""A reader writes to the author alone: the message waits in the queue, and no page shows it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from actors import BlogFolder, Clock, Reader, Said, run_permalien, visit
from click.testing import CliRunner
from werkzeug.test import TestResponse

from pingback_server.cli import permalien
from pingback_server.domain.discussion import Kind, Status

LETTER = "Where did you buy the blue chair?"
CONTACT = "Title: Write to me\nTemplate: contact\nSlug: contact\nId: contact\n"


@pytest.fixture(scope="module")
def contact_folder(built_blog: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built blog with a contact page in each of two languages."""
    blog = BlogFolder(shutil.copytree(built_blog, tmp_path_factory.mktemp("contact") / "blog"))
    pages = blog.folder / "content" / "pages"
    (pages / "contact.md").write_text(f"{CONTACT}\nI answer.\n", "utf-8")
    french = CONTACT.replace("Id: contact", "Id: contact-fr\nLang: fr")
    (pages / "contact.fr.md").write_text(f"{french}\nJe réponds.\n", "utf-8")
    blog.build()
    return blog.folder


@dataclass
class Correspondent:
    """Somebody who writes to the author by the form of the contact page."""

    blog: BlogFolder
    reader: Reader
    clock: Clock

    def writes(self, page: str = "/contact/", **typed: str | None) -> TestResponse:
        shown = self.reader.opens(page).get_data(as_text=True)
        return self.reader.sends(shown, **{"author": "Ada", "comment": LETTER, **typed})

    def receipt(self, answer: TestResponse) -> str:
        assert answer.status_code == 303
        return self.reader.opens(str(answer.location)).get_data(as_text=True)

    @property
    def entries(self) -> list[Any]:
        return self.blog.store.entries()

    def author_runs(self, *words: str) -> Said:
        command = ["--blog", str(self.blog.folder), *words]
        done = CliRunner().invoke(permalien, command, prog_name="permalien")
        return Said(done.exit_code, done.stdout, done.stderr)


@pytest.fixture
def ada(contact_folder: Path, tmp_path: Path, clock: Clock) -> Iterator[Correspondent]:
    folder = shutil.copytree(contact_folder, tmp_path / "contact")
    with BlogFolder(folder) as blog:
        yield Correspondent(blog, visit(blog, clock), clock)


# The page and its form


def test_the_contact_page_has_a_form_below_its_text(ada: Correspondent) -> None:
    page = ada.reader.opens("/contact/").get_data(as_text=True)

    assert "I answer." in page
    form = ada.reader.form_of(page)
    assert form.action == "/-/messages"
    assert set(form.fields) == {"token", "author", "email", "url", "comment", "subject"}


def test_an_ordinary_page_has_none(ada: Correspondent) -> None:
    assert "<form" not in ada.reader.opens("/about/").get_data(as_text=True)


def test_the_form_is_the_same_in_every_build(ada: Correspondent) -> None:
    before = ada.blog.pages()["contact/index.html"]

    assert ada.blog.build().written == ()
    assert ada.blog.pages()["contact/index.html"] == before


# What is sent


def test_a_message_waits_in_the_queue_with_all_that_was_typed(ada: Correspondent) -> None:
    answer = ada.writes(email="ada@example.org", url="https://ada.example.org/")

    assert answer.status_code == 303
    [entry] = ada.entries
    assert (entry.kind, entry.status, entry.post) == (Kind.MESSAGE, Status.PENDING, "contact")
    assert (entry.author, entry.email) == ("Ada", "ada@example.org")
    assert (entry.url, entry.text) == ("https://ada.example.org/", LETTER)
    assert [reason.rule for reason in entry.reasons] == ["letter"]


def test_the_writer_is_told_what_happens_and_shown_the_message(ada: Correspondent) -> None:
    receipt = ada.receipt(ada.writes())

    assert "Thank you. Your message is sent." in receipt
    assert "the author of the blog alone reads it; it is never published" in receipt
    assert LETTER in receipt


@pytest.mark.parametrize("status", [Status.APPROVED, Status.SPAM, Status.TRASH])
def test_the_receipt_says_the_same_whatever_the_author_made_of_it(
    ada: Correspondent, status: Status
) -> None:
    answer = ada.writes()
    before = ada.receipt(answer)

    ada.blog.store.decide([1], status, now=ada.clock(), by="author")

    assert ada.receipt(answer) == before


def test_the_page_of_another_language_answers_in_it(ada: Correspondent) -> None:
    receipt = ada.receipt(ada.writes("/fr/contact/"))

    assert '<html lang="fr">' in receipt
    assert "Merci. Votre message est envoyé." in receipt
    assert ada.entries[0].post == "contact-fr"


def test_the_same_message_sent_twice_within_ten_minutes_is_one(ada: Correspondent) -> None:
    first = ada.writes()
    ada.clock.passes(minutes=9)
    second = ada.writes()

    assert first.location == second.location
    assert len(ada.entries) == 1


def test_the_same_message_after_ten_minutes_is_another(ada: Correspondent) -> None:
    ada.writes()
    ada.clock.passes(minutes=11)
    ada.writes()

    assert len(ada.entries) == 2


def test_a_comment_with_the_same_words_is_another(ada: Correspondent) -> None:
    ada.writes()
    ada.reader.comments(comment=LETTER)

    assert [entry.kind for entry in ada.entries] == [Kind.MESSAGE, Kind.COMMENT]


@pytest.mark.parametrize("trap", ["filled in", None])
def test_what_programs_send_is_taken_for_spam_and_they_are_told_nothing(
    ada: Correspondent, trap: str | None
) -> None:
    receipt = ada.receipt(ada.writes(subject=trap))

    assert ada.entries[0].status is Status.SPAM
    assert "Your message is sent." in receipt


# What cannot be taken


@pytest.mark.parametrize(
    ("typed", "status", "heading"),
    [
        ({"author": ""}, 400, "Your message is not sent yet"),
        ({"email": "nobody"}, 400, "Your message is not sent yet"),
        ({"url": "javascript:alert(1)"}, 400, "Your message is not sent yet"),
        ({"comment": " \n"}, 400, "Your message is not sent yet"),
        ({"comment": "a" * 10_001}, 413, "Your message is too long"),
    ],
)
def test_a_message_that_cannot_be_taken_comes_back_in_its_form(
    ada: Correspondent, typed: dict[str, str], status: int, heading: str
) -> None:
    sent = {"author": "Ada", "email": "a@example.org", "url": "", "comment": LETTER, **typed}

    answer = ada.writes(**sent)

    page = answer.get_data(as_text=True)
    assert (answer.status_code, heading in page) == (status, True)
    assert ada.entries == []
    again = ada.reader.form_of(page)
    assert again.action == "/-/messages"
    assert {name: again.fields[name].strip("\n") for name in sent} == {
        **sent,
        "comment": sent["comment"].strip("\n"),
    }


def test_what_came_back_can_be_corrected_and_sent(ada: Correspondent) -> None:
    page = ada.writes(author="").get_data(as_text=True)

    assert ada.reader.sends(page, author="Ada").status_code == 303
    assert ada.entries[0].text == LETTER


def test_a_form_that_is_not_ours_is_refused_and_the_text_kept(ada: Correspondent) -> None:
    answer = ada.writes(token="forged")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "This form is no longer valid" in page
    assert LETTER in page
    assert "<form" not in page


def test_a_post_takes_no_messages(ada: Correspondent) -> None:
    token = ada.reader.form_of(
        ada.reader.opens(ada.blog.address("hello")).get_data(as_text=True)
    ).fields["token"]

    answer = ada.writes(token=token)

    assert answer.status_code == 404
    assert LETTER in answer.get_data(as_text=True)
    assert ada.entries == []


def test_a_contact_page_takes_no_comments(ada: Correspondent) -> None:
    fields = ada.reader.form_of(ada.reader.opens("/contact/").get_data(as_text=True)).fields

    answer = ada.reader.posts(
        "/-/comments", data={**fields, "author": "Ada", "comment": LETTER, "subject": ""}
    )

    assert answer.status_code == 403
    assert ada.entries == []


def test_a_contact_page_that_is_gone_keeps_the_text(ada: Correspondent) -> None:
    page = ada.reader.opens("/contact/").get_data(as_text=True)
    (ada.blog.folder / "content" / "pages" / "contact.md").unlink()
    ada.blog.build()

    answer = ada.reader.sends(page, author="Ada", comment=LETTER)

    assert answer.status_code == 404
    assert "This page takes no messages" in answer.get_data(as_text=True)
    assert LETTER in answer.get_data(as_text=True)


# What the author sees of it


def test_the_queue_shows_a_message_as_one_with_the_title_of_its_page(ada: Correspondent) -> None:
    ada.writes()

    shown = ada.author_runs("queue").out
    [item] = ada.author_runs("queue", "--json").json()

    assert "pending message" in shown
    assert "on «Write to me» /contact/" in shown
    assert (item["kind"], item["post"], item["path"]) == ("message", "contact", "/contact/")
    assert item["text"] == LETTER


def test_approving_a_message_keeps_it_as_read_and_changes_no_page(ada: Correspondent) -> None:
    ada.writes()

    said = ada.author_runs("approve", "1")

    assert said == Said(0, "Kept as read: 1.\n`permalien undo 1` takes it back.\n", "")
    assert ada.entries[0].status is Status.APPROVED
    assert ada.blog.store.dirty() is None


def test_messages_and_comments_are_decided_together(ada: Correspondent) -> None:
    ada.writes()
    ada.reader.comments()

    said = ada.author_runs("approve", "1-2").out

    assert "Kept as read: 1.\nApproved 2.\n" in said
    assert "#comment-1" not in said
    assert "#comment-2" in said


def test_a_message_goes_to_spam_and_trash_and_comes_back(ada: Correspondent) -> None:
    ada.writes()

    said = [ada.author_runs(*words).out for words in (["trash", "1"], ["restore", "1"])]

    assert said == [
        "Put in the trash: 1.\n`permalien undo 1` takes it back.\n",
        "Restored 1.\n`permalien undo 2` takes it back.\n",
    ]
    assert ada.entries[0].status is Status.PENDING
    assert ada.blog.store.dirty() is None


def test_the_author_is_told_of_a_message_and_not_that_it_can_be_published(
    contact_folder: Path, tmp_path: Path, clock: Clock
) -> None:
    with BlogFolder(shutil.copytree(contact_folder, tmp_path / "contact")) as blog:
        Correspondent(blog, visit(blog, clock), clock).writes()

        said = run_permalien("tick", cwd=blog.folder, env=blog.environment)

    assert "message 1 on contact waits" in said.err + said.out
    assert "`permalien approve 1` keeps it as read" in said.err + said.out


# It is never public


def test_an_approved_message_is_in_nothing_that_is_published(ada: Correspondent) -> None:
    ada.writes(author="Adalbert", email="ada@example.org", comment="A secret word: rutabaga.")
    ada.blog.store.decide([1], Status.APPROVED, now=ada.clock(), by="author")
    ada.blog.store.mark_dirty(["*"], ada.clock())

    ada.blog.build()

    assert ada.blog.store.published() == {}
    for secret in (b"rutabaga", b"Adalbert", b"ada@example.org"):
        assert [path for path, page in ada.blog.pages().items() if secret in page] == []


def test_an_approved_message_changes_no_byte_of_the_pages(ada: Correspondent) -> None:
    before = ada.blog.pages()
    ada.writes()
    ada.blog.store.decide([1], Status.APPROVED, now=ada.clock(), by="author")

    assert ada.blog.build().written == ()
    assert ada.blog.pages() == before


def test_nobody_can_reply_to_a_message_in_public(ada: Correspondent) -> None:
    ada.writes()
    ada.blog.store.decide([1], Status.APPROVED, now=ada.clock(), by="author")

    shown = ada.reader.opens("/-/comments/1/reply")
    sent = ada.reader.comments(parent="1")
    replied = ada.author_runs("reply", "1", "Thank you.")

    assert (shown.status_code, sent.status_code, replied.code) == (404, 400, 1)
    assert LETTER not in shown.get_data(as_text=True) + sent.get_data(as_text=True)


def test_a_receipt_is_kept_by_nobody_and_found_by_no_search_engine(ada: Correspondent) -> None:
    answer = ada.reader.opens(str(ada.writes().location))

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
