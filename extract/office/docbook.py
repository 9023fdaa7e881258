"""What antiword says of a Word document in its two forms, put together.

Its text has the list numbers and the line breaks, its DocBook the cells of the tables: neither has both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from lxml import etree

from extract.office.blocks import Block, flowing
from extract.office.package import local

_BULLET = re.compile(r"^\s*[←•·§❖➢▪●■◆]\s+")


def blocks(text: str, docbook: bytes) -> Iterator[Block]:
    """The paragraphs of the text, and its tables with the cells that the DocBook has."""
    tables = list(_tables(docbook))
    drawn = sum(is_table for is_table, _ in _runs(text))
    grids = iter(tables) if len(tables) == drawn else None
    for is_table, lines in _runs(text):
        if not is_table:
            yield from (_BULLET.sub("- ", line).strip() for line in lines)
        elif grids is not None:
            yield from flowing(next(grids))
        else:
            yield from flowing(tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines)


def _runs(text: str) -> list[tuple[bool, list[str]]]:
    """The lines of the text, those of a table together: antiword draws its columns with bars."""
    grouped = groupby(text.split("\n"), key=lambda line: line.startswith("|") and line.rstrip().endswith("|"))
    return [(is_table, list(lines)) for is_table, lines in grouped]


def _tables(docbook: bytes) -> Iterator[list[tuple[str, ...]]]:
    """The rows of each table; tables that touch are one in the text, and one here."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(docbook, parser) if docbook.strip() else None
    for table in root.iter() if root is not None else ():
        if local(table) == "informaltable":
            yield [tuple(_entries(row)) for row in table.iter() if local(row) == "row"]


def _entries(row: etree._Element) -> Iterator[str]:
    for entry in row:
        lines = ("".join(str(words) for words in entry.itertext())).split("\n")
        yield "\n".join(_BULLET.sub("- ", line).strip() for line in lines).strip()
