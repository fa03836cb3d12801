"""The queue is searched by words; what they find is seen page by page, and decided at once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select, update
from store_actors import HELD, NOON, PUBLIC, a_comment, stranger

from pingback_server.domain.discussion import Kind, Reason, Status, Verdict, Whence
from pingback_server.domain.errors import BadFilter, NoSuchComment
from pingback_server.domain.filters import (
    Filter,
    Selection,
    Tab,
    chosen,
    fields_of_filter,
    read_filter,
    words_of_fields,
    words_of_filter,
)
from pingback_server.domain.imports import read_imports
from pingback_server.domain.markup import safe_html
from pingback_server.store import Store
from pingback_server.store.revisions import Wording
from pingback_server.store.schema import comments, searched_words

PARIS = ZoneInfo("Europe/Paris")
SUSPECT = Verdict(Status.SPAM, (Reason("trap", "The hidden field was filled in.", 5.0),))


def arrives(store: Store, text: str = "Hello", verdict: Verdict = HELD, **fields: object) -> int:
    """Another comment, a minute after the one before."""
    number = len(store.entries())
    comment = replace(a_comment(f"{text} ({number})"), **fields)  # type: ignore[arg-type]
    return store.add(comment, verdict, NOON + timedelta(minutes=number)).id


def found(store: Store, words: str) -> list[int]:
    return [entry.id for entry in store.search.entries(read_filter(words, PARIS))]


def like(tmp_path: object, cluster: int, *ids: int) -> None:
    """As the rules say it of entries that are nearly the same."""
    with stranger(tmp_path) as connection:  # type: ignore[arg-type]
        connection.execute(update(comments).where(comments.c.id.in_(ids)).values(cluster=cluster))
        connection.commit()


# Words


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", Filter()),
        ("is:spam", Filter(Tab.SPAM)),
        ('casino "big money"', Filter(text=("casino", "big money"))),
        ("from:Ada", Filter(author="Ada")),
        ('from:"Ada L"', Filter(author="Ada L")),
        ("email:@spam.example", Filter(email="@spam.example")),
        ("site:spam.example net:192.0.2.", Filter(site="spam.example", network="192.0.2.")),
        ("post:hello rule:trap", Filter(post="hello", rule="trap")),
        ("kind:message", Filter(kinds=frozenset({Kind.MESSAGE}))),
        ("kind:ping", Filter(kinds=frozenset({Kind.PINGBACK, Kind.TRACKBACK, Kind.WEBMENTION}))),
        ("like:12", Filter(cluster=12)),
        ('"foo', Filter(text=("foo",))),
        ('5"x from:Ada" "', Filter(text=("5x",), author="Ada")),
        ("since:2026-11-22", Filter(since=datetime(2026, 11, 21, 23, tzinfo=UTC))),
        ("until:2026-11-22", Filter(until=datetime(2026, 11, 22, 23, tzinfo=UTC))),
        ("https://a.example/?x:y", Filter(text=("https://a.example/?x:y",))),
    ],
)
def test_words_are_read(words: str, expected: Filter) -> None:
    assert read_filter(words, PARIS) == expected


@pytest.mark.parametrize(
    "words",
    [
        *("is:gone", "kind:poem", "like:x", "net:192.0.2.0/33", "net:spam/24"),
        *("since:yesterday", "until:0001-01-01", "x" * 501),
    ],
)
def test_words_that_mean_nothing_are_named(words: str) -> None:
    with pytest.raises(BadFilter, match=words[:20].partition(":")[0].replace("x" * 20, "500")):
        read_filter(words, PARIS)


PLAIN = st.text(st.characters(exclude_characters='"', exclude_categories=["C", "Z"]), min_size=1)
TYPED = st.text(st.sampled_from('a": éx') | st.characters(exclude_categories=["C"]), max_size=40)
FILTERS = st.builds(
    Filter,
    tab=st.just(Tab.PENDING),
    text=st.lists(PLAIN, max_size=2).map(tuple),
    kinds=st.frozensets(st.sampled_from(Kind)),
    author=PLAIN | st.just(""),
    post=PLAIN | st.just(""),
    cluster=st.none() | st.integers(1, 99),
    since=st.none() | st.just(datetime(2026, 11, 21, 23, tzinfo=UTC)),
    until=st.none() | st.just(datetime(2026, 11, 22, 23, tzinfo=UTC)),
)


@given(FILTERS)
def test_every_filter_can_be_said_in_words(wanted: Filter) -> None:
    words = words_of_filter(wanted, PARIS)

    if len(words) <= 500:
        assert read_filter(words, PARIS) == wanted


@given(TYPED)
@example('"foo')
@example('fr"om:ada')
def test_whatever_is_typed_means_the_same_when_its_words_are_read_again(typed: str) -> None:
    with suppress(BadFilter):
        wanted = read_filter(typed, PARIS)

        words = words_of_filter(wanted, PARIS)

        assert read_filter(words, PARIS, wanted.tab) == wanted


# What is found


def test_a_word_stands_in_the_text_the_name_or_the_title_whatever_its_accents(
    store: Store,
) -> None:
    arrives(store, "Vive l'École !")
    arrives(store, "Nothing", author="Écolière")
    arrives(store, "100 % of it")
    arrives(store, "The 𝐂𝐀𝐒𝐈𝐍𝐎 of", author="𝔸𝕕𝕒")

    assert found(store, "ecole") == [1]
    assert found(store, "ÉCOL") == [1, 2]
    assert found(store, "ecol vive") == [1]
    assert found(store, '"0 %"') == [3]
    assert found(store, "casino") == found(store, "from:ada") == [4]
    assert found(store, "_") == []


def test_an_address_is_no_part_of_another_and_a_beginning_ends_with_a_number(store: Store) -> None:
    for ip in ("192.0.2.7", "192.0.2.77", "192.0.21.7", "2001:db8::7"):
        arrives(store, ip, whence=Whence(ip))

    assert found(store, "net:192.0.2.7") == [1]
    assert found(store, "net:192.0.2") == found(store, "net:192.0.2.9/24") == [1, 2]
    assert found(store, "net:192.0.0.0/16") == [1, 2, 3]
    assert found(store, "net:2001:db8") == found(store, "net:2001:0DB8::7") == [4]
    assert found(store, "net:x") == []


def test_a_network_is_the_addresses_that_lie_in_it_whatever_its_size(store: Store) -> None:
    ips = ("10.1.2.3", "10.1.2.203", "10.16.0.1", "2001:db8:0:1::7", "2001:db9::1", "fe80::1%eth0")
    for ip in ("", *ips):
        arrives(store, whence=Whence(ip))

    assert found(store, "net:10.1.2.0/25") == [2]
    assert found(store, "net:10.0.0.0/12") == [2, 3]
    assert found(store, "net:10.0.0.0/8") == [2, 3, 4]
    assert found(store, "net:2001:db8::/32") == [5]
    assert found(store, "net:2001:db8::/31") == [5, 6]
    assert found(store, "net:fe80::/10") == [7]


def test_what_matches_has_another_fingerprint_as_soon_as_it_is_anything_else(
    store: Store, tmp_path: Path
) -> None:
    def fingerprints() -> tuple[str, ...]:
        page = store.search.page(Filter(), size=50)
        return (page.fingerprint, *(row.fingerprint for row in page.rows if row.alike))

    for _ in range(6):
        arrives(store)
    seen = [fingerprints()]
    like(tmp_path, 2, 2, 3, 4)
    [_, of_row] = fingerprints()

    wording = Wording("Ada", "", "", "", "Else", "<p>Else</p>")
    store.revisions.edit(3, wording, now=NOON, by="ben")
    assert fingerprints()[1] != of_row
    seen.append(fingerprints()[:1])
    arrives(store)
    seen.append(fingerprints()[:1])
    store.decide([1], Status.SPAM, now=NOON, by="ben")
    seen.append(fingerprints()[:1])
    store.decide([3], Status.TRASH, now=NOON, by="ben")
    seen.append(fingerprints()[:1])

    assert len(set(seen)) == len(seen)
    assert fingerprints()[:1] == seen[-1]


def test_each_name_chooses_by_one_thing(store: Store) -> None:
    arrives(store, author="Ada", email="ada@a.example", url="https://a.example/blog")
    whence = Whence(ip="192.0.2.7", network="192.0.2.0/24")
    arrives(store, kind=Kind.MESSAGE, post="contact", whence=whence)
    link = '<p><a href="https://shop.spam.example/x">x</a></p>'
    store.add(replace(a_comment("x"), html=link), SUSPECT, NOON + timedelta(days=2))

    assert found(store, "from:ad") == [1]
    assert found(store, "email:ADA@") == [1]
    assert found(store, "site:a.example") == [1]
    assert found(store, "net:192.0.2.0/24") == found(store, "net:192.0.2.") == [2]
    assert found(store, "kind:message") == found(store, "post:contact") == [2]
    assert found(store, "is:suspect site:spam.example") == [3]
    assert found(store, "is:all rule:trap") == [3]
    assert found(store, "is:all rule:tra") == []
    assert found(store, "is:all since:2026-11-23") == [3]
    assert found(store, "is:all until:2026-11-23") == [1, 2]


def test_a_suspect_is_spam_that_no_human_has_called_so(store: Store) -> None:
    arrives(store, verdict=SUSPECT)
    arrives(store, verdict=SUSPECT)
    arrives(store)

    store.decide([1, 3], Status.SPAM, now=NOON, by="author")

    assert found(store, "is:suspect") == [2]
    assert found(store, "is:spam") == [1, 3]
    counts = store.search.counts(Filter())
    assert (counts[Tab.SUSPECT], counts[Tab.SPAM], counts[Tab.PENDING]) == (1, 2, 0)


def test_counts_are_those_of_the_search_in_every_tab(store: Store) -> None:
    arrives(store, "casino")
    arrives(store, "casino", PUBLIC)
    arrives(store, "hello", PUBLIC)

    counts = store.search.counts(read_filter("casino", PARIS))

    assert dict(counts) == {
        Tab.PENDING: 1,
        Tab.SUSPECT: 0,
        Tab.APPROVED: 1,
        Tab.SPAM: 0,
        Tab.TRASH: 0,
        Tab.ALL: 2,
    }


# Pages


def test_pages_follow_one_another_without_a_gap_oldest_first(store: Store) -> None:
    for _ in range(7):
        arrives(store)

    pages, after = [], None
    while True:
        page = store.search.page(Filter(), size=3, after=after)
        pages.append([row.entry.id for row in page.rows])
        after = page.after
        if after is None:
            break

    assert pages == [[1, 2, 3], [4, 5, 6], [7]]
    assert (page.counts[Tab.PENDING], page.upto) == (7, 7)


def test_what_is_decided_is_shown_newest_first(store: Store) -> None:
    for _ in range(3):
        arrives(store, verdict=PUBLIC)

    first = store.search.page(Filter(Tab.APPROVED), size=2)
    second = store.search.page(Filter(Tab.APPROVED), size=2, after=first.after)

    assert [row.entry.id for row in (*first.rows, *second.rows)] == [3, 2, 1]


def test_a_row_has_what_it_answers(store: Store) -> None:
    arrives(store, "the question", PUBLIC)
    arrives(store, "the answer", parent=1)

    [row] = store.search.page(Filter(), size=9).rows

    assert row.parent is not None
    assert row.parent.text == "the question (0)"


def test_what_is_alike_stands_in_one_row(store: Store, tmp_path) -> None:
    for _ in range(6):
        arrives(store)
    like(tmp_path, 2, 4, 5)
    store.decide([5], Status.TRASH, now=NOON, by="author")

    rows = store.search.page(Filter(), size=9).rows
    members = store.search.page(Filter(cluster=2), size=9).rows

    assert [(row.entry.id, row.alike) for row in rows] == [(1, 0), (2, 1), (3, 0), (6, 0)]
    assert [row.entry.id for row in members] == [2, 4]


def test_a_cluster_whose_first_is_decided_already_is_still_one_row(store: Store, tmp_path) -> None:
    for _ in range(4):
        arrives(store)
    like(tmp_path, 1, 2, 3)
    store.decide([1], Status.SPAM, now=NOON, by="author")

    rows = store.search.page(Filter(), size=1).rows

    assert [(row.entry.id, row.alike) for row in rows] == [(2, 1)]


# Selection


def test_all_that_matches_is_decided_in_one_action(store: Store) -> None:
    for number in range(1203):
        arrives_quickly(store, number, "casino" if number % 2 else "hello")
    everything = Selection(read_filter("casino", PARIS), is_all=True)

    decided = store.moderation.decide(everything, Status.SPAM, now=NOON, by="ada")

    assert (decided.action, len(decided.moved), decided.unchanged) == (1, 601, 0)
    assert len(store.entries({Status.SPAM})) == 601
    [line] = store.actions.listed(size=9)
    assert (line.verb, line.by, line.entries) == ("spam", "ada", 601)


def arrives_quickly(store: Store, number: int, text: str) -> None:
    store.add(a_comment(f"{text} {number}"), HELD, NOON)


def test_a_selection_names_clusters_and_numbers_together(store: Store, tmp_path) -> None:
    for _ in range(6):
        arrives(store)
    like(tmp_path, 2, 3, 4)
    some = Selection(Filter(), ids=frozenset({6}), clusters=frozenset({2}))

    decided = store.moderation.decide(some, Status.SPAM, now=NOON, by="ada")

    assert decided.moved == (2, 3, 4, 6)


def test_what_came_after_the_page_was_made_is_not_decided_on(store: Store) -> None:
    arrives(store)
    page = store.search.page(Filter(), size=9)
    arrives(store)
    seen = Selection(Filter(upto=page.upto), is_all=True)

    assert store.moderation.decide(seen, Status.TRASH, now=NOON, by="ada").moved == (1,)


def test_what_may_not_be_seen_is_as_if_it_were_not_there(store: Store) -> None:
    arrives(store)
    arrives(store, post="second")
    own = Filter(posts=frozenset({"second"}))

    assert [row.entry.id for row in store.search.page(own, size=9).rows] == [2]
    assert store.search.counts(own)[Tab.ALL] == 1
    everything = Selection(own, is_all=True)
    assert store.moderation.decide(everything, Status.TRASH, now=NOON, by="ada").moved == (2,)
    with pytest.raises(NoSuchComment, match=r"number 1$"):
        store.moderation.decide(
            Selection(own, ids=frozenset({1, 2})), Status.SPAM, now=NOON, by="ada"
        )


def test_who_may_see_no_post_sees_nothing(store: Store) -> None:
    arrives(store)

    assert store.search.page(Filter(posts=frozenset()), size=9).rows == []


def test_a_number_that_is_none_changes_nothing(store: Store) -> None:
    arrives(store)

    with pytest.raises(NoSuchComment, match="2, 9000000000"):
        store.moderation.decide(chosen(1, 2, 9_000_000_000), Status.SPAM, now=NOON, by="ada")

    assert store.entry(1).status is Status.PENDING
    assert store.actions.listed(size=9) == []


# What is looked through


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Œdipe Straße", "oedipe strasse"),
        ("Cæsar", "CAESAR"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("L’Été", "l'ete"),
        ("Soft\u00adhyphen", "softhyphen"),
        ("Ⅳ ﬁn", "iv fin"),
    ],
)
def test_a_name_is_found_whatever_its_letters_are_made_of(
    store: Store, name: str, typed: str
) -> None:
    arrives(store, "Hello", author=name)
    arrives(store, "Hello", author="Bea")

    assert found(store, f'from:"{typed}"') == [1]
    assert found(store, f'"{typed}"') == [1]


def test_a_correction_is_found_by_its_new_words_alone_until_it_is_undone(store: Store) -> None:
    arrives(store, "Casino")
    words = Wording("Zoé", "", "", "", "Rien", "<p>Rien</p>")

    action = store.revisions.edit(1, words, now=NOON, by="author")

    assert [found(store, word) for word in ("zoe", "rien", "casino", "ann")] == [[1], [1], [], []]
    store.moderation.undo(action or 0, now=NOON, by="author")
    assert [found(store, word) for word in ("zoe", "rien", "casino", "ann")] == [[], [], [1], [1]]


def test_what_is_imported_is_found(store: Store) -> None:
    file = """[{"origin": "wp:1", "kind": "pingback", "post": "first", "author": "Ada",
        "at": "2026-11-01T12:00:00Z", "title": "Élan", "text": "Un mot", "status": "pending",
        "url": "https://a.example/"}]"""
    store.bring_in(read_imports(file), NOON)

    assert [found(store, word) for word in ("elan", "mot", "ada")] == [[1], [1], [1]]


def test_nothing_of_what_is_deleted_is_kept_to_be_found(store: Store, tmp_path: Path) -> None:
    arrives(store, "Casino", Verdict(Status.TRASH))
    arrives(store, "Hello")
    store.moderation.delete(chosen(1), now=NOON, by="author")

    with stranger(tmp_path) as connection:
        kept = connection.scalars(select(searched_words.c.words)).all()
    assert kept == ["ann\n\nhello (1)"]


def test_a_site_is_found_in_any_link_and_is_no_part_of_another(store: Store) -> None:
    arrives(store, "one", html='<p><a href="https://WWW.Pills.example/x">x</a></p>')
    arrives(store, "two", url="https://shop.pills.example/")
    arrives(store, "three", url="https://notpills.example/", html="<p>pills.example</p>")

    assert found(store, "site:Pills.example") == [1, 2]


@pytest.mark.parametrize(
    "url",
    [
        *("https://spam.com/", "https://spam.co.uk/", "https://a.example/x.spam.co"),
        *("https://a.example/?x=//spam.com", "https://spam.co@a.example/"),
    ],
)
def test_a_site_is_the_whole_end_of_a_host_and_nothing_behind_it(store: Store, url: str) -> None:
    arrives(store, "another", url=url, html=f'<p><a href="{url}">x</a></p>')
    for own in ("https://spam.co", "http://a.SPAM.co:8080?x", "https://u:p@spam.co./x"):
        arrives(store, "its own", url=own)
    for own in ("https://spam.co", "mailto:a@spam.co?subject=x"):
        arrives(store, "its own", html=f'<p><a href="{own}">x</a></p>')

    assert found(store, "site:spam.co") == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "site",
    ["münchen.example", "MÜNCHEN.example", "mu\u0308nchen.example", "xn--mnchen-3ya.example"],
)
def test_a_site_is_found_in_letters_and_spelt_out(store: Store, site: str) -> None:
    for url in (
        "https://MÜNCHEN.example/",
        "https://mu\u0308nchen.example",
        "//www.münchen.example",
    ):
        arrives(store, "in letters", url=url)
    spelt_out = safe_html("Un lien [ici](https://münchen.example/a)")
    arrives(store, "spelt out", html=spelt_out)
    arrives(store, "another", url="https://munchen.example/")

    assert found(store, f"site:{site}") == [1, 2, 3, 4]


def test_a_site_is_that_to_which_browsers_lead(store: Store) -> None:
    for host in ("straße.example", "strasse.example", "xn--strae-oqa.example"):
        arrives(store, "there", url=f"https://{host}/")

    assert found(store, "site:straße.example") == [1, 3]
    assert found(store, "site:strasse.example") == [2]


def test_a_site_is_searched_for_whatever_was_typed(store: Store) -> None:
    for site in ("xn--", "xn--a\u0301", "xn--\u2060", "xn--99999999", "é" * 200, "(", "[::1", "."):
        assert found(store, f"site:{site}") == []


@pytest.mark.parametrize("sign", ["\0", "\udcff"])
@pytest.mark.parametrize("name", ["", "from:", "email:", "site:", "net:", "post:", "rule:"])
def test_what_cannot_be_stored_is_found_nowhere(store: Store, name: str, sign: str) -> None:
    arrives(store, "Hello")

    assert found(store, f"{name}{sign}") == found(store, f"{name}Ann{sign}") == []


def test_what_is_like_a_number_is_so_whichever_of_them_is_named(store: Store, tmp_path) -> None:
    for _ in range(4):
        arrives(store)
    like(tmp_path, 1, 1, 2, 3)

    assert [found(store, f"like:{number}") for number in (1, 2, 3)] == [[1, 2, 3]] * 3
    assert found(store, "like:4") == [4]
    assert found(store, "like:99") == []


# As a form


def test_fields_say_what_words_say() -> None:
    fields = {
        "text": 'casino "big money"',
        "from": "Ada L",
        "email": "@example.org",
        "site": " example.org ",
        "kind": "ping",
        "since": "2026-11-01",
        "rule": "",
        "unknown": "x",
    }

    words = words_of_fields(fields)

    assert words == (
        'casino "big money" from:"Ada L" email:@example.org site:example.org kind:ping '
        "since:2026-11-01"
    )


@given(wanted=FILTERS)
def test_every_filter_can_be_said_in_fields(wanted: Filter) -> None:
    assert (
        read_filter(words_of_fields(fields_of_filter(wanted, PARIS)), PARIS, wanted.tab) == wanted
    )
