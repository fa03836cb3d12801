"""`permalien serve` and `permalien tick`: the roles of the service, together, alone, or once."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from urllib.parse import urlsplit

import click

from ..deeds.publish import publish, publish_if_dirty
from ..domain.blog_settings import check_site_url
from ..domain.errors import BadSetting, BuildFailed, NotPublished
from ..domain.networks import is_loopback
from ..processes import (
    Role,
    become_watch,
    end_with_parent,
    hold_if_free,
    is_held,
    note_tick,
    role_command,
    say,
    ticked_within,
)
from ..server_settings import PREVIEW, read_secrets
from .picturing import fetch_what_is_due
from .previewing import run_preview
from .publishing import account
from .purging import Purger
from .roles import do_jobs, mark_due_pages, run_press, run_worker
from .seating import first_link
from .verifying import verify_what_is_due
from .workplace import Workplace, now, workplace

_ROLES = ("web", "worker", "press")
# Cron calls `permalien tick` once a minute; a few times late is not dead.
_TICKS_SECONDS = 300
_TICK = "tick"


@click.command()
@click.option("--only", type=click.Choice(_ROLES), help="Run one role alone; else all, watched.")
@click.option("--watch", is_flag=True, help="Show the author what is written, drafts included.")
@click.option("--watched", is_flag=True, hidden=True)
@click.option("--descriptor", type=int, hidden=True)
def serve(only: str | None, watch: bool, watched: bool, descriptor: int | None) -> None:
    """Serve the blog and its conversation, until Ctrl-C or SIGTERM.

    With --watch it is a preview on this machine alone, made anew whenever a file changes: drafts
    and scheduled posts stand in it, open pages reload by themselves, and nothing is published.
    """
    if watch and only:
        raise click.UsageError("--watch runs all that it needs: leave --only out")
    # The instant of one build is not that of those of a service (docs/settings.md).
    os.environ.pop("SOURCE_DATE_EPOCH", None)
    if watch:
        os.environ[PREVIEW] = "1"
    here = workplace(is_preview=watch or watched)
    for number in (signal.SIGTERM, signal.SIGINT):
        # Until a role takes them over: ended while it starts, it ends in order as well.
        signal.signal(number, lambda *_: sys.exit(0))
    if watched:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        end_with_parent()
    if only is None:
        _serve_all(here)
    elif only == "web":
        given = descriptor is not None
        listening = socket.socket(fileno=descriptor) if given else _listen(here, _live_url(here))
        _run_web(here, listening)
    elif only == "worker":
        run_worker(here, _stop_on_signals())
    elif here.settings.preview:
        run_preview(here, _stop_on_signals())
    else:
        stopping = _stop_on_signals()
        if not watched:
            _build_first(here)
        run_press(here, stopping)


@click.command()
def tick() -> None:
    """Do what is due now, once, and end. It is for cron, where nothing may keep running.

    While one is at work, another leaves everything to it.
    """
    here = workplace()
    with hold_if_free(here.settings.data, _TICK) as is_alone:
        if is_alone:
            _tick(here)
        else:
            click.echo("Another `permalien tick` is at work: it does what is due.")


def _tick(here: Workplace) -> None:
    note_tick(here.settings.data)
    with here.store() as store, here.turn():
        # First what cannot fail because of a broken post.
        do_jobs(store, threading.Event())
        with suppress(NotPublished):
            verify_what_is_due(here, store)
            Purger(here, store).looks(threading.Event())
            fetch_what_is_due(here, store)
        try:
            mark_due_pages(here, store)
            built = publish_if_dirty(store, here.build)
            here.blog()
        except NotPublished:
            built = publish(store, here.build, now())
    for line in account(built):
        click.echo(line)


def _serve_all(here: Workplace) -> None:
    url = _url(here)
    listening = _listen(here, url)
    listening.set_inheritable(True)
    if here.settings.preview:
        with here.store() as store:
            store.check_sound()
    else:
        _build_first(here)
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
    if here.settings.preview:
        os.environ[PREVIEW] = f"http://{_name_of(host)}:{port}{urlsplit(url).path.rstrip('/')}"
        say(f"your preview is on {os.environ[PREVIEW]}/; Ctrl-C ends it")
        say("drafts and scheduled posts stand in it; `permalien build` publishes the others")
    else:
        say(f"{here.blog().blog.url}/ is served on {host}:{port}; Ctrl-C ends it")
        _say_how_to_begin(here)
    become_watch([*webs, *others])


def _build_first(here: Workplace) -> None:
    """Publish what changed while nothing ran. If that fails, the pages of before are served."""
    with here.store() as store, here.turn():
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


def _say_how_to_begin(here: Workplace) -> None:
    """Give the owner the link to the desk, as long as none has been there."""
    with here.store() as store:
        link = first_link(here, store)
    if link is not None:
        say(f"to sit at your desk, follow this link once, within a week: {link}")


def _url(here: Workplace) -> str:
    """SITEURL as it is now; where pelicanconf.py is broken, that of the pages of before."""
    try:
        url = str(here.own_settings().get("SITEURL") or "")
        if url:
            check_site_url(url)
        return url
    except (BuildFailed, BadSetting) as failure:
        try:
            return _live_url(here)
        except NotPublished:
            raise failure from None


def _live_url(here: Workplace) -> str:
    return here.blog().blog.url


def _listen(here: Workplace, url: str) -> socket.socket:
    from ..web.server import listen  # the other commands start faster without Flask

    host = here.settings.host
    if here.settings.preview and not is_loopback(host):
        raise BadSetting(
            f"PERMALIEN_HOST is {host}, but a preview shows drafts: it is for this machine alone"
        )
    site = urlsplit(url)
    of_url = site.port if site.hostname and is_loopback(site.hostname) else None
    return listen(host, here.settings.port or of_url or 8000)


def _name_of(host: str) -> str:
    return f"[{host}]" if ":" in host else "localhost" if host == "127.0.0.1" else host


def _run_web(here: Workplace, listening: socket.socket) -> None:
    from ..web import create_app, server
    from ..web.service import Service
    from ..web.templates import Theme

    with here.store() as store:
        service = Service(
            folder=here.settings.blog,
            data=here.settings.data,
            store=store,
            published=here.blog,
            secrets=read_secrets(here.settings),
            theme=Theme(here.settings.blog),
            press_is_alive=lambda: _press_is_alive(here),
            is_preview=here.settings.preview,
            proxies=here.settings.trusted_proxies,
            # A preview is served before its first build, and a fetcher names the blog.
            check_source=lambda source: here.fetcher().check(source),
        )
        server.serve(create_app(service), listening, here.settings)


def _press_is_alive(here: Workplace) -> bool:
    data = here.settings.data
    if here.settings.preview:
        return is_held(data, "preview")
    return is_held(data, "press") or is_held(data, _TICK) or ticked_within(data, _TICKS_SECONDS)


def _stop_on_signals() -> threading.Event:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping
