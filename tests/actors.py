"""Who acts in the tests. Each is real: Pelican builds, Flask answers, SQLite keeps what it got."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pingback_server.deeds import moderate
from pingback_server.domain.actions import AUTHOR
from pingback_server.domain.discussion import Status
from pingback_server.domain.filters import Filter, Selection, Tab
from pingback_server.manifest import PublishedBlog
from pingback_server.processes import Build, Order, build_with_pelican, is_held
from pingback_server.server_settings import ServerSettings, read_secrets, read_server_settings
from pingback_server.store import Store
from pingback_server.web import create_app
from pingback_server.web.service import Service
from pingback_server.web.templates import Theme

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
POSTED = "2026-11-20 09:30"
# As at a user's: what a developer's machine sets for Python hides how it writes and ends.
ENVIRONMENT = {
    key: value
    for key, value in os.environ.items()
    if not key.startswith("PERMALIEN_") and key != "PYTHONUNBUFFERED"
}

# In pelicanconf.py: Pelican waits as long as there is a file `hold`.
GATE = """
import time
from pathlib import Path

while Path("hold").exists():
    time.sleep(0.02)
"""

# Where the ports of this run begin: there may be other runs on the machine.
_TURNS = count(os.getpid() * 7)


class Clock:
    """Says what the test set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


class BlogFolder:
    """A blog in a folder: its posts, its builds, its pages, its store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "output"
        self.settings: ServerSettings = read_server_settings(folder, {})
        self.environment = {**ENVIRONMENT, "PERMALIEN_BLOG": str(folder)}
        self._store: Store | None = None

    def __enter__(self) -> BlogFolder:
        return self

    def __exit__(self, *_: object) -> None:
        if self._store is not None:
            self._store.close()

    @classmethod
    def init(cls, folder: Path, *options: str) -> BlogFolder:
        run_permalien("init", str(folder), "--lang", "en", *options, check=True)
        return cls(folder)

    @property
    def store(self) -> Store:
        if self._store is None:
            self._store = Store.open(self.settings.store_url)
            self._store.migrate()
        return self._store

    def write_post(self, slug: str, title: str, text: str, **metadata: str) -> Path:
        lines = {"Title": title, "Date": POSTED, "Slug": slug, "Id": slug, **metadata}
        head = "".join(f"{key}: {value}\n" for key, value in lines.items())
        path = self.folder / "content" / f"{slug}.md"
        path.write_text(f"{head}\n{text}\n", encoding="utf-8")
        return path

    def configure(self, line: str) -> None:
        with (self.folder / "pelicanconf.py").open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def build(self, **environment: str) -> Build:
        """Build and publish as the press does."""
        given = {**self.environment, **environment}
        return build_with_pelican(Order(self.folder, self.settings.data), given)

    def address(self, slug: str) -> str:
        """Where the post stands, below the blog's own path."""
        return PublishedBlog(self.settings.manifest_path)().posts[slug].path

    def page(self, slug: str) -> str:
        """The published page of a post, as it lies in the live folder."""
        return (self.output / self.address(slug).strip("/") / "index.html").read_text("utf-8")

    def pages(self) -> dict[str, bytes]:
        """Every published file."""
        files = (path for path in self.output.rglob("*") if path.is_file())
        return {str(path.relative_to(self.output)): path.read_bytes() for path in files}


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


def run_permalien(*words: str, check: bool = False, text: str = "", **options: Any) -> Said:
    """Run the command line as a process of its own."""
    options.setdefault("env", ENVIRONMENT)
    command = [sys.executable, "-P", "-m", "pingback_server", *words]
    done = subprocess.run(command, capture_output=True, text=True, input=text, **options)
    said = Said(done.returncode, done.stdout, done.stderr)
    assert not check or said.code == 0, said
    return said


def keep_by_engine(blog: Path, request: pytest.FixtureRequest) -> None:
    """Have the `engine` of a test, if it has one, keep the comments of the blog in that folder."""
    if "engine" in request.fixturenames and request.getfixturevalue("engine") == "postgresql":
        database = request.getfixturevalue("database")
        (blog / "permalien.env").write_text(f"PERMALIEN_DATABASE_URL={database}\n")
        store = Store.open(database)
        store.migrate()
        store.close()


class Author:
    """Writes the blog and decides what is published."""

    def __init__(self, blog: BlogFolder) -> None:
        self._blog = blog

    def runs(self, *words: str, text: str = "") -> Said:
        """A `permalien` command."""
        return run_permalien(*words, text=text, cwd=self._blog.folder, env=self._blog.environment)

    def starts(self, *words: str) -> subprocess.Popen[bytes]:
        """A `permalien` command that is not waited for."""
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "pingback_server", *words],
            cwd=self._blog.folder,
            env=self._blog.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def queue(self, status: str = "pending") -> list[dict[str, Any]]:
        """What waits, as a program reads it."""
        said = self.runs("queue", "--json", "--status", status)
        assert said.code == 0, said
        items: list[dict[str, Any]] = said.json()
        return items


def decide(ids: Collection[int], status: Status | None, *, store: Store, now: datetime) -> None:
    """What the author does with these entries at the command line; None restores them."""
    chosen = Selection(Filter(Tab.ALL), ids=frozenset(ids))
    moderate.decide_on(chosen, status, store=store, now=now, by=AUTHOR)


class FormFields(HTMLParser):
    """The comment form of a page, as a browser without JavaScript understands it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self._textarea: str | None = None
        self._is_inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._is_inside = "comment-form" in values.get("class", "").split()
            self.action = values["action"] if self._is_inside else self.action
        elif values.get("type") == "checkbox" and "checked" not in values:
            return  # a browser sends no box that is not ticked
        elif self._is_inside and tag == "input" and "name" in values:
            self.fields[values["name"]] = values.get("value", "")
        elif self._is_inside and tag == "textarea" and "name" in values:
            self._textarea = values["name"]
            self.fields[self._textarea] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self.fields[self._textarea] += data.removeprefix("\n")


class Reader:
    """Reads pages and sends forms; the service answers in this process."""

    def __init__(self, client: FlaskClient, blog: BlogFolder) -> None:
        self._client = client
        self._blog = blog

    def opens(self, path: str, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.get(path, headers=named, buffered=True)

    def form_of(self, page: str) -> FormFields:
        form = FormFields(page)
        assert form.action is not None, "no form in this page"
        return form

    def sends(self, page: str, **typed: str | None) -> TestResponse:
        """Fill in the form of `page` and send it; a field typed as None is left out."""
        form = self.form_of(page)
        fields = {**form.fields, **typed}
        sent = {key: value for key, value in fields.items() if value is not None}
        return self._client.post(str(form.action), data=sent, buffered=True)

    def comments(self, slug: str = "hello", **typed: str | None) -> TestResponse:
        """Open a post, write a comment in its form, send it."""
        page = self.opens(self._blog.address(slug)).get_data(as_text=True)
        return self.sends(page, **{"author": "Ada", "comment": "I agree.", **typed})

    @property
    def app(self) -> Flask:
        """The service that is visited."""
        return self._client.application

    def posts(self, path: str, **options: Any) -> TestResponse:
        return self._client.post(path, buffered=True, **options)

    def asks(self, method: str, path: str, **options: Any) -> TestResponse:
        return self._client.open(path, method=method, buffered=True, **options)


def visit(
    blog: BlogFolder,
    clock: Callable[[], datetime],
    store: Store | None = None,
    published: PublishedBlog | None = None,
    **more: Any,
) -> Reader:
    """A reader at the blog's service, which runs in this process with the test's clock."""
    service = Service(
        folder=blog.folder,
        data=blog.settings.data,
        store=store or blog.store,
        published=published or PublishedBlog(blog.settings.manifest_path),
        secrets=read_secrets(blog.settings),
        theme=Theme(blog.folder),
        press_is_alive=lambda: is_held(blog.settings.data, "press"),
        now=clock,
        **more,
    )
    return Reader(create_app(service).test_client(), blog)


@dataclass(slots=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: dict[str, str]
    body: str = field(repr=False)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Serving:
    """`permalien serve`, running: a web process, a worker, a press, and who watches them."""

    def __init__(
        self,
        blog: BlogFolder,
        options: tuple[str, ...],
        environment: dict[str, str],
        *,
        log: Path | None = None,
        before: tuple[str, ...] = (),
    ) -> None:
        self.blog = blog
        self.port = int(environment.get("PERMALIEN_PORT") or free_port())
        self.url = f"http://127.0.0.1:{self.port}"
        given = {**blog.environment, "PERMALIEN_PORT": str(self.port), **environment}
        self.log = log or blog.folder.parent / f"serve-{self.port}.log"
        with self.log.open("ab") as log_file:
            self.process = subprocess.Popen(
                [*before, sys.executable, "-P", "-m", "pingback_server", "serve", *options],
                cwd=blog.folder,
                env=given,
                stdin=subprocess.DEVNULL,
                stdout=log_file,
                stderr=log_file,
                # Ctrl-C at a terminal goes to a whole group: this one.
                start_new_session=True,
            )
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())

    def until_ready(self, seconds: float = 60) -> Serving:
        """Wait until everything runs."""
        wait_until(lambda: self.get("/readyz").status == 200, seconds, self.said)
        return self

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def get(self, path: str) -> Answer:
        return self._ask(urllib.request.Request(self.url + path))

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._ask(urllib.request.Request(self.url + path, urlencode(fields).encode()))

    def send(self, path: str, body: bytes, content_type: str) -> Answer:
        """What another program sends."""
        headers = {"Content-Type": content_type}
        return self._ask(urllib.request.Request(self.url + path, body, headers))

    def comment(self, slug: str = "hello", **typed: str) -> Answer:
        """A comment as a browser sends it."""
        form = FormFields(self.get(self.blog.address(slug)).body)
        return self.post(str(form.action), {**form.fields, "author": "Ada", **typed})

    def _ask(self, request: urllib.request.Request) -> Answer:
        """The answer; status 0 if there was none."""
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, dict(error.headers), error.read().decode())
        except (OSError, ValueError):
            return Answer(0, {}, "")

    def roles(self) -> dict[str, int]:
        """The process of each role, by the name on its command line; one of several webs."""
        return {name: pid for pid in children_of(self.process.pid) if (name := role_of(pid))}

    def webs(self) -> list[int]:
        """The web processes."""
        return [pid for pid in children_of(self.process.pid) if role_of(pid) == "web"]

    def kill(self, name: str) -> int:
        """kill -9 the process that plays a role now; which one it was."""
        wait_until(lambda: name in self.roles(), 40, self.said)
        pid = self.roles()[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it, and what it started; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(30)


def children_of(pid: int) -> list[int]:
    """The processes that `pid` started and that still run."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(number) for number in text.split()]


def role_of(pid: int) -> str:
    """The role that a process plays under a watch, empty if none."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return ""
    return words[words.index("--only") + 1] if "--only" in words else ""


def processes_in(folder: Path) -> list[int]:
    """Every process of the machine that works in `folder`."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.readlink(entry / "cwd") == str(folder):
                found.append(int(entry.name))
        except OSError:
            continue  # it has ended
    return found


def free_port() -> int:
    """A port that nobody else takes before its server does.

    It lies below those that the kernel lends to connections, and among those of this one of
    pytest's workers alone.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        port = 16_000 + worker % 16 * 1_000 + next(_TURNS) % 1_000
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue  # another's


def wait_until(is_so: Callable[[], bool], seconds: float, why: Callable[[], str] = str) -> None:
    """Return as soon as it is so; fail if it is not in time."""
    patience = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < patience, f"not within {seconds} s\n{why()}"
        time.sleep(0.05)


def anchors(page: str) -> list[int]:
    """The numbers of the comments that a page shows, in its order."""
    return [int(number) for number in re.findall(r'id="comment-([0-9]+)"', page)]
