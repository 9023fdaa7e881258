"""A fleet of workers on one corpus in PostgreSQL, and hosts of the loopback that note when they are asked what."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.loopback import page, paragraph
from tests.postgres import a_database, a_server

ROOT = Path(__file__).parent.parent
BLUR = 0.1  # seconds: how late a host on a busy machine may note that it was asked
LATENCY = 0.05  # seconds until a host answers


@dataclass
class Hosts:
    """Ports of the loopback, each a host with listings of the same number of documents, all different."""

    documents: int
    ports: list[int] = field(default_factory=list)
    asked: list[tuple[float, int, str]] = field(default_factory=list)
    """When which port was asked for which path."""

    def answer(self, port: int, path: str) -> bytes:
        """Return the page at a path of a host, or nothing."""
        if path == "/robots.txt":
            return b"User-agent: *\nAllow: /\n"
        if path.startswith("/list/"):
            first = self.documents * int(path.removeprefix("/list/"))
            inside = range(first, first + self.documents)
            links = (f'<li><a class="document" href="/d/{n}">Acte {n}</a></li>' for n in inside)
            return page("Actes", f"<ul>{''.join(links)}</ul>").body
        number = path.removeprefix("/d/")
        if not number.isdigit():
            return b""
        return page(f"Acte {number} de {port}", paragraph(self.ports.index(port) * 1000 + int(number)) * 2).body

    def shortest(self) -> float:
        """Return the shortest time between two requests to one host, in seconds, as the host saw it."""
        return shortest((str(port), moment) for moment, port, _ in self.asked)


def shortest(asked: Iterable[tuple[str, float]]) -> float:
    """Return the shortest time between two requests to one host, in seconds."""
    by_host: dict[str, list[float]] = defaultdict(list)
    for host, moment in asked:
        by_host[host].append(moment)
    pairs = [pair for moments in by_host.values() for pair in pairwise(sorted(moments))]
    return min(later - earlier for earlier, later in pairs)


@contextmanager
def hosts(number: int, documents: int) -> Iterator[Hosts]:
    """Serve some hosts from a thread of this process."""
    made = Hosts(documents)
    ready, over = threading.Event(), threading.Event()

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("sockname")[1]
        while line := await reader.readline():
            while await reader.readline() not in (b"\r\n", b"\n", b""):
                pass
            path = line.split(b" ")[1].decode()
            made.asked.append((time.monotonic(), port, path))
            await asyncio.sleep(LATENCY)
            body = made.answer(port, path)
            head = (
                f"HTTP/1.1 {200 if body else 404} OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode() + body)

    async def serve() -> None:
        servers = [await asyncio.start_server(speak, "127.0.0.1", 0) for _ in range(number)]
        made.ports = [server.sockets[0].getsockname()[1] for server in servers]
        ready.set()
        while not over.is_set():
            await asyncio.sleep(0.2)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield made
    finally:
        over.set()
        thread.join()


@dataclass
class Lab:
    """A folder with a list of sources, a corpus in a database, and the workers that were started on it."""

    folder: Path
    address: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def publish(self, ports: list[int], delay: float) -> None:
        """Write the list of sources: one for each port, all due. A port that is named twice has two sources."""
        lines = ["version: 1", "contact: corpus@example.org", "sources:"]
        for number, port in enumerate(ports):
            lines += [
                f"  - id: host-{number}",
                f"    title: Host {number}",
                "    kind: other",
                "    voice: local_authority",
                "    spider: listing",
                f'    start: ["http://127.0.0.1:{port}/list/{ports[:number].count(port)}"]',
                '    follow: {css: "a.document"}',
                f"    delay: {delay}",
                "    enabled: true",
            ]
        text = "\n".join(lines) if ports else "version: 1\ncontact: corpus@example.org\nsources: []"
        (self.folder / "fresh.yaml").write_text(text + "\n", encoding="utf-8")
        (self.folder / "fresh.yaml").replace(self.folder / "sources.yaml")

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a worker."""
        command = [sys.executable, "-m", "minutier", "worker", "--corpus", self.address, *words]
        said = (self.folder / f"worker-{len(self.workers)}.log").open("wb")
        places = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        worker = subprocess.Popen(command, cwd=self.folder, stderr=said, env=os.environ | {"PYTHONPATH": places})
        self.workers.append(worker)
        return worker

    def held_by(self, worker: subprocess.Popen[bytes]) -> list[str]:
        """Return the sources that a worker is at."""
        return [str(row[0]) for row in self.ask(f"SELECT source_id FROM run_lock WHERE pid = {worker.pid}")]

    def said(self, number: int) -> str:
        """Return what a worker said until now."""
        return (self.folder / f"worker-{number}.log").read_text(encoding="utf-8")

    def await_said(self, number: int, words: str) -> None:
        """Wait until a worker has said something."""
        while words not in self.said(number):
            if self.workers[number].poll() is not None:
                raise SystemExit(f"A worker ended:\n{self.said(number)}")
            time.sleep(0.05)

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query on the corpus."""
        with psycopg.connect(self.address.partition("?")[0]) as connection:
            return connection.execute(query).fetchall()  # type: ignore[call-overload,no-any-return]  # not a literal

    def ended(self) -> int:
        """Return how many runs are over."""
        return int(str(self.ask("SELECT count(*) FROM run WHERE ended_at IS NOT NULL")[0][0]))

    def documents(self) -> list[tuple[object, ...]]:
        """Return what is stored: each document's address and the text that is shown."""
        return self.ask(
            "SELECT document.address, version.text_sha256, version.number FROM document "
            "JOIN version ON version.id = document.current_version_id ORDER BY 1"
        )

    def shortest(self) -> float:
        """Return the shortest time between two sendings to one host by any worker, in seconds, as they were kept."""
        kept = self.ask("SELECT headers ->> ':asked' FROM capture WHERE headers ->> ':asked' != ''")
        sendings = [sending.split(" ") for row in kept for sending in str(row[0]).split(", ")]
        return shortest((host, datetime.fromisoformat(moment).timestamp()) for moment, host, *_ in sendings)

    def polite(self, sites: Hosts, delay: float) -> tuple[bool, str]:
        """Return whether every host was left alone for its delay, and the figures in words.

        The moment of sending is exact to a millisecond; how late a busy machine hears of it is not.
        """
        sent, heard = self.shortest(), sites.shortest()
        words = f"shortest interval of a host {sent:.3f} s as sent, {heard:.3f} s as heard (delay {delay:g} s)"
        return sent >= delay - 0.002 and heard >= delay - BLUR, words

    def close(self) -> None:
        """End the workers that still run."""
        for worker in self.workers:
            if worker.poll() is None:
                worker.terminate()
        for worker in self.workers:
            worker.wait(timeout=60)


@contextmanager
def a_lab() -> Iterator[Lab]:
    """Give a lab with an empty corpus; ends what was started in it."""
    with a_server() as server, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        if server is None:
            raise SystemExit("No PostgreSQL answers here: install it, or name one with MINUTIER_POSTGRES.")
        folder = Path(place)
        with a_database(server, f"minutier_fleet_{os.getpid()}", folder / "blobs") as address:
            lab = Lab(folder, address)
            try:
                yield lab
            finally:
                lab.close()
