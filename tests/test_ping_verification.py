"""A ping is verified: one final state, applied once, and nobody's decision undone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from itertools import pairwise

import pytest
from actors import NOON
from ping_actors import HELLO, SITE, SOURCE, Neighbour, Stranger, Worker, a_page
from store_actors import HELD, a_comment

from pingback_server.deeds.delete import delete
from pingback_server.deeds.edit import Correction, edit
from pingback_server.deeds.purge import purge
from pingback_server.deeds.verify_ping import LEASE
from pingback_server.deeds.weigh import weigh
from pingback_server.domain.actions import VERBS, Reach, Verb
from pingback_server.domain.bayes import words_of_entry
from pingback_server.domain.discussion import Entry, Response, Status
from pingback_server.domain.errors import (
    FetchFailed,
    FetchRefused,
    HostBusy,
    NotInThatState,
    PageUnreadable,
)
from pingback_server.domain.filters import chosen
from pingback_server.domain.pings import PingState, Problem
from pingback_server.domain.rulings import RulingKind, about
from pingback_server.domain.settings import DiscussionSettings
from pingback_server.domain.source_pages import SourcePage
from pingback_server.domain.web_addresses import read_web_address
from pingback_server.fetch import BeforeCall, Page
from pingback_server.manifest import PublishedBlog
from pingback_server.processes import Limits, read_source
from pingback_server.store import Job, Store, Undone, Wording

pytestmark = pytest.mark.usefixtures("engine")

covers = pytest.mark.covers
LINK = f'<p>I read <a href="{HELLO}">this post</a> and agree.</p>'


def one(worker: Worker, status: Status = Status.PENDING) -> Entry:
    """The only item in that state."""
    [entry] = worker.blog.store.entries([status])
    return entry


def decided(worker: Worker, entry: Entry, status: Status) -> None:
    worker.blog.store.decide([entry.id], status, now=worker.clock(), by="author")


def stands(stranger: Stranger, worker: Worker) -> None:
    """A mention comes, is verified and approved."""
    stranger.mentions()
    scripted(worker)
    worker.verifies()
    decided(worker, one(worker), Status.APPROVED)


def published(worker: Worker) -> list[str]:
    """The titles of the pings that a build would list now."""
    said = worker.blog.store.published().get("hello", ())
    return [item.title for item in said if item.is_ping]


def says(**more: object) -> SourcePage:
    """What a page that links here says."""
    values = {
        "links": True,
        "shown_url": SOURCE,
        "title": "A title",
        "site": "stranger.example",
        "excerpt": "… these words …",
        **more,
    }
    return SourcePage(**values)  # type: ignore[arg-type]


def scripted(worker: Worker, page: SourcePage | None = None, status: int = 200) -> None:
    """Have every source answer so."""
    worker.get = lambda url, known, before_call: a_page(status)
    worker.read = lambda found, target, at: page or says()


# ---- for real: a page next door


@covers("WM-R10", "PB-S10")
@pytest.mark.parametrize("protocol", ["webmention", "pingback", "trackback"])
def test_a_page_that_links_here_waits_for_the_author_whatever_it_came_by(
    stranger: Stranger, worker: Worker, neighbour: Neighbour, protocol: str
) -> None:
    source = neighbour.writes("/a", LINK, title="Neighbour’s\n  page | Next door")
    if protocol == "webmention":
        assert stranger.mentions(source).status_code == 201
    elif protocol == "pingback":
        assert isinstance(stranger.pingbacks(source), str)
    else:
        assert stranger.trackbacks("/-/trackback/7", url=source) == "<error>0</error>"

    ping = worker.verifies()

    assert (ping.state, ping.fetches, ping.problem) == ("verified", 1, "")
    entry = one(worker)
    assert (entry.kind, entry.post, entry.url) == (protocol, "hello", source)
    assert entry.title == "Neighbour’s page | Next door"
    assert "I read this post and agree." in entry.text
    assert [reason.rule for reason in entry.reasons] == ["ping"]
    assert ping.comment == entry.id


@covers("WM-R12")
def test_the_source_is_asked_in_our_name_and_for_what_we_read(
    stranger: Stranger, worker: Worker, neighbour: Neighbour
) -> None:
    stranger.mentions(neighbour.writes("/a", LINK))

    worker.verifies()

    [(path, headers)] = neighbour.asked
    assert path == "/a"
    assert headers["Accept"].startswith("text/html")
    assert headers["User-Agent"] == "Permalien (test)"
    assert "Referer" not in headers
    assert "Cookie" not in headers


@covers("PB-S04", "WM-R14")
@pytest.mark.parametrize(
    "text",
    [
        "<p>No link at all.</p>",
        f"<!-- {LINK} -->",
        f"<p>{HELLO}</p>",
        LINK.replace("hello/", "hello/2/"),
    ],
)
def test_a_page_without_the_link_has_failed_and_its_sender_is_told_what_to_mend(
    stranger: Stranger, worker: Worker, neighbour: Neighbour, text: str
) -> None:
    status = stranger.mentions(neighbour.writes("/a", text)).headers["Location"]

    ping = worker.verifies()

    assert (ping.state, ping.problem) == ("failed", "no-link")
    assert worker.blog.store.entries() == []
    page = stranger.reader.opens(f"/-/pings/{status.rpartition('/')[2]}").get_data(as_text=True)
    assert "no link to the post was found in it. Put a link to the post into its text" in page


@covers("WM-R18", "WM-R19")
def test_a_mention_that_comes_again_brings_the_new_words(
    stranger: Stranger, worker: Worker, neighbour: Neighbour
) -> None:
    source = neighbour.writes("/a", LINK)
    stranger.mentions(source)
    worker.verifies()
    neighbour.writes("/a", LINK.replace("agree", "disagree"), title="Second thoughts")

    assert stranger.mentions(source).status_code == 201
    worker.looks_again(seconds=10)

    entry = one(worker)
    assert (entry.title, "disagree" in entry.text) == ("Second thoughts", True)
    assert len(worker.blog.store.entries()) == 1


@covers("WM-R18")
@pytest.mark.parametrize("before", ["other words", "no link", "gone"])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_mention_that_comes_again_while_its_page_is_read_brings_the_new_words(
    stranger: Stranger, worker: Worker, before: str, *, is_first: bool
) -> None:
    stranger.mentions()
    if not is_first:
        scripted(worker)
        worker.verifies()
        worker.clock.passes(hours=1)
        worker.blog.store.pings.ask_again(worker.clock())
    scripted(worker, says(title="Old", links=before != "no link", is_gone=before == "gone"))
    reads = worker.read

    def sends_again(page: Page, target: str, at: datetime) -> SourcePage:
        stranger.mentions()
        return reads(page, target, at)

    worker.read = sends_again
    worker.verifies()
    scripted(worker, says(title="New"))

    worker.looks_again(seconds=LEASE.total_seconds())

    assert one(worker).title == "New"


@covers("WM-R14", "WM-R18")
def test_a_page_may_come_to_link_to_the_post_by_another_of_its_addresses(
    stranger: Stranger, worker: Worker, neighbour: Neighbour
) -> None:
    former = f"{HELLO}?from=neighbour"
    source = neighbour.writes("/a", LINK.replace(HELLO, former))
    stranger.mentions(source, former)
    worker.verifies()
    decided(worker, one(worker), Status.APPROVED)
    neighbour.writes("/a", LINK)

    stranger.mentions(source, HELLO)
    worker.looks_again(seconds=10)

    assert one(worker, Status.APPROVED).target == HELLO


@covers("WM-R14")
def test_who_names_an_address_to_which_a_page_never_linked_takes_nothing_away(
    stranger: Stranger, worker: Worker, neighbour: Neighbour
) -> None:
    source = neighbour.writes("/a", LINK)
    stranger.mentions(source)
    worker.verifies()
    decided(worker, one(worker), Status.APPROVED)

    stranger.mentions(source, f"{HELLO}?nowhere")
    ping = worker.looks_again(seconds=10)

    assert ping is not None
    assert ping.state == "verified"
    assert one(worker, Status.APPROVED).target == HELLO


def test_a_sender_may_correct_the_address_of_the_post_before_the_page_is_read(
    stranger: Stranger, worker: Worker, neighbour: Neighbour
) -> None:
    source = neighbour.writes("/a", LINK)
    stranger.mentions(source, f"{SITE}/?p=7")

    stranger.mentions(source, HELLO)

    assert worker.verifies().state == "verified"


@covers("WM-R20")
@pytest.mark.parametrize("how", ["410", "no link"])
def test_a_source_that_takes_its_link_back_is_withdrawn_from_the_page(
    stranger: Stranger, worker: Worker, neighbour: Neighbour, how: str
) -> None:
    source = neighbour.writes("/a", LINK)
    stranger.mentions(source)
    ping = worker.verifies()
    decided(worker, one(worker), Status.APPROVED)
    worker.blog.store.cleaned(2**31)
    if how == "410":
        neighbour.status = 410
    else:
        neighbour.writes("/a", "<p>Never mind.</p>")

    stranger.mentions(source)
    again = worker.looks_again(seconds=10)

    assert again is not None
    assert (again.id, again.state) == (ping.id, "withdrawn")
    assert published(worker) == []
    dirty = worker.blog.store.dirty()
    assert dirty is not None
    assert dirty.posts == {"hello"}
    [entry] = worker.blog.store.restore(
        [one(worker, Status.TRASH).id], now=worker.clock(), by="author"
    )
    assert entry.status is Status.APPROVED


def test_a_page_that_did_not_change_is_asked_for_by_its_version(
    stranger: Stranger, worker: Worker, neighbour: Neighbour
) -> None:
    neighbour.headers = {"ETag": '"v1"'}
    stranger.mentions(neighbour.writes("/a", LINK))
    worker.verifies()
    neighbour.status = 304

    ping = worker.looks_again(hours=1)

    assert ping is not None
    assert (ping.state, ping.fetches) == ("verified", 2)
    assert neighbour.asked[1][1]["If-None-Match"] == '"v1"'
    assert len(worker.blog.store.entries()) == 1


@pytest.mark.parametrize(
    ("shown", "kind"),
    [("u-in-reply-to", "reply"), ("u-like-of", "like"), ("u-repost-of", "repost")],
)
def test_what_the_page_is_to_the_post_comes_with_it(
    stranger: Stranger, worker: Worker, neighbour: Neighbour, shown: str, kind: str
) -> None:
    comment = stranger.reader.comments("hello")
    assert comment.status_code == 303
    decided(worker, one(worker), Status.APPROVED)
    text = (
        f'<div class="h-entry"><a class="{shown}" href="{HELLO}#comment-1">this</a> by '
        '<a class="p-author h-card" href="https://ann.example/">Ann</a>'
        '<div class="e-content">I <b>do</b> &lt;agree&gt;.</div></div>'
    )
    stranger.mentions(neighbour.writes("/a", text), f"{HELLO}#comment-1")

    worker.verifies()

    entry = one(worker)
    assert (entry.response, entry.author, entry.author_url) == (kind, "Ann", "https://ann.example/")
    assert entry.parent == 1
    if kind == "reply":
        assert (entry.text, entry.html) == ("I do <agree>.", "<p>I do &lt;agree&gt;.</p>")


# ---- what can go wrong, and whether it is tried again


@covers("WM-R15", "PR-02")
@pytest.mark.parametrize(
    ("status", "problem"),
    [(404, "not-found"), (410, "gone"), (401, "private"), (403, "private"), (418, "not-found")],
)
def test_a_source_that_is_not_there_has_failed_at_once(
    stranger: Stranger, worker: Worker, status: int, problem: str
) -> None:
    stranger.mentions()
    scripted(worker, status=status)

    ping = worker.verifies()

    assert (ping.state, ping.problem, ping.fetches) == ("failed", problem, 1)
    assert worker.blog.store.waiting().jobs == 0


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 408])
def test_a_source_that_fails_is_asked_six_times_in_two_days(
    stranger: Stranger, worker: Worker, status: int
) -> None:
    stranger.mentions()
    scripted(worker, status=status)
    began = worker.clock()

    tries = 0
    for pause in (0, 1, 10, 60, 360, 1440):
        worker.clock.passes(minutes=pause)
        ping = worker.verifies()
        tries += 1
        assert worker.takes() is None

    assert tries == 6
    assert worker.clock() - began <= timedelta(hours=48)
    assert (ping.state, ping.problem, ping.fetches) == ("failed", "unreachable", 6)


def reads_within(worker: Worker, limits: Limits) -> None:
    """Have the next pages be read by a process of their own within these limits."""

    def read(page: Page, target: str, at: datetime) -> SourcePage:
        kind = page.headers.get("content-type", "")
        return read_source(
            page.body, content_type=kind, url=page.url, target=target, now=at, limits=limits
        )

    worker.read = read


def test_a_machine_too_busy_to_read_a_page_reads_it_later(
    stranger: Stranger, worker: Worker, neighbour: Neighbour
) -> None:
    stranger.mentions(neighbour.writes("/a", LINK))
    reads_within(worker, Limits(seconds=0))
    busy = worker.verifies()
    assert (busy.state, busy.problem_words) == ("received", "the page cannot be read: out-of-time")
    assert worker.takes() is None
    reads_within(worker, Limits(seconds=60))
    worker.clock.passes(minutes=1)

    assert worker.verifies().state == "verified"


@pytest.mark.parametrize(
    ("page", "limits", "why"),
    [
        ("<b><p>" * 150_000, Limits(cpu_seconds=1, seconds=60), "too-slow"),
        (
            f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>",
            Limits(memory=24 * 2**20, cpu_seconds=20, seconds=60),
            "too-large",
        ),
    ],
)
def test_a_page_that_asks_too_much_of_its_reader_has_failed_at_once(
    stranger: Stranger,
    worker: Worker,
    neighbour: Neighbour,
    page: str,
    limits: Limits,
    why: str,
) -> None:
    stranger.mentions(neighbour.writes("/a", page))
    reads_within(worker, limits)

    ping = worker.verifies()

    assert (ping.state, ping.problem) == ("failed", "unreadable")
    assert ping.problem_words == f"the page cannot be read: {why}"
    assert worker.blog.store.waiting().jobs == 0


def test_a_source_that_answers_at_last_is_verified(stranger: Stranger, worker: Worker) -> None:
    stranger.mentions()
    scripted(worker, status=503)
    assert worker.verifies().state == "received"
    scripted(worker)
    worker.clock.passes(minutes=1)

    assert worker.verifies().state == "verified"


def test_a_host_that_asks_for_patience_gets_it(stranger: Stranger, worker: Worker) -> None:
    stranger.mentions()
    worker.get = lambda url, known, before_call: a_page(503, retry_after="7200")
    worker.verifies()

    worker.clock.passes(hours=1, minutes=59)
    assert worker.takes() is None
    worker.clock.passes(minutes=1)
    assert worker.takes() is not None


@covers("PB-S03")
@pytest.mark.parametrize(
    "failure",
    [
        FetchRefused("address", SOURCE, "10.0.0.1 is not on the public internet"),
        FetchFailed("dns", SOURCE, "no such name"),
        FetchFailed("too-large", SOURCE, "more than 1,000,000 bytes"),
        PageUnreadable("too-slow"),
    ],
)
def test_private_refused_and_unreachable_sources_are_told_in_the_same_words(
    stranger: Stranger, worker: Worker, failure: Exception
) -> None:
    status = stranger.mentions().headers["Location"]

    def fails(*_: object) -> None:
        raise failure

    scripted(worker)
    if isinstance(failure, PageUnreadable):
        worker.read = fails  # type: ignore[assignment]
    else:
        worker.get = fails  # type: ignore[assignment]

    ping = worker.verifies()

    assert ping.state == "failed"
    assert ping.problem_words == str(failure)
    page = stranger.reader.opens(f"/-/pings/{status.rpartition('/')[2]}").get_data(as_text=True)
    assert "The page could not be read. See that it is public" in page
    assert str(failure) not in page


@covers("WM-R06")
def test_a_source_that_leads_on_to_the_post_itself_has_failed(
    stranger: Stranger, worker: Worker
) -> None:
    stranger.mentions()
    scripted(worker)
    worker.get = lambda url, known, before_call: a_page(url=HELLO)

    assert worker.verifies().problem == "is-target"


@covers("PB-S08")
def test_a_source_of_a_host_that_was_blocked_meanwhile_is_not_asked(
    stranger: Stranger, worker: Worker
) -> None:
    stranger.mentions()
    stranger.blog.store.rulings.block(
        about(RulingKind.DOMAIN, "stranger.example"), now=worker.clock(), by="author"
    )

    assert worker.verifies().problem == "blocked"
    worker.clock.passes(seconds=1)
    assert stranger.mentions("https://other.stranger.example/").status_code == 403
    assert stranger.pingbacks("https://other.stranger.example/") == 49


# ---- 3.2.4: looked at again


@covers("WM-R23")
def test_a_verified_source_is_looked_at_again_ever_less_often(
    stranger: Stranger, worker: Worker
) -> None:
    stranger.mentions()
    scripted(worker)
    began = worker.clock()
    worker.verifies()

    looks = []
    for _ in range(6):
        [ping] = worker.blog.store.pings.listed([PingState.VERIFIED])
        assert ping.look_again_at is not None
        worker.clock.now = ping.look_again_at - timedelta(seconds=1)
        assert worker.looks_again() is None
        assert worker.looks_again(seconds=1) is not None
        looks.append(worker.clock() - began)

    days = [look / timedelta(days=1) for look in looks]
    assert days == pytest.approx([1 / 24, 1, 7, 30, 180, 360], abs=0.1)


@covers("WM-R20")
@pytest.mark.parametrize("status", [404, 401, 500, 503])
def test_a_passing_error_withdraws_nothing(stranger: Stranger, worker: Worker, status: int) -> None:
    stands(stranger, worker)
    scripted(worker, status=status)

    ping = worker.looks_again(hours=1)

    assert ping is not None
    assert ping.state == "verified"
    assert published(worker) == ["A title"]


def test_what_the_author_threw_away_is_not_read_again(stranger: Stranger, worker: Worker) -> None:
    stranger.mentions()
    scripted(worker)
    worker.verifies()
    decided(worker, one(worker), Status.SPAM)

    stranger.mentions()

    assert worker.looks_again(hours=2) is None
    assert one(worker, Status.SPAM).title == "A title"


@covers("WM-R18", "WM-R20")
@pytest.mark.parametrize("again", ["sent again", "looked at again"])
def test_what_the_author_brings_back_follows_its_page_again(
    stranger: Stranger, worker: Worker, again: str
) -> None:
    stands(stranger, worker)
    decided(worker, one(worker, Status.APPROVED), Status.SPAM)
    assert worker.looks_again(hours=2) is None
    decided(worker, one(worker, Status.SPAM), Status.APPROVED)
    scripted(worker, status=410)

    if again == "sent again":
        stranger.mentions()
        worker.looks_again(seconds=10)
    else:
        worker.looks_again(days=1)

    assert published(worker) == []


@pytest.mark.parametrize("when", ["while its page does not answer", "while its page is read"])
def test_what_the_author_has_deleted_for_ever_does_not_come_back(
    stranger: Stranger, worker: Worker, when: str
) -> None:
    stands(stranger, worker)
    entry = one(worker, Status.APPROVED)
    worker.clock.passes(hours=1)
    worker.blog.store.pings.ask_again(worker.clock())
    taken = worker.takes()
    if when == "while its page does not answer":
        scripted(worker, status=503)
        worker.verifies(taken)
        worker.clock.passes(hours=1)
        taken = None
    decided(worker, entry, Status.SPAM)
    delete(chosen(entry.id), store=worker.blog.store, now=worker.clock(), by="author")
    scripted(worker)

    if taken := taken or worker.takes():
        worker.verifies(taken)

    assert worker.blog.store.entries() == []


def test_a_repeat_never_undoes_a_decision(stranger: Stranger, worker: Worker) -> None:
    stands(stranger, worker)

    for _ in range(3):
        stranger.mentions()
        worker.looks_again(seconds=10)

    assert one(worker, Status.APPROVED).title == "A title"
    assert worker.blog.store.entries([Status.PENDING]) == []


def test_approved_words_that_change_wait_and_the_old_ones_stand_until_then(
    stranger: Stranger, worker: Worker
) -> None:
    stranger.mentions()
    scripted(worker)
    worker.verifies()
    approved = one(worker)
    decided(worker, approved, Status.APPROVED)
    scripted(worker, says(title="Buy pills"))

    worker.looks_again(hours=1)

    change = one(worker)
    assert (change.title, change.replaces) == ("Buy pills", approved.id)
    assert [reason.rule for reason in change.reasons] == ["changed"]
    assert published(worker) == ["A title"]

    decided(worker, change, Status.APPROVED)

    assert published(worker) == ["Buy pills"]
    assert one(worker, Status.APPROVED).id == approved.id


def a_change_is_approved(stranger: Stranger, worker: Worker) -> tuple[int, int]:
    """The numbers of a ping whose words have been changed, and of the change that was approved."""
    stranger.mentions()
    scripted(worker)
    worker.verifies()
    decided(worker, item := one(worker), Status.APPROVED)
    scripted(worker, says(title="Buy pills"))
    worker.looks_again(hours=1)
    decided(worker, change := one(worker), Status.APPROVED)
    return item.id, change.id


def undo(worker: Worker, verb: Verb = Verb.APPROVE) -> Undone:
    """Take back what was decided last, which was this."""
    store, now = worker.blog.store, worker.clock()
    action = store.moderation.last(now=now)
    assert action is not None
    assert (action.verb, action.entries) == (verb, 1)
    return store.moderation.undo(action.id, now=now, by="author")


def test_new_words_that_were_approved_are_taken_back_and_wait_again(
    stranger: Stranger, worker: Worker
) -> None:
    item, change = a_change_is_approved(stranger, worker)
    before = worker.blog.store.entry(item)

    undone = undo(worker)

    assert (undone.restored, undone.left) == (1, 0)
    assert published(worker) == ["A title"]
    assert worker.blog.store.entry(item).edited_at is None
    assert (one(worker).id, one(worker).title, one(worker).replaces) == (change, "Buy pills", item)
    decided(worker, one(worker), Status.APPROVED)
    assert (published(worker), before.title) == (["Buy pills"], "Buy pills")


def test_a_suspect_whose_page_is_old_waits_thirty_days_all_the_same(
    stranger: Stranger, worker: Worker
) -> None:
    store, settings = worker.blog.store, DiscussionSettings()
    weigh(Job(1, "notify", store.add(a_comment(LONG), HELD, worker.clock()).id, 1), store, NOON)
    decided(worker, marked := one(worker), Status.SPAM)
    stranger.mentions()
    scripted(worker, says(excerpt=LONG, published=worker.clock() - timedelta(days=400)))
    worker.verifies()
    weigh(Job(1, "notify", (suspect := one(worker)).id, 1), store, worker.clock())
    store.moderation.delete(chosen(marked.id), now=worker.clock(), by="author")

    worker.clock.passes(days=29)
    purge(settings, store, worker.clock(), is_clock_believed=True)
    assert one(worker, Status.SPAM).id == suspect.id

    worker.clock.passes(days=2)
    purge(settings, store, worker.clock(), is_clock_believed=True)
    assert store.entries([Status.SPAM]) == []


def test_a_copy_is_known_however_old_its_page_says_to_be(
    stranger: Stranger, worker: Worker
) -> None:
    item, copy = copied(stranger, worker, published=worker.clock() - timedelta(days=400))

    assert worker.blog.store.entry(copy).cluster == item.id


def test_nothing_of_what_a_trackback_said_is_kept_when_it_is_deleted(
    stranger: Stranger, worker: Worker
) -> None:
    store = worker.blog.store
    stranger.trackbacks("/-/trackback/7", title="Zymurgy", excerpt="By ada@example.org")
    scripted(worker)
    worker.verifies()
    [ping] = store.pings.listed(list(PingState))
    decided(worker, one(worker), Status.SPAM)

    store.moderation.delete(chosen(ping.comment or 0), now=worker.clock(), by="author")

    [ping] = store.pings.listed(list(PingState))
    assert (ping.source, ping.comment, ping.given) == (SOURCE, None, {})


@pytest.mark.parametrize("thrown", [Status.TRASH, Status.SPAM])
def test_new_words_that_were_thrown_away_and_then_approved_are_taken_back_step_by_step(
    stranger: Stranger, worker: Worker, thrown: Status
) -> None:
    stands(stranger, worker)
    scripted(worker, says(title="Buy pills"))
    worker.looks_again(hours=1)
    change = one(worker)
    decided(worker, change, thrown)
    decided(worker, change, Status.APPROVED)

    undo(worker)

    assert published(worker) == ["A title"]
    assert (one(worker, thrown).id, one(worker, thrown).title) == (change.id, "Buy pills")
    undo(worker, VERBS[thrown])
    assert (one(worker).id, one(worker).title) == (change.id, "Buy pills")


def test_old_words_that_were_taken_out_of_the_trash_are_put_there_again(
    stranger: Stranger, worker: Worker
) -> None:
    _, change = a_change_is_approved(stranger, worker)
    worker.clock.passes(minutes=1)
    worker.blog.store.moderation.restore(chosen(change), now=worker.clock(), by="author")
    assert published(worker) == ["A title"]

    undo(worker, Verb.RESTORE)

    assert published(worker) == ["Buy pills"]
    undo(worker)
    assert published(worker) == ["A title"]
    assert (one(worker).id, one(worker).title) == (change, "Buy pills")


def a_learnt_ping(stranger: Stranger, worker: Worker) -> Store:
    """Where a ping was approved, and its words are known for honest ones."""
    stranger.mentions()
    scripted(worker)
    worker.verifies()
    decided(worker, one(worker), Status.APPROVED)
    worker.blog.store.learning.learn(0, words_of_entry)
    return worker.blog.store


def test_what_was_learnt_from_old_words_follows_the_new_ones_and_back(
    stranger: Stranger, worker: Worker
) -> None:
    store = a_learnt_ping(stranger, worker)
    scripted(worker, says(title="Buy pills"))
    worker.looks_again(hours=1)
    asked = ["title", "pills"]

    before = store.learning.learnt(asked).words
    decided(worker, one(worker), Status.APPROVED)
    changed = store.learning.learnt(asked).words
    undo(worker)
    undone = store.learning.learnt(asked).words

    assert before == undone == {"title": (0, 1)}
    assert changed == {"pills": (0, 1)}


def test_new_words_that_were_called_spam_are_honest_ones_once_they_are_approved(
    stranger: Stranger, worker: Worker
) -> None:
    store = a_learnt_ping(stranger, worker)
    scripted(worker, says(title="Buy pills"))
    worker.looks_again(hours=1)
    decided(worker, change := one(worker), Status.SPAM)
    store.learning.learn(0, words_of_entry)

    decided(worker, change, Status.APPROVED)
    store.learning.learn(0, words_of_entry)
    approved = store.learning.learnt(["title", "pills"]).words
    undo(worker)
    store.learning.learn(0, words_of_entry)

    assert {word: counts for word, counts in approved.items() if any(counts)} == {"pills": (0, 1)}
    assert store.learning.learnt(["title", "pills"]).words == {"title": (0, 1), "pills": (1, 0)}


def test_what_was_learnt_follows_new_words_that_a_trusted_site_is_listed_with_at_once(
    stranger: Stranger, worker: Worker
) -> None:
    store = a_learnt_ping(stranger, worker)
    store.rulings.trust(
        about(RulingKind.DOMAIN, "stranger.example"), now=worker.clock(), by="author"
    )

    scripted(worker, says(title="Buy pills"))
    worker.looks_again(hours=1)

    assert published(worker) == ["Buy pills"]
    assert store.learning.learnt(["title", "pills"]).words == {"pills": (0, 1)}


LONG = "I found the best watches at this shop, delivery took two days and the price was very good"


def copied(stranger: Stranger, worker: Worker, **more: object) -> tuple[Entry, int]:
    """A ping that waits, and the number of a comment that says the same, below it in one row.

    `more` is what its page says besides.
    """
    stranger.mentions()
    scripted(worker, says(excerpt=LONG, **more))
    worker.verifies()
    item, store = one(worker), worker.blog.store
    copy = store.add(a_comment(LONG), HELD, worker.clock()).id
    for number in (item.id, copy):
        weigh(Job(1, "notify", number, 1), store, worker.clock())
    assert store.entry(copy).cluster == item.id
    return item, copy


def says_another_thing(worker: Worker) -> None:
    """The page of the ping does, and is looked at again."""
    scripted(worker, says(title="A thank you"))
    worker.looks_again(hours=1)


def test_a_ping_that_says_other_words_stands_for_its_copies_no_longer(
    stranger: Stranger, worker: Worker
) -> None:
    item, copy = copied(stranger, worker)

    says_another_thing(worker)

    assert worker.blog.store.entry(item.id).title == "A thank you"
    assert worker.blog.store.entry(copy).cluster in (copy, None)


def test_new_words_in_place_of_public_ones_do_not_stand_for_copies_of_these(
    stranger: Stranger, worker: Worker
) -> None:
    item, copy = copied(stranger, worker)
    decided(worker, item, Status.APPROVED)
    says_another_thing(worker)
    [change] = (it for it in worker.blog.store.entries([Status.PENDING]) if it.id != copy)

    decided(worker, change, Status.APPROVED)

    assert worker.blog.store.entry(item.id).title == "A thank you"
    assert worker.blog.store.entry(copy).cluster in (copy, None)


def test_taking_new_words_back_has_the_page_follow(stranger: Stranger, worker: Worker) -> None:
    a_change_is_approved(stranger, worker)
    worker.blog.store.cleaned(2**40)

    undo(worker)

    dirty = worker.blog.store.dirty()
    assert dirty is not None
    assert set(dirty.posts) == {"hello"}


def test_new_words_are_not_taken_back_from_under_a_later_correction(
    stranger: Stranger, worker: Worker
) -> None:
    item, _ = a_change_is_approved(stranger, worker)
    store, later = worker.blog.store, worker.clock() + timedelta(minutes=1)
    approved = store.moderation.last(now=later)
    assert approved is not None
    wording = Wording("", "", "https://a.example/", "Mine", "", "")
    store.revisions.edit(item, wording, now=later, by="author")

    with pytest.raises(NotInThatState):
        store.moderation.undo(approved.id, now=later, by="author")

    assert published(worker) == ["Mine"]


def test_a_correction_is_not_taken_back_from_under_new_words(
    stranger: Stranger, worker: Worker
) -> None:
    stranger.mentions()
    scripted(worker)
    worker.verifies()
    decided(worker, item := one(worker), Status.APPROVED)
    store = worker.blog.store
    wording = Wording("", "", item.url, "Mine", "", "")
    action = store.revisions.edit(item.id, wording, now=worker.clock(), by="author")
    scripted(worker, says(title="Buy pills"))
    worker.looks_again(hours=1)
    decided(worker, one(worker), Status.APPROVED)

    with pytest.raises(NotInThatState):
        store.moderation.undo(action or 0, now=worker.clock(), by="author")

    assert published(worker) == ["Buy pills"]


def test_the_last_is_not_new_words_below_a_later_correction(
    stranger: Stranger, worker: Worker
) -> None:
    item, _ = a_change_is_approved(stranger, worker)
    store, later = worker.blog.store, worker.clock() + timedelta(minutes=1)
    wording = Wording("", "", "https://a.example/", "Mine", "", "")
    store.revisions.edit(item, wording, now=later, by="jeanne")

    last = store.moderation.last(Reach(by="author"), now=later)

    assert last is not None
    assert last.subject == str(item)


def test_a_change_that_is_refused_is_not_offered_again(stranger: Stranger, worker: Worker) -> None:
    stands(stranger, worker)
    scripted(worker, says(title="Buy pills"))
    worker.looks_again(hours=1)
    decided(worker, one(worker), Status.SPAM)

    worker.looks_again(days=1)

    assert worker.blog.store.entries([Status.PENDING]) == []
    assert published(worker) == ["A title"]


def test_a_change_that_is_taken_back_waits_no_more(stranger: Stranger, worker: Worker) -> None:
    stands(stranger, worker)
    scripted(worker, says(title="Buy pills"))
    worker.looks_again(hours=1)
    scripted(worker, says(title="Buy more pills"))
    worker.looks_again(days=1)
    assert one(worker).title == "Buy more pills"
    scripted(worker)

    worker.looks_again(days=7)

    assert worker.blog.store.entries([Status.PENDING]) == []
    assert published(worker) == ["A title"]


def test_what_was_withdrawn_and_links_again_waits_for_the_author(
    stranger: Stranger, worker: Worker
) -> None:
    stands(stranger, worker)
    scripted(worker, status=410)
    worker.looks_again(hours=1)
    scripted(worker)

    stranger.mentions()
    ping = worker.looks_again(seconds=10)

    assert ping is not None
    assert ping.state == "verified"
    assert one(worker).title == "A title"


# ---- where a source leads on to


@pytest.mark.parametrize("blocked", ["evil.example", "between.example"])
def test_a_source_that_leads_to_a_host_that_is_blocked_is_not_read(
    stranger: Stranger, worker: Worker, blocked: str
) -> None:
    stranger.blog.store.rulings.block(
        about(RulingKind.DOMAIN, blocked), now=worker.clock(), by="author"
    )
    stranger.mentions()
    scripted(worker)
    hops = (SOURCE, "https://between.example/")
    worker.get = lambda url, known, before_call: replace(
        a_page(url="https://evil.example/"), hops=hops
    )

    assert worker.verifies().problem == "blocked"


def test_a_site_that_is_trusted_and_leads_elsewhere_waits(
    stranger: Stranger, worker: Worker
) -> None:
    worker.blog.store.rulings.trust(
        about(RulingKind.DOMAIN, "stranger.example"), now=worker.clock(), by="author"
    )
    stranger.mentions()
    scripted(worker)
    worker.get = lambda url, known, before_call: a_page(url="https://evil.example/")

    worker.verifies()

    assert one(worker).title == "A title"
    assert published(worker) == []


def test_sites_that_all_lead_to_one_call_it_no_more_often_than_one_would(
    stranger: Stranger, worker: Worker
) -> None:
    victim, calls = read_web_address("https://victim.example/"), []

    def get(url: str, known: object, before_call: BeforeCall) -> Page:
        before_call(read_web_address(url), ip_address(f"192.0.2.{worker.clock().second}"))
        before_call(victim, ip_address("198.51.100.1"))
        calls.append(worker.clock())
        return a_page(404)

    for number in range(30):
        stranger.mentions(f"https://evil-{number}.example/")
    worker.get = get
    while worker.clock() < NOON + timedelta(minutes=59):
        while (taken := worker.takes()) is not None:
            worker.verifies(taken)
        worker.clock.passes(seconds=7)

    assert len(calls) == len(set(calls)) == 20
    assert all(ping.fetches <= 1 for ping in worker.blog.store.pings.listed(list(PingState)))


def test_what_waits_for_one_busy_host_does_not_come_back_all_at_once(
    stranger: Stranger, worker: Worker
) -> None:
    def get(*_: object) -> Page:
        raise HostBusy("victim.example", timedelta(seconds=1))

    worker.get = get
    for number in range(40):
        stranger.mentions(f"https://evil-{number}.example/")
        worker.verifies()

    again = Counter[int]()
    for second in range(1, 62):
        worker.clock.passes(seconds=1)
        while (taken := worker.takes()) is not None:
            again[second] += 1
            worker.blog.store.pings.fail(taken, Problem.UNREACHABLE, "", now=worker.clock())

    assert sum(again.values()) == 40
    assert max(again.values()) <= 10


def test_names_that_all_lead_to_one_address_call_it_once_a_second(
    stranger: Stranger, worker: Worker
) -> None:
    calls = []

    def get(url: str, known: object, before_call: BeforeCall) -> Page:
        before_call(read_web_address(url), ip_address("198.51.100.1"))
        before_call(read_web_address(f"{url}more"), ip_address("198.51.100.1"))
        calls.append(worker.clock())
        return a_page(404)

    for number in range(6):
        stranger.mentions(f"https://evil-{number}.example/")
    worker.get = get
    while worker.clock() < NOON + timedelta(minutes=10) and len(calls) < 6:
        while (taken := worker.takes()) is not None:
            worker.verifies(taken)
        worker.clock.passes(seconds=0.5)

    assert len(calls) == 6
    assert all(later - at >= timedelta(seconds=1) for at, later in pairwise(calls))


def test_what_waits_for_a_host_that_is_always_busy_is_given_up_after_two_days(
    stranger: Stranger, worker: Worker
) -> None:
    stranger.mentions()
    scripted(worker)

    def get(*_: object) -> Page:
        raise HostBusy("victim.example", timedelta(hours=1))

    worker.get = get
    for _ in range(25):
        ping = worker.verifies()
        assert (ping.state, ping.fetches) == ("received", 0)
        worker.clock.passes(hours=2)

    assert worker.verifies().problem == "unreachable"


def test_an_answer_that_is_not_the_page_takes_nothing_away(
    stranger: Stranger, worker: Worker
) -> None:
    stands(stranger, worker)
    scripted(worker, says(links=False), status=202)

    ping = worker.looks_again(hours=2)

    assert ping is not None
    assert (ping.state, ping.failures) == ("verified", 1)
    assert published(worker) == ["A title"]


# ---- who may skip the queue


def test_a_site_that_the_author_trusts_is_listed_at_once(
    stranger: Stranger, worker: Worker
) -> None:
    worker.blog.store.rulings.trust(
        about(RulingKind.DOMAIN, "stranger.example"), now=worker.clock(), by="author"
    )
    stranger.mentions()
    scripted(worker)

    worker.verifies()

    assert published(worker) == ["A title"]
    assert one(worker, Status.APPROVED).response is Response.MENTION


@pytest.mark.parametrize("how", ["correction", "change"])
def test_a_correction_stands_until_new_words_of_a_trusted_site_are_approved(
    stranger: Stranger, worker: Worker, how: str
) -> None:
    store = worker.blog.store
    stands(stranger, worker)
    if how == "change":
        scripted(worker, says(title="Once more"))
        worker.looks_again(hours=1)
        decided(worker, one(worker), Status.APPROVED)
    else:
        edit(
            one(worker, Status.APPROVED).id,
            Correction(title="As I say"),
            blog=PublishedBlog(worker.blog.settings.manifest_path)(),
            store=store,
            now=worker.clock(),
            by="author",
        )
    trusted = about(RulingKind.DOMAIN, "stranger.example")
    store.rulings.trust(trusted, now=worker.clock(), by="author")
    scripted(worker, says(title="New"))

    worker.looks_again(days=1)

    waiting = [entry.title for entry in store.entries([Status.PENDING])]
    shown = (published(worker), waiting)
    assert shown == ((["As I say"], ["New"]) if how == "correction" else (["New"], []))


def test_a_site_to_which_the_blog_links_is_trusted_only_if_the_author_says_so(
    stranger: Stranger, worker: Worker
) -> None:
    blog = stranger.blog
    blog.write_post("friends", "Friends", "See [them](https://www.stranger.example/blog).")
    blog.build()
    stranger.mentions()
    scripted(worker)
    worker.verifies()
    assert published(worker) == []

    blog.configure('DISCUSSION["trust_linked_hosts"] = True')
    blog.build()
    stranger.mentions("https://stranger.example/another")
    worker.clock.passes(seconds=1)
    worker.verifies()

    assert published(worker) == ["A title"]


def test_its_sender_can_see_that_a_page_could_not_be_read_so_far(
    stranger: Stranger, worker: Worker
) -> None:
    status = stranger.mentions().headers["Location"].removeprefix(SITE)
    scripted(worker, status=503)

    worker.verifies()

    page = stranger.reader.opens(status).get_data(as_text=True)
    assert "Thank you. The page will be read soon." in page
    assert "The page could not be read so far. It is tried again by itself" in page


# ---- what the author rules out


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (RulingKind.PATTERN, "cheap * pills"),
        (RulingKind.DOMAIN, "pills.example"),
    ],
)
def test_a_page_that_says_what_the_author_has_blocked_is_not_taken(
    stranger: Stranger, worker: Worker, kind: RulingKind, what: str
) -> None:
    store = worker.blog.store
    store.rulings.block(about(kind, what), now=worker.clock(), by="author")
    stranger.mentions()
    scripted(worker, says(title="Cheap blue pills", author_url="https://shop.pills.example/"))

    ping = worker.verifies()

    assert (ping.state, ping.problem) == ("failed", "ruled-out")
    assert store.entries() == []


def test_words_that_are_not_allowed_here_are_not_allowed_in_pings_either(
    stranger: Stranger, worker: Worker
) -> None:
    stranger.blog.configure('DISCUSSION["disallowed_words"] = ["casino"]')
    stranger.blog.build()
    stranger.mentions()
    scripted(worker, says(title="The Casino of words"))

    assert worker.verifies().problem == "ruled-out"


def test_a_word_that_waits_for_the_author_waits_in_a_ping_of_somebody_trusted_too(
    stranger: Stranger, worker: Worker
) -> None:
    stranger.blog.configure('DISCUSSION["moderation_words"] = ["casino"]')
    stranger.blog.build()
    worker.blog.store.rulings.trust(
        about(RulingKind.DOMAIN, "stranger.example"), now=worker.clock(), by="author"
    )
    stranger.mentions()
    scripted(worker, says(title="The casino of words"))

    worker.verifies()

    assert [reason.rule for reason in one(worker).reasons] == ["words"]


def test_who_sends_from_a_blocked_network_is_refused(stranger: Stranger) -> None:
    store, now = stranger.blog.store, stranger.clock()
    assert stranger.mentions().status_code == 201

    store.rulings.block(about(RulingKind.NETWORK, "127.0.0.0/8"), now=now, by="author")
    stranger.clock.passes(seconds=1)

    assert stranger.mentions("https://another.example/").status_code == 403
    assert stranger.pingbacks("https://another.example/") == 49


# ---- F5: who reads may die


def test_a_reader_that_dies_loses_no_ping(stranger: Stranger, worker: Worker) -> None:
    stranger.mentions()
    scripted(worker)
    assert worker.takes("dies") is not None
    assert worker.takes() is None

    worker.clock.passes(seconds=LEASE.total_seconds())

    assert worker.verifies().state == "verified"
    assert len(worker.blog.store.entries()) == 1


def test_a_reader_that_comes_late_changes_nothing(stranger: Stranger, worker: Worker) -> None:
    stranger.mentions()
    scripted(worker)
    late = worker.takes("late")
    worker.clock.passes(seconds=LEASE.total_seconds())
    worker.verifies()
    scripted(worker, says(title="Late"))

    assert worker.verifies(late).fetches == 1

    assert one(worker).title == "A title"


def test_a_page_of_which_every_reader_dies_is_given_up(stranger: Stranger, worker: Worker) -> None:
    stranger.mentions()
    for _ in range(6):
        assert worker.takes("dies") is not None
        worker.clock.passes(seconds=LEASE.total_seconds())

    ping = worker.verifies()

    assert (ping.state, ping.problem) == ("failed", "unreadable")
    assert worker.blog.store.waiting().jobs == 0
