"""One build per output folder: a lock on the folder itself, which ends with its holder."""

from __future__ import annotations

import fcntl
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import BuildError

logger = logging.getLogger(__name__)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`, which is made if it is missing; wait as long as another holds it.

    Raises BuildError if there can be no such folder.
    """
    try:
        descriptor = _lock(folder)
    except OSError as error:
        raise BuildError(
            f"cannot be the output folder: {error.strerror}", file=str(folder)
        ) from None
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(folder: Path) -> int:
    """An open descriptor of the folder that stands at this path now, with its lock."""
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _wait(descriptor, folder)
            if _is_still(folder, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _wait(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.stderr.write(f"Another build is writing {folder}; waiting for its end.\n")
        sys.stderr.flush()
        logger.info("Waiting for another build of %s", folder)
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _is_still(folder: Path, descriptor: int) -> bool:
    """Whether the folder was not moved away and made anew while we waited."""
    try:
        there = os.stat(folder)
    except FileNotFoundError:
        return False
    return os.path.samestat(there, os.fstat(descriptor))
