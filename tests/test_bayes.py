"""The score that learns from decisions: when it speaks, what it says, that it decides nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from store_actors import HELD, NOON, said

from pingback_server.deeds.weigh import learn, weigh
from pingback_server.domain.bayes import FEWEST_EXAMPLES, Learnt, words_of, words_of_entry
from pingback_server.domain.bayes import weigh as reason_for
from pingback_server.domain.discussion import Reason, Status, Verdict
from pingback_server.domain.filters import chosen
from pingback_server.store import Job, Store, Wording
from pingback_server.store.tallies import Tally

TRAPPED = Verdict(Status.SPAM, (Reason("trap", "It was filled in.", 4.0),))


def worker(store: Store) -> None:
    """Do what the decisions asked for."""
    while (job := store.take(NOON, lease=timedelta(minutes=1), by="me")) is not None:
        if job.kind == "learn":
            learn(job, store)
        store.done(job)


def taught(store: Store, spam: int, honest: int) -> None:
    """So many of each kind, decided by a human and learnt."""
    bad = [said(store, f"cheap casino pills number {n}").id for n in range(spam)]
    good = [said(store, f"a thought about the novel, part {n}").id for n in range(honest)]
    store.decide(bad, Status.SPAM, now=NOON, by="author")
    store.decide(good, Status.APPROVED, now=NOON, by="author")
    worker(store)


def weighed(store: Store, text: str) -> list[Reason]:
    id = said(store, text).id
    weigh(Job(1, "notify", id, 1), store, NOON)
    return [reason for reason in store.entry(id).reasons if reason.rule == "bayes"]


def test_it_says_nothing_before_fifty_examples_of_each_kind(store: Store) -> None:
    taught(store, FEWEST_EXAMPLES, FEWEST_EXAMPLES - 1)
    assert weighed(store, "casino pills, cheap") == []

    taught(store, 0, FEWEST_EXAMPLES)
    assert len(weighed(store, "cheap casino pills!")) == 1


def test_it_names_the_words_and_changes_the_score_alone(store: Store) -> None:
    taught(store, 50, 50)

    id = said(store, "casino pills are cheap").id
    weigh(Job(1, "notify", id, 1), store, NOON)

    entry = store.entry(id)
    assert entry.status is Status.PENDING
    assert entry.reasons[-1].words.startswith("Words like these stood in spam before:")
    assert "casino" in entry.reasons[-1].words
    assert 1.0 < entry.score <= 2.0


def test_honest_words_lower_the_score(store: Store) -> None:
    taught(store, 50, 50)

    [reason] = weighed(store, "My thought about that novel")

    assert reason.score < -1.0
    assert "honest comments" in reason.words


def test_words_that_were_never_seen_say_nothing(store: Store) -> None:
    taught(store, 50, 50)

    said_by_a_stranger = words_of("", "", ["zymurgy quixotic"])

    assert reason_for(said_by_a_stranger, store.learning.learnt(said_by_a_stranger)) is None


def test_a_decision_that_is_changed_is_unlearnt_first(store: Store) -> None:
    id = said(store, "cheap casino").id
    for status in (Status.SPAM, Status.APPROVED):
        store.decide([id], status, now=NOON, by="author")
        worker(store)

    assert store.learning.learnt(["casino"]) == Learnt(0, 1, {"casino": (0, 1)})


def test_learning_twice_is_as_learning_once(store: Store) -> None:
    id = said(store, "cheap casino").id
    store.decide([id], Status.SPAM, now=NOON, by="author")

    assert learn(Job(1, "learn", 1, 1), store) == 1
    assert learn(Job(1, "learn", 1, 1), store) == 0
    assert store.learning.learnt(["casino"]).words == {"casino": (1, 0)}


@pytest.mark.parametrize(("first", "learnt"), [(Status.SPAM, (1, 0)), (Status.PENDING, (0, 0))])
def test_what_is_in_the_trash_again_by_undoing_is_learnt_as_before(
    store: Store, first: Status, learnt: tuple[int, int]
) -> None:
    id = said(store, "novel words").id
    for status in (first, Status.TRASH):
        store.decide([id], status, now=NOON, by="author")
    approved = store.moderation.decide(chosen(id), Status.APPROVED, now=NOON, by="author")
    store.learning.learn(0, words_of_entry)

    store.moderation.undo(approved.action or 0, now=NOON, by="author")
    store.learning.learn(0, words_of_entry)

    assert store.learning.learnt(["novel"]).words.get("novel", (0, 0)) == learnt


def test_that_a_suspect_is_spam_indeed_is_learnt_too(store: Store) -> None:
    id = said(store, "cheap casino", TRAPPED).id

    store.decide([id], Status.SPAM, now=NOON, by="author")
    worker(store)

    assert store.entry(id).decided_at == NOON
    assert store.learning.learnt([]).spam == 1


def test_the_words_of_one_text_alone_are_forgotten_when_it_is_deleted_for_ever(
    store: Store,
) -> None:
    spam = said(store, "casino pills of grace@navy.example").id
    other = said(store, "casino").id
    honest = said(store, "a novel").id
    store.decide([spam, other], Status.SPAM, now=NOON, by="author")
    store.decide([honest], Status.APPROVED, now=NOON, by="author")
    worker(store)
    theirs = words_of_entry(store.entry(spam))

    store.moderation.delete(chosen(spam), now=NOON, by="author")

    left = store.learning.learnt(theirs).words
    assert left == {"casino": (2, 0), "name ann": (2, 1), "mail example.org": (2, 1)}
    assert store.learning.learnt(["novel"]).words == {"novel": (0, 1)}


def test_both_kinds_count_the_same_however_many_there_are_of_each() -> None:
    learnt = Learnt(spam=1000, honest=100, words={"novel": (100, 10), "casino": (900, 1)})

    assert reason_for(frozenset({"novel"}), learnt) is None
    assert reason_for(frozenset({"casino"}), learnt) is not None


def test_what_is_corrected_is_learnt_as_it_says_now_until_that_is_undone(store: Store) -> None:
    id = said(store, "novel words").id
    store.decide([id], Status.APPROVED, now=NOON, by="author")
    store.learning.learn(0, words_of_entry)
    other = Wording("Ann", "", "", "", "other words", "<p>other words</p>")

    action = store.revisions.edit(id, other, now=NOON, by="author")
    corrected = store.learning.learnt(["novel", "other", "words"])
    store.moderation.undo(action or 0, now=NOON, by="author")
    undone = store.learning.learnt(["novel", "other", "words"])

    assert (corrected.honest, corrected.words) == (1, {"other": (0, 1), "words": (0, 1)})
    assert (undone.honest, undone.words) == (1, {"novel": (0, 1), "words": (0, 1)})


# The numbers of the rules


def tally(store: Store, rule: str) -> tuple[int, int, int, int]:
    [found] = [one for one in store.tallies.listed() if one.rule == rule]
    assert isinstance(found, Tally)
    return found.caught, found.restored, found.missed, found.waiting


def test_what_a_rule_caught_restored_and_missed_is_counted_with_the_decisions(
    store: Store,
) -> None:
    caught = said(store, "one", TRAPPED).id
    restored = said(store, "two", TRAPPED).id
    missed = said(store, "three", HELD).id
    assert tally(store, "trap") == (0, 0, 0, 2)

    store.decide([caught, missed], Status.SPAM, now=NOON, by="author")
    store.decide([restored], Status.APPROVED, now=NOON, by="author")

    assert tally(store, "trap") == (1, 1, 1, 0)
    assert tally(store, "links") == (0, 0, 2, 0)


def test_a_decision_that_is_taken_back_is_taken_from_the_numbers(store: Store) -> None:
    id = said(store, "one", HELD).id

    store.decide([id], Status.SPAM, now=NOON, by="author")
    store.restore([id], now=NOON, by="author")

    assert tally(store, "trap") == (0, 0, 0, 0)


def test_spam_in_the_trash_was_caught_all_the_same_until_it_is_restored(store: Store) -> None:
    caught, missed = said(store, "one", TRAPPED).id, said(store, "two", HELD).id
    store.decide([caught, missed], Status.SPAM, now=NOON, by="author")

    store.decide([caught, missed], Status.TRASH, now=NOON, by="author")
    in_trash = tally(store, "trap")
    store.decide([caught], Status.SPAM, now=NOON, by="author")
    store.restore([missed], now=NOON, by="author")

    assert in_trash == (1, 0, 1, 0)
    assert tally(store, "trap") == (1, 0, 0, 0)


def test_a_suspect_that_was_restored_and_is_one_again_is_not_counted(store: Store) -> None:
    id = said(store, "one", TRAPPED).id
    approved = store.moderation.decide(chosen(id), Status.APPROVED, now=NOON, by="author")
    assert tally(store, "trap") == (0, 1, 0, 0)

    store.moderation.undo(approved.action or 0, now=NOON, by="author")

    assert tally(store, "trap") == (0, 0, 0, 1)


def test_a_word_of_which_less_than_nothing_is_left_says_nothing() -> None:
    """It was erased from what somebody said before, while another's text had it still."""
    spam = dict.fromkeys(("casino", "cheap", "pills"), (40, 0))
    learnt = Learnt(spam=50, honest=50, words={"zebra": (-1, 1), **spam})

    reason = reason_for(frozenset(learnt.words), learnt)

    assert reason is not None
    assert reason.words == "Words like these stood in spam before: casino, cheap, pills."
