"""The CSV: read back by Python, pandas and DuckDB, whatever the texts are."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pytest

from bundles.formats import csv as module
from bundles.model import COLUMNS
from storage.store import Store
from tests.bundles.writing import GUARDED, both, the_same_twice, unguarded, written
from tests.making import Scene


@both
def test_every_document_has_its_row_with_its_text(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Each variable and each text comes back equal, without the guard; no cell begins like a formula."""
    documents, report = written(module, request.getfixturevalue(corpus), tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert report.written == len(rows)
    assert not any(value.startswith(GUARDED) for row in rows for value in row.values())
    for document, row in zip(documents, rows, strict=True):
        assert unguarded(row["text"]) == document.text
        assert unguarded(row["reasons"]) == "; ".join(document.reasons)
        assert {name: unguarded(row[name]) for name in COLUMNS} == {n: str(getattr(document, n)) for n in COLUMNS}


@both
def test_pandas_and_duckdb_read_the_same(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Two readers that are not Python's own find the same rows and texts."""
    documents, _ = written(module, request.getfixturevalue(corpus), tmp_path / "t.csv")
    texts = {each.id: each.text for each in documents}
    frame = pandas.read_csv(tmp_path / "t.csv", dtype=str, keep_default_na=False)
    assert dict(zip(frame["id"], map(unguarded, frame["text"]), strict=True)) == texts
    query = "SELECT id, text FROM read_csv(?, all_varchar = true, header = true, delim = ',', quote = '\"')"
    rows = duckdb.execute(query, [str(tmp_path / "t.csv")]).fetchall()
    assert {name: unguarded(text or "") for name, text in rows} == texts


@both
def test_a_french_excel_gets_semicolons_and_a_mark(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """With the flag the file begins with a byte order mark, cells are parted by semicolons, and texts are equal."""
    chosen = {"flags": frozenset({"excel-fr"})}
    documents, _ = written(module, request.getfixturevalue(corpus), tmp_path / "t.csv", **chosen)
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbfid;title;date;")
    frame = pandas.read_csv(tmp_path / "t.csv", dtype=str, keep_default_na=False, sep=";", encoding="utf-8-sig")
    assert [unguarded(text) for text in frame["text"]] == [each.text for each in documents]


def test_the_command_takes_the_flag_for_this_format_alone(run_minutier: Any, tmp_path: Path) -> None:
    """`--excel-fr` makes the French table; another format refuses it and leaves nothing."""
    (tmp_path / "a.txt").write_text('=1+1;"é"\nLe conseil approuve.', encoding="utf-8")
    run_minutier("import", "a.txt", "--source", "mine", cwd=tmp_path)
    assert run_minutier("export", "csv", "t.csv", "--excel-fr", cwd=tmp_path).returncode == 0
    (text,) = pandas.read_csv(tmp_path / "t.csv", sep=";", encoding="utf-8-sig")["text"]
    assert text == '\'=1+1;"é"\nLe conseil approuve.'
    refused = run_minutier("export", "txm", "out", "--excel-fr", cwd=tmp_path)
    assert (refused.returncode, "only csv does" in refused.stderr, (tmp_path / "out").exists()) == (2, True, False)


def test_what_a_cell_of_excel_does_not_hold_is_shortened_and_said(tmp_path: Path) -> None:
    """Only for Excel, and by the units that Excel counts: 𠮷 is two of them."""
    with (scene := Scene(tmp_path / "corpus")).store as store:
        scene.open_run()
        scene.give("long", "𠮷" * 20_000)
        scene.close_run()
        (document,), report = written(module, store, tmp_path / "whole.csv")
        assert report.shortened == []
        _, report = written(module, store, tmp_path / "excel.csv", flags=frozenset({"excel-fr"}))
    assert [(each.document, each.what) for each in report.shortened] == [(document.id, "text")]
    whole = pandas.read_csv(tmp_path / "whole.csv")["text"][0]
    short = pandas.read_csv(tmp_path / "excel.csv", sep=";", encoding="utf-8-sig")["text"][0]
    assert whole == document.text
    assert short == "𠮷" * (32_767 // 2)


@pytest.mark.parametrize("flags", [frozenset(), frozenset({"excel-fr"})])
def test_the_same_corpus_gives_the_same_bytes(flags: frozenset[str], hostile: Store, tmp_path: Path) -> None:
    """Writing twice makes no difference."""
    assert the_same_twice(module, hostile, tmp_path, flags=flags)
