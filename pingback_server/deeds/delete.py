"""The author deletes for ever: what was said, by whom, and every trace of it in the store."""

from __future__ import annotations

from datetime import datetime

from ..domain.filters import Selection
from ..store import Store


def delete(selection: Selection, *, store: Store, now: datetime, by: str, asked: str = "") -> int:
    """Delete what is spam or in the trash; how much that was. It cannot be undone.

    `asked` is the fingerprint of what somebody was asked about, empty if nobody was.
    Raises NoSuchComment, NotInThatState, NotAsShown or Unavailable; then nothing has been deleted.
    """
    deleted = store.moderation.delete(selection, now=now, by=by, asked=asked)
    store.forget_traces()
    return deleted
