"""`minutier import --metadata`: what people state of their files, kept, shown, exported and corrected."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.loopback import page, paragraph, serving

Run = Callable[..., subprocess.CompletedProcess[str]]
COLUMNS = ["file", "original_url", "title", "date", "act_type", "received_from", "received_on", "obtained_by"]
HEAD = ";".join([*COLUMNS, "request_ref", "shelfmark", "rights", "language"]) + "\n"
SOURCES = """version: 1
contact: corpus@example.org
sources:
  - {{id: town, title: A town, kind: other, voice: local_authority, spider: listing, start: ["{root}/list"], delay: 0,
     drop_params: [sid], follow: {{match: "/doc"}}, enabled: true}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a letter and a note."""
    place = tmp_path / "in"
    place.mkdir()
    (place / "lettre.txt").write_text("Monsieur, le 3 mars 2020, la commune vous répond.", encoding="utf-8")
    (place / "note.txt").write_text("Une note sur le jumelage.", encoding="utf-8")
    return place


def show(run_minutier: Run, place: Path, wanted: str) -> dict[str, Any]:
    """Return a document as `show --json` prints it."""
    return json.loads(run_minutier("show", wanted, "--json", cwd=place).stdout)


def test_what_is_stated_stands_above_what_is_guessed_and_can_be_corrected(
    run_minutier: Run, folder: Path, tmp_path: Path
) -> None:
    """Facts and provenance are shown, exported, corrected without a version, and read again alike."""
    row = "lettre.txt;;Réponse;27/05/2024;pv;Mairie;06/2024;cada;CADA-12;;official;oc\n"
    (folder / "meta.csv").write_text(HEAD + row, encoding="windows-1252")
    done = run_minutier("import", "in", "--source", "mine", "--metadata", "in/meta.csv", "--json", cwd=tmp_path)
    run = json.loads(done.stdout)["runs"][0]
    assert (done.returncode, run["seen"], run["stored"], run["skipped"]) == (0, 3, 2, 1), done.stderr
    assert "1 files (note.txt)" in done.stderr
    found = show(run_minutier, tmp_path, "import:mine/lettre.txt")
    assert (found["title"], found["act_type"], found["language"]) == ("Réponse", "pv", "oc")
    assert (found["dates"][0]["value"], found["dates"][0]["found_in"]) == ("2024-05-27", "metadata")
    assert found["rights"]["status"] == "official"
    said = found["provenance"]["stated"]
    assert (said["received_from"], said["received_on"], said["obtained_by"]) == ("Mairie", "2024-06", "cada")
    assert "received_from Mairie" in run_minutier("show", found["id"], cwd=tmp_path).stdout

    row = "lettre.txt;https://town.example/r;Réponse corrigée;2024;;Archives;;archive;;3 D 4;;\n"
    (folder / "meta.csv").write_text(HEAD + row, encoding="utf-8")
    done = run_minutier("import", "--source", "mine", "--metadata", "in/meta.csv", "--json", cwd=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["restated"]) == (0, 1), done.stderr
    run_minutier("extract", "--again", cwd=tmp_path)
    run_minutier("import", "in/lettre.txt", "--source", "mine", cwd=tmp_path)
    found = show(run_minutier, tmp_path, "https://town.example/r")
    assert (found["title"], found["date"], len(found["versions"])) == ("Réponse corrigée", "2024", 1)
    assert (found["rights"]["status"], found["provenance"]["stated"]["shelfmark"]) == ("unknown", "3 D 4")
    run_minutier("export", "open", "out", cwd=tmp_path)
    with (tmp_path / "out" / "documents.csv").open(encoding="utf-8", newline="") as table:
        rows = {row["title"]: row for row in csv.DictReader(table)}
    assert rows["Réponse corrigée"]["obtained_by"] == "archive"
    assert rows["Réponse corrigée"]["received_from"] == "Archives"


def test_a_wrong_table_imports_nothing(run_minutier: Run, folder: Path, tmp_path: Path) -> None:
    """A sentence with the line, exit 2, no corpus; a correction of what was never imported is refused too."""
    (tmp_path / "meta.csv").write_text(HEAD + "lettre.txt;;;2024\nnotes.txt;;;\n", encoding="utf-8")
    done = run_minutier("import", "in", "--source", "mine", "--metadata", "meta.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "meta.csv, line 3: there is no file notes.txt: did you mean note.txt?" in done.stderr
    assert ".." not in done.stderr
    assert not (tmp_path / "corpus").exists()
    run_minutier("import", "in/note.txt", "--source", "mine", cwd=tmp_path)
    done = run_minutier("import", "--source", "mine", "--metadata", "meta.csv", cwd=tmp_path)
    assert (done.returncode, "line 2: there is no file lettre.txt" in done.stderr) == (2, True), done.stderr
    assert run_minutier("import", "--source", "mine", cwd=tmp_path).returncode == 2


def test_a_saved_page_and_a_crawled_one_are_one_document(run_minutier: Run, folder: Path, tmp_path: Path) -> None:
    """Under its address, spelled by the source's rules; the import asks nothing; a crawl keeps what is stated."""
    body = page("Le conseil", paragraph(1))
    with serving({"/list": page("Liste", '<a href="/doc">doc</a>'), "/doc": body}) as server:
        (tmp_path / "sources.yaml").write_text(SOURCES.format(root=server.root), encoding="utf-8")
        (folder / "doc.html").write_bytes(body.body)
        row = f"doc.html;{server.root}/doc?sid=7#top;Titre à moi;;;;;browser;;;;\n"
        (tmp_path / "meta.csv").write_text(HEAD + row, encoding="utf-8")
        for _ in range(2):
            done = run_minutier("import", "in", "--source", "town", "--metadata", "meta.csv", cwd=tmp_path)
            assert done.returncode == 0, done.stderr
        assert server.times() == {}
        done = run_minutier("crawl", "--json", cwd=tmp_path)
        run = json.loads(done.stdout)["runs"][0]
        assert (run["unchanged"], run["stored"]) == (1, 0), done.stderr
        found = show(run_minutier, tmp_path, f"{server.root}/doc")
    assert (found["title"], found["url"], len(found["versions"])) == ("Titre à moi", f"{server.root}/doc", 1)
    assert found["provenance"]["address_found_in"] == "metadata"
