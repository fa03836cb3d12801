"""What the author decides: which states follow, what is undone how, and which pages it concerns."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from store_actors import HELD, NOON, PUBLIC, a_comment, a_store, said

from pingback_server.domain.discussion import Status, Verdict
from pingback_server.domain.errors import Invalid, NoSuchComment, NotInThatState
from pingback_server.store import Added, Store

PENDING, APPROVED, SPAM, TRASH = Status
THROWN_AWAY = {SPAM, TRASH}


def decide(store: Store, status: Status, *ids: int) -> list[Status]:
    return [entry.status for entry in store.decide(ids, status, now=NOON, by="author")]


def restore(store: Store, *ids: int) -> list[Status]:
    return [entry.status for entry in store.restore(ids, now=NOON, by="author")]


def dirty_posts(store: Store) -> set[str]:
    dirty = store.dirty()
    return set() if dirty is None else set(dirty.posts)


@pytest.mark.parametrize("was", Status)
@pytest.mark.parametrize("becomes", Status)
def test_a_decision_leads_from_any_state_to_any(store: Store, was: Status, becomes: Status) -> None:
    said(store, "one", Verdict(was))
    store.cleaned(2**40)

    assert decide(store, becomes, 1) == [becomes]

    assert store.entry(1).status is becomes
    is_public_change = was is not becomes and APPROVED in (was, becomes)
    assert dirty_posts(store) == ({"first"} if is_public_change else set())


def test_a_decision_changes_the_state_and_says_since_when(store: Store) -> None:
    said(store, "one")
    arrived = store.entry(1)
    later = NOON + timedelta(days=2)

    store.decide([1], APPROVED, now=later, by="author")

    assert arrived.decided_at is None
    assert store.entry(1) == replace(arrived, status=APPROVED, decided_at=later)


def test_many_are_decided_at_once_and_come_back_as_asked(store: Store) -> None:
    for number in range(4):
        said(store, str(number))

    entries = store.decide([4, 2, 4, 1], SPAM, now=NOON, by="author")

    assert [entry.id for entry in entries] == [4, 2, 1]
    assert len(store.entries({SPAM})) == 3


def test_a_decision_on_what_is_missing_changes_nothing_and_names_all(store: Store) -> None:
    said(store, "one")

    with pytest.raises(NoSuchComment, match="7, 9"):
        decide(store, APPROVED, 1, 7, 9)

    assert store.entry(1).status is PENDING
    assert store.dirty() is None


@pytest.mark.parametrize(
    ("born", "decisions", "restored"),
    [
        (PENDING, [TRASH], PENDING),
        (PENDING, [SPAM], PENDING),
        (APPROVED, [TRASH], APPROVED),
        (PENDING, [APPROVED, SPAM], APPROVED),
        (APPROVED, [SPAM, TRASH], APPROVED),
        (APPROVED, [TRASH, PENDING, SPAM], PENDING),
        (SPAM, [], PENDING),
        (SPAM, [TRASH], PENDING),
        (SPAM, [APPROVED, TRASH], APPROVED),
        (SPAM, [TRASH, SPAM], PENDING),
    ],
)
def test_restoring_leads_back_to_where_it_was_thrown_away(
    store: Store, born: Status, decisions: list[Status], restored: Status
) -> None:
    said(store, "one", Verdict(born))
    for status in decisions:
        decide(store, status, 1)
    store.cleaned(2**40)

    assert restore(store, 1) == [restored]

    assert dirty_posts(store) == ({"first"} if restored is APPROVED else set())


def test_restoring_what_is_not_thrown_away_changes_nothing(store: Store) -> None:
    said(store, "one", Verdict(SPAM))
    said(store, "two", PUBLIC)

    with pytest.raises(NotInThatState, match="2 is approved"):
        restore(store, 1, 2)

    assert store.entry(1).status is SPAM


def test_restoring_what_is_missing_changes_nothing(store: Store) -> None:
    said(store, "one", Verdict(SPAM))

    with pytest.raises(NoSuchComment, match="5"):
        restore(store, 1, 5)

    assert store.entry(1).status is SPAM


def answer(store: Store, parent: int, text: str = "Thanks", post: str = "first") -> Added:
    return store.answer(parent, a_comment(text, post=post), now=NOON, by="author")


def test_an_answer_publishes_itself_and_what_it_answers(store: Store) -> None:
    said(store, "question")

    added = answer(store, 1)

    assert added == Added(2, APPROVED, is_repeat=False)
    question, reply = store.published()["first"]
    assert (question.id, reply.parent, reply.is_by_author) == (1, 1, True)
    assert dirty_posts(store) == {"first"}


def test_an_answer_given_twice_is_one(store: Store) -> None:
    said(store, "question")
    answer(store, 1)

    assert answer(store, 1) == Added(2, APPROVED, is_repeat=True)


def test_an_answer_given_twice_does_not_undo_what_was_decided_in_between(store: Store) -> None:
    said(store, "question")
    answer(store, 1)
    decide(store, PENDING, 1)

    answer(store, 1)

    assert store.entry(1).status is PENDING


def test_a_strangers_copy_of_an_answer_does_not_swallow_it(store: Store) -> None:
    said(store, "question")
    store.add(a_comment("Thanks", parent=1), HELD, NOON)

    assert answer(store, 1) == Added(3, APPROVED, is_repeat=False)


@pytest.mark.parametrize("status", THROWN_AWAY)
def test_spam_and_trash_are_not_answered(store: Store, status: Status) -> None:
    said(store, "junk", Verdict(status))

    with pytest.raises(NotInThatState, match=status):
        answer(store, 1)

    assert len(store.entries()) == 1


def test_an_answer_to_nothing_says_so(store: Store) -> None:
    with pytest.raises(NoSuchComment):
        answer(store, 1)


def test_an_answer_under_another_post_is_invalid_and_approves_nothing(store: Store) -> None:
    said(store, "question")

    with pytest.raises(Invalid):
        answer(store, 1, post="second")

    assert store.entry(1).status is PENDING


class Moderation(RuleBasedStateMachine):
    """The store beside a model of it: states, their history, and the posts to publish again."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="permalien-moderation-"))
        self.store = a_store(self.folder)
        self.status: dict[int, Status] = {}
        self.before: dict[int, Status] = {}
        self.dirty: set[str] = set()
        self.seen: tuple[int, set[str]] | None = None

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def post(self, id: int) -> str:
        return f"post {id % 3}"

    def move(self, id: int, status: Status) -> None:
        was = self.status[id]
        if was is not status and APPROVED in (was, status):
            self.touch(self.post(id))
        if was not in THROWN_AWAY and status in THROWN_AWAY:
            self.before[id] = was
        self.status[id] = status

    def touch(self, post: str) -> None:
        self.dirty.add(post)
        if self.seen is not None:
            self.seen[1].add(post)

    @rule(status=st.sampled_from(Status))
    def somebody_comments(self, status: Status) -> None:
        id = len(self.status) + 1
        comment = replace(a_comment(f"comment {id}"), post=self.post(id))
        assert self.store.add(comment, Verdict(status), NOON).id == id
        self.status[id] = status
        if status is APPROVED:
            self.touch(self.post(id))

    @precondition(lambda self: self.status)
    @rule(data=st.data(), status=st.sampled_from(Status))
    def the_author_decides(self, data: st.DataObject, status: Status) -> None:
        ids = data.draw(st.lists(st.sampled_from(sorted(self.status)), max_size=4))
        self.store.decide(ids, status, now=NOON, by="author")
        for id in ids:
            self.move(id, status)

    @precondition(lambda self: THROWN_AWAY & set(self.status.values()))
    @rule(data=st.data())
    def the_author_restores(self, data: st.DataObject) -> None:
        thrown = [id for id, status in self.status.items() if status in THROWN_AWAY]
        id = data.draw(st.sampled_from(thrown))
        self.store.restore([id], now=NOON, by="author")
        self.move(id, self.before.get(id, PENDING))

    @rule()
    def the_press_looks(self) -> None:
        dirty = self.store.dirty()
        assert (set() if dirty is None else set(dirty.posts)) == self.dirty
        self.seen = None if dirty is None else (dirty.upto, set())

    @precondition(lambda self: self.seen is not None)
    @rule()
    def the_press_has_published(self) -> None:
        assert self.seen is not None
        upto, self.dirty = self.seen
        self.store.cleaned(upto)
        self.seen = None

    @invariant()
    def the_store_says_what_the_model_says(self) -> None:
        assert {entry.id: entry.status for entry in self.store.entries()} == self.status
        public = {one.id for said in self.store.published().values() for one in said}
        assert public == {id for id, status in self.status.items() if status is APPROVED}
        assert dirty_posts(self.store) == self.dirty


Moderation.TestCase.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
TestModeration = Moderation.TestCase
