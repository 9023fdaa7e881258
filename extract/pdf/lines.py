"""The lines and words of a page with their places: PDF points, origin at the bottom left."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass

from pypdfium2 import PdfTextPage
from pypdfium2 import raw as pdfium

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""

CUT = "\ufffe"
"""What PDFium leaves in the place of a hyphen at a line end, line end included."""

_LINE = re.compile(rf"[^\r\n{CUT}]+{CUT}?")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the engine takes for one line, with CUT at its end where a word goes on in the next."""

    text: str
    box: Box
    start: int = 0
    """Its place in the text the engine gives for the page, in code points."""
    end: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    """The cells of the table that stands here, its text being theirs; nothing for a line of words."""

    @property
    def middle(self) -> float:
        """How high it stands."""
        return (self.box[1] + self.box[3]) / 2

    @property
    def height(self) -> float:
        """How tall it is."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Characters without a space between them."""

    text: str
    box: Box


def page_lines(textpage: PdfTextPage, text: str = "") -> list[Line]:
    """The lines of a page in the order of its text, blank ones left out; `text` saves asking for it again."""
    text = text or textpage.get_text_range()
    box_of = _Places(textpage, text).box
    lines = []
    for match in _LINE.finditer(text):
        drawn = match[0].lstrip(" \t\xa0")
        words = drawn.rstrip(" \t\xa0")
        if words:
            start = match.end() - len(drawn)
            end = start + len(words)
            lines.append(Line(text=words, box=box_of(start, end - (words[-1] == CUT)), start=start, end=end))
    return lines


def upright(box: Box, rotation: int, width: float, height: float) -> Box:
    """The box where a reader sees it, on a page shown turned by so many degrees; width and height as shown."""
    x0, y0, x1, y1 = box
    if rotation == 90:
        return y0, height - x1, y1, height - x0
    if rotation == 180:
        return width - x1, height - y1, width - x0, height - y0
    if rotation == 270:
        return width - y1, x0, width - y0, x1
    return box


def words_of(textpage: PdfTextPage, line: Line, text: str) -> list[Word]:
    """The words of a line of the page whose text is `text`: two calls of the engine a word, so not for every page."""
    places = _Places(textpage, text)
    return [
        Word(text=match[0], box=places.box(line.start + match.start(), line.start + match.end()))
        for match in _WORD.finditer(line.text)
    ]


class _Places:
    """Where the characters of a text stand on its page."""

    __slots__ = ("_astral", "_box", "_exact", "_loose", "_page", "_reference", "_text")

    def __init__(self, textpage: PdfTextPage, text: str) -> None:
        self._page, self._text = textpage.raw, text
        self._box = pdfium.FS_RECTF()
        self._reference = ctypes.byref(self._box)
        self._loose = pdfium.FPDFText_GetLooseCharBox
        # The engine counts characters of the page and units of UTF-16; mostly all three counts agree.
        self._exact = textpage.count_chars() == len(text)
        self._astral = not self._exact and max(text, default="") > "\uffff"

    def box(self, start: int, end: int) -> Box:
        """The box around the first and the last character of a span."""
        first = left, bottom, right, top = self._character(start)
        if start == end - 1:
            return first
        x0, y0, x1, y1 = self._character(end - 1)
        # A page has a hundred of these: no call of min or max.
        return (
            left if left < x0 else x0,
            bottom if bottom < y0 else y0,
            right if right > x1 else x1,
            top if top > y1 else y1,
        )

    def _character(self, place: int) -> Box:
        if not self._exact:
            unit = len(self._text[:place].encode("utf-16-le", "replace")) // 2 if self._astral else place
            place = pdfium.FPDFText_GetCharIndexFromTextIndex(self._page, unit)
        if place < 0 or not self._loose(self._page, place, self._reference):
            return 0.0, 0.0, 0.0, 0.0
        box = self._box
        return box.left, box.bottom, box.right, box.top
