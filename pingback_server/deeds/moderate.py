"""The author decides: each decision is one commit that also marks the pages it changes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ..domain.actions import AUTHOR
from ..domain.discussion import Entry, Status
from ..domain.filters import Selection
from ..store import Decided, Store


def decide(ids: Collection[int], status: Status, *, store: Store, now: datetime) -> list[Entry]:
    """Approve, hold, mark as spam or trash the comments `ids`, all or none.

    Raises NoSuchComment, or Unavailable; then nothing has changed.
    """
    return store.decide(ids, status, now=now, by=AUTHOR)


def restore(ids: Collection[int], *, store: Store, now: datetime) -> list[Entry]:
    """Take comments out of spam or the trash, back to the state from which they came there.

    Raises NoSuchComment, NotInThatState or Unavailable; then nothing has changed.
    """
    return store.restore(ids, now=now, by=AUTHOR)


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
