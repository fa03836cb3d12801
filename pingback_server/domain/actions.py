"""What is done at the desk, as the audit log names it, and until when it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from .discussion import Status

AUTHOR = "author"
"""Who decides at the command line: whoever may run it is the author."""

OPERATOR, SERVICE, VERIFICATION = "operator", "permalien", "verification"
"""Who erases what is kept of somebody, invites the first owner, sees that a link was taken back."""

SIGNATURES = frozenset({AUTHOR, OPERATOR, SERVICE, VERIFICATION})
"""What signs that which nobody did at the desk: no name for somebody who sits there."""

UNDO_FOR = timedelta(days=30)
"""How long an action can be undone."""


class Verb(StrEnum):
    """What somebody did."""

    APPROVE = "approve"
    HOLD = "hold"
    SPAM = "spam"
    TRASH = "trash"
    RESTORE = "restore"
    REPLY = "reply"
    EDIT = "edit"
    SWITCH = "switch"
    TRUST = "trust"
    BLOCK = "block"
    DELETE = "delete"
    UNDO = "undo"


UNBLOCK, UNTRUST = "unblock", "untrust"
"""Lines of the log that a ruling which was lifted leaves; whoever wants it back rules once more."""

UNDOABLE = frozenset(Verb) - {Verb.DELETE, Verb.UNDO}
"""What can be undone; what was deleted for ever is gone."""

VERBS = {
    Status.APPROVED: Verb.APPROVE,
    Status.PENDING: Verb.HOLD,
    Status.SPAM: Verb.SPAM,
    Status.TRASH: Verb.TRASH,
}
"""What one does to put an entry into a state."""

_ON_ENTRIES = frozenset({*VERBS.values(), Verb.RESTORE, Verb.REPLY, Verb.EDIT})


@dataclass(frozen=True, slots=True)
class Action:
    """A line of the audit log: `by` did `verb` to `subject` (numbers, a post, words of a search).

    `details` has nothing private in it; `entries` is how many it moved from one state to another.
    `undone_at` is None as long as it stands.
    """

    id: int
    at: datetime
    by: str
    verb: str
    subject: str
    details: Mapping[str, Any]
    undone_at: datetime | None
    entries: int

    def may_be_undone(self, now: datetime) -> bool:
        """Whether it still stands, is of a kind that can be undone, and is recent enough."""
        return self.undone_at is None and self.verb in UNDOABLE and now - self.at < UNDO_FOR

    @property
    def entry(self) -> int | None:
        """The number of the entry that it is about, None if it is about several or something else.

        A name or a post's id may be a figure as well, and so is what was undone.
        """
        is_one = self.verb in _ON_ENTRIES and self.subject.isascii() and self.subject.isdecimal()
        return int(self.subject) if is_one else None


@dataclass(frozen=True, slots=True)
class Reach:
    """Which actions somebody may undo: those of `verbs`, all of it below `posts`, done by `by`.

    None is for all posts, and for whoever did it.
    """

    verbs: frozenset[Verb] = UNDOABLE
    posts: frozenset[str] | None = None
    by: str | None = None


EVERYTHING = Reach()
"""The reach of who runs the blog."""
