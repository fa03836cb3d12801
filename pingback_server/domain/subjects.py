"""What a ruling may be about: of each kind, the one form in which it is kept and compared.

Each of these takes what somebody typed, and raises BadRuling if it is nothing of the kind.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Network, ip_network
from urllib.parse import urlsplit

from .errors import BadRuling
from .folding import folded
from .hosts import ascii_host

# What people write in front of a domain for all below it, and of `@` for all addresses there.
_ALL_OF = re.compile(r"\*\.(?=[^*\s/:]+\.[^*\s/:.]+\Z)|\*(?=@[^*\s]+\Z)")
_NUMBERS = re.compile(r"[0-9]+(\.[0-9]+)+\.?(/[0-9]+)?")
_BEGINNING = re.compile(r"[0-9]+(\.[0-9]+){1,2}\.?")
_FROM_IPV4 = IPv6Network("::ffff:0:0/96")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_IPV6 = re.compile(r"\[[0-9a-f:]+\]")
_DIGEST = re.compile("[0-9a-f]{64}")
_SHORTEST_PATTERN = 3


def without_all_of(text: str) -> str:
    """A domain, or `@` and a host, without the `*` in front that changes nothing."""
    return _ALL_OF.sub("", text, count=1) if text.startswith("*") else text


def is_of_numbers(text: str) -> bool:
    """Whether it looks like an IPv4 address, the beginning of one, or a network."""
    return _NUMBERS.fullmatch(text) is not None


def domain(value: str) -> str:
    """A host, by itself or in an address: its name, or the number that stands in its place."""
    try:
        given = urlsplit(value).hostname if "//" in value else value
    except ValueError:
        given = None
    name = ascii_host(without_all_of(given or "")).strip(".").removeprefix("www.")
    labels = name.split(".")
    is_name = len(labels) > 1 and len(name) <= 253 and all(map(_LABEL.fullmatch, labels))
    if not is_name and not _IPV6.fullmatch(name):
        raise BadRuling(f"{value!r} is not a domain such as example.org")
    return name


def email(value: str) -> str:
    """An address, or `@` and a host."""
    address = without_all_of(value).casefold()
    _, at, host = address.rpartition("@")
    if not at or not host or any(sign.isspace() for sign in address):
        raise BadRuling(f"{value!r} is neither an e-mail address nor @ and a host")
    return address


def network(value: str) -> str:
    """A network, an address, or the first numbers of an IPv4 address."""
    try:
        network = ip_network(_with_all_numbers(value), strict=False)
    except ValueError as error:
        raise BadRuling(f"{value!r} is not a network such as 192.0.2.0/24") from error
    if isinstance(network, IPv6Network) and network.subnet_of(_FROM_IPV4):
        # Whoever comes from there is known by the IPv4 address.
        number = int(network.network_address) & 0xFFFF_FFFF
        network = ip_network((number, network.prefixlen - _FROM_IPV4.prefixlen))
    if network.prefixlen == 0:
        raise BadRuling(f"{value!r} is the whole internet")
    return str(network)


def _with_all_numbers(value: str) -> str:
    if not _BEGINNING.fullmatch(value):
        return value
    numbers = value.rstrip(".").split(".")
    return ".".join((numbers + ["0"] * 4)[:4]) + f"/{8 * len(numbers)}"


def pattern(value: str) -> str:
    """Words, folded, with `*` inside for anything."""
    pattern = " ".join(folded(value).split()).strip("*")
    if len(pattern.replace("*", "").replace(" ", "")) < _SHORTEST_PATTERN:
        raise BadRuling(f"{value!r} is too short a pattern: it would stand in every text")
    return pattern


def browser(value: str) -> str:
    """The digest of a browser's token."""
    if not _DIGEST.fullmatch(value):
        raise BadRuling(f"{value!r} is not the digest of a browser's token")
    return value
