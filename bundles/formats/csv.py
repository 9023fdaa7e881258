"""One table with the texts in it, as CSV: for R, pandas and spreadsheets."""

from __future__ import annotations

import csv
from pathlib import Path

from bundles.model import Documents, Report
from bundles.tables import WHOLE, cells

NAME = "csv"
TITLE = "One table, CSV, the texts in its last column"
SUFFIX = ".csv"
FLAGS = {"excel-fr": "For a French Excel: semicolons, a byte order mark, and texts cut to what a cell holds."}


def write(documents: Documents, out: Path) -> Report:
    """Write the table: commas and UTF-8; every document has its row, and no cell is a formula."""
    report = Report(format=NAME, selected=len(documents), files=1)
    excel = "excel-fr" in documents.flags
    with out.open("w", encoding="utf-8-sig" if excel else "utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";" if excel else ",", lineterminator="\n")
        rows.writerow(WHOLE)
        for document in documents:
            rows.writerow(cells(document, report if excel else None))
            report.counted(document)
    return report
