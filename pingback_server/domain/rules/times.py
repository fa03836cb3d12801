"""When it comes: after closing, on an old post, in a crowd, or faster than anybody reads."""

from __future__ import annotations

from datetime import timedelta

from ..discussion import Reason
from . import links
from .case import Case

WINDOW = timedelta(minutes=10)
"""The time for which the rates count."""

LATE = Reason("late", "It was sent shortly after the discussion had closed.")
CONFIRMED = Reason("preview", "It looked suspect; its writer saw a preview and sent it again.")
QUICK = Reason("quick", "It was confirmed faster than anybody reads it.", 2.0)
BUSY_POST = Reason("busy-post", "More than usual is being written below this post.", 0.5)
BUSY_BLOG = Reason("busy-blog", "More than usual is being written on this blog.", 0.5)

_TO_LOOK = timedelta(seconds=1)
_TO_READ = 200  # characters a second: who wrote it skims it
_LONGEST = timedelta(seconds=5)


def late(case: Case) -> Reason | None:
    """It was sent within the grace period."""
    return LATE if case.is_late else None


def old_post(case: Case) -> Reason | None:
    """A link below a post that the blog has long left behind."""
    days = case.settings.old_post_days
    if not days or case.is_trusted or case.age is None or case.age < timedelta(days=days):
        return None
    if not case.fields.url and not links.count(case.fields.comment, case.html):
        return None
    return Reason("old-post", f"It leaves a link below a post of {case.age.days} days ago.", 0.5)


def busy(case: Case) -> Reason | None:
    """So much arrives at once that the author has to see it first."""
    if case.is_trusted:
        return None
    if 0 < case.settings.comments_per_post < case.crowd.post:
        return BUSY_POST
    return BUSY_BLOG if 0 < case.settings.comments_per_blog < case.crowd.blog else None


def confirmed(case: Case) -> Reason | None:
    """It was suspect before its preview, whatever was made of it since."""
    is_told = case.waited is not None and case.settings.preview == "suspects"
    return CONFIRMED if is_told else None


def quick(case: Case) -> Reason | None:
    """The preview came back before its writer can have looked at it."""
    if case.waited is None:
        return None
    needed = _TO_LOOK + timedelta(seconds=len(case.fields.comment) / _TO_READ)
    return QUICK if case.waited < min(needed, _LONGEST) else None
