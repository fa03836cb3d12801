"""How far the pages have followed what was decided: live since when, on their way, or why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ...processes import last_end
from ...server_settings import build_folder_of
from ..service import service


@dataclass(frozen=True, slots=True)
class Republishing:
    """`waiting` is how many posts' pages are still to follow; `is_stopped` that nobody is at it.

    `live_since` is when the pages that readers see were built, `waiting_since` when the first
    change came that they do not show. `problems` are what the last build found, with `file:line`
    where known, if it failed: then nothing is published until that is mended.
    """

    waiting: int
    is_stopped: bool
    live_since: datetime
    waiting_since: datetime | None
    problems: tuple[str, ...]


def republishing() -> Republishing:
    """The state of the pages now."""
    here = service()
    live_since, dirty = here.blog().built_at, here.store.dirty()
    if dirty is None:
        return Republishing(0, False, live_since, None, ())
    ended = last_end(build_folder_of(here.data))
    # A build by hand that went well leaves no word here.
    problems = ended.problems if ended.at > live_since.timestamp() else ()
    is_stopped = not here.press_is_alive()
    return Republishing(len(dirty.posts), is_stopped, live_since, dirty.since, problems)
