"""A lock between processes: every writer gets its turn, and nobody waits for it forever."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, Thread

from ..domain.errors import Unavailable


class _Waiter(Thread):
    """Stands in the kernel's queue for the lock, since a thread that blocks there has no clock."""

    def __init__(self, handle: int) -> None:
        super().__init__(name="waits for the write lock", daemon=True)
        self.handle = handle
        self.granted = Event()
        self.is_wanted = True
        self._deciding = Lock()

    def run(self) -> None:
        fcntl.flock(self.handle, fcntl.LOCK_EX)
        with self._deciding:
            self.granted.set()
            if not self.is_wanted:
                os.close(self.handle)

    def give_up(self) -> bool:
        """Stop wanting the lock; False when it has been granted meanwhile."""
        with self._deciding:
            if self.granted.is_set():
                return False
            self.is_wanted = False
            return True

    def want_again(self) -> bool:
        """Want the lock after all; False when it was granted and let go meanwhile."""
        with self._deciding:
            if self.granted.is_set():
                return False
            self.is_wanted = True
            return True


class FileLock:
    """An exclusive `flock` on the file `path`, held by one process of the machine at a time.

    The kernel frees it when its holder dies. A process takes it from one thread at a time.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._patience = patience
        self._waiter: _Waiter | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock inside. Unavailable if another process keeps it for `patience` seconds."""
        handle = self._take()
        try:
            yield
        finally:
            os.close(handle)

    def _take(self) -> int:
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return self._wait(handle)
        except BaseException:
            os.close(handle)
            raise
        return handle

    def _wait(self, handle: int) -> int:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and waiter.want_again():
            os.close(handle)
        else:
            waiter = _Waiter(handle)
            waiter.start()
        try:
            is_granted = waiter.granted.wait(self._patience)
        except BaseException:
            self._abandon(waiter)
            raise
        if is_granted or not waiter.give_up():
            return waiter.handle
        self._waiter = waiter
        raise Unavailable(
            f"another program holds {self._path} for more than {self._patience:g} s; try again"
        )

    def _abandon(self, waiter: _Waiter) -> None:
        """Let go of what was interrupted, whether it has been granted or not."""
        if waiter.give_up():
            self._waiter = waiter
        else:
            os.close(waiter.handle)
