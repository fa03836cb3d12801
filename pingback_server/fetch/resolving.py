"""Names become addresses, once for each hop, and never for longer than the fetch may last."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from queue import Empty, SimpleQueue

from ..domain.errors import FetchFailed
from ..domain.networks import Address
from .budget import Budget

Resolve = Callable[[str], Sequence[str]]
"""Gives a name's addresses as text, the best first; OSError if it has none."""


def ask_the_system(host: str) -> list[str]:
    """The addresses of `host` as the system's resolver orders them (RFC 6724)."""
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def addresses_of(host: str, resolve: Resolve, budget: Budget) -> list[Address]:
    """Every address that `resolve` gives for `host`; FetchFailed (`dns`, `timeout`) if none.

    A resolver cannot be interrupted: it works in a thread that is left to itself when time is up.
    """
    answered: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            answered.put(resolve(host))
        except (OSError, UnicodeError) as error:
            answered.put(error)

    threading.Thread(target=ask, daemon=True, name=f"resolve {host}").start()
    try:
        answer = answered.get(timeout=budget.seconds_left())
    except Empty:
        raise budget.timeout() from None
    if isinstance(answer, Exception):
        passing = not (isinstance(answer, socket.gaierror) and answer.errno == socket.EAI_NONAME)
        raise FetchFailed("dns", budget.url, f"no address: {answer}", passing=passing)
    return _read(answer, budget)


def _read(answer: Sequence[str], budget: Budget) -> list[Address]:
    try:
        addresses = [ip_address(text) for text in answer]
    except ValueError as error:
        raise FetchFailed("dns", budget.url, f"no address: {error}") from error
    if not addresses:
        raise FetchFailed("dns", budget.url, "no address", passing=True)
    return addresses
