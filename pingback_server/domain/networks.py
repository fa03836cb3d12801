"""Which networks are not the public internet: our own table, since Python's differs by version.

From IANA's registries of special-purpose addresses (RFC 6890), and what clouds add of their own.
"""

from __future__ import annotations

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The narrower stand before the wider: the first that fits gives the reason.
_TABLE = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "shared by a provider's customers",
    "127.0.0.0/8": "loopback",
    "168.63.129.16/32": "a cloud's metadata",
    "169.254.169.254/32": "a cloud's metadata",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "protocol assignments",
    "192.0.2.0/24": "documentation",
    "192.31.196.0/24": "AS112",
    "192.52.193.0/24": "AMT",
    "192.88.99.0/24": "6to4 relays",
    "192.168.0.0/16": "private",
    "192.175.48.0/24": "AS112",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "255.255.255.255/32": "broadcast",
    "240.0.0.0/4": "reserved",
    "::/128": "unspecified",
    "::1/128": "loopback",
    "::/96": "IPv4-compatible",
    "::ffff:0:0:0/96": "IPv4-translated",
    "64:ff9b:1::/48": "NAT64 of a site",
    "100::/64": "discarded",
    "2001::/32": "Teredo",
    "2001:2::/48": "benchmarking",
    "2001:10::/28": "ORCHID",
    "2001:20::/28": "ORCHID",
    "2001:db8::/32": "documentation",
    "2001::/23": "protocol assignments",
    "2002::/16": "6to4",
    "2620:4f:8000::/48": "AS112",
    "3ffe::/16": "6bone",
    "3fff::/20": "documentation",
    "5f00::/16": "segment routing",
    "fc00::/7": "unique local",
    "fe80::/10": "link-local",
    "fec0::/10": "site-local",
    "ff00::/8": "multicast",
}
_FORBIDDEN: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), what) for network, what in _TABLE.items()
)
# IPv6 is public inside here alone (RFC 4291 §2.4).
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# Where an IPv6 address is only a way to write an IPv4 one, that one counts: IPv4-mapped, and NAT64
# behind the well-known prefix, which is all that a machine without IPv4 sees (RFC 6052 §3.1).
_WRITES_IPV4 = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))

# What a provider gives to one customer.
_CUSTOMER = 56


def unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for; any other as it is."""
    if isinstance(address, IPv6Address) and any(address in network for network in _WRITES_IPV4):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def forbidden_network(address: Address) -> str | None:
    """What kind of network holds `address`, if it is not the public internet; None if it is."""
    address = unwrapped(address)
    for network, what in _FORBIDDEN:
        if address.version == network.version and address in network:
            return what
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return "reserved"
    return None


def counted_as(address: Address) -> str:
    """The address as calls of it are counted: in IPv6 whoever has one has all of a /56."""
    address = unwrapped(address)
    if isinstance(address, IPv6Address):
        return f"at {IPv6Network((address, _CUSTOMER), strict=False)}"
    return f"at {address}"


def is_loopback(host: str) -> bool:
    """Whether `host` is a name or an address of this machine that no other can reach."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
