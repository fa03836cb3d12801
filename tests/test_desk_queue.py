"""The desk without JavaScript: each button is a form, each decision leads back to its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from threading import Event
from typing import Any
from urllib.parse import urlencode

import pytest
from actors import Author, BlogFolder, Clock, visit
from desk_actors import TOKEN, Moderator
from lxml import html
from sqlalchemy import update
from store_actors import PUBLIC, a_comment, another_writer, stranger_to
from werkzeug.test import TestResponse

from pingback_server.domain.discussion import Kind, Reason, Status, Verdict, Whence
from pingback_server.domain.filters import FIELDS
from pingback_server.domain.people import Role
from pingback_server.domain.rulings import RulingKind, about
from pingback_server.domain.switches import Switch
from pingback_server.processes import hold, note_end
from pingback_server.store import Store
from pingback_server.store.revisions import wording_of
from pingback_server.store.schema import comments

pytestmark = pytest.mark.usefixtures("engine")

HELD = Verdict(Status.PENDING, (Reason("newcomer", "Every comment waits for the author.", 0.5),))
SUSPECT = Verdict(Status.SPAM, (Reason("trap", "The hidden field was filled in.", 5.0),))


@pytest.fixture
def moderator(blog: BlogFolder, clock: Clock) -> Moderator:
    return Moderator(blog, clock, Role.OWNER)


def arrives(who: Moderator, text: str = "", verdict: Verdict = HELD, **fields: object) -> int:
    """Something new, a minute after what came before."""
    clock = who.clock
    clock.passes(minutes=1)
    said = text or f"It is {clock():%H:%M}"
    comment = replace(a_comment(said, post="hello"), **fields)  # type: ignore[arg-type]
    return who.blog.store.add(comment, verdict, clock()).id


def alike(who: Moderator, cluster: int, *ids: int) -> None:
    with stranger_to(who.blog.settings.store_url) as connection:
        connection.execute(update(comments).where(comments.c.id.in_(ids)).values(cluster=cluster))
        connection.commit()


def rows(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<article class="row" id="entry-(\d+)"', page)]


def tabs(page: str) -> list[tuple[str, str]]:
    return re.findall(r'">(\w+) <span class="count">(\d+)</span>', page)


def states(who: Moderator) -> list[str]:
    return [entry.status.value for entry in who.blog.store.entries()]


# What is seen


def test_the_queue_shows_all_kinds_oldest_first_with_live_counts(moderator: Moderator) -> None:
    arrives(moderator)
    arrives(moderator, kind=Kind.MESSAGE, post="contact")
    arrives(moderator, kind=Kind.WEBMENTION, url="https://garden.example/")
    arrives(moderator, "spam", SUSPECT)
    arrives(moderator, "public", PUBLIC)

    page = moderator.opens()

    assert rows(page) == [1, 2, 3]
    assert tabs(page) == [
        ("Pending", "3"),
        ("Suspects", "1"),
        ("Approved", "1"),
        ("Spam", "0"),
        ("Trash", "0"),
    ]


def test_a_row_says_all_that_a_decision_needs(moderator: Moderator) -> None:
    arrives(moderator, "The question", PUBLIC)
    moderator.clock.passes(hours=3)
    comment = replace(
        a_comment("See this", post="hello", parent=1),
        html='<p>See <a href="https://shop.example/x">this</a></p>',
        email="ada@example.org",
        url="https://ada.example",
        whence=Whence("192.0.2.7", "192.0.2.0/24"),
    )
    moderator.blog.store.add(comment, HELD, moderator.clock())
    moderator.clock.passes(hours=2)

    page = moderator.opens()

    for part in (
        "ada@example.org",
        "https://ada.example",
        "192.0.2.0/24",
        ">Hello</a>",
        "Ann: The question",
        ">2 h</time>",
        ">shop.example</a>",
        "Every comment waits for the author.",
        "+0.5",
    ):
        assert part in page
    assert "192.0.2.7" not in page


def test_of_a_ping_the_source_s_title_excerpt_and_link_are_seen(moderator: Moderator) -> None:
    arrives(moderator, "An excerpt", kind=Kind.WEBMENTION, url="https://garden.example/links")

    page = moderator.opens()

    assert '<span class="badge">Webmention</span>' in page
    assert 'class="open" href="https://garden.example/links"' in page
    assert "An excerpt" in page


def test_what_a_stranger_typed_is_text_in_every_place(moderator: Moderator) -> None:
    evil = '"><script>alert(1)</script>'
    arrives(moderator, evil, author=evil, email=evil, url="https://a.example/" + evil, html="")
    arrives(moderator, evil, kind=Kind.WEBMENTION, html="", parent=1)

    assert "<script>alert" not in moderator.opens()
    assert "<script>alert" not in moderator.opens("/-/desk/entries/1")
    assert "<script>alert" not in moderator.opens("/-/desk?q=%22%3E%3Cscript%3Ealert(1)")


def test_pages_follow_one_another(moderator: Moderator) -> None:
    for number in range(27):
        arrives(moderator, str(number))

    first = moderator.opens()
    next_page = re.search(r'class="next" href="([^"]+)"', first)
    assert next_page is not None
    second = moderator.opens(next_page[1].replace("&amp;", "&"))

    assert rows(first) == list(range(1, 26))
    assert rows(second) == [26, 27]


def test_the_search_finds_by_words(moderator: Moderator) -> None:
    arrives(moderator, "casino")
    arrives(moderator, "hello")

    assert rows(moderator.opens("/-/desk?q=casino")) == [1]
    assert rows(moderator.opens("/-/desk?is=all&q=kind:comment")) == [2, 1]


def test_the_form_of_filters_says_the_words_of_the_search(moderator: Moderator) -> None:
    arrives(moderator, "casino", author="Ada L")
    arrives(moderator, "casino")
    moderator.opens()
    (form,) = html.document_fromstring(moderator.page).xpath("//form[@class='filters']")
    fields = {field.get("name"): field.value for field in form.xpath(".//input|.//select")}
    assert fields.keys() == {"is", *FIELDS} - {"like"}

    page = moderator.opens(f"/-/desk?{urlencode({**fields, 'text': 'casino', 'from': 'ada l'})}")

    assert rows(page) == [1]
    shown = html.document_fromstring(page)
    assert shown.xpath("//input[@id='q']/@value") == ['casino from:"ada l"']
    assert shown.xpath("//form[@class='filters']//input[@name='from']/@value") == ["ada l"]


@pytest.mark.parametrize(
    ("asked", "words", "why"),
    [
        ("q=casino+kind:poem", "casino kind:poem", "kind:poem means nothing: known are comment, "),
        ("q=since:yesterday", "since:yesterday", "needs a day such as 2026-11-22."),
        ("since=tomorrow&text=casino", "casino since:tomorrow", "needs a day such as 2026-11-22."),
        ("q=is:nowhere", "is:nowhere", "known are pending, suspect, "),
        ("q=like:it", "like:it", "like:it means nothing: it needs the number of an entry."),
        ("q=" + "x" * 501, "x" * 501, "A search has at most 500 characters: shorten it."),
    ],
)
def test_a_search_that_means_nothing_stays_in_its_box_with_the_reason_beside_it(
    moderator: Moderator, asked: str, words: str, why: str
) -> None:
    arrives(moderator)

    answer = moderator.reader.opens(f"/-/desk?{asked}")

    assert answer.status_code == 400
    page = html.document_fromstring(answer.get_data(as_text=True))
    (box,) = page.xpath("//input[@id='q']")
    (told,) = page.xpath(f"//*[@id='{box.get('aria-describedby')}']")
    assert box.value == words
    assert why in told.text_content()
    assert rows(answer.get_data(as_text=True)) == []


def test_the_queue_leads_to_the_pings_that_failed_for_who_may_rule(
    moderator: Moderator, blog: BlogFolder, clock: Clock
) -> None:
    writer = Moderator(blog, clock, Role.AUTHOR, "ben")
    link = '<a href="/-/desk/pings">Failed pings</a>'

    assert link in moderator.opens()
    assert link not in writer.opens()


def test_who_may_not_delete_for_ever_is_not_offered_it(
    moderator: Moderator, blog: BlogFolder, clock: Clock
) -> None:
    blog.write_post("hello", "Hello", "Words.", Author="ben")
    blog.build()
    writer = Moderator(blog, clock, Role.AUTHOR, "ben")
    arrives(moderator)
    blog.store.decide([1], Status.TRASH, now=clock(), by="ada")

    assert "Delete for ever" in moderator.opens("/-/desk?is=trash")
    assert rows(writer.opens("/-/desk?is=trash")) == [1]
    assert "Delete for ever" not in writer.page


# What is decided


@pytest.mark.parametrize(
    ("button", "status", "words"),
    [
        ("approve:1", "approved", "1 entry approved."),
        ("spam:1", "spam", "1 entry marked as spam."),
        ("trash:1", "trash", "1 entry put in the trash."),
    ],
)
def test_a_button_decides_and_leads_back_with_a_notice(
    moderator: Moderator, button: str, status: str, words: str
) -> None:
    arrives(moderator)
    arrives(moderator)
    moderator.opens()

    page = moderator.does(button)

    assert states(moderator) == [status, "pending"]
    assert words in page
    assert rows(page) == [2]


@pytest.mark.parametrize("after", ["0001-01-01T00:00:00+23:59~1", "9999-12-31T23:59-23:59~1", "~"])
def test_a_place_that_no_page_begins_at_is_the_first_page(moderator: Moderator, after: str) -> None:
    arrives(moderator)

    assert rows(moderator.opens(f"/-/desk?{urlencode({'after': after})}")) == [1]


def test_after_a_decision_the_next_row_is_in_sight(moderator: Moderator) -> None:
    arrives(moderator)
    arrives(moderator)
    moderator.opens()

    answer = moderator.presses_button("spam:1", **{"next-1": "2"})

    assert answer.location.endswith("#entry-2")


def test_what_was_decided_is_undone_from_the_notice(moderator: Moderator) -> None:
    arrives(moderator)
    moderator.opens()
    moderator.does("spam:1")

    page = moderator.does("1")

    assert states(moderator) == ["pending"]
    assert "Undone: 1 entry marked as spam." in page
    assert "Undo the one before" not in page


def test_what_was_done_before_is_undone_step_by_step(moderator: Moderator) -> None:
    arrives(moderator)
    arrives(moderator)
    moderator.opens()
    moderator.does("spam:1")
    moderator.blog.store.decide([2], Status.TRASH, now=moderator.clock(), by="ben")
    moderator.opens("/-/desk?is=spam")
    moderator.does("trash:1")

    page = moderator.does("3")
    assert "Undone: 1 entry put in the trash." in page
    assert 'name="action" value="1">Undo the one before, too</button>' in page
    moderator.does("1")

    assert states(moderator) == ["pending", "trash"]


def test_nothing_happens_when_the_enter_key_sends_the_form(moderator: Moderator) -> None:
    arrives(moderator)
    moderator.opens()

    moderator.does("nothing", chosen="1")

    assert states(moderator) == ["pending"]


def test_those_that_are_chosen_are_decided_together(moderator: Moderator) -> None:
    for _ in range(4):
        arrives(moderator)
    moderator.opens()

    page = moderator.does("trash", chosen=["1", "3"])

    assert states(moderator) == ["trash", "pending", "trash", "pending"]
    assert "2 entries put in the trash." in page


def test_all_that_match_are_decided_over_all_pages_but_not_what_came_since(
    moderator: Moderator,
) -> None:
    for number in range(30):
        arrives(moderator, f"casino {number}" if number % 3 else f"hello {number}")
    assert "All 20 that match" in moderator.opens("/-/desk?q=casino")
    arrives(moderator, "casino, later")

    moderator.does("spam", all="yes")

    assert states(moderator).count("spam") == 20
    assert moderator.blog.store.entry(31).status is Status.PENDING


def test_what_is_alike_is_one_row_and_one_decision(moderator: Moderator) -> None:
    for _ in range(5):
        arrives(moderator)
    alike(moderator, 2, 3, 4)

    page = moderator.opens()
    assert rows(page) == [1, 2, 5]
    assert "and 2 more like it" in page
    moderator.does("spam:like-2")

    assert states(moderator) == ["pending", "spam", "spam", "spam", "pending"]


def test_a_suspect_is_approved_or_called_spam(moderator: Moderator) -> None:
    arrives(moderator, "one", SUSPECT)
    arrives(moderator, "two", SUSPECT)
    moderator.opens("/-/desk?is=suspect")

    moderator.does("approve:1")
    page = moderator.does("spam:2")

    assert states(moderator) == ["approved", "spam"]
    assert tabs(page)[1:4] == [("Suspects", "0"), ("Approved", "1"), ("Spam", "1")]


def test_a_reply_publishes_itself_and_what_it_answers(moderator: Moderator) -> None:
    arrives(moderator, "The question")
    moderator.opens()

    page = moderator.does("reply:1", **{"reply-1": "The *answer*"})

    assert states(moderator) == ["approved", "approved"]
    assert "Your reply is published." in page
    assert "<em>answer</em>" in moderator.blog.store.entry(2).html


@pytest.mark.parametrize(
    ("role", "shown", "signature", "badge"),
    [
        (Role.MODERATOR, "Ben B.", "Ben B.", "of this blog"),
        (Role.AUTHOR, "", "ben", "author"),
        (Role.OWNER, "", "Ada", "author"),
    ],
)
def test_a_reply_is_signed_by_who_wrote_it(
    blog: BlogFolder, clock: Clock, role: Role, shown: str, signature: str, badge: str
) -> None:
    blog.configure('AUTHOR = "Ada"')
    blog.write_post("hello", "Hello", "Words.", Author="ben")
    blog.build()
    ben = Moderator(blog, clock, role, "ben", shown)
    arrives(ben, "The question")
    ben.opens()

    ben.does("reply:1", **{"reply-1": "The answer"})

    answer = blog.store.entry(2)
    assert (answer.author, answer.is_by_author) == (signature, True)
    blog.build()
    form = ben.reader.opens("/-/comments/2/reply").get_data(as_text=True)
    for page in (blog.page("hello"), form):
        assert re.findall('<span class="badge">(.*?)</span>', page) == [badge]


@pytest.fixture
def hurried(blog: BlogFolder, clock: Clock, moderator: Moderator) -> Iterator[Moderator]:
    """The owner, at a desk that waits for the database no longer than a moment."""
    with closing(Store.open(blog.settings.store_url, patience=0.1)) as store:
        moderator.reader = visit(blog, clock, store)
        moderator.reader._client.set_cookie("desk", f"{TOKEN}-of-ada")
        yield moderator


def typed(answer: TestResponse) -> list[str]:
    """What the boxes of a page have in them."""
    boxes = html.document_fromstring(answer.get_data(as_text=True)).xpath("//textarea")
    return [box.text_content().strip() for box in boxes]


def boxes(answer: TestResponse) -> dict[str, str]:
    """What each box of a page has in it, if it has anything."""
    found = html.document_fromstring(answer.get_data(as_text=True)).xpath("//textarea")
    return {box.get("name"): box.text_content().strip() for box in found if box.text_content()}


def test_what_is_typed_in_other_rows_stays_when_a_button_is_pressed(moderator: Moderator) -> None:
    for words in ("one", "two", "three"):
        arrives(moderator, words)
    moderator.opens()

    answer = moderator.presses_button("approve:1", **{"reply-2": "To the second", "reply-3": " "})

    moderator.page = answer.get_data(as_text=True)
    assert states(moderator) == ["approved", "pending", "pending"]
    assert (answer.status_code, boxes(answer)) == (200, {"reply-2": "To the second"})
    assert "1 entry approved." in moderator.page
    assert moderator.page.count('<details class="answer" open>') == 1
    moderator.does("reply:2", **{"reply-2": "To the second"})
    assert moderator.blog.store.entry(4).text == "To the second"


def test_a_reply_leaves_those_typed_in_other_rows(moderator: Moderator) -> None:
    arrives(moderator, "one")
    arrives(moderator, "two")
    moderator.opens()

    answer = moderator.presses_button("reply:1", **{"reply-1": "First", "reply-2": "Second"})

    assert moderator.blog.store.entry(3).text == "First"
    assert boxes(answer) == {"reply-2": "Second"}
    assert "Your reply is published." in answer.get_data(as_text=True)


def test_undoing_leaves_what_is_typed_in_rows(moderator: Moderator) -> None:
    for words in ("one", "two"):
        arrives(moderator, words)
    moderator.opens()
    moderator.does("spam:1")

    answer = moderator.presses_button("1", **{"reply-2": "To the second"})

    page = answer.get_data(as_text=True)
    assert states(moderator) == ["pending", "pending"]
    assert (answer.status_code, boxes(answer)) == (200, {"reply-2": "To the second"})
    assert "Undone: 1 entry" in page
    assert (len(rows(page)), page.count('<details class="answer" open>')) == (2, 1)


def test_what_was_typed_in_a_row_that_leaves_is_there_to_be_copied(moderator: Moderator) -> None:
    arrives(moderator, "one")
    moderator.opens()

    answer = moderator.presses_button("spam:1", **{"reply-1": "All my words"})

    page = answer.get_data(as_text=True)
    assert states(moderator) == ["spam"]
    assert (rows(page), boxes(answer)) == ([], {"reply-1": "All my words"})
    assert "This is what you had typed: copy it" in page


def test_a_reply_that_is_refused_leaves_those_typed_in_other_rows(moderator: Moderator) -> None:
    arrives(moderator, "one")
    arrives(moderator, "two")
    moderator.opens()

    answer = moderator.presses_button("reply:1", **{"reply-1": " ", "reply-2": "Second"})

    assert answer.status_code == 400
    assert boxes(answer)["reply-2"] == "Second"


@pytest.mark.parametrize(
    ("text", "happens", "status", "why"),
    [
        (" ", lambda who: None, 400, "A reply needs some text"),
        ("words " * 2000, lambda who: None, 413, "11,999 characters, and may have 10,000"),
        (
            "All my words",
            lambda who: who.blog.store.decide([1], Status.TRASH, now=who.clock(), by="ben"),
            409,
            "What it answers is spam or in the trash by now",
        ),
    ],
)
def test_a_reply_that_is_refused_stays_in_a_box_with_the_reason(
    moderator: Moderator, text: str, happens: Callable[[Moderator], None], status: int, why: str
) -> None:
    arrives(moderator, "The question")
    moderator.opens()
    happens(moderator)

    answer = moderator.presses_button("reply:1", **{"reply-1": text})

    page = answer.get_data(as_text=True)
    assert (answer.status_code, typed(answer)) == (status, [text.strip()])
    assert why in page
    assert "stands elsewhere" not in page
    assert len(moderator.blog.store.entries()) == 1


def test_a_reply_that_was_refused_is_sent_again_from_its_box(moderator: Moderator) -> None:
    arrives(moderator, "The question")
    moderator.opens()
    moderator.blog.store.decide([1], Status.TRASH, now=moderator.clock(), by="ben")
    refused = moderator.presses_button("reply:1", **{"reply-1": "All my words"})
    moderator.blog.store.restore([1], now=moderator.clock(), by="ben")
    moderator.page = refused.get_data(as_text=True)

    moderator.does("reply:1", **{"reply-1": typed(refused)[0]})

    assert moderator.blog.store.entry(2).text == "All my words"


def test_what_was_typed_stays_while_the_database_takes_nothing(hurried: Moderator) -> None:
    arrives(hurried, "The question")
    token = hurried.token()
    sent = {"form_token": token, "text": "All my words", "do": "reply:1", "reply-1": "All my words"}
    lists = {"form_token": token, "do": "block", "subject": "a.example", "note": "All my words"}

    with another_writer(hurried.blog.folder, hurried.blog.settings.store_url):
        answers = [
            hurried.reader.posts("/-/desk/entries/1", data=sent),
            hurried.reader.posts("/-/desk/decisions", data=sent),
            hurried.reader.posts("/-/desk/lists", data=lists),
        ]

    for answer in answers:
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert typed(answer) == ["All my words"]
        assert "The database takes nothing now" in answer.get_data(as_text=True)


def test_what_is_reported_is_decided_on_one_step_from_the_report(moderator: Moderator) -> None:
    arrives(moderator, "The insult", PUBLIC)
    report = Verdict(Status.PENDING, (Reason("report", "A reader reports what it answers."),))
    arrives(moderator, "Take this away", report, kind=Kind.REPORT, parent=1)
    link = html.document_fromstring(moderator.opens()).xpath("//a[.='Decide on number 1']/@href")

    moderator.opens(*link)
    moderator.does("trash:1")

    assert states(moderator) == ["trash", "pending"]


def test_all_below_one_post_is_one_step_from_a_row(moderator: Moderator) -> None:
    arrives(moderator, post="hello")
    arrives(moderator, post="a post of mine.md")
    blog = moderator.blog
    blog.write_post("spaces", "Spaces", "Words.", Id="a post of mine.md")
    blog.build()
    page = html.document_fromstring(moderator.opens())

    links = page.xpath("//a[.='All below this post']/@href")

    assert [rows(moderator.opens(link)) for link in links] == [[1], [2]]


def test_a_correction_is_made_on_a_page_of_its_own(moderator: Moderator) -> None:
    arrives(moderator, "Teh text")
    page = moderator.opens("/-/desk/entries/1")
    fields = {"form_token": moderator.token()}
    assert "Teh text</textarea>" in page

    refused = moderator.reader.posts("/-/desk/entries/1", data={**fields, "author": " "})
    made = moderator.reader.posts("/-/desk/entries/1", data={**fields, "text": "The text"})

    assert refused.status_code == 400
    assert "Please give a name" in refused.get_data(as_text=True)
    assert made.status_code == 303
    assert moderator.blog.store.entry(1).text == "The text"
    assert "Teh text" in moderator.opens("/-/desk/entries/1")


def test_what_an_entry_comes_from_can_be_blocked_and_that_undone(moderator: Moderator) -> None:
    arrives(moderator, url="https://shop.example/x")
    moderator.opens()

    moderator.does("block:1:domain:shop.example")
    assert moderator.blog.store.rulings.all().blocks_host("shop.example")
    moderator.does("1")

    assert not moderator.blog.store.rulings.all().blocks_host("shop.example")


@pytest.mark.parametrize(
    ("address", "host"),
    [("mailto:pills@shop.example", "shop.example"), ("http://[2001:db8::1]/a", "[2001:db8::1]")],
)
def test_wherever_a_link_leads_is_spelt_out_and_can_be_blocked(
    moderator: Moderator, address: str, host: str
) -> None:
    arrives(moderator, html=f'<p><a href="{address}">this</a></p>')

    assert f">{host}</a>" in moderator.opens()
    moderator.does(f"block:1:domain:{host}")

    assert moderator.blog.store.rulings.all().blocks_host(host)


def test_the_site_of_a_ping_can_be_swept_out_and_that_undone(moderator: Moderator) -> None:
    arrives(moderator, url="https://shop.example/x", kind=Kind.PINGBACK)
    arrives(moderator, "More of it", url="https://www.shop.example/")
    arrives(moderator, "Honest", url="https://honest.example/")
    moderator.opens()

    moderator.does("sweep:1:domain:shop.example")
    assert states(moderator) == ["spam", "spam", "pending"]
    assert "Blocked from now on. 2 entries marked as spam." in moderator.page
    moderator.does("1")

    assert states(moderator) == ["pending", "pending", "pending"]
    assert not moderator.blog.store.rulings.all().blocks_host("shop.example")


def test_only_what_an_entry_comes_from_can_be_blocked(moderator: Moderator) -> None:
    arrives(moderator)
    token = moderator.token()

    answer = moderator.reader.posts(
        "/-/desk/decisions", data={"form_token": token, "do": "block:1:domain:honest.example"}
    )

    assert answer.status_code == 400
    assert moderator.blog.store.rulings.listed() == []


def test_a_ping_s_domain_can_be_trusted(moderator: Moderator) -> None:
    arrives(moderator, kind=Kind.WEBMENTION, url="https://garden.example/x")
    moderator.opens()

    moderator.does("trust:1:domain:garden.example")

    [ruling] = moderator.blog.store.rulings.listed()
    assert (ruling.about, ruling.is_trust) == (about(RulingKind.DOMAIN, "garden.example"), True)


def test_the_post_of_an_entry_is_closed_and_opened(moderator: Moderator) -> None:
    arrives(moderator)
    moderator.opens()

    moderator.does("close:1")
    assert moderator.blog.store.switches.of("hello") == Switch(False, False)
    moderator.does("open:1")

    assert moderator.blog.store.switches.of("hello") == Switch(True, True)


def test_deleting_for_ever_needs_the_number_typed(moderator: Moderator) -> None:
    arrives(moderator)
    arrives(moderator)
    moderator.opens()
    moderator.does("trash", chosen=["1", "2"])
    moderator.opens("/-/desk?is=trash")

    asked = moderator.presses_button("delete", chosen=["1", "2"])
    fields = {"form_token": moderator.token(), "is": "trash", "chosen": ["1", "2"]}
    wrong = moderator.reader.posts("/-/desk/deletion", data={**fields, "typed": "3"})
    assert (wrong.status_code, len(moderator.blog.store.entries())) == (400, 2)
    right = moderator.reader.posts("/-/desk/deletion", data={**fields, "typed": "2"})

    assert "2 entries would be gone" in asked.get_data(as_text=True)
    assert right.status_code == 303
    assert moderator.blog.store.entries() == []


def test_deleting_what_a_meaningless_search_would_find_is_refused_in_words(
    moderator: Moderator,
) -> None:
    arrives(moderator)
    fields = {"form_token": moderator.token(), "q": "is:nowhere", "all": "yes", "typed": "1"}

    answer = moderator.reader.posts("/-/desk/deletion", data=fields)

    assert answer.status_code == 400
    assert "This search means nothing" in answer.get_data(as_text=True)
    assert len(moderator.blog.store.entries()) == 1


@pytest.mark.parametrize(
    ("do", "status"),
    [("approve:9", 404), ("reply:9", 404), ("reply:x", 404), ("restore:1", 409), ("delete", 400)],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    moderator: Moderator, do: str, status: int
) -> None:
    arrives(moderator)
    token = moderator.token()

    answer = moderator.reader.posts("/-/desk/decisions", data={"form_token": token, "do": do})

    assert answer.status_code == status
    assert states(moderator) == ["pending"]


# What has changed since it was shown


def now_says(who: Moderator, id: int, text: str) -> None:
    """Somebody corrects an entry while the page stays open."""
    said = replace(wording_of(who.blog.store.entry(id)), text=text, html=f"<p>{text}</p>")
    who.blog.store.revisions.edit(id, said, now=who.clock(), by="ben")


def test_words_that_a_reader_changed_since_are_not_approved_unseen(moderator: Moderator) -> None:
    reader = visit(moderator.blog, moderator.clock)
    receipt = reader.comments(comment="A kind word.").location
    moderator.opens()
    reader.sends(reader.opens(f"{receipt}/edit").get_data(as_text=True), comment="Buy pills now")

    page = moderator.does("approve:1")
    assert states(moderator) == ["pending"]
    assert "1 has changed since you saw it and was left as it is: look at it again." in page
    assert "Buy pills now" in page
    moderator.does("approve:1")

    assert states(moderator) == ["approved"]


def test_of_several_rows_those_that_have_not_changed_are_decided(moderator: Moderator) -> None:
    for _ in range(3):
        arrives(moderator)
    moderator.opens()
    now_says(moderator, 2, "Buy pills now")

    page = moderator.does("approve", chosen=["1", "2", "3"])

    assert states(moderator) == ["approved", "pending", "approved"]
    assert "2 entries approved. 1 has changed since you saw it" in page


def test_what_somebody_else_decided_since_is_not_overturned_unseen(moderator: Moderator) -> None:
    arrives(moderator)
    moderator.opens()
    moderator.blog.store.decide([1], Status.SPAM, now=moderator.clock(), by="ben")

    page = moderator.does("approve", chosen="1")

    assert states(moderator) == ["spam"]
    assert "1 has changed since you saw it" in page


def test_to_press_a_button_twice_does_no_more_than_once(moderator: Moderator) -> None:
    arrives(moderator)
    moderator.opens()
    moderator.presses_button("approve:1")

    page = moderator.does("approve:1")

    assert states(moderator) == ["approved"]
    assert "Nothing had to be done." in page


@pytest.mark.parametrize(("changed", "left", "others"), [(2, 1, (3, 4)), (3, 2, (2, 4))])
def test_what_is_alike_is_left_as_a_whole_if_a_copy_has_changed(
    moderator: Moderator, changed: int, left: int, others: tuple[int, int]
) -> None:
    for _ in range(4):
        arrives(moderator)
    alike(moderator, 2, 3, 4)
    moderator.opens()
    now_says(moderator, changed, "Something else")

    page = moderator.does("approve:like-2")
    assert states(moderator) == ["pending"] * 4
    assert f"{left} {'has' if left == 1 else 'have'} changed since you saw" in page
    moderator.does(f"approve:like-{others[0]}")

    assert [moderator.blog.store.entry(one).status for one in others] == [Status.APPROVED] * 2
    assert moderator.blog.store.entry(changed).status is Status.PENDING


def test_what_has_changed_is_not_answered_and_approved_unseen(moderator: Moderator) -> None:
    arrives(moderator)
    moderator.opens()
    now_says(moderator, 1, "Buy pills now")

    answer = moderator.presses_button("reply:1", **{"reply-1": "Thank you!"})

    assert (answer.status_code, typed(answer)) == (409, ["Thank you!"])
    assert "What it answers was changed since: look at it" in answer.get_data(as_text=True)
    assert states(moderator) == ["pending"]


@pytest.mark.parametrize("box", ["all", "chosen"])
def test_who_sends_nothing_of_what_was_shown_decides_on_what_there_is(
    moderator: Moderator, box: str
) -> None:
    arrives(moderator)
    fields = {"form_token": moderator.token(), "do": "spam", "upto": "1", box: "1"}

    moderator.reader.posts("/-/desk/decisions", data=fields)

    assert states(moderator) == ["spam"]


def test_what_came_back_among_all_that_match_is_not_decided_on_unseen(
    moderator: Moderator,
) -> None:
    for _ in range(5):
        arrives(moderator)
    store = moderator.blog.store
    store.decide([1, 2, 3], Status.SPAM, now=moderator.clock(), by="ben")
    assert "All 2 that match" in moderator.opens()
    store.moderation.undo(1, now=moderator.clock(), by="ben")

    page = moderator.does("approve", all="yes")
    assert states(moderator) == ["pending"] * 5
    assert "and nothing was done. 5 match now." in page
    assert "All 5 that match" in page
    moderator.does("approve", all="yes")

    assert states(moderator) == ["approved"] * 5


def test_all_that_match_are_not_decided_on_once_one_says_something_else(
    moderator: Moderator,
) -> None:
    for number in range(30):
        arrives(moderator, str(number))
    moderator.opens()
    now_says(moderator, 29, "Buy pills now")

    moderator.does("approve", all="yes")

    assert set(states(moderator)) == {"pending"}


def test_all_in_every_state_are_not_decided_on_once_one_stands_elsewhere(
    moderator: Moderator,
) -> None:
    arrives(moderator)
    arrives(moderator)
    moderator.opens("/-/desk?is=all")
    moderator.blog.store.decide([1], Status.SPAM, now=moderator.clock(), by="ben")

    moderator.does("approve", all="yes")

    assert states(moderator) == ["spam", "pending"]


def test_all_that_match_are_decided_whatever_happens_elsewhere(moderator: Moderator) -> None:
    arrives(moderator, "casino")
    arrives(moderator, "casino, too")
    arrives(moderator, "hello")
    moderator.opens("/-/desk?q=casino")
    now_says(moderator, 3, "Hello!")
    moderator.blog.store.decide([3], Status.APPROVED, now=moderator.clock(), by="ben")

    moderator.does("spam", all="yes")

    assert states(moderator) == ["spam", "spam", "approved"]


@pytest.mark.parametrize("box", [{"all": "yes"}, {"chosen": ["1", "2"]}])
def test_what_was_not_asked_about_is_not_deleted_for_ever(
    moderator: Moderator, box: dict[str, Any]
) -> None:
    for _ in range(3):
        arrives(moderator)
    store = moderator.blog.store
    store.decide([1, 2], Status.TRASH, now=moderator.clock(), by="ben")
    moderator.opens("/-/desk?is=trash")
    moderator.page = moderator.presses_button("delete", **box).get_data(as_text=True)
    assert "2 entries would be gone" in moderator.page
    now_says(moderator, 2, "Words that are worth keeping")
    store.restore([1], now=moderator.clock(), by="ben")
    store.decide([3], Status.TRASH, now=moderator.clock(), by="ben")

    answer = moderator.sends_form("/-/desk/deletion", typed="2")

    assert answer.status_code == 409
    assert "has changed meanwhile. Nothing was deleted." in answer.get_data(as_text=True)
    assert len(store.entries()) == 3


def test_what_was_asked_about_again_is_deleted_for_ever(moderator: Moderator) -> None:
    for _ in range(3):
        arrives(moderator)
    store = moderator.blog.store
    store.decide([1, 2], Status.TRASH, now=moderator.clock(), by="ben")
    moderator.opens("/-/desk?is=trash")
    moderator.page = moderator.presses_button("delete", all="yes").get_data(as_text=True)
    store.restore([1], now=moderator.clock(), by="ben")

    moderator.page = moderator.sends_form("/-/desk/deletion", typed="2").get_data(as_text=True)
    assert "1 entry would be gone" in moderator.page
    moderator.sends_form("/-/desk/deletion", typed="1")

    assert [entry.id for entry in store.entries()] == [1, 3]


@pytest.mark.parametrize("box", [{"all": "yes"}, {"chosen": ["1", "2"]}])
def test_what_has_changed_since_is_not_even_asked_about(
    moderator: Moderator, box: dict[str, Any]
) -> None:
    arrives(moderator)
    arrives(moderator)
    moderator.blog.store.decide([1, 2], Status.TRASH, now=moderator.clock(), by="ben")
    moderator.opens("/-/desk?is=trash")
    now_says(moderator, 2, "Words that are worth keeping")

    page = moderator.does("delete", **box)

    assert "changed since you saw it" in page
    assert "worth keeping" in page


def test_a_correction_does_not_overwrite_unseen_what_was_changed_meanwhile(
    moderator: Moderator,
) -> None:
    arrives(moderator, "First words")
    moderator.opens("/-/desk/entries/1")
    now_says(moderator, 1, "Second words, better")

    answer = moderator.sends_form("/-/desk/entries/1", text="First words, corrected")
    moderator.page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "First words, corrected</textarea>" in moderator.page
    assert '<pre class="there" tabindex="0">Second words, better</pre>' in moderator.page
    assert moderator.blog.store.entry(1).text == "Second words, better"
    moderator.sends_form("/-/desk/entries/1", text="Both, corrected")

    assert moderator.blog.store.entry(1).text == "Both, corrected"


def test_a_correction_is_made_of_what_somebody_else_has_approved_meanwhile(
    moderator: Moderator,
) -> None:
    arrives(moderator, "Teh text")
    moderator.opens("/-/desk/entries/1")
    moderator.blog.store.decide([1], Status.APPROVED, now=moderator.clock(), by="ben")

    assert moderator.sends_form("/-/desk/entries/1", text="The text").status_code == 303


# How it stands with the pages


def test_the_desk_says_whether_the_pages_have_followed(moderator: Moderator) -> None:
    assert "All is published, since" in moderator.opens()
    arrives(moderator)
    moderator.opens()

    page = moderator.does("approve:1")

    # No press runs in this test.
    assert "1 page waits, but nobody publishes" in page


def test_the_desk_says_since_when_and_why_nothing_can_be_published(
    blog: BlogFolder, clock: Clock
) -> None:
    arrives(Moderator(blog, clock, Role.OWNER))
    ben = Moderator(blog, clock, Role.MODERATOR, "ben")
    clock.passes(hours=2)
    ben.opens()
    ben.does("approve:1")
    blog.write_post("broken", "Broken", "x", Date="someday")
    assert Author(blog).runs("build").code == 1
    clock.passes(days=2)

    with hold(blog.settings.data, "press", Event()):
        page = ben.opens("/-/desk?done=1")

    assert "Since 22 November 2026, 14:01 nothing could be published." in page
    assert "<code>content/broken.md:2: " in page
    assert "The pages stay as they were." in page
    assert "being published" not in page
    assert "follow in a moment" not in page


def test_a_failure_before_the_last_build_says_nothing_of_what_waits_now(
    moderator: Moderator,
) -> None:
    arrives(moderator)
    note_end(moderator.blog.settings.build_folder, ("content/broken.md:2: no date",))
    moderator.blog.build()
    moderator.opens()

    assert "no date" not in moderator.does("approve:1")


def test_the_desk_speaks_the_language_of_the_blog(moderator: Moderator) -> None:
    moderator.blog.configure('DEFAULT_LANG = "fr"')
    moderator.blog.build()
    arrives(moderator)

    page = moderator.opens()

    assert '<html lang="fr">' in page
    assert "En attente" in page


# How many actions it takes


def test_fifty_entries_with_six_campaigns_among_them_are_cleared_in_twenty_actions(
    moderator: Moderator,
) -> None:
    campaigns: list[list[int]] = [[] for _ in range(6)]
    for number in range(50):
        id = arrives(moderator, f"{number}")
        if number % 10 < 7:
            campaigns[number % 6].append(id)
    for members in campaigns:
        alike(moderator, members[0], *members[1:])
    assert sum(map(len, campaigns)) == 35

    moderator.opens()
    for members in campaigns:
        moderator.does(f"spam:like-{members[0]}")
    ticks = 1  # the box «All 15 that match»
    assert "All 15 that match" in moderator.page
    moderator.does("approve", all="yes")

    assert sorted(states(moderator)) == ["approved"] * 15 + ["spam"] * 35
    assert moderator.presses + ticks == 8
