"""The pages follow the database: build, carry to the live folder, take the marks away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ..processes import Build
from ..store import Store

EVERYTHING = "*"
"""The mark that stands for every page, where no post in particular is dirty."""


def publish(store: Store, build: Callable[[], Build], now: datetime) -> Build | None:
    """Publish everything as the content and the store have it now.

    It is marked first: what a build leaves that is killed half-way, the press takes up. None if
    another has published it meanwhile. BuildFailed.
    """
    store.mark_dirty([EVERYTHING], now)
    return publish_if_dirty(store, build)


def publish_if_dirty(store: Store, build: Callable[[], Build]) -> Build | None:
    """Publish if any page is marked; None if none is.

    Marks made while the build runs stay for the next one. BuildFailed leaves the live pages and
    all marks as they were.
    """
    dirty = store.dirty()
    if dirty is None:
        return None
    built = build()
    store.cleaned(dirty.upto)
    return built
