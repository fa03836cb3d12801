"""Pages made to break their reader: none costs more than it may, and the next one is read."""

from __future__ import annotations

import os
import re
import resource
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from source_reading import NOW, POST, SOURCE, read

from pingback_server.domain.discussion import Response
from pingback_server.domain.errors import PageUnreadable
from pingback_server.domain.source_pages import SourcePage
from pingback_server.processes import Limits, read_source

LINK = f'<p>See <a href="{POST}">this</a>.</p>'
MEBIBYTE = 1024 * 1024
# A processor shared with other tests may take its time; none of these tests is about the clock.
LIMITS = Limits(seconds=60)


def read_apart(page: str | bytes, limits: Limits = LIMITS) -> SourcePage:
    """What the page says, read by a process of its own as the worker has it read."""
    return read_source(
        page if isinstance(page, bytes) else page.encode(),
        content_type="text/html; charset=utf-8",
        url=SOURCE,
        target=POST,
        now=NOW,
        limits=limits,
    )


def seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


HOSTILE = {
    "work-01: nested deep": "<div>" * 20_000 + LINK,
    "work-02: many attributes": f"<p {' '.join(f'a{n}=1' for n in range(20_000))}>{LINK}",
    "work-03: comments that never end": "<!--" * 20_000 + "-->" + LINK,
    "work-05: entries in entries": '<div class="h-entry">' * 500 + LINK,
    "old entries in old entries": '<div class="hentry">' * 500 + LINK,
    "links that never end": "<a " * 50_000 + ">" + LINK,
    "addresses that never end": '<a href="' * 20_000 + '">' + LINK,
    "formatting that is taken up again": "<b>" * 3000 + "<p>" * 3000 + LINK,
    "tables in links": "<a><table>" * 10_000 + "</table>" + LINK,
    "lists in lists": "<ul><li>" * 10_000 + LINK,
    "marks on a letter": "<title>a" + "\u0301" * 500_000 + f"</title>{LINK}",
}


@pytest.mark.covers("WM-R24")
@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE)
def test_a_page_that_is_hard_to_read_is_at_least_known_to_link(page: str) -> None:
    before = seconds_of_children()

    found = read_apart(page)

    assert (found.links, found.response) == (True, Response.MENTION)
    # The processor's share is counted in whole seconds from where loading the reader ended.
    assert seconds_of_children() - before < LIMITS.cpu_seconds + 1.5


@pytest.mark.covers("WM-R24")
def test_what_takes_too_long_is_ended_and_the_next_page_is_read() -> None:
    before = seconds_of_children()

    with pytest.raises(PageUnreadable, match="too-slow") as ended:
        read_apart("<b><p>" * 340_000, replace(LIMITS, cpu_seconds=1))

    assert not ended.value.passing
    assert seconds_of_children() - before < 3
    assert read_apart(LINK).links


@pytest.mark.covers("WM-R24")
def test_what_takes_too_much_memory_is_ended_and_the_next_page_is_read() -> None:
    attributes = " ".join(f"a{n}=1" for n in range(100_000))

    with pytest.raises(PageUnreadable, match="too-large") as ended:
        read_apart(f"<p {attributes}>", replace(LIMITS, memory=24 * MEBIBYTE, cpu_seconds=20))

    assert not ended.value.passing
    assert read_apart(LINK).links


def test_an_answer_longer_than_allowed_is_not_taken_and_the_next_page_is_read() -> None:
    with pytest.raises(PageUnreadable, match="too-talkative"):
        read_apart(f"<title>{'t' * 200}</title>", replace(LIMITS, answer=200))

    assert read_apart(LINK).links


def test_a_reader_that_does_not_come_back_is_ended_and_may_be_tried_again() -> None:
    begun = time.monotonic()

    with pytest.raises(PageUnreadable, match="out-of-time") as ended:
        read_apart(LINK, replace(LIMITS, seconds=0))

    assert ended.value.passing
    assert time.monotonic() - begun < 30


def test_a_page_too_long_to_be_looked_at_is_not() -> None:
    with pytest.raises(PageUnreadable, match="too-long"):
        read_apart(b" " * (2 * MEBIBYTE + 1))


def test_a_page_is_read_apart_as_it_is_read_here() -> None:
    page = (
        '<html lang="fr"><title>Été</title><div class="h-entry"><b class="p-author">Ann</b>'
        f'<a class="u-in-reply-to" href="{POST}#comment-5">x</a>'
        '<time class="dt-published" datetime="2026-11-01T10:00:00Z">x</time>'
        '<p class="e-content">Oui<br>👍</p></div>'
    )

    assert read_apart(page) == read(page)
    assert read_apart(page).content == "Oui\n👍"


def test_the_reader_knows_nothing_of_who_starts_it(tmp_path: Path) -> None:
    """Neither its environment nor what lies in the folder in which the worker was started."""
    (tmp_path / "json.py").write_text("raise SystemExit('taken in')")
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        assert read_apart(LINK).links
    finally:
        os.chdir(before)


@given(
    st.binary(max_size=400), st.sampled_from(["text/html", "text/plain", "application/json", ""])
)
@example(b"\xff\xfe", "text/html")
@example(b"\xfe\xff\xd8", "text/html")
@example(b"\xef\xbb\xbf<", "")
@example(b"[" * 5000, "application/json")
@example(b"<meta charset=rot13>", "text/html")
@example(b"<meta charset=base64>\xe9", "text/html")
def test_whatever_the_bytes_are_something_is_said_of_them(page: bytes, content_type: str) -> None:
    assert read(page, content_type).title != ""


PIECES = st.sampled_from(
    [
        *("<div class='h-entry'>", "<p class='e-content p-name'>", "<a class='u-url' href='", "'>"),
        *("<div class='hentry'>", "<b class='author vcard'>", "<i class='fn n url'>", "</div>"),
        *("<time class='dt-published' datetime='", "<i class='value-title' title='", "2026-02-30"),
        *("<base href='//[", "<base href='javascript:x'>", "<link rel=author href='/ann'>"),
        *("<a class='u-in-reply-to h-cite' href='", POST, "#x", "http://[::1", "//", "\\", "\x00"),
        *("<template>", "<svg>", "<math>", "<title>", "<p hidden>", "<table>", "</p>", "</a>"),
        *("<data class='u-like-of' value='", "<img class='u-photo' alt='", "\ue0000\ue001"),
        *("<h1 class='p-author h-card'>", "<html lang='fr' class='h-feed'>", "&#0;", "&#xd800;"),
        *("\u202e", "é", "👍", "<span class='h-cite p-comment'>", "<link rel=bookmark href='/b'>"),
        *("<b class='p-rsvp'>", "<ins class='dt-published value'>", " ", "<pre>", "<br>", "text"),
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(deadline=None)
def test_however_its_pieces_are_put_together_a_page_says_nothing_unbounded(page: str) -> None:
    found = read(page)

    assert re.fullmatch(r"https?://[^\s<>\"']+", found.shown_url)
    assert found.author_url == "" or re.fullmatch(r"https?://[^\s<>\"']+", found.author_url)
    for line in (found.title, found.site, found.author, found.excerpt, found.fragment):
        assert not re.search("[\x00-\x1f\x7f\u202a-\u202e]", line)
    assert max(map(len, (found.author, found.site))) <= 100
    assert max(len(found.title), len(found.excerpt)) <= 320
    assert found.published is None or found.published <= NOW


@given(st.binary(max_size=2000))
@settings(max_examples=5, deadline=None)
def test_a_reader_apart_says_something_too(page: bytes) -> None:
    assert isinstance(read_apart(page), SourcePage)


@pytest.mark.soak
@given(st.binary(max_size=20_000) | st.lists(PIECES, max_size=2000).map("".join))
@settings(max_examples=40, deadline=None)
def test_a_reader_apart_never_ends_otherwise_than_by_its_limits(page: bytes | str) -> None:
    assert end_of(page) in {"read", "too-slow", "too-large", "out-of-time"}


def end_of(page: bytes | str) -> str:
    try:
        read_apart(page)
    except PageUnreadable as refusal:
        return refusal.why
    return "read"
