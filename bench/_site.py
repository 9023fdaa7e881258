"""A fast synthetic site in a process of its own, on as many ports of the loopback as wanted.

    python bench/_site.py DOCUMENTS PORTS     prints its ports, serves until its standard input closes

Every port has the same documents under /d/N.html, thirty to a listing page under /list/N.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.loopback import page, paragraph

PER_PAGE = 30
FILLING = b"".join(b"<script>var filler%d = 'x';</script>\n" % n for n in range(700))
"""What makes a page as heavy as those of towns are, and says nothing."""


def body_of(path: str, documents: int) -> bytes:
    """Return the page at a path, or nothing."""
    if path == "/robots.txt":
        return b"User-agent: *\nAllow: /\n"
    kind, _, name = path.strip("/").partition("/")
    number = int(name.removesuffix(".html")) if name.removesuffix(".html").isdigit() else -1
    if kind == "d" and 0 <= number < documents:
        return page(f"Acte {number}", paragraph(number) * 3).body.replace(b"</head>", FILLING + b"</head>")
    if kind == "list" and 0 <= number * PER_PAGE < documents:
        inside = range(number * PER_PAGE, min(documents, (number + 1) * PER_PAGE))
        rows = "".join(f'<li><a class="document" href="/d/{n}.html">Acte {n}</a></li>' for n in inside)
        more = f'<a rel="next" href="/list/{number + 1}">suite</a>' if inside.stop < documents else ""
        return page("Actes", f"<ul>{rows}</ul>{more}").body
    return b""


class Speaker(asyncio.Protocol):
    """Answers GET, and nothing else."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self.answers = answers

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember whom to answer."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer a request; clients here send each in one piece."""
        path = data.split(b" ", 2)[1].decode()
        body = self.answers.get(path, b"")
        head = f"HTTP/1.1 {200 if body else 404} OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode() + body)  # type: ignore[attr-defined]  # a transport that writes


async def serve(documents: int, ports: int) -> None:
    """Serve until nobody holds the other end of our standard input."""
    paths = ["/robots.txt", *(f"/d/{n}.html" for n in range(documents)), *(f"/list/{n}" for n in range(documents))]
    answers = {path: body for path in paths if (body := body_of(path, documents))}
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(lambda: Speaker(answers), "127.0.0.1", 0) for _ in range(ports)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


@contextmanager
def site(documents: int, ports: int = 1) -> Iterator[list[str]]:
    """Run the site beside us, and give its addresses."""
    command = [sys.executable, __file__, str(documents), str(ports)]
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert running.stdout and running.stdin
    try:
        yield [f"http://127.0.0.1:{port}" for port in running.stdout.readline().split()]
    finally:
        running.stdin.close()
        running.wait(timeout=20)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
