"""What one fetch may cost: seconds and bytes, over all of its hops together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..domain.errors import FetchFailed


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one fetch may take before it is given up.

    `seconds` are for everything together, DNS and TLS included, `connect_seconds` for one try to
    reach one address; `wire_bytes` are what comes in over all hops, `header_bytes` of them the
    head of one answer, `decoded_bytes` the page once unpacked; `hops` are redirects.
    """

    hops: int = 5
    seconds: float = 10.0
    connect_seconds: float = 3.0
    header_bytes: int = 64_000
    wire_bytes: int = 1_000_000
    decoded_bytes: int = 2_000_000


USUAL = Limits()


class Budget:
    """What is left of the limits; `url` is where the fetch is now, for what it says."""

    def __init__(self, limits: Limits, now: Callable[[], float], url: str) -> None:
        self.limits, self.url = limits, url
        self._now = now
        self._end = now() + limits.seconds
        self._wire = limits.wire_bytes
        self._head: int | None = None

    def seconds_left(self) -> float:
        """More than none; FetchFailed (`timeout`) when they are over."""
        left = self._end - self._now()
        if left <= 0:
            raise self.timeout()
        return left

    def timeout(self) -> FetchFailed:
        """That it took too long."""
        words = f"not done in {self.limits.seconds:g} seconds"
        return FetchFailed("timeout", self.url, words, passing=True)

    def begin_head(self) -> None:
        """What comes now is the head of an answer."""
        self._head = self.limits.header_bytes

    def end_head(self) -> None:
        """What comes now is its body."""
        self._head = None

    def take(self, count: int) -> None:
        """`count` bytes have come in; FetchFailed (`too-large`) if they are too many."""
        self._wire -= count
        if self._wire < 0:
            raise self.too_large(f"more than {self.limits.wire_bytes:,} bytes")
        if self._head is not None:
            self._head -= count
            if self._head < 0:
                raise self.too_large(f"a head of more than {self.limits.header_bytes:,} bytes")

    def expect(self, count: int) -> None:
        """`count` bytes are announced; FetchFailed (`too-large`) if they can only be too many."""
        if count > self.limits.wire_bytes:
            raise self.too_large(f"announces {count:,} bytes")

    def too_large(self, words: str) -> FetchFailed:
        """That it was too much."""
        return FetchFailed("too-large", self.url, words)
