"""How fast passwords may be guessed: from one network and at one name, ever more slowly."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

REMEMBERED_FOR = timedelta(hours=1)
"""How long a guess counts."""

_FREE = 5
_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=5)
_NONE = timedelta(0)


def keys_of(name: str, network: str) -> tuple[str, ...]:
    """Under what guesses are counted: the name, and the network where that is known.

    A name is kept as a digest: it may be a password in error.
    """
    digest = hashlib.sha256(name.strip().casefold().encode()).hexdigest()[:32]
    of_name = f"name:{digest}"
    return (of_name, f"network:{network}") if network else (of_name,)


def wait_after(guesses: Sequence[datetime], now: datetime) -> timedelta:
    """How long the next guess has to wait, after those that still count; zero if not at all.

    Five are free; then each pause is twice the one before, from two seconds to five minutes. So
    there are never more than ten in a minute.
    """
    over = len(guesses) - _FREE
    if over < 0:
        return _NONE
    pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * (1 << min(over, 10)))
    return max(_NONE, max(guesses) + pause - now)
