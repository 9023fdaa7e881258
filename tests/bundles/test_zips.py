"""ZIP files and workbooks: the same bytes every time, read by others, and a cell that cannot hold a value says so."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from bundles.sheets import LONGEST, sheet
from bundles.zips import FixedZip

HOSTILE = ["=1+1", "-2", "@x", "+3", "_x0041_ a_x", " a  b ", "<b>&amp;", "友好𠮷", "", "#N/A", "2024-01-01", "a\nb\tc"]


def write(path: Path) -> None:
    """Write members in each of the ways there are."""
    with FixedZip(path) as archive:
        archive.add("a.txt", "é\n" * 500)
        archive.add("b.pdf", b"%PDF" * 500)
        with archive.growing("c.xml") as file:
            for _ in range(500):
                file.write(b"<x/>")


def test_a_zip_file_knows_no_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written a year later it is the same file; texts are packed, and what is packed already is not."""
    write(tmp_path / "one.zip")
    later = time.time() + 31_536_000
    monkeypatch.setattr(time, "time", lambda: later)
    write(tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.testzip() is None
        assert [archive.read(name)[:4] for name in archive.namelist()] == ["é\né".encode()[:4], b"%PDF", b"<x/>"]
        assert {each.date_time[0] for each in archive.infolist()} == {1980}
        assert {each.filename: each.compress_size < each.file_size for each in archive.infolist()} == {
            "a.txt": True,
            "b.pdf": False,
            "c.xml": True,
        }


def test_a_sheet_gives_every_text_back_and_no_formula(tmp_path: Path) -> None:
    """What looks like a formula, an error, a date or an escape is a text; the file is the same written again."""
    for name in ("a.xlsx", "b.xlsx"):
        with sheet(tmp_path / name) as rows:
            assert rows.row(HOSTILE)
            assert not rows.row(["é" * (LONGEST + 1), "𠮷" * LONGEST])
            assert rows.row(["é" * LONGEST])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    first, second, _ = openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows()
    assert [unescape(cell.value or "") for cell in first] == HOSTILE, "openpyxl leaves that to its reader"
    assert {cell.data_type for cell in first if cell.value} <= {"s", "inlineStr"}
    assert [len(cell.value or "") for cell in second][:2] == [LONGEST, LONGEST // 2]
