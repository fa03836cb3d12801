"""How far the pages have followed what was decided: live since when, or on their way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..service import service


@dataclass(frozen=True, slots=True)
class Republishing:
    """`waiting` is how many posts' pages are still to follow; `is_stopped` that nobody is at it.

    `live_since` is when the pages that readers see were built.
    """

    waiting: int
    is_stopped: bool
    live_since: datetime


def republishing() -> Republishing:
    """The state of the pages now."""
    here = service()
    dirty = here.store.dirty()
    waiting = 0 if dirty is None else len(dirty.posts)
    is_stopped = waiting > 0 and not here.press_is_alive()
    return Republishing(waiting, is_stopped, here.blog().built_at)
