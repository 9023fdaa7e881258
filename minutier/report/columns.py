"""Documents by year as columns: a drawing of our own, without a script and without a library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

HEIGHT = 170
TOP, LEFT, BOTTOM = 18, 46, 24
EMPTY_YEARS = 4
"""So many years without a document, one after the other, are drawn as a break."""
BREAK = "⋯"
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: a year, a break in the years (no number), or what has no year."""

    label: str
    number: int | None
    undated: bool = False


def columns_of(by_year: Mapping[str, int], undated_label: str) -> list[Column]:
    """Return the columns of a table of years, oldest first, empty years between them included.

    >>> [c.label for c in columns_of({"2001": 1, "2003": 2, "1990": 1, "unknown": 4}, "s. d.")]
    ['1990', '⋯', '2001', '2002', '2003', 's. d.']
    """
    years = sorted(int(year) for year in by_year if year.isdecimal())
    made: list[Column] = []
    for before, year in zip([years[0] if years else 0, *years], years, strict=False):
        empty = list(range(before + 1, year))
        if len(empty) >= EMPTY_YEARS:
            made.append(Column(label=BREAK, number=None))
        else:
            made += [Column(label=str(each), number=0) for each in empty]
        made.append(Column(label=str(year), number=by_year[f"{year:04}"]))
    undated = sum(n for year, n in by_year.items() if not year.isdecimal())
    return [*made, Column(label=undated_label, number=undated, undated=True)] if undated else made


def ticks(largest: int) -> list[int]:
    """Return three to six round numbers from nought to the first one that is not below the largest.

    >>> ticks(7), ticks(163), ticks(1)
    ([0, 2, 4, 6, 8], [0, 50, 100, 150, 200], [0, 1])
    """
    step = next(s * 10**power for power in range(12) for s in STEPS if s * 10**power * 4 >= largest)
    return (
        list(range(0, max(largest, 1) + step, step))
        if largest % step or not largest
        else list(range(0, largest + 1, step))
    )


def drawn(columns: Sequence[Column], label: str, spelled: Callable[[int], str]) -> Markup:
    """Return the columns as a drawing, each with its number above it."""
    largest = max((column.number or 0 for column in columns), default=0)
    lines = ticks(largest)
    pitch = max(32, *(7 * len(spelled(column.number or 0)) + 6 for column in columns))
    widths = [pitch + 40 if column.undated else pitch for column in columns]
    width, floor = LEFT + sum(widths) + 6, TOP + HEIGHT
    parts = [_line(tick, floor - HEIGHT * tick / lines[-1], width, spelled) for tick in lines]
    left = float(LEFT)
    for column, wide in zip(columns, widths, strict=True):
        top = floor - HEIGHT * (column.number or 0) / lines[-1]
        parts.append(_column(column, left + wide / 2, top, floor, spelled))
        left += wide
    head = Markup('<svg class="columns" role="img" aria-label="{}" viewBox="0 0 {:g} {:g}" width="{:g}" height="{:g}">')
    height = floor + BOTTOM
    return head.format(label, width, height, width, height) + Markup("").join(parts) + Markup("</svg>")


def _line(tick: int, y: float, width: float, spelled: Callable[[int], str]) -> Markup:
    line = Markup('<path class="line" d="M{} {:.1f}H{:g}"/>').format(LEFT, y, width)
    return line + Markup('<text class="tick" x="{}" y="{:.1f}">{}</text>').format(LEFT - 8, y + 4, spelled(tick))


def _column(column: Column, middle: float, top: float, floor: float, spelled: Callable[[int], str]) -> Markup:
    label = Markup('<text x="{:g}" y="{:g}">{}</text>').format(middle, floor + 17, column.label)
    if not column.number:
        return label
    kind = "undated" if column.undated else "year"
    bar = Markup('<rect class="{}" x="{:g}" y="{:.1f}" width="22" height="{:.1f}"/>')
    above = Markup('<text class="number" x="{:g}" y="{:.1f}">{}</text>')
    number = above.format(middle, top - 5, spelled(column.number))
    return bar.format(kind, middle - 11, top, floor - top) + number + label
