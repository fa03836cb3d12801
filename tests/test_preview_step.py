"""Who looks suspect sees the comment once more: nothing is lost, nothing kept, no preview twice."""

from __future__ import annotations

import pytest
from actors import BlogFolder, Clock, Reader
from werkzeug.test import TestResponse

from pingback_server.domain.discussion import Status
from pingback_server.domain.tokens import PREVIEW_LASTS

pytestmark = pytest.mark.usefixtures("engine")

SUSPECT = {
    "author": "Zoë",
    "email": "zoe@example.org",
    "url": "https://example.org/me",
    "comment": "I *wrote* it some years ago, and it still holds [url=https://example.org/a]here[/url].",
}


def page_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_a_suspect_sees_the_comment_as_it_will_look_and_nothing_is_stored(
    reader: Reader, blog: BlogFolder
) -> None:
    answer = reader.comments(**SUSPECT)

    page = page_of(answer)
    assert answer.status_code == 200
    assert "is not stored yet" in page
    assert "<p>I <em>wrote</em> it some years ago" in page
    assert {name: reader.form_of(page).fields[name] for name in SUSPECT} == SUSPECT
    assert blog.store.entries() == []


def test_what_is_confirmed_is_held_with_its_reasons(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    preview = page_of(reader.comments(**SUSPECT))
    clock.passes(seconds=8)

    answer = reader.sends(preview)

    assert answer.status_code == 303
    [entry] = blog.store.entries()
    assert (entry.status, entry.text) == (Status.PENDING, SUSPECT["comment"])
    assert [reason.rule for reason in entry.reasons] == ["newcomer", "markup", "preview"]


def test_what_comes_back_faster_than_anybody_reads_is_held_and_says_so(
    reader: Reader, blog: BlogFolder
) -> None:
    answer = reader.sends(page_of(reader.comments(**SUSPECT)))

    assert answer.status_code == 303
    [entry] = blog.store.entries()
    assert entry.status is Status.PENDING
    assert "quick" in [reason.rule for reason in entry.reasons]


def test_the_text_may_be_changed_in_the_preview(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    preview = page_of(reader.comments(**SUSPECT))
    clock.passes(minutes=2)

    reader.sends(preview, comment="I wrote it at home.")

    [entry] = blog.store.entries()
    assert (entry.text, entry.status) == ("I wrote it at home.", Status.PENDING)
    assert [reason.rule for reason in entry.reasons] == ["newcomer", "preview"]


def test_a_preview_sent_twice_is_one_comment_and_answered_the_same(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    preview = page_of(reader.comments(**SUSPECT))
    clock.passes(seconds=8)

    first, second = reader.sends(preview), reader.sends(preview)

    assert (second.status_code, second.location) == (303, first.location)
    assert len(blog.store.entries()) == 1


def test_a_preview_is_good_for_one_comment(reader: Reader, blog: BlogFolder, clock: Clock) -> None:
    preview = page_of(reader.comments(**SUSPECT))
    clock.passes(seconds=8)
    reader.sends(preview)

    again = reader.sends(preview, comment="Another [url=https://example.org/b]link[/url].")

    assert again.status_code == 200
    assert "Another [url=" in reader.form_of(page_of(again)).fields["comment"]
    assert len(blog.store.entries()) == 1


@pytest.mark.parametrize("hours", [0, PREVIEW_LASTS.total_seconds() / 3600])
def test_a_preview_of_another_post_or_of_long_ago_is_shown_anew(
    reader: Reader, blog: BlogFolder, clock: Clock, hours: float
) -> None:
    slug = "bonjour" if hours == 0 else "hello"
    confirm = reader.form_of(page_of(reader.comments(slug, **SUSPECT))).fields["confirm"]
    clock.passes(hours=hours)

    answer = reader.comments(confirm=confirm, **SUSPECT)

    assert answer.status_code == 200
    assert reader.form_of(page_of(answer)).fields["confirm"] != confirm
    assert blog.store.entries() == []


def test_who_trips_the_trap_sees_no_preview_and_waits_among_the_suspects(
    reader: Reader, blog: BlogFolder
) -> None:
    answer = reader.comments(**{**SUSPECT, "subject": "filled in"})

    assert answer.status_code == 303
    [entry] = blog.store.entries()
    assert (entry.status, entry.decided_at) == (Status.SPAM, None)


def test_a_preview_of_a_reply_quotes_what_it_answers(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    reader.comments(comment="The first words.")
    blog.store.decide([1], Status.APPROVED, now=clock(), by="author")
    form = page_of(reader.opens("/-/comments/1/reply"))

    preview = page_of(reader.sends(form, **SUSPECT))
    clock.passes(seconds=8)
    reader.sends(preview)

    assert reader.form_of(preview).fields["parent"] == "1"
    assert blog.store.entries()[-1].parent == 1


def test_spent_previews_are_forgotten_when_they_could_not_be_confirmed_any_more(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    for number in range(2):
        preview = page_of(reader.comments(**SUSPECT, parent=""))
        clock.passes(seconds=8)
        reader.sends(preview, comment=f"Number {number}.")
        clock.passes(hours=7)

    with blog.store._database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM spent").scalar()
    assert kept == 1
