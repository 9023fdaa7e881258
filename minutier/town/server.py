"""The town on the loopback: a small web server that behaves well and remembers what it was asked."""

from __future__ import annotations

import errno
import os
import socketserver
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from minutier.town.html import frame
from minutier.town.model import Page
from minutier.town.site import pages

HOST = "127.0.0.1"
HTML = "text/html; charset=utf-8"


class Asked(NamedTuple):
    """One request that the town answered."""

    method: str
    path: str
    status: int
    user_agent: str
    time: float
    """Seconds since 1970."""


class Town(ThreadingHTTPServer):
    """The running town."""

    daemon_threads = True
    # On Windows this option would let two servers share one port, and each would get some of the requests.
    allow_reuse_address = os.name != "nt"

    def __init__(self, port: int, site: Mapping[str, Page]) -> None:
        self.site = {unquote(path): page for path, page in site.items()}
        self.requests: list[Asked] = []
        super().__init__((HOST, port), Answerer)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    @property
    def root_url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    def server_bind(self) -> None:
        """Bind without asking for the machine's name, which takes seconds where there is no name service."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.port

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that hangs up is no news, and what a test misses shows in `requests`."""


class Answerer(BaseHTTPRequestHandler):
    """Answers one connection, which it keeps open."""

    protocol_version = "HTTP/1.1"
    server_version = "Town/1"
    sys_version = ""
    disable_nagle_algorithm = True  # or each kept-alive answer waits 40 ms for an acknowledgement
    timeout = 30
    server: Town

    def do_GET(self) -> None:
        """Answer a page, 304 if the client has it, or 404."""
        page = self.server.site.get(unquote(urlsplit(self.path).path))
        if page is None:
            self.answer(404, NOT_FOUND.encode(), {"Content-Type": HTML})
            return
        headers = {"Content-Type": page.media_type, "ETag": page.etag}
        if page.last_modified:
            headers["Last-Modified"] = format_datetime(page.last_modified, usegmt=True)
        if self.known(page):
            self.answer(304, b"", headers)
        else:
            self.answer(200, page.body, headers)

    do_HEAD = do_GET

    def known(self, page: Page) -> bool:
        """Return whether the client already has this page; an entity tag speaks before a date."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            named = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return bool(named & {"*", page.etag})
        since = moment(self.headers.get("If-Modified-Since", ""))
        return since is not None and page.last_modified is not None and page.last_modified <= since

    def answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        """Send one answer and remember it."""
        self.server.requests.append(
            Asked(self.command, self.path, status, self.headers.get("User-Agent", ""), time.time())
        )
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the requests are in `Town.requests`."""


NOT_FOUND = frame("<h1>Page introuvable</h1>\n<p>Cette adresse ne mène à rien.</p>", title="Page introuvable")


def moment(value: str) -> datetime | None:
    """Return the moment an HTTP date names, or nothing if it names none."""
    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return None
    return found if found.tzinfo else None


@contextmanager
def serve(port: int = 0, day: int = 1) -> Iterator[Town]:
    """Serve the town on the loopback while the block runs; port 0 takes a free one."""
    site = pages(day)
    try:
        town = Town(port, site)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise OSError(
            error.errno,
            f"Port {port} of {HOST} is taken: end what listens there, or start a demo in another corpus.",
        ) from error
    thread = threading.Thread(target=town.serve_forever, args=(0.05,), name="town", daemon=True)
    thread.start()
    try:
        yield town
    finally:
        town.shutdown()
        thread.join()
        town.server_close()
