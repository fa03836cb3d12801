"""The `<img>` tags of a post: found, given what they lack, and set as figures."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

_TAG = r"<img\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>"
_IMAGE = re.compile(_TAG, re.IGNORECASE)
_ALONE = re.compile(rf"<p>\s*({_TAG})\s*</p>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+)")
# What an author wrote as <picture> is theirs to the last source.
_PICTURE = re.compile(r"<picture\b.*?</picture>", re.IGNORECASE | re.DOTALL)
# A third of the page's width beside the margin, or the window's without its padding.
_SIZES = "(min-width: 46rem) 43rem, 92vw"


@dataclass(frozen=True, slots=True)
class Source:
    """The copies of a picture in one format: their type, and each address with its width."""

    type: str
    copies: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page says of a picture: its size, its smaller copies, its address if that changes."""

    address: str | None
    width: int
    height: int
    sources: tuple[Source, ...] = ()


def dressed(html: str, look_up: Callable[[str], Shown | None]) -> str:
    """`html` with the size and the copies of each image that `look_up` knows by its address.

    All images but the first load late. An image alone in a paragraph, with a title, is a figure.
    """
    order = iter(range(len(html)))

    def dress(found: re.Match[str]) -> str:
        return _dressed_tag(found[0], look_up, is_first=next(order) == 0)

    pieces = []
    at = 0
    for picture in _PICTURE.finditer(html):
        pieces += [_IMAGE.sub(dress, html[at : picture.start()]), picture[0]]
        at = picture.end()
    return "".join((*pieces, _IMAGE.sub(dress, html[at:])))


def with_figures(html: str) -> str:
    """`html` with each image that has a title and stands alone set as a figure with a caption."""
    return _ALONE.sub(_figure, html)


def _figure(found: re.Match[str]) -> str:
    tag = found[1]
    title = _attributes(tag).get("title")
    if not title:
        return found[0]
    bare = re.sub(r"\s+title=(?:\"[^\"]*\"|'[^']*')", "", tag)
    caption = escape(title, quote=False)
    return f"<figure>\n{bare}\n<figcaption>{caption}</figcaption>\n</figure>"


def _dressed_tag(tag: str, look_up: Callable[[str], Shown | None], *, is_first: bool) -> str:
    has = _attributes(tag)
    shown = look_up(has.get("src") or "")
    wanted: dict[str, str] = {}
    if shown is not None and not has.keys() & {"width", "height"}:
        wanted = {"width": str(shown.width), "height": str(shown.height)}
    if not is_first:
        wanted["loading"] = "lazy"
    wanted["decoding"] = "async"
    added = "".join(f' {key}="{value}"' for key, value in wanted.items() if key not in has)
    image = re.sub(r"\s*/?>$", f"{added}>", tag)
    if shown is not None and shown.address is not None:
        address = f'src="{escape(shown.address)}"'
        image = _ATTRIBUTE.sub(lambda one: address if one[1].lower() == "src" else one[0], image)
    if shown is None or not shown.sources or "srcset" in has:
        return image
    return f"<picture>{''.join(map(_source, shown.sources))}{image}</picture>"


def _source(source: Source) -> str:
    listed = ", ".join(f"{escape(address)} {width}w" for address, width in source.copies)
    return f'<source type="{source.type}" srcset="{listed}" sizes="{_SIZES}">'


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = dict(attrs)

    handle_startendtag = handle_starttag


def _attributes(tag: str) -> dict[str, str | None]:
    reader = _Reader()
    reader.feed(tag)
    return reader.found
