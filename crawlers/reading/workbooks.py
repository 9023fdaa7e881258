"""Workbooks (.xlsx): the cells of each sheet as words, within limits."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from lxml.etree import XMLSyntaxError

from crawlers.reading.entries import Unreadable

MOST_SHEETS = 20
LARGEST = 200 * 2**20
"""Bytes of a workbook once unpacked."""
FAULTS = (
    zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError, KeyError,
    IndexError, TypeError, AttributeError, OverflowError, ParseError, XMLSyntaxError,
)  # fmt: skip
"""What zipfile and openpyxl raise for cut, altered and lying workbooks."""


def workbook_rows(body: bytes, most: int) -> list[list[list[str]]]:
    """Return the rows of each sheet, empty ones left out, at most so many in all. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > LARGEST:
            raise Unreadable(f"is a workbook of more than {LARGEST // 2**20} MiB once unpacked")
        return _sheets(body, most)
    except Unreadable:
        raise
    except FAULTS as error:
        raise Unreadable(f"cannot be read as an XLSX workbook ({type(error).__name__})") from None


def _sheets(body: bytes, most: int) -> list[list[list[str]]]:
    from openpyxl import load_workbook  # slow to import, and few sources are workbooks

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and validations that it does not know, and nobody reads here
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
        found: list[list[list[str]]] = []
        for sheet in book.worksheets[:MOST_SHEETS]:
            sheet.reset_dimensions()  # what a sheet says of its size is wrong often enough, and pads every row
            found.append(_rows(sheet.iter_rows(values_only=True), most - sum(map(len, found))))
        return found


def _rows(rows: Iterable[tuple[Any, ...]], most: int) -> list[list[str]]:
    """Return rows as words; a date as its ISO day."""
    worded = ([_worded(value) for value in row] for row in islice(rows, most))
    return [row for row in worded if any(row)]


def _worded(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return str(value) if value is not None else ""
