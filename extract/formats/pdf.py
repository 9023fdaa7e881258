"""PDF: PDFium first, pdfplumber for the pages it reads badly and the files it does not open."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

from extract.model import Extraction, Found, Hints, Quality, Verdict
from extract.pdf import pdfium, plumber
from extract.pdf.layout import laid_out
from extract.pdf.pdfium import MAX_PAGES, PageFacts, PdfiumError
from extract.pdf.quality import harm, judge, page_verdict
from extract.sniff import PDF

MEDIA_TYPES = (PDF,)
_READ_AGAIN = 40
"""Pages at most: the second engine takes a tenth of a second for each."""
_BETTER = 0.02


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
        pages, total = list(pdfium.pages_of(document)), len(document)
    verdicts = [page_verdict(page) for page in pages]
    better = _read_again(body, pages, verdicts)
    if not better:
        return _extraction(pages, verdicts, total, title, pdfium.ENGINE)
    for index, page in better.items():
        pages[index], verdicts[index] = page, page_verdict(page)
    told = f"{len(better)} of {len(pages)} pages were read better by {plumber.ENGINE}."
    return _extraction(pages, verdicts, total, title, f"{pdfium.ENGINE}, {plumber.ENGINE}", told)


def read_otherwise(body: bytes, hints: Hints) -> Extraction:
    """The same pages by pdfplumber alone."""
    del hints
    try:
        found = plumber.read_pages(body)
    except plumber.LockedError:
        return _without_text("encrypted", "A password protects this document.", plumber.ENGINE)
    except plumber.UnreadableError as error:
        return _without_text("corrupt", f"No engine reads these bytes ({error}).", plumber.ENGINE)
    if not found.pages:
        return _without_text("corrupt", "No engine finds a page in these bytes.", plumber.ENGINE)
    pages = list(found.pages.values())
    return _extraction(pages, [page_verdict(page) for page in pages], found.total, found.title, plumber.ENGINE)


def _read_again(body: bytes, pages: Sequence[PageFacts], verdicts: Sequence[Verdict]) -> dict[int, PageFacts]:
    """The doubtful pages that the second engine reads better, by their index."""
    doubtful = [index for index, verdict in enumerate(verdicts) if verdict in ("suspect", "illegible")]
    if not doubtful:
        return {}
    try:
        again = plumber.read_pages(body, doubtful[:_READ_AGAIN]).pages
    except plumber.UnreadableError:
        return {}
    return {
        index: replace(pages[index], text=other.text, letters=other.letters, lines=other.lines, edges=other.edges)
        for index, other in again.items()
        if other.letters >= 0.8 * pages[index].letters and harm(other) < harm(pages[index]) - _BETTER
    }


def _extraction(
    pages: Sequence[PageFacts], verdicts: Sequence[Verdict], total: int, title: str, engine: str, told: str = ""
) -> Extraction:
    layout = laid_out(pages, verdicts)
    quality = judge(pages, total, _cut(pages, total), verdicts)
    return Extraction(
        extractor="pdf",
        engine=engine,
        media_type=PDF,
        text=layout.text,
        pages=layout.pages,
        title=Found(value=title, found_in="metadata") if title else None,
        quality=replace(quality, reasons=(*quality.reasons, told)) if told else quality,
        margins=layout.margins,
        tables=layout.tables,
    )


def _cut(pages: Sequence[PageFacts], total: int) -> str:
    if len(pages) == total:
        return ""
    return f"Only the first {len(pages)} of {total} pages were read: no more than {MAX_PAGES} pages are."


def _without_text(verdict: Verdict, reason: str, engine: str) -> Extraction:
    quality = Quality(verdict=verdict, reasons=(reason,))
    return Extraction(extractor="pdf", engine=engine, media_type=PDF, text="", quality=quality)
