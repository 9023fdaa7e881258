"""Deliberations of an open-data table (SCDL 2.1.4): one record a row, whatever became of the column names.

Files drift from their schema: VOTE_EFFFECTIF, VOTE_ABST, column_18, accents that were lost. A name is compared
without what drifts; a column that stays unknown is a claim under its own name.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files

import yaml

from extract.clean import clean, one_line
from extract.dateforms import dates_in
from extract.encoding import decode
from extract.model import Claim, Extraction, Hints, Record
from extract.office.blocks import BAR

KIND = "scdl"
MAX_RECORDS = 200_000
MAX_QUOTE = 200
MAX_VALUE = 5_000
_HEAD_ROWS = 20
_LONG = 8
"""Letters of a name in which one that is wrong leaves no doubt which name was meant."""
_UNNAMED = re.compile(r"(?:COLUMN|COLONNE|UNNAMED|FIELD|CHAMP)?\d*")

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns of the schema."""

    names: dict[str, str]
    """The field by every folded name."""
    shown: dict[str, str]
    """The name in the schema by field."""
    required: tuple[str, ...]
    counts: frozenset[str]
    dates: frozenset[str]

    def field(self, name: str) -> str:
        """The field of a column by its name, or by a name that one letter sets apart; nothing for the others."""
        folded = _folded(name)
        if folded in self.names or len(folded) < _LONG or any(map(str.isdigit, folded)):
            return self.names.get(folded, "")
        near = get_close_matches(folded, self.names, n=1, cutoff=0.9)
        return self.names[near[0]] if near else ""


def read(extraction: Extraction, body: bytes, hints: Hints) -> tuple[Record, ...]:
    """The deliberations of a table; none where a required column is missing (`missing_columns` says which)."""
    return tuple(_records(_table(extraction, body, hints)))[:MAX_RECORDS]


def missing_columns(extraction: Extraction, body: bytes, hints: Hints) -> tuple[str, ...]:
    """The required columns that a table has not, by their names in the schema."""
    columns = _columns()
    head, _ = _table(extraction, body, hints)
    there = {columns.field(name) for name in head}
    return tuple(columns.shown[field] for field in columns.required if field not in there)


@lru_cache(maxsize=1)
def _columns() -> Columns:
    said = yaml.safe_load(files("extract.records").joinpath("scdl.yaml").read_text(encoding="utf-8"))
    return Columns(
        names={_folded(name): field for field, names in said["columns"].items() for name in names},
        shown={field: names[0] for field, names in said["columns"].items()},
        required=tuple(said["required"]),
        counts=frozenset(said["counts"]),
        dates=frozenset(said["dates"]),
    )


def _folded(name: str) -> str:
    """A column's name in capitals without accents and signs."""
    return re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFD", name.upper()))


def _table(extraction: Extraction, body: bytes, hints: Hints) -> tuple[Row, list[Row]]:
    """The head and the rows of the table that looks most like the schema."""
    if body.lstrip()[:1] in (b"[", b"{"):
        return _of_json(body, hints)
    found: list[tuple[int, Row, list[Row]]] = []
    for table in extraction.tables:
        rows = [tuple(line.split(BAR)) for line in extraction.text[table.start : table.end].split("\n")]
        # Some files have a title or a note above the head.
        known, place = max((_known(row), -number) for number, row in enumerate(rows[:_HEAD_ROWS]))
        found.append((known, rows[-place], rows[1 - place :]))
    best = max(found, key=lambda each: each[0], default=(0, (), []))
    return best[1], best[2]


def _known(row: Row) -> int:
    return sum(bool(_columns().field(name)) for name in row[:100] if len(name) < 60)


def _of_json(body: bytes, hints: Hints) -> tuple[Row, list[Row]]:
    """The objects of a list, or of the list inside an object, as rows; keys of the first ones are the head."""
    try:
        said = json.loads(decode(body, hints).text)
    except (ValueError, RecursionError):
        return (), []
    if isinstance(said, dict):
        said = next((value for value in said.values() if isinstance(value, list)), [])
    objects = [_flat(entry) for entry in said if isinstance(entry, dict)] if isinstance(said, list) else []
    head = tuple(dict.fromkeys(str(name) for entry in objects[:100] for name in entry))
    return head, [tuple(_written(entry.get(name)) for name in head) for entry in objects[:MAX_RECORDS]]


def _flat(entry: dict[str, object]) -> dict[str, object]:
    """The object that holds the columns: portals put it under `fields` or `properties`."""
    for name in ("fields", "properties", "record"):
        inner = entry.get(name)
        if isinstance(inner, dict):
            return inner
    return entry


def _written(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return clean(str(value)) if isinstance(value, str | int | float) else ""


def _records(table: tuple[Row, list[Row]]) -> Iterator[Record]:
    head, rows = table
    columns = _columns()
    fields = [columns.field(name) for name in head]
    if not all(field in fields for field in columns.required):
        return
    for number, row in enumerate(rows, 1):
        claims = tuple(_claims(zip(head, fields, row, strict=False), columns))
        if any(claim.name in ("number", "title") for claim in claims):
            yield Record(kind=KIND, key=_key(claims, number), claims=claims)


def _key(claims: Iterable[Claim], number: int) -> str:
    """SIRET, day and number: a number alone comes again in each session and in each town."""
    said = {claim.name: claim.value for claim in claims}
    if "number" not in said:
        return f"#{number}"
    return one_line("/".join(said[name] for name in ("siret", "date", "number") if name in said), limit=100)


def _claims(cells: Iterable[tuple[str, str, str]], columns: Columns) -> Iterator[Claim]:
    for name, field, cell in cells:
        printed = one_line(cell, limit=MAX_VALUE)
        if not printed or (not field and _UNNAMED.fullmatch(_folded(name))):
            continue
        value = _value(field, printed, columns)
        if value:
            label = field or f"other:{one_line(name, limit=80)}"
            yield Claim(name=label, value=value, quote=one_line(printed, limit=MAX_QUOTE))


def _value(field: str, printed: str, columns: Columns) -> str:
    """The value in one form: days as ISO dates, counts as digits; nothing where a count is no number."""
    if field in columns.counts:
        digits = re.fullmatch(r"(\d{1,4})(?:[.,]0+)?", printed)
        return str(int(digits[1])) if digits else ""
    if field in columns.dates:
        dates = dates_in(printed)
        return dates[0].value if len(dates) == 1 else printed
    return re.sub(r"\s", "", printed) if field == "siret" else printed
