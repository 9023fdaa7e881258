"""The Parquet file: pandas, DuckDB and pyarrow read the same from it."""

from __future__ import annotations

import dataclasses
import importlib
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pyarrow.parquet
import pytest

from bundles.formats import parquet as module
from bundles.model import COLUMNS
from bundles.tables import WHOLE
from storage.errors import WrongUse
from storage.store import Store
from tests.bundles.writing import both, the_same_twice, written

TYPES = {
    "pages": "BIGINT",
    "characters": "BIGINT",
    "version": "BIGINT",
    "needs_ocr": "BOOLEAN",
    "reasons": "VARCHAR[]",
}


@both
def test_pandas_and_duckdb_read_what_the_corpus_holds(
    corpus: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Every value of every document comes back equal from both, with its type, texts that begin like formulas too."""
    documents, _ = written(module, request.getfixturevalue(corpus), tmp_path / "t.parquet")
    expected = [tuple(getattr(each, name) for name in WHOLE) for each in documents]
    found = duckdb.execute("SELECT * FROM read_parquet(?)", [str(tmp_path / "t.parquet")])
    assert [name for name, *_ in found.description] == list(WHOLE)
    assert [tuple(tuple(v) if isinstance(v, list) else v for v in row) for row in found.fetchall()] == expected
    frame = pandas.read_parquet(tmp_path / "t.parquet")
    assert [tuple(tuple(v) if n == "reasons" else v for n, v in zip(WHOLE, row, strict=True)) for row in
            frame.itertuples(index=False, name=None)] == expected  # fmt: skip


def test_types_are_the_same_whatever_is_in_it(ordinary: Store, hostile: Store, tmp_path: Path) -> None:
    """Numbers are numbers and the rest is text, in each export alike."""
    shapes = []
    for name, store in (("a", ordinary), ("b", hostile)):
        written(module, store, tmp_path / f"{name}.parquet")
        query = "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(?))"
        shapes.append(dict(duckdb.execute(query, [str(tmp_path / f"{name}.parquet")]).fetchall()))
    assert shapes[0] == shapes[1] == {name: TYPES.get(name, "VARCHAR") for name in (*COLUMNS, "reasons", "text")}


def test_rows_are_written_in_groups(ordinary: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held in memory is one group of rows; all of them together are the documents."""
    monkeypatch.setattr(module, "GROUP", 300)
    documents, _ = written(module, ordinary, tmp_path / "t.parquet")
    file = pyarrow.parquet.ParquetFile(tmp_path / "t.parquet")
    assert file.num_row_groups > 2
    assert file.read(columns=["id"]).column("id").to_pylist() == [each.id for each in documents]


def test_the_same_corpus_gives_the_same_bytes(hostile: Store, tmp_path: Path) -> None:
    """Writing twice makes no difference."""
    assert the_same_twice(module, hostile, tmp_path)


def test_without_pyarrow_it_says_what_to_install(
    ordinary: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence names the library and the command, and nothing is left behind."""

    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(WrongUse, match=r"pip install 'minutier\[bundles\]'"):
        written(module, ordinary, tmp_path / "t.parquet")
    assert list(tmp_path.iterdir()) == []


def test_acts_are_rows_too(ordinary: Store, tmp_path: Path) -> None:
    """With `--unit act` each act is a row that names its document."""
    documents, _ = written(module, ordinary, tmp_path / "t.parquet", unit="act")
    frame = pandas.read_parquet(tmp_path / "t.parquet")
    parts = frame[frame["part_of"] != ""]
    assert set(parts["part"]) == {"2024-031", "2024-032"}
    assert list(frame["text"]) == [each.text for each in documents]
    assert dataclasses.asdict(documents[0])["id"] in set(frame["id"])
