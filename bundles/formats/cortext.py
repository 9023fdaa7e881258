"""CorTexT Manager: a zipped CSV, to be read with its `robust csv`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from bundles.dating import whole_day
from bundles.model import COLUMNS, BundleDocument, Documents, LeftOut, Report
from bundles.naming import cell, title_for_people
from bundles.report import why_no_text
from bundles.tables import value
from bundles.zips import FixedZip

NAME = "cortext"
TITLE = "CorTexT Manager: a zipped CSV for its parser `robust csv`"
SUFFIX = ".zip"

HEADER = ("id", "name", "year", "month", "day", *COLUMNS[1:], "text")
"""CorTexT keeps the names Terms and ISITerms for itself."""


def write(documents: Documents, out: Path) -> Report:
    """Write the table; what has no text is left out, what has no date stays without a year."""
    report = Report(format=NAME, selected=len(documents), files=1)
    with FixedZip(out) as bundle, bundle.growing("documents.csv") as member:
        file = io.TextIOWrapper(member, encoding="utf-8", newline="", write_through=True)
        rows = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        rows.writerow(HEADER)
        for document in documents:
            if not document.text.strip():
                report.missed(document, "document", why_no_text(document))
                continue
            rows.writerow(row(document, report))
            report.counted(document)
        file.detach()
    return report


def row(document: BundleDocument, report: Report) -> list[str]:
    """Return a document's row; the parts of its date that are not known are 1, which is reported."""
    day = whole_day(document.date)
    if day is None:
        date = ["", "", ""]
        report.unfit.append(LeftOut(document=document.id, what="no date", why="it stays out of what goes by years"))
    else:
        date = [str(day.year), str(day.month), str(day.day)]
        if day.filled:
            report.altered.append(LeftOut(document=document.id, what="date", why=f"{day.filled} unknown: 1"))
    rest = (cell(value(document, name)) for name in (*COLUMNS[1:], "text"))
    return [document.id, title_for_people(document), *date, *rest]
