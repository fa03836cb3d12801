"""The author's rulings: what each kind means, the last one counts, a sweep is one commit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from store_actors import HELD, NOON, PUBLIC, a_comment

from pingback_server.deeds.block import block, unblock
from pingback_server.deeds.trust import trust, untrust
from pingback_server.domain.discussion import Status, Submission, Verdict, Whence
from pingback_server.domain.errors import BadRuling
from pingback_server.domain.rulings import About, RulingKind, Rulings, about, kind_of
from pingback_server.store import Store

DOMAIN, EMAIL, NETWORK, PATTERN, BROWSER = RulingKind
DIGEST = "ab" * 32


def blocking(kind: RulingKind, value: str) -> Rulings:
    return Rulings(blocked=[about(kind, value)])


@pytest.mark.parametrize(
    ("host", "is_blocked"),
    [
        ("spam.example", True),
        ("WWW.Spam.Example.", True),
        ("a.b.spam.example", True),
        ("notspam.example", False),
        ("spam.example.org", False),
        ("example", False),
        ("", False),
    ],
)
def test_a_blocked_domain_stands_for_all_below_it(host: str, is_blocked: bool) -> None:
    assert blocking(DOMAIN, "https://www.spam.example/pills").blocks_host(host) is is_blocked


def test_a_domain_is_that_to_which_browsers_lead() -> None:
    ruled = blocking(DOMAIN, "straße.example")

    for host in ("Straße.example", "STRAẞE.example", "xn--strae-oqa.example"):
        assert ruled.blocks_host(host)
    assert not ruled.blocks_host("strasse.example")
    assert blocking(DOMAIN, "i❤.example").blocks_host("xn--i-7iq.example")
    assert blocking(DOMAIN, "spam.example").blocks_host("ｓｐａｍ。example")


def test_a_domain_is_the_same_in_letters_and_spelt_out() -> None:
    assert blocking(DOMAIN, "bücher.example").blocks_host("xn--bcher-kva.example")
    assert blocking(DOMAIN, "xn--bcher-kva.example").blocks_host("shop.Bücher.example")


@pytest.mark.parametrize("typed", ["http://[2001:db8::1]/", "[2001:0DB8::0:1]"])
def test_a_number_in_the_place_of_a_domain_is_blocked_in_all_its_spellings(typed: str) -> None:
    ruled = Rulings([about(kind_of(typed), typed)])

    assert ruled.blocks_host("[2001:db8:0::1]")
    assert ruled.blocks_host("2001:db8::1")
    assert not ruled.blocks_host("[2001:db8::2]")


def test_trust_in_a_part_of_a_blocked_domain_counts_there_and_the_reverse() -> None:
    friend = Rulings([about(DOMAIN, "host.example")], [about(DOMAIN, "friend.host.example")])
    troll = Rulings([about(DOMAIN, "troll.host.example")], [about(DOMAIN, "host.example")])

    assert friend.trusts_host("www.friend.host.example")
    assert not friend.trusts_host("other.host.example")
    assert troll.trusts_host("other.host.example")
    assert not troll.trusts_host("www.troll.host.example")


@pytest.mark.parametrize(
    ("email", "is_blocked"),
    [("Bob@Spam.Example", True), ("bob@spam.example.org", False), ("", False)],
)
def test_a_blocked_address_is_that_address_in_any_case(email: str, is_blocked: bool) -> None:
    assert blocking(EMAIL, "bob@spam.example").blocks_email(email) is is_blocked


def test_an_at_sign_and_a_host_stand_for_every_address_there() -> None:
    ruled = blocking(EMAIL, "@throwaway.example")

    assert ruled.blocks_email("anyone@Throwaway.example")
    assert not ruled.blocks_email("anyone@not-throwaway.example")
    assert not ruled.blocks_email("")


@pytest.mark.parametrize(
    ("network", "ip", "is_blocked"),
    [
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.77", False),
        ("192.0.2.0/24", "192.0.2.255", True),
        ("192.0.2.99/24", "192.0.2.1", True),
        ("192.0.2.0/24", "192.0.3.1", False),
        ("2001:db8:0:ff00::/56", "2001:db8:0:ffaa::1", True),
        ("2001:db8:0:ff00::/56", "2001:db8:1::1", False),
        ("2001:db8::/32", "32.1.13.184", False),
        ("192.0.2.0/24", "nonsense", False),
        ("192.0.2.0/24", "", False),
    ],
)
def test_a_blocked_network_is_every_address_in_it(network: str, ip: str, is_blocked: bool) -> None:
    assert blocking(NETWORK, network).blocks_network(ip) is is_blocked


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Buy CHEAP blue pills now", True),
        ("chéap pills", True),
        ("c\u00adheap pil\u200bls", True),
        ("pills, cheap", False),
        ("cheap\npills", False),
    ],
)
def test_a_star_in_a_pattern_is_anything_on_the_same_line(text: str, is_found: bool) -> None:
    assert (blocking(PATTERN, "cheap*pills").blocking_pattern(text) == "cheap*pills") is is_found


def test_a_pattern_takes_linear_time_whatever_it_is_held_against() -> None:
    ruled = blocking(PATTERN, "*".join(["aaa"] * 200) + "*b")

    assert ruled.blocking_pattern("a" * 10_000) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (DOMAIN, "com"),
        (DOMAIN, "no domain.example"),
        (DOMAIN, "http://[::1/"),
        (DOMAIN, "http://[spam.example]/"),
        (EMAIL, "bob"),
        (EMAIL, "@"),
        (NETWORK, "300.1.1.1"),
        (NETWORK, "0.0.0.0/0"),
        (NETWORK, "::/0"),
        (NETWORK, "::ffff:0:0/96"),
        (PATTERN, "*"),
        (PATTERN, "a*b"),
        (BROWSER, "Firefox"),
    ],
)
def test_what_is_written_otherwise_than_it_has_to_be_is_refused(
    kind: RulingKind, value: str
) -> None:
    with pytest.raises(BadRuling):
        about(kind, value)


@pytest.mark.parametrize(
    ("typed", "subject"),
    [
        ("spam.example", About(DOMAIN, "spam.example")),
        ("*.spam.example", About(DOMAIN, "spam.example")),
        ("https://www.spam.example/pills", About(DOMAIN, "spam.example")),
        ("bob@spam.example", About(EMAIL, "bob@spam.example")),
        ("@spam.example", About(EMAIL, "@spam.example")),
        ("*@Spam.example", About(EMAIL, "@spam.example")),
        ("192.0.2.7", About(NETWORK, "192.0.2.7/32")),
        ("192.0.2.0/24", About(NETWORK, "192.0.2.0/24")),
        ("192.0.2", About(NETWORK, "192.0.2.0/24")),
        ("192.0.2.", About(NETWORK, "192.0.2.0/24")),
        ("192.0", About(NETWORK, "192.0.0.0/16")),
        ("2001:db8::/32", About(NETWORK, "2001:db8::/32")),
        ("::ffff:192.0.2.0/120", About(NETWORK, "192.0.2.0/24")),
        ("::ffff:192.0.2.7", About(NETWORK, "192.0.2.7/32")),
        ("*casino*", About(PATTERN, "casino")),
        ("buy now", About(PATTERN, "buy now")),
        ("*.casino*", About(PATTERN, ".casino")),
        ("*@spam.example or so", About(PATTERN, "@spam.example or so")),
    ],
)
def test_what_is_typed_tells_by_its_form_what_it_is(typed: str, subject: About) -> None:
    assert about(kind_of(typed), typed) == subject


@pytest.mark.parametrize("typed", ["192.168.1.300", "192.0.300", "192.0.2.0/33", "1.2.3.4.5"])
def test_numbers_that_are_no_network_are_no_domain_either(typed: str) -> None:
    with pytest.raises(BadRuling, match="network"):
        about(kind_of(typed), typed)


def test_what_a_terminal_would_obey_is_no_part_of_a_ruling(store: Store) -> None:
    block(PATTERN, "buy \x1b[31mnow*", store=store, now=NOON, by="author", note="loud\x07\nones")

    [ruling] = store.rulings.listed()
    assert (ruling.about.value, ruling.note) == ("buy [31mnow", "loud ones")


def test_a_ruling_is_kept_with_its_note_and_who_made_it(store: Store) -> None:
    block(DOMAIN, "Spam.Example", store=store, now=NOON, by="author", note="pills")

    (ruling,) = store.rulings.listed()
    assert ruling.about == About(DOMAIN, "spam.example")
    assert (ruling.is_trust, ruling.note, ruling.at, ruling.by) == (False, "pills", NOON, "author")
    assert store.rulings.all().blocks_host("spam.example")


def test_the_last_ruling_on_a_subject_counts(store: Store) -> None:
    block(DOMAIN, "blog.example", store=store, now=NOON, by="author")
    trust(DOMAIN, "blog.example", store=store, now=NOON, by="author")

    assert store.rulings.all().trusts_host("blog.example")
    assert not store.rulings.all().blocks_host("blog.example")
    assert [ruling.is_trust for ruling in store.rulings.listed()] == [True]

    block(DOMAIN, "blog.example", store=store, now=NOON, by="author")
    assert not store.rulings.all().trusts_host("blog.example")


def test_what_is_ruled_can_be_taken_back_once(store: Store) -> None:
    block(EMAIL, "a@b.example", store=store, now=NOON, by="author")
    trust(BROWSER, DIGEST, store=store, now=NOON, by="author")

    assert unblock(EMAIL, "A@b.example", store=store, now=NOON, by="ada")
    assert untrust(BROWSER, DIGEST, store=store, now=NOON, by="ben")
    assert not unblock(EMAIL, "a@b.example", store=store, now=NOON, by="ada")
    lines = store.actions.listed(size=2)
    assert [(one.verb, one.subject, one.by) for one in lines] == [
        ("untrust", "browser", "ben"),
        ("unblock", "email", "ada"),
    ]
    assert store.rulings.all().is_empty


@pytest.mark.parametrize("kind", [EMAIL, NETWORK, PATTERN])
def test_what_anybody_can_pretend_is_never_trusted(store: Store, kind: RulingKind) -> None:
    with pytest.raises(BadRuling):
        trust(kind, "ann@example.org", store=store, now=NOON, by="author")


def test_the_door_sees_a_ruling_within_a_second(store: Store) -> None:
    before = store.rulings.recent(NOON)
    block(DOMAIN, "spam.example", store=store, now=NOON, by="author")

    assert store.rulings.recent(NOON + timedelta(milliseconds=900)) is before
    after = store.rulings.recent(NOON + timedelta(seconds=1))
    assert after.blocks_host("spam.example")
    assert store.rulings.recent(NOON + timedelta(seconds=9)) is after


def arrived(store: Store, words: str, verdict: Verdict = HELD, **fields: object) -> int:
    submission = a_comment(words)
    given = {name: getattr(submission, name) for name in Submission.__slots__} | fields
    return store.add(Submission(**given), verdict, NOON).id  # type: ignore[arg-type]


def test_a_sweep_puts_what_came_from_there_into_spam_and_nothing_else(store: Store) -> None:
    by_site = arrived(store, "one", url="https://www.spam.example/")
    by_link = arrived(store, "see http://spam.example:8080/x", PUBLIC)
    arrived(store, "the word spam.example alone")
    arrived(store, "mine: https://spam.example/", PUBLIC, is_by_author=True)

    swept = block(DOMAIN, "spam.example", store=store, now=NOON, by="author", sweep=True)

    assert [entry.id for entry in swept] == [by_site, by_link]
    assert [entry.id for entry in store.entries([Status.SPAM])] == [by_site, by_link]
    dirty = store.dirty()
    assert dirty is not None
    assert dirty.posts == {"first"}


@pytest.mark.parametrize(
    ("kind", "value", "fields"),
    [
        (EMAIL, "bob@spam.example", {"email": "Bob@spam.example"}),
        (NETWORK, "192.0.2.0/24", {"whence": Whence("192.0.2.9", "192.0.2.0/24")}),
        (NETWORK, "192.0.2.0/24", {"whence": Whence("", "192.0.2.0/24")}),
        (PATTERN, "cheap*pills", {"text": "Cheap blue pills"}),
        (PATTERN, "cheap*pills", {"url": "https://cheap-blue-pills.example/"}),
        (BROWSER, DIGEST, {"whence": Whence(browser=DIGEST)}),
    ],
)
def test_a_sweep_knows_every_kind(
    store: Store, kind: RulingKind, value: str, fields: dict[str, object]
) -> None:
    caught = arrived(store, "caught", **fields)  # type: ignore[arg-type]
    arrived(store, "honest", email="ann@example.org", whence=Whence("192.0.20.9", "192.0.20.0/24"))

    swept = block(kind, value, store=store, now=NOON, by="author", sweep=True)

    assert [entry.id for entry in swept] == [caught]


def test_without_a_sweep_what_is_there_stays_as_it_is(store: Store) -> None:
    arrived(store, "one", url="https://spam.example/")

    assert block(DOMAIN, "spam.example", store=store, now=NOON, by="author") == []
    assert len(store.entries({Status.PENDING})) == 1
