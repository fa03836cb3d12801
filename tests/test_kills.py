"""Whatever is killed, and whenever: nothing acknowledged is lost or doubled, and pages follow."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from actors import BlogFolder, FormFields, Reader, Serving, anchors, children_of, wait_until
from load import Crowd, read_on
from press_site import WarmPress

from pingback_server.deeds.publish import publish_if_dirty
from pingback_server.domain.discussion import Status
from pingback_server.domain.errors import BuildFailed

Serve = Callable[..., Serving]

# In pelicanconf.py: Pelican dies by kill -9 at the N-th step that changes a folder, if there is a
# file `fate` that says N; else it writes how many there were.
FATE = """
import atexit, os, sys
from pathlib import Path

_fate = Path("fate")
_left = int(_fate.read_text()) if _fate.exists() else 0
_steps = [0]

def _step(event, values):
    if values and "__pycache__" in str(values[0]):
        return
    if event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree") or (
        event == "open" and values[2] & os.O_CREAT
    ):
        _steps[0] += 1
        if _steps[0] == _left:
            os.unlink(_fate)
            os.kill(os.getpid(), 9)

sys.addaudithook(_step)
atexit.register(lambda: Path("steps").write_text(str(_steps[0])))
"""


def form_fields(blog: BlogFolder, slug: str = "hello") -> dict[str, str]:
    return {**FormFields(blog.page(slug)).fields, "author": "Ada"}


class Moderator(Thread):
    """An author who decides on this and that, twice a second; `decided` are the numbers."""

    def __init__(self, blog: BlogFolder, seed: int) -> None:
        super().__init__()
        self.decided: set[int] = set()
        self._blog, self._chance = blog, random.Random(seed)
        self._stopping = Event()

    def __enter__(self) -> Moderator:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self.join()

    def run(self) -> None:
        choices = [Status.APPROVED, Status.APPROVED, Status.TRASH, Status.PENDING]
        while not self._stopping.wait(0.5):
            if entries := self._blog.store.entries():
                number = self._chance.choice(entries).id
                self.decided.add(number)
                status = self._chance.choice(choices)
                self._blog.store.decide([number], status, now=datetime.now(UTC), by="author")


def kill(service: Serving, name: str, chance: random.Random) -> bool:
    """kill -9 a role or the press's Pelican at a moment that the seed chooses; if it was there."""
    time.sleep(chance.random() * 1.5)
    if name != "pelican":
        service.kill(name)
        return True
    patience = time.monotonic() + 2
    while time.monotonic() < patience:
        for pid in children_of(service.roles().get("press", 0)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                return True
    return False


def kill_something(service: Serving, chance: random.Random) -> bool:
    """The same with whatever runs; a role that was killed before may wait for its next start."""
    running = [name for name in ("web", "web", "worker", "press") if name in service.roles()]
    return kill(service, chance.choice([*running, "pelican"]), chance)


def assert_all_is_well(blog: BlogFolder, service: Serving, crowd: Crowd, decided: set[int]) -> None:
    """After quiet: each comment once, every job done, every page as the database wants it."""
    wait_until(lambda: blog.store.dirty() is None, 60, service.said)
    wait_until(lambda: blog.store.waiting().jobs == 0, 90, service.said)
    service.stop()

    stored = Counter(entry.text for entry in blog.store.entries())
    assert crowd.contradictions == []
    assert [text for text in crowd.acknowledged if stored[text] != 1] == []
    assert [text for text, times in stored.items() if times != 1 or text not in crowd.sent] == []
    logs = [log.read_text() for log in blog.folder.parent.glob("serve-*.log")]
    told = set(map(int, re.findall(r"comment (\d+) on", " ".join(logs))))
    untouched = {entry.id for entry in blog.store.entries([Status.PENDING])}
    assert untouched - told - decided == set()
    published = [comment.id for comment in blog.store.published().get("hello", ())]
    assert anchors(blog.page("hello")) == published
    rebuilt = blog.build()
    assert (rebuilt.written, rebuilt.removed) == ((), ())
    assert leftovers(blog) == []


def leftovers(blog: BlogFolder) -> list[str]:
    """What killed processes left lying about."""
    data = [path.name for path in blog.settings.data.iterdir() if path.name.startswith(".")]
    beside = [path.name for path in (blog.folder / ".output.press").iterdir()]
    return [
        *data,
        *(name for name in beside if name != "written.json"),
        *(name for name in blog.pages() if ".press-new" in name),
    ]


def test_nothing_is_lost_or_doubled_when_processes_are_killed_under_load(
    serving: Serve, blog: BlogFolder
) -> None:
    service = serving(PERMALIEN_WEB_PROCESSES="2").until_ready()
    chance = random.Random(7)

    with Crowd([service.port], form_fields(blog)) as crowd, Moderator(blog, 7) as author:
        names = ["web"] * 3 + ["worker", "press", "pelican"]
        killed = [kill(service, name, chance) for name in chance.sample(names, 6)]

    assert sum(killed) >= 4
    assert len(crowd.acknowledged) > 20
    assert_all_is_well(blog, service, crowd, author.decided)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_nothing_is_lost_or_doubled_by_two_hundred_kills(serving: Serve, blog: BlogFolder) -> None:
    seed = int(os.environ.get("SEED", "11"))
    chance, fields = random.Random(seed), form_fields(blog)
    sent: list[str] = []
    decided: set[int] = set()
    for turn in range(10):
        service = serving(PERMALIEN_WEB_PROCESSES="2").until_ready(120)
        crowd = Crowd([service.port], fields, most=1000, seed=seed + turn, sent=sent)
        with crowd, Moderator(blog, seed + turn) as author:
            for _ in range(20):
                kill_something(service, chance)
            # The last of each turn is the one who watches; the next service goes on.
            service.stop(signal.SIGKILL)
            service = serving(PERMALIEN_PORT=str(service.port)).until_ready(120)
        decided |= author.decided
        assert_all_is_well(blog, service, crowd, decided)


def approve_or_hold(blog: BlogFolder, number: int) -> None:
    """Change what the page has to show."""
    [entry] = blog.store.entries(ids=[number])
    other = Status.PENDING if entry.status is Status.APPROVED else Status.APPROVED
    blog.store.decide([number], other, now=datetime.now(UTC), by="author")


def assert_a_build_killed_at_a_step_does_no_harm(blog: BlogFolder, step: int) -> bool:
    """Whether the build came to that step, and was killed there."""
    approve_or_hold(blog, 1)
    before = blog.pages()
    fate = blog.folder / "fate"
    fate.write_text(str(step))

    with suppress(BuildFailed):
        publish_if_dirty(blog.store, blog.build)
    between, was_killed = blog.pages(), not fate.exists()
    fate.unlink(missing_ok=True)
    assert (blog.store.dirty() is not None) is was_killed
    publish_if_dirty(blog.store, blog.build)

    after = blog.pages()
    assert before != after
    halves = {
        path
        for path, page in between.items()
        if page not in (before.get(path), after.get(path)) and ".press-new" not in path
    }
    assert halves == set()
    assert len(between) >= len(before)
    shown = [comment.id for comment in blog.store.published().get("hello", ())]
    assert anchors(blog.page("hello")) == shown
    assert blog.store.dirty() is None
    assert leftovers(blog) == []
    return was_killed


def steps_of_a_publication(blog: BlogFolder, reader: Reader) -> int:
    """How many steps there are from an approval to its page; Pelican counts them from now on."""
    reader.comments()
    blog.configure(FATE)
    approve_or_hold(blog, 1)
    publish_if_dirty(blog.store, blog.build)
    return int((blog.folder / "steps").read_text())


def test_a_build_killed_between_approval_and_page_is_made_up_for(
    blog: BlogFolder, reader: Reader
) -> None:
    last = steps_of_a_publication(blog, reader)

    assert last > 10
    steps = sorted(random.Random(3).sample(range(last // 2, last - 1), 2))
    assert all(assert_a_build_killed_at_a_step_does_no_harm(blog, step) for step in steps)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_build_killed_at_any_step_between_approval_and_page_is_made_up_for(
    blog: BlogFolder, reader: Reader
) -> None:
    last = steps_of_a_publication(blog, reader)

    killed = [
        assert_a_build_killed_at_a_step_does_no_harm(blog, step) for step in range(1, last + 1)
    ]

    assert sum(killed) > 0.8 * last


@pytest.mark.parametrize("times", [6, pytest.param(20, marks=pytest.mark.soak)])
def test_readers_see_only_whole_pages_while_the_blog_is_published_again_and_again(
    serving: Serve, blog: BlogFolder, reader: Reader, times: int
) -> None:
    for number in range(1, times + 1):
        reader.comments(comment=f"Comment {number}")
    service = serving("--only", "web")
    wait_until(lambda: service.get("/healthz").status == 200, 30, service.said)
    paths = ["/", blog.address("hello"), "/feeds/all.atom.xml", "/archives/"]
    files = {path: blog.output / path.strip("/") for path in paths}
    places = {path: file / "index.html" if file.is_dir() else file for path, file in files.items()}
    known = {(path, place.read_bytes()) for path, place in places.items()}
    seen: set[tuple[str, bytes]] = set()
    over = Event()
    readers = [Thread(target=read_on, args=(service.port, paths, seen, over)) for _ in range(4)]

    with WarmPress(blog.folder) as press:
        for thread in readers:
            thread.start()
        try:
            for number in range(1, times + 1):
                approve_or_hold(blog, number)
                assert press.run() == "published"
                known |= {(path, place.read_bytes()) for path, place in places.items()}
        finally:
            over.set()
            for thread in readers:
                thread.join()

    assert seen <= known
    assert len(seen) > times
    assert all(b"</html>" in page[-10:] for path, page in seen if not path.endswith(".xml"))
