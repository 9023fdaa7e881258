"""A workbook of one sheet, row by row in flat memory, the same bytes every time.

Every cell is a text in its place, so that no spreadsheet takes one for a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from bundles.zips import FixedZip

LONGEST = 32_767
"""What a cell holds, in units of UTF-16."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">'
    '<sheets><sheet name="documents" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Sheet:
    """The sheet that is being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def row(self, values: Iterable[str]) -> bool:
        """Write a row, and return whether every value fitted its cell; one that does not is cut."""
        whole = list(values)
        short = [fitted(value) for value in whole]
        cells = "".join(
            f'<c t="inlineStr"><is><t xml:space="preserve">{escaped(value)}</t></is></c>' for value in short
        )
        self._file.write(f"<row>{cells}</row>\n".encode())
        return short == whole


@contextmanager
def sheet(path: Path) -> Iterator[Sheet]:
    """Give a new workbook's sheet to write into."""
    with FixedZip(path) as archive:
        for name, xml in PARTS.items():
            archive.add(name, _HEAD + xml)
        with archive.growing("xl/worksheets/sheet1.xml") as file:
            file.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>\n'.encode())
            yield Sheet(file)
            file.write(b"</sheetData></worksheet>\n")


def fitted(value: str) -> str:
    """Return what a cell can hold of a value."""
    if 2 * len(value) <= LONGEST:
        return value
    return value.encode("utf-16-le")[: 2 * LONGEST].decode("utf-16-le", errors="ignore")


def escaped(value: str) -> str:
    """Return a value as a cell holds it: `_x0041_` would be read as A."""
    return escape(_LOOKS_ESCAPED.sub("_x005F_", value) if "_x" in value else value)
