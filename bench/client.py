"""A load client for the loopback: one thread, many connections, kept alive if the server does.

It sends as fast as answers come (`rate` None), or at instants fixed beforehand: then an answer's
time counts from the instant at which its request was due, so that a server that stalls pays for
all who had to wait (no coordinated omission).
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
# To a form, to a Webmention; to a Pingback there is a value, or else a fault.
_ACCEPTED = (b"HTTP/1.1 303", b"HTTP/1.1 201")
_TAKEN = b"<params><param>"
# A server that answers nothing at all ends the run.
_PATIENCE = 30.0
_SPUN = 0.002


@dataclass(slots=True)
class Answers:
    """What came back: receipts of what was accepted, milliseconds of each, the client's own CPU."""

    receipts: list[bytes] = field(default_factory=list)
    refused: list[bytes] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Accepted requests a second."""
        return len(self.receipts) / self.seconds

    def quantile(self, share: float) -> float:
        """The milliseconds within which this share of the answers came."""
        ordered = sorted(self.milliseconds)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    received: bytes = b""
    due: float = 0.0
    is_over: bool = False

    def is_whole(self) -> bool:
        """Whether all of an answer is there."""
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end:
            return False
        length = _LENGTH.search(head)
        return length is not None and len(body) >= int(length[1])


def drive(
    port: int,
    requests: Iterator[bytes],
    *,
    seconds: float,
    rate: float | None = None,
    connections: int = 16,
) -> Answers:
    """Send `requests` for `seconds`, `rate` of them each second or as many as are answered."""
    answers = Answers()
    cpu, begin = time.process_time(), time.perf_counter()
    end, due = begin + seconds, begin
    with selectors.DefaultSelector() as selector:
        idle = [_Connection(_connect(port)) for _ in range(connections)]
        everybody = list(idle)
        for connection in idle:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        while len(idle) < connections or (due if rate else time.perf_counter()) < end:
            now = time.perf_counter()
            while idle and (due <= now if rate else now < end) and due < end:
                connection = idle.pop()
                connection.due = due if rate else now
                connection.socket.sendall(next(requests))
                due = due + 1 / rate if rate else now
            wait = max(0.0, due - now) if idle and rate and due < end else _PATIENCE
            # A selector wakes up to a millisecond late, which is not the server's fault: spin.
            ready = selector.select(max(0.0, wait - _SPUN) if wait < _PATIENCE else wait)
            if not ready and wait == _PATIENCE:
                raise TimeoutError(f"no answer within {_PATIENCE:g} s")
            done = [key.data for key, _ in ready if _receive(key.data, answers)]
            for connection in done:
                if connection.is_over:
                    _connect_again(connection, port, selector)
            idle += done
        for connection in everybody:
            connection.socket.close()
    answers.seconds = time.perf_counter() - begin
    answers.cpu = time.process_time() - cpu
    return answers


def _connect(port: int) -> socket.socket:
    connected = socket.create_connection(("127.0.0.1", port), _PATIENCE)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


def _connect_again(connection: _Connection, port: int, selector: selectors.BaseSelector) -> None:
    """Instead of the socket that the server does not keep open."""
    selector.unregister(connection.socket)
    connection.socket.close()
    connection.socket, connection.is_over = _connect(port), False
    selector.register(connection.socket, selectors.EVENT_READ, connection)


def _receive(connection: _Connection, answers: Answers) -> bool:
    """Take in what has come; True when the answer is whole and the connection free again."""
    more = connection.socket.recv(65536)
    if not more:
        raise ConnectionError("the server hung up")
    connection.received += more
    if not connection.is_whole():
        return False
    answers.milliseconds.append((time.perf_counter() - connection.due) * 1000)
    location = _LOCATION.search(connection.received)
    if connection.received.startswith(_ACCEPTED) and location:
        answers.receipts.append(location[1])
    elif connection.received.startswith((b"HTTP/1.1 201", b"HTTP/1.1 202")):
        answers.receipts.append(connection.received.partition(b"\r\n\r\n")[2])
    elif _TAKEN in connection.received:
        answers.receipts.append(_TAKEN)
    else:
        answers.refused.append(connection.received[:200])
    connection.is_over = _CLOSE.search(connection.received) is not None
    connection.received = b""
    return True
