"""GarganText: a table with tabs, one line for each dated document."""

from __future__ import annotations

import csv
from pathlib import Path

from bundles.dating import Day, whole_day
from bundles.model import BundleDocument, Documents, LeftOut, Report
from bundles.naming import cell, title_for_people
from bundles.report import why_no_text

NAME = "gargantext"
TITLE = "GarganText: a TSV of title, date, author, source and text"
SUFFIX = ".tsv"

HEADER = (
    "Publication Day", "Publication Month", "Publication Year", "Authors", "Title", "Abstract", "Source",
)  # fmt: skip


def write(documents: Documents, out: Path) -> Report:
    """Write the table; what has no year or no text is left out, for GarganText refuses the one and drops the other."""
    report = Report(format=NAME, selected=len(documents), files=1)
    with out.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        rows.writerow(HEADER)
        for document in documents:
            day = whole_day(document.date)
            if day is None or not document.text.strip():
                why = "GarganText wants a year, and none is known" if day is None else why_no_text(document)
                report.missed(document, "document", why)
                continue
            rows.writerow(row(document, day))
            report.counted(document)
            if day.filled:
                report.altered.append(LeftOut(document=document.id, what="date", why=f"{day.filled} unknown: 1"))
    return report


def row(document: BundleDocument, day: Day) -> list[object]:
    """Return a document's line: white space of all kinds is one space, so that it is a single line without a tab."""
    words = [document.authority, title_for_people(document), document.text, document.source]
    return [day.day, day.month, day.year, *(cell(" ".join(each.split())) for each in words)]
