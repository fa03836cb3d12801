"""A stranger's HTML as a reader meets it: its elements and words in order, what is unseen left out.

It is read by justhtml, whose time grows with the page's length whatever its shape, and walked
without recursion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any

from justhtml import JustHTML

BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd"),
    *("details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
    *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "legend"),
    *("li", "main", "menu", "nav", "ol", "option", "p", "pre", "search", "section", "summary"),
    *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
"""The elements that begin and end a line or a paragraph."""
# What stands in them is no text of the page and no part of its document.
_UNSEEN = {
    *("script", "style", "template", "noscript", "noframes", "noembed", "iframe", "object"),
    *("textarea", "select", "datalist", "xmp", "plaintext", "title"),
}
_LINES = {
    *("div", "li", "tr", "td", "th", "dt", "dd", "figcaption", "caption", "legend", "summary"),
    *("option",),
}
_SPACE = re.compile("[\t\n\f\r ]+")
_HIDING = re.compile(r"(^|;)\s*(display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_XHTML = re.compile(r"<(script|style|title|iframe|textarea|noscript|a|div|p|span)(\s[^<>]*)?/>")


class Step(Enum):
    """What a walk comes by."""

    ENTER = "enter"
    LEAVE = "leave"
    TEXT = "text"


def parsed(html: str, *, is_xml: bool = False) -> Any:
    """The root of the tree of `html`; in XHTML an element may close itself (`<script/>`)."""
    if is_xml:
        html = _XHTML.sub(r"<\1\2></\1>", html)
    return JustHTML(html, sanitize=False, scripting_enabled=True).root


def walk(root: Any) -> Iterator[tuple[Step, Any]]:
    """Every element that a reader may meet, entered and left, and every piece of text between.

    An element of which nothing is seen is entered and left at once: scripts, templates, what is
    hidden by its own attributes, SVG and MathML.
    """
    waiting: list[tuple[Step, Any]] = [(Step.ENTER, root)]
    while waiting:
        step, node = waiting.pop()
        if step is Step.ENTER and node.name == "#text":
            yield Step.TEXT, node
        elif step is Step.LEAVE:
            yield step, node
        elif node.children is not None and not _is_foreign(node):
            yield step, node
            waiting.append((Step.LEAVE, node))
            if not is_unseen(node):
                waiting.extend((Step.ENTER, child) for child in reversed(node.children))


def is_unseen(node: Any) -> bool:
    """Whether a reader sees nothing of what stands in this element."""
    if node.name in _UNSEEN or not node.attrs:
        return node.name in _UNSEEN
    return "hidden" in node.attrs or bool(_HIDING.search(node.attrs.get("style") or ""))


def _is_foreign(node: Any) -> bool:
    return node.namespace not in {None, "html"}


def attribute(node: Any, name: str) -> str:
    """The attribute of an element, empty if it has none or an empty one."""
    return (node.attrs or {}).get(name) or ""


def words_of(root: Any) -> str:
    """The text below `root`: a blank line between paragraphs, a line for each item of a list."""
    pieces: list[str] = []
    preformatted = breaks = 0
    for step, node in walk(root):
        if step is not Step.TEXT:
            if node.name == "pre":
                preformatted += 1 if step is Step.ENTER else -1
            breaks = _breaks(node.name, step, breaks)
        text = _text_at(step, node)
        if text and not preformatted:
            text = _SPACE.sub(" ", text)
            text = text.lstrip(" ") if breaks else text
        if text:
            pieces += ["\n" * breaks, text]
            breaks = 0
    return "".join(pieces).strip()


def _text_at(step: Step, node: Any) -> str:
    if step is Step.TEXT:
        return str(node.data)
    return attribute(node, "alt") if step is Step.ENTER and node.name == "img" else ""


def _breaks(name: str, step: Step, so_far: int) -> int:
    """How many line ends come before the next text."""
    if name == "br":
        return min(so_far + 1, 2) if step is Step.ENTER else so_far
    if name not in BLOCKS:
        return so_far
    return max(so_far, 1 if name in _LINES else 2)
