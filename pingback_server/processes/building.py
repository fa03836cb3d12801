"""Runs Pelican in a process of its own and reads what came of it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..domain.errors import BuildFailed
from .reading import settings_of

# `python -m pelican`, but for two things: it ends when whoever started it is gone, however it went,
# and of what it loads and reads, which stays to the end, Python seldom looks what might be garbage.
_PELICAN = """\
import gc, os, threading
gc.set_threshold(20_000)
from pelican import main

def end_with_parent():
    os.read(0, 1)
    os._exit(1)

threading.Thread(target=end_with_parent, daemon=True).start()
main()
"""
_PREFIX = ".build-"


@dataclass(frozen=True, slots=True)
class Build:
    """What a build changed in the live folder: paths below it; `unchanged` is a number of files.

    `warnings` are what Pelican thinks the author should look at, with file and line where known.
    """

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What shall be built: the `blog`, into `output` if not into its own output folder.

    The build's report lies in `data` meanwhile. After so many `seconds` the build is ended.
    """

    blog: Path
    data: Path
    output: Path | None = None
    seconds: int = 600


def build_with_pelican(
    order: Order, environment: Mapping[str, str], *, stopping: threading.Event | None = None
) -> Build:
    """Build by Pelican in a process of its own and publish the pages that changed.

    BuildFailed says what was wrong; then the live pages are as they were, or each of them whole if
    the disk filled up, the time ran out or `stopping` was set.
    """
    try:
        with _own_folder(order.data) as folder:
            report = folder / "report.json"
            given = {
                **environment,
                "PERMALIEN_BLOG": str(order.blog),
                "PERMALIEN_BUILD_REPORT": str(report),
            }
            with _pelican(order, given) as pelican:
                said = _wait(pelican, order.seconds, stopping)
            if not report.exists() and pelican.returncode > 0:
                settings_of(order.blog, environment)  # they say best what is wrong with them
            return _read_report(report, said)
    except OSError as error:
        raise BuildFailed(f"Pelican cannot be run: {error}") from error


@contextmanager
def _own_folder(data: Path) -> Iterator[Path]:
    """A folder below `data` for this build alone; those that killed builds left are removed."""
    data.mkdir(parents=True, exist_ok=True)
    for left in data.glob(f"{_PREFIX}*"):
        _remove_if_abandoned(left)
    folder, handle = _locked_folder(data)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _locked_folder(data: Path) -> tuple[Path, int]:
    """A new folder and the lock on it, which says that its build lives."""
    while True:
        folder = Path(tempfile.mkdtemp(dir=data, prefix=_PREFIX))
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue  # another build took it for abandoned
        fcntl.flock(handle, fcntl.LOCK_EX)
        if folder.exists():
            return folder, handle
        os.close(handle)


def _remove_if_abandoned(folder: Path) -> None:
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        pass  # its build is running
    finally:
        os.close(handle)


@contextmanager
def _pelican(order: Order, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A Pelican at work; it ends with this block."""
    settings = str(order.blog / "pelicanconf.py")
    # Nothing is ever written here: the pipe closes when this process ends, and Pelican sees it.
    reading, writing = os.pipe()
    try:
        pelican = subprocess.Popen(
            [
                *(sys.executable, "-P", "-c", _PELICAN, "--settings", settings),
                *("--fatal", "errors", "--log-handler", "plain"),
                *(("--output", str(order.output)) if order.output else ()),
            ],
            cwd=order.blog,
            env=environment,
            stdin=reading,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            # A key pressed at the terminal ends the service, not a build half-way.
            start_new_session=True,
        )
        with pelican:
            try:
                yield pelican
            finally:
                pelican.kill()
    finally:
        os.close(reading)
        os.close(writing)


def _wait(pelican: subprocess.Popen[str], seconds: int, stopping: threading.Event | None) -> str:
    """Wait for the end of the build; what it said. BuildFailed if it takes more than `seconds`, and
    as soon as `stopping` is set.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            left = max(0.0, until - time.monotonic())
            out, err = pelican.communicate(timeout=left if stopping is None else min(0.2, left))
            said = (err or out).strip()
            if pelican.returncode < 0 or not said:
                said = f"{said}\n{_last_words(pelican.returncode)}".strip()
            return said
        except subprocess.TimeoutExpired:
            if stopping is not None and stopping.is_set():
                raise BuildFailed("the build was broken off, since the service ends") from None
            if time.monotonic() >= until:
                raise BuildFailed(
                    f"the build took more than {seconds} s and was ended; if it needs that long, "
                    "say so by PERMALIEN_BUILD_SECONDS"
                ) from None


def _last_words(code: int) -> str:
    if code < 0:
        return f"Pelican was killed by {signal.Signals(-code).name}; was there enough memory?"
    return f"Pelican ended without a word (exit code {code})"


def _read_report(report: Path, said: str) -> Build:
    try:
        told = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise _failure_before_press(said) from None
    if (error := told["error"]) is not None:
        raise _failure(error)
    return Build(
        written=tuple(told["written"]),
        removed=tuple(told["removed"]),
        unchanged=told["unchanged"],
        warnings=tuple(told["warnings"]),
    )


def _failure_before_press(said: str) -> BuildFailed:
    """Where no press was there to report, Pelican could not follow pelicanconf.py, or was killed.

    The traceback behind its words is of its own code.
    """
    words, traceback, _ = said.partition("\nTraceback (most recent call last)")
    if not traceback:
        return BuildFailed(said[-2000:])
    return BuildFailed(words.removeprefix("ValueError: "), "pelicanconf.py")


def _failure(told: dict[str, Any]) -> BuildFailed:
    also = tuple(_failure(fault) for fault in told["also"])
    return BuildFailed(told["message"], told["file"], told["line"], also=also)
