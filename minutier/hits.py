"""What a search found, printed: hits, the lines of a concordance, tables, and what could not be searched."""

from __future__ import annotations

import csv
import dataclasses
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from bundles.naming import cell
from minutier.options import written
from minutier.printing import err

if TYPE_CHECKING:
    from storage.concordance import Line
    from storage.filters import Filters

UNSEARCHED = {
    "needs_ocr": "wait for OCR",
    "no_text": "have no text",
    "suspect": "have a text that is in doubt (searched all the same)",
}


def print_hits(console: Console, hits: list[dict[str, Any]]) -> None:
    """Print hits, three lines each: what it is, where it is, the words found."""
    for each in hits:
        place = (f", p. {each['page']}" if each["page"] else "") + (f", act {each['act']}" if each["act"] else "")
        head = Text(f"{each['id']}  {each['date'] or 'undated':<10}  {each['language']}  ")
        head.append(each["title"] or "(no title found)", style="bold")
        console.print(head, soft_wrap=True)
        console.print(Text(f"  {each['source']}{place}  {each['url']}", style="dim"), soft_wrap=True)
        line = Text(each["snippet"])
        for start, end in each["marks"]:
            line.stylize("bold yellow", start, end)
        if each["ocr"] is not None:
            line.append(f"  [read by OCR, confidence {each['ocr']:.0%}]", style="yellow")
        console.print(Text("  … ") + line if each["page"] or each["marks"] else Text("  ") + line, soft_wrap=True)


def print_lines(console: Console, lines: Sequence[Line]) -> None:
    """Print a concordance: the words found stand under each other, a Chinese character taking two places."""
    heads = [f"{line.document}{f' p. {line.page}' if line.page else ''}{' OCR' if line.ocr else ''}" for line in lines]
    first = max(map(cell_len, heads), default=0)
    middle = min(max((cell_len(line.keyword) for line in lines), default=0), 40)
    side = max(10, (console.width - first - middle - 4) // 2)
    for head, line in zip(heads, lines, strict=True):
        left = ending(one_line(line.left), side)
        row = Text(head + " " * (first - cell_len(head)) + "  " + " " * (side - cell_len(left)) + left)
        row.append(one_line(line.keyword), style="bold yellow")
        row.append(beginning(one_line(line.right), side))
        console.print(row, soft_wrap=True)


def one_line(value: object) -> str:
    """Return a value as text without line ends and tabs, character for character; nothing as an empty text."""
    text = "" if value is None else str(value)
    return "".join(" " if character in "\n\t" else character for character in text)


def beginning(text: str, width: int) -> str:
    """Return as much of the beginning of a text as fits.

    >>> beginning("成都与图卢兹", 5)
    '成都'
    """
    while cell_len(text) > width:
        text = text[:-1]
    return text


def ending(text: str, width: int) -> str:
    """Return as much of the end of a text as fits."""
    while cell_len(text) > width:
        text = text[1:]
    return text


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table to standard output; a cell that a spreadsheet would take for a formula begins with `'`."""
    sheet = csv.writer(sys.stdout, lineterminator="\n")
    sheet.writerow(columns)
    sheet.writerows([cell("" if value is None else value) for value in row] for row in rows)


def questions_in(file: Path) -> list[str]:
    """Return the queries of a file, one a line; blank lines are none. Raises WrongUse."""
    from storage.errors import WrongUse, why

    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{file} cannot be read ({why(error)}): give a text in UTF-8 with one query a line.") from None
    return [line.strip() for line in lines if line.strip()]


def remarks(expanded: Sequence[str], missed: dict[str, int], filters: Filters) -> None:
    """Say what was understood otherwise, and how many documents selected could not be searched, or fell out."""
    for sentence in expanded:
        err().print(sentence, markup=False)
    for name, words in UNSEARCHED.items():
        if missed[name]:
            err().print(f"{missed[name]} of the documents selected {words}.", style="yellow")
    if any(missed[name] for name in UNSEARCHED):
        err().print(f"They are listed by: minutier search{written(filters)} --has unsearchable", markup=False)
    if missed["undated"]:
        err().print(
            f"{missed['undated']} of the documents selected fell out because they have no date.", style="yellow"
        )
        anytime = written(dataclasses.replace(filters, since="", until=""))
        err().print(f"They are listed by: minutier search{anytime} --has no_date", markup=False)
