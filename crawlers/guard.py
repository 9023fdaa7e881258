"""The guard of the network: a name may only lead to an address of the public Internet.

What a name resolves to is looked at where the connection takes it from, so that a name cannot change between the look
and the connection. Hosts written as numbers come through here too.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import Any

from twisted.internet.address import IPv4Address as Ipv4
from twisted.internet.address import IPv6Address as Ipv6
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

LOCAL = frozenset({"localhost"})
"""The one name that means this machine; only a source whose own `start` says it is asked there."""


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the public Internet, also when it is wrapped in another.

    >>> is_public("93.184.216.34"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1"), is_public("64:ff9b::7f00:1")
    (True, False, False, False)
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if found in NAT64:
            return is_public(str(ip_address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast and not found.is_reserved


def is_this_machine(host: str) -> bool:
    """Return whether a host is written as an address of the loopback; the gate lets it pass for its own source only.

    >>> is_this_machine("127.0.0.1"), is_this_machine("10.0.0.1"), is_this_machine("town.example")
    (True, False, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class _Nat64:
    def __contains__(self, address: IPv6Address) -> bool:
        return int(address) >> 32 == int(IPv6Address("64:ff9b::")) >> 32


NAT64 = _Nat64()


@implementer(IHostnameResolver)
class GuardedResolver:
    """A resolver that keeps private addresses back, and remembers which name led to one."""

    def __init__(self, resolver: Any, trusted: frozenset[str] = frozenset()) -> None:
        self.resolver = resolver
        self.trusted = LOCAL | trusted
        """Names that may lead anywhere: this machine, an institution's proxy."""
        self.refused: dict[str, str] = {}

    def resolveHostName(self, resolutionReceiver: Any, hostName: str, *args: Any, **kwargs: Any) -> Any:
        """Resolve a name for Twisted; what is not public never reaches it."""
        own = hostName in self.trusted or is_this_machine(hostName)
        receiver = resolutionReceiver if own else Sieve(self, hostName, resolutionReceiver)
        return self.resolver.resolveHostName(receiver, hostName, *args, **kwargs)


@implementer(IResolutionReceiver)
class Sieve:
    """Passes the public addresses of one name on."""

    def __init__(self, guard: GuardedResolver, name: str, receiver: Any) -> None:
        self.guard = guard
        self.name = name
        self.receiver = receiver

    def resolutionBegan(self, resolution: Any) -> None:
        """Pass on that it began."""
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        """Pass an address on, if it is public."""
        if isinstance(address, Ipv4 | Ipv6) and is_public(address.host):
            self.receiver.addressResolved(address)
        else:
            self.guard.refused[self.name] = getattr(address, "host", str(address))

    def resolutionComplete(self) -> None:
        """Pass on that it is over."""
        self.receiver.resolutionComplete()
