"""A stranger's text as HTML that is safe to publish: the only door through which markup passes.

Two walls: a Markdown that knows no raw HTML and works in linear time, then a sanitiser with a
closed list of tags, attributes and URL schemes. The HTML is made once, when the comment arrives,
and stored.
"""

from __future__ import annotations

import re
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markupsafe import Markup, escape

_TAGS = {"p", "br", "a", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li"}
_TAG = re.compile("<[^>]*>")
# A link around nothing: nobody sees it, and a screen reader cannot name it.
_NAMELESS_LINK = re.compile(r"<a [^>]*>\s*</a>")
# Neither a user before the host nor a letter of it spelt in figures: both hide whom it leads to.
_ADDRESS = re.compile(r"https?://[^/\\?#@%]+(?:[/?#]|\Z)|mailto:", re.IGNORECASE)
_TARGET = re.compile(r'<a href="([^"]*)"')

# What may mean something to Markdown: anywhere, and where a line begins.
_MARK = re.compile(r"[\\`*_\[<&\r\0]")
_OPENING = re.compile(r"[>+~-]|[0-9]{1,9}[.)]")
_BETWEEN_PARAGRAPHS = re.compile("\n\n+")

_UNKNOWN = ["image", "heading", "lheading", "hr", "html_block", "html_inline"]
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(_UNKNOWN)
# For each bracket the parser looks for its end, if need be as far as the text goes. Where that is
# more than 100,000 characters in all, ten times the longest comment, there are no links.
_FARTHEST = 100_000
_BRACKET = re.compile(r"[\[\]]")
_linkless = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable([*_UNKNOWN, "link"])


def _absolute_only(tag: str, attribute: str, value: str) -> str | None:
    """Links lead to whole addresses: `//host`, `/path` and `\\\\host` are not links.

    `https://known.example@other.example` is none either.

    The only other attribute that comes by is the `rel` that the sanitiser itself has put there.
    """
    return value if attribute == "rel" or _ADDRESS.match(value) else None


_cleaner = nh3.Cleaner(
    tags=_TAGS,
    attributes={"*": set(), "a": {"href"}},
    attribute_filter=_absolute_only,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)


def safe_html(text: str) -> str:
    """What `text`, a comment in Markdown, looks like: HTML of a few harmless tags."""
    rendered = _plain_paragraphs(text)
    if rendered is None:
        parser = _markdown if _way_to_ends_of_brackets(text) <= _FARTHEST else _linkless
        rendered = str(parser.render(text))
    return _NAMELESS_LINK.sub("", sanitised(rendered))


def _way_to_ends_of_brackets(text: str) -> int:
    """How many characters lie between every `[` and its `]`, or the end of the text."""
    way, begun = 0, list[int]()
    for bracket in _BRACKET.finditer(text):
        if bracket[0] == "[":
            begun.append(bracket.start())
        elif begun:
            way += bracket.start() - begun.pop()
    return way + sum(len(text) - start for start in begun)


def _plain_paragraphs(text: str) -> str | None:
    """What the parser makes of paragraphs without any mark, in a fraction of its time; else None.

    White space at either end of a line means something, too.
    """
    if _MARK.search(text):
        return None
    for line in text.split("\n"):
        if line != line.strip() or _OPENING.match(line):
            return None
    plain = escapeHtml(text.strip("\n"))
    paragraphs = [lines.replace("\n", "<br />\n") for lines in _BETWEEN_PARAGRAPHS.split(plain)]
    return "".join(f"<p>{lines}</p>\n" for lines in paragraphs if lines)


def words_of(html: str) -> str:
    """What is read of `html` that `safe_html` made: its tags taken out, its signs as they show."""
    return unescape(_TAG.sub("", html))


def targets_of(html: str) -> list[str]:
    """Where the links of `html` that `safe_html` made lead, whatever way they were written."""
    return list(map(unescape, _TARGET.findall(html))) if "<a " in html else []


def sanitised(html: str) -> str:
    """`html` with everything taken out that is not on the list; doing it twice changes nothing."""
    clean = _once(html)
    # A link in a table in a link comes out as one in the other, which no text can say (HTML
    # §13.2.6.4.9); to read it again sets them side by side.
    while "<table" in html.lower() and (again := _once(clean)) != clean:
        clean = again
    return clean


def _once(html: str) -> str:
    clean = _cleaner.clean(html).replace("\r\n", "\n").replace("\r", "\n")
    # Read again, a byte order mark in front would not count as text.
    clean = clean.lstrip("\ufeff")
    # A parser drops the line end that opens a <pre> (HTML §13.2.6.4.7): one that counts is doubled.
    return clean.replace("<pre>\n", "<pre>\n\n")


def plain_html(text: str) -> str:
    """Plain text as HTML that shows just that: paragraphs and lines, and no link."""
    paragraphs = (part.strip() for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")))
    return "\n".join(
        f"<p>{'<br>'.join(map(str, map(escape, part.splitlines())))}</p>"
        for part in paragraphs
        if part
    )


def stored(html: str) -> Markup:
    """HTML that `safe_html` made and the store kept, ready for a template."""
    return Markup(html)


def plain_text(html: str) -> str:
    """The words of `html` without markup or entities, white space folded: text, to be escaped."""
    return Markup(html).striptags()
