"""The guard of the network: no name leads into a private network."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address

from crawlers.guard import GuardedResolver, is_public, is_this_machine


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "240.0.0.1", "::", "::1", "fc00::1", "fe80::1%eth0", "::ffff:10.0.0.1",
        "2002:7f00:1::", "64:ff9b::a00:1", "ff02::1",
    ],
)  # fmt: skip
def test_private_addresses_are_not_public(address: str) -> None:
    """Loopback, private, link-local, reserved and multicast addresses, also wrapped in others, are kept back."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2a00:1450:4007::200e", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    """Ordinary addresses pass, also wrapped in others."""
    assert is_public(address)


class Heard:
    """A receiver that remembers what it was told."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.over = False

    def resolutionBegan(self, resolution: Any) -> None:
        """Hear that it began."""

    def addressResolved(self, address: Any) -> None:
        """Remember an address."""
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:
        """Remember that it is over."""
        self.over = True


class Names:
    """A resolver with a table of names."""

    def __init__(self, **names: list[Any]) -> None:
        self.names = names

    def resolveHostName(self, receiver: Any, name: str, *args: Any, **kwargs: Any) -> None:
        """Tell the receiver what the table says."""
        receiver.resolutionBegan(None)
        for address in self.names.get(name, []):
            receiver.addressResolved(address)
        receiver.resolutionComplete()


def asked(name: str, *addresses: Any, trusted: frozenset[str] = frozenset()) -> tuple[Heard, GuardedResolver]:
    """Resolve a name through the guard."""
    guard = GuardedResolver(Names(**{name: list(addresses)}), trusted)
    heard = Heard()
    guard.resolveHostName(heard, name, 80)
    return heard, guard


def test_only_public_addresses_of_a_name_are_used() -> None:
    """Of a name with a public and a private address the private one is kept back and remembered."""
    heard, guard = asked("town", IPv4Address("TCP", "10.0.0.7", 0), IPv4Address("TCP", "93.184.216.34", 0))
    assert (heard.addresses, heard.over) == (["93.184.216.34"], True)
    assert guard.refused == {"town": "10.0.0.7"}


def test_a_name_with_private_addresses_only_has_none() -> None:
    """A name that leads into a private network, in either family, resolves to nothing."""
    heard, _ = asked("rebound", IPv4Address("TCP", "127.0.0.1", 0), IPv6Address("TCP", "::1", 0))
    assert (heard.addresses, heard.over) == ([], True)


def test_this_machine_and_the_proxy_may_be_private() -> None:
    """`localhost`, an address of the loopback and the institution's proxy are asked as they are."""
    here = IPv4Address("TCP", "127.0.0.1", 0)
    assert asked("localhost", here)[0].addresses == ["127.0.0.1"]
    assert asked("127.0.0.1", here)[0].addresses == ["127.0.0.1"]
    inside = IPv4Address("TCP", "10.0.0.3", 0)
    assert asked("proxy", inside, trusted=frozenset({"proxy"}))[0].addresses == ["10.0.0.3"]
    assert asked("10.0.0.3", inside)[0].addresses == []


def test_only_addresses_written_as_such_are_this_machine() -> None:
    """A name is never taken for this machine, whatever it looks like."""
    assert is_this_machine("127.0.0.1") and is_this_machine("::1")
    assert not any(map(is_this_machine, ["127.0.0.1.example", "10.0.0.1", "localhost.example", "2130706433", ""]))
