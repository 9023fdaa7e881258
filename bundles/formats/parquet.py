"""One table with the texts in it, as Parquet: for pandas, R (arrow), DuckDB and large corpora."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from bundles.model import BundleDocument, Documents, Report
from bundles.tables import WHOLE
from storage.errors import WrongUse

NAME = "parquet"
TITLE = "One table, Parquet, typed columns and the whole texts"
SUFFIX = ".parquet"

INTEGERS = frozenset({"pages", "characters", "version"})
GROUP = 16_000_000
"""Characters of text after which a group of rows is written: what is held in memory."""


def write(documents: Documents, out: Path) -> Report:
    """Write the table, one group of rows after another. Raises WrongUse where pyarrow is not installed."""
    arrow, parquet = libraries()
    report = Report(format=NAME, selected=len(documents), files=1)
    schema = schema_of(arrow)
    group: list[dict[str, Any]] = []
    held = 0
    with parquet.ParquetWriter(out, schema, compression="zstd", version="2.6") as writer:
        for document in documents:
            group.append(row(document))
            held += len(document.text)
            report.counted(document)
            if held > GROUP or len(group) == 1000:
                writer.write_table(arrow.Table.from_pylist(group, schema))
                group, held = [], 0
        if group:
            writer.write_table(arrow.Table.from_pylist(group, schema))
    return report


def libraries() -> tuple[Any, Any]:
    """Return pyarrow and its Parquet. Raises WrongUse with the way to get them."""
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise WrongUse("Parquet needs pyarrow, which is not here: pip install 'minutier[bundles]'.") from None


def schema_of(arrow: Any) -> Any:
    """Return the types of the columns: the same in every export, whatever it holds."""
    types = {name: arrow.int64() for name in INTEGERS}
    types |= {"needs_ocr": arrow.bool_(), "reasons": arrow.list_(arrow.string())}
    return arrow.schema([arrow.field(name, types.get(name, arrow.string()), nullable=False) for name in WHOLE])


def row(document: BundleDocument) -> dict[str, Any]:
    """Return a document as a row."""
    return {name: getattr(document, name) for name in WHOLE}
