"""Lines for whoever reads the output of a process that goes on running."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import UTC, datetime


def say(line: str) -> None:
    """Write a line with the time (UTC) to standard error, if it can still be written."""
    # A full disk under the log, or a terminal that was closed, must not end the service.
    with suppress(OSError):
        sys.stderr.write(f"{datetime.now(UTC):%H:%M:%S} {line}\n")
        sys.stderr.flush()


def give_up_on_a_full_log() -> None:
    """Drop what standard error could not take: Python would end with exit code 120 for it."""
    try:
        sys.stderr.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
