"""The table that a person writes about files: where each comes from, what it is. Strict, and kind about it.

Pure: bytes in, rows out. What cannot be taken as it stands raises `WrongTable`, whose sentence names the line.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import get_args
from urllib.parse import urlsplit

from crawlers.reading.entries import absolute, shown
from extract.stated import ACT_TYPES
from storage.sources import Status
from storage.sources_values import LANGUAGES

COLUMNS = (
    "file", "original_url", "title", "date", "act_type", "authority", "received_from", "received_on", "obtained_by",
    "request_ref", "shelfmark", "rights", "language",
)  # fmt: skip
OBTAINED_BY = ("cada", "mail", "archive", "browser")
SEPARATORS = ";,\t"
LONGEST = 1_000  # characters of a cell


class WrongTable(ValueError):
    """The table cannot be taken as it stands; the sentence says where and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is stated of one file."""

    line: int
    file: str
    """Its path inside the folder, with forward slashes."""
    original_url: str
    stated: Mapping[str, str]
    """Every other cell that is not empty, by its column."""


def read_metadata(body: bytes) -> tuple[Row, ...]:
    """Return the rows of a table. Raises WrongTable."""
    text = decoded(body)
    first = text.partition("\n")[0].rstrip("\r")
    said = re.fullmatch(r"sep=(.)", first)  # the line that Excel reads as the name of the separator
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=said[1] if said else separator(first), strict=True)
    lines = numbered(reader)
    if said:
        next(lines)
    head_line, names = next(lines, (1, []))
    columns = head(head_line, names)
    rows = tuple(row(line, columns, cells) for line, cells in lines if any(cell.strip() for cell in cells))
    once(rows, lambda each: each.file, "is named")
    once(rows, lambda each: each.original_url, "is the original_url")
    return rows


def decoded(body: bytes) -> str:
    """Return the text of a table: UTF-8 where it is that, else what Excel writes in France.

    >>> decoded("titre é".encode("windows-1252")) == decoded("titre é".encode("utf-8-sig"))
    True
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    if b"\0" in body or body.startswith(b"PK\x03\x04"):
        raise WrongTable("is no text: save the table as CSV")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("windows-1252", "replace")


def separator(first: str) -> str:
    """Return the sign between the cells: the one that gives the most names of columns in the first line."""
    return max(SEPARATORS, key=lambda sign: len({name_of(cell) for cell in first.split(sign)} & set(COLUMNS)))


def name_of(cell: str) -> str:
    """Return the name that a cell of the head gives a column."""
    return cell.strip().strip('"').strip().lower().replace(" ", "_")


def numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the line on which each begins."""
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise at(line, f"this row cannot be read as CSV ({error}): look for a quotation mark too many") from None
        yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]  # csv.reader has it, its protocol does not say so


def at(line: int, sentence: str) -> WrongTable:
    """Return the error of one line."""
    return WrongTable(f"line {line}: {sentence}")


def head(line: int, cells: list[str]) -> list[str]:
    """Return the names of the columns. Raises WrongTable for one that is unknown, doubled, or missing."""
    names = [name_of(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if "file" not in names:
        raise at(line, f"there is no column `file`: the first line names the columns, it is {shown(' '.join(cells))}")
    for name in names:
        if name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"the columns are {', '.join(COLUMNS)}"
            raise at(line, f"the column `{name}` is not known: {hint}")
        if names.count(name) > 1:
            raise at(line, f"the column `{name}` stands there twice: keep one")
    return names


def row(line: int, columns: list[str], cells: list[str]) -> Row:
    """Return one row, every value checked."""
    if any(cell.strip() for cell in cells[len(columns) :]):
        raise at(
            line,
            f"{len(cells)} cells under {len(columns)} columns: a text that holds the separator must stand in quotes",
        )
    values: dict[str, str] = {}
    for name, cell in zip(columns, cells, strict=False):
        words = unicodedata.normalize("NFC", " ".join(cell.split()))
        if len(words) > LONGEST:
            raise at(line, f"`{name}` has {len(words)} characters, more than {LONGEST}: shorten it")
        if words:
            try:
                values[name] = CHECKS[name](words) if name in CHECKS else words
            except ValueError as error:
                raise at(line, f"`{name}` {error}") from None
    file, url = values.pop("file", ""), values.pop("original_url", "")
    if not file:
        raise at(line, "`file` is empty: write the path of the file inside the folder, or remove the row")
    return Row(line=line, file=file, original_url=url, stated=values)


def once(rows: Iterable[Row], key: Callable[[Row], str], says: str) -> None:
    """Raise WrongTable where two rows share what only one may have."""
    seen: dict[str, int] = {}
    for each in rows:
        value = key(each)
        if value and value in seen:
            raise at(each.line, f"{value} {says} on line {seen[value]} too: keep one of the two")
        seen[value] = each.line


def path(words: str) -> str:
    r"""Return a path with forward slashes, as files are named here.

    >>> path(".\\lettres\\a.pdf")
    'lettres/a.pdf'
    """
    return words.replace("\\", "/").removeprefix("./")


def day(words: str) -> str:
    """Return a date in ISO form, as short as it is given. Raises ValueError.

    >>> day("27/05/2024"), day("2019-04"), day("05/2024"), day("1987")
    ('2024-05-27', '2019-04', '2024-05', '1987')
    """
    french = re.fullmatch(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})", words, re.ASCII)
    iso = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", words, re.ASCII)
    found = (french[3], french[2], french[1]) if french else iso.groups() if iso else ()
    parts = [int(part) for part in found if part]
    try:
        if not parts or not 1500 <= parts[0] <= 2100:
            raise ValueError
        year, month, number, *_ = [*parts, 1, 1]
        date(year, month, number)
    except ValueError:
        raise ValueError(f"is {words!r}: write a date such as 2024-05-27, 27/05/2024, 2024-05 or 2024") from None
    return "-".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])])


def web_address(words: str) -> str:
    """Return a web address. Raises ValueError."""
    url = absolute(words, "")
    if not url or " " in words or "@" in urlsplit(url).netloc:
        raise ValueError(f"is {words!r}: write the address of the page, such as https://www.example.org/page")
    return url


def choice(words: str, known: Iterable[str]) -> str:
    """Return one of the words that are known. Raises ValueError."""
    value = words.lower().replace(" ", "_")
    choices = sorted(known)
    if value not in choices:
        near = difflib.get_close_matches(value, choices, n=1) if len(choices) > 20 else choices
        raise ValueError(f"is {words!r}: write {' or '.join(near) or 'two letters, such as fr'}")
    return value


CHECKS: Mapping[str, Callable[[str], str]] = {
    "file": path,
    "original_url": web_address,
    "date": day,
    "received_on": day,
    "act_type": partial(choice, known=ACT_TYPES),
    "obtained_by": partial(choice, known=OBTAINED_BY),
    "rights": partial(choice, known=get_args(Status)),
    "language": partial(choice, known=LANGUAGES),
}


def by_file(rows: Iterable[Row], files: Iterable[str], roots: Iterable[str] = ()) -> dict[str, Row]:
    """Return the rows by the file that each speaks of. Raises WrongTable for one that speaks of none of them.

    `roots` are names of the folders given: a path may begin with one of them.
    """
    known = {unicodedata.normalize("NFC", file): file for file in files}
    prefixes = [f"{root}/" for root in roots]
    found: dict[str, Row] = {}
    for each in rows:
        names = [each.file, *(each.file.removeprefix(start) for start in prefixes)]
        file = next((known[name] for name in names if name in known), None)
        if file is None:
            near = difflib.get_close_matches(each.file, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "write its path inside the folder, or remove the row"
            raise at(each.line, f"there is no file {each.file}: {hint}")
        found[file] = each
    return found
