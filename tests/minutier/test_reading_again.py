"""What is read out of files, through the command line: acts, relations, OCR now or later, another vocabulary."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from extract import programs
from minutier import child
from minutier.extraction import without_ocr
from minutier.readings import what_ocr_lacks
from minutier.town import pages
from tests.making import a_reading

Run = Callable[..., subprocess.CompletedProcess[str]]

MINUTES = """COMPTE RENDU
Conseil municipal du 12 mars 2024
Présents : treize conseillers.

2024-07 – Jumelage : convention avec la ville de Chengdu
Monsieur Dupin, rapporteur, présente la convention de jumelage avec la ville chinoise de Chengdu.
Le conseil approuve la convention par 12 voix pour, 0 contre et 1 abstention.

2024-08 – Voirie : rue des Lilas
Le conseil municipal décide les travaux à l'unanimité.

2024-09 – Tarifs de la cantine
La délibération est retirée de l'ordre du jour.
"""
TRIP = "Conseil municipal du 3 avril 2024. Le maire parle de son voyage privé à Pékin et à Shanghai, en avril."


@pytest.fixture
def corpus(run_minutier: Run, tmp_path: Path) -> Path:
    """A corpus of minutes, a mention and a page about neither; everything in it is made up."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "minutes.txt").write_text(MINUTES, encoding="utf-8")
    (folder / "voyage.txt").write_text(TRIP, encoding="utf-8")
    (folder / "divers.txt").write_text(
        "La piscine ouvre le 1er juillet 2024 pour tous les habitants.", encoding="utf-8"
    )
    assert run_minutier("import", "in", "--source", "mine", cwd=tmp_path).returncode == 0
    return tmp_path


def found(run_minutier: Run, folder: Path, *words: str) -> list[str]:
    """Return the file names of the hits of a search."""
    hits = json.loads(run_minutier("search", *words, "--json", cwd=folder).stdout)["hits"]
    return sorted(hit["url"].rsplit("/", 1)[1] for hit in hits)


def shown(run_minutier: Run, folder: Path, name: str) -> dict[str, Any]:
    """Return a document as `show --json` prints it."""
    return json.loads(run_minutier("show", f"import:mine/{name}", "--json", cwd=folder).stdout)


def test_acts_are_passages_with_their_votes(run_minutier: Run, corpus: Path) -> None:
    """Minutes come apart into acts, each with its number, its vote and its place; `--act` prints one."""
    document = shown(run_minutier, corpus, "minutes.txt")
    told = [(act["key"], act["votes"]["result"], act["votes"]["unanimous"]) for act in document["acts"]]
    assert told == [("2024-07", "adopted", False), ("2024-08", "adopted", True), ("2024-09", "withdrawn", False)]
    votes = document["acts"][0]["votes"]
    assert (votes["in_favour"], votes["against"], votes["abstentions"]) == (12, 0, 1)
    start, end = document["acts"][0]["rapporteur"]
    assert document["text"][start:end] == "Monsieur Dupin"
    acts = [passage for passage in document["passages"] if passage["kind"] == "act"]
    assert [(p["label"], p["start"]) for p in acts] == [(a["key"], a["start"]) for a in document["acts"]]
    one = run_minutier("show", "import:mine/minutes.txt", "--act", "2024-08", cwd=corpus)
    assert one.stdout.startswith("2024-08 – Voirie") and "cantine" not in one.stdout
    assert run_minutier("show", "import:mine/minutes.txt", "--act", "#1", cwd=corpus).stdout.startswith("2024-07")
    wrong = run_minutier("show", "import:mine/minutes.txt", "--act", "99", cwd=corpus)
    assert (wrong.returncode, "2024-07" in wrong.stderr) == (2, True)
    assert "12 for, 0 against, 1 abstaining" in " ".join(
        run_minutier("show", "import:mine/minutes.txt", cwd=corpus, env={"COLUMNS": "200"}).stdout.split()
    )


def test_relations_and_mentions_are_filters(run_minutier: Run, corpus: Path) -> None:
    """A tie is a relation, a place alone a mention; who speaks of a tie mentions its place."""
    assert found(run_minutier, corpus, "--has", "relation") == ["minutes.txt"]
    assert found(run_minutier, corpus, "--has", "mention") == ["minutes.txt", "voyage.txt"]
    document = shown(run_minutier, corpus, "minutes.txt")
    words = {document["text"][each["start"] : each["end"]] for each in document["mentions"] if each["relation"]}
    assert {"Jumelage", "Chengdu"} <= words


def test_another_vocabulary_is_used_and_remembered(run_minutier: Run, corpus: Path) -> None:
    """A vocabulary of one's own is checked, kept in the corpus, and used when everything is read again."""
    mine = corpus / "mine.yaml"
    assert run_minutier("vocabulary", "write", "mine.yaml", cwd=corpus).returncode == 0
    assert run_minutier("vocabulary", "write", "mine.yaml", cwd=corpus).returncode == 2
    mine.write_text("version: 1\nclasses: {a: {role: loud, terms: {}}}\n", encoding="utf-8")
    refused = run_minutier("vocabulary", "use", "mine.yaml", cwd=corpus)
    assert (refused.returncode, "mine.yaml" in refused.stderr, "loud" in refused.stderr) == (2, True, True)
    mine.write_text(
        "version: pools\nclasses:\n  works: {role: strong, terms: {opening: [ouvre]}}\n"
        "  place:pool: {role: partner, terms: {pool: [piscine*]}}\n",
        encoding="utf-8",
    )
    assert run_minutier("vocabulary", "use", "mine.yaml", cwd=corpus).returncode == 0
    done = run_minutier("extract", "--again", cwd=corpus)
    assert (done.returncode, "speaks_of" in done.stdout) == (0, True)
    assert found(run_minutier, corpus, "--has", "relation") == ["divers.txt"]
    listed = json.loads(run_minutier("vocabulary", "--json", cwd=corpus).stdout)
    assert listed["version"].startswith("pools-") and [row["term"] for row in listed["terms"]] == [
        "works/opening",
        "place:pool/pool",
    ]
    with closing(sqlite3.connect(corpus / "corpus" / "corpus.db")) as connection:
        connection.execute("UPDATE corpus SET vocabulary = '{'")
        connection.commit()
    broken = run_minutier("extract", "--again", cwd=corpus)
    assert (broken.returncode, "the vocabulary of" in broken.stderr) == (2, True)


def scan() -> bytes:
    """Return the made-up town's register of 1987, a picture without text."""
    return next(page.body for path, page in pages(1).items() if "registre-1987" in path)


def test_a_scan_waits_and_is_read_later(run_minutier: Run, tmp_path: Path) -> None:
    """Without OCR a scan waits and says so; read again with OCR it has a text, a confidence and a mark on each hit."""
    if not shutil.which("tesseract"):
        pytest.skip("platform: tesseract is not installed")
    (tmp_path / "scan.pdf").write_bytes(scan())
    first = run_minutier("import", "scan.pdf", "--source", "mine", cwd=tmp_path)
    assert "1 documents hold pages that wait for OCR" in first.stderr
    assert shown(run_minutier, tmp_path, "scan.pdf")["quality"]["needs_ocr"]
    again = run_minutier("extract", "--again", "--has", "needs_ocr", "--ocr", cwd=tmp_path)
    assert (again.returncode, "scanned" in again.stdout) == (0, True), again.stderr
    document = shown(run_minutier, tmp_path, "scan.pdf")
    assert "conseil municipal" in document["text"].lower()
    assert not document["quality"]["needs_ocr"]
    assert 0 < document["pages"][0]["confidence"] <= 1
    assert [version["cause"] for version in document["versions"]] == ["source", "extractor"]
    hits = run_minutier("search", "conseil", cwd=tmp_path)
    assert "read by OCR" in hits.stdout
    assert run_minutier("extract", "--again", "--has", "needs_ocr", "--ocr", cwd=tmp_path).returncode == 1


def test_without_a_program_the_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where tesseract is not to be found, the sentence says what to install on each system, and how to go on."""
    monkeypatch.setattr(programs, "find", lambda *names: None)
    said = what_ocr_lacks()
    assert "apt install tesseract-ocr" in said and "brew install" in said and "winget install" in said


def test_doctor_says_what_reads_scans(run_minutier: Run, tmp_path: Path) -> None:
    """The doctor names the OCR and its languages, or how to get one; that there is none is no fault."""
    checks = json.loads(run_minutier("doctor", "--json", cwd=tmp_path).stdout)["checks"]
    told = {check["name"]: check for check in checks}
    wanted = "fra" if shutil.which("tesseract") else "apt install tesseract-ocr"
    assert told["tesseract"]["ok"] and wanted in told["tesseract"]["found"]
    assert told["old Word"]["ok"]


def test_an_ocr_that_dies_leaves_the_first_reading() -> None:
    """Where OCR was stopped, what was read before it stands, goes on waiting, and says why."""
    kept = child_outcome()
    reading, *analysed = without_ocr(kept, TimeoutError())
    assert (reading.text, *analysed) == (kept[0].text, *kept[1:])
    assert "OCR gave nothing" in reading.quality.reasons[-1]


def child_outcome() -> Any:
    """Return what a child gives for a scan without OCR."""
    outcome = child.analysed(a_reading("", verdict="scanned"))
    assert outcome
    return outcome


def test_a_child_is_given_its_vocabulary(tmp_path: Path) -> None:
    """Children are born in processes of their own: the vocabulary comes to them as text."""
    (tmp_path / "a.txt").write_text("un lien avec le Japon", encoding="utf-8")
    code = (
        "from minutier import child\n"
        "child.begin('classes: {x: {role: strong, terms: {tie: [lien]}}, y: {role: partner, terms: {j: [japon]}}}')\n"
        f"print(child.read_file({str(tmp_path / 'a.txt')!r}, {{}})[0].speaks_of)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "relation"
