"""The shapes in which records are published: pairs of label and value, and tables with a record in each row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import lxml.html
from lxml import etree

from extract.clean import one_line
from extract.encoding import decode
from extract.model import Extraction, Hints
from extract.office.blocks import BAR

MAX_MARKUP = 20_000_000
_LINE = re.compile(r"^\s*([^:|\n]{2,60}?)\s*:\s+(\S.*)$")
_UNSEEN = ("script", "style", etree.Comment, etree.PI)
_BREAKS = frozenset(["br", "li", "p", "div"])

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """What of a document can hold records."""

    grids: tuple[tuple[Row, ...], ...] = ()
    """Tables, one after the other; a definition list is a table of two columns."""
    lines: tuple[tuple[str, str], ...] = ()
    """`Label : value` in the text."""


def shapes(extraction: Extraction, body: bytes, hints: Hints) -> Shapes:
    """The tables and pairs of a page, or of the text of any other document."""
    grids = _of_page(body, hints) if extraction.media_type == "text/html" else tuple(_of_text(extraction))
    return Shapes(grids=grids, lines=tuple(_lines(extraction.text)))


def _of_text(extraction: Extraction) -> Iterator[tuple[Row, ...]]:
    for table in extraction.tables:
        lines = extraction.text[table.start : table.end].split("\n")
        yield tuple(tuple(line.split(BAR)) for line in lines)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    return ((found[1], found[2]) for line in text.split("\n") if (found := _LINE.match(line)))


def _of_page(body: bytes, hints: Hints) -> tuple[tuple[Row, ...], ...]:
    markup = decode(body, hints).text[:MAX_MARKUP]
    # A text with a declaration of its encoding is refused, and bytes would be decoded a second time.
    markup = re.sub(r"\A\s*<\?xml[^>]*\?>", "", markup).replace("\0", "")
    try:
        root = lxml.html.document_fromstring(markup)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ()
    tables = (tuple(_rows(table)) for table in root.iter("table"))
    lists = (tuple(_pairs(node)) for node in root.iter("dl") if next(node.iterdescendants("dl"), None) is None)
    return tuple(grid for grid in (*tables, *lists) if grid)


def _rows(table: etree._Element) -> Iterator[Row]:
    """The rows of a table, without those of the tables inside it."""
    for row in table.iterdescendants("tr"):
        if next(row.iterancestors("table"), None) is table and next(row.iterdescendants("table"), None) is None:
            yield tuple(_words(cell) for cell in row if cell.tag in ("td", "th"))


def _pairs(definitions: etree._Element) -> Iterator[Row]:
    """The terms of a definition list, each with all of its definitions."""
    label, values = "", list[str]()
    for node in definitions.iterdescendants("dt", "dd"):
        if node.tag == "dd":
            values.append(_words(node))
            continue
        if label and values:
            yield label, "\n".join(values)
        label, values = _words(node), []
    if label and values:
        yield label, "\n".join(values)


def _words(node: etree._Element) -> str:
    """The words of an element; its list entries and paragraphs stay on lines of their own."""
    parts: list[str] = []
    for part in node.iter():
        if part.tag in _BREAKS:
            parts.append("\n")
        if part.tag not in _UNSEEN:
            parts.append(_spaced(part.text or ""))
        if part is not node:
            parts.append(_spaced(part.tail or ""))
    lines = (one_line(line, limit=5_000) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _spaced(words: str) -> str:
    return re.sub(r"\s+", " ", words)


def is_row_of(names: Iterable[str]) -> bool:
    """Whether so many cells of a row are known labels that it is the head of a table."""
    known = [bool(name) for name in names]
    return sum(known) >= 3 and sum(known) >= 0.4 * len(known)
