"""`permalien serve` as processes: started, watched, ended together; alone; and once, by `tick`."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from actors import (
    GATE,
    Author,
    BlogFolder,
    FormFields,
    Reader,
    Serving,
    anchors,
    children_of,
    processes_in,
    run_permalien,
    wait_until,
)

from pingback_server.domain.discussion import Status
from pingback_server.domain.errors import Unavailable
from pingback_server.processes import Role, Watch, is_held
from pingback_server.store import Store

Serve = Callable[..., Serving]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, built_blog: Path) -> Iterator[Serving]:
    """A service with two web processes that several tests share; what they kill comes back."""
    folder = tmp_path_factory.mktemp("running") / "blog"
    shutil.copytree(built_blog, folder)
    with BlogFolder(folder) as blog:
        service = Serving(blog, (), {"PERMALIEN_WEB_PROCESSES": "2"})
        try:
            yield service.until_ready()
        finally:
            service.stop()


@pytest.fixture
def running(shared: Serving, built_blog: Path) -> Iterator[Serving]:
    """The shared service, whole and at rest, whatever the test before has left behind."""
    wait_until(lambda: is_at_rest(shared), 60, shared.said)
    try:
        yield shared
    finally:
        mend(shared.blog, built_blog)


def is_at_rest(service: Serving) -> bool:
    """Whether all roles are played, nothing is to be published, and so no Pelican runs.

    A page shows a comment before the Pelican that wrote it has ended.
    """
    is_whole = set(service.roles()) == {"web", "worker", "press"}
    return is_whole and service.get("/readyz").status == 200 and service.blog.store.dirty() is None


def mend(blog: BlogFolder, origin: Path) -> None:
    """Take back what a test that failed half-way has broken in the blog, a copy of `origin`."""
    for name in ("hold", "permalien.env"):
        (blog.folder / name).unlink(missing_ok=True)
    broken, whole = (folder / "content" / "hello.md" for folder in (blog.folder, origin))
    if broken.read_bytes() != whole.read_bytes():
        shutil.copyfile(whole, broken)


def approve(blog: BlogFolder, text: str) -> None:
    """The author approves the comment that says `text`."""
    [number] = [entry.id for entry in blog.store.entries() if entry.text == text]
    blog.store.decide([number], Status.APPROVED, now=datetime.now(UTC), by="author")


def leftovers(blog: BlogFolder) -> list[str]:
    """What lies in the folder of the data and is no data."""
    return [path.name for path in blog.settings.data.iterdir() if path.name.startswith(".")]


def pelican_of(service: Serving) -> int:
    """The Pelican that the press runs now."""
    wait_until(lambda: bool(children_of(service.roles().get("press", 0))), 20, service.said)
    return children_of(service.roles()["press"])[0]


def hold_builds(blog: BlogFolder) -> Path:
    """Have every Pelican wait until the file that is returned has gone."""
    blog.configure(GATE)
    (blog.folder / "hold").touch()
    return blog.folder / "hold"


def ask_raw(port: int, *lines: str) -> socket.socket:
    """A connection on which the lines of a request, or of its beginning, were sent."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall("".join(f"{line}\r\n" for line in lines).encode())
    return connection


def read_all(connection: socket.socket) -> str:
    with connection:
        return connection.makefile("rb").read().decode()


# Together


def test_serve_runs_web_worker_and_press_and_is_ready(running: Serving) -> None:
    wait_until(lambda: set(running.roles()) == {"web", "worker", "press"}, 20, running.said)

    assert '"ready":true' in running.get("/readyz").body


def test_no_answer_tells_which_server_gives_it(running: Serving) -> None:
    for path in ("/", "/nothing", "/healthz"):
        answer = running.get(path)
        assert answer.headers["Content-Type"]
        assert "server" not in {name.lower() for name in answer.headers}


@pytest.mark.parametrize("role", ["worker", "press"])
def test_a_role_that_is_killed_is_started_again(running: Serving, role: str) -> None:
    killed = running.kill(role)

    wait_until(lambda: running.roles().get(role, killed) != killed, 40, running.said)
    wait_until(lambda: running.get("/readyz").status == 200, 40, running.said)
    assert f"{role} ended (killed by SIGKILL); starting it again in" in running.said()


def test_of_two_web_processes_one_answers_while_the_other_is_started_again(
    running: Serving,
) -> None:
    wait_until(lambda: len(running.webs()) == 2, 40, running.said)
    dead, alive = running.webs()
    os.kill(dead, signal.SIGKILL)

    answers = [running.comment(comment=f"Comment {number}").status for number in range(5)]

    assert answers == [303] * 5
    wait_until(lambda: len(running.webs()) == 2 and dead not in running.webs(), 40, running.said)
    assert alive in running.webs()


def test_a_press_killed_while_pelican_works_takes_it_along_and_the_next_one_publishes(
    running: Serving,
) -> None:
    blog = running.blog
    assert running.comment(comment="Second try.").status == 303
    hold = hold_builds(blog)
    approve(blog, "Second try.")
    pelican = pelican_of(running)

    running.kill("press")
    wait_until(lambda: pelican not in processes_in(blog.folder), 20, running.said)
    hold.unlink()

    wait_until(lambda: "Second try." in blog.page("hello"), 40, running.said)
    wait_until(lambda: blog.store.dirty() is None, 20, running.said)
    assert leftovers(blog) == []


def test_a_pelican_that_was_killed_is_reported_and_the_page_follows(running: Serving) -> None:
    blog = running.blog
    assert running.comment(comment="Built twice.").status == 303
    before = len(running.said())
    hold = hold_builds(blog)
    approve(blog, "Built twice.")

    os.kill(pelican_of(running), signal.SIGKILL)

    reason = "Pelican was killed by SIGKILL"
    wait_until(lambda: reason in running.said()[before:], 20, running.said)
    hold.unlink()
    wait_until(lambda: "Built twice." in blog.page("hello"), 40, running.said)


def test_a_role_that_cannot_start_is_reported_and_tried_ever_more_patiently(
    running: Serving,
) -> None:
    broken = running.blog.folder / "permalien.env"
    broken.write_text("PERMALIEN_THREDS=4\n")
    before = len(running.said())
    running.kill("worker")

    wait_until(lambda: running.said()[before:].count("worker ended") >= 3, 40, running.said)
    broken.unlink()

    said = running.said()[before:]
    pauses = [
        float(one) for one in re.findall(r"worker ended .*; starting it again in (\S+) s", said)
    ]
    assert pauses == sorted(pauses)
    assert pauses[-1] > pauses[0]
    assert "PERMALIEN_THREDS is not a setting (did you mean PERMALIEN_THREADS?)" in said
    assert running.comment(comment="Somebody has to be told.").status == 303
    wait_until(lambda: running.blog.store.waiting().jobs == 0, 40, running.said)


def test_a_broken_post_leaves_the_pages_alone_until_it_is_mended(running: Serving) -> None:
    blog = running.blog
    assert running.comment(comment="For better times.").status == 303
    wait_until(lambda: blog.store.dirty() is None, 20, running.said)
    before, said = blog.pages(), len(running.said())
    blog.write_post("hello", "Hello", "The first words.", Date="soon")
    approve(blog, "For better times.")
    place = re.compile(r"pages stay as they were: .*hello\.md:2: Date: 'soon' is not a valid date")
    wait_until(lambda: place.search(running.said()[said:]) is not None, 30, running.said)
    assert blog.pages() == before
    assert running.comment("bonjour", comment="Meanwhile.").status == 303

    blog.write_post("hello", "Hello", "The first words.")

    wait_until(lambda: "For better times." in blog.page("hello"), 30, running.said)
    assert len(place.findall(running.said()[said:])) == 1


def test_a_second_service_on_the_same_port_says_so_and_harms_nothing(running: Serving) -> None:
    blog = running.blog

    said = run_permalien(
        "serve", cwd=blog.folder, env={**blog.environment, "PERMALIEN_PORT": str(running.port)}
    )

    assert said.code == 1
    assert f"cannot listen on 127.0.0.1:{running.port} (Address already in use)" in said.err
    assert "PERMALIEN_PORT" in said.err
    assert running.get("/").status == 200


def test_sixty_readers_who_never_finish_sending_hold_nobody_up(running: Serving) -> None:
    head = ("POST /-/comments HTTP/1.1", "Host: x", "Content-Length: 1000", "")
    with ExitStack() as slow:
        for _ in range(60):
            slow.enter_context(ask_raw(running.port, *head, "author=S"))

        answers = [running.comment(comment=f"Quick {number}") for number in range(5)]

    assert [answer.status for answer in answers] == [303] * 5


def test_two_webs_on_two_ports_take_a_comment_once(running: Serving) -> None:
    other = Serving(running.blog, ("--only", "web"), {})
    try:
        wait_until(lambda: other.get("/healthz").status == 200, 20, other.said)

        answers = [service.comment(comment="To both.") for service in (running, other, running)]

        assert [answer.status for answer in answers] == [303] * 3
        assert len({answer.headers["Location"] for answer in answers}) == 1
    finally:
        assert other.stop() == 0
    assert running.get("/").status == 200


def test_a_request_under_way_when_the_service_ends_is_still_answered(
    serving: Serve, blog: BlogFolder
) -> None:
    service = serving("--only", "web")
    wait_until(lambda: service.get("/healthz").status == 200, 30, service.said)
    form = FormFields(service.get(blog.address("hello")).body)
    body = urlencode({**form.fields, "author": "Ada", "comment": "At the last moment."})
    head = ("POST /-/comments HTTP/1.1", "Host: x", "Connection: close")
    kind = "Content-Type: application/x-www-form-urlencoded"
    connection = socket.create_connection(("127.0.0.1", service.port), timeout=20)
    lines = "\r\n".join((*head, kind, f"Content-Length: {len(body)}", "", body[:9]))
    connection.sendall(lines.encode())
    assert service.get("/healthz").status == 200

    service.process.terminate()
    wait_until(lambda: service.get("/healthz").status == 0, 20)
    connection.sendall(body[9:].encode())

    assert "303 SEE OTHER" in read_all(connection)
    assert service.process.wait(20) == 0
    assert [entry.text for entry in blog.store.entries()] == ["At the last moment."]


def test_ctrl_c_while_a_page_is_built_ends_all_and_the_work_is_still_to_do(
    serving: Serve, blog: BlogFolder, reader: Reader
) -> None:
    reader.comments(comment="Built by the next one.")
    service = serving().until_ready()
    idle = ask_raw(service.port, "GET / HTTP/1.1", "Host: x", "")
    assert idle.recv(5) == b"HTTP/"
    hold = hold_builds(blog)
    approve(blog, "Built by the next one.")
    pelican_of(service)

    os.killpg(service.process.pid, signal.SIGINT)

    assert service.process.wait(20) == 0
    assert processes_in(blog.folder) == []
    assert service.said().endswith("ended\n")
    assert "pages stay as they were" not in service.said()
    assert leftovers(blog) == []
    idle.close()
    hold.unlink()
    assert run_permalien("tick", cwd=blog.folder, env=blog.environment).code == 0
    assert "Built by the next one." in blog.page("hello")


def test_the_roles_end_with_a_watch_that_was_killed_and_a_new_service_goes_on(
    serving: Serve, blog: BlogFolder, reader: Reader
) -> None:
    reader.comments(comment="Approved before the end.")
    service = serving().until_ready()
    hold = hold_builds(blog)
    approve(blog, "Approved before the end.")
    pelican_of(service)

    service.stop(signal.SIGKILL)

    wait_until(lambda: processes_in(blog.folder) == [], 20)
    hold.unlink()
    again = serving(PERMALIEN_PORT=str(service.port)).until_ready()
    assert "Approved before the end." in blog.page("hello")
    assert leftovers(blog) == []
    assert again.stop() == 0
    assert processes_in(blog.folder) == []


def test_ended_during_its_first_build_it_ends_in_order(serving: Serve, blog: BlogFolder) -> None:
    hold_builds(blog)
    service = serving()
    wait_until(lambda: len(processes_in(blog.folder)) == 2, 20, service.said)

    assert service.stop() == 0

    assert processes_in(blog.folder) == []
    assert leftovers(blog) == []


def test_killed_during_its_first_build_it_leaves_nothing_that_runs(
    serving: Serve, blog: BlogFolder
) -> None:
    hold_builds(blog)
    service = serving()
    wait_until(lambda: len(processes_in(blog.folder)) == 2, 20, service.said)

    service.process.kill()

    wait_until(lambda: processes_in(blog.folder) == [], 20)


def test_a_disk_that_is_full_under_the_log_ends_nothing(blog: BlogFolder, reader: Reader) -> None:
    reader.comments(comment="Nobody writes this down.")
    service = Serving(blog, (), {}, log=Path("/dev/full"))
    try:
        wait_until(lambda: service.get("/readyz").status == 200, 60)
        started = service.roles()

        approve(blog, "Nobody writes this down.")

        wait_until(lambda: anchors(blog.page("hello")) == [1], 30)
        wait_until(lambda: blog.store.waiting().jobs == 0, 30)
        assert service.roles() == started
    finally:
        assert service.stop() == 0


def test_the_watch_is_a_small_program_of_its_own(running: Serving) -> None:
    roles = running.roles()

    assert set(roles) == {"web", "worker", "press"}
    wait_until(  # a role that has just been started is small, too
        lambda: all(memory_of(running.process.pid) < memory_of(pid) / 2 for pid in roles.values()),
        30,
    )


def memory_of(pid: int) -> int:
    """What a process has in memory, in kB."""
    status = Path(f"/proc/{pid}/status").read_text()
    [found] = re.findall(r"VmRSS:\s+(\d+) kB", status)
    return int(found)


def test_who_ends_a_service_while_it_becomes_its_watch_is_heard(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pingback_server.processes import Role, become_watch; "
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM}); "
        "os.kill(os.getpid(), signal.SIGTERM); "
        "become_watch([Role('web', ['sleep', '60'])])"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )

    assert (ended.returncode, ended.stderr[9:]) == (0, "ended\n")
    assert processes_in(tmp_path) == []


def test_a_file_of_the_blog_is_never_taken_for_a_module_of_python(
    serving: Serve, blog: BlogFolder
) -> None:
    for name in ("calendar", "colorsys"):
        (blog.folder / f"{name}.py").write_text("raise ValueError('mine')\n", "utf-8")
    (blog.folder / "names.py").write_text("WHO = 'Ada'\n", "utf-8")
    (blog.folder / "plugins").mkdir()
    plugin = (
        "def register():\n    import colorsys, names\n    print(colorsys.ONE_SIXTH, names.WHO)\n"
    )
    (blog.folder / "plugins" / "mine.py").write_text(plugin, "utf-8")
    blog.configure('PLUGIN_PATHS += ["plugins"]\nPLUGINS += ["mine"]')

    service = serving().until_ready()

    assert set(service.roles()) == {"web", "worker", "press"}
    assert "starting it again" not in service.said()
    assert "stay as they were" not in service.said()


def test_a_program_that_cannot_be_run_is_tried_again() -> None:
    said: list[str] = []

    def tell(line: str) -> None:
        said.append(line)
        if len(said) == 2:
            os.kill(os.getpid(), signal.SIGTERM)

    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        Watch([Role("web", ["/no/such/program"])], tell).run()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)

    reason = "[Errno 2] No such file or directory: '/no/such/program'"
    assert said == [
        f"web cannot be started ({reason}); starting it again in 0.25 s",
        f"web cannot be started ({reason}); starting it again in 0.5 s",
    ]


# Alone


def test_each_role_runs_alone_and_ends_when_asked(serving: Serve, blog: BlogFolder) -> None:
    web = serving("--only", "web")
    wait_until(lambda: web.get("/healthz").status == 200, 20, web.said)
    assert web.comment(comment="All by myself.").status == 303
    assert "the press is not running" in web.get("/readyz").body

    worker, press = serving("--only", "worker"), serving("--only", "press")
    wait_until(lambda: "comment 1 on hello waits" in worker.said(), 20, worker.said)
    approve(blog, "All by myself.")
    wait_until(lambda: anchors(blog.page("hello")) == [1], 30, press.said)
    wait_until(lambda: web.get("/readyz").status == 200, 30, web.said)

    assert [service.stop() for service in (web, worker, press)] == [0, 0, 0]
    assert processes_in(blog.folder) == []


def test_a_second_press_waits_and_takes_over_when_the_first_one_dies(
    serving: Serve, blog: BlogFolder, reader: Reader
) -> None:
    reader.comments(comment="Published by the second.")
    first = serving("--only", "press")
    wait_until(lambda: is_held(blog.settings.data, "press"), 40, first.said)
    try:
        wait_until(lambda: is_stopped_at_rest(first), 20, first.said)  # alive, and doing nothing
        second = serving("--only", "press")
        wait_until(lambda: has_open(second, "press.lock"), 40, second.said)
        approve(blog, "Published by the second.")
        time.sleep(2)  # ten times a press's pause
        assert set(processes_in(blog.folder)) == {first.process.pid, second.process.pid}
        assert anchors(blog.page("hello")) == []
    finally:
        first.process.kill()

    wait_until(lambda: anchors(blog.page("hello")) == [1], 40, second.said)
    assert is_held(blog.settings.data, "press")


def is_stopped_at_rest(service: Serving) -> bool:
    """Stop the process, unless it is just writing to the database and would keep others from it."""
    service.process.send_signal(signal.SIGSTOP)
    with closing(Store.open(service.blog.settings.store_url, patience=0.1)) as store:
        try:
            store.check_writable()
        except Unavailable:
            service.process.send_signal(signal.SIGCONT)
            return False
    return True


def has_open(service: Serving, name: str) -> bool:
    """Whether the process has opened a file of that name."""
    try:
        entries = list(Path(f"/proc/{service.process.pid}/fd").iterdir())
        return any(os.readlink(entry).endswith(f"/{name}") for entry in entries)
    except FileNotFoundError:  # one was closed meanwhile
        return False


# Once


def test_where_cron_ticks_the_web_alone_is_ready(
    serving: Serve, author: Author, blog: BlogFolder
) -> None:
    web = serving("--only", "web")
    wait_until(lambda: web.get("/healthz").status == 200, 20, web.said)
    assert web.get("/readyz").status == 503

    author.runs("tick")

    assert web.get("/readyz").status == 200
    long_ago = time.time() - 301
    os.utime(blog.settings.data / "ticked", (long_ago, long_ago))
    assert "the press is not running" in web.get("/readyz").body


def test_a_tick_leaves_everything_to_one_that_is_at_work(
    author: Author, reader: Reader, blog: BlogFolder
) -> None:
    reader.comments(comment="For the first.")
    author.runs("approve", "1")
    gate = hold_builds(blog)
    first = author.starts("tick")
    wait_until(lambda: is_held(blog.settings.data, "tick"), 20)

    second = author.runs("tick")

    assert first.poll() is None
    assert (second.code, second.out) == (
        0,
        "Another `permalien tick` is at work: it does what is due.\n",
    )
    gate.unlink()
    assert first.wait(60) == 0
    assert "For the first." in blog.page("hello")


def test_tick_does_what_is_due_and_ends(author: Author, reader: Reader, blog: BlogFolder) -> None:
    reader.comments(comment="For the tick.")
    author.runs("approve", "1")
    reader.comments("bonjour", comment="Still waiting.")

    said = author.runs("tick")

    assert said.code == 0
    assert "written" in said.out
    assert "comment 2 on bonjour waits" in said.err
    assert "For the tick." in blog.page("hello")
    assert blog.store.waiting().jobs == 0
    assert author.runs("tick").out == "Nothing was due.\n"


def test_tick_tells_of_comments_even_if_a_post_is_broken(
    author: Author, reader: Reader, blog: BlogFolder
) -> None:
    reader.comments(comment="To be told.")
    reader.comments(comment="To be shown.")
    author.runs("approve", "2")
    blog.write_post("hello", "Hello", "Words.", Date="soon")

    said = author.runs("tick")

    assert said.code == 1
    assert "hello.md:2: Date: 'soon' is not a valid date" in said.err
    assert "comment 1 on hello waits" in said.err
    assert blog.store.waiting().dirty == 1
    assert [entry.status for entry in blog.store.entries()] == [Status.PENDING, Status.APPROVED]
