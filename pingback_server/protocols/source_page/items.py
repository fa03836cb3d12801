"""The items in which mf2py tells what it found: their properties, as text and as addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

Item: TypeAlias = dict[str, Any]


def is_a(value: object, kind: str) -> bool:
    """Whether `value` is an item of that kind, such as `h-card`."""
    return isinstance(value, dict) and kind in value.get("type", ())


def values_of(item: Item, name: str) -> list[Any]:
    """All values of a property: strings, items, or dictionaries with a `value`."""
    found: list[Any] = item["properties"].get(name, [])
    return found


def text_of(item: Item, name: str) -> str:
    """The first value of a property as text, empty without one."""
    for value in values_of(item, name):
        return str(value.get("value", "")) if isinstance(value, dict) else str(value)
    return ""


def addresses(values: list[Any]) -> Iterator[str]:
    """The addresses that values of a u-property are: of a nested item (h-cite) its u-url."""
    for value in values:
        if not isinstance(value, dict):
            yield str(value)
        elif own := value.get("properties", {}).get("url", []):
            yield from addresses(own)
        else:
            yield str(value.get("value", ""))


def with_items_below(items: list[Item]) -> Iterator[Item]:
    """The items and all that stand in them, as children or as properties."""
    waiting = list(reversed(items))
    while waiting:
        item = waiting.pop()
        yield item
        inner = [*item.get("children", [])]
        for values in item.get("properties", {}).values():
            inner += [value for value in values if isinstance(value, dict) and "type" in value]
        waiting.extend(reversed(inner))
