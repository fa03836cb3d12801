"""A reader takes an own comment back: it goes into the trash, where the author finds it."""

from __future__ import annotations

from datetime import datetime

from ..domain.discussion import Entry
from ..domain.errors import NotInThatState
from ..domain.own_comments import may_change
from ..domain.posts import Manifest
from ..store import Store


def withdraw(entry: Entry, *, blog: Manifest, store: Store, now: datetime) -> None:
    """Put `entry`, as its writer saw it, into the trash; its page follows.

    Whether they are its writer has been shown before. Raises NotInThatState if it is too late or
    anybody touched the comment meanwhile, NoSuchComment or Unavailable; then nothing has changed.
    """
    if not may_change(entry, blog.discussion.edit_minutes, now):
        raise NotInThatState(f"comment {entry.id} can no longer be taken back by its writer")
    store.own.withdraw(entry, now=now)
