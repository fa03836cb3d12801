"""Addresses that posts have left, and from which nothing leads to where they stand now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .former import former_addresses, plain
from .posts import Manifest, Post


def left_addresses(before: Manifest | None, posts: Mapping[str, Post]) -> dict[str, str]:
    """The addresses at which `posts` stood `before` and that lead nowhere now, each with the id.

    What one build found the next one takes over, until something stands there or leads on from
    there (`Aliases:`), or the post is gone.
    """
    if before is None:
        return {}
    moved = {
        post.path: id for id, post in before.posts.items() if id in posts and "?" not in post.path
    }
    known = {address for post in posts.values() for address in _answered(post)}
    return {
        path: id
        for path, id in {**before.left, **moved}.items()
        if id in posts and plain(path) not in known
    }


def _answered(post: Post) -> Iterator[str]:
    """Where a reader finds `post`, in plain form."""
    yield plain(post.path)
    yield from former_addresses(post.path, post.aliases, post.number, post.file)
