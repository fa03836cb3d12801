"""What the store does on PostgreSQL alone; that it does there what it does on SQLite: `engine`."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from engines import PostgreSQL
from sqlalchemy import make_url, text
from store_actors import (
    HELD,
    NOON,
    PUBLIC,
    a_comment,
    a_store,
    ended,
    entries_of,
    go,
    said,
    start,
    stranger,
)

from pingback_server.domain.discussion import Status
from pingback_server.domain.errors import BadSetting, Unavailable
from pingback_server.store import Store, schema
from pingback_server.store.engine import Database, open_database

SCHEMAS = Path(__file__).parent / "schemas" / "postgresql"
RELEASED = sorted(file.stem for file in SCHEMAS.glob("*.sql"))

needs_a_server = pytest.mark.soak


@pytest.fixture
def store(database: str, tmp_path: Path) -> Iterator[Store]:
    store = a_store(tmp_path, patience=0.5)
    yield store
    store.close()


@needs_a_server
@pytest.mark.parametrize("release", [None, *RELEASED])
def test_alembic_finds_nothing_left_to_do(database: str, tmp_path: Path, release: str) -> None:
    _load(tmp_path, release)
    a_store(tmp_path).close()

    with stranger(tmp_path) as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, schema.metadata) == []


def _load(folder: Path, release: str | None) -> None:
    """Make the tables and rows of a released Permalien."""
    if release is not None:
        with stranger(folder) as connection:
            connection.exec_driver_sql((SCHEMAS / f"{release}.sql").read_text())
            connection.commit()


def test_every_migration_has_its_released_schema_for_both_engines() -> None:
    assert [file.stem for file in sorted(SCHEMAS.parent.glob("*.sql"))] == RELEASED


@needs_a_server
@pytest.mark.parametrize("release", RELEASED)
def test_a_released_database_keeps_everything(database: str, tmp_path: Path, release: str) -> None:
    _load(tmp_path, release)

    store = a_store(tmp_path)

    found = {entry.id: (entry.status, entry.text, entry.parent) for entry in store.entries()}
    assert found == entries_of(release)
    waiting, dirty = store.waiting(), store.dirty()
    assert (waiting.jobs, waiting.dirty, dirty and dirty.upto) == (5, 1, 4)
    assert said(store, "goes on").id == max(found) + 1
    store.close()


@needs_a_server
def test_several_processes_may_migrate_at_once(database: str) -> None:
    migrants = [start("migrate", database) for _ in range(3)]

    go(*migrants)

    assert [ended(migrant) for migrant in migrants] == [["True"]] * 3


# Dies before its n-th statement or commit, once for every n there is.
_DIES_AT = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from pingback_server.store import Store

steps = iter(range(1, int(sys.argv[2]) + 1))

def count(*_):
    if next(steps, None) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "before_cursor_execute", count)
event.listen(Engine, "commit", count)
store = Store.open(sys.argv[1])
store.migrate()
store.close()
"""


@needs_a_server
@pytest.mark.parametrize("step", range(3, 60, 8))
def test_a_migration_killed_at_any_step_is_done_by_the_next(
    database: str, tmp_path: Path, step: int
) -> None:
    killed = subprocess.run([sys.executable, "-c", _DIES_AT, database, str(step)])

    store = a_store(tmp_path)

    assert killed.returncode in (-signal.SIGKILL, 0)
    assert store.is_current()
    assert said(store, "goes on").id == 1
    store.close()


@needs_a_server
def test_a_database_from_the_future_is_left_alone(store: Store, tmp_path: Path) -> None:
    with stranger(tmp_path) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
        reader = Store.open_read_only((tmp_path / "database-url").read_text())

    for deed in (store.migrate, store.is_current, store.check_sound, reader.published):
        with pytest.raises(Unavailable, match=r"newer Permalien (?s:.*)9999"):
            deed()


@needs_a_server
def test_a_database_in_another_encoding_is_refused_before_a_comment_is(
    postgresql: PostgreSQL,
) -> None:
    url = postgresql.new_database("TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    store = Store.open(url)

    with pytest.raises(BadSetting, match=r"LATIN1(?s:.*)createdb --encoding UTF8"):
        store.migrate()

    store.close()


@needs_a_server
def test_a_server_set_up_otherwise_keeps_the_stores_promises(
    postgresql: PostgreSQL, database: str, tmp_path: Path
) -> None:
    name = make_url(database).database
    postgresql.does(f"ALTER DATABASE {name} SET synchronous_commit = off")
    postgresql.does(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
    a_store(tmp_path).close()
    opened = open_database(database, patience=1)

    for way in (opened.writing, opened.adding):
        with way() as connection:
            ask = getattr(connection, "exec_driver_sql", None) or partial(
                connection.rows, values=()
            )
            assert list(ask("SHOW synchronous_commit")) == [("on",)]
            assert list(ask("SHOW transaction_isolation")) == [("read committed",)]

    opened.close()


@needs_a_server
def test_a_reading_sees_one_state_however_many_its_statements(store: Store, database: str) -> None:
    opened = open_database(database, patience=1)
    count = text("SELECT count(*) FROM comments")

    with opened.reading() as connection:
        before = connection.execute(count).scalar()
        said(store, "meanwhile")
        after = connection.execute(count).scalar()

    assert (before, after, len(store.entries())) == (0, 0, 1)
    opened.close()


@needs_a_server
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
def test_a_server_that_was_started_again_goes_on(
    postgresql: PostgreSQL, store: Store, how: signal.Signals
) -> None:
    said(store, "before", PUBLIC)
    store.entries()
    postgresql.stop(how)

    deeds = (
        partial(said, store, "meanwhile"),
        partial(store.decide, [1], Status.SPAM, now=NOON, by="author"),
        store.published,
        store.check_writable,
    )
    for deed in deeds:
        with pytest.raises(Unavailable, match="cannot be used now"):
            deed()

    postgresql.start()
    assert said(store, "after", PUBLIC).id > 1
    assert [str(one.html) for one in store.published()["first"]] == [
        "<p>before</p>",
        "<p>after</p>",
    ]


@needs_a_server
def test_a_server_started_again_in_a_quiet_hour_costs_nobody_a_comment(
    postgresql: PostgreSQL, store: Store
) -> None:
    said(store, "before")
    postgresql.stop()
    postgresql.start()

    assert said(store, "after").id > 1

    store.decide([1], Status.SPAM, now=NOON, by="author")
    assert len(store.entries({Status.SPAM})) == 1


@needs_a_server
def test_what_was_acknowledged_is_there_after_the_server_crashed(
    postgresql: PostgreSQL, database: str, tmp_path: Path
) -> None:
    store = a_store(tmp_path)
    writer = start("add-until-killed", database, "one")
    go(writer)
    assert writer.stdout is not None
    acknowledged = {writer.stdout.readline().rstrip("\n") for _ in range(50)}

    postgresql.stop(signal.SIGQUIT)
    writer.kill()
    acknowledged.update(ended(writer))
    postgresql.start()

    stored = [entry.text for entry in store.entries()]
    assert acknowledged <= set(stored)
    assert len(set(stored)) == len(stored) == store.waiting().jobs
    store.close()


@needs_a_server
def test_a_writer_that_was_cut_off_holds_nobody_up_for_long(store: Store, database: str) -> None:
    cut_off = open_database(database, patience=0.5)

    with pytest.raises(Unavailable, match="cannot be used now"):
        _write_too_late(cut_off, store)

    assert [entry.text for entry in store.entries()] == ["in the end"]
    cut_off.close()


def _write_too_late(cut_off: Database, store: Store) -> None:
    with cut_off.writing() as connection:
        connection.execute(text("INSERT INTO dirty_pages (post, at) VALUES ('never', '')"))
        with pytest.raises(Unavailable, match="another program holds it"):
            said(store, "at once")
        for _ in range(20):
            with suppress(Unavailable):
                said(store, "in the end")
                break


@needs_a_server
def test_a_program_that_locks_a_table_makes_it_unavailable(store: Store, tmp_path: Path) -> None:
    said(store, "before", PUBLIC)

    with stranger(tmp_path) as connection:
        connection.execute(text("LOCK TABLE comments, dirty_pages IN EXCLUSIVE MODE"))
        for deed in (partial(said, store, "now"), partial(store.mark_dirty, ["first"], NOON)):
            with pytest.raises(Unavailable, match="another program holds it"):
                deed()
        assert len(store.published()["first"]) == 1

    assert said(store, "after").id > 1


@needs_a_server
def test_who_may_not_write_is_told_what_to_do(
    postgresql: PostgreSQL, store: Store, database: str
) -> None:
    said(store, "before", PUBLIC)
    name = str(make_url(database).database)
    postgresql.does("CREATE ROLE onlooker LOGIN")
    postgresql.does("GRANT SELECT ON ALL TABLES IN SCHEMA public TO onlooker", name)
    url = database.replace("permalien@", "onlooker@")
    onlooker = Store.open(url)

    with pytest.raises(Unavailable, match="give it the right"):
        onlooker.add(a_comment("now"), HELD, NOON)

    assert len(Store.open_read_only(url).published()["first"]) == 1
    onlooker.close()


@needs_a_server
def test_a_server_that_takes_no_writes_says_so(
    postgresql: PostgreSQL, store: Store, database: str
) -> None:
    postgresql.does(
        f"ALTER DATABASE {make_url(database).database} SET default_transaction_read_only = on"
    )
    standby = Store.open(database)

    with pytest.raises(Unavailable, match="no standby and not read-only"):
        standby.check_writable()

    standby.close()


@needs_a_server
def test_the_probe_uses_no_number_up(store: Store, tmp_path: Path) -> None:
    store.check_writable()
    store.check_writable()

    with stranger(tmp_path) as connection:
        assert connection.execute(text("SELECT is_called FROM probes_id_seq")).scalar() is False


@needs_a_server
def test_a_database_that_is_not_there_is_named_and_not_made(postgresql: PostgreSQL) -> None:
    url = postgresql.url("nowhere")
    store = Store.open(url)

    for deed in (store.migrate, store.is_current, Store.open_read_only(url).published):
        with pytest.raises(Unavailable, match='database "nowhere" does not exist'):
            deed()

    store.close()


@needs_a_server
def test_a_database_without_tables_says_what_to_do(database: str) -> None:
    with pytest.raises(Unavailable, match="start the service once"):
        Store.open_read_only(database).published()


def test_a_server_that_does_not_answer_is_not_waited_for_for_ever() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        store = Store.open(f"postgresql+psycopg://ann:secret@127.0.0.1:{port}/blog", 0.1)

        with pytest.raises(Unavailable, match="cannot be used now") as refusal:
            said(store, "one")

    assert "secret" not in str(refusal.value)
    store.close()


@pytest.mark.parametrize("driver", ["psycopg2", "pg8000", "asyncpg", "nonsense"])
def test_another_driver_than_the_one_that_is_proved_is_a_bad_setting(driver: str) -> None:
    with pytest.raises(BadSetting, match=r"write postgresql\+psycopg"):
        Store.open(f"postgresql+{driver}://localhost/blog")


def test_where_the_driver_is_missing_the_extra_is_named(tmp_path: Path) -> None:
    libraries = Path(sysconfig.get_path("purelib"))
    for library in libraries.iterdir():
        if not library.name.startswith(("psycopg", "__pycache__")):
            (tmp_path / library.name).symlink_to(library)
    script = (
        "from pingback_server.store import Store\n"
        "try: Store.open('postgresql://localhost/blog')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    paths = f"{tmp_path}:{Path(__file__).parent.parent}"

    run = subprocess.run(
        [sys.executable, "-S", "-c", script],
        env={"PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )

    assert run.stdout.startswith("BadSetting PERMALIEN_DATABASE_URL"), run.stderr
    assert "pip install 'permalien[postgres]'" in run.stdout
