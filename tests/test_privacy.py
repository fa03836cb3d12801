"""What is kept about a person: shown to who asks, erased without a trace, and in nothing public."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from actors import BlogFolder, Clock, Reader
from click.testing import CliRunner, Result
from lxml import html
from sqlalchemy import insert, select
from store_actors import HELD, PUBLIC, a_comment, stranger_to

from pingback_server.cli import permalien
from pingback_server.deeds.purge import purge
from pingback_server.deeds.verify_ping import LEASE
from pingback_server.domain import bayes
from pingback_server.domain.discussion import Kind, Reason, Status, Verdict
from pingback_server.domain.imports import read_imports
from pingback_server.domain.people import Role
from pingback_server.domain.pings import Claim, Pace, PingState, Problem
from pingback_server.domain.rulings import RulingKind, about
from pingback_server.domain.settings import DiscussionSettings
from pingback_server.store import Wording
from pingback_server.store.receiving import Door
from pingback_server.store.schema import metadata

pytestmark = pytest.mark.usefixtures("engine")

EMAIL = "Ada.Lovelace@analytical.example"
DAY = timedelta(days=1)
NAME = "Augusta Byron"
TEXT = "Zymurgical musings on the engine"
BEFORE = "Quincunxial first thoughts"
TRACES = (EMAIL, NAME, TEXT, BEFORE, "zymurgical", "quincunxial", "augusta", "198.51.100.23")


def runs(blog: BlogFolder, *words: str) -> Result:
    command = ["--blog", str(blog.folder), *words]
    return CliRunner().invoke(permalien, command, prog_name="permalien")


@pytest.fixture
def talk(blog: BlogFolder, reader: Reader, clock: Clock) -> BlogFolder:
    """Ada has commented (1, changed once, and spam, 4), others answered and talk of their own."""
    reader._client.environ_base["REMOTE_ADDR"] = "198.51.100.23"
    mine = {"author": NAME, "email": EMAIL, "remember": "yes"}
    receipt = str(reader.comments(**mine, comment=BEFORE).location)
    blog.store.decide([1], Status.APPROVED, now=clock(), by="author")
    blog.store.learning.learn(1, bayes.words_of_entry)
    clock.passes(minutes=1)
    reader.sends(reader.opens(f"{receipt}/edit").get_data(as_text=True), comment=TEXT)
    reader.posts("/-/forget")
    reader._client.environ_base["REMOTE_ADDR"] = "127.0.0.1"
    reader.comments(author="Bea", email="bea@example.org", comment="An answer.", parent="1")
    reader.comments(author="Cleo", comment="Something else.")
    reader.comments(author=NAME, email=EMAIL.upper(), comment=f"{TEXT}, again", subject=None)
    blog.store.decide([1, 2, 3], Status.APPROVED, now=clock(), by="author")
    blog.store.learning.learn(1, bayes.words_of_entry)
    for rule in (blog.store.rulings.trust, blog.store.rulings.block):
        rule(about(RulingKind.EMAIL, EMAIL), f"wrote from {EMAIL}", now=clock(), by="author")
    blog.build()
    return blog


def files_with(folder: Path, trace: str) -> list[str]:
    """Every file below `folder` in which the trace stands, in capitals or not."""
    wanted = trace.lower().encode()
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(one.relative_to(folder)) for one in files if wanted in one.read_bytes().lower()]


def found_in(folder: Path, traces: Iterable[str]) -> dict[str, list[str]]:
    """Where each trace is found that is found at all."""
    return {trace: files for trace in traces if (files := files_with(folder, trace))}


def tables_with(blog: BlogFolder, trace: str) -> list[str]:
    """Every table of the blog's database in which the trace stands, in capitals or not."""
    with stranger_to(blog.settings.store_url) as connection:
        return [
            table.name
            for table in metadata.sorted_tables
            if any(trace.lower() in str(row).lower() for row in connection.execute(select(table)))
        ]


def kept_in(blog: BlogFolder, traces: Iterable[str]) -> dict[str, list[str]]:
    """Where each trace is kept: in what files, and in what tables, which may lie elsewhere."""
    places = {one: [*files_with(blog.folder, one), *tables_with(blog, one)] for one in traces}
    return {trace: found for trace, found in places.items() if found}


def test_the_trace_is_there_before(talk: BlogFolder, engine: str) -> None:
    is_in_a_file = "var/permalien.db" in "".join(files_with(talk.folder, EMAIL))
    assert is_in_a_file == (engine == "sqlite")
    assert tables_with(talk, EMAIL) == ["actions", "blocked", "comments", "revisions"]
    assert [name for name in files_with(talk.output, NAME) if name.endswith(".atom.xml")] != []
    assert files_with(talk.output, TEXT) != []


def test_an_export_holds_everything_about_the_address_and_nothing_of_others(
    talk: BlogFolder,
) -> None:
    said = runs(talk, "privacy", "export", f" {EMAIL.lower()}\n")

    assert said.exit_code == 0, said.output
    found = json.loads(said.stdout)
    assert [entry["id"] for entry in found["entries"]] == [1, 4]
    assert found["entries"][0]["ip"] == "198.51.100.23"
    assert [one["text"] for one in found["earlier_wordings"]] == [BEFORE]
    assert {one["comment"] for one in found["decisions"]} == {1}
    assert [one["value"] for one in found["blocked"]] == [EMAIL.lower()]
    assert "Bea" not in said.stdout


def test_after_erasing_nothing_is_left_anywhere(talk: BlogFolder) -> None:
    said = runs(talk, "privacy", "erase", EMAIL.lower(), "--yes")

    assert said.exit_code == 0, said.output
    assert "Deleted 2, made 0 anonymous." in said.stdout
    assert talk.store.dirty() is not None
    talk.build()
    assert kept_in(talk, TRACES) == {}


def test_that_a_comment_was_marked_as_spam_is_erased_with_its_browser(
    talk: BlogFolder, clock: Clock
) -> None:
    browser = talk.store.entry(1).whence.browser
    talk.store.decide([1], Status.SPAM, now=clock(), by="author")
    exported = json.loads(runs(talk, "privacy", "export", EMAIL).stdout)

    runs(talk, "privacy", "erase", EMAIL, "--yes")

    assert [one["browser"] for one in exported["spam_marks"]] == [browser]
    assert kept_in(talk, [browser]) == {}


def test_what_others_said_stays_and_their_answer_moves_up(talk: BlogFolder) -> None:
    runs(talk, "privacy", "erase", EMAIL, "--yes")
    talk.build()

    page = talk.page("hello")
    assert [entry.author for entry in talk.store.entries()] == ["Bea", "Cleo"]
    assert talk.store.entry(2).parent is None
    assert "An answer." in page
    assert "2 thoughts on" in page
    assert talk.store.learning.learnt(["answer."]).words.keys() <= {"answer."}


def test_made_anonymous_the_text_stays_and_who_wrote_it_is_gone(talk: BlogFolder) -> None:
    said = runs(talk, "privacy", "erase", EMAIL, "--anonymise", "--yes")

    assert "Deleted 1, made 1 anonymous." in said.stdout
    talk.build()
    assert "Anonymous" in talk.page("hello")
    assert TEXT in talk.page("hello")
    gone = (EMAIL, NAME, BEFORE, "augusta", "198.51.100.23")
    assert kept_in(talk, gone) == {}
    assert talk.store.entry(2).parent == 1


def test_who_writes_the_address_out_is_named_to_the_author(
    talk: BlogFolder, reader: Reader
) -> None:
    reader.comments(author="Dora", comment=f"Ask {EMAIL} about it.")

    said = runs(talk, "privacy", "erase", EMAIL, "--yes")

    assert "The address is written out in what others said: 5." in said.stdout


def test_what_others_said_before_and_why_they_wait_is_looked_through_as_well(
    blog: BlogFolder, clock: Clock
) -> None:
    changed = blog.store.add(a_comment(f"Ask {EMAIL}."), PUBLIC, clock()).id
    gone = Wording("Bea", "bea@example.org", "", "", "Ask her.", "<p>Ask her.</p>")
    blog.store.revisions.edit(changed, gone, now=clock(), by="author")
    words = f"It has words that wait for the author: {EMAIL}."
    waits = Verdict(Status.PENDING, (Reason("words", words, 1.0),))
    waiting = blog.store.add(a_comment("Something else."), waits, clock()).id

    said = runs(blog, "privacy", "erase", EMAIL.lower(), "--yes")

    assert f"in what others said: {changed}, {waiting}." in said.stdout


def test_a_pattern_with_the_address_in_it_is_erased(blog: BlogFolder, clock: Clock) -> None:
    for value in (f"*write to {EMAIL}*", "*write to*"):
        pattern = about(RulingKind.PATTERN, value)
        blog.store.rulings.block(pattern, now=clock(), by="author")

    runs(blog, "privacy", "erase", EMAIL, "--yes")

    assert [one.about.value for one in blog.store.rulings.listed()] == ["write to"]
    assert kept_in(blog, [EMAIL]) == {}


def a_ping(origin: str, url: str, **more: str) -> dict[str, str]:
    at = "2026-11-20T12:00:00Z"
    said = {"kind": "webmention", "post": "hello", "status": "approved", "title": "A page"}
    return {"origin": origin, "url": url, "at": at, **said, **more}


SITES = ("münchen.example", "https://www.münchen.example/about", "WWW.xn--mnchen-3ya.example.")


@pytest.mark.parametrize("site", SITES)
def test_pings_of_a_site_are_found_however_the_site_is_named(
    blog: BlogFolder, clock: Clock, site: str
) -> None:
    pings = [
        a_ping("1", "https://xn--mnchen-3ya.example/one"),
        a_ping("2", "https://www.münchen.example/two"),
        a_ping("3", "https://bridge.example/three", author_url="https://münchen.example/"),
        a_ping("4", "https://other.example/münchen.example"),
    ]
    blog.store.bring_in(read_imports(json.dumps(pings)), clock())
    calls = {"calls": {}, "free_at": clock()}
    with stranger_to(blog.settings.store_url) as connection:
        for host in ("www.xn--mnchen-3ya.example", "other.example"):
            connection.execute(insert(metadata.tables["hosts"]).values(host=host, **calls))
        connection.commit()

    exported = json.loads(runs(blog, "privacy", "export", EMAIL, "--site", site).stdout)
    erased = runs(blog, "privacy", "erase", EMAIL, "--site", site, "--yes")

    assert [entry["origin"] for entry in exported["entries"]] == ["1", "2", "3"]
    assert "Deleted 3," in erased.stdout
    assert set(kept_in(blog, ["mnchen-3ya"])) == set()


@pytest.mark.parametrize("site", ["https://", "a b", "ada\udce9.example", "[::1"])
def test_what_is_no_site_is_not_looked_for(blog: BlogFolder, site: str) -> None:
    said = runs(blog, "privacy", "export", EMAIL, "--site", site)

    assert said.exit_code == 2
    assert "is no host" in said.output


def test_what_a_trackback_that_failed_says_of_the_address_is_erased(
    blog: BlogFolder, clock: Clock
) -> None:
    pings, now = blog.store.pings, clock()
    said = {"title": "A page", "excerpt": f"Write to {EMAIL}, or not."}
    claim = Claim(Kind.TRACKBACK, "https://other.example/a", "http://localhost:8000/hello/", said)
    door = Door("hello", "other.example/a", "other.example", "t" * 32)
    pings.receive(claim, door, now=now)
    taken = pings.take(now, lease=LEASE, by="worker", pace=Pace(pause=DAY, hourly=9))
    assert taken
    pings.fail(taken, Problem.NO_LINK, "no link", now=now)

    runs(blog, "privacy", "erase", EMAIL.lower(), "--yes")

    assert kept_in(blog, [EMAIL]) == {}
    assert len(pings.listed([PingState.FAILED])) == 1


def test_a_ping_whose_site_is_called_by_the_address_is_named(
    blog: BlogFolder, clock: Clock
) -> None:
    ping = a_ping("1", "https://other.example/one", site=f"{EMAIL} writes")
    blog.store.bring_in(read_imports(json.dumps([ping])), clock())

    said = runs(blog, "privacy", "erase", EMAIL.lower(), "--yes")

    assert "in what others said: 1." in said.stdout


def test_a_user_who_is_called_by_the_address_is_named(blog: BlogFolder, clock: Clock) -> None:
    blog.store.people.add(EMAIL, Role.AUTHOR, now=clock())

    said = runs(blog, "privacy", "erase", EMAIL.lower(), "--yes")

    assert f"The desk has a user of that name, who stays, as in the log: {EMAIL}." in said.stdout


def test_nothing_of_a_text_that_was_corrected_stays_learnt(blog: BlogFolder, clock: Clock) -> None:
    mine = replace(a_comment(TEXT), author=NAME, email=EMAIL)
    id = blog.store.add(mine, HELD, clock()).id
    blog.store.decide([id], Status.APPROVED, now=clock(), by="author")
    blog.store.learning.learn(0, bayes.words_of_entry)
    corrected = Wording("A.", EMAIL, "", "", "A musing.", "<p>A musing.</p>")
    blog.store.revisions.edit(id, corrected, now=clock(), by="author")
    purge(DiscussionSettings(), blog.store, clock() + 31 * DAY, is_clock_believed=True)

    runs(blog, "privacy", "erase", EMAIL, "--yes")

    learnt = blog.store.learning.learnt(["zymurgical", "musing", "name augusta"])
    assert (learnt.honest, learnt.words) == (0, {})


def test_an_address_that_nobody_gave_changes_nothing(talk: BlogFolder) -> None:
    said = runs(talk, "privacy", "erase", "nobody@example.org", "--yes")

    assert "Deleted 0, made 0 anonymous." in said.stdout
    assert len(talk.store.entries()) == 4


def test_nothing_private_is_in_anything_published(talk: BlogFolder) -> None:
    address = EMAIL.lower().encode()
    private = (
        *(EMAIL, "bea@example.org", "198.51.100"),
        *(hashlib.new(kind, address).hexdigest() for kind in ("md5", "sha1", "sha256")),
    )

    assert found_in(talk.output, private) == {}


def test_no_column_holds_what_a_browser_says_of_itself(reader: Reader, blog: BlogFolder) -> None:
    page = reader.opens(blog.address("hello")).get_data(as_text=True)
    form = reader.form_of(page)
    sent = {**form.fields, "author": "Ada", "comment": "Hello."}
    reader.posts(str(form.action), data=sent, headers={"User-Agent": "Oddbrowser/7.1"})

    assert len(blog.store.entries()) == 1
    assert files_with(blog.folder, "Oddbrowser") == []


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("hello", ("What is kept of it", "365 days", "legitimate interest", "CNIL")),
        ("bonjour", ("Ce qui en est conservé", "365 jours", "intérêt légitime", "CNIL")),
    ],
)
def test_the_notice_stands_at_the_form(blog: BlogFolder, slug: str, words: tuple[str, ...]) -> None:
    blog.build()

    [notice] = html.document_fromstring(blog.page(slug)).xpath("//details[@class='help']")

    assert [word for word in words if word not in notice.text_content()] == []


@pytest.mark.parametrize("command", ["export", "erase"])
@pytest.mark.parametrize("word", ["ada", "ad\udce9@example.org"])
def test_what_is_no_e_mail_address_is_not_looked_for(
    blog: BlogFolder, command: str, word: str
) -> None:
    said = runs(blog, "privacy", command, word)

    assert said.exit_code == 2
    assert f"{word!r} is no e-mail address" in said.output
