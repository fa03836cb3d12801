"""The author decides at the command line: what is listed, what each command does, what it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from actors import Author, BlogFolder, Clock, Reader, Said, anchors
from click.testing import CliRunner

from pingback_server.cli import permalien
from pingback_server.domain.discussion import Status
from pingback_server.domain.rulings import RulingKind, about
from pingback_server.manifest import PublishedBlog

pytestmark = pytest.mark.usefixtures("engine")

PENDING, APPROVED, SPAM, TRASH = Status


@dataclass
class Desk:
    """The author at the command line, in this process: faster, and the same code."""

    blog: BlogFolder
    reader: Reader
    clock: Clock

    def runs(self, *words: str, text: str | BytesIO = "") -> Said:
        command = ["--blog", str(self.blog.folder), *words]
        done = CliRunner().invoke(permalien, command, input=text, prog_name="permalien")
        return Said(done.exit_code, done.stdout, done.stderr)

    def queue(self, status: str = "all") -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.runs("queue", "--json", "--status", status).json()
        return listed

    def states(self) -> dict[int, Status]:
        return {entry.id: entry.status for entry in self.blog.store.entries()}

    def receives(self, count: int, slug: str = "hello") -> None:
        """So many comments, a minute apart."""
        for number in range(1, count + 1):
            self.reader.comments(slug, author=f"Reader {number}", comment=f"Words {number}.")
            self.clock.passes(minutes=1)

    def put(self, status: Status, *ids: int) -> None:
        """As if it had been decided before, and published."""
        self.blog.store.decide(ids, status, now=self.clock(), by="author")
        self.forget_marks()

    def marks(self) -> frozenset[str]:
        dirty = self.blog.store.dirty()
        return dirty.posts if dirty else frozenset()

    def forget_marks(self) -> None:
        if dirty := self.blog.store.dirty():
            self.blog.store.cleaned(dirty.upto)


@pytest.fixture
def desk(blog: BlogFolder, reader: Reader, clock: Clock) -> Desk:
    return Desk(blog, reader, clock)


# What is listed


def test_an_empty_queue_says_so(desk: Desk) -> None:
    assert desk.runs("queue") == Said(
        0, "Nothing here. 0 pending, 0 suspect, 0 approved, 0 spam, 0 trash.\n", ""
    )
    assert desk.runs("queue", "--json") == Said(0, "[]\n", "")


def test_the_queue_shows_all_that_a_decision_needs(desk: Desk) -> None:
    desk.reader.comments(
        author="Ada", email="ada@example.org", url="example.org", comment="One *line*.\n\nTwo."
    )

    said = desk.runs("queue")

    path = PublishedBlog(desk.blog.settings.manifest_path)().posts["hello"].path
    assert said.out == (
        "#1 pending 2026-11-22 12:00 UTC  Ada <ada@example.org> https://example.org\n"
        f"    on «Hello» {path}\n"
        "    | One *line*.\n"
        "    | \n"
        "    | Two.\n"
        "    newcomer: Nothing from this browser was approved yet, "
        "so the comment waits for the author.\n"
        "\n"
        "1 pending, 0 suspect, 0 approved, 0 spam, 0 trash\n"
    )


def test_the_queue_goes_by_the_clock_of_the_blog(desk: Desk) -> None:
    desk.receives(1)
    desk.blog.configure('TIMEZONE = "Europe/Paris"')
    desk.blog.build()

    assert desk.runs("queue").out.startswith("#1 pending 2026-11-22 13:00 Europe/Paris  ")


def test_programs_get_a_list_of_objects(desk: Desk) -> None:
    desk.receives(1)
    desk.put(APPROVED, 1)
    desk.reader.sends(
        desk.reader.opens("/-/comments/1/reply").get_data(as_text=True),
        author="Zoë",
        email="zoe@example.org",
        comment="*Yes*.",
    )

    said = desk.runs("queue", "--json")

    assert json.loads(said.out) == [
        {
            "id": 2,
            "kind": "comment",
            "status": "pending",
            "suspect": False,
            "post": "hello",
            "path": PublishedBlog(desk.blog.settings.manifest_path)().posts["hello"].path,
            "author": "Zoë",
            "email": "zoe@example.org",
            "url": "",
            "title": "",
            "text": "*Yes*.",
            "at": "2026-11-22T12:01:00+00:00",
            "parent": 1,
            "cluster": None,
            "score": 0.0,
            "reasons": [
                {
                    "rule": "newcomer",
                    "words": "Nothing from this browser was approved yet, "
                    "so the comment waits for the author.",
                    "score": 0.0,
                }
            ],
        }
    ]
    assert "Zoë" in said.out


def test_the_queue_is_oldest_first(desk: Desk) -> None:
    desk.clock.passes(minutes=10)
    desk.receives(2)
    desk.clock.now -= timedelta(hours=1)
    desk.receives(1, "bonjour")

    assert [item["id"] for item in desk.queue()] == [3, 1, 2]


def test_each_state_can_be_listed_alone(desk: Desk) -> None:
    desk.receives(4)
    desk.put(APPROVED, 2)
    desk.put(SPAM, 3)
    desk.put(TRASH, 4)

    listed = {status.value: [item["id"] for item in desk.queue(status.value)] for status in Status}

    assert listed == {"pending": [1], "approved": [2], "spam": [3], "trash": [4]}
    assert [item["id"] for item in desk.queue("all")] == [1, 2, 3, 4]
    assert desk.runs("queue").out.endswith("\n1 pending, 0 suspect, 1 approved, 1 spam, 1 trash\n")


def test_a_state_that_is_none_is_a_mistake_in_the_command(desk: Desk) -> None:
    said = desk.runs("queue", "--status", "open")

    assert said.code == 2
    assert "'pending', 'suspect', 'approved', 'spam', 'trash', 'all'" in said.err


def test_a_comment_cannot_write_outside_of_its_lines_in_the_terminal(desk: Desk) -> None:
    desk.reader.comments(
        author="Ada\x1b[2J\r\n#9 approved", comment="a\r\u2028#9 approved\x1b]0;x\x07\n\x9b2J"
    )

    out = desk.runs("queue").out

    assert not set(out) & {"\x1b", "\x07", "\x9b", "\r", "\u2028"}
    assert not [line for line in out.splitlines() if line.startswith("#9")]


# Deciding


@pytest.mark.parametrize(
    ("command", "before", "after", "is_marked"),
    [
        ("approve", PENDING, APPROVED, True),
        ("approve", SPAM, APPROVED, True),
        ("approve", TRASH, APPROVED, True),
        ("approve", APPROVED, APPROVED, False),
        ("hold", APPROVED, PENDING, True),
        ("hold", SPAM, PENDING, False),
        ("hold", PENDING, PENDING, False),
        ("spam", PENDING, SPAM, False),
        ("spam", APPROVED, SPAM, True),
        ("spam", SPAM, SPAM, False),
        ("trash", PENDING, TRASH, False),
        ("trash", APPROVED, TRASH, True),
        ("trash", SPAM, TRASH, False),
    ],
)
def test_a_decision_moves_the_comment_and_marks_the_page_only_if_it_changes(
    desk: Desk, command: str, before: Status, after: Status, is_marked: bool
) -> None:
    desk.receives(1)
    desk.put(before, 1)

    said = desk.runs(command, "1")

    assert said.code == 0
    assert desk.states() == {1: after}
    assert desk.marks() == ({"hello"} if is_marked else set())


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("approve", "Approved 1, 2."),
        ("hold", "Held 1, 2."),
        ("spam", "Marked as spam: 1, 2."),
        ("trash", "Put in the trash: 1, 2."),
    ],
)
def test_a_decision_says_what_was_done(desk: Desk, command: str, words: str) -> None:
    desk.receives(2)
    if command == "hold":
        desk.blog.store.decide([1, 2], APPROVED, now=desk.clock(), by="author")

    said = desk.runs(command, "1", "2")

    first, *rest, undo = said.out.splitlines()
    assert first == words
    assert undo == f"`permalien undo {2 if command == 'hold' else 1}` takes it back."
    assert rest[-1] == (
        "The service is not running: the pages follow with `permalien tick` or `permalien serve`."
    )
    address = PublishedBlog(desk.blog.settings.manifest_path)().posts["hello"].path
    links = [f"  http://localhost:8000{address}#comment-{number}" for number in (1, 2)]
    assert rest[:-1] == (links if command == "approve" else [])


@pytest.mark.parametrize(
    ("numbers", "decided"),
    [
        (["2"], {2}),
        (["#2"], {2}),
        (["1", "3"], {1, 3}),
        (["3", "1", "3"], {1, 3}),
        (["1-3"], {1, 2, 3}),
        (["2-2"], {2}),
        (["1-2", "2-4"], {1, 2, 3, 4}),
        (["0004"], {4}),
    ],
)
def test_comments_are_named_by_number_and_range(
    desk: Desk, numbers: list[str], decided: set[int]
) -> None:
    desk.receives(4)

    assert desk.runs("approve", *numbers).code == 0

    assert {id for id, status in desk.states().items() if status is APPROVED} == decided


@pytest.mark.parametrize("number", ["x", "1-", "-1", "3-1", "1-10001", "1.5", "１", "", "9" * 19])
def test_what_is_no_number_is_a_mistake_in_the_command(desk: Desk, number: str) -> None:
    desk.receives(1)

    said = desk.runs("approve", "1", "--", number)

    assert said.code == 2
    assert desk.states() == {1: PENDING}


def test_deciding_needs_a_number(desk: Desk) -> None:
    assert desk.runs("approve").code == 2


@pytest.mark.parametrize("command", ["approve", "hold", "spam", "trash", "restore"])
def test_numbers_that_no_comment_has_are_all_named_and_nothing_changes(
    desk: Desk, command: str
) -> None:
    desk.receives(2)
    desk.put(SPAM, 2)

    said = desk.runs(command, "0", "1-4", "999999999999999999")

    assert (said.code, said.out) == (1, "")
    assert said.err == (
        "permalien: there is no comment with the number 0, 3, 4, 999999999999999999\n"
    )
    assert desk.states() == {1: PENDING, 2: SPAM}
    assert desk.marks() == frozenset()


@pytest.mark.parametrize("before", [PENDING, APPROVED])
@pytest.mark.parametrize("thrown", [SPAM, TRASH])
def test_restoring_brings_a_comment_back_to_where_it_was(
    desk: Desk, before: Status, thrown: Status
) -> None:
    desk.receives(1)
    desk.put(before, 1)
    desk.put(thrown, 1)

    said = desk.runs("restore", "1")

    assert (said.code, said.out.splitlines()[0]) == (0, "Restored 1.")
    assert desk.states() == {1: before}
    assert desk.marks() == ({"hello"} if before is APPROVED else set())


def test_what_arrived_as_spam_is_restored_into_the_queue(desk: Desk) -> None:
    desk.reader.comments(subject="Buy")

    desk.runs("restore", "1")

    assert desk.states() == {1: PENDING}


def test_only_what_was_thrown_away_can_be_restored_and_nothing_changes_otherwise(
    desk: Desk,
) -> None:
    desk.receives(3)
    desk.put(APPROVED, 2)
    desk.put(TRASH, 3)

    said = desk.runs("restore", "1-3")

    assert said.code == 1
    assert "1 is pending, 2 is approved" in said.err
    assert desk.states() == {1: PENDING, 2: APPROVED, 3: TRASH}


def test_a_comment_on_a_post_that_vanished_can_still_be_decided(desk: Desk) -> None:
    desk.receives(1, "bonjour")
    (desk.blog.folder / "content" / "bonjour.md").unlink()
    desk.blog.build()
    assert "on bonjour (not published)" in desk.runs("queue").out
    assert [item["path"] for item in desk.queue()] == [None]

    said = desk.runs("approve", "1")

    assert said.code == 0
    assert "http" not in said.out
    assert desk.states() == {1: APPROVED}


def test_the_queue_can_be_read_before_the_blog_was_built(desk: Desk) -> None:
    desk.receives(1)
    desk.blog.settings.manifest_path.unlink()

    assert [item["id"] for item in desk.queue()] == [1]
    assert desk.runs("approve", "1").code == 0


def test_what_is_approved_comes_and_what_is_held_again_goes(
    desk: Desk, author: Author, blog: BlogFolder
) -> None:
    desk.receives(2)
    before = blog.pages()

    desk.runs("approve", "1")
    assert author.runs("tick").code == 0
    assert anchors(blog.page("hello")) == [1]
    assert "Words 2." not in blog.page("hello")

    desk.runs("hold", "1")
    assert author.runs("tick").out.endswith("unchanged\n")
    assert blog.pages() == before
    assert author.runs("tick").out == "Nothing was due.\n"


# Answering


def test_the_author_s_reply_publishes_itself_and_what_it_answers(
    desk: Desk, blog: BlogFolder
) -> None:
    desk.receives(1)

    said = desk.runs("reply", "1", "Thank *you*.")

    assert said.out.startswith("Your reply is number 2. ")
    assert desk.states() == {1: APPROVED, 2: APPROVED}
    assert desk.marks() == {"hello"}
    blog.build()
    page = blog.page("hello")
    assert anchors(page) == [1, 2]
    assert "<p>Thank <em>you</em>.</p>" in page
    assert '<span class="badge">author</span>' in page


def test_a_reply_is_read_from_standard_input_too(desk: Desk) -> None:
    desk.receives(1)

    assert desk.runs("reply", "1", text="First line\nSecond é\n").code == 0

    assert desk.queue("approved")[-1]["text"] == "First line\nSecond é"


@pytest.mark.parametrize("verb", ["reply", "edit"])
def test_what_is_not_in_utf_8_is_refused_and_no_letter_left_out(desk: Desk, verb: str) -> None:
    desk.receives(1)
    before = [entry.text for entry in desk.blog.store.entries()]

    typed = desk.runs(verb, "1", "caf\udce9")
    piped = desk.runs(verb, "1", text=BytesIO(b"caf\xe9"))

    for refused in (typed, piped):
        assert refused.code == 2
        assert "is not written in UTF-8" in refused.err
    assert [entry.text for entry in desk.blog.store.entries()] == before


@pytest.mark.parametrize(
    ("number", "text", "words"),
    [
        ("9", "Hello?", "there is no comment with the number 9"),
        ("1", " \n ", "a reply needs some text"),
        ("1", "x" * 10_001, "10001 characters, and at most 10000 are taken"),
        ("2", "Hello?", "comment 2 is spam; restore it to answer it"),
        ("3", "Hello?", "comment 3 is trash; restore it to answer it"),
    ],
)
def test_a_reply_that_cannot_be_is_refused_and_nothing_changes(
    desk: Desk, number: str, text: str, words: str
) -> None:
    desk.receives(3)
    desk.put(SPAM, 2)
    desk.put(TRASH, 3)

    said = desk.runs("reply", number, text)

    assert (said.code, said.out) == (1, "")
    assert words in said.err
    assert desk.states() == {1: PENDING, 2: SPAM, 3: TRASH}
    assert desk.marks() == frozenset()


@pytest.mark.parametrize("number", ["x", "1-2"])
def test_a_reply_answers_one_comment(desk: Desk, number: str) -> None:
    assert desk.runs("reply", number, "Hello").code == 2


def test_a_reply_sent_twice_is_one(desk: Desk) -> None:
    desk.receives(1)

    desk.runs("reply", "1", "Thank you.")
    desk.runs("reply", "1", "Thank you.")

    assert sorted(desk.states()) == [1, 2]


def test_a_reply_that_was_undone_can_be_sent_again(desk: Desk) -> None:
    desk.receives(1)
    desk.runs("reply", "1", "Thank you.")
    desk.runs("undo")

    said = desk.runs("reply", "1", "Thank you.")

    assert said.out.startswith("Your reply is number 3. ")
    assert desk.states() == {1: APPROVED, 2: TRASH, 3: APPROVED}


# As processes


def test_the_commands_end_with_their_codes_as_processes_too(desk: Desk, author: Author) -> None:
    desk.receives(1)

    assert [author.runs(*words).code for words in (["approve", "1"], ["approve", "2"], ["x"])] == [
        0,
        1,
        2,
    ]


@pytest.mark.parametrize(
    "command", ["queue", "approve", "hold", "spam", "trash", "restore", "reply"]
)
def test_each_command_explains_itself(desk: Desk, command: str) -> None:
    said = desk.runs(command, "--help")

    assert said.code == 0
    assert f"Usage: permalien {command}" in said.out


# Many at once, and back


def test_words_narrow_the_queue_down(desk: Desk) -> None:
    desk.receives(3)
    desk.reader.comments("bonjour", author="Zoë Q", comment="Un mot de plus ici.")

    assert [item["id"] for item in desk.runs("queue", "--json", "from:zoe q").json()] == [4]
    assert [item["id"] for item in desk.runs("queue", "--json", "post:hello", "2").json()] == [2]
    assert "kind:poem" in desk.runs("queue", "kind:poem").err


def test_all_that_matches_is_decided_once_it_was_confirmed(desk: Desk) -> None:
    desk.receives(3)
    desk.receives(1, "bonjour")

    refused = desk.runs("trash", "--all-matching", "post:hello", text="n\n")
    assert (refused.code, set(desk.states().values())) == (1, {PENDING})
    assert "3 entries would be affected by `trash`" in refused.err
    desk.runs("trash", "--all-matching", "post:hello", text="y\n")
    assert list(desk.states().values()) == [TRASH, TRASH, TRASH, PENDING]
    desk.runs("restore", "--all-matching", "is:trash", "--yes")

    assert set(desk.states().values()) == {PENDING}


class Hesitation(BytesIO):
    """What somebody types, after something has happened."""

    def __init__(self, typed: str, meanwhile: Callable[[], object]) -> None:
        super().__init__(typed.encode())
        self._meanwhile = meanwhile

    def read1(self, size: int | None = -1) -> bytes:
        self._meanwhile()
        return super().read1(size)


def test_what_comes_while_it_is_asked_is_not_decided_on(desk: Desk) -> None:
    desk.receives(3)
    hesitation = Hesitation("y\n", lambda: desk.reader.comments(comment="Words, too."))

    said = desk.runs("approve", "--all-matching", "words", text=hesitation)

    assert "3 entries would be affected" in said.err
    assert list(desk.states().values()) == [APPROVED, APPROVED, APPROVED, PENDING]


def test_what_comes_into_the_trash_while_it_is_asked_is_not_deleted(desk: Desk) -> None:
    desk.receives(3)
    desk.put(TRASH, 1, 2)
    hesitation = Hesitation("2\n", lambda: desk.put(TRASH, 3))

    said = desk.runs("delete", "--all-matching", "is:trash", text=hesitation)

    assert said.out.startswith("Deleted 2 for ever.")
    assert desk.states() == {3: TRASH}


def test_numbers_and_words_are_not_mixed(desk: Desk) -> None:
    desk.receives(1)

    assert desk.runs("spam", "1", "--all-matching", "x").code == 2


def test_what_was_decided_is_undone_the_last_first_or_by_number(desk: Desk) -> None:
    desk.receives(2)
    desk.runs("spam", "1")
    desk.runs("trash", "2")

    assert desk.runs("undo", "1").out.startswith("Undone: action 1 (spam 1).\n")
    assert desk.runs("undo").code == 0

    assert set(desk.states().values()) == {PENDING}
    assert "there is nothing to undo" in desk.runs("undo").err


def test_a_block_and_what_it_swept_out_are_undone_at_once(desk: Desk) -> None:
    desk.receives(1)
    said = desk.runs("block", "Words*1", "--sweep")
    assert desk.states() == {1: SPAM}
    assert said.out.endswith("`permalien undo` takes it back.\n")

    desk.runs("undo")

    assert desk.states() == {1: PENDING}
    assert desk.runs("block").out == "Nothing is blocked.\n"


def test_a_comment_is_corrected_at_the_terminal(desk: Desk) -> None:
    desk.receives(1)

    assert desk.runs("edit", "1", "Better *words*.", "--author", "Ada").code == 0
    assert desk.runs("edit", "1", text="From standard input.").code == 0

    entry = desk.blog.store.entry(1)
    assert (entry.author, entry.text) == ("Ada", "From standard input.")
    assert desk.runs("edit", "1", "From standard input.").out == "Nothing has changed.\n"


def test_a_post_is_closed_and_opened_by_its_id_or_its_address(desk: Desk) -> None:
    address = desk.blog.address("hello")

    assert desk.runs("close", "hello").out.startswith("hello is closed to comments and pings.")
    assert desk.reader.comments().status_code == 403
    assert desk.runs("open", address, "--comments").code == 0
    assert desk.reader.comments().status_code == 303
    assert "no post has the id or the address" in desk.runs("close", "nowhere").err


def test_a_post_is_named_by_an_address_that_is_a_number(desk: Desk) -> None:
    desk.blog.configure('PERMALINKS = "/?p=N"')
    hello, *others = sorted((desk.blog.folder / "content").glob("*.md"), reverse=True)
    for number, post in enumerate((hello, *others), start=12):
        post.write_text(f"Number: {number}\n{post.read_text('utf-8')}", "utf-8")
    desk.blog.build()

    for written in ("/?p=12", "?p=12", "http://localhost:8000/?p=12"):
        assert desk.runs("close", written).out.startswith("hello is closed"), written


def test_deleting_for_ever_asks_for_the_number_of_entries(desk: Desk) -> None:
    desk.receives(2)
    desk.put(TRASH, 1, 2)

    assert desk.runs("delete", "1", "2", text="1\n").code == 1
    assert len(desk.states()) == 2
    assert desk.runs("delete", "1", "2", text="2\n").out.startswith("Deleted 2 for ever.")

    assert desk.states() == {}


def test_who_is_blocked_and_trusted_is_listed_and_taken_back(desk: Desk) -> None:
    desk.runs("block", "spam.example", "--note", "watches")
    desk.runs("block", "192.0.2.0/24")
    desk.runs("trust", "garden.example")

    blocked = [(one["kind"], one["value"]) for one in desk.runs("block", "--json").json()]
    assert sorted(blocked) == [("domain", "spam.example"), ("network", "192.0.2.0/24")]
    assert "domain garden.example" in desk.runs("trust").out
    desk.runs("block", "spam.example", "--remove")

    assert [one["value"] for one in desk.runs("block", "--json").json()] == ["192.0.2.0/24"]


def test_who_is_blocked_is_listed_with_the_day_by_the_blog_s_clock(
    desk: Desk, blog: BlogFolder
) -> None:
    blog.configure('TIMEZONE = "Pacific/Auckland"')
    blog.build()
    at = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
    blog.store.rulings.block(about(RulingKind.DOMAIN, "spam.example"), now=at, by="author")

    assert desk.runs("block").out == "domain spam.example  since 2026-11-23\n"
