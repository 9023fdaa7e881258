"""The lines of a page with its tables in rows, each table where its first line stood."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from pypdfium2 import PdfPage, PdfTextPage

from extract.pdf.lines import CUT, Box, Line, words_of
from extract.pdf.tables import FoundTable, find_tables

_WORD = re.compile(r"\S+")
_LETTERS = re.compile(r"[\W_]+")


def in_rows(lines: list[Line], page: PdfPage, textpage: PdfTextPage, text: str) -> list[Line]:
    """The lines, those inside a table replaced by one that holds its rows; no word is lost or said twice."""
    for table in find_tables(page, textpage, text, lines):
        lines = _replaced(lines, table, textpage, text)
    return lines


def _replaced(lines: list[Line], table: FoundTable, textpage: PdfTextPage, text: str) -> list[Line]:
    cells = [cell for row in table.cells for cell in row]
    kept: list[Line] = []
    inside: list[str] = []
    place = 0
    for line in lines:
        within = [] if line.rows or not _touch(line.box, table.box) else _split(line, table.box, textpage, text)
        if not any(held for held, _ in within):
            kept.append(line)
            continue
        place = place if inside else len(kept)
        for held, part in within:
            if held:
                inside.append(part.text)
            else:
                kept.append(part)
    if not inside or _signs(inside) != _signs(cells):
        return lines
    block = Line(text="\n".join(cells), box=table.box, rows=table.cells)
    return [*kept[:place], block, *kept[place:]]


def _split(line: Line, box: Box, textpage: PdfTextPage, text: str) -> list[tuple[bool, Line]]:
    """The line, or its parts where it crosses the edge of the box, each with whether it is inside."""
    if box[0] <= line.box[0] and line.box[2] <= box[2]:
        return [(_holds(box, line.box), line)]
    words = zip(_WORD.finditer(line.text), words_of(textpage, line, text), strict=True)
    parts = []
    for held, group in groupby(words, key=lambda pair: _holds(box, pair[1].box)):
        found = list(group)
        start, end = found[0][0].start(), found[-1][0].end()
        around = _around([word.box for _, word in found])
        part = Line(text=line.text[start:end], box=around, start=line.start + start, end=line.start + end)
        parts.append((held, part))
    return parts


def _around(boxes: Sequence[Box]) -> Box:
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _holds(box: Box, small: Box) -> bool:
    """Whether the middle of the small box lies in the other."""
    across, up = (small[0] + small[2]) / 2, (small[1] + small[3]) / 2
    return box[0] <= across <= box[2] and box[1] <= up <= box[3]


def _signs(texts: Sequence[str]) -> Counter[str]:
    return Counter(_LETTERS.sub("", "".join(texts).replace(CUT, "")))
