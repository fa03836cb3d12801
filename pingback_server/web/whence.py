"""Where a request comes from: its address as our own proxies say it, its network, its browser."""

from __future__ import annotations

from functools import lru_cache

from flask import request

from ..domain.discussion import Whence
from ..domain.senders import Network, network_of, sender
from .service import service


def whence() -> Whence:
    """Where the request that is answered now was sent from."""
    forwarded = ",".join(request.headers.getlist("X-Forwarded-For"))
    ip, network = _place(request.remote_addr or "", forwarded, tuple(service().proxies))
    return Whence(ip=ip, network=network)


@lru_cache(maxsize=256)
def _place(peer: str, forwarded: str, proxies: tuple[Network, ...]) -> tuple[str, str]:
    ip = sender(peer, forwarded, proxies)
    return ip, network_of(ip)
