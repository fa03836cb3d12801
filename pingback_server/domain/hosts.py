"""To which hosts addresses lead, and how a host's name compares."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from ipaddress import IPv6Address
from urllib.parse import unquote

from idna import IDNAError, uts46_remap

_HOST = re.compile(
    r"(?:(?:https?:)?//|\b(?=www\.[^\s.]))"
    r"(\[[0-9a-f:.]{2,45}\]|[^\s/?#@\\\"'<>()\[\]:]{1,253})",
    re.IGNORECASE,
)
_MAIL = re.compile(r"mailto:([^\s\"'<>()]+)", re.IGNORECASE)
_HOST_OF_MAIL = re.compile(r"@([^\s/?#@\\\"'<>()\[\]:,;&]{1,253})")


def hosts_of(*texts: str) -> list[str]:
    """The hosts to which addresses in `texts` lead, each once, in the order of the text.

    That of an e-mail address is one where a click would write to it.
    """
    return list(dict.fromkeys(host for text in texts for host in _hosts_in(text)))


def _hosts_in(text: str) -> Iterator[str]:
    yield from _HOST.findall(text)
    if "@" in text or "%40" in text:
        for addresses in _MAIL.findall(text):
            yield from _HOST_OF_MAIL.findall(unquote(addresses))


def ascii_host(host: str) -> str:
    """A host's name as the network has it: lower case, letters beyond ASCII spelt out.

    It is that to which browsers lead (UTS #46, as WHATWG URL §3.3 has it): `ß` is no `ss`, and
    signs are letters, too. An IPv6 address stands in brackets, in its shortest form.
    """
    name = host.rstrip(".").lower()
    if ":" in name:
        return _in_brackets(name)
    if name.isascii():
        return name
    try:
        plain = uts46_remap(host, std3_rules=False).rstrip(".")
    except IDNAError:
        return name
    return ".".join(map(_spelt_out, plain.split(".")))


def spellings_of(host: str) -> Sequence[str]:
    """The ways in which an address has a host: as the network has it, and in its letters."""
    name = ascii_host(host)
    letters = ".".join(map(_in_letters, name.split(".")))
    return tuple(dict.fromkeys((name, letters, unicodedata.normalize("NFD", letters))))


def _spelt_out(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"


def _in_letters(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        letters = label[4:].encode().decode("punycode")
    except UnicodeError:
        return label
    return letters if letters.isprintable() else label


def _in_brackets(name: str) -> str:
    try:
        address = IPv6Address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return name
    return str(address.ipv4_mapped or f"[{address.compressed}]")
