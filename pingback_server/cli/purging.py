"""The purge as the worker and `tick` do it: they look once an hour whether something is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Event

from ..deeds.purge import purge
from ..processes import say
from ..store import Store
from .workplace import Workplace, now

_LOOKS_EVERY = timedelta(hours=1)


class Purger:
    """Deletes what is kept too long, when it is time."""

    def __init__(self, here: Workplace, store: Store) -> None:
        self._here = here
        self._store = store
        self._looked_at: datetime | None = None

    def looks(self, stopping: Event) -> None:
        """Purge if that is due, and end early once `stopping` is set. NotPublished, Unavailable."""
        at = now()
        if self._looked_at is not None and timedelta(0) <= at - self._looked_at < _LOOKS_EVERY:
            return
        settings = self._here.blog().discussion
        counts = purge(settings, self._store, at, is_over=stopping.is_set)
        self._looked_at = at
        if counts:
            done = ", ".join(f"{count} {what}" for what, count in counts.items())
            say(f"deleted what was kept as long as the settings say: {done}")
