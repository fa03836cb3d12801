"""When a discussion closes: one absolute instant per post, computed and never stored."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def closing_instant(
    posted_on: date, *, zone: ZoneInfo, days: int, closes_on: date | None = None
) -> datetime | None:
    """When the comments on a post close, in UTC; None if they never do.

    `posted_on` is the post's day in the blog's time `zone`. The discussion closes when the day
    `posted_on + days` ends there, or when the day `closes_on` ends if the post names one; `days`
    = 0 is never (design: invariant 5), and so is a day at the end of the calendar. A day ends where
    the next one begins, whatever its clocks do.
    """
    if closes_on is None and days == 0:
        return None
    try:
        last_day = closes_on if closes_on is not None else posted_on + timedelta(days=days)
        return _beginning_of(last_day + timedelta(days=1), zone)
    except OverflowError:
        return None


def _beginning_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of `day` in `zone`, in UTC, even where midnight or the day is skipped."""
    midnight = datetime.combine(day, time(), UTC)
    # No clock is further from UTC than a day, so the day has not begun yet, and has.
    before, after = midnight - timedelta(hours=36), midnight + timedelta(hours=36)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).date() < day:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def is_open(closes_at: datetime | None, now: datetime) -> bool:
    """Whether a discussion that closes at `closes_at` is open at `now`."""
    return closes_at is None or now < closes_at


def is_in_grace(closes_at: datetime | None, now: datetime, grace: timedelta) -> bool:
    """Whether `now` is after closing, but so shortly that a form under way is still taken."""
    return closes_at is not None and closes_at <= now < closes_at + grace
