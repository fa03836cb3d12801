"""Ends requests that hardly come in: who sends a byte a second keeps no connection for long."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

PATIENCE = 20.0
"""For how many seconds any request may be coming in, however little comes."""

_LEAST_RATE = 4096
_EVERY = 0.25


class SlowSenders:
    """Connections on which a request is coming in, and since when.

    waitress itself ends only those on which nothing comes at all, and takes 500 at once.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._since: WeakKeyDictionary[Any, float] = WeakKeyDictionary()
        self._looked_at = 0.0

    def end(self, channels: Iterable[Any], now: float) -> None:
        """Have the connections closed whose request takes longer than it may; `now` is in seconds.

        A long one may take longer: a second more for each 4 KiB that have come.
        """
        if now - self._looked_at < _EVERY:
            return
        self._looked_at = now
        for channel in channels:
            request = getattr(channel, "request", None)
            if request is not None and not channel.requests and self._is_late(request, now):
                channel.will_close = True

    def _is_late(self, request: Any, now: float) -> bool:
        came: int = request.header_bytes_received + request.body_bytes_received
        since = self._since.setdefault(request, now)
        return now - since > self._patience + came / _LEAST_RATE
