"""A crawl into a lab's corpus whose database or object store goes away in the middle: it waits, and loses nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from storage.blobs import sha256
from storage.store import Store
from storage.verify import verify
from tests.lines import Line, a_line
from tests.loopback import Answer, serving, sources_file, town_of

DOCUMENTS = 24
CUT_AT = "/d/9.html"


@pytest.fixture(params=["database", "object store"])
def cuttable(
    request: pytest.FixtureRequest, lab: str, postgres: str, object_store: int, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Line, str]]:
    """A line to one of the two, and the address of a corpus in both."""
    port = urlsplit(postgres).port or 5432
    with a_line(port if request.param == "database" else object_store) as line:
        if request.param == "database":
            yield line, lab.replace(str(port), str(line.port))
        else:
            monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{line.port}")
            yield line, lab


def crawl(root: str, corpus: str, folder: Path, hear: Callable[[str], None]) -> tuple[int, str]:
    """Run `minutier crawl` to its end; return its exit code and all that it said, each line heard when it comes."""
    (folder / "sources.yaml").write_text(sources_file(root), encoding="utf-8")
    command = [sys.executable, "-m", "minutier", "crawl", "--corpus", corpus]
    said = []
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, encoding="utf-8") as running:
        assert running.stderr
        try:
            for line in running.stderr:
                said.append(line)
                hear(line)
        except BaseException:  # time is up: leaving waits for its end
            running.kill()
            raise
    return running.returncode, "".join(said)


def a_town(line: Line) -> tuple[dict[str, Answer], Callable[[str], Answer | None]]:
    """Return a town's pages, and what serves one more: as soon as it is asked for, the line is cut."""
    pages = town_of(DOCUMENTS)
    last = pages.pop(CUT_AT)
    once = threading.Lock()

    def otherwise(path: str) -> Answer | None:
        if path != CUT_AT:
            return None
        if once.acquire(blocking=False):
            line.cut()
        return last

    return pages, otherwise


def test_a_crawl_waits_for_what_is_away_and_loses_nothing(cuttable: tuple[Line, str], tmp_path: Path) -> None:
    """Cut in the middle of a crawl and mended once it says so: it ends with 0, and holds what an undisturbed one does.

    Every page is there once, read from its own bytes; no page is asked for twice, and the corpus verifies clean.
    """
    line, corpus = cuttable
    pages, otherwise = a_town(line)

    def hear(words: str) -> None:
        if "does not answer" in words:
            line.mend()

    with serving(pages, otherwise) as server:
        code, said = crawl(server.root, corpus, tmp_path, hear)
        asked = server.times()
    assert code == 0, said
    assert said.count("does not answer") == 1 and said.count("answers again after") == 1
    served = {sha256(answer.body) for path, answer in {**pages, CUT_AT: otherwise(CUT_AT)}.items() if answer}
    with Store.open(corpus) as store:
        assert verify(store).faults == ()
        kept = store.rows(text("SELECT blob_sha256, verdict FROM capture JOIN extraction USING (blob_sha256)"))
        assert {row.verdict for row in kept} == {"good"} and len(kept) == DOCUMENTS
        assert {row.sha256 for row in store.rows(text("SELECT sha256 FROM blob"))} == served
        (run,) = store.rows(text("SELECT outcome, seen, stored, requests FROM run"))
    assert (run.outcome, run.stored, run.seen) == ("complete", DOCUMENTS, DOCUMENTS + 1)
    assert {path: times for path, times in asked.items() if times > 1} == {}
