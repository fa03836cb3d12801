"""`python -m` of this package: reads one page in a process that can do nothing else any more.

On the standard input come a line of JSON (an errand and the limits) and the page; each reading
leaves as a line of JSON. Loading the program is not the page's doing, so the limits begin after.
"""

from __future__ import annotations

import gc
import json
import re
import resource
import sys
from datetime import datetime
from time import process_time

from . import Errand, readings

_FORMATS = re.compile(rb"\b(h-[a-z]+|hentry|vcard|hfeed)\b")
NO_MEMORY = 77
"""The exit code of a process that was refused more memory."""


def main() -> None:
    """Read what is on the standard input."""
    told = json.loads(sys.stdin.buffer.readline())
    page = sys.stdin.buffer.read()
    errand = Errand(**told["errand"] | {"now": datetime.fromisoformat(told["errand"]["now"])})
    if _FORMATS.search(page):
        from . import microformats  # noqa: F401  # is loaded before the limits begin
    # It lives for one page: collecting garbage would cost more than the garbage does.
    gc.disable()
    _limit(told["cpu_seconds"], told["memory"])
    try:
        for reading in readings(page, errand):
            sys.stdout.write(json.dumps(reading.told()) + "\n")
            sys.stdout.flush()
    except MemoryError:
        sys.exit(NO_MEMORY)


def _limit(cpu_seconds: int, memory: int) -> None:
    """No more than so much time and so many bytes, and nothing is written to any file."""
    seconds = int(process_time()) + cpu_seconds
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
