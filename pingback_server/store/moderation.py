"""What is decided on many entries at once: each method is one commit and one line of the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ..domain.actions import EVERYTHING, Action, Reach
from ..domain.discussion import Status
from ..domain.filters import Selection
from . import decisions, deletion, undoing
from .actions import Decider, is_within
from .decisions import Decided
from .engine import Database
from .undoing import Undone
from .writing import WritingQueue


class Moderation:
    """Decisions on whatever is selected, and taking them back."""

    def __init__(self, database: Database, queue: WritingQueue) -> None:
        self._database = database
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

    def undo(self, action: int, reach: Reach = EVERYTHING, *, now: datetime, by: str) -> Undone:
        """Take an action within `reach` back. Impossible, NotInThatState; then nothing changes."""
        return self._queue.run(lambda c: undoing.undo(c, action, reach, Decider(by, now)))

    def last(self, reach: Reach = EVERYTHING, *, now: datetime) -> Action | None:
        """The newest action within `reach` of which something can still be undone."""
        with self._database.reading() as connection:
            return undoing.last(connection, reach, now)

    def undoable(self, actions: Iterable[Action], reach: Reach, now: datetime) -> set[int]:
        """The numbers of those that are within `reach` and recent enough to be undone."""
        with self._database.reading() as connection:
            return {
                one.id
                for one in actions
                if one.may_be_undone(now) and is_within(connection, one, reach)
            }
