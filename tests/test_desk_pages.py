"""The pages one step away from the queue: the log, the lists."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from actors import BlogFolder, Clock
from desk_actors import Moderator
from store_actors import said

from pingback_server.deeds.invite import invite
from pingback_server.deeds.purge import purge
from pingback_server.deeds.verify_ping import LEASE
from pingback_server.domain.actions import AUTHOR
from pingback_server.domain.bayes import words_of_entry
from pingback_server.domain.discussion import Kind, Reason, Status, Verdict
from pingback_server.domain.filters import chosen
from pingback_server.domain.people import Role
from pingback_server.domain.pings import Claim, Pace, PingState, Problem
from pingback_server.domain.rulings import About, RulingKind
from pingback_server.domain.settings import DiscussionSettings
from pingback_server.domain.switches import Switch
from pingback_server.store import Wording
from pingback_server.store.receiving import Door

pytestmark = pytest.mark.usefixtures("engine")

LOG = "/-/desk/log"
LINKS = Verdict(Status.SPAM, (Reason("links", "three links", 2.0),))


@pytest.fixture
def owner(blog: BlogFolder, clock: Clock) -> Moderator:
    """The owner, at a desk with two comments."""
    for text in ("one", "two"):
        said(blog.store, text, post="hello")
    return Moderator(blog, clock, Role.OWNER)


def test_the_log_says_who_did_what_and_takes_it_back(owner: Moderator) -> None:
    store = owner.blog.store
    store.decide([1], Status.SPAM, now=owner.clock(), by="ben")
    page = owner.opens("/-/desk/log")
    assert "ben" in page
    assert "Spam" in page

    owner.does("1")

    assert store.entry(1).status is Status.PENDING
    page = owner.opens("/-/desk/log")
    assert "undone" in page
    assert 'name="action" value="1"' not in page


def test_of_what_the_log_has_no_longer_the_queue_says_nothing(owner: Moderator) -> None:
    store, settings = owner.blog.store, DiscussionSettings(keep_log_days=30)
    spam = store.moderation.decide(chosen(1), Status.SPAM, now=owner.clock(), by="ada").action
    owner.clock.passes(days=29)
    line = store.moderation.undo(spam or 0, now=owner.clock(), by="ben").line
    owner.clock.passes(days=2)
    purge(settings, store, owner.clock(), is_clock_believed=True)
    ben = Moderator(owner.blog, owner.clock, Role.OWNER, "ben")

    assert "Undone" not in ben.opens(f"/-/desk?done={line}")


def test_the_log_leads_to_an_entry_from_what_was_done_to_one_alone(owner: Moderator) -> None:
    store = owner.blog.store
    store.decide([2], Status.SPAM, now=owner.clock(), by="ada")
    store.moderation.undo(1, now=owner.clock(), by="ada")
    invite("1", Role.AUTHOR, store=store, now=owner.clock(), by="ada")
    store.switches.set("1", Switch(False, False), now=owner.clock(), by="ada")

    page = owner.opens(LOG)

    assert re.findall(r"/-/desk/entries/\d+", page) == ["/-/desk/entries/2"]
    said = re.findall(r"<strong>(.*?)</strong>\s*1\s", page)
    assert said == ["Close or open", "Invite", "Undo"]


def test_what_nobody_did_at_the_desk_is_signed_in_its_language(owner: Moderator) -> None:
    owner.blog.configure('DEFAULT_LANG = "fr"')
    owner.blog.build()
    store, now = owner.blog.store, owner.clock()
    wording = Wording("Bob", "", "", "", "One.", "<p>One.</p>")
    waits = Verdict(Status.PENDING, ())
    store.own.revise(store.entry(1), wording, waits, words_of_entry, now=now)
    store.decide([2], Status.SPAM, now=now - timedelta(days=31), by=AUTHOR)
    purge(DiscussionSettings(), store, now, is_clock_believed=True)
    store.rulings.block(About(RulingKind.DOMAIN, "spam.example"), now=now, by=AUTHOR)

    log = owner.opens(LOG)

    assert "<span>l’auteur du blog</span>" in log
    assert "<span>les réglages</span>" in log
    assert "<span>l’auteur du blog</span>" in owner.opens("/-/desk/lists")
    said_before = owner.opens("/-/desk/entries/1").partition('<ol class="revisions">')[2]
    assert "quand la personne qui l’a écrit l’a modifié" in said_before


def test_the_log_goes_on_on_further_pages(owner: Moderator) -> None:
    for number in range(60):
        owner.blog.store.actions.note("write", f"p{number}.md", {}, now=owner.clock(), by="ada")

    page = owner.opens("/-/desk/log")
    assert "p59.md" in page
    assert "p9.md" not in page
    further = page.partition("/-/desk/log?before=")[2].partition('"')[0]

    assert "p9.md" in owner.opens(f"/-/desk/log?before={further}")


def test_what_is_too_old_to_be_undone_has_no_button(owner: Moderator) -> None:
    owner.blog.store.decide([1], Status.SPAM, now=owner.clock(), by="ben")
    owner.clock.passes(days=29)
    assert 'name="action"' in Moderator(owner.blog, owner.clock, Role.OWNER, "b").opens(LOG)

    owner.clock.passes(days=1)

    assert 'name="action"' not in Moderator(owner.blog, owner.clock, Role.OWNER, "c").opens(LOG)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("spam.example", "domain"),
        ("@spam.example", "email"),
        ("192.0.2.0/24", "network"),
        ("cheap * here", "pattern"),
    ],
)
def test_what_is_typed_is_blocked_as_what_it_looks_like(
    owner: Moderator, value: str, kind: str
) -> None:
    owner.opens("/-/desk/lists")

    page = owner.does("block", subject=value, note="seen often")

    assert value in page
    assert "seen often" in page
    [ruling] = owner.blog.store.rulings.listed()
    assert (ruling.about.kind, ruling.is_trust, ruling.by) == (kind, False, "ada")


def test_a_line_is_taken_away_and_the_log_does_not_say_whose(owner: Moderator) -> None:
    owner.opens("/-/desk/lists")
    owner.does("block", subject="ann@example.org")

    page = owner.does("unblock:email:ann@example.org")

    assert "ann@example.org" not in page
    assert owner.blog.store.rulings.listed() == []
    lines = owner.blog.store.actions.listed(size=9)
    assert [line.verb for line in lines][:2] == ["unblock", "block"]
    assert "ann" not in repr(lines)


def test_what_anybody_can_write_is_not_trusted(owner: Moderator) -> None:
    page = owner.opens("/-/desk/lists")

    answer = owner.presses_button("trust", subject="ann@example.org", note="a friend")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "trust a domain alone" in page
    assert 'value="a friend"' in page


def test_the_numbers_say_how_each_rule_has_done(owner: Moderator) -> None:
    for text in ("three", "four", "five"):
        said(owner.blog.store, text, LINKS, post="hello")
    owner.blog.store.decide([3], Status.APPROVED, now=owner.clock(), by="ada")
    owner.blog.store.decide([4], Status.SPAM, now=owner.clock(), by="ada")
    owner.blog.store.decide([1], Status.SPAM, now=owner.clock(), by="ada")

    page = owner.opens("/-/desk/numbers")

    row = page.partition("<code>links</code>")[2].partition("</tr>")[0]
    assert re.findall(r"<td>(\d+)</td>", row) == ["1", "1", "1", "1"]


def test_the_numbers_and_the_filters_name_each_rule_in_words(owner: Moderator) -> None:
    page = owner.opens("/-/desk/numbers")

    assert '?is=suspect&amp;q=rule:trap">Hidden field</a> <code>trap</code>' in page
    assert '<option value="trap" label="Hidden field">' in owner.opens("/-/desk")


@pytest.fixture
def failed(owner: Moderator) -> int:
    """The number of a ping whose source has no link."""
    return fails(owner, "post")


def fails(owner: Moderator, page: object) -> int:
    """The same of a page of that name."""
    store, now = owner.blog.store, owner.clock()
    claim = Claim(Kind.WEBMENTION, f"https://other.example/{page}", "http://localhost:8000/hello/")
    door = Door("hello", f"other.example/{page}", "other.example", f"{page}".rjust(32, "t"))
    store.pings.receive(claim, door, now=now)
    at_will = Pace(pause=timedelta(0), hourly=1000)
    taken = store.pings.take(now, lease=LEASE, by="worker", pace=at_will)
    assert taken
    store.pings.fail(taken, Problem.NO_LINK, "no link", now=now)
    return taken.ping.id


def test_a_ping_that_failed_is_shown_with_why(owner: Moderator, failed: int) -> None:
    page = owner.opens("/-/desk/pings")

    assert 'href="https://other.example/post"' in page
    assert "The page has no link to the post that a reader could follow." in page


def test_pings_that_failed_are_listed_a_hundred_on_a_page(owner: Moderator) -> None:
    for number in range(101):
        fails(owner, number)

    pages = [owner.opens(f"/-/desk/pings{page}") for page in ("", "?page=2")]

    first, second = (re.findall(r">https://other.example/(\d+)<", page) for page in pages)
    assert first == [str(number) for number in range(100, 0, -1)]
    assert second == ["0"]


def test_a_ping_that_failed_is_read_again_when_asked(owner: Moderator, failed: int) -> None:
    owner.opens("/-/desk/pings")

    page = owner.does(f"check:{failed}")

    assert "other.example" not in page
    assert owner.blog.store.pings.by_number(failed).state is PingState.RECEIVED


def test_what_came_from_a_domain_is_swept_out_with_it(owner: Moderator) -> None:
    store = owner.blog.store
    said(store, "Buy at https://shop.example/")
    said(store, "Hello")
    owner.opens("/-/desk/lists")

    owner.does("sweep", subject="shop.example")

    assert store.rulings.all().blocks_host("shop.example")
    assert [entry.text for entry in store.entries([Status.SPAM])] == [
        "Buy at https://shop.example/"
    ]
    assert "Hello" in [entry.text for entry in store.entries([Status.PENDING])]


def test_the_host_of_a_ping_is_blocked_from_there(owner: Moderator, failed: int) -> None:
    owner.opens("/-/desk/pings")

    owner.does(f"block:{failed}")

    [ruling] = owner.blog.store.rulings.listed()
    assert ruling.about == ("domain", "other.example")


def test_the_menu_leads_to_every_page_that_one_may_open(owner: Moderator) -> None:
    for who in (owner, *(Moderator(owner.blog, owner.clock, role, role) for role in Role)):
        page = who.opens()
        nav = page.partition("<nav")[2].partition("</nav>")[0]
        links = [part.partition('"')[0] for part in nav.split('href="')[1:]]
        for link in links:
            who.opens(link)
        assert "/-/desk/account" in links


def test_an_address_may_end_with_a_slash(owner: Moderator) -> None:
    assert owner.opens("/-/desk/") == owner.opens("/-/desk")


@pytest.mark.parametrize("name", ["a%00", "nobody", "%C3%A9 %20"])
def test_nothing_is_done_about_who_is_not_there(owner: Moderator, name: str) -> None:
    answer = owner.reader.posts(
        f"/-/desk/people/{name}", data={"form_token": owner.token(), "do": "link"}
    )

    assert answer.status_code == 404
