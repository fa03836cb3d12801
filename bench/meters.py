"""What processes cost, as Linux counts it: processor seconds and megabytes, from /proc."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_MEMORY = re.compile(r"^(Rss|Pss): +(\d+) kB", re.MULTILINE)


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time of these processes and of the children that they have waited for."""
    return sum(sum(map(int, _fields(pid)[11:15])) for pid in pids) / _TICKS


def memory(pid: int) -> tuple[float, float]:
    """RSS and PSS in MB. PSS divides what processes share among them, so that it can be added."""
    found = dict(_MEMORY.findall(Path(f"/proc/{pid}/smaps_rollup").read_text()))
    return int(found["Rss"]) / 1024, int(found["Pss"]) / 1024


def children(pid: int) -> list[int]:
    """The processes that `pid` has started and that still run."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(number) for number in listed.split()]


def _fields(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on: the second may have blanks in it."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
