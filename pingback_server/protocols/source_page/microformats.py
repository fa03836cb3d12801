"""What a source says of itself to machines: its h-entry, whose it is, and how it responds.

mf2py never sees the page itself, only what justhtml has read and cleaned of it. Nothing is fetched:
what stands on other pages is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import mf2py
from bs4 import BeautifulSoup

from ...domain.addresses import same_page
from ...domain.discussion import Response
from ...domain.quoting import (
    CONTENT_LENGTH,
    NAME_LENGTH,
    SIDE,
    TITLE_LENGTH,
    fragment_of,
    is_one_emoji,
    language_tag,
    lines,
    one_line,
    past,
    web_address,
)
from ...domain.source_pages import SourcePage
from .authorship import author_of
from .errand import Errand, host_of
from .items import Item, addresses, is_a, text_of, values_of
from .thinning import Thinned

_RESPONSES = (
    ("repost-of", Response.REPOST),
    ("like-of", Response.LIKE),
    ("in-reply-to", Response.REPLY),
    ("bookmark-of", Response.BOOKMARK),
)
_BRIDGES = ("brid.gy", "brid-gy.appspot.com")


def as_entry(page: SourcePage, root: Any, errand: Errand) -> SourcePage:
    """`page` with what its own entry says of it; as it was if it has none that can be read.

    The tree below `root` is used up.
    """
    thinned = Thinned(root)
    soup = BeautifulSoup(thinned.html, "html.parser")
    try:
        items = mf2py.Parser(doc=soup, url=errand.url).to_dict()
    except (RecursionError, ValueError):  # nested too deep, or an address that is none
        return page
    if (found := _entry(items["items"], errand.url)) is None:
        return page
    author, author_url = author_of(*found, items)
    described = replace(
        page,
        author=one_line(author, NAME_LENGTH) or page.author,
        author_url=web_address(author_url),
    )
    return _described(described, found[0], thinned, errand)


def _entry(items: list[Item], url: str) -> tuple[Item, Item | None] | None:
    """The entry that the page is about, and the feed around it.

    It is the one whose u-url is the page, else the first on the top level (microformats2,
    representative h-entry). Of a feed it is none but by its address, or where there is only one.
    """
    found = list(_entries(items, None))
    for entry, feed in found:
        if any(same_page(address, url) for address in addresses(values_of(entry, "url"))):
            return entry, feed
    for entry, feed in found:
        if feed is None or len(found) == 1:
            return entry, feed
    return None


def _entries(items: list[Item], feed: Item | None) -> Iterator[tuple[Item, Item | None]]:
    for item in items:
        if is_a(item, "h-entry"):
            yield item, feed
        else:
            yield from _entries(item.get("children", []), item)


def _described(page: SourcePage, entry: Item, thinned: Thinned, errand: Errand) -> SourcePage:
    response, fragment = _response(entry, errand.target)
    content = _content(entry, thinned)
    name = one_line(thinned.words(text_of(entry, "name")), TITLE_LENGTH)
    return replace(
        page,
        response=_reaction(response, content),
        title=name if name and page.title == errand.host else page.title,
        published=past(text_of(entry, "published"), errand.now) or page.published,
        language=page.language or language_tag(str(entry.get("lang", ""))),
        excerpt=page.excerpt or one_line(content, 2 * SIDE),
        content=content if response is Response.REPLY else "",
        fragment=fragment or page.fragment,
        shown_url=_shown_url(entry, errand),
    )


def _response(entry: Item, target: str) -> tuple[Response, str]:
    """How the entry responds to `target`, and the fragment by which it does.

    The order is that of the response algorithm; whoever answers an invitation mentions it.
    """
    if not values_of(entry, "rsvp"):
        for name, response in _RESPONSES:
            to_target = [
                address
                for address in addresses(values_of(entry, name))
                if same_page(address, target)
            ]
            if to_target:
                return response, next(filter(None, map(fragment_of, to_target)), "")
    return Response.MENTION, ""


def _reaction(response: Response, content: str) -> Response:
    """A reply of one emoji is a like (IndieWeb: reacji)."""
    is_reaction = response is Response.REPLY and is_one_emoji(content)
    return Response.LIKE if is_reaction else response


def _content(entry: Item, thinned: Thinned) -> str:
    """The text of an entry: its content, else its summary, else its name."""
    texts = (text_of(entry, name) for name in ("content", "summary", "name"))
    found = (lines(thinned.words(text), CONTENT_LENGTH) for text in texts)
    return next(filter(None, found), "")


def _shown_url(entry: Item, errand: Errand) -> str:
    """Of what a bridge brought here from elsewhere, the address there."""
    if errand.host in _BRIDGES or errand.host.endswith(f".{_BRIDGES[0]}"):
        for address in map(web_address, addresses(values_of(entry, "url"))):
            if address and host_of(address) != errand.host:
                return address
    return errand.url
