"""What PDFium sees on each page: the text, and whether it is a picture of a page."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version

from pypdfium2 import PdfDocument, PdfiumError, PdfPage, PdfTextPage
from pypdfium2 import raw as pdfium

from extract.clean import is_damage
from extract.pdf.lines import CUT, Box, Line, Word, page_lines, upright, words_of
from extract.pdf.rows import in_rows

ENGINE = f"pypdfium2 {version('pypdfium2')}"
MAX_PAGES = 2_000
MAX_CHARACTERS = 20_000_000
_MAX_OBJECTS = 5_000
_END_OBJECTS = 20
Pair = tuple[float, float]
COVERED = 0.6
"""The part of a page that pictures cover where it is a picture of a page."""

__all__ = [
    "COVERED",
    "ENGINE",
    "MAX_CHARACTERS",
    "MAX_PAGES",
    "Box",
    "Line",
    "PageFacts",
    "PdfiumError",
    "Word",
    "is_locked",
    "page_lines",
    "pages_of",
    "properties",
    "words_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """One page as the engine gives it."""

    text: str
    letters: int = 0
    """Letters, and signs of a font that does not say which letters they are."""
    pictured: bool = False
    """Pictures cover most of the page."""
    hidden: bool = False
    """The text lies unseen under or over the picture: someone's OCR."""
    drawn: bool = False
    """There is something on the page: text, lines or pictures."""
    broken: bool = False
    """The engine could not open the page."""
    lines: tuple[Line, ...] = ()
    """Its lines, and its tables among them, where a reader sees them."""
    edges: Box = (0.0, 0.0, 0.0, 0.0)
    """The page itself."""
    name: str = ""
    """The number the file gives it, or nothing."""


def open_pdf(body: bytes) -> PdfDocument:
    """The document; raises PdfiumError when it cannot be opened."""
    return PdfDocument(body)


def is_locked(error: PdfiumError) -> bool:
    """Whether the document could not be opened for want of a password."""
    return getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)


def properties(document: PdfDocument) -> dict[str, str]:
    """Title, author and the rest of what the file says of itself."""
    return dict(document.get_metadata_dict(skip_empty=True))


def pages_of(document: PdfDocument) -> Iterator[PageFacts]:
    """The pages in order, at most MAX_PAGES and MAX_CHARACTERS of them."""
    characters = 0
    for index in range(min(len(document), MAX_PAGES)):
        facts = _facts(document, index)
        characters += len(facts.text)
        yield facts
        if characters > MAX_CHARACTERS:
            return


def _facts(document: PdfDocument, index: int) -> PageFacts:
    try:
        page = document[index]
    except PdfiumError:
        return PageFacts(text="", broken=True)
    with closing(page):
        try:
            textpage = page.get_textpage()
        except PdfiumError:
            return PageFacts(text="", broken=True)
        with closing(textpage):
            text = _text(textpage)
            lines = in_rows(page_lines(textpage, text), page, textpage, text) if text else []
        letters = count_letters(text)
        objects = pdfium.FPDFPage_CountObjects(page)
        size, corner = page.get_size(), page.get_bbox()[:2]
        images, covered = _images(page, objects, corner, size)
        return PageFacts(
            text=text,
            letters=letters,
            pictured=covered,
            hidden=covered and letters > 0 and _is_hidden(page, objects, images),
            drawn=objects > 0,
            lines=_seen(lines, page.get_rotation(), corner, size),
            edges=(0.0, 0.0, *size),
            name=document.get_page_label(index),
        )


def _seen(lines: list[Line], rotation: int, corner: Pair, size: Pair) -> tuple[Line, ...]:
    """The lines on the page as it is shown, its lower left corner at nought."""
    (left, bottom), (width, height) = corner, size
    if not (left or bottom or rotation):
        return tuple(lines)
    return tuple(
        replace(
            line,
            box=upright(
                (line.box[0] - left, line.box[1] - bottom, line.box[2] - left, line.box[3] - bottom),
                rotation, width, height,
            ),
        )
        for line in lines
    )  # fmt: skip


def count_letters(text: str) -> int:
    """How much a text layer says, whether or not its letters have a meaning."""
    # Few different characters of a page are none.
    return len(text) - sum(text.count(char) for char in set(text) if not _is_said(char))


def count_lost(text: str) -> int:
    """How many characters stand for a loss."""
    return sum(text.count(char) for char in set(text) if _is_lost(char))


@lru_cache(maxsize=8_192)
def _is_said(char: str) -> bool:
    return char.isalpha() or _is_lost(char)


@lru_cache(maxsize=8_192)
def _is_lost(char: str) -> bool:
    return char != CUT and is_damage(char)


def _text(textpage: PdfTextPage) -> str:
    """Everything on the page, also what lies outside the visible box."""
    text: str = textpage.get_text_range()
    return text


def _images(page: PdfPage, objects: int, corner: Pair, size: Pair) -> tuple[list[int], bool]:
    """The places of the pictures among the objects of the page, and whether they cover most of it."""
    (left, bottom), (width, height) = corner, size
    found, area = [], 0.0
    for number in _looked_at(page, objects):
        shape = pdfium.FPDFPage_GetObject(page, number)
        if _is_picture(shape):
            found.append(number)
            area += _area(shape, left, bottom, width, height)
    return found, bool(width and height and area / (width * height) >= COVERED)


def _looked_at(page: PdfPage, objects: int) -> Sequence[int]:
    """Where to look for pictures: those that cover a page are painted first or last, unless they are many strips."""
    objects = min(objects, _MAX_OBJECTS)
    if objects <= 2 * _END_OBJECTS:
        return range(objects)
    ends = (*range(_END_OBJECTS), *range(objects - _END_OBJECTS, objects))
    pictures = sum(_is_picture(pdfium.FPDFPage_GetObject(page, number)) for number in ends)
    return range(objects) if pictures >= _END_OBJECTS / 2 else (ends if pictures else ())


def _is_picture(shape: object) -> bool:
    kind = pdfium.FPDFPageObj_GetType(shape)
    if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        return True
    return kind == pdfium.FPDF_PAGEOBJ_FORM and _holds_image(shape, 3)


def _holds_image(form: object, depth: int) -> bool:
    for number in range(min(pdfium.FPDFFormObj_CountObjects(form), 50)):
        shape = pdfium.FPDFFormObj_GetObject(form, number)
        kind = pdfium.FPDFPageObj_GetType(shape)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            return True
        if depth and kind == pdfium.FPDF_PAGEOBJ_FORM and _holds_image(shape, depth - 1):
            return True
    return False


def _area(shape: object, left: float, bottom: float, width: float, height: float) -> float:
    """The part of the page under an object, in square points."""
    box = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(shape, *(ctypes.byref(side) for side in box)):
        return 0.0
    x0, y0, x1, y1 = (side.value for side in box)
    across = min(x1, left + width) - max(x0, left)
    up = min(y1, bottom + height) - max(y0, bottom)
    return max(across, 0.0) * max(up, 0.0)


def _is_hidden(page: PdfPage, objects: int, images: list[int]) -> bool:
    """Whether most text objects are invisible or painted before the picture that covers them."""
    seen = unseen = 0
    last = images[-1]
    for number in range(min(objects, _MAX_OBJECTS)):
        shape = pdfium.FPDFPage_GetObject(page, number)
        kind = pdfium.FPDFPageObj_GetType(shape)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            invisible = pdfium.FPDFTextObj_GetTextRenderMode(shape) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
            unseen += invisible or number < last
            seen += not invisible and number > last
    return unseen > 4 * seen
