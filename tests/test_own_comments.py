"""A reader changes an own comment, or takes it back: who may, until when, what comes of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from actors import BlogFolder, Clock, Reader, visit
from werkzeug.test import TestResponse

from pingback_server.domain import bayes
from pingback_server.domain.discussion import Entry, Kind, Status, Verdict
from pingback_server.domain.errors import NotInThatState
from pingback_server.domain.filters import chosen
from pingback_server.domain.own_comments import may_change
from pingback_server.store import Wording

pytestmark = pytest.mark.usefixtures("engine")

SPAMMY = "Buy [url=https://pills.example/]pills[/url] and [url=https://more.example/]more[/url]"
MARKED = {"remember": "yes", "author": "Ada", "email": "ada@example.org"}


def sent(reader: Reader, **typed: str | None) -> str:
    """Comment; the address of the receipt."""
    answer = reader.comments(**typed)
    assert answer.status_code == 303
    return str(answer.location)


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def edits(reader: Reader, receipt: str, text: str) -> TestResponse:
    return reader.sends(text_of(reader.opens(f"{receipt}/edit")), comment=text)


def approve(blog: BlogFolder, clock: Clock, *ids: int) -> None:
    clock.passes(minutes=1)
    blog.store.decide(ids, Status.APPROVED, now=clock(), by="author")
    clock.passes(minutes=1)


def cleaned(blog: BlogFolder) -> None:
    dirty = blog.store.dirty()
    if dirty is not None:
        blog.store.cleaned(dirty.upto)


# Who may, and until when


def test_the_receipt_leads_to_both_while_the_time_lasts(reader: Reader, clock: Clock) -> None:
    receipt = sent(reader)

    clock.passes(minutes=29)
    early = text_of(reader.opens(receipt))
    clock.passes(minutes=1)
    late = text_of(reader.opens(receipt))

    assert f'href="{receipt}/edit"' in early
    assert f'href="{receipt}/withdraw"' in early
    assert "/edit" not in late
    assert "/withdraw" not in late


def test_after_the_time_the_text_typed_comes_back_to_be_copied(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader)
    form = text_of(reader.opens(f"{receipt}/edit"))
    clock.passes(minutes=31)

    answer = reader.sends(form, comment="Too late.")

    assert answer.status_code == 403
    assert "Too late." in text_of(answer)
    assert blog.store.entry(1).text == "I agree."


def test_who_has_no_receipt_can_do_neither(reader: Reader, blog: BlogFolder) -> None:
    receipt = sent(reader)
    # Not the last sign: some of its bits say nothing.
    forged = receipt[:-5] + ("A" if receipt[-5] != "A" else "B") + receipt[-4:]

    assert reader.posts(f"{forged}/edit", data={"comment": "Mine now."}).status_code == 404
    assert reader.posts(f"{forged}/withdraw").status_code == 404
    assert (blog.store.entry(1).text, blog.store.entry(1).status) == ("I agree.", Status.PENDING)


def test_who_copies_a_public_comment_gets_no_receipt_of_it(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    ada, eve = ({"REMOTE_ADDR": f"8.8.{one}.8"} for one in (1, 2))
    page = text_of(reader.opens(blog.address("hello")))
    said = {**reader.form_of(page).fields, "author": "Ada", "comment": "I agree."}
    receipt = reader.posts("/-/comments", data=said, environ_base=ada).location
    approve(blog, clock, 1)

    again = reader.posts("/-/comments", data=said, environ_base=ada).location
    copied = reader.posts("/-/comments", data={**said, "remember": "yes"}, environ_base=eve)

    assert again == receipt
    assert copied.location == f"{blog.address('hello')}#comment-1"
    assert "Set-Cookie" not in copied.headers
    assert len(blog.store.entries()) == 1


def test_who_writes_from_a_remembered_browser_is_known_wherever_it_is(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader, **MARKED)
    approve(blog, clock, 1)

    assert sent(reader, **MARKED) == receipt


def test_a_text_for_a_comment_that_is_gone_comes_back_to_be_copied(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    form = text_of(reader.opens(f"{sent(reader)}/edit"))
    blog.store.decide([1], Status.TRASH, now=clock(), by="author")
    blog.store.moderation.delete(chosen(1), now=clock(), by="author")

    answer = reader.sends(form, comment="What took me <an hour>.")

    assert answer.status_code == 404
    assert "What took me &lt;an hour&gt;." in text_of(answer)


def test_no_visit_changes_anything(reader: Reader, blog: BlogFolder) -> None:
    receipt = sent(reader)
    before = blog.store.entry(1)

    reader.opens(f"{receipt}/edit")
    reader.opens(f"{receipt}/withdraw")

    assert blog.store.entry(1) == before


@pytest.mark.parametrize(
    ("status", "is_decided", "may"),
    [
        (Status.PENDING, False, True),
        (Status.APPROVED, True, True),
        (Status.SPAM, False, True),  # a suspect, whose writer is not told so
        (Status.SPAM, True, False),
        (Status.TRASH, True, False),
    ],
)
def test_what_a_human_has_thrown_away_is_not_its_writers_any_more(
    reader: Reader, blog: BlogFolder, clock: Clock, status: Status, is_decided: bool, may: bool
) -> None:
    sent(reader, subject=None if not is_decided and status is Status.SPAM else "")
    if is_decided:
        blog.store.decide([1], status, now=clock(), by="author")

    entry = blog.store.entry(1)

    assert entry.status is status
    assert may_change(entry, 30, clock()) is may
    assert may_change(entry, 0, clock()) is False


# The text


def test_what_waits_says_the_new_text_and_keeps_the_old_one(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader, comment="I agre.")
    clock.passes(minutes=5)

    answer = edits(reader, receipt, "I *agree*.")

    assert (answer.status_code, answer.location) == (303, receipt)
    entry = blog.store.entry(1)
    assert (entry.text, entry.status, entry.edited_at) == ("I *agree*.", Status.PENDING, clock())
    assert "<em>agree</em>" in entry.html
    [before] = blog.store.revisions.of(1)
    assert (before.wording.text, before.by) == ("I agre.", "its writer")


def test_the_receipt_stays_where_it_is_and_shows_the_new_text(reader: Reader) -> None:
    receipt = sent(reader)

    edits(reader, receipt, "Once more.")
    edits(reader, receipt, "And once more.")

    assert "And once more." in text_of(reader.opens(receipt))


def test_a_trusted_browsers_public_comment_stays_and_its_page_is_made_anew(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader, **MARKED)
    approve(blog, clock, 1)
    cleaned(blog)

    edits(reader, receipt, "I agree, of course.")

    entry = blog.store.entry(1)
    assert (entry.status, entry.text) == (Status.APPROVED, "I agree, of course.")
    dirty = blog.store.dirty()
    assert dirty is not None
    assert dirty.posts == {"hello"}


def test_a_link_that_is_put_below_an_old_post_later_waits_as_one_that_comes_with_it(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    blog.configure('DISCUSSION = {"moderation": "suspects", "close_after_days": 0}')
    blog.build()
    clock.passes(days=400)
    receipt = sent(reader, comment="I agree with all of it.")
    assert blog.store.entry(1).status is Status.APPROVED

    edits(reader, receipt, "I agree with all of it, as I say at https://pills.example/ too.")

    entry = blog.store.entry(1)
    assert (entry.status, [one.rule for one in entry.reasons]) == (Status.PENDING, ["old-post"])


def test_without_that_browser_a_public_comment_that_is_changed_waits_again(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader)
    approve(blog, clock, 1)
    cleaned(blog)

    edits(reader, receipt, "What nobody has approved.")

    assert blog.store.entry(1).status is Status.PENDING
    assert blog.store.published() == {}
    assert blog.store.dirty() is not None
    assert "waiting for approval" in text_of(reader.opens(receipt))


def test_a_public_comment_that_turns_suspect_waits_again_whoever_changes_it(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader, **MARKED)
    approve(blog, clock, 1)

    edits(reader, receipt, SPAMMY)

    entry = blog.store.entry(1)
    assert entry.status is Status.PENDING
    assert "markup" in {reason.rule for reason in entry.reasons}
    assert blog.store.published() == {}


def test_what_waits_and_turns_suspect_is_one(reader: Reader, blog: BlogFolder) -> None:
    receipt = sent(reader)

    edits(reader, receipt, SPAMMY)

    entry = blog.store.entry(1)
    assert (entry.status, entry.decided_at) == (Status.SPAM, None)
    assert "waiting for approval" in text_of(reader.opens(receipt))


def test_no_change_of_the_text_makes_up_for_how_it_came(reader: Reader, blog: BlogFolder) -> None:
    receipt = sent(reader, comment="See https://one.example and others.", subject="Hello")
    came = blog.store.entry(1)

    edits(reader, receipt, "I agree, of course.")

    entry = blog.store.entry(1)
    assert {one.rule for one in came.reasons} > {one.rule for one in entry.reasons}
    assert (entry.status, entry.score) == (Status.SPAM, 4.0)
    assert "trap" in {one.rule for one in entry.reasons}


def test_no_change_publishes_what_waits(reader: Reader, blog: BlogFolder, clock: Clock) -> None:
    sent(reader, **MARKED)
    receipt = sent(reader, comment="Sent before the browser was trusted.")
    approve(blog, clock, 1)

    edits(reader, receipt, "Changed after it was.")

    assert blog.store.entry(2).status is Status.PENDING
    assert blog.store.entry(2).reasons == ()


@pytest.mark.parametrize(
    ("text", "status"), [("", 400), ("\u200b \u3164", 400), ("a" * 10_001, 413)]
)
def test_a_text_that_cannot_be_taken_comes_back(
    reader: Reader, blog: BlogFolder, text: str, status: int
) -> None:
    receipt = sent(reader)

    answer = edits(reader, receipt, text)

    assert answer.status_code == status
    assert reader.form_of(text_of(answer)).fields["comment"] == text
    assert blog.store.entry(1).text == "I agree."


def test_a_network_cannot_change_without_end(reader: Reader) -> None:
    reader._client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    receipt = sent(reader)

    codes = [edits(reader, receipt, f"Version {number}.").status_code for number in range(20)]

    assert codes == [*([303] * 19), 429]


def test_the_same_text_is_no_change(reader: Reader, blog: BlogFolder) -> None:
    receipt = sent(reader)

    assert edits(reader, receipt, "I agree.").status_code == 303
    assert blog.store.entry(1).edited_at is None
    assert blog.store.revisions.of(1) == []


def test_what_was_learnt_from_the_old_text_is_forgotten(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader, comment="Zymurgy matters.")
    approve(blog, clock, 1)
    blog.store.learning.learn(1, bayes.words_of_entry)
    assert blog.store.learning.learnt(["zymurgy"]).words == {"zymurgy": (0, 1)}

    edits(reader, receipt, "Brewing matters.")

    assert blog.store.learning.learnt(["zymurgy", "brewing"]).words == {}


# Two at once


def revise(blog: BlogFolder, seen: Entry, text: str, clock: Clock) -> Entry:
    wording = Wording(seen.author, seen.email, seen.url, "", text, f"<p>{text}</p>")
    verdict = Verdict(Status.APPROVED)
    return blog.store.own.revise(seen, wording, verdict, bayes.words_of_entry, now=clock())


def test_a_change_to_what_the_author_has_decided_meanwhile_is_refused(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    sent(reader)
    seen = blog.store.entry(1)
    approve(blog, clock, 1)

    with pytest.raises(NotInThatState):
        revise(blog, seen, "Swapped under the author's eyes.", clock)

    assert blog.store.entry(1).text == "I agree."


def test_a_withdrawal_of_what_was_changed_meanwhile_is_refused(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    sent(reader)
    seen = blog.store.entry(1)
    revise(blog, seen, "Another text.", clock)

    with pytest.raises(NotInThatState):
        blog.store.own.withdraw(seen, now=clock())

    assert blog.store.entry(1).status is Status.PENDING


def corrects(blog: BlogFolder, clock: Clock, text: str) -> int | None:
    """A moderator has number 1 say something else; the number of the action."""
    clock.passes(minutes=1)
    said = Wording("Ada", "", "", "", text, f"<p>{text}</p>")
    return blog.store.revisions.edit(1, said, now=clock(), by="mod")


def test_what_a_moderator_has_corrected_its_writer_cannot_change(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader, **MARKED)
    approve(blog, clock, 1)
    form = text_of(reader.opens(f"{receipt}/edit"))
    edits(reader, receipt, "Call him at home.")
    corrects(blog, clock, "[removed]")

    answer = reader.sends(form, comment="Call him at home, I say.")

    assert answer.status_code == 403
    assert "has corrected it meanwhile" in text_of(answer)
    assert "Call him at home, I say." in text_of(answer)
    assert (blog.store.entry(1).text, blog.store.entry(1).status) == ("[removed]", Status.APPROVED)


def test_what_a_moderator_has_corrected_its_writer_can_only_take_back(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader)
    corrects(blog, clock, "[removed]")

    shown = text_of(reader.opens(receipt))

    assert f"{receipt}/edit" not in shown
    instead = reader.opens(f"{receipt}/edit")
    assert instead.status_code == 403
    assert "[removed]" not in text_of(instead)
    assert "What you wrote" not in text_of(instead)
    reader.sends(text_of(reader.opens(f"{receipt}/withdraw")))
    assert blog.store.entry(1).status is Status.TRASH


def test_a_correction_that_was_undone_hinders_nothing(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader)
    edits(reader, receipt, "I agree, too.")
    correction = corrects(blog, clock, "[removed]")
    assert correction is not None
    blog.store.moderation.undo(correction, now=clock(), by="mod")

    assert edits(reader, receipt, "I agree, of course.").status_code == 303
    assert blog.store.entry(1).text == "I agree, of course."


def at_once(
    blog: BlogFolder, clock: Clock, path: str, data: dict[str, str]
) -> set[tuple[int, str | None]]:
    """What is answered to a form that comes four times at the same time."""
    readers = [visit(blog, clock) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(one.posts, path, data=data) for one in readers]
        return {(one.result().status_code, one.result().location) for one in sent}


def test_one_change_sent_many_times_at_once_is_one_and_answered_the_same(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader)

    for text in map("I agree {} times.\n".format, range(5)):
        assert at_once(blog, clock, f"{receipt}/edit", {"comment": text}) == {(303, receipt)}
        assert blog.store.entry(1).text == text.strip()


# Taking it back


def test_a_comment_taken_back_twice_is_answered_the_same(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader)

    answers = at_once(blog, clock, f"{receipt}/withdraw", {})

    assert answers == {(303, receipt)}
    assert reader.posts(f"{receipt}/withdraw").location == receipt
    assert reader.opens(f"{receipt}/withdraw").location == receipt


def test_a_comment_taken_back_leaves_the_pages_and_lies_in_the_trash(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader)
    approve(blog, clock, 1)
    cleaned(blog)

    answer = reader.sends(text_of(reader.opens(f"{receipt}/withdraw")))

    assert (answer.status_code, answer.location) == (303, receipt)
    assert blog.store.entry(1).status is Status.TRASH
    assert blog.store.published() == {}
    dirty = blog.store.dirty()
    assert dirty is not None
    assert dirty.posts == {"hello"}
    assert "You took your comment back." in text_of(reader.opens(receipt))


def test_what_was_taken_back_can_be_sent_again_at_once(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader)
    reader.posts(f"{receipt}/withdraw")
    clock.passes(minutes=2)

    again = sent(reader)

    assert again != receipt
    assert [entry.status for entry in blog.store.entries()] == [Status.TRASH, Status.PENDING]
    assert sent(reader) == again


def test_what_was_brought_back_is_the_same_comment_when_it_is_sent_again(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader)
    reader.posts(f"{receipt}/withdraw")
    blog.store.restore([1], now=clock(), by="author")

    assert sent(reader) == receipt


def test_the_author_can_bring_it_back(reader: Reader, blog: BlogFolder, clock: Clock) -> None:
    receipt = sent(reader)
    approve(blog, clock, 1)
    reader.posts(f"{receipt}/withdraw")

    blog.store.restore([1], now=clock(), by="author")

    assert blog.store.entry(1).status is Status.APPROVED
    assert "You took your comment back." not in text_of(reader.opens(receipt))


def test_what_was_brought_back_by_mistake_is_taken_back_once_more(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader)
    reader.posts(f"{receipt}/withdraw")
    brought = blog.store.moderation.restore(chosen(1), now=clock(), by="author")
    assert brought.action is not None
    blog.store.moderation.undo(brought.action, now=clock(), by="author")

    assert "You took your comment back." in text_of(reader.opens(receipt))
    assert sent(reader) != receipt


def test_what_the_author_threw_away_is_not_said_to_be_taken_back(
    reader: Reader, blog: BlogFolder, clock: Clock
) -> None:
    receipt = sent(reader)
    blog.store.decide([1], Status.TRASH, now=clock(), by="author")

    assert "Your comment was not published." in text_of(reader.opens(receipt))
    assert reader.posts(f"{receipt}/withdraw").status_code == 403


def test_a_message_is_sent_and_stays_so(reader: Reader, blog: BlogFolder) -> None:
    sent(reader)
    entry = blog.store.entry(1)

    assert entry.kind is Kind.COMMENT
    letter = Entry(**{name: getattr(entry, name) for name in Entry.__slots__} | {"kind": "message"})
    assert may_change(letter, 30, entry.at) is False
