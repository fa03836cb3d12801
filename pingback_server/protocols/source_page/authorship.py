"""Whose an entry is, by the authorship algorithm of microformats as far as one page tells."""

from __future__ import annotations

from typing import Any

from ...domain.addresses import same_page
from ...domain.quoting import web_address
from .items import Item, addresses, is_a, text_of, values_of, with_items_below


def author_of(entry: Item, feed: Item | None, found: dict[str, Any]) -> tuple[str, str]:
    """The name and the address of who wrote `entry`; empty where the page does not say.

    It is the entry's own author, else that of the `feed` around it, else the page's rel=author;
    of an address alone, the card on the same page that has it gives the name. `found` is all that
    mf2py tells of the page.
    """
    values = values_of(entry, "author") or (values_of(feed, "author") if feed else [])
    values = values or found.get("rels", {}).get("author", [])
    if not values:
        return "", ""
    value = values[0]
    if isinstance(value, dict):
        return _of_card(value) if is_a(value, "h-card") else (str(value.get("value", "")), "")
    if web_address(str(value)):
        return _name_at(str(value), found["items"]), str(value)
    return str(value), ""


def _of_card(card: Item) -> tuple[str, str]:
    return text_of(card, "name"), _first_address(card)


def _first_address(card: Item) -> str:
    found = (web_address(address) for address in addresses(values_of(card, "url")))
    return next(filter(None, found), "")


def _name_at(address: str, items: list[Item]) -> str:
    """The name on the card that says it is at `address`."""
    for item in with_items_below(items):
        if is_a(item, "h-card"):
            own = addresses(values_of(item, "url"))
            if any(same_page(one, address) for one in own):
                return text_of(item, "name")
    return ""
