"""What is kept longer than the settings say is deleted: by itself, every day, in small commits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ..domain.retention import limits
from ..domain.settings import DiscussionSettings
from ..store import Store

PURGER = "the settings"
"""Who decides, in the log, that something is deleted because its time is over."""

MOST_BATCHES = 500
"""How many commits of one kind of thing there are at most in one go; the rest follows."""


def purge(
    settings: DiscussionSettings,
    store: Store,
    now: datetime,
    *,
    is_clock_believed: bool = False,
    is_over: Callable[[], bool] = bool,
) -> dict[str, int]:
    """Delete what is over, if it is time: how many of which things.

    Nothing, unless the clock has gone on steadily for a while or `is_clock_believed`. Stops early
    when `is_over` says so, or where there is very much: the next call goes on. Unavailable.
    """
    clock = store.retention.look(now)
    if not is_clock_believed and not clock.may_purge():
        return {}
    at, is_left = limits(settings, now), False
    counts: dict[str, int] = {}
    for step in store.retention.steps():
        for _ in range(MOST_BATCHES):
            if is_over() or not (some := store.retention.delete_some(step, at)):
                break
            counts[step] = counts.get(step, 0) + some
        else:
            is_left = True
    if not is_left and not is_over():
        store.retention.done(counts, now=now, by=PURGER)
    return counts
