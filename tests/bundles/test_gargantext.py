"""The table for GarganText: one line for each dated document, with whole numbers for its day."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from bundles.dating import whole_day
from bundles.formats import gargantext as module
from bundles.naming import title_for_people
from storage.store import Store
from tests.bundles.writing import GUARDED, both, the_same_twice, unguarded, written


@both
def test_each_document_is_a_line_with_tabs(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Split at line ends and tabs alone, the table has its seven columns in each line, and the texts' words."""
    documents, report = written(module, request.getfixturevalue(corpus), tmp_path / "t.tsv")
    raw = (tmp_path / "t.tsv").read_bytes().decode("utf-8")
    header, *lines = raw.removesuffix("\n").split("\n")
    assert header.split("\t") == [
        "Publication Day", "Publication Month", "Publication Year", "Authors", "Title", "Abstract", "Source",
    ]  # fmt: skip
    assert {line.count("\t") for line in lines} == {6}
    assert len(lines) == report.written
    for document, row in zip(documents, csv.DictReader(raw.splitlines(), delimiter="\t"), strict=True):
        day = [int(row[f"Publication {part}"]) for part in ("Year", "Month", "Day")]
        assert day == [int(part) for part in (*document.date.split("-"), "1", "1")[:3]]
        assert unguarded(row["Abstract"]).split() == document.text.split()
        assert row["Title"] == title_for_people(document)
        assert (unguarded(row["Authors"]), unguarded(row["Source"])) == (document.authority, document.source)
        assert not any(value.startswith(GUARDED) for value in row.values())


@both
def test_another_reader_finds_the_same(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """DuckDB reads as many rows, and takes the year for a number by itself."""
    documents, _ = written(module, request.getfixturevalue(corpus), tmp_path / "t.tsv")
    query = 'SELECT "Publication Year", "Abstract" FROM read_csv(?, delim = \'\\t\', quote = \'"\', header = true)'
    rows = duckdb.execute(query, [str(tmp_path / "t.tsv")]).fetchall()
    assert [year for year, _ in rows] == [int(each.date[:4]) for each in documents]
    assert [unguarded(text).split() for _, text in rows] == [each.text.split() for each in documents]


def test_what_is_not_known_is_one_and_is_counted(ordinary: Store, hostile: Store, tmp_path: Path) -> None:
    """A month or a day that stands as 1 is in the report; a document without a year or a text is left out and named."""
    documents, report = written(module, ordinary, tmp_path / "a.tsv")
    filled = {each.document: each.why for each in report.altered if each.what == "date"}
    assert filled == {
        each.id: {4: "month and day unknown: 1", 7: "day unknown: 1"}[len(each.date)]
        for each in documents if len(each.date) < 10
    }  # fmt: skip
    assert len(filled) == 2
    _, report = written(module, hostile, tmp_path / "b.tsv")
    assert any("wants a year" in each.why for each in report.left_out)


@pytest.mark.parametrize("date", ["", "s.d.", "1981-6"])
def test_no_day_is_made_up(date: str) -> None:
    """A date that is none stays none."""
    assert whole_day(date) is None


def test_the_same_corpus_gives_the_same_bytes(hostile: Store, tmp_path: Path) -> None:
    """Writing twice makes no difference."""
    assert the_same_twice(module, hostile, tmp_path)
