"""Small web servers on the loopback, for tests and benchmarks: all they serve is synthetic, all they hear is kept."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

RESERVATIONS = "/.well-known/tdmrep.json"


@dataclass
class Answer:
    """One answer: status, body, headers."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})


@dataclass
class Server:
    """A running server and what it was asked: (path, request headers, status)."""

    port: int
    pages: dict[str, Answer]
    asked: list[tuple[str, dict[str, str], int]] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)
    """The fields of each form that came by POST."""
    asked_reservations: int = 0
    """How often its file of TDM reservations was asked for, which it has only where `pages` says so."""

    @property
    def root(self) -> str:
        """The address it lives at."""
        return f"http://127.0.0.1:{self.port}"

    def times(self) -> Counter[str]:
        """Return how often each path was asked for."""
        return Counter(path for path, _, _ in self.asked)

    def statuses(self) -> Counter[int]:
        """Return how often each status was answered."""
        return Counter(status for _, _, status in self.asked)


Posted = Callable[[str, dict[str, str], Mapping[str, str]], Answer]
"""What answers a form: from its path, its fields and the headers that came with it."""


def refusing(path: str, fields: dict[str, str], headers: Mapping[str, str]) -> Answer:
    """Answer that no forms are taken."""
    return Answer(b"no forms here", 405)


@contextmanager
def serving(
    pages: dict[str, Answer],
    otherwise: Callable[[str], Answer | None] = lambda path: None,
    *,
    etags: bool = True,
    posted: Posted = refusing,
) -> Iterator[Server]:
    """Serve some pages on a free port of the loopback; with `etags` an unchanged page answers 304."""
    server = Server(port=0, pages=pages)

    class Speaker(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            known = server.pages.get(self.path) or otherwise(self.path)
            if self.path == RESERVATIONS and not known:  # asked in each run: counted apart
                server.asked_reservations += 1
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            answer = known or Answer(b"not here", 404)
            tag = f'"{sha256(answer.body).hexdigest()[:16]}"'
            status, body = answer.status, answer.body
            if etags and status == 200 and self.headers.get("If-None-Match") == tag:
                status, body = 304, b""
            self.give(answer, status, body, {"ETag": tag} if etags and answer.status == 200 else {})

        def do_POST(self) -> None:
            read = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fields = dict(parse_qsl(read, keep_blank_values=True))
            server.sent.append(fields)
            # As HTTP has it: "give it only if it changed" cannot be said of a form.
            answer = Answer(b"", 412) if self.headers.get("If-None-Match") else posted(self.path, fields, self.headers)
            self.give(answer, answer.status, answer.body, {})

        def give(self, answer: Answer, status: int, body: bytes, more: dict[str, str]) -> None:
            server.asked.append((self.path, dict(self.headers), status))
            self.send_response(status)
            for name, value in (dict(answer.headers) | more).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else body)

        do_HEAD = do_GET

        def log_message(self, *words: object) -> None:
            """Keep quiet."""

    class Listener(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A crawler that is killed hangs up in the middle of a sentence: that is what some tests do."""

    listener = Listener(("127.0.0.1", 0), Speaker)
    listener.daemon_threads = True
    server.port = listener.server_port
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()


def page(title: str, body: str) -> Answer:
    """Return a small HTML page."""
    text = f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1>{body}</main></body></html>"
    return Answer(text.encode())


def paragraph(number: int) -> str:
    """Return a French paragraph of a few sentences that no other number gives."""
    return (
        f"<p>Le conseil municipal, réuni en séance ordinaire, a examiné le dossier numéro {number} relatif au jumelage "
        f"avec la ville partenaire. Monsieur le maire rappelle que la convention {number * 7} a été signée et que la "
        f"coopération décentralisée se poursuit. Après en avoir délibéré, l'assemblée adopte la proposition "
        f"{number * 13} "
        "à l'unanimité des membres présents et représentés.</p>"
    )


def town_of(documents: int, per_page: int = 50) -> dict[str, Answer]:
    """Return a paginated listing of that many document pages, each different."""
    pages: dict[str, Answer] = {
        "/robots.txt": Answer(b"User-agent: *\nAllow: /\n", headers={"Content-Type": "text/plain"})
    }
    last = (documents - 1) // per_page
    for number in range(last + 1):
        inside = range(number * per_page, min(documents, (number + 1) * per_page))
        rows = "".join(f'<li><a class="document" href="/d/{n}.html">Délibération {n}</a></li>' for n in inside)
        more = f'<a rel="next" href="/list/{number + 1}">suite</a>' if number < last else ""
        pages[f"/list/{number}"] = page("Délibérations", f"<ul>{rows}</ul>{more}")
    for number in range(documents):
        pages[f"/d/{number}.html"] = page(f"Délibération {number}", paragraph(number))
    return pages


def sources_file(root: str, start: str = "/list/0", extra: str = "") -> str:
    """Return a sources.yaml with one `listing` source on a server."""
    return f"""version: 1
contact: corpus@example.org
sources:
  - id: town
    title: A synthetic town
    kind: council_minutes
    voice: local_authority
    spider: listing
    start: ["{root}{start}"]
    follow: {{css: "a.document"}}
    next: {{css: "a[rel=next]"}}
    delay: 0
    enabled: true
{extra}"""
