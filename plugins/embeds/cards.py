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
    rf"|<(?P<single>iframe|script|embed|img|source)\b{_ATTRIBUTES}>",
    re.IGNORECASE | re.DOTALL,
)
# A picture that is a link already: what is left of it is the link, with words.
_LINKED = re.compile(
    rf"(?P<open><a\b{_ATTRIBUTES}>)\s*(?P<image><img\b{_ATTRIBUTES}>)\s*</a>", re.IGNORECASE
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
        host = host_of(self.address)
        what = "is left out" if self.tag in {"script", "source"} else "becomes a link"
        if self.tag == "script":
            return f"<script> of {host} {what}: pages of this blog run no script"
        return f'<{self.tag}> of {host} {what}; to show it, add "{host}" to EMBEDS_ALLOWED'


def without_strangers(html: str, allowed: Set[str]) -> tuple[str, list[Replaced]]:
    """`html` with a link for everything from hosts not `allowed`, and without any script."""
    replaced: list[Replaced] = []

    def stranger_in(reader: _Reader) -> str | None:
        return next((one for one in reader.addresses if host_of(one) not in ("", *allowed)), None)

    def judge_linked(found: re.Match[str]) -> str:
        reader = _Reader(found["image"])
        stranger = stranger_in(reader)
        if stranger is None:
            return found[0]
        replaced.append(Replaced("img", stranger))
        return f"{found['open']}{escape(reader.name or host_of(stranger))}</a>"

    def judge(found: re.Match[str]) -> str:
        tag = (found["whole"] or found["single"]).lower()
        reader = _Reader(found[0])
        if tag == "script":
            if reader.type.lower() == "application/ld+json":
                return found[0]
            replaced.append(Replaced(tag, reader.addresses[0] if reader.addresses else ""))
            return ""
        stranger = stranger_in(reader)
        if stranger is None:
            return found[0]
        replaced.append(Replaced(tag, stranger))
        if tag == "source":  # one of several of a <picture>, which shows its own then
            return ""
        return _card(stranger, reader.name, is_picture=tag in _PICTURE)

    return _WHOLE.sub(judge, _LINKED.sub(judge_linked, html)), replaced


def host_of(address: str) -> str:
    """The host of an address; empty for one of this blog, and for a misprint."""
    try:
        # Browsers take it for a slash (WHATWG URL §4.4).
        return urlsplit(address.replace("\\", "/")).netloc
    except ValueError:
        return ""


def _card(address: str, name: str, *, is_picture: bool) -> str:
    """A link that says where it leads; that of a picture may stand amid a sentence."""
    page = _page_of(address)
    host = host_of(page).removeprefix("www.")
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

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.name = ""
        self.type = ""
        self.feed(html)

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
