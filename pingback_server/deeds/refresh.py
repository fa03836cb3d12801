"""Time passes: pages whose instant has come are marked, without anyone asking."""

from __future__ import annotations

from datetime import datetime

from ..domain.posts import Manifest
from ..store import Store


def mark_due(blog: Manifest, store: Store, now: datetime) -> frozenset[str]:
    """Mark the posts that closed or fell due since they were last built; returns those marked now.

    It needs no memory: what is due is what lies between the last build and `now`.
    """
    closing = {post.id: post.closes_at for post in blog.posts.values() if post.comments}
    instants = closing | dict(blog.scheduled)
    due = {
        post
        for post, instant in instants.items()
        if instant is not None and blog.built_at < instant <= now
    }
    waiting = store.dirty() if due else None
    fresh = frozenset(due - (waiting.posts if waiting else frozenset()))
    if fresh:
        store.mark_dirty(fresh, now)
    return fresh
