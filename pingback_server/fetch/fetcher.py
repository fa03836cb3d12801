"""The safe fetch: from a stranger's address to a page, over every hop, inside one budget."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from urllib3 import BaseHTTPResponse

from ..domain.errors import FetchRefused
from ..domain.networks import Address, Network
from ..domain.web_addresses import WebAddress, read_location, read_web_address
from .budget import USUAL, Budget, Limits
from .connection import Connect, dial, dial_one_of, exchange
from .gate import Gate
from .page import Page, Validators, page_of
from .resolving import Resolve, addresses_of, ask_the_system
from .unpacking import body_of

HTML = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
BeforeCall = Callable[[WebAddress, Address], None]
"""Is told whom a fetch calls next: the address on the web, and the IP address of its host."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Fetcher:
    """Calls other hosts: public ones, and those in the `allowed` networks, at any port there.

    `user_agent` says who we are: name, version, the blog's address, what for. `resolve` and
    `connect` are all that touches the network; `trusted_ca` is a file of certificates that are
    trusted beside the system's. It keeps no state: one serves any number of threads.
    """

    def __init__(
        self,
        user_agent: str,
        allowed: Sequence[Network] = (),
        *,
        resolve: Resolve = ask_the_system,
        connect: Connect = dial,
        now: Callable[[], float] = time.monotonic,
        trusted_ca: Path | None = None,
        limits: Limits = USUAL,
    ) -> None:
        self._user_agent, self._gate = user_agent, Gate(allowed)
        self._resolve, self._connect = resolve, connect
        self._now, self._trusted_ca, self._limits = now, trusted_ca, limits

    def check(self, url: str) -> None:
        """FetchRefused if `url` can be refused as it is written; asks nobody, not even DNS."""
        self._gate.check(read_web_address(url))

    def get(
        self,
        url: str,
        *,
        accept: str = HTML,
        conditional: Validators | None = None,
        before_call: BeforeCall | None = None,
    ) -> Page:
        """The page at `url`, whatever its status is.

        FetchRefused if it, or an address to which it leads on, must not be called; FetchFailed if
        no whole answer came within the limits. Nothing is remembered between two calls, and
        nothing sent but the address itself, `accept` and the version that is known already.
        `before_call` is told of whom each hop dials, before it is dialled, and may raise.
        """
        headers = {
            "User-Agent": self._user_agent,
            "Accept": accept,
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **(conditional.headers() if conditional else {}),
        }
        budget = Budget(self._limits, self._now, url)
        address = read_web_address(url)
        hops: list[WebAddress] = []
        while True:
            budget.url = address.url
            page, onward = self._ask(address, headers, hops, budget, before_call)
            if onward is None:
                return page
            hops.append(address)
            address = onward

    def _ask(
        self,
        address: WebAddress,
        headers: dict[str, str],
        hops: list[WebAddress],
        budget: Budget,
        before_call: BeforeCall | None,
    ) -> tuple[Page, WebAddress | None]:
        """One hop: the page that answers, and where it leads on, if it does."""
        self._gate.check(address)
        found = [address.ip] if address.ip else addresses_of(address.host, self._resolve, budget)
        self._gate.admit(found, address)

        def before(ip: Address) -> None:
            if before_call is not None:
                before_call(address, ip)

        dialled = dial_one_of(found, address.port, self._connect, budget, before=before)
        with exchange(
            address, dialled, headers, trust=lambda: self._trust, budget=budget
        ) as answer:
            onward = self._onward(address, answer, hops)
            return self._page(address, answer, hops, budget), onward

    def _onward(
        self, address: WebAddress, answer: BaseHTTPResponse, hops: list[WebAddress]
    ) -> WebAddress | None:
        """Where the redirect leads, if `answer` is one; FetchRefused if we do not follow."""
        location = answer.headers.get("location")
        if answer.status not in _REDIRECTS or not location:
            return None
        onward = read_location(location, address)
        if onward in (*hops, address):
            raise FetchRefused("redirects", onward.url, "leads on in a circle")
        if len(hops) == self._limits.hops:
            raise FetchRefused("redirects", onward.url, f"the redirect after {len(hops)} others")
        return onward

    def _page(
        self, address: WebAddress, answer: BaseHTTPResponse, hops: list[WebAddress], budget: Budget
    ) -> Page:
        headers = {name.lower(): answer.headers[name] for name in answer.headers}
        body = body_of(answer, headers, budget) if 200 <= answer.status < 300 else b""
        return page_of(
            address.url,
            answer.status,
            MappingProxyType(headers),
            body=body,
            hops=tuple(hop.url for hop in hops),
        )

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._trusted_ca is not None:
            context.load_verify_locations(self._trusted_ca)
        context.set_alpn_protocols(["http/1.1"])
        return context
