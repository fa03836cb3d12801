"""Those who use the store in its tests, some of them processes of their own that can be killed.

`python store_actors.py ROLE URL …` is one of the roles at the end.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from threading import Thread

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from pingback_server.domain.discussion import Reason, Status, Submission, Verdict
from pingback_server.store import Added, Store, sqlite_url
from pingback_server.store.postgresql import ADVISORY_KEY

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HELD = Verdict(Status.PENDING, (Reason("first", "the first comment of this reader"),))
PUBLIC = Verdict(Status.APPROVED)


def a_comment(text: str = "Hello", *, post: str = "first", parent: int | None = None) -> Submission:
    return Submission(post, parent, "Ann", "ann@example.org", "", text, f"<p>{text}</p>")


def entries_of(release: str) -> dict[int, tuple[Status, str, int | None]]:
    """What stands in the released database of tests/schemas, by number."""
    first = {
        1: (Status.APPROVED, "It's held: « où ? » 🐦", None),
        2: (Status.APPROVED, "public", None),
        3: (Status.APPROVED, "a reply", 2),
        4: (Status.SPAM, "junk", None),
        5: (Status.TRASH, "thrown away", None),
        6: (Status.APPROVED, "Thanks", 1),
    }
    later = {7: (Status.APPROVED, "", None), 8: (Status.PENDING, "For you alone", None)}
    return first if release == "0001" else first | later


def address(folder: Path) -> str:
    """Where the blog in `folder` keeps comments: SQLite, unless the fixture `engine` says else."""
    elsewhere = folder / "database-url"
    return elsewhere.read_text() if elsewhere.exists() else sqlite_url(database_file(folder))


def is_sqlite(folder: Path) -> bool:
    return address(folder).startswith("sqlite:")


def database_file(folder: Path) -> Path:
    return folder / "var" / "permalien.db"


def a_store(folder: Path, patience: float = 5.0) -> Store:
    """The store of the blog in `folder`, which is made (by copying one, since tables take time)."""
    store = Store.open(address(folder), patience)
    if is_sqlite(folder) and not database_file(folder).exists():
        shutil.copyfile(_new_database(), database_file(folder))
        database_file(folder).chmod(0o600)
    store.migrate()
    return store


@cache
def _new_database() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="permalien-new-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = Store.open(address(folder))
    store.migrate()
    store.close()
    return database_file(folder)


def said(store: Store, text: str, verdict: Verdict = HELD, **where: object) -> Added:
    return store.add(a_comment(text, **where), verdict, NOON)  # type: ignore[arg-type]


@contextmanager
def another_writer(folder: Path, url: str = "") -> Iterator[None]:
    """Another process seems to be writing: the store's own lock is taken.

    `url` is the database's address, where the blog's settings say it and not the folder.
    """
    if (url or address(folder)).startswith("sqlite:"):
        with open(folder / "var" / "permalien.db.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    else:
        with stranger_to(url or address(folder)) as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_KEY})")
            yield


@contextmanager
def stranger(folder: Path) -> Iterator[Connection]:
    """Another program than Permalien, in a transaction on the blog's database."""
    with stranger_to(address(folder)) as connection:
        yield connection


@contextmanager
def stranger_to(url: str) -> Iterator[Connection]:
    """Another program than Permalien, in a transaction on the database at `url`."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def crowd(folder: Path, deeds: Sequence[Callable[[], object]]) -> list[object]:
    """Do all of `deeds` in threads that wait together; what each gave back, or its error."""
    outcomes: list[object] = [None] * len(deeds)

    def do(number: int) -> None:
        try:
            outcomes[number] = deeds[number]()
        except Exception as error:
            outcomes[number] = error

    threads = [Thread(target=do, args=(number,)) for number in range(len(deeds))]
    with another_writer(folder):
        for thread in threads:
            thread.start()
        time.sleep(0.3)
    for thread in threads:
        thread.join()
    return outcomes


def start(role: str, *arguments: object, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    """A process with a role; it says `ready` and waits for a line before it begins."""
    command = [*before, sys.executable, __file__, role, *map(str, arguments)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n", f"{role} did not start"
    return child


def go(*children: subprocess.Popen[str]) -> None:
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()


def ended(child: subprocess.Popen[str]) -> list[str]:
    """The lines it said until its end; what a kill cut short is not a line."""
    output, _ = child.communicate(timeout=60)
    return output.split("\n")[:-1]


def _say(line: object) -> None:
    os.write(1, f"{line}\n".encode())


def _add_until_killed(url: str, label: str) -> None:
    """Four threads that add, and say each text once it has been acknowledged."""

    def add(thread: int) -> None:
        for number in count():
            text = f"{label}.{thread}.{number}"
            store.add(a_comment(text), HELD, NOON)
            _say(text)

    store = Store.open(url)
    threads = [Thread(target=add, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _add_for(url: str, label: str, seconds: str) -> None:
    """Add one after the other without a pause, and say how many there were."""
    store = Store.open(url)
    end = datetime.now(UTC) + timedelta(seconds=float(seconds))
    added = 0
    while datetime.now(UTC) < end:
        store.add(a_comment(f"{label}.{added}"), HELD, NOON)
        added += 1
    _say(added)


def _repeat(url: str, texts: str) -> None:
    """Add comments that somebody else adds at the same time."""
    store = Store.open(url)
    for number in range(int(texts)):
        added = store.add(a_comment(f"said twice {number}"), HELD, NOON)
        _say(f"{added.id} {added.is_repeat}")


def _add_once(url: str, text: str) -> None:
    try:
        _say(Store.open(url, 0.5).add(a_comment(text), HELD, NOON).id)
    except Exception as error:
        _say(f"{type(error).__name__}: {error}")


def _fill(url: str, ballast: str) -> None:
    """Add until nothing fits, make room, and add again."""
    store = Store.open(url)
    for number in count():
        try:
            store.add(a_comment(f"{number} " + "x" * 5000), HELD, NOON)
        except Exception as error:
            _say(f"{number} {type(error).__name__}: {error}")
            break
    os.remove(ballast)
    store.add(a_comment("there is room again"), HELD, NOON)
    store.close()
    _say(len(Store.open(url).entries()))


def _take_and_die(url: str) -> None:
    job = Store.open(url).take(NOON, lease=timedelta(minutes=1), by="one who dies")
    _say(job)
    os.kill(os.getpid(), signal.SIGKILL)


def _migrate(url: str) -> None:
    store = Store.open(url)
    store.migrate()
    _say(store.is_current())


_ROLES = {
    "add-until-killed": _add_until_killed,
    "add-for": _add_for,
    "add-once": _add_once,
    "repeat": _repeat,
    "fill": _fill,
    "take-and-die": _take_and_die,
    "migrate": _migrate,
}

if __name__ == "__main__":
    _say("ready")
    sys.stdin.readline()
    _ROLES[sys.argv[1]](*sys.argv[2:])
