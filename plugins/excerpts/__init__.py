"""The excerpt of a post is what stands before `<!--more-->`, as in WordPress, Hugo and Jekyll.

Without such a mark it is the first paragraph. Where the author wrote no `Summary:`, it is treated
as one.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from pelican import signals

_MORE = re.compile(r"<!--\s*more\s*-->\n?", re.IGNORECASE)
# In a list of posts, notes lead nowhere and anchors may stand twice.
_NOTE = re.compile(r'<sup id="fnref[^"]*">.*?</sup>', re.DOTALL)
_ANCHOR = re.compile(r"""(<[a-zA-Z][^<>]*?) id=("[^"]*"|'[^']*')""")
_PARAGRAPH = re.compile(r"<p>.*?</p>", re.DOTALL)
_VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


def register() -> None:
    # After `pictures`, which measures the images of a text; before Pelican replaces its links.
    signals.static_generator_finalized.connect(_take_excerpts)


def _take_excerpts(generator: Any) -> None:
    for content in generator.context["generated_content"].values():
        if content is not None and content._content:
            _take_excerpt(content)


def _take_excerpt(content: Any) -> None:
    """Take the mark out of the text; what stands before it is the summary if none is given."""
    found = _MORE.search(content._content)
    text = content._content
    content._content = _MORE.sub("", text)
    before = text[: found.start()] if found else first_paragraph(text)
    if before and "summary" not in content.metadata:
        content.metadata["summary"] = content._summary = excerpt(before)


def first_paragraph(text: str) -> str:
    """The first paragraph of the HTML `text` that stands in nothing else; empty if none does."""
    for paragraph in _PARAGRAPH.finditer(text):
        reader = _OpenElements()
        reader.feed(text[: paragraph.start()])
        if not reader.open:
            return paragraph[0]
    return ""


def excerpt(before: str) -> str:
    """The HTML `before` the mark as a piece of its own: without anchors, every element ended."""
    reader = _OpenElements()
    reader.feed(before)
    ends = "".join(f"</{tag}>" for tag in reversed(reader.open))
    return _ANCHOR.sub(r"\1", _NOTE.sub("", before)).rstrip() + ends


class _OpenElements(HTMLParser):
    """Keeps the elements that have begun and not ended, the outermost first."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass
