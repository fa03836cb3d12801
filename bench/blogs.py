"""The blogs that are measured: the demo, one of 1,000 posts; and the service over each."""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from .meters import children

CHECKOUT = Path(__file__).resolve().parent.parent
_TOKEN = re.compile(r'name="token" value="([^"]+)"')
_PROSE = (
    "a address again all answer as author before blog book both by came comment day each every "
    "first for found from given good hand has house if in is it keep last letter line link long "
    "made many mark more most name never new no not of old on one open other out page paper part "
    "people place point post printed promise question read reader said same second see should "
    "small so some stand still than that the there they thing this time to two under use was web "
    "week what when where which while who will with without word work world write year yet you"
)


@dataclass(frozen=True, slots=True)
class Blog:
    """A blog in a folder, and the port on which it is served."""

    folder: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes: the machine's own, without settings of other blogs."""
        clean = {key: value for key, value in os.environ.items() if key[:10] != "PERMALIEN_"}
        named = {"PERMALIEN_BLOG": str(self.folder), "PERMALIEN_PORT": str(self.port)}
        return {**clean, **named, "PYTHONPATH": str(CHECKOUT)}

    @property
    def database(self) -> Path:
        return self.folder / "var" / "permalien.db"

    def page(self, address: str) -> str:
        """A page as it lies in the live folder."""
        return (self.folder / "output" / address / "index.html").read_text("utf-8")

    def token(self, address: str) -> str:
        """What names the post in the comment form of its page."""
        found = _TOKEN.search(self.page(address))
        assert found, f"no form in {address}"
        return found[1]

    def permalien(self, *words: str) -> None:
        """Run a command on it; CalledProcessError if it fails."""
        command = [sys.executable, "-m", "pingback_server", *words]
        subprocess.run(command, env=self.environment, capture_output=True, check=True)


@dataclass(frozen=True, slots=True)
class Server:
    """A program that answers on a port; `pids` are its processes by role."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def pids(self) -> dict[str, int]:
        """The process itself as `watch`, and its children by the roles on their command lines."""
        found = {"watch": self.process.pid}
        for pid in children(self.process.pid):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            if "--only" in words:
                found[words[words.index("--only") + 1]] = pid
        return found


def demo(folder: Path) -> Blog:
    """A copy of the demo blog, whose discussions never close: it is measured in any year."""
    folder.mkdir()
    shutil.copytree(CHECKOUT / "content", folder / "content")
    settings = (CHECKOUT / "pelicanconf.py").read_text(encoding="utf-8")
    settings += '\nDISCUSSION["close_after_days"] = 0\n'
    (folder / "pelicanconf.py").write_text(settings, encoding="utf-8")
    return Blog(folder, free_port())


def thousand_posts(folder: Path) -> Blog:
    """1,000 posts of some 600 words in 20 categories, with 3 of 200 tags each; always the same."""
    blog = demo(folder)
    chance, words = random.Random(1000), _PROSE.split()
    for number in range(1, 1001):
        day = date(2020, 1, 1) + timedelta(days=2 * number)
        tags = ", ".join(f"tag {chance.randrange(200)}" for _ in range(3))
        head = (
            f"Title: Post {number}\nDate: {day} 09:00\nSlug: post-{number}\nLang: en\n"
            f"Id: post-{number}\nCategory: Category {chance.randrange(20)}\nTags: {tags}\n"
        )
        paragraphs = [" ".join(chance.choices(words, k=100)) + "." for _ in range(6)]
        paragraphs.insert(3, f"## Heading of {number}")
        text = "\n\n".join(paragraphs)
        path = folder / "content" / f"post-{number}.md"
        path.write_text(f"{head}\n{text}\n", encoding="utf-8")
    return blog


@contextmanager
def bare_flask() -> Iterator[Server]:
    """The bare Flask application, served."""
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    with running([sys.executable, "-m", "bench.bare", str(port)], port, environment) as server:
        yield server


@contextmanager
def served(blog: Blog, *options: str) -> Iterator[Server]:
    """`permalien serve` over the blog: all roles, or the one in `options`."""
    command = [sys.executable, "-m", "pingback_server", "serve", *options]
    with running(command, blog.port, blog.environment) as server:
        yield server


@contextmanager
def running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[Server]:
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port, process)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when something listens there; a first build may come before."""
    patience = time.monotonic() + 120
    while time.monotonic() < patience and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{' '.join(map(str, process.args))} does not serve on port {port}")  # type: ignore[arg-type]


def get(port: int, path: str) -> str:
    """A page over HTTP, without any proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        text: str = answer.read().decode()
        return text


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
