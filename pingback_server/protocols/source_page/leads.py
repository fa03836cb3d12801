"""Where the links of a page lead, as browsers read them: to the target, elsewhere, or nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from ...domain.addresses import Place, place_of
from ...domain.quoting import fragment_of
from .document import Document, Link
from .errand import Errand, host_of

_WHOLE = re.compile(r"https?://([^/?#\\]+)", re.IGNORECASE)
_C0_AND_SPACE = "".join(map(chr, range(33)))


@dataclass(frozen=True, slots=True)
class Leads:
    """The links of a page that lead to the target, best first, and how many lead to other hosts.

    `fragment` is the first that any of the former names.
    """

    to_target: tuple[Link, ...]
    outgoing: int
    fragment: str


def leads_of(document: Document, errand: Errand) -> Leads:
    """Follow every link of `document` in thought, from its <base> or else from its address."""
    base = _joined(errand.url, document.base or "")
    compass = _Compass(base if place_of(base) else errand.url, errand)
    outgoing, fragment = 0, ""
    to_target = []
    for link in document.links:
        address, is_target = compass.read(link.href)
        outgoing += link.is_followed and compass.leads_out(address)
        if is_target:
            to_target.append(link)
            fragment = fragment or fragment_of(address)
    return Leads(tuple(sorted(to_target, key=lambda link: link.rank)), outgoing, fragment)


class _Compass:
    """Remembers what is known of each host, since most links of a page lead to few of them."""

    def __init__(self, base: str, errand: Errand) -> None:
        self._base = base
        self._own = errand.host
        self._target = place_of(errand.target)
        self._roots: dict[str, Place | None] = {}
        self._hosts: dict[str, str] = {}

    def read(self, href: str) -> tuple[str, bool]:
        """Where `href` leads, and whether that is the target; nowhere is the empty address."""
        href = _trimmed(href)
        if (whole := _WHOLE.match(href)) and not self._is_at_target(whole[1]):
            return href, False
        address = _joined(self._base, href)
        return address, self._target is not None and place_of(address) == self._target

    def leads_out(self, address: str) -> bool:
        """Whether `address` is at another host than the page."""
        whole = _WHOLE.match(address)
        if not whole:
            return False
        if whole[1] not in self._hosts:
            self._hosts[whole[1]] = host_of(whole[0])
        return self._hosts[whole[1]] not in {self._own, ""}

    def _is_at_target(self, authority: str) -> bool:
        if authority not in self._roots:
            self._roots[authority] = place_of(f"http://{authority}/")
        root, target = self._roots[authority], self._target
        if root is None or target is None:
            return False
        return (root.host, root.port) == (target.host, target.port)


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, _trimmed(href))
    except ValueError:
        return ""


def _trimmed(href: str) -> str:
    """Without space around it and line ends in it (URL Standard §4.4)."""
    return href.strip(_C0_AND_SPACE).translate({9: None, 10: None, 13: None})
