"""Which address a request comes from, past the proxies that are ours, and which network that is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

# What a provider gives to one customer, who can pick any address in it.
_CUSTOMER = {4: 24, 6: 56}
_MOST_PROXIES = 20
_read = lru_cache(maxsize=64)(ip_network)
_PRIVATE = tuple(
    map(
        ip_network,
        (
            *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
            *("::1/128", "fc00::/7", "fe80::/10"),
        ),
    )
)


def sender(peer: str, forwarded_for: str, proxies: Sequence[Network]) -> str:
    """The address that sent a request, as text in its shortest form; empty if there is none.

    `peer` is who spoke to us, `forwarded_for` the value of X-Forwarded-For, which each proxy
    extends at its right end. It is read from there as long as who wrote it is one of `proxies`:
    what stands further left is what the sender pretends.
    """
    found = _address(peer)
    if found is None or not proxies:
        return str(found or "")
    for said in reversed(forwarded_for.split(",")[-_MOST_PROXIES:]):
        before = _address(said) if _is_among(found, proxies) else None
        if before is None:
            break
        found = before
    return str(found)


def network_of(ip: str) -> str:
    """The network of one customer: /24 of IPv4, /56 of IPv6; empty if that is not known.

    An address of this machine or of a private network is that of a proxy which nobody named: all
    readers come from there, and are not one.
    """
    address = _address(ip)
    if address is None or _is_among(address, _PRIVATE):
        return ""
    return str(ip_network((address, _CUSTOMER[address.version]), strict=False))


def lies_in(ip: str, network: str) -> bool:
    """Whether the address is one of the network; no address is in none."""
    address = _address(ip)
    return address is not None and _is_among(address, (_read(network),))


def read_networks(value: str) -> tuple[Network, ...]:
    """Networks or addresses separated by commas. ValueError names the first that is neither.

    An address with the length of a network, `10.1.2.3/8`, is that network, `10.0.0.0/8`.
    """
    return tuple(
        ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip()
    )


def read_exact_networks(value: str) -> tuple[Network, ...]:
    """The same, where more than was meant would be dangerous: `10.1.2.3/8` is a ValueError."""
    networks = read_networks(value)
    written = [part.strip() for part in value.split(",") if part.strip()]
    for said, network in zip(written, networks, strict=True):
        if ip_address(said.partition("/")[0]) != network.network_address:
            raise ValueError(
                f"{said!r} lies inside of a network: say {network} if all of it is meant"
            )
    return networks


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it: in brackets, with a port or a zone; IPv4 in IPv6 as IPv4."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_among(address: IPv4Address | IPv6Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
