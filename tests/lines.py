"""A line to a server of this machine that a test can cut and mend: what is sent over it is passed on as it is."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Hear = Callable[[bytes], str]
"""Looks at what goes to the server. It may say that the line is cut `before` that arrives, or `after` it was done."""


class Line:
    """A port of the loopback behind which a server is, as long as the line is not cut."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.hear: Hear = lambda sent: ""
        self._listener: socket.socket | None = None
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()
        self._answer_is_lost = False
        self.port = 0
        self.mend()

    def mend(self) -> None:
        """Let connections through; the port stays the same."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port, self._listener = listener.getsockname()[1], listener
        threading.Thread(target=self._accept, args=[listener], daemon=True).start()

    def cut(self) -> None:
        """Break every connection, and refuse new ones."""
        with self._lock:
            listener, self._listener = self._listener, None
            ends, self._ends = self._ends, []
        if listener:
            with suppress(OSError):  # wakes the thread that waits for a caller
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                here, _ = listener.accept()
                there = socket.create_connection(("127.0.0.1", self.server))
            except OSError:
                return
            with self._lock:
                cut = self._listener is not listener
                self._ends += [] if cut else [here, there]
            if cut:  # while this caller was let in
                here.close()
                there.close()
                return
            threading.Thread(target=self._to_server, args=[here, there], daemon=True).start()
            threading.Thread(target=self._from_server, args=[there, here], daemon=True).start()

    def _to_server(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while sent := here.recv(2**16):
                fate = self.hear(sent)
                if fate == "before":
                    return self.cut()
                self._answer_is_lost = self._answer_is_lost or fate == "after"
                there.sendall(sent)
            there.shutdown(socket.SHUT_RDWR)

    def _from_server(self, there: socket.socket, here: socket.socket) -> None:
        with suppress(OSError):
            while answered := there.recv(2**16):
                if self._answer_is_lost:
                    self._answer_is_lost = False
                    return self.cut()
                here.sendall(answered)
            here.shutdown(socket.SHUT_RDWR)


@contextmanager
def a_line(server: int) -> Iterator[Line]:
    """Give a line to a port of this machine."""
    line = Line(server)
    try:
        yield line
    finally:
        line.cut()
