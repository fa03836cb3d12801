"""What the reader of a source is sent out to find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be found out: whether the page at `url` links to `target`.

    `url` is where the page was in the end, after redirects; `content_type` the header as it came.
    """

    url: str
    target: str
    content_type: str
    now: datetime

    @property
    def host(self) -> str:
        """The host of the page."""
        return host_of(self.url)


def host_of(address: str) -> str:
    """The host of an address without `www.`; empty if it has none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
