"""Long discussions on several pages: which thread stands where, and that all links lead there."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as XML
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from actors import NOON, Author, BlogFolder, Clock, anchors, visit
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup

from pingback_server.deeds.import_file import import_file
from pingback_server.domain.addresses import OwnAddresses
from pingback_server.domain.discussion import Comment, Status
from pingback_server.domain.paging import pages_of
from pingback_server.domain.posts import Post
from pingback_server.domain.settings import DiscussionSettings
from pingback_server.domain.threads import Discussion, thread
from pingback_server.manifest import PublishedBlog

FIRST = datetime(2026, 11, 21, 8, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


def talk_of(parents: dict[int, int | None]) -> Discussion:
    """Comments that came in the order of their numbers, and what each answers."""
    at = FIRST
    said = [
        Comment(id, parent, "Ada", "", Markup("<p>Yes.</p>"), at + timedelta(minutes=id), False)
        for id, parent in parents.items()
    ]
    return thread(said, 5)


def tops(discussion: Discussion, **settings: Any) -> list[list[int | None]]:
    """The numbers of the threads on each page, as they stand there."""
    pages = pages_of(discussion, DiscussionSettings(**settings))
    return [[node.item.id for node in page.threads] for page in pages]


FIVE = talk_of({1: None, 2: 1, 3: None, 4: None, 5: 4, 6: None, 7: None})


def test_by_default_all_threads_stand_on_one_page() -> None:
    assert tops(FIVE) == [[1, 3, 4, 6, 7]]


def test_threads_are_counted_at_the_top_level_and_never_parted() -> None:
    assert tops(FIVE, comments_per_page=2) == [[1, 3], [4, 6], [7]]
    assert pages_of(FIVE, DiscussionSettings(comments_per_page=2))[1].anchors == (
        "comment-4",
        "comment-5",
        "comment-6",
    )


def test_the_newest_may_stand_on_top_of_a_page_and_the_pages_stay_the_same() -> None:
    assert tops(FIVE, comments_per_page=2, order="newest") == [[3, 1], [6, 4], [7]]


def test_the_numbers_go_on_over_the_pages_up_or_down() -> None:
    up = pages_of(FIVE, DiscussionSettings(comments_per_page=2))
    down = pages_of(FIVE, DiscussionSettings(comments_per_page=2, order="newest"))

    assert [page.start for page in up] == [1, 3, 5]
    assert [page.start for page in down] == [2, 4, 5]


def test_the_first_or_the_last_page_is_the_post_s_own() -> None:
    first = pages_of(FIVE, DiscussionSettings(comments_per_page=2))
    last = pages_of(FIVE, DiscussionSettings(comments_per_page=2, first_shown_page="last"))

    assert [page.is_own for page in first] == [True, False, False]
    assert [page.is_own for page in last] == [False, False, True]


def test_nothing_said_is_one_page_that_is_the_post_s_own() -> None:
    [page] = pages_of(Discussion(), DiscussionSettings(comments_per_page=2))

    assert (page.number, page.threads, page.is_own) == (1, (), True)


@given(
    st.integers(0, 30),
    st.integers(0, 7),
    st.sampled_from(["first", "last"]),
    st.sampled_from(["oldest", "newest"]),
)
def test_every_thread_stands_on_exactly_one_page_and_one_page_is_the_post_s_own(
    amount: int, at_most: int, shown: str, order: str
) -> None:
    settings = DiscussionSettings(comments_per_page=at_most, first_shown_page=shown, order=order)
    pages = pages_of(talk_of(dict.fromkeys(range(1, amount + 1))), settings)

    ids = [node.item.id for page in pages for node in page.threads]
    assert sorted(id or 0 for id in ids) == list(range(1, amount + 1))
    assert sum(page.is_own for page in pages) == 1
    assert all(len(page.threads) <= (at_most or amount) for page in pages)


@pytest.mark.parametrize(
    ("file", "path", "page"),
    [
        ("2026/11/20/a/index.html", "/2026/11/20/a/", "/2026/11/20/a/comment-page-2/"),
        ("en/a/index.html", "/en/a/", "/en/a/comment-page-2/"),
        ("p/12/index.html", "/?p=12", "/p/12/comment-page-2/"),
        ("posts/a.html", "/posts/a.html", "/posts/a/comment-page-2/"),
    ],
)
def test_a_page_stands_below_the_post_whatever_the_form_of_its_address(
    file: str, path: str, page: str
) -> None:
    pages = ((), ("comment-7",))
    post = Post("a", path, "A", "en", comments=True, file=file, pages=pages)

    assert post.address_of("comment-7") == f"{page}#comment-7"
    assert post.address_of("comment-1") == f"{path}#comment-1"


def test_the_address_of_a_page_is_one_of_the_post_s() -> None:
    post = Post("a", "/a/", "A", "en", comments=True, file="a/index.html")
    own = OwnAddresses("https://blog.example", [post])

    assert own.post_at("https://blog.example/a/comment-page-2/#comment-7") == "a"
    assert own.post_at("https://blog.example/b/comment-page-2/") is None


# A blog, built


def said(number: int, post: str = "hello", **changes: Any) -> dict[str, Any]:
    at = (FIRST + timedelta(minutes=number)).isoformat()
    plain = {"origin": f"{post}:{number}", "kind": "comment", "post": post, "at": at}
    return {**plain, "author": f"Reader {number}", "text": "Yes.", "status": "approved", **changes}


SAID = [
    *(said(1), said(2), said(3), said(4, parent="hello:3"), said(5)),
    *(said(6, "numbered"), said(7, "numbered"), said(8, "numbered")),
]


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlogFolder]:
    """Two threads a page: `hello` has four, and its third is answered."""
    with BlogFolder.init(tmp_path_factory.mktemp("paged") / "blog") as blog:
        blog.configure('DISCUSSION = {"close_after_days": 30_000, "comments_per_page": 2}')
        blog.write_post("hello", "Hello & <co>", "The first words.", Number="12")
        blog.write_post("numbered", "Numbered", "Words.", Number="13")
        for welcome in (blog.folder / "content").glob("*-welcome.md"):
            welcome.unlink()  # it has no number
        blog.build()
        import_file(json.dumps(SAID), store=blog.store, now=NOON)
        blog.build()
        yield blog


@pytest.fixture
def copied(paged: BlogFolder, tmp_path: Path) -> Iterator[Callable[[str], BlogFolder]]:
    """Makes a blog of the test's own with one more line in its pelicanconf.py, built."""
    made: list[BlogFolder] = []

    def copy(line: str = "") -> BlogFolder:
        shutil.copytree(paged.folder, tmp_path / "blog")
        blog = BlogFolder(tmp_path / "blog")
        made.append(blog)
        blog.configure(line)
        blog.build()
        return blog

    yield copy
    for blog in made:
        blog.__exit__()


def second(blog: BlogFolder) -> str:
    return (blog.output / "2026/11/20/hello/comment-page-2/index.html").read_text("utf-8")


def text_in(page: str, path: str) -> str:
    [element] = parsed(page).xpath(path)
    return " ".join(element.text_content().split())


def parsed(page: str) -> HtmlElement:
    return html.document_fromstring(page)


def test_the_pages_together_list_everything_once_under_the_same_number(paged: BlogFolder) -> None:
    first, further = paged.page("hello"), second(paged)

    assert (anchors(first), anchors(further)) == ([1, 2], [3, 4, 5])
    assert text_in(first, "//h2[@id='comments']") == "5 thoughts on “Hello & <co>”"
    assert text_in(further, "//h2[@id='comments']") == "5 thoughts on “Hello & <co>”"


def test_a_further_page_goes_on_with_the_numbers_and_does_not_repeat_the_post(
    paged: BlogFolder,
) -> None:
    page = parsed(second(paged))

    assert page.xpath("//ol[@class='thread']/@start") == ["3"]
    assert "The first words." not in page.text_content()
    assert page.xpath("//p[@class='crumbs']/a/@href") == ["/2026/11/20/hello/"]


def test_a_page_leads_to_the_ones_around_it(paged: BlogFolder) -> None:
    first, further = parsed(paged.page("hello")), parsed(second(paged))

    [onward] = first.xpath("//nav[@class='pagination']/a")
    assert (onward.get("rel"), onward.get("href")) == (
        "next",
        "/2026/11/20/hello/comment-page-2/#comments",
    )
    [back] = further.xpath("//nav[@class='pagination']/a")
    assert (back.get("rel"), back.get("href")) == ("prev", "/2026/11/20/hello/#comments")
    assert text_in(second(paged), "//nav[@class='pagination']/span") == "Page 2 of 2"


def test_a_further_page_is_to_be_found_under_its_own_address(paged: BlogFolder) -> None:
    page = parsed(second(paged))
    address = "http://localhost:8000/2026/11/20/hello/comment-page-2/"

    assert page.xpath("//link[@rel='canonical']/@href") == [address]
    assert not page.xpath("//meta[@name='robots'] | //script | //link[@hreflang]")
    assert f"<loc>{address}</loc>" in (paged.output / "sitemap.xml").read_text("utf-8")
    assert page.findtext(".//title") == "Hello & <co>, page 2 of the discussion | My blog"


def test_a_comment_is_written_on_any_page(paged: BlogFolder) -> None:
    first, further = parsed(paged.page("hello")), parsed(second(paged))

    tokens = [page.xpath("//form//input[@name='token']/@value") for page in (first, further)]
    assert tokens[0] == tokens[1] != []


def test_structured_data_has_what_stands_in_its_page_and_counts_all(paged: BlogFolder) -> None:
    [script] = parsed(paged.page("hello")).xpath("//script[@type='application/ld+json']")

    data = json.loads(script.text)
    assert (data["commentCount"], len(data["comment"])) == (5, 2)


def test_feeds_lead_to_the_right_page(paged: BlogFolder) -> None:
    feed = XML.fromstring((paged.output / "feeds/comments.atom.xml").read_bytes())
    links = [str(link.get("href")) for link in feed.iterfind(f"{ATOM}entry/{ATOM}link")]

    page = "http://localhost:8000/2026/11/20/hello/"
    assert [link for link in links if "hello" in link] == [
        f"{page}comment-page-2/#comment-5",
        f"{page}comment-page-2/#comment-4",
        f"{page}comment-page-2/#comment-3",
        f"{page}#comment-2",
        f"{page}#comment-1",
    ]


def test_receipts_and_reply_forms_lead_to_the_right_page(
    copied: Callable[[str], BlogFolder], clock: Clock
) -> None:
    blog = copied("")
    reader = visit(blog, clock)
    number = max(entry.id for entry in blog.store.entries()) + 1
    receipt = reader.comments().headers["Location"]
    blog.store.decide([number], Status.APPROVED, now=clock(), by="author")
    blog.build()

    shown = reader.opens(receipt).get_data(as_text=True)
    quoting = reader.opens("/-/comments/5/reply").get_data(as_text=True)

    assert f'href="/2026/11/20/hello/comment-page-3/#comment-{number}"' in shown
    assert 'href="/2026/11/20/hello/comment-page-2/#comment-5"' in quoting


def test_what_is_approved_once_more_is_told_with_the_page_on_which_it_stands(
    copied: Callable[[str], BlogFolder],
) -> None:
    blog = copied("")
    blog.store.decide([5], Status.PENDING, now=NOON, by="ada")

    told = Author(blog).runs("approve", "5").out.splitlines()

    assert "  http://localhost:8000/2026/11/20/hello/comment-page-2/#comment-5" in told


def test_a_reply_on_another_page_than_its_parent_leads_there(
    copied: Callable[[str], BlogFolder],
) -> None:
    blog = copied("DISCUSSION.update(thread_depth=1, comments_per_page=3)")

    [link] = parsed(second(blog)).xpath("//a[@class='u-in-reply-to']")

    assert link.get("href") == "/2026/11/20/hello/#comment-3"
    assert link.text_content() == "in reply to Reader 3"


def test_the_last_page_may_be_the_post_s_own(copied: Callable[[str], BlogFolder]) -> None:
    blog = copied('DISCUSSION.update(first_shown_page="last", order="newest")')

    first = (blog.output / "2026/11/20/hello/comment-page-1/index.html").read_text("utf-8")
    assert anchors(blog.page("hello")) == [5, 3, 4]
    assert anchors(first) == [2, 1]
    [list_] = parsed(blog.page("hello")).xpath("//ol[@class='thread']")
    assert (list_.get("start"), list_.get("reversed")) == ("4", "")
    assert not (blog.output / "2026/11/20/hello/comment-page-2").exists()


def test_a_page_that_empties_is_gone_and_its_address_leads_to_the_post(
    copied: Callable[[str], BlogFolder], clock: Clock
) -> None:
    blog = copied("")
    blog.store.decide([3, 4, 5], Status.TRASH, now=clock(), by="author")

    built = blog.build()

    assert built.removed == ("2026/11/20/hello/comment-page-2/index.html",)
    answer = visit(blog, clock).opens("/2026/11/20/hello/comment-page-2/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/2026/11/20/hello/#comments")
    assert visit(blog, clock).opens("/2026/11/20/none/comment-page-2/").status_code == 404


def test_what_is_gone_is_told_by_the_list_of_posts_too(
    copied: Callable[[str], BlogFolder], clock: Clock
) -> None:
    blog = copied("")
    posts = PublishedBlog(blog.settings.manifest_path)

    assert posts().posts["hello"].pages == ((), ("comment-3", "comment-4", "comment-5"))
    blog.store.decide([3, 4, 5], Status.TRASH, now=clock(), by="author")
    blog.build()
    assert posts().posts["hello"].pages == ()


def test_posts_known_by_their_numbers_have_pages_below_those(
    copied: Callable[[str], BlogFolder], clock: Clock
) -> None:
    blog = copied('PERMALINKS = "/?p=N"')

    answer = visit(blog, clock).opens("/p/12/comment-page-2/")

    assert answer.status_code == 200
    assert anchors(answer.get_data(as_text=True)) == [3, 4, 5]
    assert 'href="/p/12/comment-page-2/#comments"' in (
        visit(blog, clock).opens("/?p=12").get_data(as_text=True)
    )


def test_the_bytes_are_those_of_a_fresh_build(
    copied: Callable[[str], BlogFolder], clock: Clock, tmp_path: Path
) -> None:
    epoch = str(int(NOON.timestamp()))
    blog = copied("")
    blog.store.decide([2, 6], Status.SPAM, now=clock(), by="author")
    blog.settings.manifest_path.unlink()
    blog.build(SOURCE_DATE_EPOCH=epoch)
    after = blog.pages()

    shutil.rmtree(blog.output)
    blog.build(SOURCE_DATE_EPOCH=epoch)

    assert blog.pages() == after
    assert re.search("comment-page-2", "".join(after))
