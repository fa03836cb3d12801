"""Has a stranger's page read in a process of its own that can do no harm, whatever is in it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Timer
from typing import IO

from ..domain.errors import PageUnreadable
from ..domain.source_pages import SourcePage, source_page_of

_READER = "pingback_server.protocols.source_page"
_NO_MEMORY = 77
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one page may cost: seconds of a processor and by the clock, and bytes."""

    cpu_seconds: int = 2
    seconds: int = 10
    memory: int = 512 * _MEBIBYTE
    page: int = 2 * _MEBIBYTE
    answer: int = _MEBIBYTE


def read_source(
    page: bytes,
    *,
    content_type: str,
    url: str,
    target: str,
    now: datetime,
    limits: Limits = Limits(),  # it is frozen
) -> SourcePage:
    """What the `page` that was at `url` in the end says, and whether it links to `target`.

    `content_type` is the header as it came, or nothing. PageUnreadable if not even its links can be
    read within the `limits`, in passing if that was for want of time by the clock alone; of a page
    whose microformats are too much, the rest is told.
    """
    if len(page) > limits.page:
        raise PageUnreadable("too-long")
    errand = {"url": url, "target": target, "content_type": content_type, "now": now.isoformat()}
    told = {"errand": errand, "cpu_seconds": limits.cpu_seconds, "memory": limits.memory}
    with tempfile.TemporaryFile() as given:
        given.write(json.dumps(told).encode() + b"\n" + page)
        given.seek(0)
        answer, why = _answer(given, limits)
    whole = answer[: answer.rfind(b"\n") + 1].splitlines()
    if not whole:
        raise PageUnreadable(why)
    try:
        return source_page_of(json.loads(whole[-1]))
    except ValueError:
        raise PageUnreadable("broken") from None


def _answer(given: IO[bytes], limits: Limits) -> tuple[bytes, str]:
    """What the reader said of what was `given`, and in a word why it said nothing more."""
    reader = subprocess.Popen(
        [sys.executable, "-I", "-m", _READER],
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    is_over = Event()
    clock = Timer(limits.seconds, _end, (reader, is_over))
    clock.start()
    try:
        with reader, reader.stdout as said:  # type: ignore[union-attr]  # it is a pipe
            answer = said.read(limits.answer + 1)
            if len(answer) > limits.answer:
                reader.kill()
                raise PageUnreadable("too-talkative")
            code = reader.wait()
            return answer, "out-of-time" if is_over.is_set() else _why(code)
    finally:
        clock.cancel()


def _end(reader: subprocess.Popen[bytes], is_over: Event) -> None:
    is_over.set()
    reader.kill()


def _why(code: int) -> str:
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return "too-slow"
    return "too-large" if code == _NO_MEMORY else "broken"
