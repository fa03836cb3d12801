"""To which hosts addresses lead, and how a host's name compares."""

from __future__ import annotations

import re

_HOST = re.compile(
    r"(?:(?:https?:)?//|\b(?=www\.[^\s.]))([^\s/?#@\\\"'<>()\[\]:]{1,253})", re.IGNORECASE
)


def hosts_of(*texts: str) -> list[str]:
    """The hosts to which addresses in `texts` lead, each once, in the order of the text."""
    return list(dict.fromkeys(host for text in texts for host in _HOST.findall(text)))


def ascii_host(host: str) -> str:
    """A host's name as the network has it: lower case, letters beyond ASCII spelt out."""
    name = host.rstrip(".").lower()
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return name
