"""Workbooks (.xlsx): each sheet as rows, formulas as the values that were last computed."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from xml.etree.ElementTree import ParseError

from lxml.etree import XMLSyntaxError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook

from extract.model import Extraction, Found, Hints, Quality
from extract.office.package import BROKEN_ZIP, too_large
from extract.office.rows import MAX_ROWS, Sheet, extraction, sheet
from extract.sniff import XLSX

MEDIA_TYPES = (XLSX,)
ENGINE = f"openpyxl {version('openpyxl')}"
_BROKEN = (*BROKEN_ZIP, ParseError, XMLSyntaxError, InvalidFileException, AttributeError)


def read(body: bytes, hints: Hints) -> Extraction:
    """The rows of every sheet; hidden ones are read and counted."""
    refused = too_large(body)
    if refused:
        return _corrupt(refused)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and validations that it does not know, and nobody reads here
            book = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
            sheets = list(_sheets(book))
            title = book.properties.title or ""
    except _BROKEN as error:
        return _corrupt(f"The workbook is damaged ({type(error).__name__}).")
    found = extraction(sheets, name="xlsx", engine=ENGINE, media_type=XLSX)
    return replace(found, title=Found(value=title, found_in="metadata")) if title else found


def _sheets(book: Workbook) -> Iterator[Sheet]:
    left = MAX_ROWS
    for page in book.worksheets:
        # What a sheet says of its size is wrong often enough, and pads each row up to it.
        page.reset_dimensions()
        rows = page.iter_rows(values_only=True)
        found = sheet(rows, name=page.title, hidden=page.sheet_state != "visible", most=left)
        left -= len(found.rows)
        yield found


def _corrupt(reason: str) -> Extraction:
    return Extraction(
        extractor="xlsx",
        engine=ENGINE,
        media_type=XLSX,
        text="",
        quality=Quality(verdict="corrupt", reasons=(reason,)),
    )
