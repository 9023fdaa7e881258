"""Tables drawn with lines: the words of the page in the cells they stand in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from pypdfium2 import PdfPage, PdfTextPage

from extract.pdf.lattice import Lattice, lattices
from extract.pdf.linebreaks import WRAP, mend
from extract.pdf.lines import CUT, Box, Line, Word, words_of
from extract.pdf.order import in_whole_lines
from extract.pdf.rulings import Matrix, drawn, inverse, moved_box, turned

_WORD = re.compile(r"\S+")
_THIN = 5.0
"""A space no wider that holds no words lies between two lines of a double rule."""
_FILLED = 0.2
"""The part of the cells of a table that hold words, at least: drawings have spaces too."""
_WIDEST = 0.5
"""The part of a page that one cell takes, at most: what takes more is a frame around the page."""
_EDGE = 6.0
"""What reaches so near to two opposite edges of the page is its design."""
_GAP = 0.05
"""Two letters further apart than this part of their height, a rule between them, are of two words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTable:
    """A table drawn with lines: where it is on the page and what its cells say."""

    box: Box
    """In points, the page's own coordinates."""
    cells: tuple[tuple[str, ...], ...]
    """Row by row; line ends and the marks of cut words as the engine gives them, a merged cell once."""

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The cells, each on one line, cut words whole as far as this table tells."""
        flat = iter(mend([cell.replace("\n", WRAP) for row in self.cells for cell in row]))
        return tuple(tuple(next(flat) for _ in row) for row in self.cells)


def find_tables(page: PdfPage, textpage: PdfTextPage, text: str, lines: Sequence[Line]) -> tuple[FoundTable, ...]:
    """The tables of a page, whose text and lines are known, that are drawn with rules; no two of them share a word."""
    found = lattices(drawn(page))
    if not found:
        return ()
    words = _Words(textpage, text, lines, turned(page))
    edges = page.get_bbox()
    tables: list[FoundTable] = []
    for lattice in sorted(found, key=lambda lattice: -_area(lattice.box)):
        box = moved_box(lattice.box, inverse(words.turn))
        if _is_design(lattice, box, edges):
            continue
        texts = words.texts(lattice, box)
        if _is_table(lattice, texts.keys()) and not any(_touch(box, table.box) for table in tables):
            tables.append(FoundTable(box=box, cells=_rows(lattice, texts)))
    return tuple(tables)


def _is_table(lattice: Lattice, told: Set[int]) -> bool:
    """Whether the closed spaces are two rows and two columns at least, and enough of them hold words."""
    hollow = lattice.open | (_thin(lattice) - told)
    rows: dict[int, set[int]] = {}
    for (row, _), space in lattice.spaces.items():
        if space not in hollow:
            rows.setdefault(row, set()).add(space)
    spaces = set().union(*rows.values())
    if len(told & spaces) < max(2, _FILLED * len(spaces)):
        return False
    return max(map(len, rows.values())) > 1 and len({frozenset(row) for row in rows.values()}) > 1


def _is_design(lattice: Lattice, box: Box, edges: Box) -> bool:
    """Whether the lattice divides the page itself rather than stands on it."""
    across = box[0] < edges[0] + _EDGE and box[2] > edges[2] - _EDGE
    up = box[1] < edges[1] + _EDGE and box[3] > edges[3] - _EDGE
    return across or up or _largest(lattice) > _WIDEST * _area(edges)


def _largest(lattice: Lattice) -> float:
    """The area of the largest space, in square points."""
    areas: dict[int, float] = defaultdict(float)
    for (row, column), space in lattice.spaces.items():
        areas[space] += lattice.size(row, column)
    return max(areas.values())


class _Words:
    """The words of a page and the spaces they stand in."""

    def __init__(self, textpage: PdfTextPage, text: str, lines: Sequence[Line], turn: Matrix) -> None:
        self.turn = turn
        self._page, self._text, self._lines = textpage, text, lines

    def texts(self, lattice: Lattice, box: Box) -> dict[int, str]:
        """What each space of a lattice with this box on the page says, where it says anything."""
        found: dict[int, list[Line]] = defaultdict(list)
        last: dict[int, Line] = {}
        for line in self._lines:
            for word in self._inside(line, box):
                for unturned in self._parts(word, lattice):
                    space = self._space(unturned.box, lattice)
                    part = replace(unturned, box=moved_box(unturned.box, self.turn))
                    if last.get(space) is line:
                        found[space][-1] = _beside(found[space][-1], part)
                    else:
                        found[space].append(part)
                        last[space] = line
        return {space: _one_under_the_other(parts) for space, parts in found.items()}

    def _inside(self, line: Line, box: Box) -> Iterator[Line]:
        """The words of a line that are in the box: all or none unless it crosses its left or its right side."""
        if not _touch(line.box, box):
            return
        whole = box[0] <= line.box[0] and line.box[2] <= box[2]
        if whole and not _holds(box, line.box):
            return
        for match, word in zip(_WORD.finditer(line.text), words_of(self._page, line, self._text), strict=True):
            if whole or _holds(box, word.box):
                start = line.start + match.start()
                yield Line(text=word.text, box=word.box, start=start, end=start + len(word.text))

    def _parts(self, word: Line, lattice: Lattice) -> Iterator[Line]:
        """The word, in parts where a rule stands between letters that do not touch: the engine saw no space there."""
        left, bottom, right, top = word.box
        low, high = ((left, bottom, left, top), (right, bottom, right, top))
        if top - bottom > right - left:
            low, high = ((left, bottom, right, bottom), (left, top, right, top))
        if self._space(low, lattice) == self._space(high, lattice):
            yield word
            return
        letters = [self._letter(word, place) for place in range(len(word.text))]
        cuts = [
            place
            for place, (one, other) in enumerate(pairwise(letters), 1)
            if _apart(one.box, other.box) and self._space(one.box, lattice) != self._space(other.box, lattice)
        ]
        for start, end in pairwise((0, *cuts, len(letters))):
            box = _around([letter.box for letter in letters[start:end]])
            yield replace(word, text=word.text[start:end], box=box)

    def _letter(self, word: Line, place: int) -> Word:
        letter = Line(text=word.text[place], box=word.box, start=word.start + place, end=word.start + place + 1)
        return words_of(self._page, letter, self._text)[0]

    def _space(self, box: Box, lattice: Lattice) -> int:
        """The number of the space that holds the middle of a box of the page."""
        left, bottom, right, top = moved_box(box, self.turn)
        return lattice.space((left + right) / 2, (bottom + top) / 2)


def _rows(lattice: Lattice, texts: dict[int, str]) -> tuple[tuple[str, ...], ...]:
    """The texts in rows from the top: a cell over several columns once, over several rows in the first of them."""
    told: set[int] = set()
    thin = _thin(lattice) - texts.keys()
    rows = []
    for row in reversed(range(len(lattice.ys) - 1)):
        every = dict.fromkeys(lattice.spaces[row, column] for column in range(len(lattice.xs) - 1))
        spaces = [space for space in every if space not in thin]
        if not told.issuperset(spaces):
            rows.append(tuple("" if space in told else texts.get(space, "") for space in spaces))
        told.update(spaces)
    return tuple(rows)


def _thin(lattice: Lattice) -> set[int]:
    """The spaces too narrow for words in one direction."""
    high: dict[int, set[int]] = defaultdict(set)
    wide: dict[int, set[int]] = defaultdict(set)
    for (row, column), space in lattice.spaces.items():
        high[space].add(row)
        wide[space].add(column)
    return {space for space in wide if min(_extent(lattice.xs, wide[space]), _extent(lattice.ys, high[space])) < _THIN}


def _extent(places: Sequence[float], parts: set[int]) -> float:
    return places[max(parts) + 1] - places[min(parts)]


def _apart(one: Box, other: Box) -> bool:
    """Whether there is room between two letters."""
    gap = max(other[0] - one[2], one[0] - other[2], other[1] - one[3], one[1] - other[3])
    return gap > _GAP * (one[3] - one[1])


def _beside(before: Line, after: Line) -> Line:
    text, box = f"{before.text} {after.text}", _around((before.box, after.box))
    return Line(text=text, box=box, start=before.start, end=after.end)


def _one_under_the_other(lines: Sequence[Line]) -> str:
    """The lines of a cell; a word that goes on in the next has no line end, only its mark."""
    ends = (line.text if line.text.endswith(CUT) else line.text + "\n" for line in in_whole_lines(lines))
    return "".join(ends).rstrip("\n")


def _around(boxes: Sequence[Box]) -> Box:
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _holds(box: Box, small: Box) -> bool:
    """Whether the middle of the small box lies in the other."""
    across, up = (small[0] + small[2]) / 2, (small[1] + small[3]) / 2
    return box[0] <= across <= box[2] and box[1] <= up <= box[3]
