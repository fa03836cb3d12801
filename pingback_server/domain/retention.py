"""How long what is kept: from the settings and the hour to what is over, and whether to believe it.

A clock that jumped ahead would have everything deleted at once. So nothing is deleted before the
clock has gone on steadily for a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from .settings import DiscussionSettings

EVERY = timedelta(days=1)
"""How often what is over is deleted."""

LEAP = timedelta(days=2)
"""The longest time in which nobody looked at the clock that is not taken for a jump."""

STEADY_FOR = timedelta(days=2)
"""How long the clock has to have gone on after a jump before anything is deleted by it."""

SET_BACK = timedelta(minutes=5)
"""By how much a clock may go back and still be the same."""

BROWSERS_KEPT = timedelta(days=365)
"""As long as its cookie lasts, a browser is known again; after that its digest says nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is older than these instants is over."""

    addresses: datetime
    spam: datetime
    trash: datetime
    messages: datetime
    log: datetime
    browsers: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock as it was last seen, since when it has gone steadily, and when was last purged."""

    seen_at: datetime
    steady_since: datetime
    purged_at: datetime | None = None

    def may_purge(self) -> bool:
        """Whether it is time, and the time is to be believed."""
        if self.seen_at - self.steady_since < STEADY_FOR:
            return False
        return self.purged_at is None or not timedelta(0) <= self.seen_at - self.purged_at < EVERY


def limits(settings: DiscussionSettings, now: datetime) -> Limits:
    """What is over at `now`."""
    return Limits(
        addresses=now - timedelta(days=settings.keep_addresses_days),
        spam=now - timedelta(days=settings.keep_spam_days),
        trash=now - timedelta(days=settings.keep_trash_days),
        messages=now - timedelta(days=settings.keep_messages_days),
        log=now - timedelta(days=settings.keep_log_days),
        browsers=now - BROWSERS_KEPT,
        now=now,
    )


def seen(clock: Clock | None, now: datetime) -> Clock:
    """The clock once it is seen to say `now`: a jump in either direction makes it unsteady."""
    if clock is None:
        return Clock(now, now)
    is_steady = -SET_BACK <= now - clock.seen_at <= LEAP
    return Clock(now, clock.steady_since if is_steady else now, clock.purged_at)
