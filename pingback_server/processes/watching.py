"""Keeps the roles of the service alive, and ends them together."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 30.0
_SETTLED_AFTER = 10.0
_STOP_WITHIN = 10.0
_STOPPING = (signal.SIGTERM, signal.SIGINT)


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
        for number in _STOPPING:
            signal.signal(number, lambda *_: self._stopping.set())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        try:
            for role in self.roles:
                self._start(role)
            while not self._stopping.wait(0.1):
                for role in self.roles:
                    self._look_after(role)
        finally:
            self._stop()

    def _look_after(self, role: Role) -> None:
        now = time.monotonic()
        if role.process is None:
            if now >= role.due:
                self._start(role)
            return
        code = role.process.poll()
        if code is None:
            return
        if now - role.started > _SETTLED_AFTER:
            role.pause = _FIRST_PAUSE
        role.process = None
        self._put_off(role, f"ended ({_how(code)})")

    def _start(self, role: Role) -> None:
        try:
            role.start()
        except OSError as error:
            self._put_off(role, f"cannot be started ({error})")

    def _put_off(self, role: Role, why: str) -> None:
        self.tell(f"{role.name} {why}; starting it again in {role.pause:g} s")
        role.due = time.monotonic() + role.pause
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


def become_watch(roles: Sequence[Role]) -> NoReturn:
    """Have this process be the watch over `roles` from now on, and forget all that it has loaded.

    What the command has needed to begin is four times as large as a watch. A SIGTERM meanwhile
    waits until there is somebody to take it.
    """
    told = json.dumps([[role.name, role.command, role.file_descriptors] for role in roles])
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    os.execv(sys.executable, (sys.executable, "-P", "-m", __package__, told))


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def role_command(name: str, blog: Path, *options: str) -> list[str]:
    """The command line that runs one role of the service under a watch."""
    command = (sys.executable, "-P", "-m", "pingback_server", "--blog", str(blog))
    return [*command, "serve", "--only", name, "--watched", *options]


def end_with_parent() -> None:
    """Have this process end (SIGTERM) when the one that started it is gone, however it went."""

    def wait_for_end() -> None:
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_end, daemon=True).start()
