"""The receiver is of no use against anyone: what may wait, and how often another host is called."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from ping_actors import HELLO, SOURCE, Stranger, Worker
from store_actors import HELD, NOON, a_comment, address

from pingback_server.domain.discussion import Kind, Response, Status
from pingback_server.domain.errors import Closed, HostBusy, QueueFull, TooMany
from pingback_server.domain.filters import Filter, Selection
from pingback_server.domain.networks import counted_as
from pingback_server.domain.pings import (
    Budgets,
    Claim,
    Pace,
    PingState,
    Problem,
    ReceivedPing,
    next_look,
    pause_after,
    spread,
)
from pingback_server.domain.shown_pings import ShownPing
from pingback_server.domain.switches import Switch
from pingback_server.store import Door, Seen, Store, Taken, Verification

pytestmark = pytest.mark.usefixtures("engine")

SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=40)
AT_WILL = Pace(pause=timedelta(0), hourly=1000)
SMALL = Budgets(host=3, post=5, network=4, everything=7, source=2)


@pytest.fixture
def kept(store: Store) -> Store:
    """A store of its own, on either engine."""
    return store


def knocks(
    store: Store,
    number: int,
    *,
    host: str = "",
    post: str = "",
    network: str = "",
    page: str = "",
    now: datetime = NOON,
) -> Taken:
    """A ping whose host, post and network are its own unless they are named."""
    host = host or f"host-{number}.example"
    claim = Claim(Kind.PINGBACK, f"https://{host}/{number}", HELLO, network=network)
    door = Door(post or f"post-{number}", page or f"{host}/{number}", host, f"{number:032x}")
    return store.pings.receive(claim, door, now=now, budgets=SMALL)


def takes(store: Store, now: datetime = NOON, pace: Pace | None = None) -> Verification | None:
    return store.pings.take(now, lease=LEASE, by="worker", pace=pace)


def shows(title: str = "A title") -> ShownPing:
    """What a page that links here shows."""
    words = (title, SOURCE, "A site", "", "", "en", "Words", "<p>Words</p>")
    return ShownPing(Response.MENTION, *words, at=NOON)


def waits_for_the_author(
    store: Store, number: int, *, now: datetime = NOON, **same: str
) -> ReceivedPing:
    """A ping that was found to link here."""
    ping = knocks(store, number, now=now, **same).ping
    taken = store.pings.take(now, lease=LEASE, by="worker", pace=AT_WILL, only=ping.id)
    assert taken is not None
    assert store.pings.confirm(taken, shows(), HELD, seen=Seen(), now=now)
    return store.pings.by_number(ping.id)


# ---- what may wait


@pytest.mark.parametrize(
    ("same", "most"),
    [
        ({"host": "one.example"}, 3),
        ({"post": "one"}, 5),
        ({"network": "192.0.2.0/24"}, 4),
        ({"page": "one.example/1"}, 2),
    ],
)
def test_no_more_of_one_kind_may_wait_than_that(
    kept: Store, same: dict[str, str], most: int
) -> None:
    for number in range(most):
        knocks(kept, number, **same)

    with pytest.raises(TooMany) as refused:
        knocks(kept, most, **same)

    assert not isinstance(refused.value, QueueFull)
    assert refused.value.wait == timedelta(minutes=10)
    assert len(kept.pings.listed([PingState.RECEIVED])) == most


def test_no_more_may_wait_in_all_than_that(kept: Store) -> None:
    for number in range(7):
        knocks(kept, number)

    with pytest.raises(QueueFull):
        knocks(kept, 7)


@pytest.mark.parametrize(
    ("same", "most"), [({"host": "one.example"}, 3), ({"post": "one"}, 5)], ids=["host", "post"]
)
def test_no_more_of_one_kind_may_wait_for_the_author_than_that(
    kept: Store, same: dict[str, str], most: int
) -> None:
    for number in range(most):
        waits_for_the_author(kept, number, **same)

    with pytest.raises(TooMany) as refused:
        knocks(kept, most, **same)

    assert not isinstance(refused.value, QueueFull)
    assert refused.value.wait == timedelta(days=1)
    assert not knocks(kept, most).is_known


def test_no_more_may_wait_for_the_author_in_all_than_that(kept: Store) -> None:
    for number in range(7):
        waits_for_the_author(kept, number)

    with pytest.raises(QueueFull) as refused:
        knocks(kept, 7)

    assert refused.value.wait == timedelta(days=1)
    assert knocks(kept, 6).is_known


@pytest.mark.parametrize("status", [Status.APPROVED, Status.SPAM, Status.TRASH])
def test_what_the_author_has_decided_on_leaves_room(kept: Store, status: Status) -> None:
    for number in range(3):
        waits_for_the_author(kept, number, host="one.example")

    kept.decide([2], status, now=NOON, by="author")

    assert not knocks(kept, 3, host="one.example").is_known


def test_a_comment_that_waits_takes_no_room_of_a_ping(kept: Store) -> None:
    for number in range(8):
        kept.add(a_comment(f"Comment {number}", post="one"), HELD, NOON)

    assert not knocks(kept, 1, post="one").is_known


def test_a_repeat_is_known_even_while_nothing_new_is_taken(kept: Store) -> None:
    for number in range(7):
        knocks(kept, number)

    assert knocks(kept, 3).is_known


def test_what_one_network_sent_an_hour_ago_counts_no_more(kept: Store) -> None:
    for number in range(4):
        knocks(kept, number, network="192.0.2.0/24")

    later = NOON + timedelta(hours=1)

    assert not knocks(kept, 4, network="192.0.2.0/24", now=later).is_known


@pytest.mark.covers("PB-S08", "WM-R17")
def test_a_flood_is_refused_politely_in_each_protocol(stranger: Stranger) -> None:
    for number in range(200):
        stranger.blog.store.pings.receive(
            Claim(Kind.PINGBACK, f"{SOURCE}/{number}", HELLO),
            Door(str(number), f"{number}", "stranger.example", f"{number:032x}"),
            now=stranger.clock(),
        )

    answer = stranger.mentions()

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")
    assert stranger.pingbacks() == 49
    assert stranger.trackbacks("/-/trackback/7").startswith("<error>1</error>")
    assert stranger.mentions("https://elsewhere.example/").status_code == 201


def test_when_the_author_has_to_decide_first_each_protocol_says_come_tomorrow(
    stranger: Stranger,
) -> None:
    pings = stranger.blog.store.pings
    for number in range(200):
        pings.receive(
            Claim(Kind.PINGBACK, f"{SOURCE}/{number}", HELLO),
            Door("hello", f"{number}", "stranger.example", f"{number:032x}"),
            now=NOON,
        )
        taken = pings.take(NOON, lease=LEASE, by="worker", pace=AT_WILL)
        assert taken is not None
        pings.confirm(taken, shows(), HELD, seen=Seen(), now=NOON)

    answer = stranger.mentions()

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "86400")
    assert stranger.pingbacks() == 49
    assert stranger.trackbacks("/-/trackback/7").startswith("<error>1</error>")
    assert stranger.mentions("https://elsewhere.example/").status_code == 201


def test_who_says_that_another_sent_it_is_counted_where_it_is(stranger: Stranger) -> None:
    data = {"source": SOURCE, "target": HELLO}

    stranger.reader.posts(
        "/-/webmention",
        data=data,
        headers={"X-Forwarded-For": "203.0.113.9"},
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )

    [ping] = stranger.received()
    assert ping.network == "198.51.100.0/24"


# ---- how often others are called


def test_a_host_is_called_once_a_second_whoever_asks(kept: Store) -> None:
    for number in range(3):
        knocks(kept, number, host="one.example")

    assert takes(kept) is not None
    assert takes(kept) is None
    assert takes(kept, NOON + SECOND - timedelta(microseconds=1)) is None
    assert takes(kept, NOON + SECOND) is not None


def test_a_host_is_called_twenty_times_an_hour(kept: Store) -> None:
    now, taken = NOON, []
    while now < NOON + timedelta(hours=2):
        knocks(kept, len(taken), host="one.example", now=now)
        if (verification := takes(kept, now)) is not None:
            kept.pings.fail(verification, Problem.NO_LINK, "no link", now=now)
            taken.append(now)
        now += timedelta(minutes=2)

    hours = Counter((at - NOON) // timedelta(hours=1) for at in taken)
    assert set(hours.values()) == {20}


@pytest.mark.parametrize("pause", [0, 1797, 3597])
def test_in_no_hour_are_there_more_than_twenty_calls(kept: Store, pause: int) -> None:
    """After the first call nobody calls for so many seconds; then somebody tries all the time."""
    calls, second = [], 0
    while second < 2.2 * 3600:
        try:
            kept.pings.book_hop(["one.example"], now=NOON + timedelta(seconds=second))
            calls.append(second)
            second += 1
        except HostBusy as busy:
            second += int(busy.wait.total_seconds())
        second = max(second, pause)

    in_hours = [sum(begin <= one < begin + 3600 for one in calls) for begin in calls]
    assert max(in_hours) == 20


def test_no_more_than_five_are_called_at_once(kept: Store) -> None:
    for number in range(7):
        knocks(kept, number)

    assert [takes(kept) is not None for _ in range(7)] == [True] * 5 + [False] * 2
    assert takes(kept, NOON + LEASE) is not None


def test_in_an_hour_no_more_are_called_in_all_than_that(kept: Store) -> None:
    pace = Pace(hourly_in_all=3)
    for number in range(5):
        knocks(kept, number)

    assert [takes(kept, pace=pace) is not None for _ in range(4)] == [True] * 3 + [False]

    assert takes(kept, NOON + timedelta(hours=1) - SECOND, pace) is None
    assert takes(kept, NOON + timedelta(minutes=65), pace) is not None


@pytest.mark.parametrize(
    ("ip", "name"),
    [
        ("198.51.100.1", "at 198.51.100.1"),
        ("2a00:1450:4001:81f::200e", "at 2a00:1450:4001:800::/56"),
        ("2a00:1450:4001:8aa::1", "at 2a00:1450:4001:800::/56"),
        ("64:ff9b::c633:6401", "at 198.51.100.1"),
    ],
)
def test_addresses_that_one_customer_has_are_counted_as_one(ip: str, name: str) -> None:
    assert counted_as(ip_address(ip)) == name


def test_a_host_that_waits_does_not_hold_the_others_up(kept: Store) -> None:
    for number in range(3):
        knocks(kept, number, host="one.example")
    knocks(kept, 9)

    hosts = [taken.ping.host for _ in range(2) if (taken := takes(kept)) is not None]

    assert hosts == ["one.example", "host-9.example"]


def test_what_is_put_back_does_not_count_as_tried(kept: Store) -> None:
    knocks(kept, 1)
    taken = takes(kept)
    assert taken is not None

    assert kept.pings.put_back(taken, NOON + timedelta(minutes=1))

    assert takes(kept, NOON + SECOND) is None
    again = takes(kept, NOON + timedelta(minutes=1))
    assert again is not None
    assert again.job.attempts == 1


def test_two_stores_of_one_database_keep_one_pace(kept: Store, tmp_path: Path) -> None:
    other = Store.open(address(tmp_path))
    for number in range(3):
        knocks(kept, number, host="one.example")

    assert takes(kept) is not None
    assert takes(other) is None
    other.close()


def test_however_many_pages_of_a_host_are_named_it_is_called_twenty_times_an_hour(
    stranger: Stranger, worker: Worker
) -> None:
    calls = []
    assert Pace().hourly == 20

    for number in range(30):
        stranger.mentions(f"{SOURCE}/{number}")
        if (taken := worker.takes()) is not None:
            calls.append(stranger.clock())
            stranger.blog.store.pings.fail(taken, Problem.NO_LINK, "", now=stranger.clock())
        stranger.clock.passes(seconds=1)

    assert len(calls) == 20


# ---- what is kept, and for how long


def test_what_failed_is_forgotten_after_thirty_days(kept: Store) -> None:
    knocks(kept, 1)
    taken = takes(kept)
    assert taken is not None
    kept.pings.fail(taken, Problem.NO_LINK, "no link", now=NOON)

    assert kept.pings.tidy(NOON + timedelta(days=29)) == 0
    assert kept.pings.tidy(NOON + timedelta(days=30)) == 1
    assert kept.pings.listed(list(PingState)) == []


def test_of_what_failed_no_more_than_the_latest_are_kept(kept: Store) -> None:
    for number in range(5):
        at = NOON + number * SECOND
        knocks(kept, number, now=at)
        taken = takes(kept, at)
        assert taken is not None
        kept.pings.fail(taken, Problem.NO_LINK, "no link", now=at)

    assert kept.pings.tidy(NOON + timedelta(hours=1), most=2) == 3

    assert [ping.source[-1] for ping in kept.pings.listed(list(PingState))] == ["3", "4"]


def test_of_what_the_author_deleted_no_more_than_the_latest_are_remembered(kept: Store) -> None:
    for number in range(5):
        waits_for_the_author(kept, number, now=NOON + number * SECOND)
    kept.decide(range(1, 6), Status.SPAM, now=NOON, by="author")
    everything = Selection(Filter(), ids=frozenset(range(1, 6)))
    kept.moderation.delete(everything, now=NOON, by="author")

    assert kept.pings.tidy(NOON + timedelta(days=400), most=2) == 3

    assert [ping.source[-1] for ping in kept.pings.listed(list(PingState))] == ["3", "4"]
    assert knocks(kept, 4).is_known


def test_who_links_and_takes_it_back_before_anybody_looked_leaves_nothing(kept: Store) -> None:
    for turn in range(3):
        now = NOON + timedelta(days=turn)
        ping = waits_for_the_author(kept, 1, now=now)
        kept.pings.ask_now(ping.id, now)
        taken = takes(kept, now + SECOND)
        assert taken is not None
        kept.pings.fail(taken, Problem.NO_LINK, "no link", now=now)

    assert kept.entries() == []
    [ping] = kept.pings.listed(list(PingState))
    assert (ping.state, ping.problem, ping.comment) == ("withdrawn", "no-link", None)


def test_a_page_that_always_changes_leaves_its_latest_words_alone(kept: Store) -> None:
    ping = waits_for_the_author(kept, 1)
    for turn in range(1, 31):
        now = NOON + timedelta(days=turn)
        kept.pings.ask_now(ping.id, now)
        taken = takes(kept, now)
        assert taken is not None
        kept.pings.confirm(taken, shows(f"Title {turn}"), HELD, seen=Seen(), now=now)

    said = [revision.wording.title for revision in kept.revisions.of(1)]
    assert sorted(said) == sorted(f"Title {turn}" for turn in range(10, 30))
    assert [entry.title for entry in kept.entries()] == ["Title 30"]


def test_a_change_that_changes_while_it_waits_keeps_what_it_said(kept: Store) -> None:
    ping = waits_for_the_author(kept, 1)
    kept.decide([1], Status.APPROVED, now=NOON, by="author")
    for turn in range(1, 4):
        now = NOON + timedelta(days=turn)
        kept.pings.ask_now(ping.id, now)
        taken = takes(kept, now)
        assert taken is not None
        kept.pings.confirm(taken, shows(f"Title {turn}"), HELD, seen=Seen(), now=now)

    said = [revision.wording.title for revision in kept.revisions.of(2)]
    assert (kept.entry(2).title, said) == ("Title 3", ["Title 1", "Title 2"])


def test_tries_lie_ever_further_apart_and_within_two_days() -> None:
    pauses = [pause_after(failures) for failures in range(1, 6)]

    assert pauses == sorted(pauses)
    assert sum(pauses, timedelta()) < timedelta(hours=48)
    assert pause_after(1, 999_999_999) == timedelta(days=1)


def test_what_waits_for_a_busy_host_rests_up_to_twice_as_long_or_a_minute_more() -> None:
    hour, second = timedelta(hours=1), timedelta(seconds=1)
    first, last = "0" * 32, "f" * 32

    assert (spread(hour, first), spread(hour, last)) == (hour, 2 * hour)
    assert (spread(second, first), spread(second, last)) == (second, 61 * second)
    assert spread(hour, "80000000" + "0" * 24) == pytest.approx(1.5 * hour, abs=second)


def test_looks_lie_ever_further_apart() -> None:
    hour = timedelta(hours=1)

    assert next_look(timedelta()) == hour
    assert next_look(hour) == 23 * hour
    assert next_look(timedelta(days=200)) == timedelta(days=180)


def test_a_post_closed_by_hand_takes_no_ping_whatever_the_door_knew(kept: Store) -> None:
    kept.switches.set("a-post", Switch(pings=False), now=NOON, by="author")

    with pytest.raises(Closed):
        knocks(kept, 1, post="a-post")

    assert kept.pings.listed(list(PingState)) == []
    assert not knocks(kept, 1, post="another").is_known
