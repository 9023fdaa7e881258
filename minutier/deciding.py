"""What the commands for people's decisions share: who decides, a corpus to write in, and decisions in a table."""

from __future__ import annotations

import csv
import getpass
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.choices import STATUSES
from storage.errors import StorageUnusable, WrongUse

if TYPE_CHECKING:
    from storage.decisions import Who, Word
    from storage.store import Store

COLUMNS = ("id", "status", "tags", "note")
BESIDE = ("title", "date", "source", "url")
"""Columns that are written for the reader of a table, and left alone when it comes back."""


def open_to_write(corpus: str) -> Store:
    """Return a corpus that exists, open for writing and at the newest schema. Raises WrongUse where there is none."""
    from crawlers.run import utc_now
    from minutier import __version__
    from storage.store import Store

    Store.open(corpus).__exit__(None, None, None)  # never make a corpus here
    return Store.create(corpus, now=utc_now(), version=__version__)


def who_decides(by: str) -> Who:
    """Return who decides now: the one that is named, else the user of this machine. Raises WrongUse for nobody."""
    from crawlers.run import utc_now
    from storage.decisions import Who
    from storage.runs import iso

    try:
        name = by.strip() or getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user has no name
        name = ""
    if not name:
        raise WrongUse("This machine does not say who you are, and every decision has a name: give one with --by.")
    return Who(by=name, at=iso(utc_now()))


def words_for(identity: str, status: str, tags: Iterable[str], untags: Iterable[str], note: str | None) -> list[Word]:
    """Return the decisions about one document; what is empty is not decided on."""
    from storage.decisions import TAG, Word

    values: dict[str, str | None] = {"status": status} if status else {}
    values |= {f"{TAG}{checked_tag(tag)}": "yes" for tag in tags if tag.strip()}
    values |= {f"{TAG}{tag.strip()}": None for tag in untags if tag.strip()}
    if note is not None:
        values["note"] = note or None
    return [Word(document_id=identity, field=field, value=value) for field, value in values.items()]


def checked_tag(tag: str) -> str:
    """Return a tag that can stand in a table beside others. Raises WrongUse."""
    plain = tag.strip()
    if ";" in plain or plain.startswith("-"):
        raise WrongUse(
            f"{plain!r} cannot be a tag: in tables of decisions a semicolon stands between tags and a leading hyphen "
            "takes one away; choose another word."
        )
    return plain


def read_table(path: Path, find: Any) -> list[Word]:
    """Return the decisions of a table, as Minutier or Excel wrote it. Raises WrongUse that names every wrong
    line, and then nothing is decided.
    """
    from crawlers.reading.metadata import WrongTable, decoded

    try:
        text = decoded(path.read_bytes())
    except OSError as error:
        raise WrongUse(f"{path} cannot be read ({error.strerror or 'no such place'}): name a CSV table.") from None
    except WrongTable as error:
        raise WrongUse(f"{path} cannot be read: it {error}.") from None
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)
    found: list[Word] = []
    wrong: list[str] = []
    try:
        check_columns(path, rows.fieldnames or [])
        for row in rows:
            try:
                found += words_in(row, find)
            except WrongUse as error:
                wrong.append(f"line {rows.line_num}: {error}")
    except csv.Error:
        raise WrongUse(f"{path}, line {rows.line_num}: this is no row of CSV: is there a quote too many?") from None
    if wrong:
        more = f" (and {len(wrong) - 10} more)" if len(wrong) > 10 else ""
        raise WrongUse(f"{path}: nothing was decided. " + " ".join(wrong[:10]) + more)
    return found


def separator(text: str) -> str:
    """Return the sign between the cells of a table: Excel writes semicolons in French."""
    first = text.split("\n", 1)[0]
    return max(",;\t", key=lambda sign: len({cell.strip(' "\r') for cell in first.split(sign)} & {*COLUMNS, *BESIDE}))


def check_columns(path: Path, names: Iterable[str]) -> None:
    """Raise WrongUse unless a table has an id, something to decide, and no column that means nothing here."""
    names = list(names)
    unknown = [name for name in names if name not in COLUMNS + BESIDE]
    if unknown:
        raise WrongUse(f"{path}, line 1: {', '.join(map(repr, unknown))} is no column: {', '.join(COLUMNS + BESIDE)}.")
    if "id" not in names or not set(names) & set(COLUMNS[1:]) or len(set(names)) != len(names):
        raise WrongUse(f"{path}, line 1: give the columns id and at least one of status, tags, note, each once.")


def words_in(row: dict[str, Any], find: Any) -> list[Word]:
    """Return the decisions of one line: an empty cell decides nothing, `-TAG` takes a tag away, tags end with `;`."""
    if None in row or None in row.values():
        raise WrongUse("it has not as many cells as the first line.")
    status = row.get("status", "").strip()
    if status and status not in STATUSES:
        raise WrongUse(f"{status!r} is no status: choose one of {', '.join(STATUSES)}.")
    tags = [tag.strip() for tag in row.get("tags", "").split(";") if tag.strip()]
    untags = [tag[1:] for tag in tags if tag.startswith("-")]
    note = row.get("note", "").strip() or None
    return words_for(find(row["id"].strip()), status, [tag for tag in tags if tag[0] != "-"], untags, note)


def write_table(path: Path, rows: Iterable[dict[str, str]]) -> int:
    """Write a table that `curate --from` takes back; return how many documents are in it."""
    lines = list(rows)
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, COLUMNS + BESIDE, lineterminator="\n")
            table.writeheader()
            table.writerows(lines)
    except FileExistsError:
        raise WrongUse(f"{path} is there already: name another file.") from None
    except OSError as error:
        raise StorageUnusable(f"{path} cannot be written ({error.strerror or error}).") from None
    return len(lines)
