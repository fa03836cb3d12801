"""A network of its own in which every address is this machine: runs in a network namespace.

`python closed_internet.py` reads forbidden addresses from its input, one a line, and has a Fetcher
as it is (system resolver, real connections) try each of them in every way. It has to be started by
`in_a_network_of_its_own`. It writes how often what happened, and whom it reached, as JSON.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pingback_server.domain.errors import NotFetched
from pingback_server.fetch import Fetcher

PUBLIC = "93.184.216.34"
STATUSES = (301, 302, 303, 307, 308)
# $1 is a folder; then the command.
SET_UP = """
ip link set lo up && ip addr add {public}/32 dev lo
ip -force -batch "$1/addresses" 2>/dev/null
mount --bind "$1/resolv.conf" /etc/resolv.conf || exit 1
shift; exec "$@"
"""


def is_possible() -> bool:
    """Whether this user of this machine may make networks."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    script = "ip link set lo up && mount --bind /etc/hosts /etc/resolv.conf"
    trial = ["unshare", "-n", "-m", "sh", "-c", script]
    return subprocess.run(trial, capture_output=True).returncode == 0


def in_a_network_of_its_own(folder: Path, addresses: Sequence[str]) -> dict[str, dict[str, int]]:
    """What becomes of a Fetcher that is led to each of the `addresses`, all of which answer."""
    bits = {4: 32, 6: 128}
    lines = [f"addr add {ip}/{bits[ip_address(ip).version]} dev lo\n" for ip in addresses]
    (folder / "addresses").write_text("".join(lines))
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    run = subprocess.run(
        [
            *("unshare", "-n", "-m", "sh", "-c", SET_UP.format(public=PUBLIC), "sh", str(folder)),
            *(sys.executable, __file__),
        ],
        input="\n".join(addresses),
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    outcome: dict[str, dict[str, int]] = json.loads(run.stdout)
    return outcome


class Names:
    """A name server: `name.HEX.test` has that address, `turns.HEX.test` every second time.

    The other times it has the public one, as has every other name.
    """

    def __init__(self) -> None:
        self._asked: Counter[bytes] = Counter()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            question, peer = self._socket.recvfrom(512)
            self._socket.sendto(self._answer(question), peer)

    def _answer(self, question: bytes) -> bytes:
        labels, end = [], 12
        while question[end]:
            labels.append(question[end + 1 : end + 1 + question[end]])
            end += question[end] + 1
        asked = question[12 : end + 5]
        ip = self._address(labels, asked)
        is_asked = asked[-4:-2] == (b"\0\x01" if len(ip) == 4 else b"\0\x1c")
        record = b"\xc0\x0c" + asked[-4:] + bytes(4) + len(ip).to_bytes(2, "big") + ip
        head = question[:2] + b"\x81\x80\0\x01" + bytes([0, int(is_asked)]) + bytes(4)
        return head + asked + (record if is_asked else b"")

    def _address(self, labels: list[bytes], asked: bytes) -> bytes:
        self._asked[asked] += 1
        if len(labels) < 3 or (labels[0] == b"turns" and self._asked[asked] % 2):
            return socket.inet_aton(PUBLIC)
        return bytes.fromhex(labels[1].decode())


class Everybody:
    """Answers at every address of the network, at the web's ports, and writes down at which."""

    def __init__(self) -> None:
        self.reached: Counter[str] = Counter()
        for port in (80, 443):
            listening = socket.create_server(
                ("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=50
            )
            threading.Thread(target=self._serve, args=(listening,), daemon=True).start()

    def _serve(self, listening: socket.socket) -> None:
        while True:
            connection, _ = listening.accept()
            with suppress(OSError), connection:
                here = IPv6Address(connection.getsockname()[0].partition("%")[0])
                self.reached[str(here.ipv4_mapped or here)] += 1
                path = connection.recv(4096).decode("latin-1").split(" ")[1]
                # /302/http/host/path leads to http://host/path
                _, status, scheme, onward = [*path.split("/", 3), "", "", ""][:4]
                line = f"{status} On\r\nLocation: {scheme}://{onward}" if scheme else "200 OK"
                connection.sendall(f"HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n".encode())


def ways_to(ip: str) -> Iterator[str]:
    """Addresses that lead to `ip`."""
    host = f"[{ip}]" if ":" in ip else ip
    packed = ip_address(ip).packed
    named = f"name.{packed.hex()}.test"
    yield from (f"http://{host}/", f"https://{host}/", f"http://{named}/", f"http://a@{host}/")
    yield f"http://{PUBLIC}\\@{host}/"
    for status in STATUSES:
        yield f"http://{PUBLIC}/{status}/http/{host}/"
        yield f"http://blog.test/{status}/http/{named}/"
    if len(packed) == 4:
        number, parts = int.from_bytes(packed, "big"), list(packed)
        yield from (f"http://{number}/", f"http://{number:#x}/", f"http://0{number:o}/")
        yield "http://" + ".".join(f"0{part:o}" for part in parts) + "/"
        yield "http://" + ".".join("".join(chr(0xFF10 + int(d)) for d in str(p)) for p in parts)
        for prefix in ("::ffff:0:0", "64:ff9b::", "64:ff9b:1::", "::", "::ffff:0:0:0"):
            yield f"http://[{IPv6Address(int(IPv6Address(prefix)) + number)}]/"
        yield f"http://[{IPv6Address((0x2002 << 112) + (number << 80))}]/"
    # Looked at the first time, another the second time: within one hop, then at the next.
    turns = f"turns.{packed.hex()}.test"
    yield from (f"http://{turns}/", f"http://{turns}/", f"http://{turns}/302/http/{turns}/2")


def main() -> None:
    names, everybody = Names(), Everybody()
    assert names
    fetcher, outcomes = Fetcher("closed internet"), Counter[str]()
    for ip in sys.stdin.read().split():
        for url in ways_to(ip):
            try:
                outcomes[str(fetcher.get(url).status)] += 1
            except NotFetched as error:
                outcomes[error.why] += 1
    reached = dict(everybody.reached)
    everybody.reached.clear()
    # Whoever does not look gets there: the listeners are awake.
    for url in ("http://169.254.169.254/", "http://name.0a000001.test/"):
        urllib.request.urlopen(url).close()
    Fetcher("closed internet", [ip_network("127.0.0.0/8")]).get("http://name.7f000002.test/")
    run = {"outcomes": outcomes, "reached": reached, "control": everybody.reached}
    sys.stdout.write(json.dumps(run))


if __name__ == "__main__":
    main()
