"""The pictures of who comments, as the worker and `tick` get them: beside their other work."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from threading import Event, Thread

from ..deeds.fetch_avatars import ACCEPT, Get, fetch_avatars
from ..domain.errors import PermalienError
from ..fetch import Fetcher
from ..processes import say
from ..store import Store
from .workplace import Workplace, now

_LOOKS_EVERY = timedelta(minutes=1)
_PATIENCE_AT_END = 3.0
# Cron comes again in a minute.
_TICK_SECONDS = 20.0


class Portraitist:
    """Has one thread ask for what is due, as long as the settings say `gravatar`."""

    def __init__(self, here: Workplace, store: Store) -> None:
        self._here, self._store = here, store
        self._looked_at: datetime | None = None
        self._busy: Thread | None = None

    def looks(self, stopping: Event) -> None:
        """Begin to ask, if it is time and nobody is at it. NotPublished, Unavailable."""
        at = now()
        if self._looked_at is not None and timedelta(0) <= at - self._looked_at < _LOOKS_EVERY:
            return
        self._looked_at = at
        if not is_wanted(self._here, self._store):
            return
        if self._busy is None or not self._busy.is_alive():
            self._busy = Thread(target=self._fetch, args=(stopping,), daemon=True)
            self._busy.start()

    def end(self) -> None:
        """Wait a moment for the one that is asked for; what is left is asked for again."""
        if self._busy is not None:
            self._busy.join(_PATIENCE_AT_END)

    def _fetch(self, stopping: Event) -> None:
        try:
            fetch_avatars(self._store, _get(self._here.fetcher()), now, is_over=stopping.is_set)
        except PermalienError as trouble:
            say(f"worker: pictures are fetched later: {trouble}")


def fetch_what_is_due(here: Workplace, store: Store) -> None:
    """Ask for what is due, if it is wanted, for at most a tick. NotPublished, Unavailable."""
    until = time.monotonic() + _TICK_SECONDS
    if is_wanted(here, store):
        fetch_avatars(store, _get(here.fetcher()), now, is_over=lambda: time.monotonic() > until)


def is_wanted(here: Workplace, store: Store) -> bool:
    """Whether the settings say so; if not, nothing is kept. NotPublished, Unavailable."""
    if here.blog().discussion.avatars == "gravatar":
        return True
    store.avatars.forget_all(now())
    return False


def _get(fetcher: Fetcher) -> Get:
    return lambda url: fetcher.get(url, accept=ACCEPT)
