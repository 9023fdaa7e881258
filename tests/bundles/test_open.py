"""The open bundle: every file opens elsewhere, tables and files say the same, and nothing leaves the folder."""

from __future__ import annotations

import csv
import hashlib
import json
import unicodedata
from pathlib import Path
from typing import Any

import frictionless
import pytest

from bundles import formats_found
from bundles.formats import open as module
from bundles.model import COLUMNS
from bundles.naming import cell, plain, suffix
from storage.store import Store
from tests.bundles.conftest import HOSTILE
from tests.bundles.writing import GUARDED, both, the_same_twice, unguarded, written


def rows_of(bundle: Path) -> list[dict[str, str]]:
    """Return the rows of the table."""
    with (bundle / "documents.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines_of(bundle: Path) -> list[dict[str, Any]]:
    """Return the objects of the JSON lines."""
    lines = (bundle / "documents.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


@both
def test_table_lines_and_files_are_the_same_documents(
    corpus: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Table, lines and files have the same ids; each text and each variable comes back equal."""
    documents, _ = written(module, request.getfixturevalue(corpus), tmp_path / "out")
    rows, lines = rows_of(tmp_path / "out"), lines_of(tmp_path / "out")
    ids = [each.id for each in documents]
    assert [row["id"] for row in rows] == [line["id"] for line in lines] == ids
    names = {path.stem.rpartition("_")[2]: path for path in (tmp_path / "out" / "texts").iterdir()}
    assert set(names) == {each.id for each in documents if each.text}
    for document, row, line in zip(documents, rows, lines, strict=True):
        assert line["text"] == document.text
        assert {name: line[name] for name in COLUMNS} == {name: getattr(document, name) for name in COLUMNS}
        assert {name: unguarded(row[name]) for name in COLUMNS} == {n: str(getattr(document, n)) for n in COLUMNS}
        text = (tmp_path / "out" / row["text_file"]).read_bytes().decode("utf-8") if row["text_file"] else ""
        assert text == document.text


@both
def test_texts_are_what_every_tool_takes(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """UTF-8 without a mark, NFC, line feeds, no control characters; no cell of the table begins like a formula."""
    written(module, request.getfixturevalue(corpus), tmp_path / "out")
    for path in (tmp_path / "out" / "texts").iterdir():
        text = path.read_bytes().decode("utf-8")
        assert unicodedata.is_normalized("NFC", text)
        assert {char for char in text if unicodedata.category(char) == "Cc"} <= {"\t", "\n"}
        assert "\ufeff" not in text
    assert not any(value.startswith(GUARDED) for row in rows_of(tmp_path / "out") for value in row.values())


@both
def test_originals_are_the_bytes_of_the_store(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Each original has the hash that its row names."""
    written(module, request.getfixturevalue(corpus), tmp_path / "out")
    for row in rows_of(tmp_path / "out"):
        served = (tmp_path / "out" / row["original_file"]).read_bytes()
        assert hashlib.sha256(served).hexdigest() == row["sha256"]


@both
def test_frictionless_finds_the_package_valid(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Columns, types, sizes and hashes are as described; a changed byte and a text for a number are found."""
    written(module, request.getfixturevalue(corpus), tmp_path / "out")
    description = tmp_path / "out" / "datapackage.json"
    report = frictionless.validate(str(description))
    assert report.valid, report.flatten(["type", "message"])
    assert report.stats["tasks"] == 2
    table = tmp_path / "out" / "documents.csv"
    whole = table.read_bytes()
    table.write_bytes(whole + whole.splitlines(keepends=True)[1])
    found = {kind for (kind,) in frictionless.validate(str(description)).flatten(["type"])}
    assert {"hash-count", "byte-count", "primary-key"} <= found
    fields = {
        field["name"]: field["type"]
        for field in json.loads(description.read_bytes())["resources"][0]["schema"]["fields"]
    }
    assert (fields["pages"], fields["needs_ocr"], fields["date"]) == ("integer", "boolean", "string")


def test_names_stay_inside_and_differ_on_every_system(hostile: Store, tmp_path: Path) -> None:
    """No name leaves its folder, is reserved, or differs from another by case alone; each is plain ASCII."""
    documents, _ = written(module, hostile, tmp_path / "out")
    names = [path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()]
    texts = sum(1 for each in documents if each.text)
    assert len({name.lower() for name in names}) == len(names) == texts + len(documents) + 5
    assert all(name.isascii() and len(name) < 130 and ".." not in name for name in names)
    assert len(documents) == len(HOSTILE) + 2


def test_the_page_says_what_it_is_and_what_is_missing(ordinary: Store, tmp_path: Path) -> None:
    """What it is, how it was gathered, what is missing and why, rights, and the share of OCR."""
    _, report = written(module, ordinary, tmp_path / "out")
    page = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    for words in (
        "8 documents dated 1981 to 2021-06-22",
        "They are what the filters selected",
        "| source | presse | 4 |",
        "The first capture is of 2026-03-01",
        "* 8: found on the web by the crawler",
        "waiting to be: 2 of 8 documents (25 %)",
        "| presse | 1 | 2026-03-01 |",
        "addresses that the runs saw: 9; lists: 0; with a document: 9",
        "left out: text (scanned; Pages are pictures.): 1",
        "1 more are left to their leads",
        "* documents without a date: 1\n",
        "| rights | unknown | 8 |",
        "Nothing here grants you any.",
    ):
        assert words in page, words
    assert report.copies["not_selected"] == 1


def test_the_page_names_the_freeze(run_minutier: Any, tmp_path: Path) -> None:
    """A bundle of a freeze says so, and how it was chosen where it is of none; the command prints what was written."""
    (tmp_path / "a.txt").write_text("Le conseil approuve le jumelage.", encoding="utf-8")
    run_minutier("import", "a.txt", "--source", "mine", cwd=tmp_path)
    assert run_minutier("freeze", "first", cwd=tmp_path).returncode == 0
    done = run_minutier("export", "open", "frozen", "--freeze", "first", cwd=tmp_path)
    assert (done.returncode, "1 of 1 documents" in done.stderr) == (0, True)
    assert run_minutier("export", "open", "chosen", cwd=tmp_path).returncode == 0
    pages = [(tmp_path / name / "README.md").read_text(encoding="utf-8") for name in ("frozen", "chosen")]
    assert "what the freeze `first` holds" in pages[0]
    assert "name a freeze to get the same again" in pages[1]
    assert rows_of(tmp_path / "frozen") == rows_of(tmp_path / "chosen")


def test_without_originals_and_with_pages_as_units(ordinary: Store, tmp_path: Path) -> None:
    """With the flag there is no original; pages of one document share its original, which is there once."""
    written(module, ordinary, tmp_path / "lean", flags=frozenset({"text-only"}))
    assert not (tmp_path / "lean" / "originals").exists()
    assert {row["original_file"] for row in rows_of(tmp_path / "lean")} == {""}
    written(module, ordinary, tmp_path / "pages", unit="page")
    parts = [row for row in rows_of(tmp_path / "pages") if row["part_of"] and row["date"] == "1981-06-22"]
    assert [row["part"] for row in parts] == ["i", "2"]
    assert len({row["original_file"] for row in parts}) == 1 < len({row["text_file"] for row in parts})


def test_the_same_corpus_gives_the_same_bytes(hostile: Store, tmp_path: Path) -> None:
    """Writing twice makes no difference."""
    assert the_same_twice(module, hostile, tmp_path)


def test_formats_are_found_by_walking_and_keep_the_contract() -> None:
    """Each file in bundles/formats has a name, a title, a suffix and a way to write."""
    found = formats_found()
    assert "open" in found
    for each in found.values():
        assert isinstance(each.NAME, str)
        assert isinstance(each.TITLE, str)
        assert isinstance(each.SUFFIX, str)
        assert callable(each.write)


def test_small_parts_of_names() -> None:
    """Letters are folded, unknown types end in .bin, harmless cells stay as they are."""
    assert plain("Œuvre n° 3 — Séance") == "oeuvre-n-3-seance"
    assert (suffix("application/pdf"), suffix("image/x")) == (".pdf", ".bin")
    assert (cell("Chine"), cell("")) == ("Chine", "")
