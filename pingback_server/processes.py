"""The only door to child processes: runs Pelican for a build, and watches the roles of the service."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .domain.errors import BuildFailed

_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 30.0
_SETTLED_AFTER = 60.0
_STOP_WITHIN = 10.0


@dataclass(frozen=True, slots=True)
class Build:
    """What a build changed in the live folder: paths below it, and how many files stayed as they were."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


def build_with_pelican(blog: Path, data: Path, environment: Mapping[str, str]) -> Build:
    """Build `blog` by Pelican in a process of its own and publish the pages that changed.

    `data` is where the build's report lies meanwhile. BuildFailed says what was wrong; then the
    live pages are as they were.
    """
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data, prefix=".build-") as folder:
        report = Path(folder) / "report.json"
        finished = subprocess.run(
            [sys.executable, "-m", "pelican", "--settings", str(blog / "pelicanconf.py")]
            + ["--fatal", "errors", "--log-handler", "plain"],
            cwd=blog,
            env={**environment, "PERMALIEN_BLOG": str(blog), "PERMALIEN_BUILD_REPORT": str(report)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            # A key pressed at the terminal ends the service, not a build half-way.
            start_new_session=True,
        )
        return _read_report(report, finished)


def _read_report(report: Path, finished: subprocess.CompletedProcess[str]) -> Build:
    try:
        told = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        last = (finished.stderr or finished.stdout).strip() or "Pelican ended without a word"
        raise BuildFailed(last[-2000:]) from None
    if (error := told["error"]) is not None:
        raise BuildFailed(error["message"], error["file"], error["line"])
    return Build(tuple(told["written"]), tuple(told["removed"]), told["unchanged"])


@dataclass(slots=True)
class Role:
    """A part of the service that runs as a process of its own."""

    name: str
    command: Sequence[str]
    file_descriptors: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = _FIRST_PAUSE
    due: float = 0.0

    def start(self) -> None:
        """Start it. Its standard input stays open as long as we live: it ends when that closes."""
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            pass_fds=tuple(self.file_descriptors),
            start_new_session=True,
        )
        self.started = time.monotonic()


@dataclass(slots=True)
class Watch:
    """Keeps roles alive: one that dies is started again, at once and then ever more patiently."""

    roles: Sequence[Role]
    tell: Callable[[str], None]
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Run until SIGTERM or SIGINT, then stop the roles and return when all have ended."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        try:
            for role in self.roles:
                role.start()
            while not self._stopping.wait(0.1):
                for role in self.roles:
                    self._look_after(role)
        finally:
            self._stop()

    def _look_after(self, role: Role) -> None:
        now = time.monotonic()
        if role.process is None:
            if now >= role.due:
                role.start()
            return
        code = role.process.poll()
        if code is None:
            return
        if now - role.started > _SETTLED_AFTER:
            role.pause = _FIRST_PAUSE
        self.tell(f"{role.name} ended ({_how(code)}); starting it again in {role.pause:g} s")
        role.process, role.due = None, now + role.pause
        role.pause = min(role.pause * 2, _LONGEST_PAUSE)

    def _stop(self) -> None:
        running = [role.process for role in self.roles if role.process is not None]
        for process in running:
            process.terminate()
        patience = time.monotonic() + _STOP_WITHIN
        for process in running:
            try:
                process.wait(max(0.0, patience - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def role_command(name: str, blog: Path, *options: str) -> list[str]:
    """The command line that runs one role of the service under a watch."""
    return [sys.executable, "-m", "pingback_server", "--blog", str(blog), "serve"] + [
        "--only",
        name,
        "--watched",
        *options,
    ]


def end_with_parent() -> None:
    """Have this process end (SIGTERM) when the one that started it is gone, however it went."""

    def wait_for_end() -> None:
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_end, daemon=True).start()
