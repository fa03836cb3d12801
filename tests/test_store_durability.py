"""What was acknowledged is there, whatever dies, fills up or breaks; and nobody is starved."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from engines import on_sqlite_alone
from sqlalchemy import event
from sqlalchemy.pool import Pool
from store_actors import (
    NOON,
    PUBLIC,
    a_store,
    address,
    another_writer,
    database_file,
    ended,
    go,
    said,
    start,
)

from pingback_server.domain.discussion import Status
from pingback_server.domain.errors import Unavailable
from pingback_server.store import Store
from pingback_server.store.engine import open_database


@pytest.fixture
def store(engine: str, tmp_path: Path) -> Iterator[Store]:
    store = a_store(tmp_path, patience=0.3)
    yield store
    store.close()


def _texts(store: Store) -> Counter[str]:
    return Counter(entry.text for entry in store.entries())


def _kill_writers(folder: Path, kills: int, seed: int) -> tuple[set[str], Store]:
    """Kill that many writing processes at random moments; what they said was acknowledged.

    Every other one is let begin to write first, however long it takes to connect.
    """
    store, chance, acknowledged = a_store(folder), random.Random(seed), set[str]()
    for number in range(kills):
        writer = start("add-until-killed", address(folder), number)
        go(writer)
        if number % 2 and writer.stdout is not None:
            acknowledged.add(writer.stdout.readline().rstrip("\n"))
        time.sleep(0.02 + chance.random() * 0.3)
        writer.send_signal(signal.SIGKILL)
        acknowledged.update(ended(writer))
    return acknowledged, store


def _assert_nothing_is_lost_or_doubled(acknowledged: set[str], store: Store) -> None:
    stored = _texts(store)
    assert acknowledged - set(stored) == set()
    assert set(stored.values()) == {1}
    assert store.waiting().jobs == len(stored)
    store.check_sound()
    store.close()


def test_what_was_acknowledged_is_there_after_any_kill(engine: str, tmp_path: Path) -> None:
    acknowledged, store = _kill_writers(tmp_path, kills=10, seed=2)

    assert len(acknowledged) > 10
    _assert_nothing_is_lost_or_doubled(acknowledged, store)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_what_was_acknowledged_is_there_after_many_kills(engine: str, tmp_path: Path) -> None:
    acknowledged, store = _kill_writers(tmp_path, kills=200, seed=200)

    assert len(acknowledged) > 200
    _assert_nothing_is_lost_or_doubled(acknowledged, store)


def test_a_writer_that_died_holds_nobody_up(engine: str, tmp_path: Path) -> None:
    store = a_store(tmp_path)
    writer = start("add-until-killed", address(tmp_path), "one")
    go(writer)
    assert writer.stdout is not None
    writer.stdout.readline()
    writer.send_signal(signal.SIGKILL)
    ended(writer)

    assert said(store, "goes on").id > 1
    store.close()


def test_repeats_from_two_processes_are_one_comment_each(engine: str, tmp_path: Path) -> None:
    store = a_store(tmp_path)
    writers = [start("repeat", address(tmp_path), 40) for _ in range(2)]

    go(*writers)
    answers = [line.split() for writer in writers for line in ended(writer)]

    assert len(store.entries()) == 40
    assert Counter(repeat for _, repeat in answers) == {"False": 40, "True": 40}
    assert set(Counter(id for id, _ in answers).values()) == {2}
    store.close()


def test_four_writers_that_never_pause_all_get_their_share(engine: str, tmp_path: Path) -> None:
    store = a_store(tmp_path)
    writers = [start("add-for", address(tmp_path), name, 2) for name in range(4)]

    go(*writers)
    shares = [int(ended(writer)[0]) for writer in writers]

    assert [writer.returncode for writer in writers] == [0] * 4
    assert min(shares) >= sum(shares) / 10
    assert len(store.entries()) == sum(shares)
    store.close()


def test_a_writer_that_stands_still_is_not_waited_for_for_ever(
    store: Store, tmp_path: Path
) -> None:
    with another_writer(tmp_path):
        for text in ("one", "two"):
            with pytest.raises(Unavailable, match="another program holds"):
                said(store, text)
        (refused,) = ended_of(start("add-once", address(tmp_path), "three"))

    assert refused.startswith("Unavailable: ")
    assert "another program holds" in refused
    assert store.entries() == []


def test_who_gave_up_waiting_does_not_keep_the_lock_afterwards(
    store: Store, tmp_path: Path
) -> None:
    with another_writer(tmp_path), pytest.raises(Unavailable):
        said(store, "one")
    time.sleep(0.1)

    assert ended_of(start("add-once", address(tmp_path), "two")) == ["1"]
    assert said(store, "three").id == 2


def test_who_gave_up_waiting_waits_again_in_its_old_place(store: Store, tmp_path: Path) -> None:
    later = Thread(target=said, args=(store, "two"))
    with another_writer(tmp_path):
        with pytest.raises(Unavailable):
            said(store, "one")
        later.start()
        time.sleep(0.1)

    later.join()
    assert list(_texts(store)) == ["two"]


def ended_of(child: subprocess.Popen[str]) -> list[str]:
    go(child)
    return ended(child)


@on_sqlite_alone
def test_a_program_that_holds_the_database_itself_makes_it_unavailable(
    store: Store, tmp_path: Path
) -> None:
    said(store, "before", PUBLIC)
    stranger = sqlite3.connect(database_file(tmp_path), isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")

    for deed in (partial(said, store, "now"), partial(store.mark_dirty, ["first"], NOON)):
        with pytest.raises(Unavailable, match="another program holds it"):
            deed()

    assert len(store.published()["first"]) == 1
    stranger.execute("COMMIT")
    stranger.close()
    assert said(store, "after").id == 2


def test_a_program_that_writes_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    said(store, "before")
    stranger = sqlite3.connect(database_file(tmp_path), isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    stranger.execute("UPDATE comments SET text = 'changed by hand'")
    deeds = (
        partial(said, store, "now"),
        partial(store.decide, [1], Status.SPAM, now=NOON, by="author"),
    )
    threads = [Thread(target=deed) for deed in deeds]

    for thread in threads:
        thread.start()
    time.sleep(0.2)
    stranger.execute("COMMIT")
    stranger.close()
    for thread in threads:
        thread.join()

    assert list(_texts(store)) == ["changed by hand", "now"]
    assert store.entry(1).status is Status.SPAM
    store.close()


@pytest.fixture
def pages() -> Iterator[dict[str, int]]:
    """How many pages a database may have: beyond that SQLite finds the disk full."""
    limit = {"most": 2**30}

    def restrict(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit['most']}")

    event.listen(Pool, "connect", restrict)
    yield limit
    event.remove(Pool, "connect", restrict)


def test_a_full_disk_loses_nothing_and_is_no_trouble_afterwards(
    tmp_path: Path, pages: dict[str, int]
) -> None:
    pages["most"] = 60
    store = a_store(tmp_path)
    stored = _said_until_full(store)

    for deed in (
        partial(said, store, "x" * 50_000),
        partial(store.mark_dirty, ["p" * 50_000], NOON),
    ):
        with pytest.raises(Unavailable, match="the disk is full"):
            deed()
    assert (len(store.entries()), store.waiting().jobs) == (stored, stored)

    pages["most"] = 2**30
    store.close()
    assert said(store, "there is room again").id == stored + 1
    store.check_sound()
    store.close()


def _said_until_full(store: Store) -> int:
    for number in range(1000):
        try:
            said(store, f"{number} " + "x" * 5000)
        except Unavailable:
            return number
    raise AssertionError("the disk did not become full")


@pytest.mark.soak
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_disk_that_is_really_full_loses_nothing(tmp_path: Path) -> None:
    a_store(tmp_path).close()
    actors = Path(__file__).with_name("store_actors.py")
    url, ballast = address(tmp_path / "disk"), tmp_path / "disk" / "ballast"
    script = f"""
        mkdir {tmp_path}/disk && mount -t tmpfs -o size=2m none {tmp_path}/disk &&
        cp -r {tmp_path}/var {tmp_path}/disk/ && head -c 500000 /dev/zero > {ballast} &&
        echo | {sys.executable} {actors} fill {url} {ballast}
    """

    run = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True)

    _, refused, stored = run.stdout.splitlines()
    acknowledged, refusal = refused.split(" ", 1)
    assert refusal.startswith("Unavailable: ")
    assert "the disk is full" in refusal
    assert int(stored) == int(acknowledged) + 1


def _without_privileges(folder: Path) -> tuple[str, ...]:
    """Root may write everywhere, unless it gives up its privileges."""
    return ("setpriv", "--bounding-set=-all", "--") if os.geteuid() == 0 else ()


@on_sqlite_alone
def test_a_folder_that_may_not_be_written_makes_it_unavailable(
    store: Store, tmp_path: Path
) -> None:
    said(store, "before", PUBLIC)
    store.close()
    for file in (tmp_path / "var").iterdir():
        file.chmod(0o400)
    (tmp_path / "var").chmod(0o500)

    child = start("add-once", address(tmp_path), "now", before=_without_privileges(tmp_path))
    (refusal,) = ended_of(child)

    assert refusal.startswith("Unavailable: ")
    assert "ermission denied" in refusal
    (tmp_path / "var").chmod(0o700)
    assert len(store.published()["first"]) == 1


def _said_much(folder: Path) -> None:
    store = a_store(folder)
    for number in range(40):
        said(store, f"{number} " + "x" * 3000)
    store.close()


def test_a_damaged_database_is_found_out_and_left_as_it_is(tmp_path: Path) -> None:
    _said_much(tmp_path)
    file = database_file(tmp_path)
    content = bytearray(file.read_bytes())
    for page in range(4, 12):
        content[page * 4096 : page * 4096 + 12] = b"\xff" * 12
    file.write_bytes(content)
    store = Store.open(address(tmp_path))

    with pytest.raises(Unavailable, match=r"is damaged (?s:.*) restore the last backup"):
        store.check_sound()

    store.close()
    assert file.read_bytes() == bytes(content)


def test_a_sound_database_passes_the_check(tmp_path: Path) -> None:
    _said_much(tmp_path)

    store = Store.open(address(tmp_path))

    store.check_sound()
    store.close()


def test_what_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = database_file(tmp_path)
    file.parent.mkdir()
    file.write_bytes(b"My notes, which are no database.\n" * 300)
    store = Store.open(address(tmp_path))

    deeds = (
        store.migrate,
        store.is_current,
        store.check_sound,
        store.check_writable,
        store.published,
        partial(said, store, "one"),
    )
    for deed in deeds:
        with pytest.raises(Unavailable, match="no database; stop the service"):
            deed()

    store.close()
    assert file.read_bytes() == b"My notes, which are no database.\n" * 300


@on_sqlite_alone
def test_a_database_that_is_gone_takes_nothing_and_does_not_come_back_empty(
    store: Store, tmp_path: Path
) -> None:
    said(store, "before")
    for file in (tmp_path / "var").iterdir():
        file.unlink()

    for deed in (partial(said, store, "now"), store.entries, store.check_writable):
        with pytest.raises(Unavailable, match=r"permalien\.db"):
            deed()

    assert not database_file(tmp_path).exists()


@on_sqlite_alone
def test_a_backup_put_in_its_place_is_what_is_used_from_then_on(
    store: Store, tmp_path: Path
) -> None:
    said(store, "in the backup")
    copy = sqlite3.connect(tmp_path / "backup")
    with sqlite3.connect(database_file(tmp_path)) as original:
        original.backup(copy)
    copy.close()
    original.close()
    said(store, "since then")
    for name in ("permalien.db-wal", "permalien.db-shm"):
        (tmp_path / "var" / name).unlink()
    shutil.move(tmp_path / "backup", database_file(tmp_path))

    assert said(store, "after the backup").id == 2

    assert list(_texts(store)) == ["in the backup", "after the backup"]
    store.close()
    assert list(_texts(store)) == ["in the backup", "after the backup"]


def test_before_the_first_migration_it_says_what_to_do(engine: str, tmp_path: Path) -> None:
    store = Store.open(address(tmp_path))
    if engine == "sqlite":
        database_file(tmp_path).touch()

    for deed in (partial(said, store, "one"), store.entries, store.dirty):
        with pytest.raises(Unavailable, match="start the service once"):
            deed()

    store.close()


@pytest.mark.parametrize("way", ["reading", "writing", "adding"])
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)],
)
def test_every_connection_keeps_what_the_store_promises(
    tmp_path: Path, way: str, pragma: str, value: object
) -> None:
    a_store(tmp_path).close()
    database = open_database(address(tmp_path), patience=1)

    with getattr(database, way)() as connection:
        ask = getattr(connection, "exec_driver_sql", None) or partial(connection.rows, values=())
        assert list(ask(f"PRAGMA {pragma}")) == [(value,)]

    database.close()
