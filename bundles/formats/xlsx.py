"""One table with the texts in it, as an Excel workbook."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from bundles.model import Documents, Report
from bundles.tables import WHOLE, cells
from bundles.zips import LONG_AGO, member

NAME = "xlsx"
TITLE = "One table, Excel workbook, the texts in its last column"
SUFFIX = ".xlsx"

LONGEST_SHEET = 1_048_576
"""How many rows a sheet has."""
LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
NUMBERS = frozenset({"pages", "characters", "version"})


class FixedWorkbook(ZipFile):
    """The ZIP file that openpyxl writes a workbook into, without the moments at which it does so."""

    def writestr(self, name: Any, body: Any, *_: Any) -> None:
        """Add a member without a time."""
        super().writestr(member(str(name)), body)

    def write(self, filename: Any, arcname: Any = None, *_: Any) -> None:
        """Add a file as a member without a time, piece by piece."""
        with Path(filename).open("rb") as file, self.open(member(str(arcname)), "w", force_zip64=True) as copy:
            while piece := file.read(1 << 20):
                copy.write(piece)


def write(documents: Documents, out: Path) -> Report:
    """Write the workbook; more documents than a sheet has rows go on in another."""
    import openpyxl

    report = Report(format=NAME, selected=len(documents), files=1)
    book = openpyxl.Workbook(write_only=True)
    sheet: Any = None
    for place, document in enumerate(documents):
        if place % (LONGEST_SHEET - 1) == 0:
            sheet = new_sheet(book)
        named = zip(WHOLE, cells(document, report), strict=True)
        sheet.append([int(text) if name in NUMBERS else words(sheet, text) for name, text in named])
        report.counted(document)
    save(book, out)
    return report


def new_sheet(book: Any) -> Any:
    """Return one more sheet with its line of names, which stays in sight."""
    place = len(book.worksheets) + 1
    sheet = book.create_sheet("documents" if place == 1 else f"documents {place}")
    sheet.freeze_panes = "A2"
    sheet.append([words(sheet, name) for name in WHOLE])
    return sheet


def words(sheet: Any, text: str) -> Any:
    """Return a cell that is text for every reader: openpyxl would take `=1` for a formula and `#N/A` for an error, and
    Excel `_x0041_` for an A.
    """
    from openpyxl.cell import WriteOnlyCell

    found = WriteOnlyCell(sheet, "")
    found.value = LOOKS_ESCAPED.sub("_x005F_", text)
    found.data_type = "s"
    return found


def save(book: Any, out: Path) -> None:
    """Write a workbook whose bytes say nothing of when and by whom it was made."""
    from openpyxl.writer.excel import ExcelWriter

    book.properties.creator = "Minutier"
    book.properties.created = book.properties.modified = datetime(*LONG_AGO)
    with FixedWorkbook(out, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        ExcelWriter(book, archive).save()
