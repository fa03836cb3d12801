"""What was decided can be taken back for thirty days, exactly, in one commit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_actors import NOON, PUBLIC, a_comment, a_store, said

from pingback_server.deeds.undo import undo
from pingback_server.domain.discussion import Entry, Reason, Status, Verdict
from pingback_server.domain.errors import Impossible, NotInThatState
from pingback_server.domain.filters import chosen
from pingback_server.domain.rulings import RulingKind, about
from pingback_server.domain.switches import AS_SET, Switch
from pingback_server.store import Store, Wording

PENDING, APPROVED, SPAM, TRASH = Status
LATER = NOON + timedelta(days=29)


def decide(store: Store, status: Status, *ids: int, by: str = "ada") -> int:
    action = store.moderation.decide(chosen(*ids), status, now=NOON, by=by).action
    assert action is not None
    return action


def takes_back(store: Store, action: int | None = None, by: str = "ada", only_own: bool = False):
    return undo(action, store=store, now=LATER, by=by, only_own=only_own)


def dirty_posts(store: Store) -> set[str]:
    dirty = store.dirty()
    return set() if dirty is None else set(dirty.posts)


def test_a_batch_is_taken_back_as_a_whole_with_the_marks_on_its_pages(store: Store) -> None:
    said(store, "waits")
    said(store, "is public", PUBLIC)
    said(store, "is a suspect", Verdict(SPAM), post="second")
    before = store.entries()
    decide(store, TRASH, 1, 2, 3)
    store.cleaned(2**40)

    undone = takes_back(store)

    assert (undone.restored, undone.left) == (3, 0)
    assert store.entries() == before
    assert dirty_posts(store) == {"first"}


def test_what_was_decided_anew_stays_as_it_is(store: Store) -> None:
    said(store, "one")
    said(store, "two")
    first = decide(store, SPAM, 1, 2)
    decide(store, APPROVED, 2)

    undone = takes_back(store, first)

    assert (undone.restored, undone.left) == (1, 1)
    assert [entry.status for entry in store.entries()] == [PENDING, APPROVED]


def test_nothing_is_undone_of_what_was_decided_anew_altogether(store: Store) -> None:
    said(store, "one")
    first = decide(store, SPAM, 1)
    decide(store, APPROVED, 1)

    with pytest.raises(NotInThatState, match=f"all of action {first} "):
        takes_back(store, first)

    assert store.entry(1).status is APPROVED


def test_decisions_are_taken_back_one_after_the_other(store: Store) -> None:
    said(store, "one")
    before = store.entries()
    decide(store, APPROVED, 1)
    decide(store, SPAM, 1)
    decide(store, TRASH, 1)

    states = [takes_back(store) and store.entry(1).status for _ in range(3)]

    assert states == [SPAM, APPROVED, PENDING]
    assert store.entries() == before
    with pytest.raises(Impossible, match="nothing to undo"):
        takes_back(store)


def test_thirty_days_are_the_limit(store: Store) -> None:
    said(store, "one")
    said(store, "two")
    first, second = decide(store, SPAM, 1), decide(store, SPAM, 2)
    days = timedelta(days=30)

    store.moderation.undo(first, now=NOON + days - timedelta(seconds=1), by="ada")
    with pytest.raises(Impossible, match=f"action {second} is older than 30 days"):
        store.moderation.undo(second, now=NOON + days, by="ada")

    assert [entry.status for entry in store.entries()] == [PENDING, SPAM]


def test_an_action_is_undone_once(store: Store) -> None:
    said(store, "one")
    action = decide(store, SPAM, 1)
    takes_back(store, action)

    with pytest.raises(Impossible, match="undone already"):
        takes_back(store, action)
    with pytest.raises(Impossible, match=r"action 2 \(undo\) cannot be undone"):
        takes_back(store, 2)
    with pytest.raises(Impossible, match="no action with the number 9"):
        takes_back(store, 9)


def test_the_last_is_the_last_of_who_asks(store: Store) -> None:
    said(store, "one")
    said(store, "two")
    decide(store, SPAM, 1, by="ada")
    decide(store, SPAM, 2, by="ben")

    takes_back(store, by="ada")

    assert [entry.status for entry in store.entries()] == [PENDING, SPAM]


def test_who_may_undo_own_actions_alone_undoes_no_other(store: Store) -> None:
    said(store, "one")
    action = decide(store, SPAM, 1, by="ben")

    with pytest.raises(Impossible, match="another person's"):
        takes_back(store, action, by="ada", only_own=True)


def test_a_decision_that_changes_nothing_is_no_action(store: Store) -> None:
    said(store, "one")
    decide(store, APPROVED, 1)

    decided = store.moderation.decide(chosen(1), APPROVED, now=NOON, by="ada")

    assert (decided.action, decided.moved, decided.unchanged) == (None, (), 1)
    assert len(store.actions.listed(size=9)) == 1


def test_a_suspect_that_was_called_spam_is_a_suspect_again(store: Store) -> None:
    said(store, "one", Verdict(SPAM))
    decide(store, SPAM, 1)
    assert store.entry(1).decided_at == NOON

    takes_back(store)

    assert store.entry(1).decided_at is None


def test_restoring_does_not_believe_what_was_undone(store: Store) -> None:
    said(store, "one", Verdict(SPAM))
    decide(store, APPROVED, 1)
    decide(store, TRASH, 1)
    takes_back(store)
    takes_back(store)

    store.restore([1], now=NOON, by="ada")

    assert store.entry(1).status is PENDING


def test_a_reply_that_is_undone_is_in_the_trash_and_what_it_answers_waits_again(
    store: Store,
) -> None:
    said(store, "question")
    store.answer(1, a_comment("Thanks"), now=NOON, by="ada")
    store.cleaned(2**40)

    takes_back(store)

    assert [entry.status for entry in store.entries()] == [PENDING, TRASH]
    assert dirty_posts(store) == {"first"}


def test_a_correction_is_taken_back_and_kept(store: Store) -> None:
    said(store, "teh text", PUBLIC)
    before = store.entry(1)
    corrected = Wording("Ann", "", "", "", "the text", "<p>the text</p>")
    store.revisions.edit(1, corrected, now=NOON, by="ada")
    store.cleaned(2**40)

    takes_back(store)

    assert store.entry(1) == before
    assert [one.wording.text for one in store.revisions.of(1)] == ["teh text", "the text"]
    assert dirty_posts(store) == {"first"}


def test_a_correction_is_not_taken_back_from_under_a_later_one(store: Store) -> None:
    said(store, "one")
    two, three = (Wording("Ann", "", "", "", text, f"<p>{text}</p>") for text in ("two", "three"))
    first = store.revisions.edit(1, two, now=NOON, by="ada")
    store.revisions.edit(1, three, now=NOON, by="ada")

    with pytest.raises(NotInThatState):
        takes_back(store, first)

    assert store.entry(1).text == "three"


def test_a_post_that_was_closed_by_hand_is_as_it_was(store: Store) -> None:
    store.switches.set("first", Switch(comments=True), now=NOON, by="ada")
    store.switches.set("first", Switch(comments=False), now=NOON, by="ada")

    takes_back(store)
    assert store.switches.of("first") == Switch(comments=True)
    takes_back(store)

    assert store.switches.of("first") == AS_SET
    assert dirty_posts(store) == {"first"}


def rulings(store: Store) -> list[tuple[str, bool, str, str]]:
    return [(one.about.value, one.is_trust, one.note, one.by) for one in store.rulings.listed()]


def test_a_block_that_is_undone_leaves_the_trust_that_stood_before(store: Store) -> None:
    site = about(RulingKind.DOMAIN, "friend.example")
    store.rulings.trust(site, "an old friend", now=NOON, by="jeanne")
    before = rulings(store)
    store.rulings.block(site, now=NOON, by="ada")

    takes_back(store)

    assert rulings(store) == before == [("friend.example", True, "an old friend", "jeanne")]


def test_a_block_of_what_nobody_had_ruled_on_leaves_nothing(store: Store) -> None:
    store.rulings.block(about(RulingKind.DOMAIN, "new.example"), now=NOON, by="ada")

    takes_back(store)

    assert rulings(store) == []


def test_a_block_is_not_undone_from_under_a_later_ruling(store: Store) -> None:
    site = about(RulingKind.DOMAIN, "friend.example")
    store.rulings.block(site, now=NOON, by="ada")
    store.rulings.trust(site, now=NOON, by="jeanne")
    (first,) = [one.id for one in store.actions.listed(size=9) if one.verb == "block"]

    with pytest.raises(NotInThatState):
        takes_back(store, first)

    assert rulings(store) == [("friend.example", True, "", "jeanne")]


def test_the_log_says_who_did_what_and_what_was_undone(store: Store) -> None:
    said(store, "one")
    takes_back(store, decide(store, SPAM, 1), by="ben")

    undoing, spam = store.actions.listed(size=9)

    assert (spam.verb, spam.by, spam.subject, spam.entries) == ("spam", "ada", "1", 1)
    assert (spam.undone_at, undoing.undone_at) == (LATER, None)
    assert (undoing.verb, undoing.by, undoing.subject) == ("undo", "ben", "1")
    assert [one.id for one in store.actions.listed(size=1, before=undoing.id)] == [spam.id]


DEEDS = st.lists(
    st.tuples(st.sampled_from(Status), st.sets(st.integers(1, 4), min_size=1)), max_size=6
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=DEEDS)
def test_whatever_was_decided_undoing_all_of_it_brings_everything_back(tmp_path, deeds) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    (folder / "var").mkdir(parents=True)
    store = a_store(folder)
    for number, status in enumerate(Status):
        verdict = Verdict(status, (Reason("trap", "The hidden field was filled in.", 5.0),))
        store.add(replace(a_comment(f"{number}"), post=f"post {number}"), verdict, NOON)
    before: list[Entry] = store.entries()
    numbers = store.tallies.listed()

    actions = [
        store.moderation.decide(chosen(*ids), status, now=NOON, by="ada").action
        for status, ids in deeds
    ]
    for action in reversed([one for one in actions if one is not None]):
        store.moderation.undo(action, now=LATER, by="ada")

    assert store.entries() == before
    assert [replace(one, waiting=0) for one in store.tallies.listed()] == [
        replace(one, waiting=0) for one in numbers
    ]
    store.close()
