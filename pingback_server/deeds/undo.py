"""The author takes a decision back: everything is as it was before, for thirty days."""

from __future__ import annotations

from datetime import datetime

from ..domain.errors import Impossible
from ..store import Store, Undone


def undo(action: int | None, *, store: Store, now: datetime, by: str, only_own: bool) -> Undone:
    """Take back the action with this number; None is the last one that `by` did.

    `only_own` keeps somebody from undoing what others did. Raises Impossible, NotInThatState or
    Unavailable; then nothing has changed.
    """
    if action is None:
        last = store.actions.last(now=now, by=by)
        if last is None:
            raise Impossible("there is nothing to undo")
        action = last.id
    if only_own and store.actions.one(action).by != by:
        raise Impossible(f"action {action} is another person's")
    return store.moderation.undo(action, now=now, by=by)
