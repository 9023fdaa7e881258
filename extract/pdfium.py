"""What PDFium sees on each page: the text, and whether it is a picture of a page."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version

from pypdfium2 import PdfDocument, PdfiumError, PdfPage, PdfTextPage
from pypdfium2 import raw as pdfium

from extract.clean import is_damage

ENGINE = f"pypdfium2 {version('pypdfium2')}"
MAX_PAGES = 2_000
MAX_CHARACTERS = 20_000_000
_MAX_OBJECTS = 5_000
_COVERED = 0.6

__all__ = [
    "ENGINE",
    "MAX_CHARACTERS",
    "MAX_PAGES",
    "PageFacts",
    "PdfiumError",
    "is_locked",
    "pages_of",
    "properties",
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
        letters = count_letters(text)
        objects = pdfium.FPDFPage_CountObjects(page)
        images, covered = _images(page, objects)
        hidden = covered and letters > 0 and _is_hidden(page, objects, images)
        return PageFacts(text=text, letters=letters, pictured=covered, hidden=hidden, drawn=objects > 0)


def count_letters(text: str) -> int:
    """How much a text layer says, whether or not its letters have a meaning."""
    return sum(char.isalpha() or is_damage(char) for char in text if char != "\ufffe")


def _text(textpage: PdfTextPage) -> str:
    """Everything on the page, also what lies outside the visible box."""
    text: str = textpage.get_text_range()
    return text


def _images(page: PdfPage, objects: int) -> tuple[list[int], bool]:
    """The places of the pictures among the objects of the page, and whether they cover most of it."""
    width, height = page.get_size()
    left, bottom, _, _ = page.get_bbox() if width and height else (0.0, 0.0, 0.0, 0.0)
    found, area = [], 0.0
    for number in range(min(objects, _MAX_OBJECTS)):
        shape = pdfium.FPDFPage_GetObject(page, number)
        kind = pdfium.FPDFPageObj_GetType(shape)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE or (kind == pdfium.FPDF_PAGEOBJ_FORM and _holds_image(shape, 3)):
            found.append(number)
            area += _area(shape, left, bottom, width, height)
    return found, bool(width and height and area / (width * height) >= _COVERED)


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
