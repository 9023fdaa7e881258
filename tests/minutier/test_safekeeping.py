"""`verify`, `backup`, `pack` and `restore` by command: a corpus is carried elsewhere, and nothing is lost."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
TEXTS = {"a.txt": "Le jumelage avec Chengdu est approuvé.", "b.txt": "La rue ancienne.", "c.txt": "友好城市"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a corpus of three imported files."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "in").mkdir()
    for name, text in TEXTS.items():
        (folder / "in" / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "minutier", "import", "in", "--source", "small"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def here(corpus: Path, tmp_path: Path) -> Path:
    """Give a folder of one's own with that corpus in it."""
    shutil.copytree(corpus / "corpus", tmp_path / "corpus")
    return tmp_path


def test_a_corpus_is_backed_up_packed_and_restored(run_minutier: Run, here: Path) -> None:
    """Each step says what it did, refuses what is there with 2, and what comes out at the end is clean and answers."""
    report = json.loads(run_minutier("verify", "--json", cwd=here).stdout)
    assert (report["faults"], report["blobs"], report["documents"], report["compared"]) == ([], 3, 3, 3)
    done = run_minutier("backup", "saved", cwd=here)
    assert done.returncode == 0 and "3 new" in done.stderr, done.stderr
    done = run_minutier("backup", "saved", cwd=here)
    assert done.returncode == 2 and "--force" in done.stderr
    done = run_minutier("backup", "saved", "--force", "--json", cwd=here)
    assert (done.returncode, json.loads(done.stdout)["new"]) == (0, 0)
    (here / "sources.yaml").write_text("version: 1\ncontact: a@example.org\nsources: []\n", encoding="utf-8")
    done = run_minutier("pack", "all.zip", "--corpus", "saved", cwd=here)
    assert done.returncode == 0 and done.stdout.endswith("  all.zip\n"), done.stderr
    assert run_minutier("pack", "all.zip", cwd=here).returncode == 2
    assert run_minutier("restore", "all.zip", "corpus", cwd=here).returncode == 2
    done = run_minutier("restore", "all.zip", "ailleurs/été", cwd=here)
    assert done.returncode == 0 and "all as it was captured" in done.stderr, done.stderr
    assert (here / "ailleurs" / "été" / "sources" / "sources.yaml").exists()
    hits = json.loads(run_minutier("search", "友好", "--json", "--corpus", "ailleurs/été", cwd=here).stdout)
    assert hits["total"] == 1


def test_faults_end_with_1_and_a_damaged_file_with_3(run_minutier: Run, here: Path) -> None:
    """What can be lived with is 1, also in a backup; what cannot be read is 3, and each fault has its line."""
    next((here / "corpus" / "blobs").glob("*/*")).unlink()
    done = run_minutier("verify", "--whole", cwd=here)
    assert done.returncode == 1 and done.stdout.count("\n") == 1 and "backup" in done.stdout
    assert run_minutier("backup", "saved", cwd=here).returncode == 1
    with closing(sqlite3.connect(here / "corpus" / "corpus.db")) as connection:
        connection.execute("DELETE FROM chunk")
        connection.commit()
    done = run_minutier("verify", "--reindex", cwd=here)
    assert done.returncode == 1 and "indexed" not in done.stdout, done.stdout
    with (here / "corpus" / "corpus.db").open("r+b") as file:
        file.seek(8_192)
        file.write(b"\xff" * 40_960)
    done = run_minutier("verify", cwd=here)
    assert (done.returncode, "Traceback" in done.stderr) == (3, False), done.stdout + done.stderr
    (here / "no.zip").write_bytes(b"PK\x03\x04 and then nothing")
    done = run_minutier("restore", "no.zip", "there", cwd=here)
    assert done.returncode == 3 and "no pack" in done.stderr and not (here / "there").exists()


LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
sys.argv = ["minutier", *sys.argv[1:]]
from minutier.main import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="platform: Windows has no limit on the size of a file")
@pytest.mark.parametrize(
    "words", [("backup", "saved"), ("pack", "all.zip"), ("restore", "good.zip", "there"), ("freeze", "these")]
)
def test_a_disk_that_takes_no_more_leaves_no_half_written_thing(
    run_minutier: Run, here: Path, words: tuple[str, ...]
) -> None:
    """The system refuses to write on: exit 3, one sentence, nothing under that name, and the corpus is as it was."""
    assert run_minutier("pack", "good.zip", cwd=here).returncode == 0
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *words], cwd=here, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (3, False), done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not any((here / name).exists() for name in ("saved", "all.zip", "there"))
    assert json.loads(run_minutier("freezes", "--json", cwd=here).stdout) == {"freezes": []}
    assert run_minutier("verify", cwd=here).returncode == 0
    again = run_minutier(*words, cwd=here)
    assert again.returncode == 0, again.stderr
