"""Conversations whose post is gone: they are kept, and the author is told where it may be."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches

from pingback_server.domain.discussion import Item
from pingback_server.domain.former import plain
from pingback_server.domain.posts import Manifest, Post

logger = logging.getLogger(__name__)

Said = Mapping[str, Sequence[Item]]


def find_orphans(
    said: Said, posts: Mapping[str, Post], before: Manifest | None
) -> dict[str, str | None]:
    """The ids that something was said of and no post has now, with that of the likely new place.

    What one build found the next one takes over from `before`, where the lost post is not known
    any more.
    """
    orphans = {}
    for lost in sorted(said.keys() - posts.keys()):
        place = before.orphans.get(lost) if before else None
        orphans[lost] = place if place in posts else _likely_place(lost, posts, before)
    return orphans


def _likely_place(lost: str, posts: Mapping[str, Post], before: Manifest | None) -> str | None:
    """Which post it may be now: one that names its address, else a new one like it."""
    known = before.posts if before else {}
    new = [post for post in posts.values() if post.id not in known]
    was = known.get(lost)
    if was is not None:
        alike = [post for post in posts.values() if plain(was.path) in map(plain, post.aliases)]
        alike += [post for post in new if (post.title, post.language) == (was.title, was.language)]
        alike += [post for post in new if post.path == was.path]
        if alike:
            return alike[0].id
    names = get_close_matches(lost, [post.id for post in new], n=1)
    return names[0] if names else None


def tell_of_orphans(
    orphans: Mapping[str, str | None], said: Said, withheld: Collection[str]
) -> None:
    """Warn of each conversation without a post; `withheld` are drafts and scheduled posts."""
    for lost, place in orphans.items():
        amount = _amount(said[lost])
        if lost in withheld:
            logger.warning(
                "The post %r is not public now. Kept until it is again: %s.",
                lost,
                amount,
            )
        else:
            logger.warning(
                "The post %r is not there any more. Kept for it: %s. If it moved, write "
                "`Id: %s` into its metadata%s.",
                lost,
                amount,
                lost,
                f" (perhaps that of {place})" if place else "",
            )


def _amount(items: Sequence[Item]) -> str:
    """`2 comments and 1 ping`."""
    pings = sum(1 for item in items if item.is_ping)
    comments = sum(1 for item in items if not item.is_ping and not item.is_gone)
    counted = ((comments, "comment"), (pings, "ping"))
    return " and ".join(f"{n} {what}{'s' if n > 1 else ''}" for n, what in counted if n)
