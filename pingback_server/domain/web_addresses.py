"""Which texts are addresses on the web, read by one strict grammar: what it takes, all read alike.

A host that two programs read differently is how a guard is led past itself. So a host stands here
only in the one form that it has when written out again, and whatever is odd is refused.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

from .errors import FetchRefused

LONGEST = 2_000
DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST_HOST = 253

_PARTS = re.compile(r"[A-Za-z]+://([^/?#]*)(/[^?#]*)?(\?[^#]*)?(?:#.*)?")
# No user info, and no port that is empty or begins with a zero.
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:]+\]|[^\[\]:@]+)(?::([1-9][0-9]{0,4}))?")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# RFC 3986 §2: what may stand in a path or a query as it is; the rest is quoted.
_AS_IT_IS = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address on the web in the one form in which we ask for it.

    `host` is a name in ASCII (IDNA) or an IP address without brackets; `target` is the path with
    the query, as it stands in a request. A fragment is no part of it.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def ip(self) -> IPv4Address | IPv6Address | None:
        """The address that the host is, if it is no name."""
        if ":" in self.host:
            return IPv6Address(self.host)
        return IPv4Address(self.host) if _ends_in_a_number(self.host) else None

    @property
    def counted_as(self) -> str:
        """The host as calls of it are counted: its usual ports are one."""
        return self.host if self.port in DEFAULT_PORTS.values() else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address as text."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


def read_web_address(text: str) -> WebAddress:
    """The address that `text` is; FetchRefused (`grammar` or `scheme`) if it is none.

    Letters outside ASCII are taken: in the host by IDNA, elsewhere quoted as UTF-8 (RFC 3987 §3.1).
    """
    _refuse_oddities(text)
    scheme = text.partition(":")[0].lower()
    if scheme not in DEFAULT_PORTS:
        raise FetchRefused("scheme", text, "neither http:// nor https://")
    parts = _PARTS.fullmatch(text)
    authority = _AUTHORITY.fullmatch(parts[1]) if parts else None
    if parts is None or authority is None:
        raise FetchRefused("grammar", text, "not scheme://host:port/path")
    port = int(authority[2] or DEFAULT_PORTS[scheme])
    host = _host(authority[1])
    if host is None or port > 65535:
        raise FetchRefused("grammar", text, "no host in the form in which all read it alike")
    target = quote((parts[2] or "/") + (parts[3] or ""), safe=_AS_IT_IS)
    return WebAddress(scheme, host, port, target)


def read_location(location: str, base: WebAddress) -> WebAddress:
    """Where the header `Location` leads from `base` (RFC 9110 §10.2.2); FetchRefused as above.

    A header is bytes that came to us as Latin-1; what is UTF-8 is read as that.
    """
    with suppress(UnicodeError):  # else it is the Latin-1 that it looks like
        location = location.encode("latin-1").decode("utf-8")
    _refuse_oddities(location)
    try:
        joined = urljoin(base.url, location)
    except ValueError:
        raise FetchRefused("grammar", location, "not an address to go on to") from None
    return read_web_address(joined)


def _refuse_oddities(text: str) -> None:
    if len(text) > LONGEST:
        raise FetchRefused("grammar", text, f"longer than {LONGEST} characters")
    if not text.isprintable() or " " in text or "\\" in text:
        raise FetchRefused("grammar", text, "has white space, a control character or a backslash")


def _host(text: str) -> str | None:
    if text.startswith("["):
        return _ipv6(text[1:-1].lower())
    name = text.lower() if text.isascii() else _in_ascii(text)
    if name is None or len(name) > _LONGEST_HOST:
        return None
    if _ends_in_a_number(name):
        return name if _is_ipv4(name) else None
    return name if all(_is_label(label) for label in name.split(".")) else None


def _ipv6(text: str) -> str | None:
    try:
        return text if _written_out(IPv6Address(text)) == text else None
    except AddressValueError:
        return None


def _written_out(address: IPv6Address) -> str:
    """The address as a browser writes it (WHATWG URL §3.5): never with an IPv4 address inside.

    Python does that too, but from 3.13 on not where it stands for an IPv4 address.
    """
    if address.ipv4_mapped is None:
        return address.compressed
    high, low = divmod(int(address.ipv4_mapped), 0x1_0000)
    return f"::ffff:{high:x}:{low:x}"


def _ends_in_a_number(name: str) -> bool:
    """Whether others would read the host as an IPv4 address in one of its many old spellings."""
    return _NUMBER.fullmatch(name.rpartition(".")[2]) is not None


def _is_ipv4(name: str) -> bool:
    try:
        return str(IPv4Address(name)) == name
    except AddressValueError:
        return False


def _is_label(label: str) -> bool:
    if not _LABEL.fullmatch(label):
        return False
    if not label.startswith("xn--"):
        return True
    try:
        letters = label[4:].encode().decode("punycode")
        is_name = letters.isprintable() and not letters.isascii()
        return is_name and letters.encode("punycode").decode() == label[4:]
    except UnicodeError:
        return False


def _in_ascii(name: str) -> str | None:
    """The name by IDNA (RFC 3490); None where it would come back as another than it went in.

    That refuses circled and wide digits, dots that are none, and letters that fall together.
    """
    name = name.lower()
    try:
        labels = [label.encode("idna") for label in name.split(".")]
        return b".".join(labels).decode() if _back(labels) == name else None
    except UnicodeError:
        return None


def _back(labels: list[bytes]) -> str:
    return ".".join(label.decode("idna") for label in labels)
