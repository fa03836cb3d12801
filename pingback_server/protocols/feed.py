"""What a feed says, whatever its format: who said what, where, when, and in answer to what."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from ..domain.form import without_controls

# A feed has to say when it changed, and before its first item nothing did.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote something; `url` may be empty."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an item answers: its id in its own feed, and the address of its page."""

    id: str
    address: str


@dataclass(frozen=True, slots=True)
class Replies:
    """What was said under an item: the feed of it, how much, and when the last word fell."""

    feed: str
    page: str
    count: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """A post, a comment or a ping. `html` is its full text, `summary` a few words without markup.

    `id` never changes, wherever the item moves; all addresses are absolute. `read_on` is the words
    that lead from the summary to the whole.
    """

    id: str
    address: str
    title: str
    html: str
    published: datetime
    updated: datetime
    read_on: str
    authors: tuple[Person, ...] = ()
    summary: str = ""
    categories: tuple[str, ...] = ()
    language: str = ""
    answers: Answered | None = None
    replies: Replies | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """For a person who opens a feed in a browser: what this is, in words.

    `style` is the address of the stylesheet, from the root of the host.
    """

    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed at `address` of what stands at `home`; its items are in the order of their listing."""

    title: str
    address: str
    home: str
    language: str
    author: Person
    hint: Hint
    description: str = ""
    items: tuple[Item, ...] = ()

    @property
    def updated(self) -> datetime:
        """The newest change of any item: a feed knows no clock."""
        return max((item.updated for item in self.items), default=_NEVER)


def lasting_id(blog: str, name: str) -> str:
    """The id of a thing in all feeds of the `blog` at that address, wherever the thing moves.

    It hangs on the host and on a `name` that the blog never gives twice: that of a post
    (`post/ID`), or the anchor of what was said (`comment-12`).
    """
    host = urlsplit(blog).hostname or ""
    return uuid5(NAMESPACE_URL, f"//{host}/{name}").urn


def without_forbidden(value: Value) -> Value:
    """`value` with all its texts free of what XML forbids, so that no hostile one breaks a feed."""
    return _cleaned(value)  # type: ignore[no-any-return]  # a value of the same kind


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return without_controls(value)
    if isinstance(value, tuple):
        return tuple(_cleaned(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{item.name: _cleaned(getattr(value, item.name)) for item in fields(value)}
        )
    return value
