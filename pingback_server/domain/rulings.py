"""What the author has ruled once for all: whom to block, whom to trust; nothing is read twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from . import subjects
from .discussion import Entry
from .folding import folded
from .form import without_controls
from .hosts import ascii_host, hosts_of
from .markup import targets_of, words_of

_SPACES = re.compile(r"[^\S\n]+")


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
    name = subjects.without_all_of(text.strip())
    if "*" in name or " " in name:
        return RulingKind.PATTERN
    if "@" in name:
        return RulingKind.EMAIL
    if subjects.is_of_numbers(name):
        return RulingKind.NETWORK
    try:
        ip_network(name, strict=False)
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
        """The first blocked pattern that stands in `text`.

        Case, accents and the width of what parts its words make no difference.
        """
        if not self._patterns:
            return None
        plain = _SPACES.sub(" ", folded(text))
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


def _hosts_of_entry(entry: Entry) -> list[str]:
    """In the text as it was written, and where its links lead: the two need not be the same."""
    return hosts_of(entry.url, entry.author_url, entry.text, entry.html)


def _words_of_entry(entry: Entry) -> str:
    """What it says, and the addresses to which it leads."""
    said = (entry.author, entry.title, entry.text, words_of(entry.html))
    return "\n".join((*said, entry.url, entry.author_url, *targets_of(entry.html)))


_FORMS = {
    RulingKind.DOMAIN: subjects.domain,
    RulingKind.EMAIL: subjects.email,
    RulingKind.NETWORK: subjects.network,
    RulingKind.PATTERN: subjects.pattern,
    RulingKind.BROWSER: subjects.browser,
}
