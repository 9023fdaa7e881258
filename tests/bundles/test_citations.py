"""Citations of whole corpora: pandoc, an independent reader, finds each of them in all three lists."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pypandoc
import pytest

from bundles.formats.citations import FILES, write
from bundles.model import Documents
from storage.store import Store

READERS = dict(zip(("csljson", "biblatex", "ris"), FILES, strict=True))
Json = dict[str, Any]


def written(store: Store, out: Path, unit: str = "document") -> list[Json]:
    """Write the lists of a whole corpus and return the entries of the first."""
    documents = Documents(store=store, unit=unit)
    report = write(documents, out)
    assert report.written == report.selected == len(documents)
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    return list(json.loads((out / FILES[0]).read_text(encoding="utf-8")))


def read_back(out: Path, reader: str) -> dict[str, Json]:
    """Return what pandoc reads in a list, by id."""
    found = json.loads(pypandoc.convert_file(str(out / READERS[reader]), "csljson", format=reader))
    assert len({entry["id"] for entry in found}) == len(found)
    return {entry["id"]: entry for entry in found}


def letters(text: str) -> str:
    """Return the letters and digits of a text: pandoc sets quotation marks as a printer would."""
    return re.sub(r"[\W_]+", "", text)


@pytest.mark.parametrize("reader", READERS)
def test_pandoc_reads_every_citation_of_an_ordinary_corpus(ordinary: Store, tmp_path: Path, reader: str) -> None:
    """As many entries as documents, with title, date and address; what the corpus does not know is not there."""
    entries = written(ordinary, tmp_path / "out")
    found = read_back(tmp_path / "out", reader)
    assert set(found) == {entry["id"] for entry in entries}
    for entry in entries:
        same = found[entry["id"]]
        assert same["title"] == entry["title"]
        assert same["URL"] == entry["URL"]
        assert same.get("issued", {}).get("date-parts", [[0]])[0][0] == entry.get("issued", {"date-parts": [[0]]})[
            "date-parts"
        ][0][0]  # fmt: skip


@pytest.mark.parametrize("reader", ["csljson", "biblatex"])
def test_minutes_are_cited_whole(ordinary: Store, tmp_path: Path, reader: str) -> None:
    """Authority and its assembly as one name, the day of the séance, the kind, address and day of access."""
    entries = written(ordinary, tmp_path / "out")
    minutes = next(entry for entry in entries if entry.get("genre") == "procès-verbal")
    found = read_back(tmp_path / "out", reader)[minutes["id"]]
    assert found["type"] == "report"
    assert found["author"] == [{"literal": "Ville de Montpellier, conseil municipal"}]
    assert found["issued"] == {"date-parts": [[1981, 6, 22]]}
    assert found["accessed"] == {"date-parts": [[2026, 3, 1]]}
    assert found["URL"] == "http://127.0.0.1:9/pv-0412.pdf"
    assert found["genre"] == "procès-verbal"
    assert f"Minutier {minutes['id']}" in found["note"]


def test_a_body_is_no_person_in_ris(ordinary: Store, tmp_path: Path) -> None:
    """No author line has a comma, which would cut a name in two; each record begins with TY and ends with ER."""
    written(ordinary, tmp_path / "out")
    text = (tmp_path / "out" / READERS["ris"]).read_text(encoding="utf-8")
    authors = re.findall(r"^AU  - (.*)$", text, re.MULTILINE)
    assert "Ville de Montpellier – conseil municipal" in authors
    assert not any("," in author for author in authors)
    records = [record for record in text.split("\n\n") if record]
    assert len(records) == len(Documents(store=ordinary))
    assert all(record.startswith("TY  - ") and record.endswith("\nER  - ") for record in records)


@pytest.mark.parametrize("reader", READERS)
def test_hostile_titles_come_back(hostile: Store, tmp_path: Path, reader: str) -> None:
    """Braces, backslashes, 300 letters, two scripts, markup: as many entries, each title letter for letter."""
    entries = written(hostile, tmp_path / "out")
    found = read_back(tmp_path / "out", reader)
    assert len(found) == len(entries) == len(Documents(store=hostile))
    for entry in entries:
        assert letters(found[entry["id"]]["title"]) == letters(entry["title"])
    titles = {entry["title"] for entry in found.values()}
    assert {"C:\\Windows\\x", "é" * 300, "友好城市 与成都", "../../etc/passwd", "**** *var_x"} <= titles


def test_a_page_is_cited_with_its_number(ordinary: Store, tmp_path: Path) -> None:
    """A page that stands for a document is cited as that page, as printed where it is, and by an id of its own."""
    entries = {entry["id"]: entry for entry in written(ordinary, tmp_path / "out", unit="page")}
    pages = {entry["id"].rpartition("-")[2]: entry["page"] for entry in entries.values() if entry.get("genre")}
    assert pages == {"p1": "i", "p2": "2"}
    assert any("reconnaissance optique" in entry["note"] for entry in entries.values())


def test_an_act_is_cited_with_its_number(ordinary: Store, tmp_path: Path) -> None:
    """An act that stands for a document is a deliberation with the number that is printed on it."""
    entries = written(ordinary, tmp_path / "out", unit="act")
    acts = {entry.get("number"): entry["title"] for entry in entries if entry.get("genre") == "délibération"}
    assert acts == {"2024-031": "Jumelage avec la ville de Chengdu", "2024-032": "Réfection du pont & des quais"}


def test_the_same_corpus_gives_the_same_bytes(hostile: Store, tmp_path: Path) -> None:
    """Written twice, all three files are equal."""
    for name in ("one", "two"):
        written(hostile, tmp_path / name)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
