"""A stranger's text becomes HTML that can do nothing: by law, by table, and in a real browser."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import pytest
from actors import BlogFolder, Reader, anchors, decide
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pingback_server.domain.discussion import Status
from pingback_server.domain.markup import safe_html, sanitised
from pingback_server.store import Store

ROOT = Path(__file__).resolve().parent.parent
# Collections of others' that are too many to be copied here, where there is a copy beside us, or
# where COLLECTIONS names its folder.
COLLECTIONS = Path(os.environ.get("COLLECTIONS", ROOT.parent / "shared" / "cases" / "xss"))
TAGS = {"p", "br", "a", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li"}


def attacks(every: int = 1) -> list[str]:
    """Our attacks, and each `every`th one of the collections', each once."""
    own = json.loads((ROOT / "tests" / "cases" / "attacks.json").read_text("utf-8"))
    others = [
        text for file in sorted(COLLECTIONS.glob("*.json")) for text in json.loads(file.read_text())
    ]
    return list(dict.fromkeys([*own, *others[::every]]))


class Inspector(HTMLParser):
    """Finds what is not on the list; it is no part of the sanitiser and knows nothing of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(tag)
        for name, value in attrs:
            if (tag, name) == ("a", "href"):
                scheme = urlsplit(value or "").scheme
                if scheme not in {"http", "https", "mailto"} or value != (value or "").strip():
                    self.found.append(f"href={value}")
            elif (tag, name, value) != ("a", "rel", "nofollow ugc noopener"):
                self.found.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"<![{data}]>")


PIECES = st.sampled_from(
    [
        *("<", ">", "&", '"', "'", "`", "\\", "/", "=", " ", "\n", "\t", "\0", "-", "!", "#"),
        *("[", "]", "(", ")", "*", "**", "_", "> ", "- ", "1. ", "    ", "```", "~~~", "]: "),
        *("<a ", "<p", "</p>", "<img ", "<svg>", "<math>", "<style>", "</style>", "<!--", "-->"),
        *(
            "<script>",
            "</script>",
            "<table>",
            "<pre>",
            "&#13;",
            "<noscript>",
            "<template>",
            "<title>",
            "<textarea>",
        ),
        *("href=", "src=", "onerror=", "style=", "javascript:", "data:", "https://e.org/", "//e"),
        *("http:", "mailto:", "&#106;", "&colon;", "&lt;", "&amp;", "\u2028", "\ufeff", "a", "é"),
    ]
)
TEXTS = st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60)


@given(TEXTS)
def test_only_harmless_tags_attributes_and_schemes_come_out_of_any_text(text: str) -> None:
    assert Inspector(safe_html(text)).found == []


@given(TEXTS)
def test_only_harmless_tags_attributes_and_schemes_come_out_of_any_html(html: str) -> None:
    assert Inspector(sanitised(html)).found == []


@example("<noscript>\ufeff")
@example("<a ><table><a >")
@given(TEXTS)
def test_sanitising_twice_is_sanitising_once(html: str) -> None:
    once = sanitised(html)

    assert sanitised(once) == once


@given(TEXTS)
def test_what_is_made_of_a_text_is_already_clean(text: str) -> None:
    assert sanitised(safe_html(text)) == safe_html(text)


@pytest.mark.parametrize(
    "address",
    [
        "https://known.example@other.example/",
        "https://known.example:443@other.example",
        "https://known.example%2Fpage@other.example/",
        "https://oth%65r.example/",
        "HTTPS://known&commat;other.example",
    ],
)
def test_an_address_that_hides_whom_it_leads_to_is_no_link(address: str) -> None:
    assert "href" not in safe_html(f"[read this]({address})")


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example",
        "http://a.example:8080/@user",
        "https://a.example?q=50%25",
        "https://[::1]/",
    ],
)
def test_an_address_in_which_such_signs_come_later_is_one(address: str) -> None:
    assert f'href="{address}"' in safe_html(f"[read this](<{address}>)")


PLAIN_PIECES = st.sampled_from(
    [
        *("a", "Ab", "é", "1", "12", "1234567890", "\n", "\n\n", " ", "  ", "    ", "\t", '"', "'"),
        *(
            ">",
            "-",
            "+",
            "~~~",
            ".",
            ")",
            "=",
            "===",
            "---",
            "#",
            "|",
            ":",
            "!",
            "]",
            "(",
            "/",
            "@",
        ),
        *("\x0b", "\x0c", "\x1c", "\x85", "\xa0", "\u2028", "\u3000", "\ufeff", "\ufffd", "😀"),
        *("&", "<", "*", "_", "`", "[", "\\", "\0", "\r", "https://e.org/a?b=c"),
    ]
)
PLAIN_TEXTS = st.lists(PLAIN_PIECES, max_size=20).map("".join)
PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["image", "heading", "lheading", "hr", "html_block", "html_inline"]
)


@example('One.\nTwo.\n\n\nThree "and" > 4.')
@example("1. a")
@example("a\n> b")
@example("a\n=")
@example("\u3000a")
@given(PLAIN_TEXTS | TEXTS)
def test_what_has_no_marks_comes_out_as_the_parser_itself_has_it(text: str) -> None:
    parsed = sanitised(PARSER.render(text))

    assert safe_html(text) == re.sub(r"<a [^>]*>\s*</a>", "", parsed)


def test_no_known_attack_comes_through() -> None:
    known = attacks()
    assert len(known) >= 100

    for text in known:
        assert (Inspector(safe_html(text)).found, text) == ([], text)
        assert (Inspector(sanitised(text)).found, text) == ([], text)
        assert sanitised(sanitised(text)) == sanitised(text)


def test_the_inspector_finds_what_is_wrong() -> None:
    for wrong in (
        "<script>x</script>",
        "<p onclick=x>",
        '<a href="javascript:x">',
        '<a href="//example.org/">',
        '<a rel="opener">',
        "<img>",
        "<!-- x -->",
        "<?x?>",
    ):
        assert Inspector(wrong).found, wrong


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("I *do* **agree**.", "<p>I <em>do</em> <strong>agree</strong>.</p>"),
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("```\na & b\n```", "<pre><code>a &amp; b\n</code></pre>"),
        ("    code", "<pre><code>code\n</code></pre>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        (
            "[x](https://example.org/?a=1&b=2)",
            '<p><a href="https://example.org/?a=1&amp;b=2" rel="nofollow ugc noopener">x</a></p>',
        ),
        (
            "<me@example.org>",
            '<p><a href="mailto:me@example.org" rel="nofollow ugc noopener">me@example.org</a></p>',
        ),
        ("# Not a heading", "<p># Not a heading</p>"),
        ("![x](https://example.org/p.png)", None),
        ("1 < 2 & <b>bold</b>", "<p>1 &lt; 2 &amp; &lt;b&gt;bold&lt;/b&gt;</p>"),
        ("[x](//example.org/)", '<p><a rel="nofollow ugc noopener">x</a></p>'),
        ("[x](javascript:x)", "<p>[x](javascript:x)</p>"),
    ],
)
def test_markdown_looks_as_its_writer_expects(text: str, html: str | None) -> None:
    made = safe_html(text).strip()

    if html is None:
        assert "<img" not in made
    else:
        assert made == html


# Work


@contextmanager
def counted_lines() -> Iterator[list[int]]:
    """How many lines of Python run in the block: a measure of work that no machine changes."""
    count = [0]

    def trace(_frame: FrameType, event: str, _value: Any) -> Any:
        count[0] += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield count
    finally:
        sys.settrace(before)


def lines_for(text: str) -> int:
    with counted_lines() as count:
        safe_html(text)
    return count[0]


@pytest.mark.parametrize(
    "piece",
    [
        *("[", "](", "[a](", "![", "[a][", "<", "<a", "&", "&#", "\\", "*", "_", "**a ", "*a_ "),
        *("`", "``a`", "> ", ">", "- ", "1. ", "a\n", "\n", "```\n", "[a]: b\n", "<!--", "<?"),
    ],
)  # fmt: skip
def test_twice_the_text_is_about_twice_the_work(piece: str) -> None:
    once, twice = piece * (1500 // len(piece)), piece * (3000 // len(piece))
    lines_for(once)  # what is only done the first time

    assert lines_for(twice) <= 2.5 * lines_for(once) + 1000


def test_whoever_writes_hundreds_of_brackets_that_nothing_closes_gets_no_links() -> None:
    link = "[x](https://example.org/)"

    assert safe_html("[a] " * 2000 + link).count("<a ") == 1
    assert safe_html("[a " * 50 + link).count("<a ") == 1
    assert safe_html("[a " * 300 + link).count("<a ") == 0


# In a browser


HOOKS = """
window.ran = 0;
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = () => { window.ran += 1; };
addEventListener("securitypolicyviolation", () => { window.ran += 1; });
"""
STIR = """() => {
  const events = ["click", "mouseover", "focus", "toggle", "error", "load", "begin"];
  for (const element of document.querySelectorAll("*"))
    for (const name of events)
      if (!(name === "click" && element.matches("a[href^=http], a[href^='/'], button, summary")))
        element.dispatchEvent(new Event(name, {bubbles: false, cancelable: true}));
  return {
    ran: window.ran,
    handlers: [...document.querySelectorAll("*")].filter(
      (e) => [...e.attributes].some((a) => a.name.startsWith("on") || a.name === "style")).length,
    alien: [...document.querySelectorAll(
      "style, iframe, object, embed, svg, math, img, video, base, template")].length +
      document.querySelectorAll('script:not([type="application/ld+json"])').length,
    data: document.querySelectorAll('script[type="application/ld+json"]').length,
    schemes: [...new Set([...document.links].map((link) => link.protocol))].sort(),
  };
}"""


@pytest.fixture(params=[40, pytest.param(1, marks=pytest.mark.soak)], ids=["some", "all"])
def attacked(blog: BlogFolder, reader: Reader, request: pytest.FixtureRequest) -> BlogFolder:
    """A blog whose every comment is an attack, in text, name and website; all approved."""
    form = reader.form_of(blog.page("hello"))
    for text in attacks(every=request.param):
        fields = {**form.fields, "comment": text[:10_000], "author": text[:100], "url": text[:500]}
        for changed in ({}, {"url": "https://example.org/"}, {"url": "", "author": "Eve"}):
            if send(reader, {**fields, **changed}) == 303:
                break
    ids = [entry.id for entry in blog.store.entries()]
    decide(ids, Status.APPROVED, store=blog.store, now=blog.store.entries()[0].at)
    blog.build()
    return blog


def send(reader: Reader, fields: dict[str, str]) -> int:
    return reader.posts("/-/comments", data=fields).status_code


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served_without_protection(folder: Path) -> Iterator[str]:
    """The pages from a server that sends no Content-Security-Policy: they have to be safe alone."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.browser
def test_in_a_browser_no_attack_runs_and_nothing_is_fetched_from_elsewhere(
    browser: Any, attacked: BlogFolder
) -> None:
    assert len(anchors(attacked.page("hello"))) >= 80
    asked: list[str] = []
    with served_without_protection(attacked.output) as address:
        context = browser.new_context()
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.add_init_script(HOOKS)
        page.goto(address + attacked.address("hello"), wait_until="load")
        found = page.evaluate(STIR)
        here = page.url
        context.close()

    assert (found["ran"], found["handlers"], found["alien"]) == (0, 0, 0)
    assert found["data"] == 1
    # What has no scheme is an address that no browser can read: it leads nowhere.
    assert set(found["schemes"]) <= {"http:", "https:", "mailto:", ":"}
    assert here == address + attacked.address("hello")
    assert [url for url in asked if not url.startswith(address)] == []


def without_data(page: str) -> str:
    """The page without the one block of data for programs, in which no `<` may stand at all."""
    return re.sub(r'<script type="application/ld\+json">[^<]*</script>', "", page, count=1)


def test_attacks_in_the_fields_stay_text_in_every_page(blog: BlogFolder, reader: Reader) -> None:
    evil = "</title><script>window.ran=1</script>\"'><img src=x onerror=window.ran=1>"
    receipt = reader.comments(author=evil, comment=evil).location
    decide([1], Status.APPROVED, store=blog.store, now=blog.store.entries()[0].at)
    blog.build()

    pages = [
        blog.page("hello"),
        reader.opens(receipt).get_data(as_text=True),
        reader.opens("/-/comments/1/reply").get_data(as_text=True),
        reader.comments(author=evil, email=evil, url=evil, comment=evil).get_data(as_text=True),
        reader.comments(token="x", comment=evil).get_data(as_text=True),
    ]

    for page in map(without_data, pages):
        assert "&lt;script&gt;" in page
        assert "<script" not in page
        assert "<img" not in page


def test_only_clean_html_is_ever_stored(blog: BlogFolder, reader: Reader) -> None:
    reader.comments(comment="*x* <script>y</script> [z](javascript:z)")

    store: Store = blog.store
    [entry] = store.entries()
    assert entry.html == safe_html(entry.text)
    assert Inspector(entry.html).found == []
