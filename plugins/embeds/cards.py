"""Finds what a text would load from other hosts, and puts a link card in its place."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

_ATTRIBUTES = r"(?:[^>\"']|\"[^\"]*\"|'[^']*')*"
_WHOLE = re.compile(
    rf"<(?P<whole>iframe|script|object|video|audio)\b{_ATTRIBUTES}>.*?</(?P=whole)\s*>"
    rf"|<(?P<single>iframe|script|embed|img){_ATTRIBUTES}>",
    re.IGNORECASE | re.DOTALL,
)
_PICTURE = {"img"}
# A player's own address shows nothing outside of a frame; these are the pages that people visit.
_PAGES = (
    (
        re.compile(r"https?://www\.youtube(?:-nocookie)?\.com/embed/([\w-]+)"),
        "https://www.youtube.com/watch?v={}",
    ),
    (re.compile(r"https?://player\.vimeo\.com/video/(\d+)"), "https://vimeo.com/{}"),
    (
        re.compile(r"https?://www\.dailymotion\.com/embed/video/(\w+)"),
        "https://www.dailymotion.com/video/{}",
    ),
)


@dataclass(frozen=True, slots=True)
class Replaced:
    """What was replaced: its tag, and the address that it would have loaded (empty: a script)."""

    tag: str
    address: str

    def told(self) -> str:
        """The same in words, with what can be done."""
        if not self.address:
            return f"<{self.tag}> is left out: pages of this blog run no script"
        host = urlsplit(self.address).netloc
        what = "is left out" if self.tag == "script" else "becomes a link"
        if self.tag == "script":
            return f"<script> of {host} {what}: pages of this blog run no script"
        return f'<{self.tag}> of {host} {what}; to show it, add "{host}" to EMBEDS_ALLOWED'


def without_strangers(html: str, allowed: Set[str]) -> tuple[str, list[Replaced]]:
    """`html` with a link for everything from hosts not `allowed`, and without any script."""
    replaced: list[Replaced] = []

    def judge(found: re.Match[str]) -> str:
        tag = (found["whole"] or found["single"]).lower()
        reader = _Reader()
        reader.feed(found[0])
        strangers = [
            address
            for address in reader.addresses
            if urlsplit(address).netloc and urlsplit(address).netloc not in allowed
        ]
        if tag == "script":
            if reader.type.lower() == "application/ld+json":
                return found[0]
            replaced.append(Replaced(tag, reader.addresses[0] if reader.addresses else ""))
            return ""
        if not strangers:
            return found[0]
        replaced.append(Replaced(tag, strangers[0]))
        return _card(strangers[0], reader.name, is_picture=tag in _PICTURE)

    return _WHOLE.sub(judge, html), replaced


def _card(address: str, name: str, *, is_picture: bool) -> str:
    """A link that says where it leads; that of a picture may stand amid a sentence."""
    page = _page_of(address)
    host = urlsplit(page).netloc.removeprefix("www.")
    link = f'<a href="{escape(page)}">{escape(name or page)}</a> <small>{escape(host)}</small>'
    if is_picture:
        return f'<span class="link-card">{link}</span>'
    return f'<div class="link-card"><p>{link}</p></div>'


def _page_of(address: str) -> str:
    if address.startswith("//"):
        address = f"https:{address}"
    for player, page in _PAGES:
        if found := player.match(address):
            return page.format(found[1])
    return address


class _Reader(HTMLParser):
    """The addresses that an element loads, and what it is called."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.name = ""
        self.type = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for key, value in attrs:
            value = unescape(value or "").strip()
            if key in {"src", "data", "poster"} and value:
                self.addresses.append(value)
            elif key == "srcset":
                self.addresses += [part.split()[0] for part in value.split(", ") if part.strip()]
            elif key in {"title", "alt"} and value:
                self.name = self.name or value
            elif key == "type" and tag == "script":
                self.type = value

    handle_startendtag = handle_starttag
