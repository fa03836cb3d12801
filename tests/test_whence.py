"""Where a request comes from: what our own proxies say counts, what a sender pretends does not."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from actors import BlogFolder, Clock, visit

from pingback_server.domain.senders import Network, network_of, read_networks, sender

PROXIES = read_networks("127.0.0.1, 10.0.0.0/8, ::1")


@contextmanager
def tracing() -> Iterator[Callable[[], int]]:
    """Says how many bytes more are in use than at the beginning."""

    def in_use() -> int:
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    before = in_use()
    yield lambda: in_use() - before
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "ip"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1, 10.1.1.1", "198.51.100.1"),
        ("127.0.0.1", "10.9.9.9", "10.9.9.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, unknown, 10.1.1.1", "10.1.1.1"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("::1", "[2001:DB8::1]:4711", "2001:db8::1"),
        ("::ffff:127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("fe80::1%eth0", "", "fe80::1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_header_is_read_from_the_right_as_long_as_our_proxies_wrote_it(
    peer: str, forwarded_for: str, ip: str
) -> None:
    assert sender(peer, forwarded_for, PROXIES) == ip


def test_without_proxies_of_our_own_the_header_is_not_read() -> None:
    assert sender("127.0.0.1", "198.51.100.1", ()) == "127.0.0.1"


def test_a_header_of_any_length_is_read_no_further_than_twenty_proxies() -> None:
    assert sender("127.0.0.1", "198.51.100.1" + ", 10.0.0.1" * 10_000, PROXIES) == "10.0.0.1"


@pytest.mark.parametrize("proxies", [(), PROXIES])
def test_nothing_of_a_long_header_is_kept_in_memory(
    blog: BlogFolder, clock: Clock, proxies: tuple[Network, ...]
) -> None:
    reader = visit(blog, clock, proxies=proxies)
    reader.posts("/-/comments", headers={"X-Forwarded-For": "192.0.2.1"})

    with tracing() as kept:
        for number in range(10):
            said = f"{number}{'a' * 200_000}"
            reader.posts("/-/comments", headers={"X-Forwarded-For": said})

        assert kept() < 500_000


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:0:ffaa::1", "2001:db8:0:ff00::/56"),
        ("127.0.0.1", ""),
        ("172.17.0.1", ""),
        ("::1", ""),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_a_network_is_what_one_customer_has(ip: str, network: str) -> None:
    assert network_of(ip) == network


def test_what_is_no_network_is_named() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/33"):
        read_networks("10.0.0.0/8,10.0.0.0/33")
