"""Other hosts, as bad as they come, and an internet of one's own in which they have public names.

A `HostileHost` is a real server on loopback that answers what a test says, byte by byte. An
`Internet` gives it a name and a public address, and is the `resolve` and the `connect` of a
Fetcher: it writes down every question and every call, and forbidden addresses are never dialled.
"""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pingback_server.fetch import Fetcher, Limits

USER_AGENT = "Permalien/0.1 (+https://blog.example/; Webmention: reads pages that link there)"
BLOG, OTHER = "93.184.216.34", "93.184.216.35"

Answer = bytes | Callable[[socket.socket], None]


def page(body: bytes = b"<p>hello</p>", *headers: str, status: str = "200 OK") -> bytes:
    """An answer in order, as bytes."""
    head = (f"HTTP/1.1 {status}", "Content-Type: text/html", *headers)
    lines = "".join(f"{line}\r\n" for line in (*head, f"Content-Length: {len(body)}"))
    return lines.encode("latin-1") + b"\r\n" + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    """An answer that leads on to `location`."""
    return page(b"", f"Location: {location}", status=status)


class HostileHost:
    """Answers each path with the bytes that `answers` has for it, or by what is called there.

    `greeting` is sent to whoever calls. `requests` are the heads as they came, `sent` how many
    bytes went out, `asked_for` the names that came by SNI.
    """

    def __init__(self, certificate: Certificate | None = None) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.asked_for: list[str | None] = []
        self.sent = 0
        self.greeting = b""
        self._context = self._tls(certificate) if certificate else None
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=20)
        self.port: int = self._listening.getsockname()[1]
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def is_closing(self) -> bool:
        return self._closing.is_set()

    def close(self) -> None:
        self._closing.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(10)

    def send(self, connection: socket.socket, data: bytes) -> None:
        connection.sendall(data)
        self.sent += len(data)

    def drips(self, *parts: bytes, every: float = 0.02) -> Callable[[socket.socket], None]:
        """An answer that comes in these parts, the last one again and again, with pauses."""

        def answer(connection: socket.socket) -> None:
            for part in parts[:-1]:
                self.send(connection, part)
            while not self._closing.wait(every):
                self.send(connection, parts[-1])

        return answer

    def pours(self, *parts: bytes) -> Callable[[socket.socket], None]:
        """The same without any pause: it never ends by itself."""
        return self.drips(*parts, every=0)

    def waits(self, connection: socket.socket) -> None:
        """No answer at all."""
        self._closing.wait(30)

    def _tls(self, certificate: Certificate) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.chain, certificate.key)

        def note(_socket: object, name: str | None, _context: object) -> None:
            self.asked_for.append(name)

        context.sni_callback = note
        return context

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(10)
            connection.sendall(self.greeting)
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            with connection:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (part := connection.recv(4096)):
                return
            head += part
        self.requests.append(head.decode("latin-1"))
        answer = self.answers.get(self.requests[-1].split(" ")[1], page(status="404 Not Found"))
        if isinstance(answer, bytes):
            self.send(connection, answer)
        else:
            answer(connection)


@dataclass
class Internet:
    """Names and addresses of a test's own.

    `names` maps a name to the answers of DNS, one list for each time it is asked (the last one
    stays); `questions` and `dialled` are what was asked and called, in order.
    """

    names: dict[str, list[list[str]]] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    dialled: list[tuple[str, int]] = field(default_factory=list)
    _hosts: dict[tuple[str, int], HostileHost] = field(default_factory=dict)

    def host(
        self,
        name: str = "blog.example",
        ip: str = BLOG,
        port: int = 80,
        certificate: Certificate | None = None,
    ) -> HostileHost:
        """A new host that has this name and address."""
        self.names[name] = [[ip]]
        self._hosts[ip, port] = HostileHost(certificate)
        return self._hosts[ip, port]

    def resolve(self, name: str) -> Sequence[str]:
        self.questions.append(name)
        answers = self.names.get(name)
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, ip: str, port: int, seconds: float) -> socket.socket:
        self.dialled.append((ip, port))
        if (ip, port) not in self._hosts:
            raise ConnectionRefusedError("Connection refused")
        port_here = self._hosts[ip, port].port
        return socket.create_connection(("127.0.0.1", port_here), timeout=seconds)

    def fetcher(self, *, seconds: float = 10.0, **options: Any) -> Fetcher:
        """A fetcher that lives in here."""
        given = {"resolve": self.resolve, "connect": self.connect, **options}
        return Fetcher(USER_AGENT, limits=Limits(seconds=seconds), **given)

    def close(self) -> None:
        for host in self._hosts.values():
            host.close()


@dataclass(frozen=True)
class Certificate:
    """A certificate with its key."""

    chain: Path
    key: Path


class Authority:
    """Signs certificates that are good only for who trusts its own, `certificate.chain`."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("openssl is not on this machine")
        self._folder = folder
        self.certificate = self._made("authority", "-x509", "-addext", "keyUsage=keyCertSign")

    def signs(self, *names: str, days: int = 2) -> Certificate:
        """A certificate for `names`, each as in DNS:blog.example or IP:93.184.216.34."""
        # What `-x509` makes could sign as well, and strict readers want that said.
        extensions = (f"subjectAltName={','.join(names)}", "keyUsage=digitalSignature,keyCertSign")
        added = [word for extension in extensions for word in ("-addext", extension)]
        issuer = ("-CA", str(self.certificate.chain), "-CAkey", str(self.certificate.key))
        name = f"leaf-{len(list(self._folder.iterdir()))}"
        return self._made(name, "-x509", *issuer, *added, days=days)

    def _made(self, name: str, *options: str, days: int = 2) -> Certificate:
        made = Certificate(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        subprocess.run(
            [
                *("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
                *("-nodes", "-subj", f"/CN={name}", "-days", str(days), *options),
                *("-out", str(made.chain), "-keyout", str(made.key)),
            ],
            check=True,
            capture_output=True,
        )
        return made
