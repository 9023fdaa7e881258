"""A disk that is full, a crawl beside another, and a crawl that is killed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.hostile.conftest import HEAD, Outcome, source
from tests.hostile.server import good, hostile, listing

Crawl = Callable[..., Outcome]


def test_a_disk_that_is_nearly_full_ends_in_one_sentence(impatient: Crawl, tmp_path: Path) -> None:
    """The crawl stops with 3 while there is room to repair, the database is whole, and the next run goes on."""
    pages = {f"/d/{n}": good(n) for n in range(6)}
    with hostile(pages | {"/list": listing(*pages)}) as server:
        town = source("town", f"{server.root}/list")
        found = impatient(town, storage__writer__RESERVE=2**60)
        assert found.code == 3
        assert "free some space" in found.said and "Traceback" not in found.said
        with sqlite3.connect(tmp_path / "corpus" / "corpus.db") as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = impatient(town)
    assert (found.code, found.run["stored"], found.run["outcome"]) == (0, 6, "complete")


def test_two_crawls_at_once_share_nothing(tmp_path: Path) -> None:
    """Of two crawls of one source one ends with 0 and one with 6; each page is asked for once, nothing is locked."""
    pages = {f"/d/{n}": good(n) for n in range(25)}
    with hostile(pages | {"/list": listing(*pages)}) as server:
        (tmp_path / "sources.yaml").write_text(HEAD + source("town", f"{server.root}/list", "delay: 0.1"), "utf-8")
        subprocess.run([sys.executable, "-m", "minutier", "crawl", "--limit", "1"], cwd=tmp_path, check=False)
        server.heard.clear()
        command = [sys.executable, "-m", "minutier", "crawl"]
        both = [subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        said = [each.communicate(timeout=100)[1] for each in both]
        asked = server.pages_asked
    assert sorted(each.returncode for each in both) == [0, 6]
    assert not any("locked" in words or "Traceback" in words for words in said)
    assert set(asked.values()) == {1} and len(asked) == 26
