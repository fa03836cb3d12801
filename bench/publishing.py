"""How long an approved comment takes to be read by everybody; and what the roles hold in memory."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from .blogs import Blog, Server, get, served
from .meters import children, cpu_seconds, memory

_PATIENCE = 60.0
_FIELD = re.compile(r'name="(token)" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Approval:
    """From the start of `permalien approve` until the live page shows the comment: seconds."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """The approvals, and (RSS, PSS) in MB by role before and after them."""

    approvals: list[Approval]
    idle: dict[str, tuple[float, float]]
    after: dict[str, tuple[float, float]]


def measure(blog: Blog, address: str, *, times: int, comments: int = 0) -> Outcome:
    """Serve a blog by all roles, which builds it; comment, approve and wait, `times` over.

    `comments` more are left in the queue before the memory is read again.
    """
    with served(blog) as server:
        _until_ready(server.port)
        idle = _memory(server)
        approvals = [
            _approve(blog, server, address, number=number) for number in range(1, times + 1)
        ]
        for number in range(comments):
            _comment(server.port, address, f"Left in the queue, number {number}.")
        return Outcome(approvals, idle, _memory(server))


def _approve(blog: Blog, server: Server, address: str, *, number: int) -> Approval:
    words = f"Approved as number {number}."
    _comment(server.port, address, words)
    _until_quiet(server)
    cpu = cpu_seconds([*server.pids.values(), _own()])
    begin = time.perf_counter()
    blog.permalien("approve", str(number))
    while words not in blog.page(address):
        if time.perf_counter() - begin > _PATIENCE:
            raise TimeoutError(f"comment {number} is not in {address}")
        time.sleep(0.005)
    wall = time.perf_counter() - begin
    _until_quiet(server)
    cpu = cpu_seconds([*server.pids.values(), _own()]) - cpu
    if words not in get(server.port, f"/{address}/"):
        raise AssertionError("the page is written but not served")
    return Approval(wall, cpu)


def _comment(port: int, address: str, words: str) -> None:
    found = dict(_FIELD.findall(get(port, f"/{address}/")))
    fields = {**found, "author": "Ada", "comment": words, "subject": ""}
    request = Request(f"http://127.0.0.1:{port}/-/comments", urlencode(fields).encode())
    with build_opener(ProxyHandler({})).open(request, timeout=30) as receipt:
        assert words in receipt.read().decode()


def _until_ready(port: int) -> None:
    patience = time.monotonic() + _PATIENCE
    while time.monotonic() < patience:
        try:
            get(port, "/readyz")
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the service does not become ready")


def _until_quiet(server: Server) -> None:
    """Wait until the press has had no build under way for a while, and every role rests."""
    patience = time.monotonic() + _PATIENCE
    spent, quiet_for = 0.0, 0
    while quiet_for < 3:
        if time.monotonic() > patience:
            raise TimeoutError("the service does not come to rest")
        time.sleep(0.3)
        now = cpu_seconds(server.pids.values())
        is_quiet = now - spent < 0.05 and not children(server.pids["press"])
        spent, quiet_for = now, quiet_for + 1 if is_quiet else 0


def _own() -> int:
    """This process: the command that it has run counts as its child, its own polling does too."""
    return os.getpid()


def _memory(server: Server) -> dict[str, tuple[float, float]]:
    return {role: memory(pid) for role, pid in server.pids.items()}
