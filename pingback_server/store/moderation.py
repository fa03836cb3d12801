"""What is decided on many entries at once: each method is one commit and one line of the log."""

from __future__ import annotations

from datetime import datetime

from ..domain.discussion import Status
from ..domain.filters import Selection
from . import decisions, deletion, undoing
from .actions import Decider
from .decisions import Decided
from .undoing import Undone
from .writing import WritingQueue


class Moderation:
    """Decisions on whatever is selected, and taking them back."""

    def __init__(self, queue: WritingQueue) -> None:
        self._queue = queue

    def decide(self, selection: Selection, status: Status, *, now: datetime, by: str) -> Decided:
        """Put everything selected into `status`. NoSuchComment, NotAsShown: then nothing does."""
        return self._queue.run(
            lambda c: decisions.decide_on(c, selection, status, Decider(by, now))
        )

    def restore(self, selection: Selection, *, now: datetime, by: str) -> Decided:
        """Take everything selected out of spam and trash. As `decide`; NotInThatState."""
        return self._queue.run(lambda c: decisions.restore_on(c, selection, Decider(by, now)))

    def delete(self, selection: Selection, *, now: datetime, by: str, asked: str = "") -> int:
        """Delete for ever what is spam or in the trash; how many. NoSuchComment, NotInThatState.

        NotAsShown unless the selection has the fingerprint that was `asked` about, if one is given.
        """
        return self._queue.run(
            lambda c: deletion.delete_on(c, selection, Decider(by, now), asked=asked)
        )

    def undo(self, action: int, *, now: datetime, by: str) -> Undone:
        """Take an action back. Impossible, NotInThatState; then nothing changes."""
        return self._queue.run(lambda c: undoing.undo(c, action, Decider(by, now)))
