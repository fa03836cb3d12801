"""What other pages say of a post, as its page shows it: replies, likes, mentions, and the rest.

How they are read is for the tests of pings; here they stand in the store as these leave them.
"""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as XML
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mf2py
import pytest
from actors import NOON, BlogFolder, Clock, visit
from lxml import html
from lxml.html import HtmlElement
from sqlalchemy import create_engine, update

from pingback_server.deeds.import_file import import_file
from pingback_server.domain.discussion import Status, host_of
from pingback_server.domain.identicons import identicon
from pingback_server.store.schema import comments, post_switches

ROOT = "http://localhost:8000"
ATOM = "{http://www.w3.org/2005/Atom}"
PINGBACK = re.compile(r'<link rel="pingback" href="([^"]+)" ?/?>')  # Pingback 1.0 §2.2


def said(number: int, **changes: Any) -> dict[str, Any]:
    at = f"2026-11-21T{number:02}:00:00Z"
    plain = {"origin": str(number), "kind": "comment", "post": "hello", "at": at}
    return {**plain, "author": "Ada", "text": "Yes.", "status": "approved", **changes}


def sent(number: int, path: str, **changes: Any) -> dict[str, Any]:
    there = {"url": f"https://www.social.example/{path}", "title": "A page | Social", "text": ""}
    return said(number, kind="webmention", **{**there, **changes})


SAID = [
    said(1),
    said(2, parent="1", author="Gone Guy", text="Never to be seen."),
    said(3, parent="2", author="Cleo", text="I answer what is gone."),
    sent(4, "reply-to-ada", author="Eva"),
    sent(5, "reply", author=""),
    sent(6, "like-1", author="Léa"),
    sent(7, "like-2", author="<b>Noé"),
    sent(8, "repost", author="Paul"),
    sent(9, "bookmark", author=""),
    sent(10, "mention", author="Zoé"),
    said(11, author='<link rel="pingback" href="https://evil.example/">', text="`<b>`"),
]
# The columns that an import does not fill, by the number of the comment.
READ: dict[int, dict[str, Any]] = {
    4: {
        "response": "reply",
        "parent": 1,
        "html": "<p>From <em>my</em> place.</p>",
        "author_url": "https://social.example/@eva",
        "language": "fr-CA",
        "email": "eva@private.example",
        "ip": "192.0.2.77",
        "network": "192.0.2.0/24",
        "browser": "privatebrowser",
    },
    5: {"response": "reply", "html": "<p>Without a name.</p>", "site": "Gaspard’s"},
    6: {"response": "like", "language": "fr"},
    7: {"response": "like"},
    8: {"response": "repost"},
    9: {"response": "bookmark"},
    10: {"language": "fr"},
    3: {"edited_at": NOON},
}


def fill(blog: BlogFolder, rows: dict[int, dict[str, Any]]) -> None:
    """Leave in the store what a reader of pings leaves there."""
    engine = create_engine(blog.settings.store_url)
    with engine.begin() as connection:
        for number, values in rows.items():
            connection.execute(update(comments).where(comments.c.id == number).values(**values))
    engine.dispose()


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlogFolder]:
    """A post of which others speak in every way."""
    with BlogFolder.init(tmp_path_factory.mktemp("answered") / "blog") as blog:
        blog.configure('DISCUSSION = {"close_after_days": 30_000, "avatars": "identicon"}')
        blog.write_post("hello", "Hello -- “&” <co>", "The first words.", Number="7")
        blog.write_post("deaf", "Deaf", "Words.", Pings="closed")
        blog.build()
        import_file(json.dumps(SAID), store=blog.store, now=NOON)
        fill(blog, READ)
        blog.store.decide([2], Status.TRASH, now=NOON, by="author")
        blog.build()
        yield blog


@pytest.fixture
def copied(answered: BlogFolder, tmp_path: Path) -> Iterator[Callable[[], BlogFolder]]:
    """Makes a blog of the test's own."""
    made: list[BlogFolder] = []

    def copy() -> BlogFolder:
        shutil.copytree(answered.folder, tmp_path / "blog")
        made.append(BlogFolder(tmp_path / "blog"))
        return made[-1]

    yield copy
    for blog in made:
        blog.__exit__()


@pytest.fixture
def page(answered: BlogFolder) -> HtmlElement:
    return html.document_fromstring(answered.page("hello"))


def text_in(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def one(page: HtmlElement, path: str) -> HtmlElement:
    (found,) = page.xpath(path)
    return found


# Replies


def test_words_in_another_language_than_the_page_say_in_which(page: HtmlElement) -> None:
    marked = page.xpath("//section[@class='discussion']//*[@lang]")

    assert [(one.tag, one.get("lang"), text_in(one)) for one in marked] == [
        ("div", "fr-CA", "From my place."),
        ("bdi", "fr", "A page | Social"),
    ]


def test_a_reply_is_a_comment_of_the_thread_in_which_it_answers(page: HtmlElement) -> None:
    reply = one(page, "//li[@id='comment-1']/ol/li[@id='comment-4']")

    assert text_in(one(reply, ".//div[@class='e-content']")) == "From my place."
    assert one(reply, ".//span[contains(@class, 'h-card')]//a").get("href") == (
        "https://social.example/@eva"
    )


def test_a_reply_says_on_which_host_it_was_written_and_leads_there(page: HtmlElement) -> None:
    via = one(page, "//li[@id='comment-4']//header/span[@class='quiet']")

    assert text_in(via) == "via social.example"
    assert one(via, "a").get("href") == "https://www.social.example/reply-to-ada"
    assert one(via, "a").get("rel") == "nofollow ugc noopener"


def test_a_reply_that_answers_no_comment_stands_at_the_top_under_some_name(
    page: HtmlElement,
) -> None:
    reply = one(page, "//ol[@class='thread']/li[@id='comment-5']")

    assert text_in(one(reply, ".//bdi[@class='p-name']")) == "Gaspard’s"


def test_only_what_was_written_here_is_answered_here(page: HtmlElement) -> None:
    links = page.xpath("//p[@class='reply']/a/@href")

    assert "/-/comments/3/reply" in links
    assert "/-/comments/4/reply" not in links


def test_every_comment_can_be_reported(page: HtmlElement) -> None:
    links = [link for link in page.xpath("//p[@class='reply']/a/@href") if "report" in link]

    assert sorted(links) == [f"/-/comments/{id}/report" for id in (1, 11, 3, 4, 5)]


def test_a_mention_stays_a_line(page: HtmlElement) -> None:
    assert text_in(one(page, "//li[@id='comment-10']")) == "Ping: A page | Social"


# Reactions


def test_likes_reposts_and_bookmarks_are_rows_of_names_that_lead_there(page: HtmlElement) -> None:
    rows = page.xpath("//p[contains(@class, 'reactions')]")

    assert [text_in(row) for row in rows] == [
        "2 people liked this: Léa, <b>Noé",
        "One person passed this on: Paul",
        "One person kept this: social.example",
    ]
    assert rows[0].xpath(".//a/@href") == [
        "https://www.social.example/like-1",
        "https://www.social.example/like-2",
    ]


def test_reactions_and_what_is_gone_do_not_count(page: HtmlElement, answered: BlogFolder) -> None:
    count = len(page.xpath("//li[contains(@class, 'u-comment')]"))

    assert count == 6
    assert text_in(one(page, "//h2[@id='comments']")).startswith("6 thoughts on")
    assert "6 thoughts" in (answered.output / "index.html").read_text("utf-8")
    data = json.loads(one(page, "//script[@type='application/ld+json']").text)
    assert (data["commentCount"], len(data["comment"]), len(data["subjectOf"])) == (6, 5, 1)


def test_no_picture_is_loaded_from_anywhere(page: HtmlElement) -> None:
    assert page.xpath("//img | //picture | //iframe | //video") == []


def test_many_reactions_are_folded(copied: Callable[[], BlogFolder]) -> None:
    blog = copied()
    likes = [sent(23, f"more-{n}", author=f"L{n}") | {"origin": f"more-{n}"} for n in range(11)]
    import_file(json.dumps(likes), store=blog.store, now=NOON)
    fill(blog, {number: {"response": "like"} for number in range(12, 23)})

    blog.build()

    folded = one(
        html.document_fromstring(blog.page("hello")), "//details[@class='reactions quiet']"
    )
    assert text_in(one(folded, "summary")) == "13 people liked this:"
    assert len(folded.xpath(".//a")) == 13


# What is gone, and what was edited


def test_where_a_comment_was_that_others_answered_a_sentence_stands(page: HtmlElement) -> None:
    place = one(page, "//li[@id='comment-1']/ol/li[@id='comment-2']")

    assert text_in(one(place, "p")) == "This comment is no longer here."
    assert [item.get("id") for item in place.xpath("ol/li")] == ["comment-3"]


def test_nothing_that_was_taken_away_and_nothing_private_is_in_any_page(
    answered: BlogFolder,
) -> None:
    secrets = (b"Gone Guy", b"Never to be seen", b"eva@private", b"192.0.2.", b"privatebrowser")

    for name, content in answered.pages().items():
        assert not [secret for secret in secrets if secret in content], name


def test_an_edited_comment_says_so(page: HtmlElement) -> None:
    edited = one(page, "//time[@class='dt-updated']")

    assert edited.text == "edited"
    assert edited.get("datetime") == "2026-11-22T12:00:00+00:00"
    assert edited.xpath("ancestor::li/@id")[-1] == "comment-3"


# Microformats: what another blog reads


def test_replies_likes_and_reposts_are_citations_of_the_post_s(answered: BlogFolder) -> None:
    parsed = mf2py.parse(doc=answered.page("hello"), url=ROOT + answered.address("hello"))
    [post] = [item["properties"] for item in parsed["items"] if item["type"] == ["h-entry"]]

    likes = [like["properties"] for like in post["like"]]
    assert [like["author"][0]["properties"]["name"] for like in likes] == [["Léa"], ["<b>Noé"]]
    assert likes[0]["url"] == ["https://www.social.example/like-1"]
    assert post["repost"][0]["properties"]["url"] == ["https://www.social.example/repost"]
    [reply] = [one for one in post["comment"][0]["properties"]["comment"] if "Eva" in str(one)]
    assert reply["properties"]["url"] == ["https://www.social.example/reply-to-ada"]
    assert reply["properties"]["content"][0]["html"] == "<p>From <em>my</em> place.</p>"


# Feeds


def test_replies_stand_in_the_feed_and_reactions_do_not(answered: BlogFolder) -> None:
    feed = XML.fromstring((answered.output / "feeds/comments.atom.xml").read_bytes())

    titles = [str(entry.findtext(f"{ATOM}title")) for entry in feed.iter(f"{ATOM}entry")]
    assert len(titles) == 6
    assert sorted(title.partition(" on ")[0] for title in titles)[2:] == [
        "Cleo",
        "Eva",
        "Gaspard’s",
        "Ping: A page | Social",
    ]


# Where pings are sent (Pingback 1.0 §2.2, Webmention §3.1.2, TrackBack 1.2)


@pytest.mark.covers("PB-P05", "PB-P07")
def test_an_open_post_names_its_endpoints_exactly_once(answered: BlogFolder) -> None:
    text = answered.page("hello")

    assert PINGBACK.findall(text) == [f"{ROOT}/-/pingback"]
    assert text.count(f'<link rel="webmention" href="{ROOT}/-/webmention">') == 1
    assert "trackback:ping" not in text


def test_a_post_that_takes_no_pings_names_none_and_asks_for_none(answered: BlogFolder) -> None:
    for text in (answered.page("deaf"), (answered.output / "index.html").read_text("utf-8")):
        assert "pingback" not in text
        assert "webmention" not in text


@pytest.mark.covers("TB-D01")
def test_trackback_is_told_where_the_setting_is_on(copied: Callable[[], BlogFolder]) -> None:
    blog = copied()
    blog.configure('DISCUSSION["trackbacks"] = True')

    blog.build()

    [rdf] = re.findall(r"<rdf:RDF.*?</rdf:RDF>", blog.page("hello"), re.DOTALL)
    [description] = XML.fromstring(rdf)
    names = {name.rpartition("}")[2]: value for name, value in description.attrib.items()}
    assert names == {
        "about": ROOT + blog.address("hello"),
        "identifier": ROOT + blog.address("hello"),
        "title": "Hello – “&” <co>",
        "ping": f"{ROOT}/-/trackback/7",
    }
    assert "trackback:ping" not in blog.page("deaf")


def test_a_reader_can_send_the_address_of_a_page_without_a_script(page: HtmlElement) -> None:
    form = one(page, "//details[summary='You wrote about this?']/form")

    assert (form.get("method"), form.get("action")) == ("post", "/-/webmention")
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    target = f"{ROOT}/2026/11/20/hello/"
    assert fields == {"by": "hand", "target": target, "source": None}


# Closed and opened by hand


@pytest.mark.parametrize(
    ("switch", "form", "endpoints"),
    [
        ({"comments": False, "pings": None}, False, True),
        ({"comments": None, "pings": False}, True, False),
        ({"comments": False, "pings": False}, False, False),
    ],
)
def test_what_was_closed_by_hand_is_closed_in_the_page_and_in_the_list_of_posts(
    copied: Callable[[], BlogFolder], switch: dict[str, Any], form: bool, endpoints: bool
) -> None:
    blog = copied()
    throw(blog, "hello", **switch)

    blog.build()

    text = blog.page("hello")
    assert ('class="comment-form"' in text, bool(PINGBACK.search(text))) == (form, endpoints)
    post = json.loads(blog.settings.manifest_path.read_text("utf-8"))["posts"]
    [hello] = [one for one in post if one["id"] == "hello"]
    assert (hello["comments"], hello["pings"]) == (form, endpoints)


def test_what_was_opened_by_hand_is_open_whatever_its_date_and_its_head_say(
    copied: Callable[[], BlogFolder],
) -> None:
    blog = copied()
    blog.configure('DISCUSSION["close_after_days"] = 1')
    throw(blog, "hello", comments=True, pings=True)
    throw(blog, "deaf", comments=True, pings=True)

    blog.build(SOURCE_DATE_EPOCH=str(int(NOON.timestamp()) + 10**7))

    for slug in ("hello", "deaf"):
        assert 'class="comment-form"' in blog.page(slug)
        assert PINGBACK.search(blog.page(slug))


def throw(blog: BlogFolder, post: str, **switch: bool | None) -> None:
    """Close or open a post by hand, as the desk does."""
    engine = create_engine(blog.settings.store_url)
    with engine.begin() as connection:
        connection.execute(post_switches.insert().values(post=post, **switch, at=NOON, by="author"))
    engine.dispose()


# Drawings


def test_a_drawing_goes_with_each_name_and_asks_nobody(page: HtmlElement) -> None:
    drawings = page.xpath("//li[contains(@class, 'u-comment')]//header/*[local-name()='svg']")

    assert len(drawings) == 5
    assert all(len(html.tostring(drawing, with_tail=False)) <= 300 for drawing in drawings)


def test_the_same_name_has_the_same_drawing_on_this_blog_alone() -> None:
    ours, theirs = ["secret"], ["another"]

    assert identicon(ours, "Ada", "") == identicon(ours, " ada ", "")
    assert identicon(ours, "Ada", "") != identicon(theirs, "Ada", "")
    assert identicon(ours, "Ada", "") != identicon(ours, "Ada", "https://ada.example/")


@pytest.mark.parametrize("name", ["Ada", "", "عائشة", "x" * 100])
def test_a_drawing_is_a_mirrored_square_of_five(name: str) -> None:
    path = identicon(["secret"], name, "")
    squares = drawn(path)

    assert re.fullmatch(r"(M[0-4] [0-4]h[1-5](m[1-4] 0h[1-5])*)*", path)
    assert squares == {(4 - x, y) for x, y in squares}


def drawn(path: str) -> set[tuple[int, int]]:
    """The squares that a path fills."""
    squares, x, y = set(), 0, 0
    for sign, first, second in re.findall(r"([Mmh])(\d)(?: (\d))?", path):
        if sign == "M":
            x, y = int(first), int(second)
        elif sign == "m":
            x += int(first)
        else:
            squares |= {(x + step, y) for step in range(int(first))}
            x += int(first)
    return squares


def test_without_the_settings_there_are_neither_drawings_nor_reports(
    copied: Callable[[], BlogFolder],
) -> None:
    blog = copied()
    blog.configure('DISCUSSION.update(avatars="none", reports=False)')

    blog.build()

    assert "<svg" not in blog.page("hello")
    assert "/report" not in blog.page("hello")


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.social.example/@eva", "social.example"),
        ("https://a.example:8000/", "a.example"),
        ("http://[::1", ""),
        ("", ""),
    ],
)
def test_a_host_is_called_as_people_call_it(address: str, host: str) -> None:
    assert host_of(address) == host


# At the door


def test_what_is_gone_cannot_be_answered(answered: BlogFolder, clock: Clock) -> None:
    assert visit(answered, clock).opens("/-/comments/2/reply").status_code == 404
