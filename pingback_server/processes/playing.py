"""Which process plays a role: known by a lock that the system frees however the process ends.

Where cron plays the press, by `permalien tick`, the age of a file tells when it last did.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_TICKED = "ticked"
# Who only asks whether a role is played holds its lock as well, for an instant.
_TRIES, _BETWEEN_SECONDS = 5, 0.1


@contextmanager
def hold(data: Path, name: str, stopping: threading.Event) -> Iterator[None]:
    """Be the one process that plays the role `name`; wait while another does, until `stopping`."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / f"{name}.lock").open("w") as file:
        while not _lock(file, fcntl.LOCK_EX) and not stopping.wait(0.5):
            pass
        yield


@contextmanager
def hold_if_free(data: Path, name: str) -> Iterator[bool]:
    """Be the one process that plays the role `name`, unless another does; whether it is."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / f"{name}.lock").open("w") as file:
        is_ours = _lock(file, fcntl.LOCK_EX)
        for _ in range(_TRIES):
            if not is_ours:
                time.sleep(_BETWEEN_SECONDS)
                is_ours = _lock(file, fcntl.LOCK_EX)
        yield is_ours


def is_held(data: Path, name: str) -> bool:
    """Whether a process plays the role `name` now."""
    try:
        with (data / f"{name}.lock").open("r") as file:
            # Shared, so that two who ask at once do not take each other for it.
            return not _lock(file, fcntl.LOCK_SH)
    except FileNotFoundError:
        return False


def note_tick(data: Path) -> None:
    """Leave word that `permalien tick` is at work now."""
    data.mkdir(parents=True, exist_ok=True)
    (data / _TICKED).touch()


def ticked_within(data: Path, seconds: float) -> bool:
    """Whether the last `permalien tick` began in the last `seconds`."""
    try:
        return time.time() - (data / _TICKED).stat().st_mtime <= seconds
    except FileNotFoundError:
        return False


def _lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
