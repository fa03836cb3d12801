"""What the author has closed or opened by hand, over what settings, metadata and dates say."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .posts import Post


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether a post takes comments and pings: None as its metadata and its date say."""

    comments: bool | None = None
    pings: bool | None = None


AS_SET = Switch()
"""The switch of a post that nobody has touched."""


def switched(post: Post, switch: Switch) -> Post:
    """The post as it is with its switch: what is opened by hand does not close by its date."""
    if post.kind != "post" or switch == AS_SET:
        return post
    if switch.comments is not None:
        post = replace(post, comments=switch.comments, closes_at=None)
    if switch.pings is not None:
        post = replace(post, pings=switch.pings, pings_close_at=None)
    return post
