"""Counts what arrives, in this process alone and within bounded memory: sliding windows."""

from __future__ import annotations

from datetime import datetime
from threading import Lock

from ..domain.rules.case import Crowd
from ..domain.rules.times import WINDOW

MOST_KEYS = 20_000
"""How many networks and posts are counted apart in one window; what comes on top is not."""

_BLOG = ""


class Rates:
    """How many came from a network, to a post and in all, in the last `WINDOW`.

    A window that slides is told from two that stand: all of the present one, and of the one before
    the part that is still less than `WINDOW` ago.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._number = 0
        self._before: dict[str, int] = {}
        self._present: dict[str, int] = {}

    def count(self, network: str, post: str, now: datetime) -> Crowd:
        """Count one more, and how many there are with it."""
        number, share = divmod(now.timestamp(), WINDOW.total_seconds())
        still = 1 - share / WINDOW.total_seconds()
        with self._guard:
            self._turn(int(number))
            return Crowd(
                network=self._add(f"network {network}", still) if network else 0,
                post=self._add(f"post {post}", still),
                blog=self._add(_BLOG, still),
            )

    def _turn(self, number: int) -> None:
        if number == self._number:
            return
        self._before = self._present if number == self._number + 1 else {}
        self._present = {}
        self._number = number

    def _add(self, key: str, still: float) -> int:
        present = self._present
        if key in present or len(present) < MOST_KEYS or key == _BLOG:
            present[key] = present.get(key, 0) + 1
        return int(present.get(key, 1) + self._before.get(key, 0) * still)
