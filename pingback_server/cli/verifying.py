"""Reads the sources of pings: several at once beside the worker's other jobs, or one by one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Thread

from ..deeds.verify_ping import ACCEPT, LEASE, Reading, verify_ping
from ..domain.errors import PermalienError
from ..domain.pings import ReceivedPing
from ..domain.source_pages import SourcePage
from ..fetch import BeforeCall, Fetcher, Page, Validators
from ..processes import read_source, say
from ..store import Store, Verification
from .workplace import Workplace, now

_AT_ONCE = 5
_PATIENCE_AT_END = 3.0
_TIDY_EACH = timedelta(hours=1)
# Cron comes again in a minute.
_TICK_SECONDS = 40.0


class Verifiers:
    """Up to five readers at once; each begins with a lease, so that none of their work is lost."""

    def __init__(self, here: Workplace, store: Store) -> None:
        self._here, self._store = here, store
        self._busy: list[Thread] = []
        self._tidied_at: datetime | None = None

    def begin_what_is_due(self) -> None:
        """Start readers for what is due, as far as any are idle. Unavailable."""
        at = now()
        if self._tidied_at is None or at - self._tidied_at > _TIDY_EACH:
            self._store.pings.tidy(at)
            self._tidied_at = at
        self._store.pings.ask_again(at)
        self._busy = [reader for reader in self._busy if reader.is_alive()]
        while len(self._busy) < _AT_ONCE and (taken := take(self._store)) is not None:
            reader = Thread(target=self._read, args=(taken,), daemon=True)
            reader.start()
            self._busy.append(reader)

    def end(self) -> None:
        """Wait a moment for those at work; what they leave is done again when the lease is over."""
        until = time.monotonic() + _PATIENCE_AT_END
        for reader in self._busy:
            reader.join(max(0.0, until - time.monotonic()))

    def _read(self, taken: Verification) -> None:
        try:
            verify(self._here, self._store, taken)
        except PermalienError as trouble:
            say(f"worker: ping {taken.ping.id} is verified later: {trouble}")


def verify_what_is_due(here: Workplace, store: Store) -> None:
    """Verify what is due, one after the other, for at most a tick. NotPublished, Unavailable."""
    until = time.monotonic() + _TICK_SECONDS
    store.pings.tidy(now())
    store.pings.ask_again(now())
    while time.monotonic() < until and (taken := take(store)) is not None:
        verify(here, store, taken)


def take(store: Store, only: int | None = None) -> Verification | None:
    """A ping to verify, for this process alone."""
    return store.pings.take(now(), lease=LEASE, by=f"verifier {os.getpid()}", only=only)


def verify(here: Workplace, store: Store, taken: Verification) -> ReceivedPing:
    """Read its source and settle it; the ping as it is then. NotPublished, Unavailable."""
    reading = Reading(
        blog=here.blog(),
        store=store,
        rulings=store.rulings.all(),
        get=_get(here.fetcher()),
        read=_read,
    )
    verify_ping(taken, reading, now)
    return store.pings.by_number(taken.ping.id)


def _get(fetcher: Fetcher) -> Callable[[str, Validators, BeforeCall], Page]:
    def get(url: str, known: Validators, before_call: BeforeCall) -> Page:
        return fetcher.get(url, accept=ACCEPT, conditional=known, before_call=before_call)

    return get


def _read(page: Page, target: str, at: datetime) -> SourcePage:
    return read_source(
        page.body,
        content_type=page.headers.get("content-type", ""),
        url=page.url,
        target=target,
        now=at,
    )
