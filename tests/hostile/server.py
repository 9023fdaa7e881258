"""A server that does what no server should, on the loopback: it drips, stalls, lies, cuts and never ends.

A route is a function that is given the speaker and writes what it likes; a route may also be a plain Answer.
"""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext

import brotli
from backports import zstd

from tests.loopback import Answer, page, paragraph

Route = Callable[[BaseHTTPRequestHandler], None] | Answer
ROBOTS = Answer(b"User-agent: *\nAllow: /\n", headers={"Content-Type": "text/plain"})
MANY = 40 * 2**20
"""Bytes that a bomb unpacks to: eight times what its source allows."""


@dataclass
class Hostile:
    """A running server, its routes, and what it heard: path and moment."""

    routes: dict[str, Route]
    otherwise: Callable[[str], Route | None]
    port: int = 0
    scheme: str = "http"
    heard: list[tuple[str, float]] = field(default_factory=list)

    @property
    def root(self) -> str:
        """The address it lives at."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def pages_asked(self) -> Counter[str]:
        """How often each path was asked for, but for what is asked of every host."""
        usual = ("/robots.txt", "/.well-known/tdmrep.json")
        return Counter(path for path, _ in self.heard if path not in usual)


@contextmanager
def hostile(
    routes: Mapping[str, Route] | None = None,
    otherwise: Callable[[str], Route | None] = lambda path: None,
    *,
    tls: SSLContext | None = None,
) -> Iterator[Hostile]:
    """Run a server with some routes on a free port; all else is 404."""
    here = Hostile(routes={"/robots.txt": ROBOTS, **(routes or {})}, otherwise=otherwise)

    class Speaker(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            here.heard.append((self.path, time.monotonic()))
            route = here.routes.get(self.path) or here.otherwise(self.path) or Answer(b"not here", 404)
            if isinstance(route, Answer):
                send(self, route.body, route.headers, route.status)
            else:
                route(self)

        def log_message(self, *words: object) -> None:
            """Keep quiet."""

    class Listener(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Whoever is asked for too much hangs up: that is the point."""

    listener = Listener(("127.0.0.1", 0), Speaker)
    listener.daemon_threads = True
    if tls:
        listener.socket = tls.wrap_socket(listener.socket, server_side=True)
        here.scheme = "https"
    here.port = listener.server_port
    threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield here
    finally:
        listener.shutdown()
        listener.server_close()


def send(speaker: BaseHTTPRequestHandler, body: bytes, headers: Mapping[str, str], status: int = 200) -> None:
    """Answer as a server should; headers given stand in the place of the usual ones."""
    speaker.send_response(status)
    for name, value in ({"Content-Type": "text/html", "Content-Length": str(len(body))} | dict(headers)).items():
        if value:
            speaker.send_header(name, value)
    speaker.end_headers()
    speaker.wfile.write(body)


def saying(body: bytes, **headers: str) -> Route:
    """Return a route that sends these bytes with these headers (`content_type` for Content-Type); "" leaves one out."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named = {
        {"content-type": "Content-Type", "content-length": "Content-Length"}.get(k, k): v for k, v in named.items()
    }

    def route(speaker: BaseHTTPRequestHandler) -> None:
        send(speaker, body, named)
        speaker.close_connection = True

    return route


def drip(seconds: float) -> Route:
    """Return a route that sends a letter now and then."""

    def route(speaker: BaseHTTPRequestHandler) -> None:
        speaker.send_response(200)
        speaker.send_header("Content-Length", "100000")
        speaker.end_headers()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            speaker.wfile.write(b".")
            time.sleep(0.2)

    return route


def stall(seconds: float) -> Route:
    """Return a route that says nothing at all."""
    return lambda speaker: time.sleep(seconds)


def slow_headers(seconds: float) -> Route:
    """Return a route whose headers never end."""

    def route(speaker: BaseHTTPRequestHandler) -> None:
        speaker.wfile.write(b"HTTP/1.1 200 OK\r\n")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            speaker.wfile.write(b"X-More: yes\r\n")
            time.sleep(0.2)

    return route


def endless(speaker: BaseHTTPRequestHandler) -> None:
    """Send chunks until nobody listens."""
    speaker.send_response(200)
    speaker.send_header("Transfer-Encoding", "chunked")
    speaker.end_headers()
    while True:
        speaker.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def cut_chunks(speaker: BaseHTTPRequestHandler) -> None:
    """Hang up in the middle of a chunk."""
    speaker.send_response(200)
    speaker.send_header("Content-Type", "text/html")
    speaker.send_header("Transfer-Encoding", "chunked")
    speaker.end_headers()
    speaker.wfile.write(b"1000\r\n<html><body><p>Le conseil a bri")
    speaker.close_connection = True


def header_flood(speaker: BaseHTTPRequestHandler) -> None:
    """Send a good page behind a megabyte of headers."""
    send(speaker, good(99).body, {f"X-{number}": "y" * 1000 for number in range(1000)})


def long_header(speaker: BaseHTTPRequestHandler) -> None:
    """Send a header of a hundred kilobytes."""
    send(speaker, good(98).body, {"X-Long": "y" * 100_000})


def bombs() -> dict[str, Route]:
    """Return bodies of a few kilobytes that unpack to much more than anybody wants, one for each way of packing."""
    much = b"\0" * MANY
    packed = {
        "gzip": gzip.compress(much, 9),
        "deflate": zlib.compress(much, 9),
        "br": brotli.compress(much, quality=1),
        "zstd": zstd.compress(much),
        "gzip, gzip": gzip.compress(gzip.compress(much, 9), 9),
    }
    return {f"/bomb/{number}": saying(body, content_encoding=way) for number, (way, body) in enumerate(packed.items())}


def listing(*targets: str) -> Answer:
    """Return a page with a link to each document."""
    rows = "".join(f'<li><a class="document" href="{each}">Document</a></li>' for each in targets)
    return page("Délibérations", f"<ul>{rows}</ul>")


def good(number: int) -> Answer:
    """Return a page that is what it should be."""
    return page(f"Délibération {number}", paragraph(number))
