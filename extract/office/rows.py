"""Tables that are files: the rows of a sheet or of a CSV file as a text, within limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from extract.model import Extraction, Quality, Table
from extract.office.blocks import Block, Grid, compose

MAX_ROWS = 200_000
MAX_COLUMNS = 1_000
MAX_EMPTY = 10_000
"""So many empty rows one after the other end a sheet: a format that was set down to its last line has no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of one sheet, and what is to be known of it."""

    rows: tuple[tuple[str, ...], ...]
    name: str = ""
    cut: bool = False
    """There were more rows or columns than are read."""
    hidden: bool = False


def sheet(rows: Iterable[Sequence[object]], *, name: str = "", hidden: bool = False, most: int = MAX_ROWS) -> Sheet:
    """The sheet of these rows, without its empty ones, cut where it is too long or too wide."""
    kept: list[tuple[str, ...]] = []
    cut = False
    for row in _until_empty(rows):
        if len(kept) >= most:
            return Sheet(rows=tuple(kept), name=name, hidden=hidden, cut=True)
        cut = cut or len(row) > MAX_COLUMNS
        kept.append(tuple(written(cell) for cell in islice(row, MAX_COLUMNS)))
    return Sheet(rows=tuple(kept), name=name, hidden=hidden, cut=cut)


def _until_empty(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    empty = 0
    for row in rows:
        if any(cell is not None and str(cell).strip() for cell in row):
            empty = 0
            yield row
            continue
        empty += 1
        if empty > MAX_EMPTY:
            return


def written(cell: object) -> str:
    """The cell as its reader sees it: 12 and not 12.0, 2024-05-27 and not midnight of that day."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell).removesuffix(" 00:00:00")


def text_of(sheets: Sequence[Sheet]) -> tuple[str, tuple[Table, ...]]:
    """One text for all sheets, each under its name where there are several."""

    def blocks() -> Iterator[Block]:
        for each in sheets:
            if each.name and len(sheets) > 1:
                yield ""
                yield each.name
            if each.rows:
                yield Grid(rows=each.rows)

    return compose(blocks())


def doubts(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """Why these sheets are not all that the file says."""
    cut = sum(each.cut for each in sheets)
    return (f"Cut at {MAX_ROWS} rows or {MAX_COLUMNS} columns.",) if cut else ()


def extraction(
    sheets: Sequence[Sheet],
    *,
    name: str,
    engine: str,
    media_type: str,
    reasons: tuple[str, ...] = (),
    figures: dict[str, float | int | str] | None = None,
) -> Extraction:
    """The extraction of a file that is a table."""
    text, tables = text_of(sheets)
    why = (*doubts(sheets), *reasons)
    hidden = [each.name for each in sheets if each.hidden]
    counted: dict[str, float | int | str] = {
        "rows": sum(len(each.rows) for each in sheets),
        "sheets": len(sheets),
        "tables": len(tables),
        **({"hidden_sheets": len(hidden)} if hidden else {}),
        **(figures or {}),
    }
    return Extraction(
        extractor=name,
        engine=engine,
        media_type=media_type,
        text=text,
        tables=tables,
        quality=Quality(verdict="suspect" if why else "good", reasons=why, figures=counted),
    )
