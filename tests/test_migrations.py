"""A database of any released Permalien becomes one of this Permalien, and loses nothing by it."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from store_actors import NOON, address, database_file, ended, entries_of, go, said, start

from pingback_server.domain.discussion import Kind, Status
from pingback_server.domain.errors import Unavailable
from pingback_server.store import Store, migrating, schema

SCHEMAS = Path(__file__).with_name("schemas")
RELEASED = sorted(file.stem for file in SCHEMAS.glob("*.sql"))
MIGRATIONS = Path(migrating.__file__).with_name("migrations")
BROWSER = "b" * 64
DAYS = [f"2026-11-0{day}T12:00:00.000000Z" for day in (1, 2, 3)]


def a_blog_of(folder: Path, release: str | None) -> Store:
    """The store of a blog that was last used with `release`; None is a new blog."""
    database_file(folder).parent.mkdir(parents=True)
    if release is not None:
        connection = sqlite3.connect(database_file(folder))
        connection.executescript((SCHEMAS / f"{release}.sql").read_text())
        connection.close()
    return Store.open(address(folder))


def tables(folder: Path) -> dict[str, str]:
    """Every table and index as it was written down, white space and quotes aside."""
    connection = sqlite3.connect(database_file(folder))
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    found = {name: re.sub(r'[\s"]+', "", sql) for name, sql in rows}
    connection.close()
    return found


def test_every_migration_but_the_newest_has_its_released_schema() -> None:
    revisions = sorted(script.revision for script in _scripts().walk_revisions())

    assert revisions == RELEASED
    assert all(re.fullmatch(r"\d{4}", revision) for revision in revisions)


def test_a_program_in_a_folder_with_a_percent_sign_makes_its_tables(tmp_path: Path) -> None:
    place = tmp_path / "100% (mine)"
    shutil.copytree(Path(migrating.__file__).parents[1], place / "pingback_server")
    script = f"""
from pingback_server.store import Store
store = Store.open({address(tmp_path)!r})
store.migrate()
print(store.is_current())
"""

    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=place)

    assert (run.stdout, run.stderr) == ("True\n", "")


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def test_the_head_that_the_code_names_is_the_newest_migration() -> None:
    assert _scripts().get_heads() == [schema.HEAD]


def test_the_tables_of_the_code_are_what_the_migrations_make(tmp_path: Path) -> None:
    store = a_blog_of(tmp_path / "migrated", None)
    store.migrate()
    store.close()
    engine = create_engine(f"sqlite:///{tmp_path}/made.db")
    schema.metadata.create_all(engine)
    engine.dispose()

    (tmp_path / "made" / "var").mkdir(parents=True)
    (tmp_path / "made.db").rename(database_file(tmp_path / "made"))

    migrated = tables(tmp_path / "migrated")
    del migrated["alembic_version"]
    assert migrated == tables(tmp_path / "made")


@pytest.mark.parametrize("release", [None, *RELEASED])
def test_alembic_finds_nothing_left_to_do(tmp_path: Path, release: str | None) -> None:
    store = a_blog_of(tmp_path, release)
    store.migrate()
    store.close()
    engine = create_engine(address(tmp_path))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, schema.metadata) == []

    engine.dispose()


@pytest.mark.parametrize("release", RELEASED)
def test_a_released_database_keeps_everything(tmp_path: Path, release: str) -> None:
    store = a_blog_of(tmp_path, release)

    store.migrate()

    assert store.is_current()
    said = {entry.id: (entry.status, entry.text, entry.parent) for entry in store.entries()}
    assert said == entries_of(release)
    waiting, dirty = store.waiting(), store.dirty()
    assert (waiting.jobs, waiting.dirty, dirty and dirty.upto) == (5, 1, 4)
    assert [entry.reasons[0].rule for entry in store.entries({Status.SPAM})] == ["links"]
    store.close()


def test_a_released_ping_keeps_what_only_pings_have(tmp_path: Path) -> None:
    store = a_blog_of(tmp_path, "0002")

    store.migrate()

    (ping,) = store.published()["second"]
    assert (ping.id, ping.kind, ping.title, ping.source) == (  # type: ignore[union-attr]
        7,
        Kind.WEBMENTION,
        "Vu d’ailleurs | Zoé",
        "https://zoe.example/a",
    )
    assert (store.entry(7).target, store.entry(7).origin) == (
        "https://blog.example/second/",
        "wp-41",
    )
    store.close()


def test_a_number_is_not_given_again_after_migration_0002(tmp_path: Path) -> None:
    store = a_blog_of(tmp_path, "0001")
    connection = sqlite3.connect(database_file(tmp_path))
    connection.execute("UPDATE sqlite_sequence SET seq = 40 WHERE name = 'comments'")
    connection.commit()
    connection.close()

    store.migrate()

    assert said(store, "the next").id == 41
    store.close()


def a_blog_with_spam(folder: Path, undone_at: str) -> Store:
    """Of migration 0005: one browser's comment is approved, and one a human marked as spam."""
    store = a_blog_of(folder, "0005")
    connection = sqlite3.connect(database_file(folder))
    connection.executescript(f"""
        UPDATE comments SET browser = '{BROWSER}', decided_at = '{DAYS[0]}' WHERE id IN (1, 4);
        INSERT INTO actions (id, at, "by", verb, details, undone_at)
            VALUES (9, '{DAYS[1]}', 'ada', 'spam', '{{}}', {undone_at});
        INSERT INTO decisions (comment, was, became, at, "by", action)
            VALUES (4, 'pending', 'spam', '{DAYS[1]}', 'ada', 9);
    """)
    connection.close()
    return store


@pytest.mark.parametrize(("undone_at", "is_trusted"), [("NULL", False), (f"'{DAYS[2]}'", True)])
def test_who_lost_trust_by_spam_has_not_won_it_by_migration_0006(
    tmp_path: Path, undone_at: str, is_trusted: bool
) -> None:
    store = a_blog_with_spam(tmp_path, undone_at)

    store.migrate()
    store.decide([4], Status.TRASH, now=NOON, by="author")

    assert store.browsers.has_earned_trust(BROWSER) is is_trusted
    store.close()


def test_no_reason_says_an_address_after_migration_0006(tmp_path: Path) -> None:
    store = a_blog_of(tmp_path, "0005")
    said = (
        '[["links", "three links"],'
        ' ["blocked", "The network it comes from is blocked: 192.0.2.7.", 4.0]]'
    )
    connection = sqlite3.connect(database_file(tmp_path))
    connection.execute("UPDATE comments SET reasons = ? WHERE id = 4", (said,))
    connection.commit()
    connection.close()

    store.migrate()

    words = [reason.words for reason in store.entry(4).reasons]
    assert words == ["three links", "The network it comes from is blocked."]
    store.close()


def test_what_refers_to_what_is_checked_again_after_a_migration(tmp_path: Path) -> None:
    store = a_blog_of(tmp_path, "0001")
    store.migrate()
    store.close()

    connection = sqlite3.connect(database_file(tmp_path))
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    references = connection.execute("PRAGMA foreign_key_list(decisions)").fetchall()
    assert sorted(row[2] for row in references) == ["actions", "comments"]
    connection.close()


def test_a_new_database_is_not_current_until_it_is_migrated(tmp_path: Path) -> None:
    store = a_blog_of(tmp_path, None)
    before = store.is_current()

    store.migrate()

    assert (before, store.is_current()) == (False, True)
    store.close()


def test_asking_makes_no_database(tmp_path: Path) -> None:
    store = a_blog_of(tmp_path, None)

    assert not store.is_current()

    assert list(database_file(tmp_path).parent.iterdir()) == []


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    store = a_blog_of(tmp_path, None)
    store.migrate()
    store.close()
    before = database_file(tmp_path).read_bytes()

    store.migrate()

    store.close()
    assert database_file(tmp_path).read_bytes() == before


def test_a_database_from_a_backup_gets_its_wal_again(tmp_path: Path) -> None:
    store = a_blog_of(tmp_path, RELEASED[-1])

    store.migrate()
    store.close()

    connection = sqlite3.connect(database_file(tmp_path))
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_several_processes_may_migrate_at_once(tmp_path: Path) -> None:
    a_blog_of(tmp_path, None)
    migrants = [start("migrate", address(tmp_path)) for _ in range(3)]

    go(*migrants)

    assert [ended(migrant) for migrant in migrants] == [["True"]] * 3
    assert [migrant.returncode for migrant in migrants] == [0] * 3


def test_a_database_from_the_future_is_left_alone(tmp_path: Path) -> None:
    store = a_blog_of(tmp_path, RELEASED[-1])
    connection = sqlite3.connect(database_file(tmp_path), isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = database_file(tmp_path).read_bytes()

    deeds: list[Any] = [store.migrate, store.is_current, store.check_sound]
    deeds.append(Store.open_read_only(address(tmp_path)).published)
    for deed in deeds:
        with pytest.raises(Unavailable, match="newer Permalien") as refusal:
            deed()
        assert "9999" in str(refusal.value)
        assert "pip install -U permalien" in str(refusal.value)

    store.close()
    assert database_file(tmp_path).read_bytes() == before


# Dies before its n-th statement or commit, for every n there is, or every so many of them; each
# time another process then migrates. Forks, since a Python that has to import everything anew takes
# a second each time.
_EVERY_DEATH = """
import os, shutil, signal, sys
import alembic.command, alembic.config
from sqlalchemy import event
from sqlalchemy.engine import Engine
from pingback_server.store import Store

folder, origin, stride = sys.argv[1:]

def die_at(step):
    steps = iter(range(1, step + 1))
    def count(*_):
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)

def in_a_fork(step):
    child = os.fork()
    if child == 0:
        if step:
            die_at(step)
        store = Store.open(f"sqlite:///{folder}/var/permalien.db")
        store.migrate()
        is_current = store.is_current()
        store.close()
        os._exit(0 if is_current else 3)
    return os.waitpid(child, 0)[1]

for step in range(1, 200, int(stride)):
    shutil.rmtree(f"{folder}/var", ignore_errors=True)
    shutil.copytree(origin, f"{folder}/var")
    outcome = in_a_fork(step)
    assert in_a_fork(0) == 0, f"stuck after death at {step}"
    shutil.copy(f"{folder}/var/permalien.db", f"{folder}/after-{step}.db")
    if outcome == 0:
        break
    assert os.WTERMSIG(outcome) == signal.SIGKILL
print(step)
"""


@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.parametrize("release", [None, *RELEASED[:-1]])
def test_a_migration_killed_at_any_step_is_done_by_the_next(
    tmp_path: Path, release: str | None, stride: int
) -> None:
    a_blog_of(tmp_path / "origin", release).close()
    whole = a_blog_of(tmp_path / "whole", release)
    whole.migrate()
    whole.close()
    expected = tables(tmp_path / "whole")
    origin = database_file(tmp_path / "origin").parent

    run = subprocess.run(
        [sys.executable, "-c", _EVERY_DEATH, str(tmp_path), str(origin), str(stride)],
        capture_output=True,
        text=True,
    )

    assert run.stderr == ""
    steps = int(run.stdout)
    assert steps > 10
    for step in range(1, steps + 1, stride):
        blog = tmp_path / str(step)
        database_file(blog).parent.mkdir(parents=True)
        (tmp_path / f"after-{step}.db").rename(database_file(blog))
        assert tables(blog) == expected
