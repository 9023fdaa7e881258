"""The folder for TXM, Voyant, AntConc and CATMA: its table and its files say the same."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

import pandas
import pytest

from bundles.formats import txm as module
from storage.store import Store
from tests.bundles.writing import GUARDED, both, the_same_twice, unguarded, written


@both
def test_table_and_files_are_the_same_documents(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """`id` is the name of the file without its ending; each text is equal, in UTF-8 without a mark, NFC, LF."""
    documents, report = written(module, request.getfixturevalue(corpus), tmp_path / "out")
    folder = tmp_path / "out" / "texts"
    with (folder / "metadata.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["id"] for row in rows} == {path.stem for path in folder.glob("*.txt")}
    assert len({row["id"].lower() for row in rows}) == len(rows) == report.written
    for document, row in zip(documents, rows, strict=True):
        raw = (folder / f"{row['id']}.txt").read_bytes()
        text = raw.decode("utf-8")
        assert (row["document"], text) == (document.id, document.text)
        assert unicodedata.is_normalized("NFC", text)
        assert not raw.startswith(b"\xef\xbb\xbf") and b"\r" not in raw
        assert unguarded(row["title"]) == document.title
        assert unguarded(row["authority"]) == document.authority


@both
def test_names_are_what_txm_takes(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """`id` comes first, names are plain, values are one line and no formula; pandas sees the same."""
    documents, _ = written(module, request.getfixturevalue(corpus), tmp_path / "out")
    frame = pandas.read_csv(tmp_path / "out" / "texts" / "metadata.csv", dtype=str, keep_default_na=False)
    assert frame.columns[0] == "id"
    assert all(re.fullmatch("[a-z0-9]+", name) for name in frame.columns)
    assert list(frame["document"]) == [each.id for each in documents]
    values = [value for row in frame.itertuples(index=False) for value in row]
    assert not any(value.startswith(GUARDED) or "\n" in value for value in values)


def test_a_document_without_text_is_named_and_not_there(ordinary: Store, tmp_path: Path) -> None:
    """A tool that reads texts finds no empty one, and the report says which is missing and why."""
    _, report = written(module, ordinary, tmp_path / "out")
    (left,) = report.left_out
    assert (left.what, left.why) == ("document", "scanned; Pages are pictures.")
    assert all(path.stat().st_size for path in (tmp_path / "out" / "texts").iterdir())
    assert [each.what for each in report.unfit] == ["language zh"]


def test_the_same_corpus_gives_the_same_bytes(hostile: Store, tmp_path: Path) -> None:
    """Writing twice makes no difference."""
    assert the_same_twice(module, hostile, tmp_path)
