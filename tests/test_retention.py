"""What is kept for how long: what is deleted by itself, when, and by which clock it is believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from store_actors import a_comment, stranger

from pingback_server.deeds.purge import purge
from pingback_server.domain.discussion import Kind, Status, Verdict, Whence
from pingback_server.domain.filters import chosen
from pingback_server.domain.retention import Clock, seen
from pingback_server.domain.settings import DiscussionSettings
from pingback_server.store import Store
from pingback_server.store.schema import spam_marks

START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
SETTINGS = DiscussionSettings()
DAY = timedelta(days=1)
FROM_ADA = Whence("192.0.2.7", "192.0.2.0/24", "b" * 64)


def come(store: Store, text: str, status: Status, at: datetime, kind: Kind = Kind.COMMENT) -> int:
    submission = replace(a_comment(text), kind=kind, whence=FROM_ADA)
    return store.add(submission, Verdict(status), at).id


def live(store: Store, days: int, *, since: datetime = START) -> dict[str, int]:
    """The worker looks at the clock every other day, and does what is due at the end."""
    for day in range(0, days, 2):
        store.retention.look(since + day * DAY)
    return purge(SETTINGS, store, since + days * DAY)


def numbers(store: Store) -> list[int]:
    return [entry.id for entry in store.entries()]


# What goes, and when


def test_after_thirteen_months_nothing_is_overdue(store: Store) -> None:
    public = come(store, "Public.", Status.APPROVED, START)
    waits = come(store, "Waits.", Status.PENDING, START)
    for text, status in (("Suspect.", Status.SPAM), ("Trash.", Status.PENDING)):
        come(store, text, status, START)
    store.decide([4], Status.TRASH, now=START, by="author")
    read = come(store, "A letter.", Status.PENDING, START, Kind.MESSAGE)
    store.decide([read], Status.APPROVED, now=START, by="author")
    unread = come(store, "A letter nobody read.", Status.PENDING, START, Kind.MESSAGE)
    store.actions.note("switch", "hello", {}, now=START, by="author")

    live(store, 395)

    assert numbers(store) == [public, waits, unread]
    assert {entry.whence for entry in store.entries()} == {Whence()}
    assert [line.verb for line in store.actions.listed(size=500)].count("switch") == 0
    assert store.published()["first"] != ()


def test_addresses_are_kept_for_a_year_and_no_longer(store: Store) -> None:
    come(store, "Public.", Status.APPROVED, START)

    live(store, 365)
    before = store.entry(1).whence
    live(store, 1, since=START + 366 * DAY)

    assert (before.ip, before.network) == ("192.0.2.7", "192.0.2.0/24")
    assert (store.entry(1).whence.ip, store.entry(1).whence.network) == ("", "")


def test_a_suspect_lies_where_the_author_sees_it_for_thirty_days(store: Store) -> None:
    come(store, "Suspect.", Status.SPAM, START)

    live(store, 30)
    assert numbers(store) == [1]
    live(store, 1, since=START + 31 * DAY)
    assert numbers(store) == []


def test_what_a_human_called_spam_counts_from_then_on(store: Store) -> None:
    come(store, "Found out late.", Status.APPROVED, START)
    store.decide([1], Status.SPAM, now=START + 20 * DAY, by="author")

    live(store, 45)
    assert numbers(store) == [1]
    live(store, 10, since=START + 46 * DAY)
    assert numbers(store) == []


def test_what_was_put_back_by_undoing_lies_there_as_long_again(store: Store) -> None:
    come(store, "Suspect.", Status.SPAM, START)
    come(store, "Trash.", Status.PENDING, START)
    store.decide([2], Status.TRASH, now=START, by="author")
    approved = store.moderation.decide(
        chosen(1, 2), Status.APPROVED, now=START + 25 * DAY, by="author"
    )
    store.moderation.undo(approved.action or 0, now=START + 50 * DAY, by="author")

    live(store, 80)
    assert numbers(store) == [1, 2]
    live(store, 1, since=START + 81 * DAY)
    assert numbers(store) == []


def test_a_browser_is_forgotten_a_year_after_its_last_comment(store: Store) -> None:
    come(store, "The first.", Status.APPROVED, START)
    come(store, "The last.", Status.APPROVED, START + 200 * DAY)

    live(store, 400)
    assert {entry.whence.browser for entry in store.entries()} == {"b" * 64}
    live(store, 170, since=START + 401 * DAY)
    assert {entry.whence.browser for entry in store.entries()} == {""}


def test_what_was_marked_as_spam_of_a_browser_is_forgotten_with_it(
    store: Store, tmp_path: Path
) -> None:
    come(store, "Kind.", Status.APPROVED, START)
    come(store, "Spam.", Status.PENDING, START)
    store.decide([2], Status.SPAM, now=START, by="author")

    live(store, 300)
    before = marks(tmp_path)
    live(store, 80, since=START + 301 * DAY)

    assert (before, marks(tmp_path)) == (["b" * 64], [])


def marks(folder: Path) -> list[str]:
    with stranger(folder) as connection:
        return list(connection.scalars(select(spam_marks.c.browser)))


def test_answers_to_what_is_deleted_stay_in_sight(store: Store) -> None:
    come(store, "Said first.", Status.APPROVED, START)
    answer = replace(a_comment("An answer."), parent=1)
    store.add(answer, Verdict(Status.APPROVED), START)
    store.decide([1], Status.TRASH, now=START, by="author")

    live(store, 32)

    assert numbers(store) == [2]
    assert store.entry(2).parent is None
    dirty = store.dirty()
    assert dirty is not None
    assert dirty.posts == {"first"}


def test_the_log_says_what_was_deleted_and_nothing_of_it(store: Store) -> None:
    come(store, "Suspect.", Status.SPAM, START)

    live(store, 31)

    [line] = store.actions.listed(size=500)
    assert (line.by, line.verb, line.subject) == ("the settings", "purge", "")
    assert line.details == {"spam": 1}


def test_a_great_deal_goes_in_many_small_commits(store: Store) -> None:
    for number in range(450):
        come(store, f"Spam {number}.", Status.SPAM, START)

    deleted = live(store, 31)

    assert deleted["spam"] == 450
    assert numbers(store) == []


def test_who_is_told_to_stop_goes_on_the_next_time(store: Store) -> None:
    come(store, "Suspect.", Status.SPAM, START)
    live(store, 30)
    late = START + 31 * DAY

    assert purge(SETTINGS, store, late, is_over=lambda: True) == {}
    assert purge(SETTINGS, store, late) == {"spam": 1}


# Which clock is believed


@pytest.mark.parametrize("years", [10, 1])
def test_a_clock_that_jumps_ahead_deletes_nothing(store: Store, years: int) -> None:
    come(store, "Suspect.", Status.SPAM, START)
    live(store, 5)
    future = START + timedelta(days=365 * years)

    assert purge(SETTINGS, store, future) == {}
    assert purge(SETTINGS, store, future + timedelta(hours=20)) == {}
    assert numbers(store) == [1]


def test_a_clock_that_comes_back_from_a_jump_is_believed_again(store: Store) -> None:
    come(store, "Suspect.", Status.SPAM, START)
    live(store, 5)
    purge(SETTINGS, store, START + timedelta(days=3650))

    live(store, 24, since=START + 6 * DAY)
    assert numbers(store) == [1]
    live(store, 3, since=START + 31 * DAY)
    assert numbers(store) == []


def test_after_a_month_switched_off_two_days_pass_first(store: Store) -> None:
    come(store, "Suspect.", Status.SPAM, START)
    live(store, 3)
    again = START + 40 * DAY

    assert purge(SETTINGS, store, again) == {}
    assert purge(SETTINGS, store, again + DAY) == {}
    assert purge(SETTINGS, store, again + 2 * DAY) == {"spam": 1}


def test_a_clock_set_back_is_not_believed_at_once() -> None:
    clock = Clock(START, START - 30 * DAY)

    assert seen(clock, START - timedelta(minutes=4)).may_purge()
    assert not seen(clock, START - timedelta(minutes=6)).may_purge()
    assert not seen(clock, datetime(1970, 1, 1, tzinfo=UTC)).may_purge()


def test_whoever_asks_for_it_by_hand_believes_the_clock(store: Store) -> None:
    come(store, "Suspect.", Status.SPAM, START)

    assert purge(SETTINGS, store, START + 31 * DAY, is_clock_believed=True) == {"spam": 1}


def test_it_is_done_once_a_day(store: Store) -> None:
    live(store, 10)
    come(store, "Old suspect.", Status.SPAM, START - 60 * DAY)

    assert purge(SETTINGS, store, START + 10 * DAY + timedelta(hours=23)) == {}
    assert purge(SETTINGS, store, START + 11 * DAY) == {"spam": 1}
