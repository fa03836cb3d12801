"""What was decided can be taken back for thirty days, exactly, in one commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_actors import NOON, PUBLIC, a_comment, a_store, said

from pingback_server.deeds.undo import undo
from pingback_server.domain.actions import EVERYTHING, Reach, Verb
from pingback_server.domain.discussion import Entry, Reason, Status, Verdict
from pingback_server.domain.errors import Impossible, NotInThatState
from pingback_server.domain.filters import chosen
from pingback_server.domain.retention import limits
from pingback_server.domain.rulings import RulingKind, about
from pingback_server.domain.settings import DiscussionSettings
from pingback_server.domain.switches import AS_SET, Switch
from pingback_server.store import Store, Wording

PENDING, APPROVED, SPAM, TRASH = Status
LATER = NOON + timedelta(days=29)


def decide(store: Store, status: Status, *ids: int, by: str = "ada") -> int:
    action = store.moderation.decide(chosen(*ids), status, now=NOON, by=by).action
    assert action is not None
    return action


def takes_back(store: Store, action: int | None = None, by: str = "ada", reach: Reach = EVERYTHING):
    return undo(action, reach, store=store, now=LATER, by=by)


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


def decided_anew(store: Store) -> None:
    decide(store, SPAM, 2)
    decide(store, APPROVED, 2, by="ben")


def ruled_and_lifted(store: Store) -> None:
    site = about(RulingKind.DOMAIN, "shop.example")
    store.rulings.block(site, now=NOON, by="ada")
    store.rulings.unblock(site)


def corrected_anew(store: Store) -> None:
    for by in ("ada", "ben"):
        store.revisions.edit(2, Wording("Ann", "", "", "", by, by), now=NOON, by=by)


def switched_anew(store: Store) -> None:
    store.switches.set("first", Switch(comments=True), now=NOON, by="ada")
    store.switches.set("first", AS_SET, now=NOON, by="ben")


@pytest.mark.parametrize(
    "overtaken", [decided_anew, ruled_and_lifted, corrected_anew, switched_anew]
)
def test_the_last_is_the_last_of_which_something_is_left(
    store: Store, overtaken: Callable[[Store], None]
) -> None:
    said(store, "one")
    said(store, "two")
    first = decide(store, SPAM, 1)
    overtaken(store)

    undone = takes_back(store)

    assert undone.action.id == first
    assert store.entry(1).status is PENDING


@pytest.mark.parametrize(
    "reach",
    [Reach(posts=frozenset({"first"})), Reach(frozenset({Verb.HOLD})), Reach(by="ben")],
    ids=["posts", "verbs", "by"],
)
def test_nothing_beyond_somebody_s_reach_is_undone(store: Store, reach: Reach) -> None:
    said(store, "one", post="first")
    said(store, "two", post="second")
    action = decide(store, SPAM, 1, 2)

    with pytest.raises(Impossible, match="not yours"):
        takes_back(store, action, reach=reach)
    with pytest.raises(Impossible, match="nothing to undo"):
        takes_back(store, reach=reach)

    assert {entry.status for entry in store.entries()} == {SPAM}


@pytest.mark.parametrize("post", ["first", "second"])
def test_a_correction_and_a_switch_are_within_reach_by_their_post(store: Store, post: str) -> None:
    said(store, "one", post=post)
    store.revisions.edit(1, Wording("Ann", "", "", "", "1", "1"), now=NOON, by="ada")
    store.switches.set(post, Switch(comments=True), now=NOON, by="ada")

    found = store.actions.listed(size=9)
    reach = Reach(posts=frozenset({"first"}))

    assert store.moderation.undoable(found, reach, NOON) == ({1, 2} if post == "first" else set())


def test_who_may_undo_own_actions_alone_undoes_no_other(store: Store) -> None:
    said(store, "one")
    action = decide(store, SPAM, 1, by="ben")

    with pytest.raises(Impossible, match="not yours"):
        takes_back(store, action, reach=Reach(by="ada"))


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


def test_corrections_are_taken_back_one_after_the_other(store: Store) -> None:
    said(store, "one", PUBLIC)
    before = store.entry(1)
    for text in ("two", "three", "four"):
        wording = Wording("Ann", "ann@example.org", "", "", text, f"<p>{text}</p>")
        store.revisions.edit(1, wording, now=NOON, by="ada")

    texts = [takes_back(store) and store.entry(1).text for _ in range(3)]

    assert texts == ["three", "two", "one"]
    assert store.entry(1) == before
    with pytest.raises(Impossible, match="nothing to undo"):
        takes_back(store)


def test_a_correction_whose_former_text_is_forgotten_stays(store: Store) -> None:
    said(store, "one")
    two = Wording("Ann", "", "", "", "two", "<p>two</p>")
    action = store.revisions.edit(1, two, now=NOON, by="ada")
    soon = NOON + timedelta(days=8)
    over = limits(DiscussionSettings(keep_trash_days=7), soon)
    assert store.retention.delete_some("earlier wordings", over) == 1

    with pytest.raises(NotInThatState):
        store.moderation.undo(action or 0, now=soon, by="ada")

    assert store.entry(1).text == "two"


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


def test_rulings_on_one_subject_are_taken_back_one_after_the_other(store: Store) -> None:
    site = about(RulingKind.DOMAIN, "friend.example")
    store.rulings.block(site, "at first", now=NOON, by="ada")
    store.rulings.trust(site, "then", now=NOON, by="ada")
    store.rulings.block(site, "again", now=NOON, by="ada")

    left = [takes_back(store) and [one[2] for one in rulings(store)] for _ in range(3)]

    assert left == [["then"], ["at first"], []]


def test_the_door_sees_that_a_ruling_stands_again(store: Store) -> None:
    site = about(RulingKind.DOMAIN, "friend.example")
    store.rulings.trust(site, now=NOON, by="ada")
    store.rulings.block(site, now=NOON, by="ada")
    assert store.rulings.recent(NOON).blocks_host("friend.example")

    takes_back(store)

    assert store.rulings.recent(LATER).trusts_host("friend.example")


def test_what_a_block_swept_out_comes_back_with_it(store: Store) -> None:
    said(store, "see https://shop.example/x")
    said(store, "see https://shop.example/y", PUBLIC)
    before = store.entries()
    site = about(RulingKind.DOMAIN, "shop.example")
    store.rulings.block(site, now=NOON, by="ada", sweep=True)
    assert [(one.verb, one.entries) for one in store.actions.listed(size=9)] == [("block", 2)]

    takes_back(store)

    assert (store.entries(), rulings(store)) == (before, [])


def test_what_was_swept_out_comes_back_when_another_ruling_stands(store: Store) -> None:
    said(store, "see https://shop.example/x")
    site = about(RulingKind.DOMAIN, "shop.example")
    store.rulings.block(site, now=NOON, by="ada", sweep=True)
    store.rulings.trust(site, now=NOON, by="jeanne")

    undone = takes_back(store)

    assert (undone.restored, undone.left) == (1, 1)
    assert store.entry(1).status is PENDING
    assert rulings(store) == [("shop.example", True, "", "jeanne")]


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
