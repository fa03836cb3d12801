"""Conversations whose post is gone: they are kept, and the author is told where it may be."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sized
from difflib import get_close_matches

from pingback_server.domain.posts import Post

logger = logging.getLogger(__name__)


def tell_of_orphans(
    comments: Mapping[str, Sized],
    posts: Mapping[str, Post],
    before: Mapping[str, Post],
) -> None:
    """Warn of every conversation whose post is not among `posts`; `before` are the last build's."""
    for lost in sorted(comments.keys() - posts.keys()):
        logger.warning(
            "%s comments belong to the post %r, which is not published any more. They are kept; "
            "if the post moved, write `Id: %s` into its metadata%s.",
            len(comments[lost]),
            lost,
            lost,
            _likely_place(lost, posts, before),
        )


def _likely_place(lost: str, posts: Mapping[str, Post], before: Mapping[str, Post]) -> str:
    """Which of the new posts it may be now: one of the same title, else of a similar name."""
    new = [post for post in posts.values() if post.id not in before]
    titles = [post.id for post in new if lost in before and post.title == before[lost].title]
    names = titles or get_close_matches(lost, [post.id for post in new], n=1)
    return f" (perhaps that of {names[0]})" if names else ""
