"""The fetcher as it is, in a network in which every forbidden address answers: none is reached.

Here nothing is injected: names are asked of a DNS server by the system, connections are real. What
makes that harmless is a network namespace, in which every address is this machine.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from closed_internet import PUBLIC, in_a_network_of_its_own, is_possible
from test_fetch_networks import ADDRESSES

pytestmark = pytest.mark.skipif(
    not is_possible(), reason="only root can make a network of its own (unshare, ip)"
)


def assert_that_none_is_reached(folder: Path, addresses: list[str], at_least: int) -> None:
    """Each of the `addresses` is tried in every way, so often in all, and never called."""
    run = in_a_network_of_its_own(folder, addresses)

    assert set(run["reached"]) == {PUBLIC}
    assert set(run["outcomes"]) <= {"200", "address", "grammar", "port"}
    assert run["outcomes"]["200"] >= len(addresses)  # the names that turn, the first time
    assert sum(run["outcomes"].values()) >= at_least
    assert run["control"] == {"169.254.169.254": 1, "10.0.0.1": 1, "127.0.0.2": 1}


def test_no_way_leads_to_an_address_that_answers_but_is_forbidden(tmp_path: Path) -> None:
    addresses = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00:ec2::254"]

    assert_that_none_is_reached(tmp_path, addresses, at_least=100)


@pytest.mark.soak
def test_no_way_leads_to_any_of_them(tmp_path: Path) -> None:
    assert_that_none_is_reached(tmp_path, [*ADDRESSES, "10.0.0.1"], at_least=2000)
