"""Rows and columns in plain text: which sign stands between the cells, if the text is a table at all."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence

_SIGNS = ";\t,|"
_SAMPLE_ROWS = 200


def delimiter(text: str) -> str:
    """The sign between the cells, or nothing where the text is not a table.

    A table has at least three columns and two rows, nearly all of one width, under a row of short names. Commas
    are held to more, because prose has them too, and puts a space behind each.
    """
    rated = [(rows, sign) for sign in _SIGNS if sign in text[:10_000] and (rows := _regular_rows(text, sign))]
    return max(rated)[1] if rated else ""


def _regular_rows(text: str, sign: str) -> int:
    """How many cells speak for this sign; 0 where the rows are not those of a table."""
    if sign == "," and text.count(", ") > text.count(",") // 2:
        return 0
    rows = [row for row in sample(text, sign) if row]
    if len(rows) < 2:
        return 0
    width, alike = Counter(map(len, rows)).most_common(1)[0]
    if width < 3 or alike < 0.9 * len(rows) or alike < 2 or not _is_head(rows[0], width):
        return 0
    return width * alike


def _is_head(row: Sequence[str], width: int) -> bool:
    """Whether a row names columns: about as many as there are, short, each another, hardly a number."""
    names = [cell.strip() for cell in row if cell.strip()]
    if abs(len(row) - width) > 2 or len(names) < 0.6 * width or len(set(names)) < 0.8 * len(names):
        return False
    return all(len(name) <= 80 and "\n" not in name for name in names) and not any(map(_is_number, names[:2]))


def _is_number(words: str) -> bool:
    return words.replace(",", "").replace(".", "").replace(" ", "").isdigit()


def sample(text: str, sign: str) -> list[list[str]]:
    """The first rows, without the last, which the sample may have cut."""
    cut = text[:65_536]
    found = [row for row, _ in zip(rows_of(cut, sign), range(_SAMPLE_ROWS), strict=False)]
    return found if len(cut) == len(text) or len(found) == _SAMPLE_ROWS else found[:-1]


def rows_of(text: str, sign: str) -> Iterator[list[str]]:
    """The rows of the table, as far as they can be read."""
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=sign)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue  # a cell of more than 131,072 letters has no end: the next line begins a row of its own
