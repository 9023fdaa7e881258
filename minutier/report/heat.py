"""The completeness ledger drawn: a strip of months for each source, and calendars of twelve columns.

Each mark has a shape of its own, so that nothing depends on colour: complete against an official table is a whole bar,
complete against the site's own list a lower one (that the list is whole is not known), a gap a bar broken in the
middle, an explained gap the same with a piece put back, unknown a short dash that never looks full, outside the period
on-line a point on the ground.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup

Json = Mapping[str, Any]
MARKS = ("complete", "listed", "gap", "explained", "unknown", "outside")
SIGNS = {"complete": "●", "listed": "◐", "gap": "✕", "explained": "⊘", "unknown": "?", "outside": "·"}
"""How a mark is written where there is text only."""
HEIGHT = 18
STROKES = {
    "complete": "v18",
    "listed": "m0 5v13",
    "gap": "v6m0 6v6",
    "explained": "v6m0 2v2m0 2v6",
    "unknown": "m0 8v3",
    "outside": "m0 16v2",
}
"""The strokes of one month, from the top of its strip."""
WIDEST = 840
BETWEEN = 3
"""Between two years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Where each month of a strip stands: every strip of a report has the same."""

    first: int
    last: int
    pitch: float
    """From one month to the next, in pixels."""

    @property
    def years(self) -> range:
        """The years that are drawn."""
        return range(self.first, self.last + 1)

    @property
    def year_width(self) -> float:
        """What a year takes, with what is left free after it."""
        return 12 * self.pitch + BETWEEN

    @property
    def width(self) -> float:
        """What all years take."""
        return len(self.years) * self.year_width

    def place(self, month: str) -> float:
        """Return where the middle of a month stands."""
        year, number = int(month[:4]), int(month[5:7])
        return (year - self.first) * self.year_width + (number - 0.5) * self.pitch


def scale_of(sources: Sequence[Json]) -> Scale | None:
    """Return the scale that shows every month of a ledger, nothing where it has no month."""
    years = [int(month["month"][:4]) for source in sources for month in source["months"]]
    if not years:
        return None
    first, last = min(years), max(years)
    pitch = (WIDEST / (last - first + 1) - BETWEEN) / 12
    return Scale(first=first, last=last, pitch=min(24.0, max(1.25, int(pitch * 4) / 4)))


def marks_of(source: Json) -> dict[str, str]:
    """Return the mark of each month of a source; a gap is explained once all of it is."""
    open_gaps = {gap["month"] for gap in source["gaps"] if not gap["explained"]}
    told = {gap["month"] for gap in source["gaps"] if gap["explained"]} - open_gaps
    return {month["month"]: _mark(month, told) for month in source["months"]}


def _mark(month: Json, told: set[str]) -> str:
    if month["state"] == "gap" and month["month"] in told:
        return "explained"
    if month["state"] == "complete" and month["against"] == "own_list":
        return "listed"
    return str(month["state"])


def strip(marks: Mapping[str, str], scale: Scale, label: str) -> Markup:
    """Return the months of one source as a drawing."""
    drawn = []
    for mark in MARKS:
        places = [scale.place(month) for month, each in marks.items() if each == mark]
        if places:
            strokes = "".join(f"M{place:g} 0{STROKES[mark]}" for place in places)
            drawn.append(Markup('<path class="{}" d="{}"/>').format(mark, strokes))
    return _svg(scale.width, scale.pitch, label, drawn)


def axis(scale: Scale) -> Markup:
    """Return the years above the strips: every year, or as many of them as there is room for."""
    step = next(step for step in (1, 2, 5, 10) if step * scale.year_width >= 27)
    drawn = []
    for year in scale.years:
        if (year - scale.first) % step == 0 or step == 1:
            left = (year - scale.first) * scale.year_width
            drawn.append(
                Markup('<path d="M{:g} 18v-5"/><text x="{:g}" y="10">{}</text>').format(left + 0.5, left, year)
            )
    head = Markup('<svg class="axis" aria-hidden="true" viewBox="0 0 {:g} {}" width="{:g}" height="{}">')
    return head.format(scale.width, HEIGHT, scale.width, HEIGHT) + Markup("").join(drawn) + Markup("</svg>")


def sample(mark: str, label: str) -> Markup:
    """Return one mark, as it stands in the legend."""
    return _svg(10, 6, label, [Markup('<path class="{}" d="M5 0{}"/>').format(mark, STROKES[mark])])


def _svg(width: float, pitch: float, label: str, drawn: list[Markup]) -> Markup:
    stroke = pitch - (0.5 if pitch < 4 else 1 if pitch < 10 else 2)
    head = Markup(
        '<svg class="strip" role="img" aria-label="{}" viewBox="0 0 {:g} {}" width="{:g}" height="{}"'
        ' preserveAspectRatio="none" stroke-width="{:g}">'
    )
    return head.format(label, width, HEIGHT, width, HEIGHT, stroke) + Markup("").join(drawn) + Markup("</svg>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One year of a calendar, or several that say the same."""

    first: int
    last: int
    cells: tuple[tuple[str, int], ...]
    """Of each month the mark and how many documents were kept; an empty mark where the ledger has no month."""
    sums: tuple[int, ...]
    """Announced, fetched, extracted, kept."""

    @property
    def label(self) -> str:
        """The year, or the first and the last."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


COUNTS = ("announced", "fetched", "extracted", "kept")


def calendar(source: Json) -> list[Row]:
    """Return a source's years, the newest first; years that follow each other and say the same are one row."""
    marks, months = marks_of(source), {month["month"]: month for month in source["months"]}
    years = sorted({month[:4] for month in months}, reverse=True)
    return list(_folded(_year(int(year), marks, months) for year in years))


def _year(year: int, marks: Mapping[str, str], months: Mapping[str, Json]) -> Row:
    names = [f"{year}-{number:02}" for number in range(1, 13)]
    cells = tuple((marks.get(name, ""), months[name]["kept"] or 0 if name in months else 0) for name in names)
    there = [months[name] for name in names if name in months]
    sums = tuple(sum(month[count] or 0 for month in there) for count in COUNTS)
    return Row(first=year, last=year, cells=cells, sums=sums)


def _folded(rows: Iterable[Row]) -> Iterator[Row]:
    """Fold rows without any document that are alike and stand next to each other."""
    for (_, cells, sums), alike in groupby(
        rows, key=lambda row: (bool(any(row.sums)) and row.first, row.cells, row.sums)
    ):
        each = list(alike)
        yield Row(first=each[-1].first, last=each[0].last, cells=cells, sums=sums)


def counted(marks: Iterable[str]) -> dict[str, int]:
    """Return how many months have each mark, all marks named."""
    found = Counter(marks)
    return {mark: found[mark] for mark in MARKS}
