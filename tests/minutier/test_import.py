"""`minutier import` of files as they lie on disks: good ones stored, every other one named, nobody harmed."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from minutier import child
from minutier.extraction import fate
from minutier.town import pages

Run = Callable[..., subprocess.CompletedProcess[str]]


def good_pdf() -> bytes:
    """Return a readable PDF of the synthetic town."""
    return next(page.body for page in pages(1).values() if page.body.startswith(b"%PDF") and len(page.body) < 40_000)


def looping_pdf() -> bytes:
    """Return a small PDF whose only page paints a form that paints itself: PDFium dies of it."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>"
        b"/Font<</A 6 0 R>>>>>>",
        b"<</Length 5>>stream\n/F Do\nendstream",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 300 300]/Resources<</XObject<</F 5 0 R>>/Font<</A 6 0 R>>>>/Length 51"
        b">>stream\nBT /A 12 Tf 20 20 Td (jumelage) Tj ET /F Do /F Do   \nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj%sendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size, table, size, len(body),
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as people have them: good files, broken ones, a copy, a hidden one, an accent in a name."""
    place = tmp_path / "in"
    (place / "séances 2024").mkdir(parents=True)
    (place / "séances 2024" / "procès-verbal.pdf").write_bytes(good_pdf())
    (place / "copie.pdf").write_bytes(good_pdf())
    (place / "corrupt.pdf").write_bytes(good_pdf()[:700])
    (place / "note.txt").write_text("Une note sur le jumelage, prise en séance.", encoding="utf-8")
    (place / "empty.docx").write_bytes(b"")
    (place / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    (place / ".DS_Store").write_bytes(b"x")
    return place


def documents(run_minutier: Run, place: Path) -> dict[str, dict]:
    """Return every document of a corpus by file name."""
    run_minutier("export", "open", "all", "--all-copies", "--force", cwd=place)
    lines = (place / "all" / "documents.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["url"].rsplit("/", 1)[1]: row for row in map(json.loads, lines)}


def test_a_folder_with_broken_files_is_taken_whole(run_minutier: Run, folder: Path, tmp_path: Path) -> None:
    """Good documents are stored, broken ones are documents with their verdict, the hidden one a skip."""
    done = run_minutier("import", "in", "--source", "mine", "--json", cwd=tmp_path)
    run = json.loads(done.stdout)["runs"][0]
    assert (done.returncode, run["outcome"], "Traceback" in done.stderr) == (0, "complete", False), done.stderr
    assert (run["seen"], run["stored"], run["related"], run["skipped"]) == (7, 5, 1, 1)
    verdicts = {name: row["verdict"] for name, row in documents(run_minutier, tmp_path).items()}
    assert verdicts == {
        "procès-verbal.pdf": "good",
        "copie.pdf": "good",
        "corrupt.pdf": "corrupt",
        "note.txt": "good",
        "empty.docx": "empty",
        "picture.png": "corrupt",
    }


def test_a_second_import_adds_what_is_new_and_forgets_nothing(run_minutier: Run, folder: Path, tmp_path: Path) -> None:
    """Unchanged files make nothing, a changed one a version, a new one a document; one that is not there stays."""
    run_minutier("import", "in", "--source", "mine", cwd=tmp_path)
    (folder / "note.txt").write_text("Une autre note sur le jumelage, corrigée.", encoding="utf-8")
    (folder / "new.txt").write_text("Un nouveau fichier, sur un autre sujet.", encoding="utf-8")
    (folder / "picture.png").unlink()
    done = run_minutier("import", "in", "--source", "mine", "--json", cwd=tmp_path)
    run = json.loads(done.stdout)["runs"][0]
    assert (done.returncode, run["stored"], run["updated"], run["unchanged"]) == (0, 1, 1, 4)
    found = documents(run_minutier, tmp_path)
    assert (found["note.txt"]["version"], "corrigée" in found["note.txt"]["text"]) == (2, True)
    assert "picture.png" in found
    stats = json.loads(run_minutier("stats", "--json", cwd=tmp_path).stdout)
    assert stats["documents"] == 7


def test_two_files_that_would_get_one_address_are_refused(run_minutier: Run, tmp_path: Path) -> None:
    """Nothing is imported when one of two files would be lost."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.txt").write_text(f"Texte {name}", encoding="utf-8")
    done = run_minutier("import", "a", "b", "--source", "mine", cwd=tmp_path)
    assert (done.returncode, "same address" in done.stderr) == (2, True)
    assert not (tmp_path / "corpus").exists()


def test_an_empty_folder_is_an_alarm(run_minutier: Run, tmp_path: Path) -> None:
    """A folder without a file is said to be one, and does not end with 0."""
    (tmp_path / "in").mkdir()
    done = run_minutier("import", "in", "--source", "mine", cwd=tmp_path)
    assert done.returncode == 1
    assert "There is no file to read as a document in in." in done.stderr


def test_a_file_that_kills_its_reader_costs_one_file(run_minutier: Run, folder: Path, tmp_path: Path) -> None:
    """A PDF that aborts PDFium: the child dies, the second engine or the verdict says so, the rest is read."""
    (folder / "loop.pdf").write_bytes(looping_pdf())
    done = run_minutier("import", "in", "--source", "mine", "--json", cwd=tmp_path, timeout=170)
    run = json.loads(done.stdout)["runs"][0]
    # A child that is born in the place of a dead one may still be starting when all is read: then Python's own
    # start of it says so. No line of ours may.
    assert (run["pending"], run["failed"], "minutier/" in done.stderr) == (0, 0, False), done.stderr
    found = documents(run_minutier, tmp_path)
    assert found["procès-verbal.pdf"]["verdict"] == "good"
    loop = found["loop.pdf"]
    assert loop["verdict"] in ("crash", "memory", "timeout") or "second engine" in loop["reasons"][-1]
    assert loop["reasons"]


def test_the_end_of_a_child_becomes_a_verdict() -> None:
    """Time, memory, death and an error of our own each have their verdict and a sentence."""
    from pebble import ProcessExpired

    assert fate(TimeoutError())[0] == "timeout"
    assert fate(ProcessExpired("x", code=child.OUT_OF_MEMORY))[0] == "memory"
    assert fate(ProcessExpired("x", code=-6))[0] == "crash"
    verdict, sentence = fate(ValueError("odd"))
    assert (verdict, "ValueError" in sentence) == ("crash", True)


def test_what_a_killed_import_left_waiting_is_read_by_extract(
    run_minutier: Run, start_minutier: Callable, tmp_path: Path
) -> None:
    """Captures that were stored and not read are read by the next command; the run can be gone on with."""
    place = tmp_path / "in"
    place.mkdir()
    for number in range(150):
        (place / f"{number:03}.txt").write_text(f"Le document numéro {number} parle du jumelage.", encoding="utf-8")
    going = start_minutier("import", "in", "--source", "mine", cwd=tmp_path)
    import sqlite3
    import time

    captured = 0
    while captured < 20 and going.poll() is None:
        time.sleep(0.02)
        if (tmp_path / "corpus" / "corpus.db").exists():
            connection = sqlite3.connect(tmp_path / "corpus" / "corpus.db")
            captured = connection.execute("SELECT count(*) FROM capture").fetchone()[0]
            connection.close()
    going.kill()
    going.wait()
    assert run_minutier("extract", cwd=tmp_path).returncode == 0
    stats = json.loads(run_minutier("stats", "--json", cwd=tmp_path).stdout)
    assert (stats["waiting"], stats["documents"]) == (0, stats["captures"])
    done = run_minutier("import", "in", "--source", "mine", "--json", cwd=tmp_path)
    run = json.loads(done.stdout)["runs"][0]
    assert (done.returncode, run["outcome"], run["seen"]) == (0, "complete", 150)
    stats = json.loads(run_minutier("stats", "--json", cwd=tmp_path).stdout)
    assert (stats["documents"], stats["versions"]) == (150, 150)


def test_reading_again_without_a_change_changes_nothing(run_minutier: Run, folder: Path, tmp_path: Path) -> None:
    """`extract --again` with the same reader: every document is read, none differs, no version is added."""
    run_minutier("import", "in", "--source", "mine", cwd=tmp_path)
    shutil.rmtree(folder)
    done = run_minutier("extract", "--again", "--all-copies", cwd=tmp_path)
    assert (done.returncode, "6 documents read. 0 changed." in done.stderr) == (0, True), done.stderr
    stats = json.loads(run_minutier("stats", "--json", cwd=tmp_path).stdout)
    assert (stats["versions"], stats["captures"], stats["waiting"]) == (6, 6, 0)
