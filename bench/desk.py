"""What the desk costs where ten thousand comments wait: a page of it, and a bulk approval."""

from __future__ import annotations

import hashlib
import re
import resource
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from flask.testing import FlaskClient

from pingback_server.domain.discussion import Status, Submission, Verdict
from pingback_server.domain.filters import chosen
from pingback_server.domain.people import Role
from pingback_server.manifest import PublishedBlog
from pingback_server.server_settings import read_secrets, read_server_settings
from pingback_server.store import Store
from pingback_server.web import create_app
from pingback_server.web.service import Service
from pingback_server.web.templates import Theme

WAITING = 10_000
APPROVED = 500
ROUNDS = 9
_TOKEN = "bench"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Processor seconds of each page, by what was asked for; wall seconds of each approval."""

    pages: dict[str, list[float]]
    approvals: list[float]


def measure(folder: Path, post: str) -> Outcome:
    """Fill the built blog in `folder` with comments that wait on `post`, and use its desk."""
    settings = read_server_settings(folder, {})
    store = Store.open(settings.store_url)
    try:
        store.migrate()
        _fill(store, post, settings.data / "permalien.db")
        service = Service(
            folder=folder,
            data=settings.data,
            store=store,
            published=PublishedBlog(settings.manifest_path),
            secrets=read_secrets(settings),
            theme=Theme(folder),
            press_is_alive=lambda: True,
        )
        client = create_app(service).test_client()
        client.set_cookie("desk", _TOKEN)
        pages = {
            words: [_cpu(partial(_open, client, address)) for _ in range(ROUNDS)]
            for words, address in _pages(client)
        }
        return Outcome(pages, [_approve(store, n) for n in range(5)])
    finally:
        store.close()


def _fill(store: Store, post: str, file: Path) -> None:
    """One comment by the front door, and ten thousand copies of it with other words."""
    now = datetime.now(UTC)
    said = Submission(post, None, "Ann", "ann@example.org", "", "Words", "<p>Words</p>")
    store.add(said, Verdict(Status.PENDING), now)
    user = store.people.add("bench", Role.OWNER, now=now)
    digest = hashlib.sha256(_TOKEN.encode()).hexdigest()
    store.people.begin_session(user, digest, now=now, expires_at=now + timedelta(days=1))
    connection = sqlite3.connect(file)
    columns = [row[1] for row in connection.execute("PRAGMA table_info(comments)")][1:]
    copied = {
        "author": "'Reader ' || n",
        "text": "text || ' number ' || n || replace(hex(zeroblob(200)), '0', ' word')",
        "html": "html || '<p>number ' || n || replace(hex(zeroblob(200)), '0', ' word') || '</p>'",
        "fingerprint": "'bench ' || n",
        "cluster": "CASE WHEN n % 5 = 0 THEN 1 + n % 50 ELSE NULL END",
        "origin": "NULL",
    }
    values = ", ".join(copied.get(name, f'"{name}"') for name in columns)
    named = ", ".join(f'"{name}"' for name in columns)
    connection.execute(
        "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?) "
        f"INSERT INTO comments ({named}) SELECT {values} FROM comments, counted",
        (WAITING - 1,),
    )
    connection.execute(
        "INSERT INTO searched_words SELECT id, lower(author || char(10, 10) || text) "
        "FROM comments WHERE id > 1"
    )
    connection.commit()
    connection.close()


def _pages(client: FlaskClient) -> list[tuple[str, str]]:
    first = client.get("/-/desk").get_data(as_text=True)
    later = re.search(r'class="next" href="([^"]+)"', first)
    assert later is not None, first[:500]
    return [
        ("the first page", "/-/desk"),
        ("the next page", later[1].replace("&amp;", "&")),
        ("a search for a word", "/-/desk?q=number"),
        ("a search that finds nothing", "/-/desk?q=xyzzy"),
        ("a search for an author", "/-/desk?q=from:reader"),
        ("a search for a site", "/-/desk?q=site:pills.example"),
        ("a cluster", "/-/desk?q=like:1"),
    ]


def _open(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200


def _cpu(deed: Callable[[], None]) -> float:
    before = resource.getrusage(resource.RUSAGE_SELF)
    deed()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _approve(store: Store, number: int) -> float:
    ids = range(1 + number * APPROVED, 1 + (number + 1) * APPROVED)
    began = time.perf_counter()
    decided = store.moderation.decide(
        chosen(*ids), Status.APPROVED, now=datetime.now(UTC), by="bench"
    )
    assert len(decided.moved) == APPROVED
    return time.perf_counter() - began
