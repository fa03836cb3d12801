"""The links, images and headings of a text in HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_ADDRESSES = {"href", "src", "poster", "data"}


@dataclass(slots=True)
class Text:
    """`links` are all addresses, as they stand; `ids` all anchors.

    `images` are pairs of address and alternative text, which is None where there is none;
    `headings` are pairs of level and words.
    """

    links: list[str] = field(default_factory=list)
    images: list[tuple[str, str | None]] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


def read_text(html: str) -> Text:
    """What stands in `html`, in its order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = Text()
        self._is_in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        text = self.text
        text.ids |= {said for key in ("id", "name") if (said := has.get(key))}
        text.links += [has[key] or "" for key in has if key in _ADDRESSES]
        for part in (has.get("srcset") or "").split(","):
            text.links += part.split()[:1]
        if tag == "img":
            text.images.append((has.get("src") or "", has.get("alt")))
        elif len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            text.headings.append((int(tag[1]), ""))
            self._is_in_heading = True

    def handle_endtag(self, tag: str) -> None:
        if len(tag) == 2 and tag[0] == "h":
            self._is_in_heading = False

    def handle_data(self, data: str) -> None:
        if self._is_in_heading:
            level, words = self.text.headings[-1]
            self.text.headings[-1] = level, words + data
