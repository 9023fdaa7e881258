"""Workers as processes: they share the work, go on with what a dead one left, and wait while the database is away."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from minutier.lab.place import SCHEMA
from tests.lines import a_line
from tests.loopback import Server, page, serving, sources_file, town_of
from tests.postgres import a_database

pytestmark = pytest.mark.timeout(400)  # a busy machine takes long to start workers
PATIENCE = 180  # seconds until a test gives up on one of them


class Fleet:
    """The workers of one test, what they said, and their corpus."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str, address: str = "") -> int:
        """Start a worker and return its number."""
        number = len(self.workers)
        command = [sys.executable, "-m", "minutier", "worker", "--corpus", address or self.address, *words]
        with (self.folder / f"{number}.log").open("wb") as said:
            self.workers.append(subprocess.Popen(command, cwd=self.folder, stderr=said))
        return number

    def said(self, number: int) -> str:
        """Return what a worker has said."""
        return (self.folder / f"{number}.log").read_text(encoding="utf-8")

    def ended(self, number: int) -> tuple[int, str]:
        """Wait until a worker has ended; return its exit code and what it said."""
        return self.workers[number].wait(PATIENCE), self.said(number)

    def until(self, number: int, true: Callable[[], object]) -> None:
        """Wait until something is so, while a worker lives."""
        over = time.monotonic() + PATIENCE
        while not true():
            assert self.workers[number].poll() is None and time.monotonic() < over, self.said(number)
            time.sleep(0.05)

    def rows(self, query: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query on the database."""
        with psycopg.connect(self.address.partition("?")[0]) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def fleet(postgres: str, empty_corpus: str, tmp_path: Path) -> Iterator[Fleet]:
    """A corpus in a database, and no worker yet; whoever still works at the end is killed."""
    with a_database(postgres, f"{empty_corpus}_fleet", tmp_path / "blobs", empty_corpus) as address:
        made = Fleet(tmp_path, address)
        yield made
        for worker in made.workers:
            worker.kill()
            worker.wait()


def documents_asked(server: Server) -> list[str]:
    """Return the paths of the documents that were asked for, in their order."""
    return [path for path, _, _ in list(server.asked) if path.startswith("/d/")]


def publish(folder: Path, root: str, delay: float, *others: str) -> None:
    """Write a list of sources: the town, and others that begin at other listings of the same host."""
    text = sources_file(root).replace("delay: 0", f"delay: {delay}")
    block = text.partition("sources:\n")[2]
    for number, start in enumerate(others):
        text += block.replace("id: town", f"id: other-{number}").replace("/list/0", start)
    (folder / "sources.yaml").write_text(text, encoding="utf-8")


def test_workers_share_out_crawling_and_reading(fleet: Fleet) -> None:
    """One crawls, another reads: each source runs once, two of one host one after another, and all is stored."""
    pages = town_of(5)
    pages["/other"] = page("Autre", '<a class="document" href="/d/3.html">3</a><a class="document" href="/e">e</a>')
    pages["/e"] = page("Page", "<p>Une autre délibération du conseil.</p>")
    with serving(pages, etags=False) as server:
        publish(fleet.folder, server.root, 0, "/other")
        reader = fleet.start("--queues", "extract", "--concurrency", "2")
        code, said = fleet.ended(fleet.start("--queues", "crawl", "--until-idle"))
        paths = [path for path, _, _ in server.asked]
    assert code == 0, said
    assert fleet.rows("SELECT source_id, outcome FROM run ORDER BY 1") == [
        ("other-0", "complete"),
        ("town", "complete"),
    ]
    assert fleet.rows("SELECT count(*) FROM document") == [(6,)]
    assert fleet.rows(f"SELECT count(*) FROM {SCHEMA}.procrastinate_jobs WHERE queue_name != 'house'") == [(0,)]
    assert sorted([paths.index("/list/0"), paths.index("/other")])[1] > 2, "the second began when the first had ended"
    second = paths.index("/robots.txt", 1)
    assert {"/list/0", "/other"} - set(paths[:second]) and {"/list/0", "/other"} - set(paths[second:])
    if sys.platform != "win32":
        fleet.workers[reader].terminate()
        assert fleet.ended(reader)[0] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="platform: Windows knows no gentle signal to another process")
def test_what_a_killed_or_stopped_worker_left_is_gone_on_with(fleet: Fleet) -> None:
    """Killed with -9, then another stopped gently, then a third: one run, every document once, little asked again."""
    with serving(town_of(16), etags=False) as server:
        publish(fleet.folder, server.root, 0.25)
        killed = fleet.start()
        fleet.until(killed, lambda: len(documents_asked(server)) > 3)
        fleet.workers[killed].kill()
        fleet.workers[killed].wait()
        silent = f"UPDATE {SCHEMA}.procrastinate_workers SET last_heartbeat = now() - interval '1 min' RETURNING id"
        assert fleet.rows(silent)
        stopped = fleet.start()
        before = len(documents_asked(server))
        fleet.until(stopped, lambda: len(documents_asked(server)) > before + 3)
        fleet.workers[stopped].terminate()
        code, said = fleet.ended(stopped)
        assert code == 4 and "goes on" in said, said
        assert fleet.rows("SELECT count(*) FROM run_lock") == [(0,)]
        code, said = fleet.ended(fleet.start("--until-idle"))
        assert code == 0 and "goes on" in said, said
        asked = documents_asked(server)
    assert fleet.rows("SELECT outcome FROM run") == [("complete",)]
    assert fleet.rows("SELECT count(*) FROM document") == fleet.rows("SELECT count(*) FROM version") == [(16,)]
    assert len(set(asked)) == 16 and len(asked) - 16 <= 2, "at most what was under way, at each of the two ends"


def test_a_worker_waits_while_the_database_is_away(fleet: Fleet) -> None:
    """The line is cut in the middle of a crawl: it is said, and when it is mended the run ends with all it should."""
    port = urlsplit(fleet.address).port or 5432
    with serving(town_of(12), etags=False) as server, a_line(port) as line:
        publish(fleet.folder, server.root, 0.2)
        worker = fleet.start("--until-idle", address=fleet.address.replace(f":{port}/", f":{line.port}/"))
        fleet.until(worker, lambda: len(documents_asked(server)) > 3)
        line.cut()
        fleet.until(worker, lambda: "does not answer" in fleet.said(worker))
        line.mend()
        code, said = fleet.ended(worker)
    assert code == 0 and "answers again" in said, said
    assert fleet.rows("SELECT DISTINCT outcome FROM run") == [("complete",)]
    assert fleet.rows("SELECT count(*) FROM document") == [(12,)]
    assert not re.search(r"postgres:[^@ ]+@", said), "no password is said"
