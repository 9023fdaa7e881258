"""The number printed on each page: a folio, « Page 3 sur 12 », « vue 51/190 », or the label the file gives."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.pdf.margins import Running, Sheet

_VIEW = re.compile(r"\b(?:vue|folio|fol\.|f°)\s*\d+\s*(?:/\s*\d+|[rv]°|recto|verso|bis)?", re.I)
_OF = re.compile(r"\W*(?:page|p\.|feuillet)\s*(\d{1,4})\s*(?:/|sur|de|of|-)\s*\d{1,4}\W*", re.I)
_EDGE_LINES = 3


def labels(sheets: Sequence[Sheet], runs: Sequence[Running], named: Sequence[str]) -> list[str]:
    """For each page what is printed on it, else what the file calls it; nothing where that is its physical number."""
    counted: dict[int, str] = {}
    for run in runs:
        if len(run.numbering) > len(counted) / 2:
            counted = {page: str(number) for page, number in run.numbering.items()} | counted
    printed = [_printed(sheet) or counted.get(page, "") for page, sheet in enumerate(sheets)]
    chosen = [own or given.strip() for own, given in zip(printed, named, strict=True)]
    return [label if label != str(page) else "" for page, label in enumerate(chosen, 1)]


def _printed(sheet: Sheet) -> str:
    """The clear forms, at the first or the last lines of a page."""
    order = sorted(sheet.lines, key=lambda line: line.middle)
    for line in (*order[:_EDGE_LINES], *order[-_EDGE_LINES:]):
        if len(line.text) < 40:
            if match := _OF.fullmatch(line.text):
                return match[1]
            if match := _VIEW.search(line.text):
                return " ".join(match[0].split())
    return ""
