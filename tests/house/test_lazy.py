"""The front door is light: a search does not load what crawls and what reads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEAVY = {"scrapy", "twisted", "trafilatura", "pdfplumber", "pdfminer", "pypdfium2", "lxml"}
LOOK = "import json, sys; from minutier.main import run; code = run(); print('\\n' + json.dumps([code, *sys.modules]))"


def loaded(folder: Path, *words: str) -> set[str]:
    """Run a command in a Python of its own and return which heavy libraries it loaded."""
    command = [sys.executable, "-c", LOOK, *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=True)
    code, *names = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stderr
    return HEAVY & set(names)


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    """`minutier search --help` loads none of the libraries that crawl or read documents."""
    assert loaded(tmp_path, "search", "--help") == set()


def test_no_command_file_loads_anything_heavy(tmp_path: Path) -> None:
    """The list of commands, for which each command file is imported, loads none of them either."""
    assert loaded(tmp_path, "--help") == set()


def test_a_search_loads_nothing_that_crawls_or_reads(tmp_path: Path) -> None:
    """A search that finds something in a corpus loads neither Scrapy nor Twisted, trafilatura nor pdfplumber."""
    (tmp_path / "note.txt").write_text("Le conseil approuve le jumelage avec la ville de Chengdu.", encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "minutier", "import", "note.txt", "--source", "notes"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert (
        loaded(tmp_path, "search", "jumelage") & {"scrapy", "twisted", "trafilatura", "pdfplumber", "pypdfium2"}
        == set()
    )


def test_a_heavy_library_would_be_seen(tmp_path: Path) -> None:
    """The look at what is loaded sees Scrapy where Scrapy is."""
    code = "import scrapy, sys; assert {'scrapy', 'lxml'} <= set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0
