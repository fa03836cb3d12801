"""The build reads what is published and leaves nothing behind, whoever is writing meanwhile."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from engines import on_sqlite_alone
from store_actors import NOON, PUBLIC, a_store, address, database_file, ended, go, said, start

from pingback_server.domain.discussion import Status
from pingback_server.domain.errors import Unavailable
from pingback_server.store import Store


def texts(folder: Path) -> list[str]:
    published = Store.open_read_only(address(folder)).published()
    return [str(comment.html) for comment in published.get("first", ())]


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (folder / "var").iterdir()}


def test_the_build_reads_what_the_service_reads(store: Store, tmp_path: Path) -> None:
    said(store, "public", PUBLIC)
    said(store, "held")

    assert Store.open_read_only(address(tmp_path)).published() == store.published()
    assert texts(tmp_path) == ["<p>public</p>"]


@on_sqlite_alone
def test_where_nobody_is_at_work_no_file_appears_or_changes(store: Store, tmp_path: Path) -> None:
    said(store, "public", PUBLIC)
    store.close()
    before = files(tmp_path)
    assert "permalien.db-wal" not in before

    assert texts(tmp_path) == ["<p>public</p>"]

    assert files(tmp_path) == before


@on_sqlite_alone
def test_beside_a_writer_neither_database_nor_wal_change(store: Store, tmp_path: Path) -> None:
    said(store, "public", PUBLIC)
    before = files(tmp_path)

    assert texts(tmp_path) == ["<p>public</p>"]

    after = files(tmp_path)
    assert set(after) == set(before)
    assert all(after[name] == before[name] for name in ("permalien.db", "permalien.db-wal"))


@on_sqlite_alone
def test_what_a_killed_service_left_in_the_wal_is_read(store: Store, tmp_path: Path) -> None:
    script = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from store_actors import *
said(Store.open({address(tmp_path)!r}), "in the WAL alone", PUBLIC)
os.kill(os.getpid(), signal.SIGKILL)
"""
    store.close()
    assert subprocess.run([sys.executable, "-c", script]).returncode == -signal.SIGKILL

    assert texts(tmp_path) == ["<p>in the WAL alone</p>"]


@on_sqlite_alone
def test_what_is_not_committed_is_not_read(store: Store, tmp_path: Path) -> None:
    said(store, "held")
    writer = sqlite3.connect(database_file(tmp_path), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE comments SET status = 'approved'")

    assert texts(tmp_path) == []

    writer.execute("COMMIT")
    writer.close()
    assert texts(tmp_path) == ["<p>held</p>"]


def test_each_reading_is_of_one_instant_while_others_write(engine: str, tmp_path: Path) -> None:
    store = a_store(tmp_path)
    ids = [said(store, str(number)).id for number in range(20)]
    writer = start("add-until-killed", address(tmp_path), "noise")
    go(writer)
    reader = Store.open_read_only(address(tmp_path))

    sizes = set()
    for round in range(30):
        status = Status.APPROVED if round % 2 == 0 else Status.PENDING
        store.decide(ids, status, now=NOON, by="author")
        sizes.add(len(reader.published().get("first", ())))

    writer.kill()
    ended(writer)
    assert sizes == {0, 20}
    store.close()


def test_services_that_come_and_go_do_not_disturb_a_reading(tmp_path: Path) -> None:
    reader = Store.open_read_only(address(tmp_path))

    for number in range(25):
        store = a_store(tmp_path)
        said(store, str(number), PUBLIC)
        store.close()
        assert len(reader.published()["first"]) == number + 1


def test_a_missing_database_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=str(database_file(tmp_path))):
        texts(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_says_what_to_do(tmp_path: Path) -> None:
    database_file(tmp_path).parent.mkdir()
    database_file(tmp_path).touch()

    with pytest.raises(Unavailable, match="start the service once"):
        texts(tmp_path)

    assert files(tmp_path) == {"permalien.db": b""}


def test_a_damaged_database_says_so(tmp_path: Path) -> None:
    database_file(tmp_path).parent.mkdir()
    database_file(tmp_path).write_bytes(b"nothing of the kind" * 400)

    with pytest.raises(Unavailable, match="restore the last backup"):
        texts(tmp_path)


def test_a_folder_with_an_unusual_name_is_no_trouble(tmp_path: Path) -> None:
    folder = tmp_path / "my blog? #1 à 100%41"
    folder.mkdir()
    store = a_store(folder)
    said(store, "public", PUBLIC)

    assert texts(folder) == ["<p>public</p>"]
    store.close()
    assert texts(folder) == ["<p>public</p>"]


@on_sqlite_alone
@pytest.mark.parametrize("is_at_work", [True, False])
def test_who_may_only_read_can_build(store: Store, tmp_path: Path, is_at_work: bool) -> None:
    said(store, "public", PUBLIC)
    if not is_at_work:
        store.close()
    for file in (tmp_path / "var").iterdir():
        file.chmod(0o400)
    (tmp_path / "var").chmod(0o500)
    script = f"""
import sys
from pingback_server.store import Store
print(len(Store.open_read_only({address(tmp_path)!r}).published()["first"]))
"""
    unprivileged = ["setpriv", "--bounding-set=-all", "--"] if os.geteuid() == 0 else []

    run = subprocess.run([*unprivileged, sys.executable, "-c", script], capture_output=True)

    (tmp_path / "var").chmod(0o700)
    assert (run.stdout, run.stderr) == (b"1\n", b"")
