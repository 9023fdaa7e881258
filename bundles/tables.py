"""Rows of the tables that are exported, and how much of a text a spreadsheet can hold."""

from __future__ import annotations

from collections.abc import Iterator

from bundles.model import COLUMNS, BundleDocument, LeftOut, Report
from bundles.naming import cell
from bundles.sheets import LONGEST, fitted

WHOLE = (*COLUMNS, "reasons", "text")
"""The columns of a table that holds the texts too."""


def value(document: BundleDocument, name: str) -> str:
    """Return one variable of a document as text; several reasons are joined by `; `."""
    found = getattr(document, name)
    return "; ".join(found) if isinstance(found, tuple) else str(found)


def cells(document: BundleDocument, report: Report | None = None) -> Iterator[str]:
    """Yield a document's row, of which nothing is a formula. With a report: cut to what a cell of Excel holds."""
    for name in WHOLE:
        whole = cell(value(document, name))
        short = fitted(whole) if report else whole
        if report and len(short) < len(whole):
            why = f"a cell of Excel holds {LONGEST} characters"
            report.shortened.append(LeftOut(document=document.id, what=name, why=why))
        yield short
