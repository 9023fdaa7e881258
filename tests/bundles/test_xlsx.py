"""The workbook: read back by openpyxl and pandas; nothing in it is computed, nothing tells when it was made."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pandas
import pytest

from bundles.formats import xlsx as module
from bundles.model import COLUMNS
from bundles.tables import WHOLE
from storage.store import Store
from tests.bundles.writing import GUARDED, both, the_same_twice, unguarded, written
from tests.making import Scene


@both
def test_every_document_has_its_row_with_its_text(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """openpyxl and pandas read each variable and each text as it is, without the guard; numbers are numbers."""
    documents, _ = written(module, request.getfixturevalue(corpus), tmp_path / "t.xlsx")
    header, *rows = openpyxl.load_workbook(tmp_path / "t.xlsx")["documents"].iter_rows(values_only=True)
    assert header == WHOLE
    frame = pandas.read_excel(tmp_path / "t.xlsx", dtype=str, keep_default_na=False)
    for document, row, place in zip(documents, rows, range(len(frame)), strict=True):
        cells = dict(zip(WHOLE, row, strict=True))
        assert cells["pages"] == document.pages
        assert {name: unguarded(str("" if cells[name] is None else cells[name])) for name in COLUMNS} == {
            name: str(getattr(document, name)) for name in COLUMNS
        }
        assert unguarded(cells["text"] or "") == unguarded(frame["text"][place]) == document.text


@both
def test_nothing_is_a_formula_for_any_reader(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """No cell is computed or an error, none begins like a formula, and the file itself has no formula."""
    written(module, request.getfixturevalue(corpus), tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["documents"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(str(cell.value).startswith(GUARDED) for cell in cells)
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        assert not re.search(rb"<f[ >/]", archive.read("xl/worksheets/sheet1.xml"))


def test_words_that_are_errors_or_too_long_stay_words(tmp_path: Path) -> None:
    """`#N/A` and `_x0041_` are text; one of 40,000 characters is cut, reported, and no longer than a cell."""
    with (scene := Scene(tmp_path / "corpus")).store as store:
        scene.open_run()
        scene.give("error", "#N/A")
        scene.give("escape", "_x0041_ et a_x")
        scene.give("long", "=" + "é" * 40_000)
        scene.close_run()
        documents, report = written(module, store, tmp_path / "t.xlsx")
    texts = {row[0].value: row[-1] for row in openpyxl.load_workbook(tmp_path / "t.xlsx")["documents"].iter_rows()}
    long = max(documents, key=lambda each: len(each.text))
    assert [each.document for each in report.shortened] == [long.id]
    assert texts[long.id].value == "'=" + "é" * (32_767 - 2)
    named = {each.text: texts[each.id] for each in documents if each.id != long.id}
    assert (named["#N/A"].value, named["#N/A"].data_type) == ("#N/A", "s")
    # `_x005F_` is how the format writes a `_` that would begin an escape; openpyxl does not take it away again.
    assert named["_x0041_ et a_x"].value == "_x005F_x0041_ et a_x"


def test_rows_go_on_in_another_sheet(ordinary: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet that is full is followed by one more, with the same names."""
    monkeypatch.setattr(module, "LONGEST_SHEET", 4)
    documents, _ = written(module, ordinary, tmp_path / "t.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets
    assert [sheet.title for sheet in sheets] == ["documents", "documents 2", "documents 3"]
    ids = [row[0] for sheet in sheets for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert ids == [each.id for each in documents]


def test_the_same_corpus_gives_the_same_bytes(hostile: Store, tmp_path: Path) -> None:
    """Writing twice makes no difference, and the workbook names no moment but the earliest that a ZIP knows."""
    assert the_same_twice(module, hostile, tmp_path)
    properties = openpyxl.load_workbook(tmp_path / "first.xlsx").properties
    assert (properties.created.year, properties.modified.year, properties.creator) == (1980, 1980, "Minutier")
    with zipfile.ZipFile(tmp_path / "first.xlsx") as archive:
        assert {member.date_time[0] for member in archive.infolist()} == {1980}
