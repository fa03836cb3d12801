"""Which addresses are called: the public internet, and what the operator allows by name."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hostile_host import BLOG, Internet
from hypothesis import given
from hypothesis import strategies as st

from pingback_server.domain.errors import FetchFailed, FetchRefused
from pingback_server.domain.networks import Address, forbidden_network

# (first and last address of a network that is not public, what it is)
FORBIDDEN = [
    ("0.0.0.0", "0.255.255.255", "this network"),
    ("10.0.0.0", "10.255.255.255", "private"),
    ("100.64.0.0", "100.127.255.255", "shared by a provider's customers"),
    ("100.100.100.200", "100.100.100.200", "shared by a provider's customers"),
    ("127.0.0.0", "127.255.255.255", "loopback"),
    ("168.63.129.16", "168.63.129.16", "a cloud's metadata"),
    ("169.254.0.0", "169.254.255.255", "link-local"),
    ("169.254.169.254", "169.254.169.254", "a cloud's metadata"),
    ("172.16.0.0", "172.31.255.255", "private"),
    ("192.0.0.0", "192.0.0.255", "protocol assignments"),
    ("192.0.0.192", "192.0.0.192", "protocol assignments"),
    ("192.0.2.0", "192.0.2.255", "documentation"),
    ("192.31.196.0", "192.31.196.255", "AS112"),
    ("192.52.193.0", "192.52.193.255", "AMT"),
    ("192.88.99.0", "192.88.99.255", "6to4 relays"),
    ("192.168.0.0", "192.168.255.255", "private"),
    ("192.175.48.0", "192.175.48.255", "AS112"),
    ("198.18.0.0", "198.19.255.255", "benchmarking"),
    ("198.51.100.0", "198.51.100.255", "documentation"),
    ("203.0.113.0", "203.0.113.255", "documentation"),
    ("224.0.0.0", "239.255.255.255", "multicast"),
    ("240.0.0.0", "255.255.255.254", "reserved"),
    ("255.255.255.255", "255.255.255.255", "broadcast"),
    ("::", "::", "unspecified"),
    ("::1", "::1", "loopback"),
    ("::2", "::ffff:ffff", "IPv4-compatible"),
    ("::7f00:1", "::5db8:d822", "IPv4-compatible"),
    ("::1:0:0", "::fffe:ffff:ffff", "reserved"),
    ("::ffff:7f00:1", "::ffff:7fff:ffff", "loopback"),
    ("::ffff:a00:1", "::ffff:aff:ffff", "private"),
    ("::ffff:a9fe:a9fe", "::ffff:a9fe:a9fe", "a cloud's metadata"),
    ("::ffff:0:7f00:1", "::ffff:0:5db8:d822", "IPv4-translated"),
    ("64:ff9b::7f00:1", "64:ff9b::7fff:ffff", "loopback"),
    ("64:ff9b::a9fe:a9fe", "64:ff9b::a9fe:a9fe", "a cloud's metadata"),
    ("64:ff9b::", "64:ff9b::ff:ffff", "this network"),
    ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "NAT64 of a site"),
    ("64:ff9b::1:0:0", "64:ff9b:0:ffff::", "reserved"),
    ("100::", "100::ffff:ffff:ffff:ffff", "discarded"),
    ("100:0:0:1::", "1fff:ffff::", "reserved"),
    ("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "Teredo"),
    ("2001:1::1", "2001:1:ffff::", "protocol assignments"),
    ("2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff", "benchmarking"),
    ("2001:10::", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", "ORCHID"),
    ("2001:1ff::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "protocol assignments"),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "6to4"),
    ("2002:7f00:1::", "2002:5db8:d822::", "6to4"),
    ("2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff", "AS112"),
    ("3ffe::", "3ffe:ffff::", "6bone"),
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"),
    ("4000::", "5eff:ffff::", "reserved"),
    ("5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "segment routing"),
    ("6000::", "fbff:ffff::", "reserved"),
    ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "unique local"),
    ("fd00:ec2::254", "fd00:ec2::254", "unique local"),
    ("fe00::", "fe7f:ffff::", "reserved"),
    ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local"),
    ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "site-local"),
    ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"),
]
ADDRESSES = list(dict.fromkeys(ip for first, last, _ in FORBIDDEN for ip in (first, last)))

# The neighbours of the networks above, and some that everybody knows.
PUBLIC = [
    *("1.0.0.0", "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "93.184.216.34"),
    *("100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "168.63.129.15"),
    *("168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0"),
    *("192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0"),
    *("198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255"),
    *("203.0.114.0", "223.255.255.255"),
    *("2000::1", "2001:200::", "2001:db7::1", "2001:db9::1", "2001:4860:4860::8888", "2003::1"),
    *("2606:4700::1111", "2620:4f:8001::", "2a00:1450::1", "3ffd:ffff::", "3fff:1000::"),
    *("::ffff:5db8:d822", "64:ff9b::5db8:d822"),
]


@pytest.mark.parametrize(("first", "last", "what"), FORBIDDEN)
def test_a_network_that_is_not_public_is_known_from_end_to_end(
    first: str, last: str, what: str
) -> None:
    found = {forbidden_network(ip_address(first)), forbidden_network(ip_address(last))}

    assert found == {what}


@pytest.mark.parametrize("ip", PUBLIC)
def test_the_public_internet_is_everything_else(ip: str) -> None:
    assert forbidden_network(ip_address(ip)) is None


@pytest.mark.parametrize("ip", ADDRESSES)
@pytest.mark.parametrize("way", ["written", "by DNS", "among others", "last of them"])
def test_no_way_leads_to_an_address_that_is_not_public(ip: str, way: str) -> None:
    host = f"[{ip}]" if ":" in ip else ip
    internet = Internet()
    internet.names["blog.example"] = {
        "written": [[]],
        "by DNS": [[ip]],
        "among others": [[BLOG, ip, BLOG]],
        "last of them": [[*[BLOG] * 20, ip]],
    }[way]

    with pytest.raises(FetchRefused) as caught:
        internet.fetcher().get(f"http://{host}/" if way == "written" else "http://blog.example/")

    assert caught.value.why == "address"
    assert internet.dialled == []


@given(
    st.one_of(
        st.ip_addresses(v=6, network="::/96"),
        st.ip_addresses(v=6, network="2002::/16"),
        st.ip_addresses(v=6, network="2001::/32"),
        st.ip_addresses(v=6, network="64:ff9b:1::/48"),
        st.ip_addresses(v=6)
        .filter(lambda ip: ip not in ip_network("2000::/3"))
        .filter(
            lambda ip: (
                ip not in ip_network("::ffff:0:0/96") and ip not in ip_network("64:ff9b::/96")
            )
        ),
    )
)
def test_ipv6_outside_its_public_part_is_never_called(ip: Address) -> None:
    assert forbidden_network(ip) is not None


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "64:ff9b::"]))
def test_an_ipv4_address_counts_as_itself_inside_an_ipv6_one(ip: Address, prefix: str) -> None:
    written = ip_address(int(ip_address(prefix)) + int(ip))

    assert forbidden_network(written) == forbidden_network(ip)


def test_a_name_with_too_many_addresses_is_not_called() -> None:
    internet = Internet({"blog.example": [[f"93.184.{n // 250}.{n % 250}" for n in range(5000)]]})

    with pytest.raises(FetchRefused, match="5000 addresses"):
        internet.fetcher().get("http://blog.example/")

    assert internet.dialled == []


@pytest.mark.parametrize("answer", ["", "blog.example", "127.1", "93.184.216.34/32"])
def test_an_answer_of_dns_that_is_no_address_is_not_called(answer: str) -> None:
    internet = Internet({"blog.example": [[BLOG, answer]]})

    with pytest.raises(FetchFailed) as caught:
        internet.fetcher().get("http://blog.example/")

    assert (caught.value.why, internet.dialled) == ("dns", [])


# What the operator allows


@pytest.mark.parametrize(
    ("network", "url", "dialled"),
    [
        ("127.0.0.0/8", "http://127.0.0.1:8000/", ("127.0.0.1", 8000)),
        ("127.0.0.0/8", "http://localhost:8000/", ("127.0.0.1", 8000)),
        ("127.0.0.0/8", "http://[::ffff:7f00:1]:8000/", (str(ip_address("::ffff:7f00:1")), 8000)),
        ("::1/128", "http://[::1]:8000/", ("::1", 8000)),
        ("10.1.0.0/16", "http://wiki.intranet/", ("10.1.2.3", 80)),
        ("10.1.0.0/16", "http://blog.example/", (BLOG, 80)),
    ],
)
def test_an_allowed_network_is_called_at_any_port(
    network: str, url: str, dialled: tuple[str, int]
) -> None:
    names = {"localhost": "127.0.0.1", "wiki.intranet": "10.1.2.3", "blog.example": BLOG}
    internet = Internet({name: [[ip]] for name, ip in names.items()})
    fetcher = internet.fetcher(allowed=[ip_network(network)])

    fetcher.check(url)
    with pytest.raises(FetchFailed):
        fetcher.get(url)

    assert internet.dialled == [dialled]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://blog.example:8000/", "port"),
        ("http://10.0.0.1/", "address"),
        ("http://[::1]/", "address"),
        ("http://169.254.169.254/", "address"),
        ("http://half.example/", "address"),
    ],
)
def test_what_is_not_allowed_by_name_stays_refused(url: str, why: str) -> None:
    internet = Internet({"blog.example": [[BLOG]], "half.example": [["127.0.0.1", "10.0.0.1"]]})

    with pytest.raises(FetchRefused) as caught:
        internet.fetcher(allowed=[ip_network("127.0.0.0/8")]).get(url)

    assert (caught.value.why, internet.dialled) == (why, [])
