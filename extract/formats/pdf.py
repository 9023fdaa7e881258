"""PDF: PDFium first, pdfplumber where PDFium cannot."""

from __future__ import annotations

import binascii
import io
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from importlib.metadata import version

from extract import pdfium
from extract.clean import join_pages
from extract.linebreaks import mark_cuts, mend
from extract.model import Extraction, Found, Hints, Quality, Verdict
from extract.pdfium import MAX_CHARACTERS, MAX_PAGES, PageFacts, PdfiumError
from extract.pdfquality import judge
from extract.sniff import PDF

MEDIA_TYPES = (PDF,)
SECOND_ENGINE = f"pdfplumber {version('pdfplumber')}"


def read(body: bytes, hints: Hints) -> Extraction:
    """The text page by page; where PDFium gives up for want of no password, the second engine reads."""
    try:
        document = pdfium.open_pdf(body)
    except PdfiumError as error:
        if pdfium.is_locked(error):
            return _without_text("encrypted", "A password protects this document.", pdfium.ENGINE)
        return read_otherwise(body, hints)
    with closing(document):
        title = pdfium.properties(document).get("Title", "")
        return _extraction(list(pdfium.pages_of(document)), len(document), title, pdfium.ENGINE)


def read_otherwise(body: bytes, hints: Hints) -> Extraction:
    """The same pages by pdfplumber: ten to fifty times slower, and written by other people."""
    # A second to import, and seldom needed.
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    del hints
    # pdfminer checks little of what it reads: each of these was seen with a damaged file.
    broken = (
        PDFException, PSException, MalformedPDFException, PdfminerException, ArithmeticError, AssertionError,
        AttributeError, EOFError, LookupError, NotImplementedError, OSError, RecursionError, TypeError,
        ValueError, binascii.Error, struct.error, zlib.error,
    )  # fmt: skip
    pages: list[PageFacts] = []
    total, title = 0, ""
    try:
        with pdfplumber.open(io.BytesIO(body)) as document:
            total, title = len(document.pages), str(document.metadata.get("Title", ""))
            pages.extend(_plumbed(document.pages[:MAX_PAGES]))
    except broken as error:
        if "password" in f"{error!r}".lower() or "encrypt" in f"{error!r}".lower():
            return _without_text("encrypted", "A password protects this document.", SECOND_ENGINE)
        return _without_text("corrupt", f"No engine reads these bytes ({type(error).__name__}).", SECOND_ENGINE)
    if not pages:
        return _without_text("corrupt", "No engine finds a page in these bytes.", SECOND_ENGINE)
    return _extraction(pages, total, title, SECOND_ENGINE)


def _plumbed(pages: Iterable[object]) -> Iterator[PageFacts]:
    from pdfplumber.page import Page

    characters = 0
    for page in pages:
        assert isinstance(page, Page)
        text = mark_cuts(page.extract_text(x_tolerance_ratio=0.15))
        pictures = sum(picture["width"] * picture["height"] for picture in page.images)
        letters = pdfium.count_letters(text)
        covered = bool(pictures >= 0.6 * float(page.width) * float(page.height))
        drawn = bool(letters or page.images or page.lines or page.curves or page.rects)
        page.close()
        yield PageFacts(text=text, letters=letters, pictured=covered, drawn=drawn)
        characters += len(text)
        if characters > MAX_CHARACTERS:
            return


def _extraction(pages: Sequence[PageFacts], total: int, title: str, engine: str) -> Extraction:
    text, spans = join_pages(mend([page.text for page in pages]))
    return Extraction(
        extractor="pdf",
        engine=engine,
        media_type=PDF,
        text=text,
        pages=spans,
        title=Found(value=title, found_in="metadata") if title else None,
        quality=judge(pages, total, _cut(pages, total)),
    )


def _cut(pages: Sequence[PageFacts], total: int) -> str:
    if len(pages) == total:
        return ""
    return f"Only the first {len(pages)} of {total} pages were read: no more than {MAX_PAGES} pages are."


def _without_text(verdict: Verdict, reason: str, engine: str) -> Extraction:
    quality = Quality(verdict=verdict, reasons=(reason,))
    return Extraction(extractor="pdf", engine=engine, media_type=PDF, text="", quality=quality)
