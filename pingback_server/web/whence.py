"""Where a request comes from: its address as our own proxies say it, its network, its browser."""

from __future__ import annotations

from functools import lru_cache

from flask import request

from ..deeds.receive import Sender
from ..domain.discussion import Whence
from ..domain.senders import Network, network_of
from ..domain.senders import sender as address_of_sender
from .service import service

# More than the addresses of as many proxies as are believed.
_LONGEST = 2_000


def whence(browser: str = "") -> Whence:
    """Where the request was sent from that is answered now; `browser` is its token's digest."""
    proxies = tuple(service().proxies)
    # WSGI has joined several (PEP 3333). What nobody reads is not remembered.
    forwarded = request.headers.get("X-Forwarded-For", "")[-_LONGEST:] if proxies else ""
    ip, network = _place(request.remote_addr or "", forwarded, proxies)
    return Whence(ip, network, browser)


def sender(browser: str = "") -> Sender:
    """Who sends the request, counted in the rates of this process once its post is known."""
    here, place = service(), whence(browser)
    now = here.now()
    return Sender(place, lambda post: here.rates.count(place.network, post, now))


@lru_cache(maxsize=256)
def _place(peer: str, forwarded: str, proxies: tuple[Network, ...]) -> tuple[str, str]:
    ip = address_of_sender(peer, forwarded, proxies)
    return ip, network_of(ip)
