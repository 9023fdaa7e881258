"""From lines to lattices: which spaces the lines of a page close in, and which of these belong together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from extract.pdf.lines import Box
from extract.pdf.rulings import Drawn, Rulings, Stroke

Spot = tuple[int, int]
"""A row and a column of the finest grid of a lattice."""

_EXACT = 0.5
"""The dots of one line are no further apart across it; those of another may be near."""
_SNAP = 2.0
"""Lines no further apart are one."""
_JOIN = 3.0
"""A gap no wider is none."""
_SHORTEST = 4.0
_FEWEST = 3
_MAX_CROSSINGS = 100_000
_MAX_SPOTS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice:
    """Spaces side by side, on the finest grid that all their lines make."""

    xs: tuple[float, ...]
    """Where its columns begin, and where the last one ends."""
    ys: tuple[float, ...]
    """Where its rows end, from below, and where the first one begins."""
    spaces: dict[Spot, int]
    """The number of the space each spot belongs to; rows are counted from below."""
    open: frozenset[int]
    """The spaces that have no wall on some side but the edge of the lattice."""

    @property
    def box(self) -> Box:
        """The box around it."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def size(self, row: int, column: int) -> float:
        """The area of a spot, in square points."""
        return (self.xs[column + 1] - self.xs[column]) * (self.ys[row + 1] - self.ys[row])

    def space(self, x: float, y: float) -> int:
        """The number of the space a point lies in; the nearest one's for a point outside."""
        row = bisect_right(self.ys, y, 1, len(self.ys) - 1) - 1
        return self.spaces[row, bisect_right(self.xs, x, 1, len(self.xs) - 1) - 1]

    def encloses(self, box: Box) -> bool:
        """Whether the box lies in one closed space."""
        left, bottom, right, top = box[0] + _SNAP, box[1] + _SNAP, box[2] - _SNAP, box[3] - _SNAP
        if left < self.xs[0] or right > self.xs[-1] or bottom < self.ys[0] or top > self.ys[-1]:
            return False
        spaces = {self.space(x, y) for x in (left, right) for y in (bottom, top)}
        return len(spaces) == 1 and not spaces & self.open


def lattices(drawn: Drawn) -> list[Lattice]:
    """The lattices on a page; a coloured area makes part of one unless it only marks the words of a cell."""
    ruled = list(_of(drawn.lines))
    areas = [sides for box, sides in drawn.areas if not any(lattice.encloses(box) for lattice in ruled)]
    if not areas:
        return ruled
    every = [drawn.lines, *areas]
    return list(
        _of(
            Rulings(
                horizontal=[stroke for sides in every for stroke in sides.horizontal],
                vertical=[stroke for sides in every for stroke in sides.vertical],
            )
        )
    )


def _of(found: Rulings) -> Iterator[Lattice]:
    """The lattices that the lines make, each with three lines at least in each direction."""
    if min(len(found.horizontal), len(found.vertical)) < _FEWEST:
        return
    level, upright = (_merged(_merged(strokes, _EXACT), _SNAP) for strokes in (found.horizontal, found.vertical))
    for rows, columns in _connected(level, upright):
        yield from _lattices(rows, columns)


def _merged(strokes: Iterable[Stroke], snap: float) -> list[Stroke]:
    """Lines that continue each other, no further apart than `snap`, as one; in order, short ones left out."""
    merged: list[Stroke] = []
    for at, group in _snapped(strokes, snap):
        start, end = group[0]
        for begins, ends in group[1:]:
            if begins - end > _JOIN:
                merged.append((at, start, end))
                start, end = begins, ends
            end = max(end, ends)
        merged.append((at, start, end))
    return [stroke for stroke in merged if stroke[2] - stroke[1] >= _SHORTEST]


def _snapped(strokes: Iterable[Stroke], snap: float) -> Iterator[tuple[float, list[tuple[float, float]]]]:
    """A place and the lines at it, sorted."""
    group: list[Stroke] = []
    for stroke in sorted(strokes):
        if group and stroke[0] - group[-1][0] > snap:
            yield _level(group)
            group = []
        group.append(stroke)
    if group:
        yield _level(group)


def _level(group: Sequence[Stroke]) -> tuple[float, list[tuple[float, float]]]:
    return (group[0][0] + group[-1][0]) / 2, sorted(stroke[1:] for stroke in group)


def _connected(level: Sequence[Stroke], upright: Sequence[Stroke]) -> Iterator[tuple[list[Stroke], list[Stroke]]]:
    """The lines that cross or touch each other, directly or over others."""
    crossings = _crossings(level, upright)
    seen: set[int] = set()
    for start in range(len(level)):
        if start in seen or not crossings[start]:
            continue
        group = _reached(start, crossings)
        seen |= group
        rows = [level[number] for number in sorted(group) if number < len(level)]
        columns = [upright[number - len(level)] for number in sorted(group) if number >= len(level)]
        if min(len(rows), len(columns)) >= _FEWEST:
            yield rows, columns


def _crossings(level: Sequence[Stroke], upright: Sequence[Stroke]) -> dict[int, list[int]]:
    """For each line those it crosses; upright ones are counted after level ones. Nothing where there are too many."""
    places = [stroke[0] for stroke in upright]
    found: dict[int, list[int]] = defaultdict(list)
    total = 0
    for row, (y, x0, x1) in enumerate(level):
        for number in range(bisect_left(places, x0 - _JOIN), bisect_right(places, x1 + _JOIN)):
            _, y0, y1 = upright[number]
            total += 1
            if y0 - _JOIN <= y <= y1 + _JOIN:
                found[row].append(len(level) + number)
                found[len(level) + number].append(row)
        if total > _MAX_CROSSINGS:
            return defaultdict(list)
    return found


def _reached(start: int, crossings: dict[int, list[int]]) -> set[int]:
    reached, waiting = {start}, [start]
    while waiting:
        for other in crossings[waiting.pop()]:
            if other not in reached:
                reached.add(other)
                waiting.append(other)
    return reached


def _lattices(rows: Sequence[Stroke], columns: Sequence[Stroke]) -> Iterator[Lattice]:
    xs, ys = sorted({stroke[0] for stroke in columns}), sorted({stroke[0] for stroke in rows})
    if len(xs) * len(ys) > _MAX_SPOTS:
        return
    walls = _Walls(xs, ys, rows, columns)
    for group in _side_by_side(walls.closed()):
        low, high = min(row for row, _ in group), max(row for row, _ in group)
        left, right = min(column for _, column in group), max(column for _, column in group)
        if high > low and right > left:
            spaces = walls.numbered(range(low, high + 1), range(left, right + 1))
            closed = {spaces[row - low, column - left] for row, column in group}
            yield Lattice(
                xs=tuple(xs[left : right + 2]),
                ys=tuple(ys[low : high + 2]),
                spaces=spaces,
                open=frozenset(spaces.values()) - closed,
            )


def _side_by_side(spots: set[Spot]) -> Iterator[set[Spot]]:
    """The spots in groups that hang together."""
    left = set(spots)
    while left:
        first = left.pop()
        group, waiting = {first}, [first]
        while waiting:
            row, column = waiting.pop()
            for other in ((row, column + 1), (row, column - 1), (row + 1, column), (row - 1, column)):
                if other in left:
                    left.remove(other)
                    group.add(other)
                    waiting.append(other)
        yield group


class _Walls:
    """The finest grid of some lines, and where on it there is a wall."""

    def __init__(
        self, xs: Sequence[float], ys: Sequence[float], rows: Sequence[Stroke], columns: Sequence[Stroke]
    ) -> None:
        self._high, self._wide = len(ys) - 1, len(xs) - 1
        row_at = {y: row for row, y in enumerate(ys)}
        column_at = {x: column for column, x in enumerate(xs)}
        self._below = {(row_at[y], column) for y, x0, x1 in rows for column in _between(xs, x0, x1)}
        self._before = {(row, column_at[x]) for x, y0, y1 in columns for row in _between(ys, y0, y1)}

    def closed(self) -> set[Spot]:
        """The spots from which there is no way out."""
        rows, columns = range(self._high), range(self._wide)
        outside = [(row, column) for row in rows for column in (0, self._wide - 1)]
        outside += [(row, column) for row in (0, self._high - 1) for column in columns]
        reached: set[Spot] = set()
        for spot in outside:
            if spot not in reached and self._opens(spot):
                reached |= self._space(spot, rows, columns)
        return {(row, column) for row in rows for column in columns} - reached

    def numbered(self, rows: range, columns: range) -> dict[Spot, int]:
        """The number of the space of each spot of a part of the grid whose edges are taken for walls."""
        numbers: dict[Spot, int] = {}
        for spot in product(rows, columns):
            if spot not in numbers:
                numbers |= dict.fromkeys(self._space(spot, rows, columns), len(numbers))
        return {(row - rows[0], column - columns[0]): number for (row, column), number in numbers.items()}

    def _opens(self, spot: Spot) -> bool:
        """Whether the spot, at the edge of the grid, has no wall to the outside."""
        row, column = spot
        return (
            (column == 0 and (row, 0) not in self._before)
            or (column == self._wide - 1 and (row, self._wide) not in self._before)
            or (row == 0 and (0, column) not in self._below)
            or (row == self._high - 1 and (self._high, column) not in self._below)
        )

    def _space(self, spot: Spot, rows: range, columns: range) -> set[Spot]:
        """All spots that can be reached from one without crossing a wall or leaving the part."""
        reached, waiting = {spot}, [spot]
        while waiting:
            for other in self._ways(*waiting.pop()):
                if other not in reached and other[0] in rows and other[1] in columns:
                    reached.add(other)
                    waiting.append(other)
        return reached

    def _ways(self, row: int, column: int) -> Iterator[Spot]:
        if (row, column) not in self._before:
            yield row, column - 1
        if (row, column + 1) not in self._before:
            yield row, column + 1
        if (row, column) not in self._below:
            yield row - 1, column
        if (row + 1, column) not in self._below:
            yield row + 1, column


def _between(places: Sequence[float], start: float, end: float) -> Iterator[int]:
    """The gaps between the places that a line from start to end fills for the most part."""
    for number in range(max(bisect_left(places, start) - 1, 0), min(bisect_right(places, end), len(places) - 1)):
        if start <= (places[number] + places[number + 1]) / 2 <= end:
            yield number
