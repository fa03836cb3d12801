"""The author takes a decision back: everything is as it was before, for thirty days."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..domain.actions import EVERYTHING, Action, Reach
from ..domain.errors import Impossible
from ..store import Store, Undone


def undo(
    action: int | None, reach: Reach = EVERYTHING, *, store: Store, now: datetime, by: str
) -> Undone:
    """Take back the action with this number; None is the last one that `by` did.

    Raises Impossible for what is beyond `reach`, too old or undone already, NotInThatState if
    nothing is left of it, or Unavailable; then nothing has changed.
    """
    if action is None:
        own = last(reach, store=store, now=now, by=by)
        if own is None:
            raise Impossible("there is nothing to undo")
        action = own.id
    return store.moderation.undo(action, reach, now=now, by=by)


def last(reach: Reach = EVERYTHING, *, store: Store, now: datetime, by: str) -> Action | None:
    """The last thing that `by` did and can still take back. Unavailable."""
    own = replace(reach, by=by) if reach.by is None else reach
    return store.moderation.last(own, now=now)
