"""The same pages by pdfplumber: ten to fifty times slower, and written by other people."""

from __future__ import annotations

import binascii
import io
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from extract.pdf.linebreaks import mark_cuts
from extract.pdf.lines import Line
from extract.pdf.pdfium import COVERED, MAX_CHARACTERS, MAX_PAGES, PageFacts, count_letters

if TYPE_CHECKING:
    from pdfplumber.page import Page as PlumberPage

ENGINE = f"pdfplumber {version('pdfplumber')}"
_UNMAPPED = re.compile(r"\(cid:\d+\)")


class UnreadableError(Exception):
    """The second engine does not read these bytes; its message is the kind of the error."""


class LockedError(UnreadableError):
    """A password stands before the content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the second engine read: pages by index, of so many, and the title the file states."""

    pages: dict[int, PageFacts]
    total: int
    title: str = ""


def read_pages(body: bytes, wanted: Sequence[int] = ()) -> Reading:
    """The pages with these indexes, or all of them where none is named; raises UnreadableError."""
    # A second to import, and seldom needed.
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    # pdfminer checks little of what it reads: each of these was seen with a damaged file.
    broken = (
        PDFException, PSException, MalformedPDFException, PdfminerException, ArithmeticError, AssertionError,
        AttributeError, EOFError, LookupError, NotImplementedError, OSError, RecursionError, TypeError,
        ValueError, binascii.Error, struct.error, zlib.error,
    )  # fmt: skip
    try:
        with pdfplumber.open(io.BytesIO(body), pages=[index + 1 for index in wanted] or None) as document:
            pages = {page.page_number - 1: facts for page, facts in _pages(document.pages[:MAX_PAGES])}
            return Reading(pages=pages, total=len(document.pages), title=str(document.metadata.get("Title", "")))
    except broken as error:
        words = f"{error!r}".lower()
        kind = LockedError if "password" in words or "encrypt" in words else UnreadableError
        raise kind(type(error).__name__) from error


def _pages(pages: Sequence[PlumberPage]) -> Iterator[tuple[PlumberPage, PageFacts]]:
    characters = 0
    for page in pages:
        with closing(page):
            facts = _facts(page)
        characters += len(facts.text)
        yield page, facts
        if characters > MAX_CHARACTERS:
            return


def _facts(page: PlumberPage) -> PageFacts:
    width, height = float(page.width), float(page.height)
    # Letters drawn twice for boldness would be read twice; this reader is asked for few pages.
    found = page.dedupe_chars().extract_text_lines(x_tolerance_ratio=0.15, return_chars=False)
    texts = mark_cuts([_UNMAPPED.sub("\ufffd", line["text"]) for line in found])
    pictures = sum(picture["width"] * picture["height"] for picture in page.images)
    letters = sum(map(count_letters, texts))
    return PageFacts(
        text="\n".join(texts),
        letters=letters,
        pictured=bool(pictures >= COVERED * width * height),
        drawn=bool(letters or page.images or page.lines or page.curves or page.rects),
        lines=tuple(
            Line(text=text, box=(line["x0"], height - line["bottom"], line["x1"], height - line["top"]))
            for text, line in zip(texts, found, strict=True)
        ),
        edges=(0.0, 0.0, width, height),
    )
