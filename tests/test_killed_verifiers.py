"""Whoever reads the source of a ping is killed, at each step: the ping ends in one state, once.

The steps are all that somebody outside can see: files, sockets, processes, statements, commits.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from ping_actors import HELLO, Neighbour, Stranger

from pingback_server.domain.pings import PingState

pytestmark = pytest.mark.usefixtures("engine")

LINK = f'<p>Some words on <a href="{HELLO}">this post</a>, and more.</p>'

# For each ping on its standard input, "NUMBER STEP": somebody begins to verify it and dies by
# kill -9 at that step, if there are so many; after the lease somebody else comes. Says how many
# steps the first one lived for.
_VERIFIERS = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from actors import BlogFolder, Clock
from ping_actors import LEASE, Worker
from sqlalchemy import event
from sqlalchemy.engine import Engine

SEEN = ("open", "socket.", "subprocess.", "os.", "tempfile.")
clock, left, lived = Clock(), [-1], [0]
clock.now = datetime.fromisoformat(sys.argv[3])

def step(*_):
    left[0] -= 1
    lived[0] += 1
    if left[0] == 0:
        os.write(1, b"killed\\n")
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(lambda name, _: name.startswith(SEEN) and left[0] and step())
event.listen(Engine, "before_cursor_execute", step)
event.listen(Engine, "commit", step)

def verify(number, at):
    child = os.fork()
    if child:
        return os.waitpid(child, 0)
    with BlogFolder(Path(sys.argv[2])) as blog:
        worker = Worker(blog, clock)
        blog.store
        lived[0], left[0] = 0, at
        taken = worker.takes(only=number)
        if taken is not None:
            worker.verifies(taken)
    left[0] = -1
    os.write(1, b"lived for %d\\n" % lived[0])
    os._exit(0)

for line in sys.stdin.read().splitlines():
    number, at = map(int, line.split())
    clock.passes(hours=2)
    verify(number, at)
    clock.passes(seconds=LEASE.total_seconds())
    verify(number, -1)
"""


def verifiers_of(stranger: Stranger, orders: list[tuple[int, int]]) -> list[str]:
    """What became of those who verify each of the pings, and die at these steps."""
    words = [str(Path(__file__).parent), str(stranger.blog.folder), stranger.clock().isoformat()]
    done = subprocess.run(
        [sys.executable, "-c", _VERIFIERS, *words],
        input="".join(f"{number} {step}\n" for number, step in orders),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("most", [4, pytest.param(100, marks=pytest.mark.soak)])
def test_whoever_is_killed_at_whatever_step_a_ping_ends_in_one_state_fetched_twice_at_most(
    stranger: Stranger, neighbour: Neighbour, most: int
) -> None:
    stranger.mentions(neighbour.writes("/lives", LINK))
    [lived, _] = verifiers_of(stranger, [(1, -1)])
    there_are = int(lived.rpartition(" ")[2])
    assert there_are >= 20
    stranger.clock.passes(hours=3)
    steps = sorted(random.Random(20).sample(range(1, there_are + 1), min(most, there_are)))
    for step in steps:
        stranger.mentions(neighbour.writes(f"/dies-at-{step}", LINK))

    said = verifiers_of(stranger, list(enumerate(steps, 2)))

    pings = stranger.blog.store.pings.listed(list(PingState))
    entries = stranger.blog.store.entries()
    assert said.count("killed") == len(steps)
    assert [(ping.state, ping.fetches) for ping in pings] == [("verified", 1)] * (1 + len(steps))
    assert sorted(entry.url for entry in entries) == sorted(ping.source for ping in pings)
    asked = Counter(path for path, _ in neighbour.asked)
    assert set(asked.values()) <= {1, 2}
    assert 2 in asked.values() or len(steps) < there_are  # a few may all lie before the page came
    # One for each, to tell the author; none to read a page once more.
    assert stranger.blog.store.waiting().jobs == len(entries)
