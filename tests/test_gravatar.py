"""Pictures from Gravatar, if the author wants them: fetched by the blog, kept, shown from there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from types import MappingProxyType

import pytest
from actors import NOON, BlogFolder, Clock, wait_until
from hostile_host import Authority, HostileHost, Internet, page
from lxml import html
from PIL import Image
from sqlalchemy import select
from store_actors import HELD, PUBLIC, a_comment, stranger

from pingback_server.cli.roles import run_worker
from pingback_server.cli.workplace import Workplace
from pingback_server.deeds.fetch_avatars import fetch_avatars
from pingback_server.deeds.purge import purge
from pingback_server.domain.avatars import ask_again_at
from pingback_server.domain.bayes import words_of_entry
from pingback_server.domain.discussion import Status
from pingback_server.domain.errors import FetchFailed, PageUnreadable
from pingback_server.domain.settings import DiscussionSettings
from pingback_server.fetch import Fetcher, Page
from pingback_server.manifest import PublishedBlog
from pingback_server.protocols.small_picture import small_picture
from pingback_server.store import Decider, Person, Store
from pingback_server.store.schema import avatars

# Of «ann@example.org», which writes all comments of `a_comment`.
ANN = hashlib.sha256(b"ann@example.org").hexdigest()
ADDRESS = f"https://www.gravatar.com/avatar/{ANN}?d=404&s=96"
DAY = timedelta(days=1)


def drawn(format: str = "PNG", side: int = 200, colour: str = "red", **options: object) -> bytes:
    """A picture of one colour, as a file."""
    made = BytesIO()
    Image.new("RGB", (side, side), colour).save(made, format, **options)
    return made.getvalue()


A_BOMB = b"GIF89a" + b"\x60\xea" * 2 + drawn("GIF")[10:]
"""A small file that says to be 60,000 pixels wide and high."""


class Gravatar:
    """Answers what a test says, and writes down what it was asked for."""

    def __init__(self, status: int = 200, body: bytes | None = None) -> None:
        self.status = status
        self.body = drawn() if body is None else body
        self.asked: list[str] = []

    def __call__(self, url: str) -> Page:
        self.asked.append(url)
        if not self.status:
            raise FetchFailed("timeout", url, "not done in 10 seconds", passing=True)
        body = self.body if self.status == 200 else b""
        return Page(url, self.status, "image/png", MappingProxyType({}), body)


def kept(folder: Path) -> list[bytes | None]:
    """The pictures in the database."""
    with stranger(folder) as connection:
        return list(connection.scalars(select(avatars.c.picture)))


def asks(store: Store, gravatar: Callable[[str], Page], clock: Clock) -> int:
    return fetch_avatars(store, gravatar, clock)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Signs the certificate of the host that is asked."""
    folder = tmp_path / "certificates"
    folder.mkdir()
    return Authority(folder)


@pytest.fixture
def internet() -> Iterator[Internet]:
    """An internet of the test's own."""
    internet = Internet()
    yield internet
    internet.close()


# Whom it asks, and when


def test_it_is_asked_for_public_comments_alone_and_for_each_address_once(
    store: Store, clock: Clock
) -> None:
    gravatar = Gravatar()
    for text, verdict in (("stands", PUBLIC), ("stands too", PUBLIC)):
        store.add(a_comment(text), verdict, NOON)
    store.add(replace(a_comment("waits"), email="bea@example.org"), HELD, NOON)
    store.add(replace(a_comment("has no address"), email=""), PUBLIC, NOON)

    assert asks(store, gravatar, clock) == 1

    assert gravatar.asked == [ADDRESS]


@pytest.mark.parametrize("status", [200, 404])
def test_an_answer_is_believed_for_a_month(store: Store, clock: Clock, status: int) -> None:
    gravatar = Gravatar(status)
    store.add(a_comment("stands"), PUBLIC, NOON)
    for days in (0, 29, 1):
        clock.passes(days=days)
        asks(store, gravatar, clock)

    assert gravatar.asked == [ADDRESS, ADDRESS]


def test_without_an_answer_it_is_asked_again_ever_later(store: Store, clock: Clock) -> None:
    gravatar = Gravatar(status=0)
    store.add(a_comment("stands"), PUBLIC, NOON)
    counts = []
    for _hour in range(24):
        asks(store, gravatar, clock)
        counts.append(len(gravatar.asked))
        clock.passes(hours=1)

    assert [counts.index(number) for number in (1, 2, 3, 4)] == [0, 1, 5, 21]


def test_the_pauses_end_at_a_month() -> None:
    pauses = [ask_again_at(NOON, failures) - NOON for failures in (0, 1, 2, 5, 6, 5000)]

    assert pauses == [30 * DAY, DAY / 24, DAY / 6, 256 * DAY / 24, 30 * DAY, 30 * DAY]


def test_a_picture_stays_while_there_is_no_answer(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    gravatar = Gravatar()
    store.add(a_comment("stands"), PUBLIC, NOON)
    asks(store, gravatar, clock)
    before = kept(tmp_path)
    gravatar.status = 503
    clock.passes(days=31)

    asks(store, gravatar, clock)

    assert len(gravatar.asked) == 2
    assert kept(tmp_path) == before != [None]


def test_a_new_picture_has_the_page_follow_and_the_same_one_does_not(
    store: Store, clock: Clock
) -> None:
    gravatar = Gravatar()
    store.add(a_comment("stands"), PUBLIC, NOON)
    dirty = []
    for colour in ("red", "red", "blue"):
        gravatar.body = drawn(colour=colour)
        store.cleaned(2**40)
        asks(store, gravatar, clock)
        dirty.append(store.dirty() is not None)
        clock.passes(days=31)

    assert dirty == [True, False, True]


# What it takes


def test_a_picture_is_made_small_and_nothing_else_is_in_its_file() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"

    made = small_picture(drawn("JPEG", 500, exif=exif), 96)

    with Image.open(BytesIO(made)) as image:
        assert (image.format, image.size) == ("WEBP", (96, 96))
        assert dict(image.getexif()) == {}
    assert b"taken at home" not in made
    assert len(made) < 1000


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!DOCTYPE html><p>no picture",
        drawn()[:60],
        drawn("BMP"),
        drawn(side=1025),
        drawn("TIFF"),
        A_BOMB,
    ],
    ids=["nothing", "svg", "html", "cut", "bmp", "large", "tiff", "bomb"],
)
def test_what_is_no_small_picture_is_not_taken(file: bytes) -> None:
    with pytest.raises(PageUnreadable):
        small_picture(file, 96)


def test_an_answer_that_is_no_picture_is_as_good_as_none(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    store.add(a_comment("stands"), PUBLIC, NOON)

    assert asks(store, Gravatar(body=b"<p>no picture"), clock) == 0

    assert kept(tmp_path) == [None]


def test_it_is_fetched_by_the_safe_fetcher(
    store: Store, tmp_path: Path, clock: Clock, internet: Internet, authority: Authority
) -> None:
    certificate = authority.signs("DNS:www.gravatar.com")
    host = internet.host("www.gravatar.com", port=443, certificate=certificate)
    path = ADDRESS.removeprefix("https://www.gravatar.com")
    host.answers[path] = page(drawn())
    fetcher = internet.fetcher(trusted_ca=authority.certificate.chain)
    store.add(a_comment("stands"), PUBLIC, NOON)

    assert asks(store, fetcher.get, clock) == 1

    assert internet.questions == ["www.gravatar.com"]
    assert "ann" not in host.requests[0]
    assert kept(tmp_path) != [None]


# The worker asks, beside its other work


@dataclass(frozen=True, slots=True)
class Elsewhere(Workplace):
    """A blog whose worker calls hosts in an internet of the test's own."""

    calls: Fetcher

    def fetcher(self) -> Fetcher:
        return self.calls


@pytest.fixture
def gravatar(internet: Internet, authority: Authority) -> HostileHost:
    """The host that has ann's picture, with a certificate for its name."""
    certificate = authority.signs("DNS:www.gravatar.com")
    host = internet.host("www.gravatar.com", port=443, certificate=certificate)
    host.answers[ADDRESS.removeprefix("https://www.gravatar.com")] = page(drawn())
    return host


@pytest.fixture
def works(
    blog: BlogFolder, internet: Internet, authority: Authority, gravatar: HostileHost
) -> Callable[[], AbstractContextManager[None]]:
    """Has the blog's worker run, as `permalien serve` does, as long as the block lasts."""
    calls = internet.fetcher(seconds=60, trusted_ca=authority.certificate.chain)

    @contextmanager
    def working() -> Iterator[None]:
        here = Elsewhere(blog.settings, PublishedBlog(blog.settings.manifest_path), calls)
        stopping = Event()
        worker = Thread(target=run_worker, args=(here, stopping))
        worker.start()
        try:
            yield
        finally:
            stopping.set()
            worker.join()

    return working


def wants(blog: BlogFolder, avatars: str) -> None:
    """Publish the blog with this setting, and a comment by ann."""
    blog.configure(f'DISCUSSION["avatars"] = "{avatars}"')
    blog.store.add(a_comment(f"with {avatars}", post="hello"), PUBLIC, NOON)
    blog.build()
    blog.store.cleaned(2**40)


def test_the_worker_gets_the_picture_and_the_page_shows_it(
    blog: BlogFolder, works: Callable[[], AbstractContextManager[None]], gravatar: HostileHost
) -> None:
    wants(blog, "gravatar")

    with works():
        wait_until(lambda: kept(blog.folder) not in ([], [None]), 30)
    blog.build()

    assert len(gravatar.requests) == 1
    assert blog.store.dirty() is not None
    [picture] = set(re.findall(r'<img class="face"[^>]* src="([^"]+)"', blog.page("hello")))
    assert (blog.output / picture.strip("/")).read_bytes() in kept(blog.folder)


def test_the_worker_asks_nobody_without_the_setting_and_forgets_what_was_there(
    blog: BlogFolder,
    works: Callable[[], AbstractContextManager[None]],
    internet: Internet,
    clock: Clock,
) -> None:
    wants(blog, "identicon")
    asks(blog.store, Gravatar(), clock)

    with works():
        wait_until(lambda: kept(blog.folder) == [], 30)

    assert internet.questions == []


def test_a_host_that_does_not_answer_keeps_the_worker_from_nothing(
    blog: BlogFolder, works: Callable[[], AbstractContextManager[None]], gravatar: HostileHost
) -> None:
    wants(blog, "gravatar")
    is_silent = Event()
    gravatar.answers.clear()
    gravatar.answers[ADDRESS.removeprefix("https://www.gravatar.com")] = lambda _: is_silent.wait(
        20
    )

    with works():
        wait_until(lambda: bool(gravatar.requests), 30)
        blog.store.add(a_comment("meanwhile", post="hello"), HELD, NOON)
        wait_until(lambda: blog.store.waiting().jobs == 0, 20)
        is_silent.set()

    assert kept(blog.folder) in ([], [None])


# How long it is kept


def test_the_picture_goes_with_the_last_public_comment(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    id = store.add(a_comment("stands"), PUBLIC, NOON).id
    asks(store, Gravatar(), clock)
    settings = DiscussionSettings()
    purge(settings, store, clock(), is_clock_believed=True)
    assert len(kept(tmp_path)) == 1

    store.decide([id], Status.TRASH, now=clock(), by="author")
    purge(settings, store, clock(), is_clock_believed=True)

    assert kept(tmp_path) == []


@pytest.mark.parametrize("keeps_text", [True, False])
def test_the_picture_goes_when_the_address_is_erased(
    store: Store, tmp_path: Path, clock: Clock, keeps_text: bool
) -> None:
    store.add(a_comment("stands"), PUBLIC, NOON)
    asks(store, Gravatar(), clock)
    person = Person("ANN@example.org")
    assert [one["digest"] for one in store.personal.about(person)["pictures"]] == [ANN]

    nameless = (lambda _post: "Anonymous") if keeps_text else None
    store.personal.erase(person, words_of_entry, nameless=nameless, by=Decider("author", NOON))

    assert kept(tmp_path) == []


def test_all_pictures_go_when_they_are_not_wanted_any_more(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    store.add(a_comment("stands"), PUBLIC, NOON)
    asks(store, Gravatar(), clock)
    store.cleaned(2**40)

    assert store.avatars.forget_all(clock()) == 1

    assert kept(tmp_path) == []
    assert store.dirty() is not None
    assert store.avatars.forget_all(clock()) == 0


# What readers see


def test_the_page_shows_a_file_of_its_own_which_says_nothing_of_the_address(
    blog: BlogFolder, clock: Clock
) -> None:
    blog.configure('DISCUSSION["avatars"] = "gravatar"')
    blog.store.add(a_comment("with a picture", post="hello"), PUBLIC, NOON)
    blog.store.add(a_comment("without", post="hello"), PUBLIC, NOON)
    blog.build()
    before = html.document_fromstring(blog.page("hello"))
    asks(blog.store, Gravatar(), clock)

    blog.build()

    after = html.document_fromstring(blog.page("hello"))
    assert len(before.xpath("//*[local-name()='svg'][@class='face']")) == 2
    first, second = after.xpath("//img[@class='face']/@src")
    assert first == second
    assert re.fullmatch("/avatars/[0-9a-f]{20}\\.webp", first)
    with Image.open(blog.output / first.strip("/")) as image:
        assert image.size == (96, 96)
    pages = b"".join(blog.pages().values())
    digests = [hashlib.new(kind, b"ann@example.org").hexdigest() for kind in ("md5", "sha256")]
    assert [one for one in (*digests, "gravatar.com", ANN[:20]) if one.encode() in pages] == []
    (notice,) = after.xpath("//details[@class='help']")
    assert "this blog asks Gravatar" in notice.text_content()


def test_without_the_setting_no_picture_is_shown(blog: BlogFolder, clock: Clock) -> None:
    blog.configure('DISCUSSION["avatars"] = "identicon"')
    blog.store.add(a_comment("stands", post="hello"), PUBLIC, NOON)
    asks(blog.store, Gravatar(), clock)

    blog.build()

    page = html.document_fromstring(blog.page("hello"))
    assert page.xpath("//img[@class='face']") == []
    assert not (blog.output / "avatars").exists()
    assert "Gravatar" not in blog.page("hello")
