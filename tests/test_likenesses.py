"""What is nearly the same is found across posts, and what was called spam once is known again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from store_actors import HELD, NOON, a_comment

from pingback_server.deeds.weigh import weigh
from pingback_server.domain.discussion import Status, Submission, Verdict
from pingback_server.domain.filters import Filter, Selection
from pingback_server.domain.likeness import features, likeness, same_website, shingles
from pingback_server.store import Job, Store, Weighed, Wording

SOLD = "I found the best {what} at this shop, delivery took two days and the price was very good"

HARMLESS = "An honest word about the post that has nothing to do with shops"


def arrives(
    store: Store, text: str, *, post: str = "first", verdict: Verdict = HELD, **fields: str
) -> int:
    """Something arrives, and the worker weighs it."""
    submission: Submission = replace(a_comment(text, post=post), **fields)  # type: ignore[arg-type]
    added = store.add(submission, verdict, NOON)
    weigh(Job(1, "notify", added.id, 1), store, NOON)
    return added.id


def test_texts_that_differ_in_a_word_are_nearly_the_same() -> None:
    one, other = shingles(SOLD.format(what="watches")), shingles(SOLD.format(what="handbags"))

    assert likeness(one, other) > 0.5
    assert set(features(SOLD.format(what="watches"), "")) & set(
        features(SOLD.format(what="handbags"), "")
    )


def test_case_accents_signs_and_addresses_make_no_difference() -> None:
    one = shingles("Où l'on vend des montres, très peu chères : https://a.example/1")
    other = shingles("OU L’ON VEND *DES* MONTRES tres peu cheres https://b.example/2")

    assert likeness(one, other) == 1.0


def test_what_many_say_by_chance_is_no_likeness() -> None:
    assert shingles("Merci beaucoup !") == frozenset()
    assert features("Merci !", "") == []


def test_a_front_page_and_a_page_of_it_are_different_websites() -> None:
    assert same_website("https://www.shop.example/x/", "http://shop.example/x")
    assert not same_website("https://shop.example/x", "https://shop.example/")
    assert not same_website("", "")


def test_a_campaign_is_one_cluster_across_posts_named_by_its_first(store: Store) -> None:
    first = arrives(store, SOLD.format(what="watches"))
    honest = arrives(store, "An honest word about the post that has nothing to do with shops")
    second = arrives(store, SOLD.format(what="handbags"), post="second", author="Bob")
    third = arrives(store, SOLD.format(what="shoes"), post="third", author="Eve")

    clusters = {entry.id: entry.cluster for entry in store.entries()}
    assert clusters == {first: first, honest: None, second: first, third: first}


def test_what_was_sent_again_and_again_says_so(store: Store) -> None:
    for what in ("watches", "handbags", "shoes"):
        last = arrives(store, SOLD.format(what=what), author=what)

    entry = store.entry(last)
    assert entry.reasons[-1].rule == "repeated"
    assert entry.reasons[-1].words == "Nearly the same came 2 times before, first as number 1."
    assert entry.score == pytest.approx(1.0)
    assert entry.status is Status.PENDING


def test_the_same_website_under_another_name_is_a_cluster(store: Store) -> None:
    first = arrives(store, "Something about tea and how to pour it", url="https://shop.example/x")
    arrives(store, "Quite other words on bicycles", url="http://shop.example/x/", author="Bob")

    assert store.entry(2).cluster == first


def test_what_is_nearly_the_same_as_marked_spam_becomes_a_suspect(store: Store) -> None:
    marked = arrives(store, SOLD.format(what="watches"))
    store.decide([marked], Status.SPAM, now=NOON, by="author")

    public = Verdict(Status.APPROVED)
    again = arrives(store, SOLD.format(what="shoes"), author="Eve", verdict=public)

    entry = store.entry(again)
    assert (entry.status, entry.decided_at) == (Status.SPAM, None)
    assert (
        entry.reasons[-1].words
        == f"It is nearly the same as number {marked}, which was marked as spam."
    )
    assert store.dirty() is not None


def test_a_human_s_decision_is_not_touched_by_what_is_found_later(store: Store) -> None:
    marked = arrives(store, SOLD.format(what="watches"))
    store.decide([marked], Status.SPAM, now=NOON, by="author")
    added = store.add(replace(a_comment(SOLD.format(what="shoes")), author="Eve"), HELD, NOON)
    store.decide([added.id], Status.APPROVED, now=NOON, by="author")

    weigh(Job(1, "notify", added.id, 1), store, NOON)

    assert store.entry(added.id).status is Status.APPROVED


def test_weighing_twice_is_as_weighing_once(store: Store) -> None:
    for what in ("watches", "handbags", "shoes"):
        last = arrives(store, SOLD.format(what=what), author=what)
    once = store.entry(last)

    weigh(Job(1, "notify", last, 2), store, NOON)

    assert store.entry(last) == once


def test_the_like_of_more_than_thirty_days_ago_is_not_looked_for(store: Store) -> None:
    arrives(store, SOLD.format(what="watches"))
    later = NOON + timedelta(days=31)
    added = store.add(a_comment(SOLD.format(what="shoes")), HELD, later)

    weigh(Job(1, "notify", added.id, 1), store, later)

    assert store.entry(added.id).cluster is None


# Other words


def of_campaign(store: Store) -> list[int]:
    """Three that are nearly the same."""
    goods = ("watches", "handbags", "shoes")
    return [arrives(store, SOLD.format(what=what), author=what) for what in goods]


def says(store: Store, id: int, words: str) -> int | None:
    """Somebody at the desk has the entry say something else; the number of the action."""
    said = Wording("Ann", "", "", "", words, f"<p>{words}</p>")
    return store.revisions.edit(id, said, now=NOON + timedelta(minutes=1), by="ada")


def rows_of(store: Store) -> list[tuple[int, int]]:
    """The rows of the queue, with how many more are like each."""
    return [(row.entry.id, row.alike) for row in store.search.page(Filter(), size=9).rows]


def test_what_says_other_words_stands_for_its_copies_no_longer(store: Store) -> None:
    first, second, third = of_campaign(store)
    assert rows_of(store) == [(first, 2)]

    says(store, first, HARMLESS)
    store.moderation.decide(
        Selection(Filter(), clusters=frozenset({first})), Status.APPROVED, now=NOON, by="ada"
    )

    assert rows_of(store) == [(second, 1)]
    assert [store.entry(one).status for one in (second, third)] == [Status.PENDING] * 2


def test_its_copies_stay_together_when_it_is_weighed_again(store: Store) -> None:
    first, second, _ = of_campaign(store)

    says(store, first, HARMLESS)
    weigh(Job(1, "notify", first, 1), store, NOON)

    assert rows_of(store) == [(first, 0), (second, 1)]


def test_a_copy_that_says_other_words_leaves_the_row(store: Store) -> None:
    first, second, _ = of_campaign(store)

    says(store, second, HARMLESS)

    assert rows_of(store) == [(first, 1), (second, 0)]


def test_a_change_that_is_undone_brings_no_copies_below_other_words(store: Store) -> None:
    first, second, third = of_campaign(store)
    says(store, first, HARMLESS)
    change = says(store, first, "Other words that nobody else has ever written below this post")
    assert change is not None

    store.moderation.undo(change, now=NOON + timedelta(minutes=2), by="ada")

    assert store.entry(first).text == HARMLESS
    assert {store.entry(one).cluster for one in (second, third)} == {second}


@pytest.mark.parametrize(("changed", "stands_under"), [(1, 2), (3, None)])
def test_what_changes_while_it_is_weighed_is_like_nothing(
    store: Store, changed: int, stands_under: int | None
) -> None:
    of_campaign(store)
    *older, seen = store.entries()

    says(store, changed, HARMLESS)
    store.likenesses.weighed(seen, Weighed([], alike=older), NOON)

    assert store.entry(3).cluster == stands_under
