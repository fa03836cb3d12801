"""The pages that a build wrote, which of them are meant to be found, and what changed them last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from pingback_server.domain.posts import Blog

# Both stand in the head, far above the text: no page is read to its end.
_HEAD = 8000
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)"')
_LISTS_WITHOUT_COUNTS = {"categories", "tags", "authors"}
_NOINDEX = re.compile(r'<meta name="robots" content="[^"]*noindex')


@dataclass(frozen=True, slots=True)
class Found:
    """A page for the sitemap: its address, its last change if known, itself in other languages."""

    address: str
    changed: datetime | None
    languages: tuple[tuple[str, str], ...] = ()


class Pages:
    """The pages of one build, by the address that each names as its own."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin a run, of which `pelican --autoreload` makes several."""
        self.blog: Blog | None = None
        self._found: dict[str, Found] = {}

    def note(self, path: str, context: dict[str, Any]) -> None:
        """Take in the page that Pelican wrote at `path`, unless it says that it is no address."""
        self.blog = context["site"]
        with open(path, encoding="utf-8") as file:
            head = file.read(_HEAD)
        canonical = _CANONICAL.search(head)
        if canonical is None or _NOINDEX.search(head):
            return
        address = unescape(canonical[1])
        languages = _languages(context, context["site"])
        self._found[address] = Found(address, _changed(context), languages)

    def listed(self) -> Iterator[Found]:
        """The pages in the order of their addresses."""
        return (self._found[address] for address in sorted(self._found))


def _languages(context: dict[str, Any], blog: Blog) -> tuple[tuple[str, str], ...]:
    """The page in all its languages, its own among them; empty if it has but one."""
    content = context.get("article") or context.get("page")
    if content is None or not content.translations or "comment_page" in context:
        return ()
    every = [content, *content.translations]
    return tuple(sorted((each.lang, f"{blog.url}/{each.url}") for each in every))


def _changed(context: dict[str, Any]) -> datetime | None:
    """When the page changed last: by what was written, or by what was said and is counted in it."""
    content = context.get("article") or context.get("page")
    if content is not None:
        return _newest([content], context if "article" in context else None)
    listed = context["articles_page"].object_list if "articles_page" in context else None
    counts = context.get("page_name") not in _LISTS_WITHOUT_COUNTS
    return _newest(listed or context.get("dates", []), context if counts else None)


def _newest(contents: list[Any], context: dict[str, Any] | None) -> datetime | None:
    """The last change of any of `contents`, of their discussions too if there is a `context`."""
    instants = [
        getattr(content, name)
        for content in contents
        for name in ("date", "modified")
        if hasattr(content, name)
    ]
    if context is not None:
        talks = [context["comments_on"](content) for content in contents]
        instants += [talk.changed_at for talk in talks if talk.changed_at]
    return max(instants, default=None)
