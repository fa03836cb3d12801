"""The demo blog is worth reading and shows all that a blog can hold; it is really built here."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from actors import BlogFolder, Clock, Reader, run_permalien, visit
from lxml import html
from lxml.html import HtmlElement
from PIL import Image

from pingback_server.domain.discussion import PINGS, Kind, Status
from pingback_server.domain.posts import Manifest, Post
from pingback_server.domain.threads import thread
from pingback_server.manifest import PublishedBlog

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NBSP = "\u00a0"
LONG = "fermer-les-commentaires"
EXAMPLE = "le-libraire-repond"
# Names that nobody can own (RFC 2606), so that no real page is spoken for.
NOBODYS = re.compile(r"(^|[.@])example(\.(com|net|org))?$")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlogFolder]:
    """The demo as `make run` sets it up, seeded and built at noon of 22 November 2026."""
    folder = tmp_path_factory.mktemp("demo") / "blog"
    shutil.copytree(CONTENT, folder / "content")
    shutil.copy(ROOT / "pelicanconf.py", folder)
    with BlogFolder(folder) as demo:
        seed(demo)
        demo.build(SOURCE_DATE_EPOCH=str(int(NOON.timestamp())))
        yield demo


def seed(demo: BlogFolder) -> str:
    file = str(demo.folder / "content" / "conversation.json")
    return run_permalien("import", file, check=True, cwd=demo.folder, env=demo.environment).out


@pytest.fixture(scope="module")
def published(demo: BlogFolder) -> Manifest:
    return PublishedBlog(demo.settings.manifest_path)()


@pytest.fixture(scope="module")
def posts(published: Manifest) -> list[Post]:
    return [post for post in published.posts.values() if post.kind == "post"]


@pytest.fixture(scope="module")
def walker(demo: BlogFolder) -> Reader:
    """A reader at noon who may follow every link."""
    clock = Clock()
    clock.now = NOON
    return visit(demo, clock)


@pytest.fixture(scope="module")
def pages(demo: BlogFolder) -> dict[str, HtmlElement]:
    """Every published page, by its address below the blog."""
    found = {}
    for file in demo.output.rglob("*.html"):
        address = "/" + str(file.relative_to(demo.output)).removesuffix("index.html")
        found[address] = html.document_fromstring(file.read_text("utf-8"))
    return found


@cache
def said() -> tuple[dict[str, Any], ...]:
    """What the committed file says was said."""
    return tuple(json.loads((CONTENT / "conversation.json").read_text("utf-8")))


def sources() -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in sorted(CONTENT.rglob("*.md"))}


def words(element: HtmlElement) -> str:
    return re.sub(r"[ \t\r\n]+", " ", element.text_content()).strip(" ")


def prose(element: HtmlElement) -> str:
    """The text of an element without code; each block of it on a line of its own."""
    copy = html.fromstring(html.tostring(element, encoding="unicode"))
    for code in copy.xpath(".//pre | .//code"):
        code.text, code[:] = "", []
    for block in copy.xpath(".//p | .//li | .//td | .//th | .//h2 | .//dt | .//dd | .//br"):
        block.tail = "\n" + (block.tail or "")
    return str(copy.text_content())


def page_of(demo: BlogFolder, post: str) -> HtmlElement:
    return html.document_fromstring(demo.page(post))


# What there is to read


def test_there_are_at_least_twelve_posts_and_many_in_each_language(posts: list[Post]) -> None:
    languages = Counter(post.language for post in posts)

    assert len(posts) >= 12
    assert set(languages) == {"fr", "en"}
    assert min(languages.values()) >= 9


def test_every_post_has_a_name_and_a_number_of_its_own(posts: list[Post]) -> None:
    heads = [re.search(r"(?mi)^id: (.+)$", text) for text in sources().values()]

    ids = [found[1] for found in heads if found is not None]
    assert [name for name, often in Counter(ids).items() if often > 1] == []
    assert {post.id for post in posts} <= set(ids)
    numbers = [post.number for post in posts]
    assert None not in numbers
    assert len(set(numbers)) == len(numbers)


def test_the_posts_are_spread_over_two_years(demo: BlogFolder, posts: list[Post]) -> None:
    months = {
        str(
            page_of(demo, post.id).xpath(
                "//article//time[contains(@class,'dt-published')]/@datetime"
            )[0]
        )[:7]
        for post in posts
    }

    assert len(months) >= 15
    assert (min(months), max(months)) == ("2025-01", "2026-11")


def test_the_posts_are_long_enough_to_say_something_and_short_enough_to_be_read(
    demo: BlogFolder, posts: list[Post]
) -> None:
    lengths = {}
    for post in posts:
        [text] = page_of(demo, post.id).xpath("//article/div[@class='e-content']")
        lengths[post.id] = len(words(text).split())

    assert {post: length for post, length in lengths.items() if not 200 <= length <= 950} == {}
    assert len([length for length in lengths.values() if length >= 350]) >= 12


@pytest.mark.parametrize("slug", ["rss", "silence", "voyage"])
def test_a_translated_post_and_its_translation_lead_to_each_other(
    demo: BlogFolder, slug: str
) -> None:
    for here, there in (("fr", "en"), ("en", "fr")):
        [link] = page_of(demo, f"{slug}-{here}").xpath(f"//main//a[@hreflang='{there}']")
        assert urlsplit(link.get("href")).path == demo.address(f"{slug}-{there}")


def test_the_draft_and_the_scheduled_post_are_public_nowhere(
    demo: BlogFolder, published: Manifest
) -> None:
    assert published.scheduled == {"two-summers": datetime(2027, 6, 1, 7, tzinfo=UTC)}
    assert "Status: draft" in sources()["brouillon-ce-que-je-ne-sais-pas.md"]
    for name, page in demo.pages().items():
        assert b"two-summers" not in page, name
        assert b"Two summers" not in page, name
        assert b"ce-que-je-ne-sais-pas" not in page, name
        assert f"sais{NBSP}pas encore".encode() not in page, name
        assert b"Ce que je ne sais pas encore" not in page, name


def test_there_are_categories_tags_and_two_who_write(pages: dict[str, HtmlElement]) -> None:
    kinds = Counter(address.split("/")[1] for address in pages)

    assert kinds["category"] >= 5
    assert kinds["tag"] >= 10
    assert {"/author/camille/", "/author/tom-ashby/"} <= set(pages)
    assert "/category/non-classe/" in pages


def test_nothing_in_it_is_filler(demo: BlogFolder) -> None:
    texts = {**sources(), "conversation.json": (CONTENT / "conversation.json").read_text("utf-8")}

    for name, text in texts.items():
        assert re.search(r"lorem|ipsum|dolor sit|TODO|FIXME|foo\b|blah", text, re.I) is None, name
        assert re.search("[\U0001f000-\U0001faff\u2600-\u27bf]", text) is None, name


# The page that the product was conceived from


def test_the_closed_french_post_shows_its_conversation_to_the_letter(demo: BlogFolder) -> None:
    page = page_of(demo, EXAMPLE)
    [part] = page.xpath("//section[contains(@class,'discussion')]")

    title = f"«{NBSP}Le libraire qui répond{NBSP}»"
    assert words(part.xpath(".//h2")[0]) == f"2 réflexions au sujet de {title}"
    assert len(part.xpath("./ol/li")) == 2
    comment, ping = part.xpath("./ol/li")
    assert words(comment).startswith(f"Hélène P. a dit{NBSP}:")
    assert f"Ping{NBSP}: L’horloger, un autre exemple | Permalien" in words(ping)
    [link] = ping.xpath(".//a[.='L’horloger, un autre exemple | Permalien']")
    assert urlsplit(link.get("href")).path == demo.address("horloger")
    assert words(part.xpath(".//p[@class='closed']")[0]) == "Les commentaires sont fermés."
    assert page.xpath("//form") == []


def test_the_same_page_says_where_it_stands_and_who_wrote_it(demo: BlogFolder) -> None:
    page = page_of(demo, EXAMPLE)

    assert page.findtext(".//title") == "Le libraire qui répond | Permalien"
    assert (
        "Ce contenu a été publié dans Non classé par Camille. "
        "Mettez-le en favori avec son permalien." in words(page)
    )


def test_a_post_that_was_closed_from_the_start_says_one_sentence(demo: BlogFolder) -> None:
    for post, sentence in (
        ("silence-fr", "Les commentaires sont fermés."),
        ("silence-en", "Comments are closed."),
    ):
        [part] = page_of(demo, post).xpath(
            "//section[contains(@class,'discussion')] | //p[@class='closed']"
        )
        assert words(part) == sentence


# The conversation


def test_at_least_three_discussions_never_close(posts: list[Post]) -> None:
    open_for_ever = [post for post in posts if post.comments and post.closes_at is None]

    assert len(open_for_ever) >= 3
    assert LONG in {post.id for post in open_for_ever}


def test_the_long_discussion_has_five_levels_and_pings_of_each_kind(demo: BlogFolder) -> None:
    items = demo.store.published()[LONG]
    nodes = list(thread(items, 5))

    assert len(nodes) >= 25
    assert max(node.depth for node in nodes) == 5
    assert {node.item.kind for node in nodes if node.item.is_ping} == PINGS
    replies = [node for node in nodes if not node.item.is_ping and node.item.is_by_author]
    assert len(replies) >= 5
    assert all(node.depth > 1 for node in replies)


def test_other_sites_answer_like_and_pass_on_the_long_discussion(demo: BlogFolder) -> None:
    page = page_of(demo, LONG)

    [like] = page.xpath("//p[contains(@class,'reactions')]/span[contains(@class,'u-like')]")
    [repost] = page.xpath("//p[contains(@class,'reactions')]/span[contains(@class,'u-repost')]")
    assert (words(like), words(repost)) == ("Ruth Okafor", "Onze lecteurs")
    [via] = page.xpath("//header[span/a[.='small-hours.example.net']]")
    [text] = via.xpath("../div[contains(@class,'e-content')]")
    assert text.get("lang") == "en"
    assert words(text).startswith("I answer from my own page")


def test_the_long_page_lists_what_its_heading_counts(demo: BlogFolder) -> None:
    page = page_of(demo, LONG)

    listed = page.xpath("//section[contains(@class,'discussion')]//li[contains(@class,'h-cite')]")
    assert words(page.xpath("//h2[contains(., 'réflexions')]")[0]).startswith(f"{len(listed)} ")


def test_the_queue_holds_something_of_everything(demo: BlogFolder) -> None:
    entries = demo.store.entries()

    assert {entry.status for entry in entries} == {Status.PENDING, Status.APPROVED, Status.SPAM}
    assert len([entry for entry in entries if entry.status is Status.PENDING]) >= 4
    assert [entry.post for entry in entries if entry.kind is Kind.MESSAGE] == ["contact"]


def test_seeding_twice_is_seeding_once(demo: BlogFolder) -> None:
    before = demo.store.entries()

    seed(demo)

    assert demo.store.entries() == before


def test_every_item_of_the_seed_fits_what_stands_before_it(published: Manifest) -> None:
    seen: dict[str, dict[str, Any]] = {}
    for item in said():
        assert item["origin"] not in seen
        assert item["post"] in published.posts, item
        if item["parent"] is not None:
            parent = seen[item["parent"]]
            assert (parent["post"], parent["kind"]) == (item["post"], "comment")
            assert parent["at"] < item["at"]
        seen[item["origin"]] = item


def test_nobody_spoke_before_a_post_was_there_or_after_it_closed(
    demo: BlogFolder, published: Manifest
) -> None:
    for item in said():
        post = published.posts[item["post"]]
        at = datetime.fromisoformat(item["at"])
        assert at.tzinfo is not None
        assert at < NOON
        assert post.closes_at is None or at < post.closes_at, item
        if post.kind == "post":
            assert at > _date_of(demo, post), item


def test_no_real_person_or_site_is_spoken_for() -> None:
    names = [item["email"].rpartition("@")[2] for item in said() if item["email"]]
    names += [urlsplit(item["url"]).hostname or "" for item in said() if item["url"]]
    names += [host for item in said() for host in re.findall(r"https?://([^/\s)]+)", item["text"])]

    assert len(names) > 50
    assert [name for name in names if not NOBODYS.search(name)] == []


def test_pings_have_a_title_and_a_source_and_comments_have_neither() -> None:
    for item in said():
        is_ping = Kind(item["kind"]) in PINGS
        assert bool(item["title"]) == is_ping, item
        assert not is_ping or item["url"].startswith("http"), item


# What Markdown can do


@pytest.mark.parametrize(
    "sign",
    [
        *("table", "figure/figcaption", "figure//img", "dl/dt", "dl/dd", "blockquote", "details"),
        *("details/summary", "abbr[@title]", "kbd", "mark", "del", "cite", "sup", "ol", "ul"),
        "a[contains(@class,'footnote-ref')]",
        "div[contains(@class,'footnote')]",
        "li//input[@type='checkbox'][@checked]",
        "li//input[@type='checkbox'][not(@checked)]",
        "div[contains(@class,'toc')] | //nav[contains(@class,'toc')]",
        "*[contains(@class,'admonition')][contains(@class,'note')]",
        "*[contains(@class,'admonition')][contains(@class,'warning')]",
        "*[contains(@class,'admonition')][contains(@class,'tip')]",
        "div[contains(@class,'highlight')]//pre",
    ],
)
def test_between_them_the_posts_use(pages: dict[str, HtmlElement], sign: str) -> None:
    path = f"//div[@class='e-content']//{sign}"

    assert [address for address, page in pages.items() if page.xpath(path)] != []


@pytest.mark.parametrize(
    "mark", ["!!!", "???", "- [", "[TOC]", "`", "**", "{static}", "{filename}"]
)
def test_no_mark_of_markdown_is_left_over(pages: dict[str, HtmlElement], mark: str) -> None:
    for address, page in pages.items():
        for text in page.xpath("//div[@class='e-content']"):
            assert mark not in prose(text), address


def test_every_column_says_what_it_holds(pages: dict[str, HtmlElement]) -> None:
    heads = [head for page in pages.values() for head in page.xpath("//th")]

    assert len(heads) >= 12
    assert [head for head in heads if not words(head)] == []


def test_code_stands_there_in_several_languages() -> None:
    languages = {name for text in sources().values() for name in re.findall(r"(?m)^```(\w+)", text)}

    assert {"python", "html", "xml", "sql", "sh", "http", "yaml", "console"} <= languages


def test_nothing_stands_in_a_page_that_its_security_policy_refuses(
    pages: dict[str, HtmlElement],
) -> None:
    refused = "//@style | //style | //script[@type!='application/ld+json' or not(@type)]"

    assert [address for address, page in pages.items() if page.xpath(refused)] == []
    [table] = pages["/en/2025/10/08/half-of-them-are-gone/"].xpath("//article//table")
    shares = [words(cell) for cell in table.xpath(".//td[@class='right']")]
    assert shares == ["50%", "over 70%", "38%", "54%"]


@pytest.mark.parametrize(
    "line",
    ["Aliases", "Modified", "Comments: closed", "Pings: closed", "Closes: never", "Closes: 20"],
)
def test_some_post_says(line: str) -> None:
    assert [name for name, text in sources().items() if re.search(f"(?m)^{line}", text)] != []


# Pictures


def test_every_picture_says_in_words_what_it_shows(pages: dict[str, HtmlElement]) -> None:
    pictures = [image for page in pages.values() for image in page.xpath("//main//img")]

    assert len(pictures) >= 4
    for image in pictures:
        assert len(image.get("alt", "").split()) >= 6, image.get("src")
        assert not re.search(r"\.(jpe?g|png|svg|webp)", image.get("alt")), image.get("src")


def test_the_photograph_was_taken_on_null_island_and_its_readers_are_not_told(
    demo: BlogFolder,
) -> None:
    with Image.open(CONTENT / "images" / "vallee.jpg") as picture:
        place = picture.getexif().get_ifd(0x8825)
    published = [file for file in demo.output.rglob("*") if file.name.startswith("vallee")]

    assert (place[2], place[4]) == ((0, 0, 0), (0, 0, 0))
    assert len(published) >= 1
    for file in published:
        with Image.open(file) as picture:
            assert dict(picture.getexif()) == {}, file.name
        assert b"ne pas publier" not in file.read_bytes()


# Addresses


def test_every_link_into_the_blog_answers(
    walker: Reader, pages: dict[str, HtmlElement], published: Manifest
) -> None:
    followed: dict[str, list[str]] = {}
    for here, page in pages.items():
        # The endpoint of pingbacks is called by programs, and opened by nobody.
        for link in page.xpath("//@href[not(../@rel='pingback')] | //@src"):
            whole = urljoin(published.blog.url + here, str(link))
            if whole.startswith(published.blog.url + "/"):
                address, anchor = urldefrag(whole.removeprefix(published.blog.url))
                followed.setdefault(address, []).append(anchor)

    assert len(followed) > 80
    for address, anchors in followed.items():
        answer = walker.opens(address)
        assert answer.status_code == 200, address
        if any(anchors):
            ids = html.document_fromstring(answer.get_data(as_text=True)).xpath("//@id")
            assert {anchor for anchor in anchors if anchor} <= set(ids), address


def test_no_post_links_to_one_that_was_not_written_yet(demo: BlogFolder, posts: list[Post]) -> None:
    dates = {post.path: _date_of(demo, post) for post in posts}

    links = 0
    for post in posts:
        for link in page_of(demo, post.id).xpath("//article/div[@class='e-content']//a/@href"):
            to = urlsplit(link).path
            if to in dates and to != post.path:
                links += 1
                assert dates[to] < dates[post.path], (post.id, to)
    assert links >= 15


def _date_of(demo: BlogFolder, post: Post) -> datetime:
    [text] = page_of(demo, post.id).xpath("(//article//time)[1]/@datetime")
    return datetime.fromisoformat(text)


def test_one_post_begins_with_yaml_and_is_like_the_others(demo: BlogFolder) -> None:
    begins = [name for name, text in sources().items() if text.startswith("---\n")]

    assert begins == ["three-dashes.md"]
    assert page_of(demo, "three-dashes").findtext(".//h1") == "Three dashes"
    assert demo.address("three-dashes") == "/en/2026/10/21/three-dashes/"


def test_every_former_address_leads_to_the_post(
    demo: BlogFolder, walker: Reader, posts: list[Post]
) -> None:
    former = {alias: post.path for post in posts for alias in post.aliases}

    assert len(former) >= 3
    for alias, path in former.items():
        answer = walker.opens(alias)
        assert answer.status_code == 301, alias
        assert urlsplit(answer.headers["Location"]).path == path


@pytest.mark.parametrize(
    ("address", "words_in_it"), [("/contact/", "message"), ("/en/contact/", "message")]
)
def test_one_can_write_to_the_author(
    pages: dict[str, HtmlElement], address: str, words_in_it: str
) -> None:
    [form] = pages[address].xpath("//form")

    assert form.get("action").endswith("/-/messages")
    assert words_in_it in words(form)


def test_the_legal_notice_stands_in_every_footer(pages: dict[str, HtmlElement]) -> None:
    assert "/mentions-legales/" in pages
    for address, page in pages.items():
        if page.xpath("//footer"):
            assert page.xpath("//footer//a[@href='/mentions-legales/']"), address


def test_about_is_there_in_both_languages(pages: dict[str, HtmlElement]) -> None:
    assert {"/a-propos/", "/en/a-propos/"} <= set(pages)


def test_the_menu_leads_to_the_pages_in_the_language_of_the_reader(
    pages: dict[str, HtmlElement],
) -> None:
    def menu(path: str) -> list[tuple[str, str]]:
        links = pages[path].xpath("//header//nav//a")
        return [(link.text_content(), link.get("href")) for link in links][:2]

    assert menu("/") == [("À propos", "/a-propos/"), ("Contact", "/contact/")]
    english = [("About", "/en/a-propos/"), ("Contact", "/en/contact/")]
    assert menu("/en/a-propos/") == english


# The French way with spaces

ORDINARY_SPACE = re.compile(r"[ \n][;:!?»]|«[ \n]|\w[;!?»]|«\w|\d %|\u00a0\u00a0")


def test_no_ordinary_space_stands_where_french_wants_one_that_does_not_break(
    pages: dict[str, HtmlElement],
) -> None:
    french = [page for page in pages.values() if page.get("lang") == "fr"]
    texts = [text for page in french for text in page.xpath("//article/div[@class='e-content']")]
    texts += [title for page in french for title in page.xpath("//h1 | //title")]

    assert len(texts) > 20
    offenders = {found for text in texts for found in _offenders(prose(text))}
    assert offenders == set()


def test_the_french_of_the_seed_keeps_the_same_rule() -> None:
    french = [
        item["text"] for item in said() if not re.search(r"\b(the|you|and|is)\b", item["text"])
    ]
    titles = [item["title"] for item in said()]

    assert len(french) > 25
    assert {found for text in french + titles for found in _offenders(_without_code(text))} == set()


def test_apostrophes_are_printed_ones() -> None:
    for name, text in sources().items():
        body = re.sub(r"(?s)```.*?```|`[^`]*`|<[^>]*>", "", text)
        assert re.findall(r".{10}\w'\w.{5}", body) == [], name


def _without_code(text: str) -> str:
    return re.sub(r"`[^`]*`|https?://\S+", "", text)


def _offenders(text: str) -> list[str]:
    """The places where the rule is broken, with some words around them."""
    found = ORDINARY_SPACE.finditer(re.sub(r"https?://\S+", "", text))
    return [text[max(place.start() - 15, 0) : place.end() + 5] for place in found]
