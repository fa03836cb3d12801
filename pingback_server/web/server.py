"""The web role: waitress on a listening socket, stopped without leaving requests unanswered."""

from __future__ import annotations

import gc
import logging
import signal
import socket
import time

from flask import Flask
from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.task import WSGITask
from waitress.wasyncore import loop

from ..domain.errors import BadSetting
from ..server_settings import ServerSettings
from .slow_senders import PATIENCE, SlowSenders
from .strict_requests import StrictRequest

_LARGEST_BODY = 4 * 1024 * 1024  # up to here the refusal is the application's, in its words
_DRAIN_SECONDS = 5.0
# Requests leave little that only a collection finds, and what was made at start stays: to look at
# it all every 700 objects, as Python does by itself, takes a twentieth of the time of a comment.
_OBJECTS_BETWEEN_COLLECTIONS = 20_000
# A thread that sends needs its turn alone; one that takes longer keeps nobody else waiting.
_UNTIL_SENT_SECONDS = 0.01


class Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """An answer; one without a body (204, 304) leaves the connection open for the next request.

    waitress's own closes whenever no Content-Length is sent, and these may have none.
    """

    def set_close_on_finish(self) -> None:
        is_asked = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or self.version != "1.1" or is_asked:
            super().set_close_on_finish()


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection whose answer, while a thread sends it, keeps the loop waiting for that thread.

    waitress's own has the loop ask again and again whether it can help, thousands of times a
    second when other threads compute: a sixth of the time of a comment.
    """

    parser_class = StrictRequest
    task_class = Task

    def _flush_some_if_lockable(self, do_close: bool = True) -> None:
        if self.outbuf_lock.acquire(timeout=_UNTIL_SENT_SECONDS):
            try:
                super()._flush_some_if_lockable(do_close)
            finally:
                self.outbuf_lock.release()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there, for one web process or several. BadSetting if taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        # Python adds the address to the system's words.
        why = str(error.strerror).partition(" (while")[0]
        raise BadSetting(
            f"cannot listen on {host}:{port} ({why}): "
            "choose another with PERMALIEN_PORT and PERMALIEN_HOST"
        ) from error


def serve(
    app: Flask, listening: socket.socket, settings: ServerSettings, *, patience: float = PATIENCE
) -> None:
    """Answer requests until SIGTERM or SIGINT; what is under way then is still answered.

    A request that has not come in after `patience` seconds, a few more for a long one, is ended.
    """
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: stopping.append(number))
    # A line for every request that waits for a thread would be the first thing a crowd brings.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    channels: dict[int, object] = {}
    server = create_server(
        app,
        channels,
        sockets=[listening],
        threads=settings.threads,
        connection_limit=500,
        channel_timeout=20,
        max_request_body_size=_LARGEST_BODY,
        ident=None,
    )
    server.channel_class = Channel
    slow = SlowSenders(patience)
    while not stopping:
        loop(timeout=0.5, use_poll=True, map=channels, count=1)
        slow.end(channels.values(), time.monotonic())
    server.del_channel()
    listening.close()
    until = time.monotonic() + _DRAIN_SECONDS
    while time.monotonic() < until and _is_busy(channels):
        loop(timeout=0.1, use_poll=True, map=channels, count=1)
    server.task_dispatcher.shutdown(timeout=1)


def _is_busy(channels: dict[int, object]) -> bool:
    """Whether a request is coming in or being answered, or an answer is not yet wholly sent."""
    return any(
        getattr(channel, "request", None)
        or getattr(channel, "requests", None)
        or getattr(channel, "total_outbufs_len", 0)
        for channel in channels.values()
    )
