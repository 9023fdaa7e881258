"""Records of an atlas of decentralised cooperation: one reader for its pages, its lists and its tables.

Each value is a claim with the words it was read from: two records of one twinning disagree often enough. Names of
persons and the ways to reach them are left in the text and made no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from extract.clean import one_line
from extract.dateforms import dates_in
from extract.model import Claim, Extraction, Hints, Record
from extract.office.labels import Labels, folded, labels_of
from extract.office.shapes import Row, is_row_of, shapes

KIND = "cncd"
MAX_RECORDS = 50_000
MAX_VALUE = 5_000
MAX_QUOTE = 200
_FOUND_BY = frozenset(["project", "title", "lead", "partner", "country"])
_YEAR = re.compile(r"(?:19|20)\d{2}")
_ADDRESS = re.compile(r"[^\s@;]+@[^\s@;]+\.\w+|(?:\+33|0)[\s.]?\d(?:[\s.]?\d{2}){4}\b")

Pair = tuple[str, str, str]
"""Label, value, and the words that quote both."""


def read(extraction: Extraction, body: bytes, hints: Hints) -> tuple[Record, ...]:
    """The records of a page or a table, in its order; none where it is no atlas."""
    labels = labels_of(KIND)
    found = shapes(extraction, body, hints)
    pairs: list[Pair] = []
    records: list[Record] = []
    for grid in found.grids:
        if is_row_of(map(labels.field, grid[0])):
            records.extend(_of_rows(grid, labels, len(records)))
        else:
            pairs.extend(_pairs(grid, labels, extraction.text))
    if not records and not pairs:
        known = ((label, value) for label, value in found.lines if labels.field(label))
        pairs = [(label, value, _quote(label, value, extraction.text)) for label, value in known]
    for group in _groups(pairs, labels):
        records.extend(_record(group, labels, len(records) + 1))
    return tuple(records[:MAX_RECORDS])


def _of_rows(grid: tuple[Row, ...], labels: Labels, before: int) -> Iterator[Record]:
    """One record for each row under a head of labels."""
    head, *rows = grid
    number = before
    for row in rows[:MAX_RECORDS]:
        pairs = [(label, value, value) for label, value in zip(head, row, strict=False)]
        for record in _record(pairs, labels, number + 1):
            number += 1
            yield record


def _pairs(grid: tuple[Row, ...], labels: Labels, text: str) -> list[Pair]:
    """The labels and values that stand beside each other, if enough labels of this table are known."""
    found = [
        (row[place], row[place + 1])
        for row in grid
        if len(row) >= 2 and len(row) % 2 == 0
        for place in range(0, len(row), 2)
        if row[place].strip()
    ]
    if sum(bool(labels.field(label)) for label, _ in found) < 3:
        return []
    return [(label, value, _quote(label, value, text)) for label, value in found]


def _quote(label: str, value: str, text: str) -> str:
    """Label and value as they stand in the text, or the value alone."""
    flat = one_line(value, limit=MAX_VALUE)
    for between in (" | ", " : ", ": ", "\n- ", "\n", " "):
        if (words := f"{label}{between}{flat}"[:MAX_QUOTE]) in text:
            return words
    return flat[:MAX_QUOTE]


def _groups(pairs: Iterable[Pair], labels: Labels) -> Iterator[list[Pair]]:
    """The pairs of each record: where the number or the title comes again, another begins."""
    group: list[Pair] = []
    seen: set[str] = set()
    for pair in pairs:
        field = labels.field(pair[0])
        if field in ("project", "title") and field in seen:
            yield group
            group, seen = [], set()
        group.append(pair)
        seen.add(field)
    yield group


def _record(pairs: list[Pair], labels: Labels, number: int) -> Iterator[Record]:
    """The record of these pairs, if it says enough to be one."""
    fields = {labels.field(label) for label, value, _ in pairs if value.strip()} - {""}
    if len(fields) < 3 or not fields & _FOUND_BY:
        return
    claims = tuple(claim for pair in pairs for claim in _claims(pair, labels))
    key = next((claim.value for claim in claims if claim.name == "project"), f"#{number}")
    yield Record(kind=KIND, key=one_line(key, limit=100), claims=claims)


def _claims(pair: Pair, labels: Labels) -> Iterator[Claim]:
    label, printed, quote = pair
    name = labels.field(label)
    if not printed.strip() or labels.is_personal(label) or (not name and _ADDRESS.search(printed)):
        return
    name = name or f"other:{one_line(label, limit=80).rstrip(' :')}"
    for value in _values(name, printed, labels):
        yield Claim(name=name, value=value, quote=quote[:MAX_QUOTE])


def _values(name: str, printed: str, labels: Labels) -> list[str]:
    """What a field says: several values apart, days as ISO dates, known terms under one name."""
    if name in labels.several:
        parts = (one_line(part, limit=500) for part in re.split(r"[;\n•]|(?<=\s)/(?=\s)", printed))
        return [part for part in parts if part]
    flat = one_line(printed, limit=MAX_VALUE)
    if name in labels.dates:
        return [_day(flat)]
    return [labels.values.get((name, folded(flat)), flat)]


def _day(printed: str) -> str:
    """The date in ISO form where the words hold one date and no more; else the words."""
    dates = dates_in(printed)
    if len(dates) == 1 and dates[0].value[:1] != "-":
        return dates[0].value
    years = _YEAR.findall(printed)
    return years[0] if not dates and len(years) == 1 and len(printed) < 30 else printed
