"""What is published: served whole and safely, the same from every build, with nothing private."""

from __future__ import annotations

import gzip
import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from actors import ENVIRONMENT, Author, BlogFolder, Clock, Reader, decide, run_permalien, visit

from pingback_server.deeds.import_file import import_file
from pingback_server.deeds.reply import reply
from pingback_server.domain.discussion import Kind, Status
from pingback_server.domain.errors import NotInThatState
from pingback_server.manifest import PublishedBlog
from pingback_server.processes import hold
from pingback_server.store import Store

# Long after every post was written, and long before any closes.
LATER = datetime(2040, 1, 1, tzinfo=UTC)
EPOCH = str(int(LATER.timestamp()))


# Serving


def test_a_page_is_served_as_it_lies_in_the_folder(reader: Reader, blog: BlogFolder) -> None:
    answer = reader.opens(blog.address("hello"))

    assert answer.status_code == 200
    assert answer.data.decode() == blog.page("hello")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/feeds/all.atom.xml", "application/atom+xml; charset=utf-8"),
        ("/feeds/all.rss.xml", "application/rss+xml; charset=utf-8"),
        ("/feeds/all.json", "application/feed+json"),
        ("/theme/css/style.css", "text/css; charset=utf-8"),
        ("/theme/icon.svg", "image/svg+xml"),
    ],
)
def test_each_file_has_its_type(reader: Reader, path: str, kind: str) -> None:
    answer = reader.opens(path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("A.JPG", "image/jpeg"),
        ("a.Png", "image/png"),
        ("a.webp", "image/webp"),
        ("a.AVIF", "image/avif"),
        ("a.svg", "image/svg+xml"),
        ("favicon.ico", "image/x-icon"),
        ("a.woff2", "font/woff2"),
        ("SITEMAP.XML", "application/xml; charset=utf-8"),
        ("notes.TXT", "text/plain; charset=utf-8"),
        ("a.ogg", "audio/ogg"),
        ("a.oga", "audio/ogg"),
        ("a.opus", "audio/ogg"),
        ("a.m4a", "audio/mp4"),
        ("a.flac", "audio/flac"),
        ("a.mp3", "audio/mpeg"),
        ("a.ogv", "video/ogg"),
        ("a.mp4", "video/mp4"),
        ("a.ics", "text/calendar; charset=utf-8"),
        ("a.vtt", "text/vtt; charset=utf-8"),
        ("a.epub", "application/epub+zip"),
        ("a.json", "application/json"),
        ("a.never-seen", "application/octet-stream"),
        ("noending", "application/octet-stream"),
    ],
)
def test_a_type_depends_neither_on_capitals_nor_on_the_machine(
    reader: Reader, blog: BlogFolder, name: str, kind: str
) -> None:
    (blog.output / name).write_bytes(b"x")

    assert reader.opens(f"/{name}").headers["Content-Type"] == kind


@pytest.mark.parametrize(
    ("setting", "kind"),
    [
        ("FEED_ALL_ATOM", "application/atom+xml; charset=utf-8"),
        ("FEED_ALL_RSS", "application/rss+xml; charset=utf-8"),
        ("FEED_ALL_JSON", "application/feed+json"),
    ],
)
def test_a_feed_has_its_type_wherever_its_author_puts_it(
    blog: BlogFolder, clock: Clock, setting: str, kind: str
) -> None:
    path = "feed.json" if "JSON" in setting else "feed/of-posts.xml"
    blog.configure(f"{setting} = {path!r}")
    blog.build()

    assert visit(blog, clock).opens(f"/{path}").headers["Content-Type"] == kind


@pytest.mark.timeout(20)
def test_a_file_full_of_notes_to_whoever_reads_it_is_looked_at_once(
    reader: Reader, blog: BlogFolder
) -> None:
    (blog.output / "notes.xml").write_text("<!-- a line -->\n" * 100 + "<urlset/>")

    assert reader.opens("/notes.xml").headers["Content-Type"].startswith("application/xml")


def test_a_folder_without_its_slash_is_redirected_to_its_page(
    reader: Reader, blog: BlogFolder
) -> None:
    address = blog.address("hello")

    answer = reader.opens(address.rstrip("/"))

    assert (answer.status_code, answer.location) == (301, address)


def test_a_browser_that_has_the_page_is_told_so_until_it_changes(
    reader: Reader, blog: BlogFolder
) -> None:
    address = blog.address("hello")
    first = reader.opens(address)
    known = {"If_None_Match": first.headers["ETag"]}
    since = {"If_Modified_Since": first.headers["Last-Modified"]}

    assert [reader.opens(address, **head).status_code for head in (known, since)] == [304, 304]
    assert reader.opens(address, **known).data == b""

    page = blog.output / address.strip("/") / "index.html"
    page.write_text(page.read_text("utf-8").replace("first words", "other words"), "utf-8")
    changed = reader.opens(address, **known)
    assert changed.status_code == 200
    assert b"other words" in changed.data
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_when_a_page_was_changed_is_said(reader: Reader, blog: BlogFolder) -> None:
    page = blog.output / "index.html"

    said = parsedate_to_datetime(reader.opens("/").headers["Last-Modified"])

    assert said.timestamp() == int(page.stat().st_mtime)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 10), ("bytes=5-", 5, None), ("bytes=-7", -7, None)],
)
def test_a_part_of_a_file_can_be_asked_for(
    reader: Reader, asked: str, first: int, last: int | None
) -> None:
    whole = reader.opens("/theme/css/style.css").data

    part = reader.opens("/theme/css/style.css", Range=asked)

    assert part.status_code == 206
    assert part.data == whole[first:last]
    assert part.headers["Content-Range"].endswith(f"/{len(whole)}")


def test_a_text_is_packed_for_who_takes_gzip(reader: Reader, blog: BlogFolder) -> None:
    plain = reader.opens(blog.address("hello"))
    packed = reader.opens(blog.address("hello"), Accept_Encoding="gzip, br")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.content_length == len(packed.data) < len(plain.data) / 2
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert {packed.headers["Vary"], plain.headers["Vary"]} == {"Accept-Encoding"}
    kept = {"Accept_Encoding": "gzip", "If_None_Match": packed.headers["ETag"]}
    assert reader.opens(blog.address("hello"), **kept).status_code == 304


@pytest.mark.parametrize("refusal", ["gzip;q=0", "identity", "br"])
def test_a_text_is_not_packed_for_who_does_not(
    reader: Reader, blog: BlogFolder, refusal: str
) -> None:
    answer = reader.opens(blog.address("hello"), Accept_Encoding=refusal)

    assert "Content-Encoding" not in answer.headers
    assert answer.data == blog.page("hello").encode()


def test_a_part_is_a_part_of_the_text_itself(reader: Reader, blog: BlogFolder) -> None:
    answer = reader.opens(blog.address("hello"), Accept_Encoding="gzip", Range="bytes=0-14")

    assert (answer.status_code, answer.data) == (206, b"<!doctype html>")


def test_a_part_beyond_the_end_is_refused(reader: Reader) -> None:
    whole = reader.opens("/theme/icon.svg").data

    answer = reader.opens("/theme/icon.svg", Range=f"bytes={len(whole)}-")

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(whole)}"


@pytest.mark.parametrize(
    "asked", ["items=0-1", "bytes=0-1,5-6", "bytes=abc", "bytes=9-3", "bytes=-9999999", "nonsense"]
)
def test_what_is_no_single_range_of_bytes_gets_the_whole_file(reader: Reader, asked: str) -> None:
    whole = reader.opens("/theme/css/style.css")

    answer = reader.opens("/theme/css/style.css", Range=asked)

    assert (answer.status_code, answer.data) == (200, whole.data)
    assert whole.headers["Accept-Ranges"] == answer.headers["Accept-Ranges"] == "bytes"


def test_only_a_get_asks_for_a_part(reader: Reader) -> None:
    """RFC 9110 §14.2."""
    whole = reader.opens("/theme/icon.svg").data

    answer = reader.asks("HEAD", "/theme/icon.svg", headers={"Range": "bytes=0-1"})

    assert (answer.status_code, answer.content_length) == (200, len(whole))
    assert "Content-Range" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/.hidden",
        "/.git/config",
        "/theme/.secret",
        "/%2ehidden",
        "/../pelicanconf.py",
        "/..%2fpelicanconf.py",
        "/%2e%2e/pelicanconf.py",
        "/%2e%2e%2fvar%2fsecret",
        "/theme/../../var/secret",
        "/theme/..%5c..%5cvar%5csecret",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/outside",
        "/outside/",
        "/outside/secret",
        "/linked.txt",
        "/nothing",
        "/index.html/",
        "/index.html/x",
        "/%00",
        "/a%00.html",
        "/%ff%fe",
        "/" + "a" * 300,
        "/" + "a/" * 1000,
        "/theme/css",
    ],
)
def test_nothing_but_the_published_files_is_served(
    reader: Reader, blog: BlogFolder, path: str
) -> None:
    for hidden in (".hidden", ".git/config", "theme/.secret"):
        (blog.output / hidden).parent.mkdir(exist_ok=True)
        (blog.output / hidden).write_text("SECRET")
    (blog.folder / "var" / "plain").write_text("SECRET")
    (blog.output / "outside").symlink_to(blog.folder / "var")
    (blog.output / "linked.txt").symlink_to(blog.folder / "var" / "plain")

    answer = reader.opens(path)

    if answer.status_code in {301, 308}:
        assert answer.location.startswith(("/", "http://localhost/"))
        answer = reader.opens(re.sub(r"^http://localhost", "", answer.location))
    assert answer.status_code == 404
    assert b"SECRET" not in answer.data
    secret = (blog.settings.data / "secret").read_bytes().strip()
    assert secret not in answer.data


@pytest.mark.parametrize("path", ["/-//receipts/x", "/-//comments", "/-/desk//queue", "//x/y//z"])
def test_no_answer_leads_to_the_host_that_a_request_names(reader: Reader, path: str) -> None:
    answer = reader.opens(path, Host="evil.example")

    assert answer.status_code == 404
    assert "evil.example" not in f"{answer.headers}{answer.get_data(as_text=True)}"


def test_what_is_meant_to_be_read_under_well_known_is_served(
    reader: Reader, blog: BlogFolder
) -> None:
    (blog.output / ".well-known").mkdir()
    (blog.output / ".well-known" / "security.txt").write_text("Contact: me")

    assert reader.opens("/.well-known/security.txt").data == b"Contact: me"


def test_where_nothing_is_the_blog_s_own_page_says_so(reader: Reader, blog: BlogFolder) -> None:
    answer = reader.opens("/no/such/page")

    assert answer.status_code == 404
    assert answer.data == (blog.output / "404.html").read_bytes()
    assert b"Page not found" in answer.data
    assert b'<meta name="robots" content="noindex">' in answer.data


def test_every_kind_of_answer_carries_the_strict_headers(reader: Reader, blog: BlogFolder) -> None:
    receipt = reader.comments().location
    page = reader.opens("/")
    answers = [
        page,
        reader.opens("/", If_None_Match=page.headers["ETag"]),
        reader.opens("/theme/icon.svg", Range="bytes=0-1"),
        reader.opens("/theme/icon.svg", Range="bytes=99999-"),
        reader.opens(blog.address("hello").rstrip("/")),
        reader.opens("/nothing"),
        reader.opens(receipt),
        reader.comments(author=""),
        reader.comments(comment="Another."),
        reader.asks("DELETE", "/"),
        reader.opens("/healthz"),
        reader.opens("/readyz"),
    ]

    assert [answer.status_code for answer in answers] == [
        *(200, 304, 206, 416, 301, 404, 200, 400, 303, 405, 200, 503)
    ]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:;")
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"]
        assert answer.headers["Cache-Control"] in {"no-cache", "no-store"}
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_other_sites_may_show_pictures_and_feeds_and_nothing_else(
    reader: Reader, blog: BlogFolder
) -> None:
    (blog.output / "images").mkdir(exist_ok=True)
    (blog.output / "images" / "cat.jpg").write_bytes(b"x")

    shared = [reader.opens(path) for path in ("/images/cat.jpg", "/feeds/all.atom.xml")]
    receipt = reader.comments().location
    ours = [reader.opens(path) for path in ("/", "/nothing", "/healthz", "/readyz", receipt)]

    policy = "Cross-Origin-Resource-Policy"
    assert [answer.headers[policy] for answer in shared] == ["cross-origin"] * 2
    assert [answer.headers[policy] for answer in ours] == ["same-origin"] * 5


def test_public_pages_have_no_script_and_load_nothing_from_elsewhere(blog: BlogFolder) -> None:
    for name, page in blog.pages().items():
        if name.endswith(".html"):
            text = page.decode()
            # A data block is read by search engines and run by nobody.
            assert "<script" not in text.replace('<script type="application/ld+json">', "")
            loaded = re.findall(
                r'<(?:link rel="stylesheet"|img|iframe)[^>]*?(?:href|src)="(.*?)"', text
            )
            assert loaded
            assert [url for url in loaded if not url.startswith("/")] == []


# Health


def ready(reader: Reader) -> tuple[int, list[str]]:
    answer = reader.opens("/readyz")
    problems: list[str] = answer.get_json()["problems"]
    return answer.status_code, problems


@contextmanager
def press_at_work(blog: BlogFolder) -> Iterator[None]:
    with hold(blog.settings.data, "press", threading.Event()):
        yield


def test_healthz_says_that_the_process_is_up(reader: Reader, blog: BlogFolder) -> None:
    blog.settings.manifest_path.unlink()

    assert reader.opens("/healthz").get_json() == {"status": "ok"}


def test_readyz_says_that_all_is_well_and_how_much_waits(reader: Reader, blog: BlogFolder) -> None:
    reader.comments()

    with press_at_work(blog):
        answer = reader.opens("/readyz")

    assert answer.status_code == 200
    assert answer.get_json() == {
        "ready": True,
        "problems": [],
        "queues": {"pending": 1, "jobs": 1, "pages": 0},
    }


def test_readyz_says_that_no_press_runs(reader: Reader) -> None:
    assert ready(reader) == (503, ["the press is not running"])


def test_readyz_says_that_pages_wait_too_long(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    blog.store.mark_dirty(["hello"], clock())
    with press_at_work(blog):
        clock.passes(seconds=60)
        assert ready(reader) == (200, [])
        clock.passes(seconds=1)
        assert ready(reader) == (
            503,
            ["pages have been waiting to be published for over a minute"],
        )


def test_readyz_says_that_the_blog_was_not_built(reader: Reader, blog: BlogFolder) -> None:
    blog.settings.manifest_path.unlink()

    with press_at_work(blog):
        assert ready(reader) == (
            503,
            ["there is no list of posts that can be used: run `permalien build`"],
        )


def test_readyz_says_that_the_store_takes_nothing(blog: BlogFolder, clock: Clock) -> None:
    with closing(Store.open(blog.settings.store_url, patience=0.1)) as store:
        reader = visit(blog, clock, store)
        (blog.settings.data / "permalien.db").unlink()
        with press_at_work(blog):
            assert ready(reader) == (503, ["the store takes nothing now"])


def test_readyz_tells_the_log_alone_which_file_is_at_fault(
    reader: Reader, blog: BlogFolder, caplog: pytest.LogCaptureFixture
) -> None:
    blog.settings.manifest_path.write_text("{")

    answer = reader.opens("/readyz")

    assert answer.status_code == 503
    assert str(blog.folder) not in answer.get_data(as_text=True)
    assert "posts.json cannot be used" in caplog.text


def test_readyz_tries_the_store_at_most_once_a_second(blog: BlogFolder, clock: Clock) -> None:
    with closing(Store.open(blog.settings.store_url, patience=0.1)) as store:
        reader = visit(blog, clock, store)
        with press_at_work(blog):
            assert ready(reader) == (200, [])
            with database_locked(blog):
                assert ready(reader) == (200, [])
                clock.passes(seconds=1)
                assert ready(reader) == (503, ["the store takes nothing now"])
            assert ready(reader) == (503, ["the store takes nothing now"])
            clock.passes(seconds=1)
            assert ready(reader) == (200, [])


@contextmanager
def database_locked(blog: BlogFolder) -> Iterator[None]:
    """Another program writes, and does not come to an end."""
    with closing(sqlite3.connect(blog.settings.data / "permalien.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_before_the_first_build_every_page_says_what_to_do(
    reader: Reader, blog: BlogFolder
) -> None:
    blog.settings.manifest_path.unlink()

    answer = reader.opens("/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "run `permalien build`" in answer.get_data(as_text=True)


# A blog below a path


@pytest.fixture(scope="module")
def blog_below(built_blog: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlogFolder]:
    """The blog at https://example.org/blog."""
    folder = tmp_path_factory.mktemp("below") / "blog"
    shutil.copytree(built_blog, folder)
    with BlogFolder(folder) as blog:
        blog.configure('SITEURL = "https://example.org/blog"')
        blog.build()
        yield blog


def test_a_blog_below_a_path_lives_wholly_below_it(blog_below: BlogFolder, clock: Clock) -> None:
    reader = visit(blog_below, clock)
    address = "/blog" + blog_below.address("hello")

    page = reader.opens(address)
    sent = reader.sends(page.get_data(as_text=True), author="Ada", comment="Below.")

    assert page.status_code == 200
    assert reader.form_of(page.get_data(as_text=True)).action == "/blog/-/comments"
    assert sent.location.startswith("/blog/-/receipts/")
    receipt = reader.opens(sent.location)
    assert (receipt.status_code, receipt.headers["Cache-Control"]) == (200, "no-store")
    assert f'href="{address}"' in receipt.get_data(as_text=True)
    assert reader.opens("/blog/healthz").status_code == 200


def test_its_links_and_redirects_are_below_the_path(blog_below: BlogFolder, clock: Clock) -> None:
    reader = visit(blog_below, clock)
    address = "/blog" + blog_below.address("hello")

    assert reader.opens(address.rstrip("/")).location == address
    assert reader.opens("/blog").location.endswith("/blog/")
    assert reader.opens("/blogger/").status_code == 404
    index = reader.opens("/blog/").get_data(as_text=True)
    local = re.findall(r'(?:href|action)="(/[^"]*)"', index)
    assert local
    assert [link for link in local if not link.startswith("/blog/")] == []
    assert all(reader.opens(link).status_code == 200 for link in local)


# The same bytes from every build (invariant 4), and nothing private in them (6 and 9)


def other(kind: str, status: str, name: str) -> dict[str, str]:
    """A ping or a message as an import brings it."""
    there = {"url": f"https://{name}.example/", "title": f"Title of {name}"}
    said = {"author": f"Name of {name}", "text": f"Wörds of {name}.", "at": "2026-11-22T12:00:00Z"}
    private = {"email": f"private-{name}@example.org"}
    return (
        {"origin": name, "kind": kind, "post": "hello", "status": status} | there | said | private
    )


OTHERS = [
    other("webmention", "approved", "public"),
    other("pingback", "pending", "waiting"),
    other("trackback", "spam", "suspect"),
    other("message", "approved", "read"),
    other("message", "pending", "unread"),
]


@pytest.fixture(scope="module")
def moderated(built_blog: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlogFolder]:
    """A blog after a long and varied moderation, published again and again meanwhile."""
    folder = tmp_path_factory.mktemp("moderated") / "blog"
    shutil.copytree(built_blog, folder)
    chance, clock = random.Random(20261122), Clock()
    with BlogFolder(folder) as blog:
        reader = visit(blog, clock)
        for number in range(1, 41):
            clock.passes(minutes=7)
            reader.comments(
                chance.choice(["hello", "bonjour"]),
                author=f"Name {number}",
                email=f"private{number}@example.org",
                comment=f"Wörds of number {number}.",
                subject=chance.choice(["", "", "", "trap"]),
            )
        blog.write_post("linking", "Linking", "See [hello]({filename}hello.md).")
        import_file(json.dumps(OTHERS), store=blog.store, now=clock())
        for step in range(1, 121):
            clock.passes(minutes=1)
            decide_by_chance(chance, blog, clock)
            if step % 60 == 0:
                blog.build(SOURCE_DATE_EPOCH=EPOCH)
        yield blog


def decide_by_chance(chance: random.Random, blog: BlogFolder, clock: Clock) -> None:
    ids = chance.sample(range(1, 41), chance.choice([1, 1, 2, 5]))
    deed = chance.choice([*Status, "restore", "reply"])
    try:
        if deed == "restore":
            decide(ids, None, store=blog.store, now=clock())
        elif deed == "reply":
            manifest = PublishedBlog(blog.settings.manifest_path)()
            reply(ids[0], f"Answer {clock()}", blog=manifest, store=blog.store, now=clock())
        else:
            decide(ids, Status(deed), store=blog.store, now=clock())
    except NotInThatState:
        pass


def built_afresh(blog: BlogFolder, folder: Path) -> dict[str, bytes]:
    """What a plain `pelican` writes into an empty folder."""
    command = [sys.executable, "-m", "pelican", "--fatal", "errors", "--output", str(folder)]
    environment = {**ENVIRONMENT, "SOURCE_DATE_EPOCH": EPOCH}
    done = subprocess.run(
        command, cwd=blog.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_after_any_decisions_the_pages_are_those_of_a_fresh_plain_build(
    moderated: BlogFolder, tmp_path: Path
) -> None:
    before = moderated.settings.manifest_path.read_bytes()

    fresh = built_afresh(moderated, tmp_path / "fresh")

    assert sorted(fresh) == sorted(moderated.pages())
    assert [name for name, page in moderated.pages().items() if fresh[name] != page] == []
    # A trial into another folder is none of the service's business.
    assert moderated.settings.manifest_path.read_bytes() == before


def test_building_again_writes_nothing(moderated: BlogFolder) -> None:
    assert moderated.build(SOURCE_DATE_EPOCH=EPOCH).written == ()


def test_the_pages_do_not_depend_on_when_they_are_built(moderated: BlogFolder) -> None:
    later = str(int((LATER + timedelta(days=30)).timestamp()))

    assert moderated.build(SOURCE_DATE_EPOCH=later).written == ()


def test_exactly_what_is_approved_stands_in_the_pages(moderated: BlogFolder) -> None:
    entries = moderated.store.entries()
    published = b"\n".join(moderated.pages().values()).decode()

    states = {entry.status for entry in entries}
    assert states == set(Status)
    for entry in entries:
        is_there = f">{entry.author}<" in published and f"{entry.text}</p>" in published
        is_comment = entry.kind is Kind.COMMENT
        assert is_there == (is_comment and entry.status is Status.APPROVED), entry


def test_of_pings_the_approved_and_own_ones_stand_there_and_of_messages_nothing(
    moderated: BlogFolder,
) -> None:
    published = b"\n".join(moderated.pages().values()).decode()

    assert ">Title of public</a>" in moderated.page("hello")
    assert ">Linking | " in moderated.page("hello")
    assert re.findall("(?:Title|Name|Wörds) of (?:waiting|suspect|read|unread)", published) == []


def test_no_address_and_nothing_undecided_is_in_any_published_file(moderated: BlogFolder) -> None:
    hidden = [e for e in moderated.store.entries() if e.status is not Status.APPROVED]
    private = {entry.email for entry in moderated.store.entries() if entry.email}
    private |= {f"{entry.text}<" for entry in hidden} | {f">{entry.author}<" for entry in hidden}
    assert len(private) > 50

    for name, page in moderated.pages().items():
        assert [words for words in private if words.encode() in page] == [], name


def test_no_error_page_shows_what_is_not_published(moderated: BlogFolder, clock: Clock) -> None:
    reader = visit(moderated, clock)
    entries = moderated.store.entries()
    hidden = [entry for entry in entries if entry.status is not Status.APPROVED]
    pages = [reader.opens(f"/-/comments/{entry.id}/reply") for entry in hidden]
    pages += [reader.comments(parent=str(entry.id), author="") for entry in hidden]
    pages += [reader.comments(parent=str(entry.id)) for entry in hidden]
    pages += [reader.opens(f"/-/comments/{entry.id}/reply") for entry in entries]

    for page in pages:
        text = page.get_data(as_text=True)
        assert "private" not in text
        assert [entry.id for entry in hidden if entry.text in text] == []


# New blogs, new posts


@pytest.mark.parametrize(("lang", "heading"), [("fr", "Bienvenue"), ("en", "Welcome")])
def test_a_new_blog_builds_at_once_without_a_warning_wherever_the_machine_stands(
    tmp_path: Path, lang: str, heading: str
) -> None:
    environment = {**ENVIRONMENT, "TZ": "Pacific/Kiritimati"}
    folder = tmp_path / "new"
    run_permalien("init", str(folder), "--lang", lang, check=True, env=environment)

    done = subprocess.run(
        [sys.executable, "-m", "pelican", "--fatal", "warnings"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    index = (folder / "output" / "index.html").read_text("utf-8")
    assert f'<html lang="{lang}">' in index
    assert f">{heading}</a>" in index


def test_a_new_blog_is_its_content_its_settings_and_what_git_leaves_out(tmp_path: Path) -> None:
    blog = BlogFolder.init(tmp_path / "new", "--title", "L'été « ici »", "--author", 'A "B"')

    names = {path.name for path in blog.folder.iterdir()}
    assert names == {"content", "pelicanconf.py", ".gitignore"}
    conf = (blog.folder / "pelicanconf.py").read_text("utf-8")
    values: dict[str, object] = {}
    exec(compile(conf, "pelicanconf.py", "exec"), values)
    assert (values["SITENAME"], values["AUTHOR"]) == ("L'été « ici »", 'A "B"')
    assert values["DISCUSSION"] == {"close_after_days": 90}


def test_a_new_blog_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "pelicanconf.py").write_text("mine")

    said = run_permalien("init", str(tmp_path), "--lang", "en")

    assert said.code == 1
    assert "nothing was written" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["pelicanconf.py"]
    assert (tmp_path / "pelicanconf.py").read_text() == "mine"


def test_a_new_post_is_begun_with_what_it_needs(author: Author, blog: BlogFolder) -> None:
    said = author.runs(
        "new", "L’été à Nîmes : œufs & Cie !", "--category", "Voyages", "--lang", "fr"
    )

    path = Path(said.out.strip())
    text = path.read_text("utf-8")
    assert said.code == 0
    assert path.name.endswith("-l-ete-a-nimes-oeufs-cie.md")
    assert "Title: L’été à Nîmes : œufs & Cie !\n" in text
    assert "Slug: l-ete-a-nimes-oeufs-cie\n" in text
    assert f"Id: {path.stem}\n" in text
    assert "Category: Voyages\nLang: fr\n" in text
    assert "Status" not in text

    path.write_text(f"{text}Voilà.\n", "utf-8")
    blog.build()
    assert blog.address(path.stem).startswith("/fr/")
    assert "L’été à Nîmes : œufs &amp; Cie !" in blog.page(path.stem)


def test_a_new_post_appears_at_once_wherever_the_machine_stands(
    blog: BlogFolder,
) -> None:
    environment = {**blog.environment, "TZ": "Pacific/Kiritimati"}
    said = run_permalien("new", "Now", check=True, cwd=blog.folder, env=environment)
    blog.settings.manifest_path.unlink()
    before = run_permalien("new", "Before", check=True, cwd=blog.folder, env=environment)

    blog.build()

    for path in (said.out, before.out):
        assert Path(path.strip()).stem in PublishedBlog(blog.settings.manifest_path)().posts


def test_a_draft_is_public_nowhere(author: Author, blog: BlogFolder) -> None:
    path = Path(author.runs("new", "Half a thought", "--draft").out.strip())
    path.write_text(path.read_text("utf-8") + "An unfinished sentence\n", "utf-8")

    blog.build()

    for name, page in blog.pages().items():
        assert b"unfinished" not in page, name
        assert b"Half a thought" not in page, name
        assert "half-a-thought" not in name
    assert path.stem not in PublishedBlog(blog.settings.manifest_path)().posts


def test_a_new_post_overwrites_none(author: Author) -> None:
    path = Path(author.runs("new", "Twice").out.strip())
    path.write_text("mine")

    said = author.runs("new", "Twice")

    assert said.code == 1
    assert "this exists already" in said.err
    assert path.read_text() == "mine"


@pytest.mark.parametrize("title", ["", "!!!", "« »"])
def test_a_title_without_a_letter_is_refused(author: Author, title: str) -> None:
    said = author.runs("new", title)

    assert said.code == 1
    assert "has no letter or figure" in said.err
