"""What a post or page has for itself alone: its id, its page, the feed of its comments."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from posixpath import normpath

from pelican.contents import Content

from pingback_server.domain.errors import BuildFailed
from pingback_server.domain.heads import line_of
from pingback_server.domain.posts import Post

from .feeds import ALL_COMMENTS, feed_path
from .metadata import wrong

# What an address is made of: the first that stands in the head is the line to change.
_ADDRESSES = ("save_as", "permalink", "url", "slug", "title")


def clashes(read: Iterable[tuple[Content, Post]]) -> list[BuildFailed]:
    """A refusal for each id and each place that two posts or pages claim, at the newer one's line.

    The newer one has the later date, or the later name of its file; what has no date is old.
    """
    ids: dict[str, str] = {}
    places = {ALL_COMMENTS: "all comments"}
    refusals = []
    for content, post in sorted(read, key=lambda pair: _age(pair[0])):
        name = str(content.relative_source_path)
        if (other := ids.setdefault(post.id, name)) != name:
            refusals.append(wrong(content, "id", f"{other} has {post.id!r} too"))
        for what, place in _places(post):
            if (other := places.setdefault(place, name)) != name:
                refusals.append(_displaced(content, f"{what} would lie at {place}", other))
                break
    return refusals


def _age(content: Content) -> tuple[float, str]:
    date = getattr(content, "date", None)
    return date.timestamp() if date else -math.inf, str(content.relative_source_path)


def _places(post: Post) -> Iterator[tuple[str, str]]:
    """What is written for it, and where; nothing where Pelican is told to write no page."""
    if post.file:
        yield "the page", normpath(post.file.lstrip("/"))
        if post.kind == "post":
            yield "the feed of its comments", feed_path(post)


def _displaced(content: Content, claim: str, other: str) -> BuildFailed:
    with open(str(content.source_path), encoding="utf-8-sig") as file:
        lines = file.readlines()
    line = next((found for key in _ADDRESSES if (found := line_of(key, lines)) > 1), 1)
    message = f"{claim}, where that of {other} lies; give it another address"
    return BuildFailed(message, content.source_path, line)
