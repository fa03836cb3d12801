"""The author closes or opens the discussion of a post by hand, whatever its date says."""

from __future__ import annotations

from datetime import datetime

from ..domain.errors import UnknownPost
from ..domain.posts import Manifest
from ..domain.switches import Switch
from ..store import Store


def switch(
    post: str, wanted: Switch, *, blog: Manifest, store: Store, now: datetime, by: str
) -> int | None:
    """Close or open a post to comments and pings; the door obeys at once, the page follows.

    The number of the action, None if it stood so already. Raises UnknownPost for what has no
    discussion, or Unavailable.
    """
    found = blog.posts.get(post)
    if found is None or found.kind != "post":
        raise UnknownPost(f"no post {post!r} is published")
    return store.switches.set(post, wanted, now=now, by=by)
