"""Which pages have to be made anew: marked with what changed them, forgotten only when done."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from store_actors import NOON, PUBLIC, a_store, said

from pingback_server.store import Dirty, Store, Waiting

LATER = NOON + timedelta(minutes=3)


def test_clean_is_none(store: Store) -> None:
    assert store.dirty() is None


def test_marking_nothing_is_nothing(store: Store) -> None:
    store.mark_dirty([], NOON)

    assert store.dirty() is None


def test_every_one_of_many_pages_marked_at_once_is_marked(store: Store) -> None:
    posts = [f"post-{number}" for number in range(1, 2502)]
    store.mark_dirty(posts, NOON)

    assert store.dirty() == Dirty(2501, frozenset(posts), NOON)


def test_marks_come_together_with_the_instant_of_the_first(store: Store) -> None:
    store.mark_dirty(["a", "b"], LATER)
    store.mark_dirty(["a"], NOON)

    assert store.dirty() == Dirty(3, frozenset({"a", "b"}), NOON)
    assert store.waiting() == Waiting(jobs=0, dirty=2, oldest_dirty=NOON, pending=0)


def test_what_is_marked_while_the_press_works_stays(store: Store) -> None:
    store.mark_dirty(["a", "b"], NOON)
    work = store.dirty()
    assert work is not None
    store.mark_dirty(["b"], LATER)

    store.cleaned(work.upto)

    assert store.dirty() == Dirty(3, frozenset({"b"}), LATER)


def test_a_mark_made_after_all_were_taken_off_has_a_greater_number(store: Store) -> None:
    store.mark_dirty(["a"], NOON)
    store.cleaned(1)
    store.mark_dirty(["b"], NOON)

    store.cleaned(1)

    assert store.dirty() == Dirty(2, frozenset({"b"}), NOON)


def test_a_mark_outlives_the_store_that_made_it(store: Store, tmp_path: Path) -> None:
    said(store, "public", PUBLIC)
    store.close()

    reopened = a_store(tmp_path)

    dirty = reopened.dirty()
    assert dirty is not None
    assert dirty.posts == {"first"}
    reopened.close()
