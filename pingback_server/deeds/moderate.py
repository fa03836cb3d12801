"""The author decides: each decision is one commit that also marks the pages it changes."""

from __future__ import annotations

from datetime import datetime

from ..domain.discussion import Status
from ..domain.filters import Selection
from ..store import Decided, Store


def decide_on(
    selection: Selection, status: Status | None, *, store: Store, now: datetime, by: str
) -> Decided:
    """Put everything selected into `status`; None restores it. One commit, one line of the log.

    What has changed since it was shown is left as it is, and counted. Raises NoSuchComment,
    NotInThatState (when restoring), NotAsShown if that was all that matches, or Unavailable; then
    nothing has changed.
    """
    if status is None:
        return store.moderation.restore(selection, now=now, by=by)
    return store.moderation.decide(selection, status, now=now, by=by)
