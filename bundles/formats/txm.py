"""Texts and a table of their variables: one folder for TXM, Voyant, AntConc and CATMA."""

from __future__ import annotations

import csv
from pathlib import Path

from bundles.model import COLUMNS, Documents, LeftOut, Report
from bundles.naming import cell, stem
from bundles.report import why_no_text
from bundles.tables import value

NAME = "txm"
TITLE = "TXM, Voyant, AntConc, CATMA: plain texts and metadata.csv"
SUFFIX = ""

HEADER = ["id", "document", *(name.replace("_", "") for name in COLUMNS[1:])]
"""TXM wants `id` first, which is the file's name, and names without special characters."""


def write(documents: Documents, out: Path) -> Report:
    """Write the folder `out`/texts: each document with words, and its row; one without text has neither."""
    report = Report(format=NAME, selected=len(documents))
    folder = out / "texts"
    folder.mkdir(parents=True)
    with (folder / "metadata.csv").open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table, lineterminator="\n", quoting=csv.QUOTE_ALL)
        rows.writerow(HEADER)
        for document in documents:
            if not document.text.strip():
                report.missed(document, "document", why_no_text(document))
                continue
            name = stem(document)
            (folder / f"{name}.txt").write_text(document.text, encoding="utf-8", newline="\n")
            rows.writerow([name, *(cell(value(document, each)) for each in COLUMNS)])
            report.counted(document)
            if document.language.startswith("zh"):
                why = "words are found at spaces, and Chinese has none: the bundle `iramuteq` cuts it into words"
                report.unfit.append(LeftOut(document=document.id, what="language zh", why=why))
    report.files = report.written + 1
    return report
