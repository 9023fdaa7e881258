"""A corpus on a disk that cannot be written: everything reads it, nothing pretends to write it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.making import Scene

READ_ONLY = 'mount --bind corpus corpus && mount -o remount,ro,bind corpus && exec "$@"'
"""A mount binds the superuser too, whom permissions do not."""
SOURCES = """version: 1
contact: corpus@example.org
sources:
  - {id: town, title: A town, kind: council_minutes, voice: local_authority, spider: listing, delay: 0, enabled: true,
     start: ["http://127.0.0.1:9/list"], follow: {css: a.document}}
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of one document, closed as every command leaves it; in a place that can be mounted read-only."""
    (tmp_path / "corpus").mkdir()
    if not shutil.which("unshare") or run(tmp_path, mounted=f"{READ_ONLY.partition(' && exec')[0]}").returncode:
        pytest.skip("platform: no mounts of our own can be made here")
    scene = Scene(tmp_path / "corpus")
    with scene.store:
        scene.open_run()
        scene.give("a", "Le jumelage avec Chengdu.")
        scene.close_run()
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    return tmp_path


def run(folder: Path, *words: str, mounted: str = READ_ONLY) -> subprocess.CompletedProcess[str]:
    """Run a command of Minutier where `corpus` is mounted read-only, and return what it said."""
    command = ["unshare", "-m", "sh", "-c", mounted, "sh", sys.executable, "-m", "minutier", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


def test_a_corpus_that_cannot_be_written_is_searched(corpus: Path) -> None:
    """Closed properly, it has nothing beside its file, and answers as before."""
    assert sorted(file.name for file in (corpus / "corpus").iterdir()) == ["blobs", "corpus.db"]
    found = run(corpus, "search", "jumelage")
    assert (found.returncode, "Chengdu" in found.stdout) == (0, True), found.stderr


def test_a_crawl_into_it_ends_in_one_sentence(corpus: Path) -> None:
    """Exit code 3, one line, no traceback, and the corpus as it was."""
    before = (corpus / "corpus" / "corpus.db").read_bytes()
    found = run(corpus, "crawl")
    assert found.returncode == 3
    assert found.stderr.splitlines() == [
        f"{Path('corpus', 'corpus.db')} cannot be written (read-only): change its permissions, or work on a copy."
    ]
    assert (corpus / "corpus" / "corpus.db").read_bytes() == before


@pytest.mark.parametrize("beside", [True, False])
def test_what_a_crash_left_in_the_wal_is_never_overlooked(corpus: Path, beside: bool) -> None:
    """With the WAL's shared memory beside it the last commits are seen; without, it says so: no old answer is given."""
    crash = "import os, sqlite3; c = sqlite3.connect('corpus/corpus.db'); c.execute('DELETE FROM document'); c.commit()"
    subprocess.run([sys.executable, "-c", f"{crash}; os._exit(9)"], cwd=corpus, check=False)
    assert (corpus / "corpus" / "corpus.db-wal").stat().st_size > 0
    if not beside:
        (corpus / "corpus" / "corpus.db-shm").unlink()
    found = run(corpus, "stats", "--json")
    assert found.returncode == (0 if beside else 3)
    assert ('"documents": 0' in found.stdout) == beside
    with sqlite3.connect(f"file:{corpus}/corpus/corpus.db?immutable=1", uri=True) as alone:
        assert alone.execute("SELECT count(*) FROM document").fetchone() == (1,)
