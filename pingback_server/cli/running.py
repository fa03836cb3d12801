"""`permalien serve` and `permalien tick`: the roles of the service, together, alone, or once."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from urllib.parse import urlsplit

import click

from ..deeds.publish import publish, publish_if_dirty
from ..domain.errors import BuildFailed, NotPublished
from ..processes import (
    Role,
    Watch,
    end_with_parent,
    is_held,
    note_tick,
    role_command,
    ticked_within,
)
from ..server_settings import read_secrets
from .publishing import account
from .roles import do_jobs, mark_due_pages, run_press, run_worker
from .workplace import Workplace, now, say, workplace

_ROLES = ("web", "worker", "press")
# Cron calls `permalien tick` once a minute; a few times late is not dead.
_TICKS_SECONDS = 300
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@click.command()
@click.option("--only", type=click.Choice(_ROLES), help="Run one role alone; else all, watched.")
@click.option("--watched", is_flag=True, hidden=True)
@click.option("--descriptor", type=int, hidden=True)
def serve(only: str | None, watched: bool, descriptor: int | None) -> None:
    """Serve the blog and its conversation, until Ctrl-C or SIGTERM."""
    # The instant of one build is not that of those of a service (docs/settings.md).
    os.environ.pop("SOURCE_DATE_EPOCH", None)
    here = workplace()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Until a role takes them over: ended while it starts, it ends in order as well.
        signal.signal(number, lambda *_: sys.exit(0))
    if watched:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        end_with_parent()
    if only is None:
        _serve_all(here)
    elif only == "web":
        listening = socket.socket(fileno=descriptor) if descriptor is not None else _listen(here)
        _run_web(here, listening)
    else:
        stopping = _stop_on_signals()
        run = run_worker if only == "worker" else run_press
        if only == "press" and not watched:
            _build_first(here)
        run(here, stopping)


@click.command()
def tick() -> None:
    """Do what is due now, once, and end: for cron, where nothing may keep running."""
    here = workplace()
    with here.store() as store:
        note_tick(here.settings.data)
        # First what cannot fail because of a broken post.
        do_jobs(store, threading.Event())
        try:
            mark_due_pages(here, store)
            built = publish_if_dirty(store, here.build)
            here.blog()
        except NotPublished:
            built = publish(store, here.build, now())
    for line in account(built):
        click.echo(line)


def _serve_all(here: Workplace) -> None:
    _build_first(here)
    listening = _listen(here)
    listening.set_inheritable(True)
    blog = here.settings.blog
    descriptor = listening.fileno()
    webs = [
        Role(
            f"web {number}" if here.settings.web_processes > 1 else "web",
            role_command("web", blog, "--descriptor", str(descriptor)),
            file_descriptors=(descriptor,),
        )
        for number in range(1, here.settings.web_processes + 1)
    ]
    others = [Role(name, role_command(name, blog)) for name in ("worker", "press")]
    host, port = listening.getsockname()[:2]
    say(f"{here.blog().blog.url}/ is served on {host}:{port}; Ctrl-C ends it")
    Watch([*webs, *others], say).run()
    say("ended")


def _build_first(here: Workplace) -> None:
    """Publish what changed while nothing ran. If that fails, the pages of before are served."""
    with here.store() as store:
        store.check_sound()
        try:
            for line in account(publish(store, here.build, now())):
                say(line)
        except BuildFailed as failure:
            try:
                here.blog()
            except NotPublished:
                raise failure from None
            say(f"the pages stay as they were: {failure}")


def _listen(here: Workplace) -> socket.socket:
    from ..web.server import listen  # the other commands start faster without Flask

    site = urlsplit(here.blog().blog.url)
    port = here.settings.port or (site.port if site.hostname in _LOOPBACK else None) or 8000
    return listen(here.settings.host, port)


def _run_web(here: Workplace, listening: socket.socket) -> None:
    from ..web import create_app, server
    from ..web.service import Service
    from ..web.templates import Theme

    with here.store() as store:
        service = Service(
            folder=here.settings.blog,
            store=store,
            blog=here.blog,
            secrets=read_secrets(here.settings),
            theme=Theme(here.settings.blog),
            press_is_alive=lambda: (
                is_held(here.settings.data, "press")
                or ticked_within(here.settings.data, _TICKS_SECONDS)
            ),
        )
        server.serve(create_app(service), listening, here.settings)


def _stop_on_signals() -> threading.Event:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping
