"""Paragraphs and tables as one clean text, with the exact place of each table in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extract.clean import clean, one_line
from extract.model import Table

BAR = " | "
MAX_CELL_LINES = 6
MAX_CELL = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The rows of a table as they were written, cells of any length."""

    rows: tuple[tuple[str, ...], ...]


Block = str | Grid
"""A paragraph, or a table."""


def compose(blocks: Iterable[Block]) -> tuple[str, tuple[Table, ...]]:
    """One text and the places of its tables; both stay as they are when the text is cleaned again."""
    parts: list[str] = []
    tables: list[Table] = []
    place = 0
    for block in blocks:
        part = clean(block) if isinstance(block, str) else "\n".join(_lines(block))
        if not part and (not parts or not parts[-1]):
            continue  # one empty line says as much as ten
        if part and isinstance(block, Grid):
            tables.append(_table(block, part, place))
        parts.append(part)
        place += len(part) + 1
    while parts and not parts[-1]:
        parts.pop()
    return "\n".join(parts), tuple(tables)


def flowing(rows: Iterable[tuple[str, ...]]) -> Iterator[Block]:
    """The table, or its cells one after the other where it was drawn to lay out a page and not to compare.

    Towns put a whole session into the right column of a table and the coat of arms into the left one: as a row
    it would be one line of ten thousand characters.
    """
    held: list[tuple[str, ...]] = []
    for row in rows:
        if not any(_is_page(cell) for cell in row):
            held.append(row)
            continue
        if held:
            yield Grid(rows=tuple(held))
            held = []
        for cell in row:
            yield from ("", cell)
    if held:
        yield Grid(rows=tuple(held))


def cells(row: Iterable[object]) -> str:
    """The line of a row: cells on one line each, without the empty ones at its end."""
    words = [one_line(str(cell), limit=20_000) if cell is not None else "" for cell in row]
    while words and not words[-1]:
        words.pop()
    return BAR.join(words)


def _is_page(cell: str) -> bool:
    return len(cell) > MAX_CELL or sum(bool(line.strip()) for line in cell.split("\n")) > MAX_CELL_LINES


def _lines(grid: Grid) -> Iterator[str]:
    return (line for line in (clean(cells(row)) for row in grid.rows) if line)


def _table(grid: Grid, part: str, place: int) -> Table:
    columns = max(map(len, grid.rows))
    return Table(page=0, start=place, end=place + len(part), rows=part.count("\n") + 1, columns=columns)
