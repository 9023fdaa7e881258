"""Tables of documents: CSV, JSON and XLSX, with the columns of SCDL and the names they drift to."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import islice
from typing import Any, Literal

from crawlers.reading.entries import Entry, Unreadable, absolute, iso_day, shown
from crawlers.reading.trees import as_text
from crawlers.reading.workbooks import workbook_rows

MOST_ROWS = 200_000
LONGEST_CELL = 2**17
HEAD_ROWS = 20
SAMPLE = 50  # rows that tell one separator from another
SEPARATORS = ";,\t|"
FieldName = Literal["link", "title", "date", "number", "subject", "changed", "content"]
FIELDS: Mapping[FieldName, tuple[str, ...]] = {
    "link": (
        "DELIB_URL",
        "DELIBERATION_URL",
        "URL_DELIB",
        "URL_DELIBERATION",
        "URL",
        "LIEN",
        "LINK",
        "HREF",
        "FICHIER",
    ),
    "title": ("DELIB_OBJET", "DELIBERATION_OBJET", "OBJET_DELIB", "OBJET", "TITRE", "TITLE", "INTITULE", "LIBELLE"),
    "date": ("DELIB_DATE", "DELIBERATION_DATE", "DATE_DELIB", "DATE_DELIBERATION", "DATE_SEANCE", "DATE"),
    "number": ("DELIB_ID", "DELIBERATION_ID", "ID_DELIB", "DELIB_NUMERO", "DELIB_NUM", "NUMERO_DELIBERATION", "NUMERO"),
    "subject": ("DELIB_MATIERE_NOM", "MATIERE_NOM", "DELIB_NOM_MATIERE", "DELIB_MATIERE", "MATIERE", "THEME"),
    "changed": ("CHANGED",),
    "content": (),
}
"""What is read of a row, and the columns it is looked for in, the best first."""

Row = Mapping[str, str]
Columns = Mapping[FieldName, Sequence[str]]
"""Names of columns by field, instead of those of `FIELDS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a table lists."""

    entries: tuple[Entry, ...]
    unlinked: tuple[int, ...] = ()
    """The rows without an address, counted from 1 below the head."""
    cut: bool = False
    """Whether there are more rows than are read."""


def read_table(
    body: bytes, headers: Mapping[str, str], url: str, columns: Columns, languages: tuple[str, ...] = ()
) -> Table:
    """Return what a table lists. Raises Unreadable where it is none, or no column holds links."""
    if body.startswith(b"PK\x03\x04"):
        return _best(workbook_rows(body, MOST_ROWS + HEAD_ROWS), url, columns)
    if body.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise Unreadable("is no CSV, JSON or XLSX table: save it as one of them, or look for another address")
    text = as_text(body, headers, url, languages)
    if re.match(r"(?i)<(!doctype|html|\?xml)", text):
        raise Unreadable(f"is no table: it begins with {shown(text)}")
    if text.startswith(("[", "{")):
        return entries_of(rows_of_json(text), url, columns)
    return _best([_of_csv(text)], url, columns)


def entries_of(rows: Iterable[Row], url: str, columns: Columns) -> Table:
    """Return what rows list, each a mapping from column to cell. Raises Unreadable where none has the link column."""
    kept = list(islice(rows, MOST_ROWS + 1))
    names = list(dict.fromkeys(name for row in kept[:1000] for name in row))
    places = found_columns(names, columns)
    if kept and "link" not in places:
        looked = ", ".join(_looked_for("link", columns))
        raise Unreadable(f"has no column for `link` (looked for {looked}; it has {', '.join(names[:20]) or 'none'})")
    by_url: dict[str, Entry] = {}
    unlinked: list[int] = []
    for number, row in enumerate(kept[:MOST_ROWS], 1):
        entry = _entry(row, places, url)
        if entry.url:
            by_url[entry.url] = _agreed(by_url[entry.url], entry) if entry.url in by_url else entry
        else:
            unlinked.append(number)
    return Table(entries=tuple(by_url.values()), unlinked=tuple(unlinked), cut=len(kept) > MOST_ROWS)


def found_columns(names: Iterable[str], columns: Columns) -> dict[FieldName, str]:
    """Return the column of each field that is there."""
    there = {folded(name): name for name in reversed(list(names))}
    wanted = {each: [folded(name) for name in _looked_for(each, columns)] for each in FIELDS}
    places = {each: next((there[name] for name in names if name in there), "") for each, names in wanted.items()}
    return {each: name for each, name in places.items() if name}


def _looked_for(each: FieldName, columns: Columns) -> Sequence[str]:
    return columns.get(each, FIELDS[each])


def folded(name: str) -> str:
    """Return a column's name without what drifts: case, accents, signs.

    >>> folded("Délib. objet") == folded("DELIB_OBJET")
    True
    """
    return re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFD", name.upper()))


def _entry(row: Row, places: Mapping[FieldName, str], url: str) -> Entry:
    said = {each: " ".join(row.get(name, "").split()) for each, name in places.items()}
    printed = said.get("date", "")
    return Entry(
        url=_target(said.get("link", ""), url),
        title=said.get("title", ""),
        day=iso_day(printed) or printed,
        about=", ".join(filter(None, (said.get("number"), said.get("subject")))),
        changed=iso_day(said.get("changed", "")),
        html=_html(row.get(places.get("content", ""), "")),
    )


def _html(content: str) -> str:
    """Return the content of a cell as HTML: plain words become paragraphs."""
    if "<" in content:
        return content
    return "".join(f"<p>{escape(line)}</p>" for line in content.splitlines() if line.strip())


def _target(cell: str, url: str) -> str:
    """Return the address in a cell; a mere word such as `néant` is none."""
    words = cell.split(" ", maxsplit=1)[0] if cell.startswith(("http://", "https://")) else cell
    if re.match(r"(?i)www\.\w", words):
        words = f"https://{words}"
    is_path = "/" in words or re.search(r"\.[A-Za-z]\w{1,4}$", words)
    return absolute(words, url) if is_path else ""


def _agreed(one: Entry, other: Entry) -> Entry:
    """Return what two rows with one address both say: a file that holds many acts is none of them."""
    differing = {name: "" for name in ("title", "day", "about", "html") if getattr(one, name) != getattr(other, name)}
    return replace(one, **differing)


def _best(tables: Iterable[list[list[str]]], url: str, columns: Columns) -> Table:
    """Return what the table lists whose head has most of the columns."""
    heads = [(rows, _head(rows, columns)) for rows in tables if rows]
    if not heads:
        raise Unreadable("is empty")
    rows, at = max(heads, key=lambda each: len(found_columns(each[0][each[1]], columns)))
    below = [dict(zip(rows[at], row, strict=False)) for row in rows[at + 1 :]]
    found = entries_of(below or [dict.fromkeys(rows[at], "")], url, columns)
    return found if below else Table(entries=())


def _head(rows: Sequence[list[str]], columns: Columns) -> int:
    """Return which row names the columns: among the first the one with most known names; titles may stand above."""
    first = rows[:HEAD_ROWS]
    known = [(len(found_columns(row, columns)), sum(map(bool, row)), -at) for at, row in enumerate(first)]
    return -max(known)[2]


def _of_csv(text: str) -> list[list[str]]:
    """Return the rows of a CSV, empty ones left out."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text))
        found = [row for row in islice(rows, MOST_ROWS + HEAD_ROWS) if any(row)]
    except csv.Error as error:
        raise Unreadable(f"cannot be read as CSV ({error})") from None
    # Python's own limit is one for the whole process, and libraries move it.
    if any(len(cell) > LONGEST_CELL for row in found for cell in row):
        raise Unreadable(f"cannot be read as CSV (a cell of more than {LONGEST_CELL} characters: an open quotation?)")
    return found


def separator(text: str) -> str:
    """Return the sign between the cells of a CSV: the one by which most rows have the same number of cells.

    >>> separator("a;b;c\\n1,5;2,5;3,5\\n1;2;3\\n")
    ';'
    """
    return max(SEPARATORS, key=lambda sign: _evenness(text, sign))


def _evenness(text: str, sign: str) -> tuple[float, int]:
    rows = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=sign)
    widths = [len(row) for row in islice(rows, SAMPLE) if row]
    usual = max((width for width in widths if width > 1), key=widths.count, default=0)
    return (widths.count(usual) / len(widths), usual) if usual else (0.0, 0)


def rows_of_json(text: str) -> list[Row]:
    """Return the objects of the first list of objects in some JSON, as rows. Raises Unreadable where there is none."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("begins like JSON, and cannot be read as JSON") from None
    listed = _list_within(said)
    if listed is None:
        raise Unreadable("is JSON, and holds no list of objects")
    return [row_of(each) for each in listed if isinstance(each, dict)]


def _list_within(said: Any, depth: int = 3) -> list[Any] | None:
    if isinstance(said, list):
        return said if not said or isinstance(said[0], dict) else None
    if not isinstance(said, dict) or not depth:
        return None
    return next((found for value in said.values() if (found := _list_within(value, depth - 1)) is not None), None)


def row_of(said: Mapping[str, Any]) -> Row:
    """Return an object as a row; portals put the cells into `fields`, `properties` or `record`."""
    inner = next((said[name] for name in ("fields", "properties") if isinstance(said.get(name), dict)), said)
    return {str(name): cell(value) for name, value in inner.items()}


def cell(value: Any) -> str:
    """Return a value as the words of a cell; of a file its address, of a list the first.

    >>> cell({"filename": "a.pdf", "url": "https://a.fr/a.pdf"}), cell([3.0, 4]), cell(None), cell(True)
    ('https://a.fr/a.pdf', '3', '', '')
    """
    if isinstance(value, dict):
        return cell(value.get("url") or value.get("rendered"))
    if isinstance(value, list):
        return cell(value[0]) if value and not isinstance(value[0], list) else ""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
