"""What the store keeps of what people send, and what it gives back to whom."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from engines import on_sqlite_alone
from store_actors import HELD, NOON, PUBLIC, a_comment, crowd, database_file, said

from pingback_server.domain.discussion import Comment, Entry, Reason, Status, Verdict
from pingback_server.domain.errors import BadSetting, Invalid, NoSuchComment
from pingback_server.store import Added, Store, Waiting


def test_a_comment_is_kept_with_its_reasons_and_every_field(store: Store) -> None:
    sent = replace(a_comment("Où ça ? 🐦"), url="https://ann.example/", email="ann@example.org")
    reasons = (Reason("links", "three links"), Reason("first", "« nouveau »"))

    added = store.add(sent, Verdict(Status.SPAM, reasons), NOON)

    assert added == Added(1, Status.SPAM, is_repeat=False)
    entry = store.entry(1)
    assert all(getattr(entry, field.name) == getattr(sent, field.name) for field in fields(sent))
    assert (entry.status, entry.reasons, entry.at) == (Status.SPAM, reasons, NOON)


def test_an_instant_comes_back_aware_in_utc_and_to_the_microsecond(store: Store) -> None:
    paris = timezone(timedelta(hours=1))
    at = datetime(2026, 1, 1, 0, 30, 0, 7, tzinfo=paris)

    store.add(a_comment(), HELD, at)

    assert store.entry(1).at.isoformat() == "2025-12-31T23:30:00.000007+00:00"


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        store.add(a_comment(), HELD, NOON.replace(tzinfo=None))


def test_a_comment_asks_for_one_job(store: Store) -> None:
    said(store, "one")
    said(store, "two")

    assert store.waiting() == Waiting(jobs=2, dirty=0, oldest_dirty=None, pending=2)
    job = store.take(NOON, lease=timedelta(minutes=1), by="worker")
    assert job is not None
    assert (job.kind, job.subject) == ("notify", 1)


def test_a_comment_that_is_public_at_once_makes_its_page_dirty(store: Store) -> None:
    said(store, "held", HELD, post="quiet")
    said(store, "public", PUBLIC, post="loud")

    dirty = store.dirty()

    assert dirty is not None
    assert (dirty.posts, dirty.since) == (frozenset({"loud"}), NOON)


@pytest.mark.parametrize("minutes", [-9, 0, 9])
def test_the_same_within_ten_minutes_is_one_comment(store: Store, minutes: int) -> None:
    said(store, "once", PUBLIC)

    again = store.add(a_comment("once"), HELD, NOON + timedelta(minutes=minutes))

    assert again == Added(1, Status.APPROVED, is_repeat=True)
    assert store.waiting().jobs == 1


def test_the_same_after_ten_minutes_is_another_comment(store: Store) -> None:
    said(store, "once")

    again = store.add(a_comment("once"), HELD, NOON + timedelta(minutes=10))

    assert again == Added(2, Status.PENDING, is_repeat=False)


@pytest.mark.parametrize(
    "change",
    [
        {"post": "second"},
        {"parent": 1},
        {"author": "Bob"},
        {"text": "once "},
        {"is_by_author": True},
    ],
)
def test_what_differs_is_not_a_repeat(store: Store, change: dict[str, object]) -> None:
    said(store, "parent")
    said(store, "once")

    other = store.add(replace(a_comment("once"), **change), HELD, NOON)  # type: ignore[arg-type]

    assert not other.is_repeat


def test_another_address_or_e_mail_does_not_make_it_another_comment(store: Store) -> None:
    said(store, "once")

    again = store.add(replace(a_comment("once"), email="", url="https://x.example/"), HELD, NOON)

    assert again.is_repeat


def test_a_repeat_is_the_first_ones_even_when_the_author_has_decided(store: Store) -> None:
    said(store, "once")
    store.decide([1], Status.TRASH, now=NOON, by="author")

    assert said(store, "once") == Added(1, Status.TRASH, is_repeat=True)


def test_a_repeat_of_what_is_in_the_trash_by_nobody_s_word_is_one(store: Store) -> None:
    said(store, "once", Verdict(Status.TRASH))

    assert said(store, "once").is_repeat


def test_an_answer_that_was_undone_can_be_given_again(store: Store) -> None:
    said(store, "question")
    store.answer(1, a_comment("Thanks"), now=NOON, by="ada")
    store.moderation.undo(1, now=NOON, by="ada")

    again = store.answer(1, a_comment("Thanks"), now=NOON, by="ada")

    assert again == Added(3, Status.APPROVED, is_repeat=False)
    assert store.entry(1).status is Status.APPROVED


@pytest.mark.parametrize("parent", [2, 99, 0, -1, 2**63, 10**30])
def test_a_reply_to_what_is_not_on_that_post_is_invalid(store: Store, parent: int) -> None:
    said(store, "here", post="first")
    said(store, "there", post="second")

    with pytest.raises(Invalid) as refusal:
        said(store, "reply", post="first", parent=parent)

    assert list(refusal.value.problems) == ["parent"]
    assert len(store.entries()) == 2


@pytest.mark.parametrize("text", ["a \0 b", "half a \ud83d bird"])
def test_what_no_database_holds_is_invalid_and_names_the_field(store: Store, text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        store.add(replace(a_comment(), author=text), HELD, NOON)

    assert list(refusal.value.problems) == ["author"]


def test_neighbours_in_a_commit_do_not_suffer_from_each_other(store: Store, tmp_path: Path) -> None:
    parents: dict[int, Any] = {3: 99, 5: "not a number"}
    deeds = [partial(said, store, f"text {n}", parent=parents.get(n)) for n in range(8)]

    outcomes = crowd(tmp_path, deeds)

    assert isinstance(outcomes.pop(5), TypeError)
    assert isinstance(outcomes.pop(3), Invalid)
    assert [type(outcome) for outcome in outcomes] == [Added] * 6
    assert len(store.entries()) == 6


def test_who_shares_a_commit_gets_the_number_of_its_own_comment(
    store: Store, tmp_path: Path
) -> None:
    outcomes = crowd(tmp_path, [partial(said, store, f"text {n}") for n in range(8)])

    found = [store.entry(outcome.id).text for outcome in outcomes if isinstance(outcome, Added)]
    assert found == [f"text {n}" for n in range(8)]


@on_sqlite_alone
def test_threads_that_wait_together_share_a_commit(store: Store, tmp_path: Path) -> None:
    said(store, "before")
    before = _commits(tmp_path)

    crowd(tmp_path, [partial(said, store, f"text {n}") for n in range(8)])

    assert len(store.entries()) == 9
    assert _commits(tmp_path) - before == 1


def _commits(folder: Path) -> int:
    """How many transactions the WAL holds: frames that give the size of the database."""
    wal = database_file(folder).with_name("permalien.db-wal").read_bytes()
    frames = range(32, len(wal), 24 + 4096)
    return sum(wal[start + 4 : start + 8] != bytes(4) for start in frames)


def test_a_repeat_in_the_same_commit_is_the_first_ones(store: Store, tmp_path: Path) -> None:
    outcomes = crowd(tmp_path, [partial(said, store, "once")] * 8)

    assert {outcome.id for outcome in outcomes if isinstance(outcome, Added)} == {1}
    assert (
        sorted(getattr(outcome, "is_repeat", None) for outcome in outcomes) == [False] + [True] * 7
    )
    assert store.waiting().jobs == 1


def test_threads_take_turns_with_whatever_they_want_written(store: Store, tmp_path: Path) -> None:
    said(store, "one")
    decide = partial(store.decide, [1], Status.APPROVED, now=NOON, by="author")
    deeds = [partial(said, store, "two"), decide, partial(said, store, "three"), decide]

    outcomes = crowd(tmp_path, deeds * 3)

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(store.entries({Status.PENDING})) == 2


def test_a_number_is_never_used_twice(store: Store, tmp_path: Path) -> None:
    said(store, "one")
    with pytest.raises(Invalid):
        said(store, "nothing", parent=99)

    assert said(store, "two").id == 2


def test_entries_come_oldest_first_and_by_state_and_number(store: Store) -> None:
    store.add(a_comment("late"), HELD, NOON + timedelta(hours=1))
    store.add(a_comment("early"), PUBLIC, NOON)
    store.add(a_comment("middle"), HELD, NOON + timedelta(minutes=1))

    def ids(entries: list[Entry]) -> list[int]:
        return [entry.id for entry in entries]

    assert ids(store.entries()) == [2, 3, 1]
    assert ids(store.entries({Status.PENDING})) == [3, 1]
    assert ids(store.entries(ids=[1, 2, 77])) == [2, 1]
    assert ids(store.entries({Status.PENDING}, ids=[1, 2])) == [1]
    assert ids(store.entries([])) == []


def test_many_numbers_at_once_are_no_problem(store: Store) -> None:
    said(store, "one")

    assert len(store.entries(ids=range(-5, 40_000))) == 1


@pytest.mark.parametrize("id", [2, 0, -1, 2**63, 10**30])
def test_a_number_that_is_none_says_so(store: Store, id: int) -> None:
    said(store, "one")

    with pytest.raises(NoSuchComment, match=str(id)):
        store.entry(id)


def test_published_are_the_approved_ones_alone_oldest_first(store: Store) -> None:
    store.add(a_comment("second"), PUBLIC, NOON + timedelta(hours=1))
    store.add(a_comment("first"), PUBLIC, NOON)
    store.add(a_comment("elsewhere", post="second"), PUBLIC, NOON)
    for status in (Status.PENDING, Status.SPAM, Status.TRASH):
        store.add(a_comment(f"never {status}"), Verdict(status), NOON)

    published = store.published()

    assert {post: [one.id for one in said] for post, said in published.items()} == {
        "first": [2, 1],
        "second": [3],
    }


def test_nothing_private_is_in_what_is_published(store: Store) -> None:
    said(store, "public", PUBLIC)

    (comment,) = store.published()["first"]

    assert isinstance(comment, Comment)
    assert "ann@example.org" not in repr(comment)
    assert comment.html.__html__() == "<p>public</p>"


def test_the_probe_leaves_no_trace(store: Store) -> None:
    said(store, "one")
    before = (store.waiting(), store.entries(), store.dirty())

    store.check_writable()

    assert (store.waiting(), store.entries(), store.dirty()) == before
    assert said(store, "two").id == 2


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:////why?/file.db",
        "mysql://h/d",
        "postgresql://h:x/d",
    ],
)
def test_an_address_that_cannot_work_is_a_bad_setting(url: str) -> None:
    with pytest.raises(BadSetting, match="PERMALIEN_DATABASE_URL"):
        Store.open(url)


@on_sqlite_alone
def test_the_database_is_for_its_user_alone(store: Store, tmp_path: Path) -> None:
    said(store, "one")

    modes = {file.name: file.stat().st_mode & 0o077 for file in (tmp_path / "var").iterdir()}

    assert set(modes.values()) == {0}
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0


def test_time_is_kept_so_that_text_sorts_as_time_does(store: Store) -> None:
    instants = [datetime(999, 1, 1, tzinfo=UTC), NOON, NOON + timedelta(microseconds=1)]
    for number, at in enumerate(reversed(instants)):
        store.add(a_comment(str(number)), HELD, at)

    assert [entry.at for entry in store.entries()] == instants
