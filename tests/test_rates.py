"""How much is taken at once: from a network, below a post and in all, in bounded memory."""

from __future__ import annotations

from datetime import timedelta

from actors import NOON, BlogFolder, Clock, Reader, visit

from pingback_server.domain.discussion import Status
from pingback_server.domain.rules.case import Crowd
from pingback_server.web.rates import MOST_KEYS, Rates

HERE, THERE = "192.0.2.0/24", "198.51.100.0/24"


def test_a_network_a_post_and_the_blog_are_counted_apart() -> None:
    rates = Rates()

    assert rates.count(HERE, "one", NOON) == Crowd(1, 1, 1)
    assert rates.count(THERE, "one", NOON) == Crowd(1, 2, 2)
    assert rates.count(HERE, "two", NOON) == Crowd(2, 1, 3)
    assert rates.count("", "two", NOON) == Crowd(0, 2, 4)


def test_the_window_slides() -> None:
    rates = Rates()
    for _ in range(10):
        rates.count(HERE, "one", NOON)

    assert rates.count(HERE, "one", NOON + timedelta(minutes=15)).network == 6
    assert rates.count(HERE, "one", NOON + timedelta(minutes=19)).network == 3
    assert rates.count(HERE, "one", NOON + timedelta(hours=5)).network == 1


def test_memory_is_bounded_however_many_networks_come() -> None:
    rates = Rates()

    for number in range(MOST_KEYS + 500):
        crowd = rates.count(f"2001:db8:{number:x}::/56", "one", NOON)

    assert crowd.network == 1
    assert crowd.blog == MOST_KEYS + 500
    assert len(rates._present) <= MOST_KEYS + 1


def from_network(blog: BlogFolder, clock: Clock, ip: str) -> Reader:
    reader = visit(blog, clock)
    reader._client.environ_base["REMOTE_ADDR"] = ip
    return reader


def test_a_network_over_its_rate_is_refused_with_429_and_the_text_kept(
    blog: BlogFolder, clock: Clock
) -> None:
    stranger = from_network(blog, clock, "192.0.2.1")
    for number in range(20):
        assert stranger.comments(comment=f"Number {number}.").status_code == 303

    answer = stranger.comments(comment="One too many.")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")
    page = answer.get_data(as_text=True)
    assert stranger.form_of(page).fields["comment"] == "One too many."
    assert len(blog.store.entries()) == 20


def test_what_is_stored_is_answered_the_same_when_its_network_has_no_room_left(
    blog: BlogFolder, clock: Clock
) -> None:
    reader = from_network(blog, clock, "192.0.2.7")
    answers = [reader.comments(comment=f"Number {number}.") for number in range(20)]

    again = [reader.comments(comment=f"Number {number}.") for number in (0, 19)]
    new = reader.comments(comment="Number 20.")

    assert [answer.location for answer in again] == [answers[0].location, answers[19].location]
    assert new.status_code == 429
    assert len(blog.store.entries()) == 20


def test_what_was_refused_is_taken_when_there_is_room_again(blog: BlogFolder, clock: Clock) -> None:
    stranger = from_network(blog, clock, "192.0.2.1")
    for number in range(21):
        answer = stranger.comments(comment=f"Number {number}.")
    clock.passes(minutes=20)

    again = stranger.sends(answer.get_data(as_text=True))

    assert (answer.status_code, again.status_code) == (429, 303)


def test_readers_behind_a_proxy_that_nobody_named_are_not_taken_for_one(
    reader: Reader, blog: BlogFolder
) -> None:
    for number in range(30):
        assert reader.comments(comment=f"Number {number}.").status_code == 303

    assert {entry.whence.network for entry in blog.store.entries()} == {""}


def test_where_it_came_from_is_kept_with_a_comment(blog: BlogFolder, clock: Clock) -> None:
    from_network(blog, clock, "192.0.2.77").comments()

    whence = blog.store.entry(1).whence
    assert (whence.ip, whence.network) == ("192.0.2.77", "192.0.2.0/24")


def test_in_a_crowd_comments_are_taken_and_wait_with_the_reason(
    reader: Reader, blog: BlogFolder
) -> None:
    blog.configure(
        'DISCUSSION = {"close_after_days": 30_000, "moderation": "suspects", '
        '"comments_per_post": 2}'
    )
    blog.build()

    for number in range(3):
        assert reader.comments(comment=f"Number {number}.").status_code == 303

    entries = blog.store.entries()
    assert [entry.status for entry in entries] == [Status.APPROVED] * 2 + [Status.PENDING]
    assert entries[-1].reasons[0].rule == "busy-post"
