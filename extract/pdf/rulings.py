"""The straight lines drawn on a page: strokes, thin rectangles and the sides of rectangles, upright for its reader."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field

from pypdfium2 import PdfPage
from pypdfium2 import raw as pdfium

from extract.pdf.lines import Box

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
Stroke = tuple[float, float, float]
"""Where it stands across its direction, where it begins and where it ends."""

_MAX_OBJECTS = 12_000
"""Looked at on a page, forms included: a page of minutes has hundreds, a map a hundred thousand."""
_MAX_SEGMENTS = 12_000
_MAX_DEPTH = 3
_THIN = 3.0
"""A shape no thicker than so many points is a line."""
_SMALL = 8.0
"""A thicker shape that is nowhere longer is a sign, a letter or a box to tick, never a cell."""
_WHITE = 253
_SLANT = 1.0
_UPRIGHT: Matrix = (1, 0, 0, 1, 0, 0)
_TURNED: dict[int, Matrix] = {
    90: (0, -1, 1, 0, 0, 0),
    180: (-1, 0, 0, -1, 0, 0),
    270: (0, 1, -1, 0, 0, 0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulings:
    """The lines of a page by direction, in the coordinates of `turned`."""

    horizontal: list[Stroke] = field(default_factory=list)
    vertical: list[Stroke] = field(default_factory=list)

    def add(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Keep the line between two points if it is level or upright."""
        across, up = abs(x1 - x0), abs(y1 - y0)
        if up <= _SLANT < across:
            self.horizontal.append(((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif across <= _SLANT < up:
            self.vertical.append(((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What is drawn on a page: its lines, and the sides of its coloured areas each with the box around them."""

    lines: Rulings
    areas: list[tuple[Box, Rulings]]


def turned(page: PdfPage) -> Matrix:
    """What turns the page's own coordinates so that its reader's left is left and up is up."""
    return _TURNED.get(page.get_rotation(), _UPRIGHT)


def inverse(turn: Matrix) -> Matrix:
    """What turns back: a quarter turn is undone by its mirror image."""
    a, b, c, d, e, f = turn
    return a, c, b, d, e, f


def drawn(page: PdfPage) -> Drawn:
    """The lines and coloured areas of the page, those of its forms included, within limits."""
    walk = _Walk()
    walk.over(_on_page(page), turned(page), _MAX_DEPTH)
    return Drawn(lines=walk.lines, areas=walk.areas)


def _on_page(page: PdfPage) -> Iterator[object]:
    return (pdfium.FPDFPage_GetObject(page, number) for number in range(pdfium.FPDFPage_CountObjects(page)))


def _in_form(form: object) -> Iterator[object]:
    return (pdfium.FPDFFormObj_GetObject(form, number) for number in range(pdfium.FPDFFormObj_CountObjects(form)))


class _Walk:
    """A walk over the objects of a page that stops at its limits."""

    def __init__(self) -> None:
        self.lines = Rulings()
        self.areas: list[tuple[Box, Rulings]] = []
        self._objects, self._segments = _MAX_OBJECTS, _MAX_SEGMENTS
        self._sides = [ctypes.c_float() for _ in range(4)]
        self._references = [ctypes.byref(side) for side in self._sides]

    def over(self, shapes: Iterator[object], matrix: Matrix, depth: int) -> None:
        """Keep the lines of these objects, which `matrix` brings onto the page."""
        for shape in shapes:
            self._objects -= 1
            if self._objects < 0 or self._segments < 0:
                return
            kind = pdfium.FPDFPageObj_GetType(shape)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._path(shape, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth:
                self.over(_in_form(shape), _times(_matrix(shape), matrix), depth - 1)

    def _path(self, shape: object, matrix: Matrix) -> None:
        """A thin shape is a line however it was drawn; of another one each side is."""
        if not pdfium.FPDFPageObj_GetBounds(shape, *self._references):
            return
        left, bottom, right, top = self._sides
        box = moved_box((left.value, bottom.value, right.value, top.value), matrix)
        across, up = box[2] - box[0], box[3] - box[1]
        if across > _THIN < up:
            if across > _SMALL or up > _SMALL:
                self._outline(shape, box, matrix)
            return
        if across > _THIN or across > up / 2:  # a dot may be of a line in either direction
            self.lines.horizontal.append(((box[1] + box[3]) / 2, box[0], box[2]))
        if up > _THIN or up > across / 2:
            self.lines.vertical.append(((box[0] + box[2]) / 2, box[1], box[3]))

    def _outline(self, shape: object, box: Box, matrix: Matrix) -> None:
        filled, stroked = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(shape, ctypes.byref(filled), ctypes.byref(stroked))
        count = pdfium.FPDFPath_CountSegments(shape)
        self._segments -= count
        if self._segments < 0 or not (stroked.value or (filled.value and _is_coloured(shape))):
            return
        sides = self.lines if stroked.value else Rulings()
        matrix = _times(_matrix(shape), matrix)
        for start, end in _straight(shape, count, closed=bool(filled.value)):
            sides.add(*_moved(*start, matrix), *_moved(*end, matrix))
        if sides is not self.lines and (sides.horizontal or sides.vertical):
            self.areas.append((box, sides))


def _is_coloured(shape: object) -> bool:
    """Whether the inside of a shape can be seen on white paper."""
    parts = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFPageObj_GetFillColor(shape, *(ctypes.byref(part) for part in parts))
    red, green, blue, opacity = (part.value for part in parts)
    return opacity > 0 and min(red, green, blue) < _WHITE


def _straight(path: object, count: int, *, closed: bool) -> Iterator[tuple[Point, Point]]:
    """The straight segments of a path, those that close its figures included."""
    x, y = ctypes.c_float(), ctypes.c_float()
    to_x, to_y = ctypes.byref(x), ctypes.byref(y)
    first = last = (0.0, 0.0)
    for number in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, number)
        pdfium.FPDFPathSegment_GetPoint(segment, to_x, to_y)
        point = x.value, y.value
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if closed and number:
                yield last, first
            first = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield last, point
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield last, first
            last = first
    if closed and count:
        yield last, first


def moved_box(box: Box, matrix: Matrix) -> Box:
    """The box around the box where the matrix brings it."""
    if matrix == _UPRIGHT:
        return box
    one, other = _moved(box[0], box[1], matrix), _moved(box[2], box[3], matrix)
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _matrix(shape: object) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(shape, ctypes.byref(found))
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    return (*_moved(a, b, (*then[:4], 0, 0)), *_moved(c, d, (*then[:4], 0, 0)), *_moved(e, f, then))


def _moved(x: float, y: float, matrix: Matrix) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
