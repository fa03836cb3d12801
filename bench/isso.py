"""Isso beside ours: the same comments, one by one and eight at once, turn by turn.

`python -m bench.isso` measures only this. Isso comes from PyPI into a folder that is gone again
afterwards, and runs under gunicorn as its documentation says (`gunicorn -w 4 --preload
isso.run`), without its limit of comments a minute.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import click

from .blogs import Server, demo, free_port, running, served
from .client import Answers, drive
from .commenting import POST, TEXTS, requests_for
from .meters import children, cpu_seconds, memory

CLIENTS = (1, 8)
ROUNDS = 3
SECONDS = 3.0
PACKAGES = ("isso", "gunicorn")
_SETTINGS = """[general]
dbpath = {folder}/comments.db
host = http://localhost/
[server]
listen = http://127.0.0.1:{port}
[guard]
enabled = false
"""


class NotToBeHad(Exception):
    """Isso cannot be installed here; says why."""


@dataclass(slots=True)
class Side:
    """What was measured of one of the two: rounds by clients, memory after."""

    answers: dict[int, list[Answers]] = field(default_factory=dict)
    cpu: dict[int, list[float]] = field(default_factory=dict)
    memory: tuple[float, float] = (0.0, 0.0)
    on_disk: int = 0

    def accepted(self) -> int:
        return sum(len(one.receipts) for rounds in self.answers.values() for one in rounds)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Both sides."""

    isso: Side
    ours: Side


def measure() -> Outcome:
    """Comment on both, in turn. NotToBeHad."""
    with tempfile.TemporaryDirectory(prefix="permalien-isso-") as name:
        folder = Path(name)
        program = _installed(folder / "venv")
        blog = demo(folder / "blog")
        blog.permalien("build")
        isso, ours = Side(), Side()
        requests = requests_for(blog.token(POST))
        theirs = _requests()
        with _isso(folder, program) as stranger, served(blog, "--only", "web") as web:
            drive(stranger.port, theirs, seconds=1, connections=4)
            drive(web.port, requests, seconds=1, connections=4)
            isso.on_disk, ours.on_disk = -_rows(folder / "comments.db"), -_rows(blog.database)
            for _ in range(ROUNDS):
                for clients in CLIENTS:
                    _round(isso, stranger, theirs, clients)
                    _round(ours, web, requests, clients)
            for side, server in ((isso, stranger), (ours, web)):
                side.memory = _memory(_family(server))
            isso.on_disk += _rows(folder / "comments.db")
            ours.on_disk += _rows(blog.database)
        return Outcome(isso, ours)


def _round(side: Side, server: Server, requests: Iterator[bytes], clients: int) -> None:
    family = _family(server)
    before = cpu_seconds(family)
    answers = drive(server.port, requests, seconds=SECONDS, connections=clients)
    spent = cpu_seconds(family) - before
    side.answers.setdefault(clients, []).append(answers)
    side.cpu.setdefault(clients, []).append(spent / max(1, len(answers.receipts)) * 1e6)


def _family(server: Server) -> list[int]:
    """The processes of a server: its own, and those that it started."""
    return [server.process.pid, *children(server.process.pid)]


def _memory(pids: list[int]) -> tuple[float, float]:
    each = [memory(pid) for pid in pids]
    return sum(rss for rss, _ in each), sum(pss for _, pss in each)


def _installed(folder: Path) -> Path:
    """gunicorn beside Isso in an environment of their own. NotToBeHad."""
    python = folder / "bin" / "python"
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", *PACKAGES],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise NotToBeHad((done.stderr or done.stdout).strip().rpartition("\n")[2])
    return folder / "bin" / "gunicorn"


@contextmanager
def _isso(folder: Path, program: Path) -> Iterator[Server]:
    port = free_port()
    settings = folder / "isso.cfg"
    settings.write_text(_SETTINGS.format(folder=folder, port=port), "utf-8")
    environment = {**os.environ, "ISSO_SETTINGS": str(settings)}
    command = [str(program), "-b", f"127.0.0.1:{port}", "-w", "4", "--preload", "isso.run"]
    with running(command, port, environment) as server:
        yield server


def _requests() -> Iterator[bytes]:
    """The comments that ours gets, as Isso's own script sends them."""
    for n in count():
        said = {
            "author": f"Reader {n % 50}",
            "email": "reader@example.org" if n % 2 else None,
            "website": "https://reader.example/" if n % 3 == 0 else None,
            "text": TEXTS[n % len(TEXTS)].format(n=n),
            "parent": None,
            "title": "What a permalink promises",
        }
        body = json.dumps(said).encode()
        head = (
            f"POST /new?uri=%2F{POST.replace('/', '%2F')}%2F HTTP/1.1\r\nHost: localhost\r\n"
            "Origin: http://localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


def _rows(database: Path) -> int:
    connection = sqlite3.connect(database)
    try:
        [rows] = connection.execute("SELECT count(*) FROM comments").fetchone()
        return int(rows)
    finally:
        connection.close()


def rows(found: Outcome) -> list[tuple[str, str]]:
    """The lines of the table."""
    lines = []
    for clients in CLIENTS:
        named = "1 client" if clients == 1 else f"{clients} clients"
        pairs = list(zip(found.ours.answers[clients], found.isso.answers[clients], strict=True))
        ratios = sorted(ours.rate / max(isso.rate, 0.01) for ours, isso in pairs)
        for name, side in (("Isso", found.isso), ("ours", found.ours)):
            rounds, cpu = side.answers[clients], sorted(side.cpu[clients])
            rates = sorted(one.rate for one in rounds)
            waits = "–".join(
                f"{sorted(one.quantile(share) for one in rounds)[ROUNDS // 2]:.1f}"
                for share in (0.5, 0.99)
            )
            lines += [
                (f"{name}, {named}: accepted a second", f"{rates[ROUNDS // 2]:.0f}"),
                ("  p50–p99 ms, CPU of one in µs", f"{waits}, {cpu[ROUNDS // 2]:.0f}"),
                ("  refused", str(sum(len(one.refused) for one in rounds))),
            ]
        lines.append(
            (
                f"ours / Isso, {named}",
                f"{ratios[ROUNDS // 2]:.1f} ({ratios[0]:.1f}–{ratios[-1]:.1f})",
            )
        )
    for name, side in (("Isso", found.isso), ("ours", found.ours)):
        lines += [
            (
                f"memory of {name} after, RSS (PSS) MB",
                f"{side.memory[0]:.0f} ({side.memory[1]:.0f})",
            ),
            (f"{name}: acknowledged / on the disk", f"{side.accepted()} / {side.on_disk}"),
        ]
    return lines


if __name__ == "__main__":
    click.echo(f"load {os.getloadavg()[0]:.1f} before")
    for what, value in rows(measure()):
        click.echo(f"| {what:<58} | {value:<44} |")
    click.echo(f"load {os.getloadavg()[0]:.1f} after")
