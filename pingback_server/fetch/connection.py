"""One request over one connection: dialled to an address that was checked, metered to the byte.

urllib3 speaks HTTP on a socket that it is given, and cannot open another: whom we call is decided
before. Host, SNI and the certificate's name are the host's. Every read from the socket goes through
a meter, which first gives it the time that is left of the whole fetch; so neither a header nor a
body that drips lasts longer, whatever HTTP makes of it.
"""

from __future__ import annotations

import io
import logging
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPException, HTTPResponse
from typing import Any

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import InvalidHeader, ProtocolError, SSLError

from ..domain.errors import FetchFailed
from ..domain.networks import Address
from ..domain.web_addresses import WebAddress
from .budget import Budget

Connect = Callable[[str, int, float], socket.socket]
"""Opens a connection to an IP address and port within so many seconds; OSError if it cannot."""

# What a stranger's odd headers make it say is no matter of the operator's.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


def dial(ip: str, port: int, seconds: float) -> socket.socket:
    """A TCP connection to `ip`, which is no name."""
    return socket.create_connection((ip, port), timeout=seconds)


def dial_one_of(
    addresses: Sequence[Address],
    port: int,
    connect: Connect,
    budget: Budget,
    *,
    before: Callable[[Address], None],
) -> socket.socket:
    """A connection to the first of `addresses` that takes one; FetchFailed (`connect`) if none.

    `before` is told of each that is dialled, and may raise.
    """
    last: OSError | None = None
    for address in addresses:
        before(address)
        seconds = min(budget.seconds_left(), budget.limits.connect_seconds)
        try:
            return connect(str(address), port, seconds)
        except OSError as error:
            last = error
    budget.seconds_left()
    raise FetchFailed("connect", budget.url, f"nobody answers there: {last}", passing=True)


@contextmanager
def exchange(
    address: WebAddress,
    dialled: socket.socket,
    headers: Mapping[str, str],
    *,
    trust: Callable[[], ssl.SSLContext],
    budget: Budget,
) -> Iterator[BaseHTTPResponse]:
    """The answer to a GET of `address` over `dialled`, its body not read yet.

    Whatever goes wrong, also while the caller reads the body, is a FetchFailed.
    """
    with _as_failures(budget), ExitStack() as opened:

        def metered(sock: socket.socket, **options: Any) -> HTTPResponse:
            return opened.enter_context(closing(_MeteredResponse(sock, budget, **options)))

        opened.enter_context(closing(dialled))
        connection = opened.enter_context(closing(_connection(address, dialled, trust, budget)))
        connection.response_class = metered  # type: ignore[assignment]
        connection.request("GET", address.target, headers=headers, preload_content=False)
        budget.begin_head()
        answer = connection.getresponse()
        budget.end_head()
        yield answer


def _connection(
    address: WebAddress, dialled: socket.socket, trust: Callable[[], ssl.SSLContext], budget: Budget
) -> HTTPConnection:
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(address.host, address.port, timeout=budget.seconds_left())
    connection.auto_open = 0
    dialled.settimeout(budget.seconds_left())
    if address.scheme == "https":
        dialled = trust().wrap_socket(dialled, server_hostname=address.host)
    connection.sock = dialled
    return connection


@contextmanager
def _as_failures(budget: Budget) -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise FetchFailed("tls", budget.url, f"certificate: {error.verify_message}") from error
    except TimeoutError as error:
        raise budget.timeout() from error
    except ssl.SSLError as error:
        raise FetchFailed("tls", budget.url, f"TLS: {error.reason}", passing=True) from error
    except OSError as error:
        raise FetchFailed("connect", budget.url, f"broken off: {error}", passing=True) from error
    except (HTTPException, InvalidHeader) as error:
        words = f"no answer in HTTP: {type(error).__name__}"
        raise FetchFailed("protocol", budget.url, words) from error
    except (ProtocolError, SSLError) as error:  # said of bodies: it may come whole another time
        words = f"its body breaks off: {type(error).__name__}"
        raise FetchFailed("protocol", budget.url, words, passing=True) from error


class _MeteredResponse(HTTPResponse):
    """An answer whose every byte, head included, is taken from the budget."""

    def __init__(self, sock: socket.socket, budget: Budget, **options: Any) -> None:
        super().__init__(sock, **options)
        raw = self.fp.detach()
        self.fp = io.BufferedReader(_Meter(raw, sock, budget))

    def _read_status(self) -> tuple[str, int, str]:
        """The status, of which the library knows that after 100 another one comes.

        So it is after 102, 103 and any other like them but 101 (RFC 9110 §15.2).
        """
        version, status, reason = super()._read_status()  # type: ignore[misc]
        is_another_to_come = 101 < status < 200
        return version, 100 if is_another_to_come else status, reason


class _Meter(io.RawIOBase):
    """Reads from a socket as long as there are seconds and bytes left."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, budget: Budget) -> None:
        self._raw, self._sock, self._budget = raw, sock, budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._budget.seconds_left())
        try:
            count: int = self._raw.readinto(buffer) or 0
        except TimeoutError:
            raise self._budget.timeout() from None
        self._budget.take(count)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()
