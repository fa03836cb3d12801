"""When a discussion closes: the instant, the page, the door, and who has the page follow."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from actors import BlogFolder, Clock, Reader, anchors, decide, visit
from hypothesis import given
from hypothesis import strategies as st

from pingback_server.deeds.publish import publish_if_dirty
from pingback_server.deeds.refresh import mark_due
from pingback_server.domain.closing import closing_instant, is_in_grace, is_open
from pingback_server.domain.discussion import Status
from pingback_server.domain.errors import BuildFailed
from pingback_server.manifest import PublishedBlog

PARIS, UTC_ZONE = "Europe/Paris", "UTC"
APIA, LOS_ANGELES, SAO_PAULO = "Pacific/Apia", "America/Los_Angeles", "America/Sao_Paulo"

# The post's day, N, the zone, and the instant in UTC.
AFTER_DAYS = [
    # Plain days
    ("2026-11-20", 90, UTC_ZONE, "2027-02-19T00:00"),
    ("2026-11-20", 1, UTC_ZONE, "2026-11-22T00:00"),
    ("2026-12-31", 1, UTC_ZONE, "2027-01-02T00:00"),
    ("2026-11-20", 90, PARIS, "2027-02-18T23:00"),
    ("2026-06-20", 14, PARIS, "2026-07-04T22:00"),
    ("2026-11-20", 7, LOS_ANGELES, "2026-11-28T08:00"),
    ("2026-06-20", 7, LOS_ANGELES, "2026-06-28T07:00"),
    ("2026-11-20", 7, "Asia/Kolkata", "2026-11-27T18:30"),
    ("2026-11-20", 7, "Asia/Kathmandu", "2026-11-27T18:15"),
    ("2026-11-20", 7, "Asia/Tokyo", "2026-11-27T15:00"),
    ("2026-11-20", 7, "Pacific/Kiritimati", "2026-11-27T10:00"),
    ("2026-11-20", 7, "Etc/GMT+12", "2026-11-28T12:00"),
    ("2026-11-20", 7, "Pacific/Chatham", "2026-11-27T10:15"),
    # Summer time begins and ends meanwhile
    ("2026-03-01", 90, PARIS, "2026-05-30T22:00"),
    ("2026-10-01", 90, PARIS, "2026-12-30T23:00"),
    ("2026-03-01", 90, LOS_ANGELES, "2026-05-31T07:00"),
    ("2026-10-01", 90, LOS_ANGELES, "2026-12-31T08:00"),
    # ... on the last day itself, which has 23 or 25 hours
    ("2026-03-22", 7, PARIS, "2026-03-29T22:00"),
    ("2026-10-18", 7, PARIS, "2026-10-25T23:00"),
    ("2026-03-01", 7, LOS_ANGELES, "2026-03-09T07:00"),
    ("2026-10-25", 7, LOS_ANGELES, "2026-11-02T08:00"),
    ("2026-09-27", 7, "Australia/Lord_Howe", "2026-10-04T13:00"),
    # ... at the midnight at which it closes: 0:00 is skipped, or comes twice
    ("2018-10-27", 7, SAO_PAULO, "2018-11-04T03:00"),
    ("2018-02-10", 7, SAO_PAULO, "2018-02-18T03:00"),
    ("2026-03-01", 6, "America/Havana", "2026-03-08T05:00"),
    ("2026-10-24", 7, "America/Havana", "2026-11-01T04:00"),
    ("2026-03-21", 7, "Asia/Beirut", "2026-03-28T22:00"),
    ("2026-04-16", 7, "Africa/Cairo", "2026-04-23T22:00"),
    ("2026-10-22", 7, "Africa/Cairo", "2026-10-29T22:00"),
    # The clocks jumped from 23:30 to 0:30
    ("1919-03-23", 7, "America/Toronto", "1919-03-31T04:30"),
    # Samoa skipped 30 December 2011
    ("2011-12-28", 1, APIA, "2011-12-30T10:00"),
    ("2011-12-29", 1, APIA, "2011-12-30T10:00"),
    ("2011-12-28", 3, APIA, "2011-12-31T10:00"),
    ("2011-12-22", 7, APIA, "2011-12-30T10:00"),
    # Leap days
    ("2028-02-28", 1, UTC_ZONE, "2028-03-01T00:00"),
    ("2028-02-29", 1, PARIS, "2028-03-01T23:00"),
    ("2027-02-28", 1, UTC_ZONE, "2027-03-02T00:00"),
    ("2028-02-29", 365, UTC_ZONE, "2029-03-01T00:00"),
    ("2000-02-28", 1, UTC_ZONE, "2000-03-01T00:00"),
    ("2100-02-28", 1, UTC_ZONE, "2100-03-02T00:00"),
    # Never
    ("2026-11-20", 0, PARIS, None),
    ("2026-11-20", 0, UTC_ZONE, None),
    ("9990-01-01", 36_500, PARIS, None),
]

ON_A_DAY = [
    ("2027-01-31", 90, PARIS, "2027-01-31T23:00"),
    ("2027-01-31", 0, PARIS, "2027-01-31T23:00"),
    ("2020-01-31", 0, UTC_ZONE, "2020-02-01T00:00"),
    ("2026-03-29", 90, PARIS, "2026-03-29T22:00"),
    ("2026-11-19", 90, LOS_ANGELES, "2026-11-20T08:00"),
    ("2011-12-30", 0, APIA, "2011-12-30T10:00"),
    ("9999-12-31", 90, PARIS, None),
]


def instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("posted", "days", "zone", "closes"), AFTER_DAYS)
def test_comments_close_when_day_n_ends_in_the_blog_s_zone(
    posted: str, days: int, zone: str, closes: str | None
) -> None:
    found = closing_instant(date.fromisoformat(posted), zone=ZoneInfo(zone), days=days)

    assert found == instant(closes)


@pytest.mark.parametrize(("closes_on", "days", "zone", "closes"), ON_A_DAY)
def test_comments_close_when_the_day_ends_that_the_post_names(
    closes_on: str, days: int, zone: str, closes: str | None
) -> None:
    found = closing_instant(
        date(2026, 11, 20),
        zone=ZoneInfo(zone),
        days=days,
        closes_on=date.fromisoformat(closes_on),
    )

    assert found == instant(closes)


@given(
    st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    st.integers(1, 400),
    st.sampled_from([PARIS, APIA, LOS_ANGELES, SAO_PAULO, "America/Havana", "Africa/Cairo"]),
)
def test_at_closing_the_last_day_has_just_ended(posted: date, days: int, zone: str) -> None:
    there = ZoneInfo(zone)
    last_day = posted + timedelta(days=days)

    closes = closing_instant(posted, zone=there, days=days)

    assert closes is not None
    assert closes.astimezone(there).date() > last_day
    assert (closes - timedelta(seconds=1)).astimezone(there).date() <= last_day


@pytest.mark.parametrize(
    ("seconds", "open_then", "in_grace"),
    [(-1, True, False), (0, False, True), (1799, False, True), (1800, False, False)],
)
def test_the_instant_itself_is_closed_and_the_grace_begins(
    seconds: int, open_then: bool, in_grace: bool
) -> None:
    closes = datetime(2026, 11, 22, tzinfo=UTC)
    now = closes + timedelta(seconds=seconds)

    assert is_open(closes, now) is open_then
    assert is_in_grace(closes, now, timedelta(minutes=30)) is in_grace


def test_what_never_closes_is_open_and_never_in_grace() -> None:
    assert is_open(None, datetime.max.replace(tzinfo=UTC))
    assert not is_in_grace(None, datetime.max.replace(tzinfo=UTC), timedelta(days=1))


# In pages, in the list of posts, at the door


FRENCH = 'TIMEZONE = "Europe/Paris"\nDEFAULT_LANG = "fr"\n'
CLOSES = datetime(2026, 11, 21, 23, tzinfo=UTC)  # the day after the post's own ends in Paris


@pytest.fixture(scope="module")
def closing_blog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blog in Paris that closes after a day, with five posts of 20 November; built before."""
    blog = BlogFolder.init(tmp_path_factory.mktemp("closing") / "blog")
    blog.configure(FRENCH + 'DISCUSSION = {"close_after_days": 1}')
    blog.write_post("hello", "Bonjour", "Les premiers mots.")
    blog.write_post("silent", "Silence", "Personne n’a rien dit.")
    blog.write_post("named", "Nommé", "Jusqu’à la fin de l’an.", Closes="2026-12-31")
    blog.write_post("shut", "Fermé", "Dès le début.", Comments="closed")
    blog.write_post("always", "Toujours", "Sans fin.", Closes="Never")
    blog.write_post("deaf", "Sourd", "Sans pings.", Pings="closed", Closes="jamais")
    blog.write_post("night", "Nuit", "À minuit et quart.", Date="2026-11-21 00:15")
    for welcome in (blog.folder / "content").glob("*-welcome.md"):
        welcome.unlink()
    with blog:
        blog.build(SOURCE_DATE_EPOCH=str(int(CLOSES.timestamp()) - 7200))
        clock = Clock()
        clock.now = CLOSES - timedelta(hours=2)
        visit(blog, clock).comments(author="Ada", comment="D’accord.")
        decide([1], Status.APPROVED, store=blog.store, now=clock())
        build_at(blog, CLOSES - timedelta(hours=1))
    return blog.folder


def build_at(blog: BlogFolder, at: datetime) -> None:
    """Publish what is marked, as the press does at that instant."""
    epoch = str(int(at.timestamp()))
    publish_if_dirty(blog.store, lambda: blog.build(SOURCE_DATE_EPOCH=epoch))


@pytest.fixture
def blog(closing_blog: Path, tmp_path: Path) -> Iterator[BlogFolder]:
    """The blog as it was built an hour before its first posts close."""
    shutil.copytree(closing_blog, tmp_path / "blog")
    with BlogFolder(tmp_path / "blog") as blog:
        yield blog


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.now = CLOSES - timedelta(hours=1)
    return clock


def published(blog: BlogFolder) -> PublishedBlog:
    return PublishedBlog(blog.settings.manifest_path)


def text_of(page: str) -> str:
    return re.sub(r"<[^>]*>", "", page)


def test_the_list_of_posts_names_each_instant(blog: BlogFolder) -> None:
    posts = published(blog)().posts

    assert {id: posts[id].closes_at for id in ("hello", "named", "night")} == {
        "hello": CLOSES,
        "named": datetime(2026, 12, 31, 23, tzinfo=UTC),
        "night": CLOSES + timedelta(days=1),
    }
    closed = [id for id, post in posts.items() if post.kind == "post" and not post.comments]
    assert closed == ["shut"]
    deaf = [id for id, post in posts.items() if post.kind == "post" and not post.pings]
    assert deaf == ["deaf"]


def test_what_a_post_says_of_closing_goes_for_comments_and_pings(blog: BlogFolder) -> None:
    posts = published(blog)().posts

    assert [(posts[id].closes_at, posts[id].pings_close_at) for id in ("named", "always")] == [
        (datetime(2026, 12, 31, 23, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)),
        (None, None),
    ]


def test_a_post_that_never_closes_has_its_form_whatever_the_blog_says(
    blog: BlogFolder, clock: Clock
) -> None:
    clock.now = CLOSES + timedelta(days=10_000)
    build_at(blog, clock.now)

    assert "<form" in blog.page("always")
    assert visit(blog, clock).comments("always", comment="Toujours là.").status_code == 303
    assert published(blog)().posts["deaf"].closes_at is None


def test_unless_the_blog_says_else_pings_close_with_the_comments(blog: BlogFolder) -> None:
    posts = published(blog)().posts

    assert {post.pings_close_at == post.closes_at for post in posts.values()} == {True}
    assert posts["hello"].pings_close_at == CLOSES


@pytest.mark.parametrize(
    ("days", "zone", "closes"),
    [
        (0, "Europe/Paris", None),
        (3, "Europe/Paris", datetime(2026, 11, 23, 23, tzinfo=UTC)),
        (3, "America/Los_Angeles", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        (125, "Europe/Paris", datetime(2027, 3, 25, 23, tzinfo=UTC)),
        (129, "Europe/Paris", datetime(2027, 3, 29, 22, tzinfo=UTC)),
    ],
)
def test_pings_close_at_an_instant_of_their_own(
    blog: BlogFolder, clock: Clock, days: int, zone: str, closes: datetime | None
) -> None:
    blog.configure(
        f'TIMEZONE = "{zone}"\n'
        f'DISCUSSION = {{"close_after_days": 1, "close_pings_after_days": {days}}}'
    )

    blog.build(SOURCE_DATE_EPOCH=str(int(clock().timestamp())))

    posts = published(blog)().posts
    assert posts["hello"].pings_close_at == closes
    assert posts["hello"].closes_at != closes
    assert posts["named"].pings_close_at == posts["named"].closes_at
    assert posts["always"].pings_close_at is None


def test_the_page_is_made_anew_at_each_of_the_two_instants(blog: BlogFolder, clock: Clock) -> None:
    blog.configure('DISCUSSION = {"close_after_days": 1, "close_pings_after_days": 3}')
    blog.build(SOURCE_DATE_EPOCH=str(int(clock().timestamp())))
    pings_close = CLOSES + timedelta(days=2)

    assert "hello" in mark_due(published(blog)(), blog.store, CLOSES)
    build_at(blog, CLOSES)
    before = mark_due(published(blog)(), blog.store, pings_close - timedelta(seconds=1))
    at = mark_due(published(blog)(), blog.store, pings_close)

    assert "hello" not in before
    assert {"hello", "shut"} <= at
    assert "deaf" not in at


def test_a_clock_that_jumps_over_both_instants_leaves_a_page_as_if_it_had_not(
    blog: BlogFolder, clock: Clock
) -> None:
    blog.configure('DISCUSSION = {"close_after_days": 1, "close_pings_after_days": 3}')
    blog.build(SOURCE_DATE_EPOCH=str(int(clock().timestamp())))
    late = CLOSES + timedelta(days=30)
    marked = mark_due(published(blog)(), blog.store, late)
    build_at(blog, late)
    jumped = blog.pages()

    blog.build(SOURCE_DATE_EPOCH=str(int(late.timestamp())))

    assert "hello" in marked
    assert blog.pages() == jumped
    assert mark_due(published(blog)(), blog.store, late + timedelta(hours=1)) == frozenset()


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_machine_s_own_time_zone_changes_nothing(
    blog: BlogFolder, clock: Clock, zone: str
) -> None:
    pages, posts = blog.pages(), published(blog)()

    blog.build(SOURCE_DATE_EPOCH=str(int(clock().timestamp())), TZ=zone)

    assert asdict(published(blog)()) == asdict(posts)
    assert blog.pages() == pages


def test_before_the_instant_there_is_a_form(blog: BlogFolder, clock: Clock) -> None:
    clock.now = CLOSES - timedelta(seconds=1)

    assert "Les commentaires sont fermés." not in blog.page("hello")
    assert visit(blog, clock).comments(comment="À temps.").status_code == 303
    assert [reason.rule for reason in blog.store.entries()[-1].reasons] == ["newcomer"]


def test_at_the_instant_the_worker_marks_the_posts_and_the_press_takes_their_forms_away(
    blog: BlogFolder, clock: Clock
) -> None:
    assert mark_due(published(blog)(), blog.store, CLOSES - timedelta(seconds=1)) == frozenset()

    marked = mark_due(published(blog)(), blog.store, CLOSES)
    assert marked == {"hello", "silent", "shut"}
    build_at(blog, CLOSES)

    page = blog.page("hello")
    assert "<form" not in page
    assert "/reply" not in page
    assert "Les commentaires sont fermés." in page
    assert anchors(page) == [1]
    assert "D’accord." in page
    assert "Une réflexion au sujet de «\u00a0Bonjour\u00a0»" in text_of(page)
    assert "<form" in blog.page("night")
    assert mark_due(published(blog)(), blog.store, CLOSES + timedelta(days=1, seconds=-1)) == set()


def test_a_post_is_marked_once_however_often_the_worker_looks(
    blog: BlogFolder, clock: Clock
) -> None:
    mark_due(published(blog)(), blog.store, CLOSES)

    assert mark_due(published(blog)(), blog.store, CLOSES + timedelta(minutes=1)) == frozenset()


def test_a_machine_that_was_off_at_the_instant_catches_up(blog: BlogFolder) -> None:
    marked = mark_due(published(blog)(), blog.store, CLOSES + timedelta(days=365))

    assert marked == {"hello", "silent", "shut", "named", "night"}


def test_closed_with_nothing_said_is_the_sentence_alone(blog: BlogFolder) -> None:
    page = blog.page("shut")

    assert "<form" not in page
    assert "réflexion" not in page
    assert text_of(page).count("Les commentaires sont fermés.") == 1


def test_closed_by_the_post_itself_is_closed_at_the_door(blog: BlogFolder, clock: Clock) -> None:
    reader = visit(blog, clock)
    open_page = blog.page("hello")
    blog.write_post("hello", "Bonjour", "Les premiers mots.", Comments="Closed")
    blog.build(SOURCE_DATE_EPOCH=str(int(clock().timestamp())))

    answer = reader.sends(open_page, author="Bea", comment="Trop tard ?")

    assert answer.status_code == 403
    assert anchors(blog.page("hello")) == [1]


def sent_late(blog: BlogFolder, clock: Clock, **late: float) -> tuple[Reader, int, str]:
    """A form opened in time and sent so much after the instant: the answer's status and page."""
    page = blog.page("hello")
    clock.now = CLOSES + timedelta(**late)
    reader = visit(blog, clock)
    answer = reader.sends(page, author="Bea", comment="J’écrivais encore.")
    address = answer.headers.get("Location")
    shown = reader.opens(address) if address else answer
    return reader, answer.status_code, shown.get_data(as_text=True)


@pytest.mark.parametrize("late", [{"seconds": 0}, {"minutes": 29, "seconds": 59}])
def test_a_form_sent_within_the_grace_is_taken_held_and_its_writer_told(
    blog: BlogFolder, clock: Clock, late: dict[str, float]
) -> None:
    _, status, receipt = sent_late(blog, clock, **late)

    assert status == 303
    assert "La discussion s’est fermée pendant que vous écriviez" in receipt
    entry = blog.store.entries()[-1]
    assert entry.status is Status.PENDING
    assert [reason.rule for reason in entry.reasons] == ["newcomer", "late"]


def test_a_form_sent_after_the_grace_is_refused_with_its_text(
    blog: BlogFolder, clock: Clock
) -> None:
    _, status, page = sent_late(blog, clock, minutes=30)

    assert status == 403
    assert "Les commentaires sont fermés." in page
    assert "J’écrivais encore." in page
    assert len(blog.store.entries()) == 1


def test_what_was_sent_in_time_can_be_approved_after_closing(
    blog: BlogFolder, clock: Clock
) -> None:
    visit(blog, clock).comments(author="Bea", comment="À temps.")
    clock.now = CLOSES + timedelta(days=3)
    decide([2], Status.APPROVED, store=blog.store, now=clock())

    build_at(blog, clock.now)

    page = blog.page("hello")
    assert anchors(page) == [1, 2]
    assert "Les commentaires sont fermés." in page


# Posts whose time has not come


def test_a_scheduled_post_is_public_nowhere_and_appears_at_its_instant(
    blog: BlogFolder, clock: Clock
) -> None:
    due = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    blog.write_post("later", "Plus tard", "Un secret de demain.", Date="2026-11-22 07:30")
    blog.build(SOURCE_DATE_EPOCH=str(int(clock().timestamp())))
    assert not [name for name, page in blog.pages().items() if b"secret de demain" in page]
    assert published(blog)().scheduled == {"later": due}
    assert "later" not in published(blog)().posts

    assert "later" not in mark_due(published(blog)(), blog.store, due - timedelta(seconds=1))
    assert "later" in mark_due(published(blog)(), blog.store, due)
    build_at(blog, due)

    assert "Un secret de demain." in blog.page("later")
    assert published(blog)().scheduled == {}


def test_a_draft_is_not_scheduled(blog: BlogFolder, clock: Clock) -> None:
    blog.write_post("later", "Plus tard", "Un secret.", Date="2027-11-22 07:30", Status="draft")

    blog.build(SOURCE_DATE_EPOCH=str(int(clock().timestamp())))

    assert published(blog)().scheduled == {}


# What the author got wrong


@pytest.mark.parametrize(
    ("metadata", "line", "message"),
    [
        ({"Closes": "soon"}, 5, "has to be a day such as 2027-01-31, or `never`, not 'soon'"),
        ({"Category": "x", "Closes": "2027-02-29"}, 6, "not '2027-02-29'"),
        ({"Closes": "31.01.2027"}, 5, "has to be a day such as 2027-01-31"),
        ({"Closes": "never!"}, 5, "or `never`, not 'never!'"),
        ({"Pings": "yes"}, 5, "Pings: has to be `open` or `closed`, not 'yes'"),
        ({"Comments": "no"}, 5, "Comments: has to be `open` or `closed`, not 'no'"),
        ({"Title": ""}, 1, "Title: must not be empty"),
        ({"Id": "silent"}, 4, "Id: silent.md has 'silent' too"),
    ],
)
def test_bad_metadata_fails_the_build_by_file_and_line(
    blog: BlogFolder, metadata: dict[str, str], line: int, message: str
) -> None:
    pages = blog.pages()
    blog.write_post("wrong", "Faux", "Mal dit.", **metadata)

    with pytest.raises(BuildFailed) as failure:
        blog.build()

    assert (failure.value.file, failure.value.line) == ("content/wrong.md", line)
    assert message in str(failure.value)
    assert blog.pages() == pages


def test_a_scheduled_post_with_a_copied_id_is_refused_at_once_and_not_the_one_it_copies(
    blog: BlogFolder,
) -> None:
    blog.write_post("copied", "Plus tard", "Un autre.", Id="hello", Date="2999-11-22 07:30")

    with pytest.raises(BuildFailed, match=r"Id: hello\.md has 'hello' too") as failure:
        blog.build()

    assert (failure.value.file, failure.value.line) == ("content/copied.md", 4)


def test_a_scheduled_post_that_will_stand_where_another_does_is_refused_at_once(
    blog: BlogFolder,
) -> None:
    blog.configure('PERMALINKS = "/slug/"')
    blog.write_post("copied", "Plus tard", "Un autre.", Slug="hello", Date="2999-11-22 07:30")

    with pytest.raises(BuildFailed, match=r"lie at hello/index\.html, where that of hello"):
        blog.build()


def test_a_draft_may_have_the_id_and_the_address_of_what_it_is_to_replace(
    blog: BlogFolder,
) -> None:
    blog.write_post("copied", "Encore", "Un brouillon.", Slug="hello", Id="hello", Status="draft")

    blog.build()

    assert "Un brouillon." not in blog.page("hello")


def test_a_post_takes_no_page_s_place(blog: BlogFolder) -> None:
    before = blog.pages()
    blog.write_post("thief", "Voleur", "Ma place.", Url="about/", Save_as="about/index.html")

    with pytest.raises(BuildFailed, match=r"where that of pages/about\.md lies") as failure:
        blog.build()

    assert (failure.value.file, failure.value.line) == ("content/thief.md", 6)
    assert blog.pages() == before


def test_plain_pelican_says_the_same(blog: BlogFolder) -> None:
    blog.write_post("wrong", "Faux", "Mal dit.", Closes="soon")

    done = subprocess.run(
        [sys.executable, "-m", "pelican"],
        cwd=blog.folder,
        env=blog.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "content/wrong.md:5: Closes: has to be a day such as 2027-01-31" in done.stderr
