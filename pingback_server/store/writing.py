"""Lets the threads of a process write in the order in which they came; arrivals share a commit."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import Connection

from ..domain.errors import Refused, Unavailable
from .arrivals import Added, Arrival, add_all
from .bare import Bare
from .engine import Database

_MOST_AT_ONCE = 128

T = TypeVar("T")


class _Turn(Generic[T]):
    """A thread's place in the queue: what it wants written, one of three, and what came of it."""

    def __init__(
        self,
        arrival: Arrival | None = None,
        deed: Callable[[Connection], T] | None = None,
        intake: Callable[[Bare], T | Refused] | None = None,
    ) -> None:
        self.arrival = arrival
        self.deed = deed
        self.intake = intake
        self.result: T | None = None
        self.error: BaseException | None = None
        self.is_over = False
        self.is_called = False
        self._bell = Lock()
        self._bell.acquire()

    def wait(self) -> None:
        """Sleep until this turn is over, or until it is this thread that has to write."""
        self._bell.acquire()

    def ring(self) -> None:
        self._bell.release()


_Turns: TypeAlias = list[_Turn[Any]]


class WritingQueue:
    """Who comes first writes; who comes meanwhile waits, and is written by the next in one go.

    There is no thread of its own: the first of those who wait becomes the writer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard = Lock()
        self._waiting: deque[_Turn[Any]] = deque()
        self._is_busy = False

    def add(self, arrival: Arrival) -> Added:
        """Store an arrival durably, with those beside it. Invalid, Closed, Unavailable."""
        return self._written(_Turn[Added](arrival))

    def take_in(self, intake: Callable[[Bare], T | Refused]) -> T:
        """Do what an arrival is not, the same way: durably, with those beside it.

        What `intake` gives back as Refused is raised; it writes nothing then.
        """
        return self._written(_Turn(intake=intake))

    def run(self, deed: Callable[[Connection], T]) -> T:
        """Do `deed` in a transaction of its own, when its turn has come."""
        return self._written(_Turn(deed=deed))

    def _written(self, turn: _Turn[T]) -> T:
        with self._guard:
            self._waiting.append(turn)
            has_to_wait = self._is_busy
            self._is_busy = True
        if has_to_wait:
            self._wait(turn)
        if not turn.is_over:
            self._write_those_in_front()
        if turn.error is not None:
            raise turn.error
        return turn.result  # type: ignore[return-value]  # a turn that is over has one of both

    def _wait(self, turn: _Turn[Any]) -> None:
        try:
            turn.wait()
        except BaseException:
            with self._guard:
                if turn in self._waiting:
                    self._waiting.remove(turn)
                    if turn.is_called:
                        self._call_next()
            raise

    def _call_next(self) -> None:
        """Make the first of those who wait the writer. Under the guard."""
        self._is_busy = bool(self._waiting)
        if self._is_busy:
            self._waiting[0].is_called = True
            self._waiting[0].ring()

    def _write_those_in_front(self) -> None:
        """Write for the head of the queue, which is this thread, and for who can share with it."""
        with self._guard:
            turns = [self._waiting.popleft()]
        self._join(turns)
        try:
            _write(self._database, turns, self._join)
        finally:
            for turn in turns:
                turn.is_over = True
            with self._guard:
                self._call_next()
            for turn in turns[1:]:
                turn.ring()

    def _join(self, turns: _Turns) -> None:
        """Add to `turns`, in their order, those that wait now and can share a commit with them."""
        with self._guard:
            while self._waiting and _can_join(turns, self._waiting[0]):
                turns.append(self._waiting.popleft())


def _can_join(turns: Sequence[_Turn[Any]], turn: _Turn[Any]) -> bool:
    if len(turns) >= _MOST_AT_ONCE:
        return False
    is_of_arrivals = turns[0].arrival is not None and turn.arrival is not None
    return is_of_arrivals or (turns[0].intake is not None and turn.intake is not None)


def _write(database: Database, turns: _Turns, join: Callable[[_Turns], None]) -> None:
    """Write for all of `turns` in one commit; what only one of them is to blame for is its own."""
    try:
        _commit(database, turns, join)
    except Unavailable as error:
        _fail(turns, error)
    except Exception as error:
        if len(turns) == 1:
            turns[0].error = error
        for turn in turns if len(turns) > 1 else ():
            _write(database, [turn], _nobody_joins)
    except BaseException as error:
        _fail(turns[1:], error)
        raise


def _nobody_joins(_turns: _Turns) -> None:
    """What failed for many is tried for each alone."""


def _commit(database: Database, turns: _Turns, join: Callable[[_Turns], None]) -> None:
    """Write for `turns`, and for those who came while the transaction was begun: `join` adds them.

    To begin takes a while, in which other threads run.
    """
    results: Sequence[Any]
    if turns[0].deed is not None:
        with database.writing() as connection:
            results = [turns[0].deed(connection)]
    else:
        with database.adding() as cursor:
            join(turns)
            results = _added(cursor, turns)
    for turn, result in zip(turns, results, strict=True):
        if isinstance(result, Refused):
            turn.error = result
        else:
            turn.result = result


def _added(cursor: Bare, turns: _Turns) -> Sequence[Any]:
    """What came of each: all are arrivals, or none is."""
    if turns[0].intake is None:
        return add_all(cursor, [turn.arrival for turn in turns if turn.arrival])
    return [turn.intake(cursor) for turn in turns if turn.intake]


def _fail(turns: Sequence[_Turn[Any]], error: BaseException) -> None:
    """Tell each thread, with an exception of its own: a traceback belongs to one thread."""
    for turn in turns:
        turn.error = Unavailable(str(error) or "the writing was interrupted; try again")
        turn.error.__cause__ = error
