"""The zipped table for CorTexT: every text with its variables, and years as whole numbers."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pandas
import pytest

from bundles.formats import cortext as module
from bundles.model import COLUMNS
from bundles.naming import title_for_people
from storage.store import Store
from tests.bundles.writing import GUARDED, both, the_same_twice, unguarded, written


@both
def test_each_document_is_a_row(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Each text and each variable comes back equal, the year as a number; no cell begins like a formula."""
    documents, report = written(module, request.getfixturevalue(corpus), tmp_path / "t.zip")
    with zipfile.ZipFile(tmp_path / "t.zip") as archive:
        assert archive.testzip() is None
        (name,) = archive.namelist()
        rows = list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8"), newline="")))
    assert (name, len(rows)) == ("documents.csv", report.written)
    assert not {"Terms", "ISITerms"} & set(rows[0])
    for document, row in zip(documents, rows, strict=True):
        assert (unguarded(row["text"]), row["name"]) == (document.text, title_for_people(document))
        assert {name: unguarded(row[name]) for name in COLUMNS} == {n: str(getattr(document, n)) for n in COLUMNS}
        assert row["year"] == document.date[:4]
        assert not any(value.startswith(GUARDED) for value in row.values())


@both
def test_pandas_reads_the_zip_itself(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A reader of its own finds the same texts."""
    documents, _ = written(module, request.getfixturevalue(corpus), tmp_path / "t.zip")
    frame = pandas.read_csv(tmp_path / "t.zip", dtype=str, keep_default_na=False)
    assert [unguarded(text) for text in frame["text"]] == [each.text for each in documents]


def test_what_is_not_known_of_a_date_is_said(ordinary: Store, hostile: Store, tmp_path: Path) -> None:
    """A filled month or day is in the report; a document without a date stays, without a year, and is named."""
    documents, report = written(module, ordinary, tmp_path / "a.zip")
    short = {each.id for each in documents if len(each.date) in (4, 7)}
    assert {each.document for each in report.altered if each.what == "date"} == short != set()
    documents, report = written(module, hostile, tmp_path / "b.zip")
    undated = {each.id for each in documents if not each.date}
    assert {each.document for each in report.unfit} == undated != set()


def test_the_same_corpus_gives_the_same_bytes(hostile: Store, tmp_path: Path) -> None:
    """Writing twice makes no difference."""
    assert the_same_twice(module, hostile, tmp_path)
