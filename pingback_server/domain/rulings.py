"""What the author has ruled once for all: whom to block, whom to trust; nothing is read twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

from .discussion import Entry
from .errors import BadRuling
from .folding import folded
from .form import without_controls
from .markup import words_of

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_HOST = re.compile(
    r"(?:(?:https?:)?//|\b(?=www\.[^\s.]))([^\s/?#@\\\"'<>()\[\]:]{1,253})", re.IGNORECASE
)
_DIGEST = re.compile("[0-9a-f]{64}")
_SHORTEST_PATTERN = 3


class RulingKind(StrEnum):
    """What a ruling is about."""

    DOMAIN = "domain"
    EMAIL = "email"
    NETWORK = "network"
    PATTERN = "pattern"
    BROWSER = "browser"


class About(NamedTuple):
    """The subject of a ruling: what kind of thing, and which one."""

    kind: RulingKind
    value: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A line of the author's list: `is_trust` says that it lets in what others keep out."""

    about: About
    is_trust: bool
    note: str
    at: datetime
    by: str


def about(kind: RulingKind, value: str) -> About:
    """The subject in the one form in which it is kept and compared. BadRuling if it is none.

    A domain stands for all below it, `@host` for every address there, a network for all in it; in
    a pattern `*` stands for anything on the same line.
    """
    return About(kind, _FORMS[kind](without_controls(value).strip()))


def kind_of(text: str) -> RulingKind:
    """What `text` is the name of, as it looks; a domain where nothing tells."""
    if "*" in text or " " in text.strip():
        return RulingKind.PATTERN
    if "@" in text:
        return RulingKind.EMAIL
    try:
        ip_network(text.strip(), strict=False)
    except ValueError:
        return RulingKind.DOMAIN
    return RulingKind.NETWORK


class Rulings:
    """All rulings of an instant, laid out so that each question costs the same however many.

    What is both blocked and trusted is trusted where the smaller thing is: no more is promised
    than that the last ruling on one and the same subject counts.
    """

    __slots__ = ("_blocked", "_networks", "_patterns", "_trusted", "is_empty")

    def __init__(self, blocked: Iterable[About] = (), trusted: Iterable[About] = ()) -> None:
        self._blocked = frozenset(blocked)
        self._trusted = frozenset(trusted)
        self._networks = _by_length(one.value for one in self._of_kind(RulingKind.NETWORK))
        self._patterns = tuple(
            (value, tuple(filter(None, value.split("*"))))
            for _, value in sorted(self._of_kind(RulingKind.PATTERN))
        )
        self.is_empty = not self._blocked and not self._trusted

    def blocks_host(self, host: str) -> bool:
        """Whether `host`, or a domain that it lies in, is blocked."""
        return self.blocked_domain(host) is not None

    def blocked_domain(self, host: str) -> str | None:
        """The blocked domain in which `host` lies."""
        return _lies_in(host, self._blocked)

    def trusts_host(self, host: str) -> bool:
        """Whether `host`, or a domain that it lies in, is trusted; never what is blocked within."""
        trusted = _lies_in(host, self._trusted)
        blocked = self.blocked_domain(host) if trusted is not None else None
        return trusted is not None and len(trusted) > len(blocked or "")

    def blocks_email(self, email: str) -> bool:
        """Whether this address, or every one at its host, is blocked; no address never is."""
        if not email or not self._blocked:
            return False
        address = email.casefold()
        at_host = address[address.rfind("@") :]
        return any(About(RulingKind.EMAIL, one) in self._blocked for one in (address, at_host))

    def blocks_network(self, ip: str) -> bool:
        """Whether the address `ip` lies in a blocked network."""
        if not self._networks or not ip:
            return False
        try:
            address = ip_address(ip)
        except ValueError:
            return False
        return any(
            version == address.version and int(address) >> host_bits in starts
            for (version, host_bits), starts in self._networks.items()
        )

    def trusts_browser(self, browser: str) -> bool:
        """Whether the author trusts the browser with this digest."""
        return bool(browser) and About(RulingKind.BROWSER, browser) in self._trusted

    def blocks_browser(self, browser: str) -> bool:
        """Whether the browser with this digest is blocked."""
        return bool(browser) and About(RulingKind.BROWSER, browser) in self._blocked

    def blocking_pattern(self, text: str) -> str | None:
        """The first blocked pattern that stands in `text`; case and accents make no difference."""
        if not self._patterns:
            return None
        plain = folded(text)
        lines = dict.fromkeys(plain.split("\n"))
        for pattern, pieces in self._patterns:
            is_possible = all(piece in plain for piece in pieces)
            if is_possible and any(_has_in_order(line, pieces) for line in lines):
                return pattern
        return None

    def blocks(self, entry: Entry) -> bool:
        """Whether anything of what arrived is blocked: who sent it, whence, where its links go."""
        whence = entry.whence
        return (
            self.blocks_email(entry.email)
            or self.blocks_network(whence.ip or whence.network.partition("/")[0])
            or self.blocks_browser(whence.browser)
            or any(map(self.blocks_host, _hosts_of_entry(entry)))
            or self.blocking_pattern(_words_of_entry(entry)) is not None
        )

    def _of_kind(self, kind: RulingKind) -> list[About]:
        return [one for one in self._blocked if one.kind is kind]


def _lies_in(host: str, ruled: frozenset[About]) -> str | None:
    """The nearest domain around `host`, itself included, that is among `ruled`."""
    if not ruled or not host:
        return None
    domain = ascii_host(host)
    while domain:
        if About(RulingKind.DOMAIN, domain) in ruled:
            return domain
        domain = domain.partition(".")[2]
    return None


def _has_in_order(line: str, pieces: tuple[str, ...]) -> bool:
    """Whether the pieces follow one another in the line: in linear time, whatever was written."""
    place = 0
    for piece in pieces:
        found = line.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def _by_length(networks: Iterable[str]) -> dict[tuple[int, int], frozenset[int]]:
    """The first bits of each network, by version and by how many bits follow."""
    grouped: dict[tuple[int, int], set[int]] = {}
    for value in networks:
        network = ip_network(value)
        host_bits = network.max_prefixlen - network.prefixlen
        start = int(network.network_address) >> host_bits
        grouped.setdefault((network.version, host_bits), set()).add(start)
    return {key: frozenset(starts) for key, starts in grouped.items()}


def ascii_host(host: str) -> str:
    """A host's name as the network has it: lower case, letters beyond ASCII spelt out."""
    name = host.rstrip(".").lower()
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return name


def hosts_of(*texts: str) -> list[str]:
    """The hosts to which addresses in `texts` lead, each once, in the order of the text."""
    return list(dict.fromkeys(host for text in texts for host in _HOST.findall(text)))


def _hosts_of_entry(entry: Entry) -> list[str]:
    """In the text as it was written, and where its links lead: the two need not be the same."""
    return hosts_of(entry.url, entry.author_url, entry.text, entry.html)


def _words_of_entry(entry: Entry) -> str:
    return "\n".join((entry.author, entry.title, entry.text, words_of(entry.html)))


def _domain(value: str) -> str:
    try:
        given = urlsplit(value).hostname if "//" in value else value
    except ValueError:
        given = None
    name = ascii_host(given or "").removeprefix("*.").strip(".").removeprefix("www.")
    labels = name.split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or len(name) > 253:
        raise BadRuling(f"{value!r} is not a domain such as example.org")
    return name


def _email(value: str) -> str:
    address = value.casefold()
    _, at, host = address.rpartition("@")
    if not at or not host or any(sign.isspace() for sign in address):
        raise BadRuling(f"{value!r} is neither an e-mail address nor @ and a host")
    return address


def _network(value: str) -> str:
    try:
        network = ip_network(value, strict=False)
    except ValueError as error:
        raise BadRuling(f"{value!r} is not a network such as 192.0.2.0/24") from error
    if network.prefixlen == 0:
        raise BadRuling(f"{value!r} is the whole internet")
    return str(network)


def _pattern(value: str) -> str:
    pattern = " ".join(folded(value).split()).strip("*")
    if len(pattern.replace("*", "").replace(" ", "")) < _SHORTEST_PATTERN:
        raise BadRuling(f"{value!r} is too short a pattern: it would stand in every text")
    return pattern


def _browser(value: str) -> str:
    if not _DIGEST.fullmatch(value):
        raise BadRuling(f"{value!r} is not the digest of a browser's token")
    return value


_FORMS = {
    RulingKind.DOMAIN: _domain,
    RulingKind.EMAIL: _email,
    RulingKind.NETWORK: _network,
    RulingKind.PATTERN: _pattern,
    RulingKind.BROWSER: _browser,
}
