"""The engines that may keep the comments in the tests: SQLite, and a PostgreSQL of their own.

A pytest plugin. A test that has the fixture `engine` or `store` runs on both, on PostgreSQL in
`make soak`; a file says `usefixtures("engine")` to have its blogs do so too. There its `tmp_path`
has a file `database-url`, by which store_actors knows.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from store_actors import a_store

from pingback_server.store import Store

on_sqlite_alone = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For a test that looks into the files of SQLite."""

OPTIONS = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=permalien")


class PostgreSQL:
    """A server with empty databases, which listens on a socket in its own folder alone."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._user = _user()
        self._numbers = count(1)
        self.folder = Path(tempfile.mkdtemp(prefix="permalien-pg-"))
        os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._run("initdb", *OPTIONS, "-D", str(self.folder / "data")).wait(60)
        self.process = self.start()

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        """Start the server, with `options` of its own."""
        # What was written survives the end of processes without it; no test cuts the power.
        settings = ("-c", "listen_addresses=", "-c", "fsync=off", "-k", str(self.folder))
        self.process = self._run("postgres", "-D", str(self.folder / "data"), *settings, *options)
        patience = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < patience, (self.folder / "log").read_text()
            time.sleep(0.05)
        return self.process

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: SIGINT is orderly, SIGQUIT is as if the machine had crashed."""
        self.process.send_signal(how)
        self.process.wait(60)

    def remove(self) -> None:
        """End the server, and leave nothing of it."""
        self.stop()
        shutil.rmtree(self.folder)

    def url(self, database: str = "postgres") -> str:
        """The address of a database, as PERMALIEN_DATABASE_URL has it."""
        return f"postgresql+psycopg://permalien@/{database}?host={self.folder}"

    def new_database(self, options: str = "") -> str:
        """The address of a database without tables."""
        name = f"blog_{next(self._numbers)}"
        self.does(f"CREATE DATABASE {name} {options}")
        return self.url(name)

    def does(self, statement: str, database: str = "postgres") -> None:
        """Carry out a statement as the server's operator."""
        where = {"host": str(self.folder), "user": "permalien", "dbname": database}
        with psycopg.connect(**where, autocommit=True) as connection:  # type: ignore[arg-type]
            connection.execute(statement)  # type: ignore[arg-type]

    def _answers(self) -> bool:
        try:
            self.does("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [str(self._programs / program), *words],
                cwd=self.folder,
                user=self._user.pw_uid if os.geteuid() == 0 else None,
                group=self._user.pw_gid if os.geteuid() == 0 else None,
                extra_groups=[] if os.geteuid() == 0 else None,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def _user() -> pwd.struct_passwd:
    """Who runs the server: PostgreSQL refuses to be root."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.getuid())


def _programs() -> Path | None:
    """The folder of PostgreSQL's programs, which Debian keeps out of PATH; the newest."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    found = sorted(debian, key=lambda program: int(program.parts[-3]))
    in_path = shutil.which("postgres")
    return found[-1].parent if found else Path(in_path).parent if in_path else None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL that was just set up."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL on this machine (apt install postgresql)")
    server = PostgreSQL(programs)
    yield server
    server.remove()


@pytest.fixture
def database(postgresql: PostgreSQL, tmp_path: Path) -> Iterator[str]:
    """The address of a PostgreSQL database without tables, for the blog in `tmp_path`."""
    url = postgresql.new_database()
    (tmp_path / "database-url").write_text(url)
    yield url
    postgresql.does(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def engine(request: pytest.FixtureRequest) -> str:
    """What keeps the comments of the blog in `tmp_path`."""
    if request.param == "postgresql":
        request.getfixturevalue("database")
    return str(request.param)


@pytest.fixture
def store(engine: str, tmp_path: Path) -> Iterator[Store]:
    """The store of the blog in `tmp_path`."""
    store = a_store(tmp_path)
    yield store
    store.close()
