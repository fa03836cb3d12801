"""The pages follow the database: build, carry to the live folder, take the marks away."""

from __future__ import annotations

from collections.abc import Callable

from ..processes import Build
from ..store import Store


def publish(store: Store, build: Callable[[], Build]) -> Build:
    """Publish everything as the store has it now.

    Marks made while the build runs stay for the next one. BuildFailed leaves the live pages and
    all marks as they were.
    """
    dirty = store.dirty()
    built = build()
    if dirty is not None:
        store.cleaned(dirty.upto)
    return built


def publish_if_dirty(store: Store, build: Callable[[], Build]) -> Build | None:
    """Publish if any page is marked; None if none is."""
    return publish(store, build) if store.dirty() is not None else None
