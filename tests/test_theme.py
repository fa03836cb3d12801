"""What the pages show: the design's wording to the letter, safe text, kept text, sound HTML."""

from __future__ import annotations

import gzip
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment, FileSystemLoader
from lxml import html
from lxml.html import HtmlElement

from pingback_server import languages
from pingback_server.domain import form as limits
from pingback_server.domain.discussion import Comment, Kind, Ping
from pingback_server.domain.markup import safe_html, stored
from pingback_server.domain.paging import CommentPage
from pingback_server.domain.posts import Blog, Link, Post
from pingback_server.domain.threads import thread
from pingback_server.pelican_settings import JINJA_ENVIRONMENT

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "theme" / "templates"
STYLE = ROOT / "theme" / "static" / "css" / "style.css"
NBSP = "\u00a0"
PARIS = ZoneInfo("Europe/Paris")
# As clocks tell it: HTML's `datetime` has no room for millionths of a second.
NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)

SITE = Blog(
    name="Le carnet",
    url="https://example.org/notes",
    path="/notes",
    author="Claire",
    language="fr",
    timezone="Europe/Paris",
    theme=(str(TEMPLATES),),
    output="output",
    menu=(Link("À propos", "/a-propos/"), Link("Ailleurs", "https://example.net/")),
)
POST = Post(
    id="post", path="/2026/11/22/post/", title="Titre & <suite>", language="fr", comments=True
)


@dataclass(frozen=True)
class Form:
    """The form of an open post."""

    action: str = "/-/comments"
    token: str = "signed-token"
    length: int = 5000
    required: frozenset[str] = frozenset({"author"})
    remember: bool = False
    confirm: str = ""
    forget: str = ""
    keep_days: int = 365
    asks_gravatar: bool = False


class Talk:
    """What `comments_on(article)` answers, without a build around it."""

    def __init__(
        self, *items: Comment | Ping, is_open: bool = True, pings_apart: bool = False
    ) -> None:
        self.discussion = thread(items, 5, pings_apart=pings_apart)
        self.page = CommentPage(1, self.discussion.threads, is_own=True)
        self.pages = (self.page,)
        self.takes_pings = self.takes_reports = False
        self.post = POST
        self.form = Form() if is_open else None
        self.is_open = is_open
        self.is_silent = not is_open and not items
        self.feed = "/2026/11/22/post/comments.atom.xml"

    def name_of(self, id: int) -> str:
        names = {node.item.id: node.item.author for node in self.discussion if is_said(node.item)}
        return names.get(id, "")

    def face_of(self, comment: Comment) -> str:
        return ""

    def picture_of(self, comment: Comment) -> str:
        return ""

    def is_here(self, anchor: str) -> bool:
        return True

    def reply_path(self, comment: Comment) -> str:
        return f"/-/comments/{comment.id}/reply"


def is_said(item: Comment | Ping) -> TypeGuard[Comment]:
    return not item.is_ping


def comment(number: int, **changes: Any) -> Comment:
    """An approved comment as everybody may see it."""
    plain = Comment(
        id=number,
        parent=None,
        author=f"Lecteur {number}",
        url="",
        html=stored(safe_html("Bien *dit*.")),
        at=NOON + timedelta(hours=number),
        is_by_author=False,
    )
    return replace(plain, **changes)


class Painter:
    """Renders a template as both programs do."""

    def __init__(self) -> None:
        self.environment = Environment(loader=FileSystemLoader(TEMPLATES), **JINJA_ENVIRONMENT)

    def text(self, template: str, **values: Any) -> str:
        names = {"site": SITE, "words": lambda lang: languages.words(lang, PARIS)}
        return self.environment.get_template(template).render({**names, **values})

    def page(self, template: str, **values: Any) -> HtmlElement:
        return html.document_fromstring(self.text(template, **values))

    def article(self, talk: Talk, **changes: Any) -> HtmlElement:
        """A post's page, without Pelican around it."""
        article = {
            "title": POST.title,
            "lang": "fr",
            "url": "2026/11/22/post/",
            "date": NOON,
            "category": Named("Non classé", "category/non-classe/"),
            "authors": [Named("Claire", "author/claire/")],
            "content": "<p>Le texte.</p>",
            "summary": "<p>Le texte.</p>",
            "translations": [],
            "status": "published",
            "previous_post": None,
            "next_post": None,
        }
        return self.page(
            "article.html",
            article=SimpleNamespace(**{**article, **changes}),
            comments_on=lambda _: talk,
            facts_of=lambda _: SimpleNamespace(description="Le texte.", image=""),
            structured_data=lambda _: {},
        )

    def receipt(self, status: str, **changes: Any) -> str:
        said = comment(7)
        values = {
            "post": POST,
            "comment": SimpleNamespace(
                author=said.author, html=said.html, at=said.at, status=status
            ),
            "address": f"{POST.path}#comment-7",
            "grace": False,
            "withdrawn": False,
            "change": "",
        }
        return self.text("service/receipt.html", **{**values, **changes})

    def form(self, kind: str, **changes: Any) -> HtmlElement:
        values = {
            "kind": kind,
            "post": POST,
            "parent": None,
            "form": Form(),
            "values": {},
            "problems": {},
        }
        return self.page("service/form.html", **{**values, **changes})


@dataclass(frozen=True)
class Named:
    """A category, a tag or an author, as Pelican has them."""

    name: str
    url: str

    def __str__(self) -> str:
        return self.name


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter()


def words_of(element: HtmlElement) -> str:
    """The text with white space folded, no-break spaces kept."""
    return re.sub(r"[ \n\t]+", " ", element.text_content()).strip()


TABLES = """
| Signe | Avant  |
|-------|-------:|
| `:`   | espace |

- [x] écrit

- [ ] relu

<table><tr><td><table><tr><td>Dedans</td></tr></table></td></tr></table>
"""


def one(page: HtmlElement, path: str) -> HtmlElement:
    (found,) = page.xpath(path)
    return found


# The conversation


@pytest.mark.parametrize(
    ("said", "lang", "title"),
    [
        (0, "fr", f"Pas encore de réflexion au sujet de «{NBSP}T{NBSP}»"),
        (1, "fr", f"Une réflexion au sujet de «{NBSP}T{NBSP}»"),
        (2, "fr", f"2 réflexions au sujet de «{NBSP}T{NBSP}»"),
        (0, "en", "No thoughts yet on “T”"),
        (1, "en", "One thought on “T”"),
        (2, "en", "2 thoughts on “T”"),
    ],
)
def test_the_heading_counts_what_was_said(
    painter: Painter, said: int, lang: str, title: str
) -> None:
    talk = Talk(*(comment(number) for number in range(1, said + 1)))

    page = painter.article(talk, title="T", lang=lang)

    assert words_of(one(page, "//h2[@id='comments']")) == title


def test_a_closed_post_keeps_what_was_said_and_takes_no_more(painter: Painter) -> None:
    page = painter.article(Talk(comment(1), comment(2, parent=1), is_open=False))

    assert words_of(one(page, "//p[@class='closed']")) == "Les commentaires sont fermés."
    assert len(page.xpath("//li[starts-with(@id, 'comment-')]")) == 2
    assert page.xpath("//form | //a[contains(@href, '/reply')]") == []


def test_closed_with_nothing_said_is_the_sentence_alone(painter: Painter) -> None:
    page = painter.article(Talk(is_open=False))

    assert words_of(one(page, "//p[@id='comments']")) == "Les commentaires sont fermés."
    assert page.xpath("//form | //h2") == []


def test_a_comment_stands_under_its_number_with_its_replies_inside(painter: Painter) -> None:
    page = painter.article(Talk(comment(12), comment(15, parent=12)))

    reply = one(page, "//li[@id='comment-12']/ol/li[@id='comment-15']")
    assert words_of(one(reply, ".//*[contains(@class, 'p-name')]")) == "Lecteur 15"
    assert one(reply, ".//time").get("datetime") == "2026-11-23T03:00:00+00:00"
    assert words_of(one(reply, ".//time")) == "23 novembre 2026 à 04:00"


def test_a_reply_below_the_deepest_level_names_whom_it_answers(painter: Painter) -> None:
    chain = [comment(1), *(comment(n, parent=n - 1) for n in range(2, 7))]

    page = painter.article(Talk(*chain))

    link = one(page, "//li[@id='comment-6']//a[@class='u-in-reply-to']")
    assert (link.get("href"), words_of(link)) == ("#comment-5", "en réponse à Lecteur 5")


def test_a_reply_that_a_phone_no_longer_indents_names_whom_it_answers(painter: Painter) -> None:
    chain = [comment(1), *(comment(n, parent=n - 1) for n in range(2, 5))]

    page = painter.article(Talk(*chain))

    assert page.xpath("//a[@class='u-in-reply-to']/@href") == ["#comment-3"]
    assert one(page, "//li[@id='comment-3']/ol").get("class") == "replies deep"


def test_the_author_s_own_comment_says_so_in_words(painter: Painter) -> None:
    page = painter.article(Talk(comment(1), comment(2, author="Claire", is_by_author=True)))

    assert words_of(one(page, "//*[@class='badge']")) == "auteur"
    assert page.xpath("//li[@id='comment-2']//*[@class='badge']")


def ping(number: int, title: str = "Zappos.com, un autre exemple… | Net-Marketing.fr") -> Ping:
    return Ping(
        id=number,
        kind=Kind.PINGBACK,
        title=title,
        source="https://net-marketing.example/zappos?a=1&b=2",
        at=NOON + timedelta(hours=number),
    )


def test_a_ping_is_one_line_with_the_title_of_its_page(painter: Painter) -> None:
    page = painter.article(Talk(comment(1), ping(2), is_open=False))

    line = one(page, "//ol[@class='thread']/li[@id='comment-2']")
    said = f"Ping{NBSP}: Zappos.com, un autre exemple… | Net-Marketing.fr"
    assert words_of(line) == said
    assert [link.get("href") for link in line.iter("a")] == [ping(2).source]
    assert words_of(one(page, "//h2[@id='comments']")).startswith("2 réflexions")


def test_comments_and_pings_stand_in_the_order_of_their_dates(painter: Painter) -> None:
    page = painter.article(Talk(comment(3), ping(2), comment(1)))

    ids = page.xpath("//ol[@class='thread']/li/@id")
    assert ids == ["comment-1", "comment-2", "comment-3"]


def test_pings_can_be_listed_apart_and_numbered_on(painter: Painter) -> None:
    page = painter.article(Talk(ping(1), comment(2), comment(3), pings_apart=True))

    said, linked = page.xpath("//ol[@class='thread']")
    assert said.xpath("li/@id") == ["comment-2", "comment-3"]
    assert (linked.get("start"), linked.xpath("li/@id")) == ("3", ["comment-1"])
    assert words_of(one(page, "//h3[@id='pings']")) == "Ailleurs sur le web"
    assert words_of(one(page, "//h2[@id='comments']")).startswith("3 réflexions")


def test_the_title_of_a_ping_is_text(painter: Painter) -> None:
    page = painter.article(Talk(ping(1, "<script>alert(1)</script>")))

    assert "<script>alert(1)</script>" in words_of(one(page, "//li[@id='comment-1']"))


def test_a_reply_is_a_plain_link_below_the_blog_s_path(painter: Painter) -> None:
    page = painter.article(Talk(comment(12)))

    link = one(page, "//p[@class='reply']/a")
    assert link.get("href") == "/notes/-/comments/12/reply"
    assert words_of(link) == "Répondre à Lecteur 12"


def test_names_and_titles_are_text_and_never_markup(painter: Painter) -> None:
    evil = "<script>alert(1)</script>"
    said = comment(1, author=evil, url='https://example.org/"><script>')

    page = painter.article(Talk(said, comment(2, parent=1)), title=evil)

    assert page.xpath("//body//script") == []
    assert evil in words_of(one(page, "//h2[@id='comments']"))
    assert evil in words_of(one(page, "//li[@id='comment-1']/div/header"))


# The post


def test_the_colophon_is_the_design_s_sentence_with_its_three_links(painter: Painter) -> None:
    page = painter.article(Talk())

    sentence = page.xpath("//footer[@class='colophon']/p")[0]
    assert words_of(sentence) == (
        "Ce contenu a été publié dans Non classé par Claire. "
        "Mettez-le en favori avec son permalien."
    )
    assert [link.get("href") for link in sentence.iter("a")] == [
        "/notes/category/non-classe/",
        "/notes/author/claire/",
        "/notes/2026/11/22/post/",
    ]


def test_a_page_s_title_names_the_post_and_the_blog(painter: Painter) -> None:
    page = painter.article(Talk())

    assert one(page, "//title").text == "Titre & <suite> | Le carnet"
    assert one(page, "//link[@rel='canonical']").get("href") == (
        "https://example.org/notes/2026/11/22/post/"
    )


def test_a_post_speaks_its_own_language(painter: Painter) -> None:
    page = painter.article(Talk(), lang="en")

    assert page.get("lang") == "en"
    assert words_of(one(page, "//h3[@id='respond']")) == "Leave a comment"


def test_a_draft_in_a_preview_says_that_it_is_one_and_has_no_discussion(painter: Painter) -> None:
    page = painter.article(Talk(is_open=False), status="draft", preview=True)

    assert words_of(one(page, "//p[@class='state']")) == "Brouillon, pas encore publié."
    assert page.xpath("//*[@id='comments']") == []


def test_a_scheduled_post_in_a_preview_says_when_it_appears(painter: Painter) -> None:
    page = painter.article(Talk(is_open=False), status="scheduled", preview=True)

    said = f"Programmé{NBSP}: il paraîtra le 22 novembre 2026 à 13:00."
    assert words_of(one(page, "//p[@class='state']")) == said


def test_a_published_post_says_nothing_of_its_state(painter: Painter) -> None:
    assert painter.article(Talk()).xpath("//p[@class='state']") == []


def test_a_page_with_a_hundred_comments_is_small(painter: Painter) -> None:
    chance = random.Random(20261122)
    words = [f"{chance.choice('bcdfglmnprst')}{chance.randrange(900)}e" for _ in range(2000)]

    def said(number: int) -> Comment:
        text = " ".join(chance.choices(words, k=60))
        above = number - 1 if number % 3 else None
        return comment(number, parent=above, html=stored(safe_html(text)))

    page = painter.article(Talk(*map(said, range(1, 101))))

    assert len(page.xpath("//li[starts-with(@id, 'comment-')]")) == 100
    assert len(gzip.compress(html.tostring(page))) <= 50_000


# The form


def test_the_form_has_the_fields_that_browsers_fill_in(painter: Painter) -> None:
    form = one(painter.article(Talk()), "//form")

    assert (form.get("method"), form.get("action")) == ("post", "/notes/-/comments")
    assert sorted(field.get("name") for field in form.xpath(".//input | .//textarea")) == (
        ["author", "comment", "email", "subject", "token", "url"]
    )
    assert {
        f.get("name"): f.get("autocomplete") for f in form.xpath(".//input[@autocomplete]")
    } == ({"author": "name", "email": "email", "url": "url", "subject": "off"})
    assert one(form, ".//input[@name='token']").get("value") == "signed-token"


def test_every_field_that_people_see_has_a_label(painter: Painter) -> None:
    form = one(painter.article(Talk()), "//form")

    labels = {label.get("for") for label in form.iter("label")}
    assert {
        f.get("id") for f in form.xpath(".//*[@id and (self::input or self::textarea)]")
    } == labels


def test_the_trap_is_out_of_sight_and_out_of_the_way(painter: Painter) -> None:
    trap = one(painter.article(Talk()), "//input[@name='subject']")

    assert trap.getparent().get("aria-hidden") == "true"
    assert trap.get("tabindex") == "-1"
    assert ".leave-empty { position: absolute;" in STYLE.read_text("utf-8")


def test_the_form_takes_as_much_as_the_service_takes(painter: Painter) -> None:
    form = one(painter.article(Talk()), "//form")

    assert {f.get("name"): int(f.get("maxlength")) for f in form.xpath(".//*[@maxlength]")} == {
        "author": limits.AUTHOR_LENGTH,
        "email": limits.EMAIL_LENGTH,
        "url": limits.URL_LENGTH,
    }
    assert f"Au plus 5{NBSP}000 caractères." in form.text_content()


def test_a_refused_form_keeps_what_was_typed_and_ties_each_problem_to_its_field(
    painter: Painter,
) -> None:
    typed = {"author": 'A"b', "email": "x@", "url": "", "comment": "\nun </textarea><b>texte"}

    page = painter.form("invalid", values=typed, problems={"email": "Non."})

    email = one(page, "//input[@name='email']")
    assert (email.get("value"), email.get("aria-invalid")) == ("x@", "true")
    assert words_of(page.get_element_by_id(email.get("aria-describedby"))) == "Non."
    assert one(page, "//input[@name='author']").get("value") == 'A"b'
    assert one(page, "//input[@name='author']").get("aria-invalid") is None
    assert "\nun </textarea><b>texte" in one(page, "//textarea").text


def test_a_text_that_begins_with_an_empty_line_keeps_it(painter: Painter) -> None:
    # A browser drops the first line end after <textarea>: it must not be the reader's.
    page = painter.article(Talk())
    refused = painter.text(
        "service/form.html",
        kind="invalid",
        post=POST,
        parent=None,
        form=Form(),
        values={"comment": "\nBonjour"},
        problems={},
    )

    assert one(page, "//textarea").text == "\n"
    assert re.search(r"<textarea[^>]*>\n\nBonjour</textarea>", refused)


def test_a_problem_that_belongs_to_no_field_is_said_all_the_same(painter: Painter) -> None:
    page = painter.form("invalid", problems={"parent": "Le commentaire n’est plus là."})

    assert words_of(one(page, "//form/p[@class='problem']")) == "Le commentaire n’est plus là."


def test_a_reply_quotes_the_comment_it_answers(painter: Painter) -> None:
    page = painter.form("reply", parent=comment(12))

    assert words_of(one(page, "//h1")) == "Répondre à Lecteur 12"
    assert "Bien dit." in words_of(one(page, "//blockquote"))
    assert one(page, "//blockquote//a").get("href") == "/notes/2026/11/22/post/#comment-12"
    assert one(page, "//input[@name='parent']").get("value") == "12"


@pytest.mark.parametrize("kind", ["closed", "unknown", "forged"])
def test_what_cannot_be_sent_any_more_can_still_be_copied(painter: Painter, kind: str) -> None:
    page = painter.form(kind, form=None, post=None, values={"comment": "Mon texte"})

    assert page.xpath("//form") == []
    assert one(page, "//textarea[@readonly]").text.strip() == "Mon texte"


def test_each_kind_of_form_has_its_own_heading(painter: Painter) -> None:
    kinds = ["reply", "invalid", "too-large", "closed", "unknown", "unavailable", "forged"]

    headings = {words_of(one(painter.form(kind), "//h1")) for kind in kinds}

    assert len(headings) == len(kinds)


# The receipt


def test_a_receipt_shows_the_writer_the_comment_that_waits(painter: Painter) -> None:
    page = html.document_fromstring(painter.receipt("pending"))

    assert words_of(one(page, "//h1")) == "Merci. Votre commentaire est en attente de validation."
    assert words_of(one(page, "//div[@class='e-content']")) == "Bien dit."
    assert one(page, "//meta[@name='robots']").get("content") == "noindex"


def test_a_receipt_tells_spammers_nothing(painter: Painter) -> None:
    assert painter.receipt("spam") == painter.receipt("pending")


def test_a_receipt_leads_to_the_comment_once_it_is_published(painter: Painter) -> None:
    page = html.document_fromstring(painter.receipt("approved"))

    assert page.xpath("//a[@href='/notes/2026/11/22/post/#comment-7']")
    assert words_of(one(page, "//h1")) == "Merci. Votre commentaire est publié."


def test_a_receipt_says_when_the_author_decided_against_it(painter: Painter) -> None:
    page = html.document_fromstring(painter.receipt("trash"))

    assert words_of(one(page, "//h1")) == "Votre commentaire n’a pas été publié."
    assert page.xpath("//a[contains(@href, '#comment-7')]") == []


def test_a_receipt_says_that_the_discussion_closed_meanwhile(painter: Painter) -> None:
    assert "La discussion s’est fermée" in painter.receipt("pending", grace=True)
    assert "La discussion s’est fermée" not in painter.receipt("pending")


def test_a_message_says_its_two_lines_and_leads_back(painter: Painter) -> None:
    page = painter.page("service/message.html", title="Titre", text="Texte <b>", back=POST.path)

    assert one(page, "//title").text == "Titre | Le carnet"
    assert "Texte <b>" in words_of(one(page, "//main"))
    assert page.xpath("//main//a/@href") == ["/notes/2026/11/22/post/"]


def test_the_menu_leads_below_the_blog_s_path_and_elsewhere(painter: Painter) -> None:
    page = painter.page("service/message.html", title="Titre", text="")

    assert page.xpath("//nav//a/@href") == ["/notes/a-propos/", "https://example.net/"]


# A whole blog, built by Pelican


@dataclass(frozen=True)
class Built:
    """The output folder of a blog, and its pages."""

    output: Path

    def page(self, path: str) -> HtmlElement:
        return html.document_fromstring((self.output / path).read_bytes())

    def pages(self) -> Iterator[tuple[str, HtmlElement]]:
        for file in sorted(self.output.rglob("*.html")):
            yield str(file.relative_to(self.output)), html.document_fromstring(file.read_bytes())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A page, a dozen short posts, one in two languages, under a path of their host."""
    blog = tmp_path_factory.mktemp("blog")
    (blog / "content" / "pages").mkdir(parents=True)

    def write(name: str, head: str, text: str) -> None:
        (blog / "content" / f"{name}.md").write_text(f"{head}\n\n{text}\n", "utf-8")

    for number in range(1, 13):
        head = f"Title: Billet <{number}> & co\nDate: 2025-01-{number:02}\nTags: court"
        write(str(number), head, "Texte.")
    write("fr", "Title: Le lien\nDate: 2025-03-01\nSlug: link\nTags: web", TABLES)
    english = "Title: The link\nDate: 2025-04-01\nSlug: link\nLang: en\nTags: Webbing, web"
    write("en", f"{english}\nCategory: Craft", TABLES)
    write("alone", "Title: Alone\nDate: 2024-12-31\nLang: en\nSummary: On *its* own.", "Text.")
    write("pages/about", "Title: À propos\nSlug: a-propos", "Le texte.")
    write("pages/legal", "Title: Mentions légales\nTemplate: legal\nSlug: legal", "Claire.")
    (blog / "pelicanconf.py").write_text(
        "from pingback_server.pelican_settings import *\n"
        "SITENAME, AUTHOR, DEFAULT_LANG = 'Le carnet', 'Claire', 'fr'\n"
        "SITEURL, TIMEZONE = 'https://example.org/notes', 'Europe/Paris'\n"
        "DEFAULT_CATEGORY = 'Non classé'\n",
        "utf-8",
    )
    run = [sys.executable, "-m", "pelican", "--fatal", "errors"]
    done = subprocess.run(run, cwd=blog, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return Built(blog / "output")


def test_a_post_in_a_language_without_words_says_where_it_is_written_in_it(
    painter: Painter,
) -> None:
    page = painter.article(Talk(), lang="ar", content="<p>مرحبا</p>")

    # The words around it are English.
    assert (page.get("lang"), page.get("dir")) == ("en", None)
    for place in ("//h1", "//article/div[@class='e-content']"):
        [text] = page.xpath(place)
        assert (text.get("lang"), text.get("dir")) == ("ar", "rtl")


def test_a_post_in_a_language_with_words_says_so_once(painter: Painter) -> None:
    page = painter.article(Talk(), lang="fr-CA")

    assert page.get("lang") == "fr-CA"
    assert not page.xpath("//h1/@lang | //div[@class='e-content']/@lang | //@dir[. != 'auto']")


@pytest.mark.parametrize(
    ("language", "around", "attributes"),
    [
        ("fr", "fr", ""),
        ("en", "fr", ' lang="en"'),
        ("ar", "fr", ' lang="ar" dir="rtl"'),
        ("he-IL", "fr", ' lang="he-IL" dir="rtl"'),
        ("fr", "fa", ' lang="fr" dir="ltr"'),
        ("ku", "fr", ' lang="ku"'),
    ],
)
def test_words_from_right_to_left_are_said_to_be(
    painter: Painter, language: str, around: str, attributes: str
) -> None:
    links: Any = painter.environment.get_template("_links.html").module

    assert str(links.written(language, around)).rstrip() == attributes


def test_every_page_has_one_title_one_heading_and_no_number_twice(built: Built) -> None:
    for path, page in built.pages():
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path
        assert len(page.xpath("//h1")) == 1, path
        assert one(page, "//title").text.endswith("Le carnet"), path


def test_every_link_within_the_blog_leads_to_a_page_that_was_built(built: Built) -> None:
    for path, page in built.pages():
        for link in page.xpath("//a/@href | //link/@href"):
            inside = link.removeprefix("https://example.org")
            if inside.startswith("/notes/-/"):
                continue  # the service answers there
            if not inside.startswith("/"):
                assert link.startswith(("#", "https://")), f"{path}: {link}"
                continue
            target = inside.removeprefix("/notes/").partition("#")[0]
            assert inside.startswith("/notes/"), f"{path}: {link}"
            assert "index.html" not in link, f"{path}: {link}"
            file = built.output / target
            assert (file / "index.html" if file.is_dir() else file).is_file(), f"{path}: {link}"


def test_public_pages_run_nothing_and_meet_nobody(built: Built) -> None:
    for path, page in built.pages():
        data = "application/ld+json"
        assert page.xpath(f"//script[@type != '{data}'] | //script[not(@type)]") == [], path
        assert page.xpath("//style | //iframe | //@style") == [], path
        assert page.xpath("//@*[starts-with(name(), 'on')]") == [], path
        for source in page.xpath("//@src | //link[@rel='stylesheet' or @rel='icon']/@href"):
            assert source.startswith("/notes/"), path


def test_a_list_goes_on_over_its_pages(built: Built) -> None:
    first, second = built.page("index.html"), built.page("page/2/index.html")

    assert (len(first.xpath("//h2")), len(second.xpath("//h2"))) == (10, 4)
    assert words_of(one(second, "//h1")) == "Articles, page 2"
    assert first.xpath("//a[@rel='next']/@href") == ["/notes/page/2/"]
    assert second.xpath("//a[@rel='prev']/@href") == ["/notes/"]
    assert one(second, "//title").text == "Page 2 | Le carnet"


def test_lists_of_a_kind_say_of_what(built: Built) -> None:
    assert words_of(one(built.page("tag/court/index.html"), "//h1")) == f"Étiquette{NBSP}: court"
    category = built.page("category/non-classe/index.html")
    assert words_of(one(category, "//h1")) == f"Catégorie{NBSP}: Non classé"
    assert words_of(one(built.page("author/claire/index.html"), "//h1")) == "Articles de Claire"


def test_a_post_in_another_language_says_so_in_a_list(built: Built) -> None:
    english = one(built.page("page/2/index.html"), "//article[h2[@lang]]")

    assert one(english, "h2").get("lang") == one(english, "div").get("lang") == "en"
    assert words_of(one(english, "ul/li[@lang='en']")) == "English"


def test_a_title_is_text_in_lists_and_archives(built: Built) -> None:
    assert "Billet <12> & co" in words_of(one(built.page("index.html"), "//main"))
    assert "Billet <12> & co" in words_of(one(built.page("archives/index.html"), "//main"))


def test_the_menu_marks_the_page_that_is_open(built: Built) -> None:
    about = built.page("a-propos/index.html")

    assert words_of(one(about, "//nav//*[@aria-current='page']")) == "À propos"
    assert built.page("index.html").xpath("//nav//@aria-current") == []


def test_the_page_for_what_is_not_there_has_no_address_of_its_own(built: Built) -> None:
    page = built.page("404.html")

    assert page.xpath("//link[@rel='canonical']") == []
    assert one(page, "//meta[@name='robots']").get("content") == "noindex"


def test_archives_go_by_year_and_month_and_lead_to_both(built: Built) -> None:
    page = built.page("archives/index.html")

    assert [words_of(year) for year in page.xpath("//h2")] == ["2025", "2024"]
    assert [words_of(month) for month in page.xpath("//h3")] == ["mars", "janvier", "décembre"]
    assert page.xpath("//h2/a/@href") == ["/notes/2025/", "/notes/2024/"]
    assert page.xpath("//h3/a/@href")[:2] == ["/notes/2025/03/", "/notes/2025/01/"]


def test_a_year_lists_its_months_and_a_month_its_posts(built: Built) -> None:
    year, month = built.page("2025/index.html"), built.page("2025/01/index.html")

    assert words_of(one(year, "//h1")) == "2025"
    assert year.xpath("//h2/a/@href") == ["/notes/2025/03/", "/notes/2025/01/"]
    assert words_of(one(month, "//h1")) == "janvier 2025"
    assert one(month, "//title").text == "janvier 2025 | Archives | Le carnet"
    assert len(month.xpath("//article[contains(@class, 'h-entry')]")) == 12
    crumbs = month.xpath("//nav[@class='crumbs']//a/@href")
    assert crumbs == ["/notes/archives/", "/notes/2025/"]


def test_a_post_leads_to_its_neighbours_in_its_language(built: Built) -> None:
    first, french = (
        built.page("2025/01/01/billet-co/index.html"),
        built.page("2025/03/01/link/index.html"),
    )
    english = built.page("en/2025/04/01/link/index.html")

    assert first.xpath("//nav[@class='neighbours']/a/@rel") == ["next"]
    assert [words_of(link) for link in french.xpath("//nav[@class='neighbours']/a")] == [
        "Article précédent Billet <12> & co"
    ]
    assert english.xpath("//nav[@class='neighbours']/a/@href") == ["/notes/en/2024/12/31/alone/"]


def test_a_translation_stands_where_its_original_does_not(built: Built) -> None:
    craft, webbing = built.page("category/craft/index.html"), built.page("tag/webbing/index.html")
    web = built.page("tag/web/index.html")

    for page in (craft, webbing):
        assert [words_of(title) for title in page.xpath("//h2")] == ["The link"]
    assert [words_of(title) for title in web.xpath("//h2")] == ["Le lien"]
    assert "/notes/category/craft/" in built.page("categories/index.html").xpath("//main//a/@href")


def test_a_post_names_its_other_languages_as_they_name_themselves(built: Built) -> None:
    page = built.page("2025/03/01/link/index.html")

    other = one(page, "//ul[@class='translations']/li")
    assert words_of(other) == "English The link"
    assert one(other, "a").get("hreflang") == "en"


def test_a_table_stands_in_a_frame_that_the_keyboard_can_scroll(built: Built) -> None:
    page = built.page("2025/03/01/link/index.html")

    frames = page.xpath("//div[@class='table']")
    assert [frame.get("aria-label") for frame in frames] == ["Tableau 1", "Tableau 2"]
    assert {(frame.get("role"), frame.get("tabindex")) for frame in frames} == {("region", "0")}
    assert [len(frame.xpath("table")) for frame in frames] == [1, 1]
    assert page.xpath("//td[@class='right']")
    english = built.page("en/2025/04/01/link/index.html")
    assert english.xpath("//div[@class='table']/@aria-label") == ["Table 1", "Table 2"]


def test_a_box_of_a_list_of_tasks_says_whether_its_task_is_done(built: Built) -> None:
    french, english = (
        built.page("2025/03/01/link/index.html"),
        built.page("en/2025/04/01/link/index.html"),
    )

    assert french.xpath("//li//input[@type='checkbox']/@aria-label") == ["fait", "à faire"]
    assert english.xpath("//li//input[@checked]/@aria-label") == ["done"]


def test_the_foot_of_every_page_leads_to_the_legal_notice(built: Built) -> None:
    for path, page in built.pages():
        if path != "404.html":
            assert page.xpath("//footer[@class='site']//a[@href='/notes/legal/']"), path


# The sources


def test_only_what_pelican_rendered_passes_unescaped() -> None:
    unescaped = {
        match
        for file in TEMPLATES.rglob("*.html")
        for match in re.findall(r"[\w.]+\|safe|Markup|autoescape", file.read_text("utf-8"))
    }

    assert unescaped == {"article.content|safe", "article.summary|safe", "page.content|safe"}


def test_the_stylesheet_is_small_and_asks_for_nothing() -> None:
    style = STYLE.read_text("utf-8")

    assert len(STYLE.read_bytes()) <= 12_000
    assert re.findall(r"url\(|@import|@font-face|!important|#[a-z][\w-]*\s*[{,]", style) == []


def test_text_stands_out_from_its_ground_in_light_and_in_dark() -> None:
    style = STYLE.read_text("utf-8")
    light, dark = (dict(re.findall(r"--(\w+): (#\w+);", block)) for block in _roots(style))

    for tokens in (light, dark):
        for ground in ("paper", "tint"):
            for ink in ("ink", "quiet", "red", "seen", "green", "blue"):
                assert _contrast(tokens[ink], tokens[ground]) >= 4.5, (ink, ground)
        assert _contrast(tokens["edge"], tokens["paper"]) >= 3


def _roots(style: str) -> list[str]:
    return re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, «contrast ratio»."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    linear: Callable[[float], float] = lambda c: (  # noqa: E731
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
    )
    red, green, blue = (linear(int(digits[i : i + 2], 16) / 255) for i in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
