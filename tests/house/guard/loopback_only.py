"""No test reaches another machine: names are not looked up and connections are not opened outside the loopback.

pytest installs it in its own process, and, by `sitecustomize.py` beside it, in every Python that a test starts.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

LOCAL_NAMES = frozenset({"localhost", "ip6-localhost", ""})


class LeftTheLoopback(OSError):
    """A test tried to reach another machine."""


def refuse() -> None:
    """Let sockets of this process reach the loopback only; asking twice changes nothing."""
    if getattr(socket, "loopback_only", False):
        return
    socket.loopback_only = True
    socket.socket.connect = guarded(socket.socket.connect)
    socket.socket.connect_ex = guarded(socket.socket.connect_ex)
    socket.getaddrinfo = guarded_lookup(socket.getaddrinfo)


def guarded(connect: Any) -> Any:
    """Return a way to connect that looks at the address first; what is no internet address is none of its concern."""

    def connect_locally(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
            raise LeftTheLoopback(f"A test tried to reach {address[0]}: serve what it needs on 127.0.0.1.")
        return connect(self, address)

    return connect_locally


def guarded_lookup(lookup: Any) -> Any:
    """Return a way to look names up that knows local ones only."""

    def look_up_locally(host: Any, *more: Any, **named: Any) -> Any:
        if host is not None and not is_local(host):
            raise socket.gaierror(socket.EAI_NONAME, f"A test asked for the address of {host}: no name is known here.")
        return lookup(host, *more, **named)

    return look_up_locally


def is_local(host: Any) -> bool:
    """Return whether a host is this machine, by name or number; 0.0.0.0 and :: are what servers listen on."""
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name.lower() in LOCAL_NAMES:
        return True
    try:
        number = ipaddress.ip_address(name)
    except ValueError:
        return False
    return number.is_loopback or number.is_unspecified
