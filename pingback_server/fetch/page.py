"""What comes back from another host: the page, and what its headers say about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message
from email.utils import parsedate_to_datetime

_LONGEST_WAIT = timedelta(days=1)
# Far more than any server makes of a version's name; it is kept for each page.
_LONGEST_VALIDATOR = 500


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells the version of a page that we know already (RFC 9110 §13.1), from its Page."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The conditions, as the headers of a request; a 304 then says that nothing changed."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value and _may_be_sent(value)}


@dataclass(frozen=True, slots=True)
class Page:
    """An answer. `url` is the address that gave it, `hops` those that led there by redirects.

    `content_type` is the media type in small letters, `charset` what the header says of the
    letters, both "" if not said. `headers` have names in small letters; those that came several
    times are one, joined by ", ". `body` is unpacked, and empty unless `status` is 2xx.
    `retry_after` is in seconds, a day at most.
    """

    url: str
    status: int
    content_type: str
    headers: Mapping[str, str]
    body: bytes
    hops: tuple[str, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    retry_after: int | None = None

    @property
    def charset(self) -> str:
        """The name of the character encoding that the header gives, in small letters."""
        return _content_type(self.headers).get_content_charset("")

    @property
    def validators(self) -> Validators:
        """What to ask with next time."""
        return Validators(self.etag, self.last_modified)


def page_of(
    url: str, status: int, headers: Mapping[str, str], *, body: bytes, hops: tuple[str, ...]
) -> Page:
    """The page that these make."""
    said = "content-type" in headers
    return Page(
        url=url,
        status=status,
        content_type=_content_type(headers).get_content_type() if said else "",
        headers=headers,
        body=body,
        hops=hops,
        etag=_validator(headers, "etag"),
        last_modified=_validator(headers, "last-modified"),
        retry_after=_retry_after(headers),
    )


def _validator(headers: Mapping[str, str], name: str) -> str | None:
    """What names the version, if it is short and could be sent back as it is."""
    value = headers.get(name)
    return value if value and _may_be_sent(value) and len(value) <= _LONGEST_VALIDATOR else None


def _may_be_sent(value: str) -> bool:
    return value.isascii() and value.isprintable()


def _content_type(headers: Mapping[str, str]) -> Message:
    message = Message()
    message["Content-Type"] = headers.get("content-type", "")
    return message


def _retry_after(headers: Mapping[str, str]) -> int | None:
    """Seconds to wait (RFC 9110 §10.2.3); a date counts from the answer's own `Date`."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        wait = timedelta(seconds=min(int(value[:9]), _LONGEST_WAIT.total_seconds()))
    else:
        try:
            until, since = (parsedate_to_datetime(text) for text in (value, headers["date"]))
            wait = until - since
        except (KeyError, ValueError, TypeError, IndexError, OverflowError):
            return None
    return int(max(timedelta(), min(wait, _LONGEST_WAIT)).total_seconds())
