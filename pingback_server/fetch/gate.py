"""Which addresses may be dialled: public ones at the web's ports, and what the operator allows."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address

from ..domain.errors import FetchRefused
from ..domain.networks import Address, Network, forbidden_network, unwrapped
from ..domain.web_addresses import WebAddress

_WEB_PORTS = (80, 443)
_LOOPBACK = IPv4Address("127.0.0.1")
# Far more than any site has; a longer answer is not meant to be dialled.
_MOST_ANSWERS = 32


class Gate:
    """Lets through what is public, and what lies in the networks that are `allowed` by name."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        self._allowed = tuple(allowed)

    def check(self, address: WebAddress) -> None:
        """FetchRefused (`port`, `address`) if it can be said without DNS that none may call it."""
        if address.port not in _WEB_PORTS and not self._allowed:
            raise _port(address)
        # RFC 6761 §6.3: such names are this machine, whatever DNS says.
        is_local = f".{address.host}".endswith(".localhost")
        if ip := _LOOPBACK if is_local and not self._allowed else address.ip:
            self._admit(ip, address)

    def admit(self, answers: Sequence[Address], address: WebAddress) -> None:
        """FetchRefused unless all of the `answers` for the host of `address` may be dialled."""
        if len(answers) > _MOST_ANSWERS:
            raise FetchRefused("address", address.url, f"{len(answers)} addresses for one name")
        for answer in answers:
            self._admit(answer, address)

    def _admit(self, answer: Address, address: WebAddress) -> None:
        if self._is_allowed(answer) or self._is_allowed(unwrapped(answer)):
            return
        if network := forbidden_network(answer):
            words = f"{answer} is not on the public internet ({network})"
            raise FetchRefused("address", address.url, words)
        if address.port not in _WEB_PORTS:
            raise _port(address)

    def _is_allowed(self, answer: Address) -> bool:
        return any(answer.version == one.version and answer in one for one in self._allowed)


def _port(address: WebAddress) -> FetchRefused:
    return FetchRefused("port", address.url, f"port {address.port} is neither 80 nor 443")
