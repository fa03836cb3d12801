"""A reader reports a comment to the author, who finds it in the queue with what it is about."""

from __future__ import annotations

import pytest
from actors import BlogFolder, Clock, Reader
from werkzeug.test import TestResponse

from pingback_server.domain.discussion import Kind, Status

pytestmark = pytest.mark.usefixtures("engine")

WHY = "This is my address and telephone number: take it away."
HERE = "/-/comments/1/report"


@pytest.fixture(autouse=True)
def _a_public_comment(reader: Reader, blog: BlogFolder, clock: Clock) -> None:
    reader.comments(author="Eve", comment="Ada lives in the blue house.")
    blog.store.decide([1], Status.APPROVED, now=clock(), by="author")


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def reports(reader: Reader, **typed: str | None) -> TestResponse:
    return reader.sends(text_of(reader.opens(HERE)), **{"comment": WHY, **typed})


def test_the_page_of_the_post_leads_to_the_form(reader: Reader, blog: BlogFolder) -> None:
    blog.build()

    page = text_of(reader.opens(blog.address("hello")))

    assert f'href="{HERE}"' in page
    assert reader.opens(HERE).status_code == 200


def test_the_form_quotes_what_it_is_about_and_asks_little(reader: Reader) -> None:
    page = text_of(reader.opens(HERE))

    assert "Ada lives in the blue house." in page
    assert set(reader.form_of(page).fields) == {"token", "comment", "email", "subject"}


def test_a_report_waits_in_the_queue_with_its_time_and_is_never_public(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    clock.passes(hours=1)

    answer = reports(reader, email="ada@example.org")

    assert answer.status_code == 303
    entry = blog.store.entry(2)
    assert (entry.kind, entry.status, entry.parent) == (Kind.REPORT, Status.PENDING, 1)
    assert (entry.text, entry.email, entry.at) == (WHY, "ada@example.org", clock())
    assert [reason.rule for reason in entry.reasons] == ["report"]
    blog.store.decide([2], Status.APPROVED, now=clock(), by="author")
    assert [one.id for one in blog.store.published()["hello"]] == [1]


def test_its_sender_learns_when_it_came_and_whether_it_was_looked_at(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = str(reports(reader).location)

    before = text_of(reader.opens(receipt))
    blog.store.decide([1], Status.TRASH, now=clock(), by="author")
    blog.store.decide([2], Status.APPROVED, now=clock(), by="author")
    after = text_of(reader.opens(receipt))

    assert "It arrived on" in before
    assert "under number 2" in before
    assert "has not decided yet" in before
    assert "is still public" in before
    assert "has looked at it" in after
    assert "is no longer public" in after


def test_the_same_report_sent_twice_is_one(reader: Reader, blog: BlogFolder) -> None:
    assert reports(reader).location == reports(reader).location
    assert len(blog.store.entries()) == 2


def test_a_report_may_quote_links_and_is_in_sight_all_the_same(
    reader: Reader, blog: BlogFolder
) -> None:
    reports(
        reader, comment="See [url=https://a.example/]x[/url] https://b.example https://c.example"
    )

    assert blog.store.entry(2).status is Status.PENDING


@pytest.mark.parametrize("trap", ["filled in", None])
def test_what_a_program_sends_is_a_suspect(
    reader: Reader, blog: BlogFolder, trap: str | None
) -> None:
    assert reports(reader, subject=trap).status_code == 303
    assert blog.store.entry(2).status is Status.SPAM


@pytest.mark.parametrize(
    ("typed", "status"),
    [({"comment": ""}, 400), ({"email": "x"}, 400), ({"comment": "a" * 10_001}, 413)],
)
def test_a_report_that_cannot_be_taken_comes_back(
    reader: Reader, blog: BlogFolder, typed: dict[str, str], status: int
) -> None:
    answer = reports(reader, **typed)

    assert answer.status_code == status
    fields = reader.form_of(text_of(answer)).fields
    assert {name: fields[name] for name in typed} == typed
    assert len(blog.store.entries()) == 1


def test_a_form_of_another_post_reports_nothing(reader: Reader, blog: BlogFolder) -> None:
    token = reader.form_of(blog.page("bonjour")).fields["token"]

    assert reports(reader, token=token).status_code == 400
    assert len(blog.store.entries()) == 1


def test_a_network_cannot_report_without_end(reader: Reader) -> None:
    reader._client.environ_base["REMOTE_ADDR"] = "192.0.2.7"

    codes = [reports(reader, comment=f"Number {number}.").status_code for number in range(21)]

    assert codes == [*([303] * 20), 429]
    assert "please send it again in ten minutes" in text_of(reports(reader))


def test_a_report_that_is_too_long_comes_back_with_what_to_do(reader: Reader) -> None:
    assert "please shorten it" in text_of(reports(reader, comment="a" * 10_001))


def test_nothing_is_to_be_reported_where_nothing_is_public(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    form = text_of(reader.opens(HERE))
    blog.store.decide([1], Status.PENDING, now=clock(), by="author")

    assert reader.opens(HERE).status_code == 404
    answer = reader.sends(form, comment=WHY)
    assert answer.status_code == 404
    assert WHY in text_of(answer)
    assert reader.opens("/-/comments/99/report").status_code == 404


def test_a_remembered_writer_is_led_to_changing_the_comment(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = str(reader.comments(author="Ada", comment="Mine.", remember="yes").location)
    blog.store.decide([2], Status.APPROVED, now=clock(), by="author")

    own = text_of(reader.opens("/-/comments/2/report"))
    others = text_of(reader.opens(HERE))

    assert f'href="{receipt}/edit"' in own
    assert f'href="{receipt}/withdraw"' in own
    assert "/withdraw" not in others
    reader.posts("/-/forget")
    assert "/withdraw" not in text_of(reader.opens("/-/comments/2/report"))
