"""Time passes: pages whose instant has come are marked, without anyone asking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ..domain.posts import Manifest
from ..store import Store


def mark_due(blog: Manifest, store: Store, now: datetime) -> frozenset[str]:
    """Mark the posts that are due and are not marked yet; returns those."""
    posts = due(blog, now)
    waiting = store.dirty() if posts else None
    fresh = posts - (waiting.posts if waiting else frozenset())
    if fresh:
        store.mark_dirty(fresh, now)
    return fresh


def due(blog: Manifest, now: datetime) -> frozenset[str]:
    """The posts that closed or were to appear since they were last built.

    It needs no memory: what is due is what lies between the last build and `now`.
    """
    instants = _instants(blog)
    return frozenset(post for post, instant in instants if blog.built_at < instant <= now)


def _instants(blog: Manifest) -> Iterator[tuple[str, datetime]]:
    """The instants at which time alone changes a page: it closes to something, or appears."""
    for post in blog.posts.values():
        if post.comments and post.closes_at is not None:
            yield post.id, post.closes_at
        if post.pings and post.pings_close_at is not None:
            yield post.id, post.pings_close_at
    yield from blog.scheduled.items()
