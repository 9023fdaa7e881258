"""The body of a Word document, as blocks: what its reader sees, each thing once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from lxml.etree import _Element

from extract.office.blocks import Block, flowing
from extract.office.package import attribute, local

_WORD_2003 = ("sect", "sub-section", "annotation", "content")
_AROUND = frozenset(
    ["body", "sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "footnote", "endnote", *_WORD_2003]
)
_UNSEEN = frozenset(["del", "moveFrom", "Fallback", "txbxContent", "pPr", "rPr", "instrText"])
"""Deletions, the older of two copies, and text boxes, which are blocks of their own."""
_SAID = {"br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "", "tab": "\t"}


class Lists(Protocol):
    """What knows the numbers of lists."""

    def marker(self, paragraph: _Element) -> str:
        """What stands before this paragraph, or nothing."""


def blocks(container: Iterable[_Element], lists: Lists) -> Iterator[Block]:
    """The paragraphs and tables in the order of the page; a text box follows the paragraph it hangs on."""
    for node in container:
        name = local(node)
        if name == "p":
            yield from _paragraph(node, lists)
        elif name == "tbl":
            yield from flowing(_rows(node, lists))
        elif name in _AROUND:
            yield from blocks(node, lists)


def notes(root: _Element, lists: Lists) -> Iterator[Block]:
    """The footnotes or endnotes of a part, without the lines that separate them from the page."""
    for note in root:
        if attribute(note, "type") in ("", "normal"):
            yield from blocks(note, lists)


def words(root: _Element) -> str:
    """All that a header or a footer says, on one line."""
    said = " ".join("".join(_runs(node)) for node in root.iter() if local(node) == "p" and not _is_copy(node))
    return " ".join(said.split())


def _paragraph(paragraph: _Element, lists: Lists) -> Iterator[Block]:
    text = "".join(_runs(paragraph))
    # An empty paragraph of a list shows no number, and does not count.
    marker = lists.marker(paragraph) if text.strip() else ""
    yield f"{marker} {text.lstrip()}" if marker else text
    for box in paragraph.iter():
        if local(box) == "txbxContent" and not _is_copy(box, until=paragraph):
            yield from blocks(box, lists)


def _runs(node: _Element) -> Iterator[str]:
    for child in node:
        name = local(child)
        if name == "t":
            yield child.text or ""
        elif name in _SAID:
            yield _SAID[name]
        elif name in ("footnote", "endnote"):  # Word 2003 keeps a note where it is called for
            yield f" [{' '.join(''.join(_runs(child)).split())}]"
        elif name == "sym":
            yield "•" if "wingdings" in attribute(child, "font").lower() else ""
        elif name and name not in _UNSEEN:
            yield from _runs(child)


def _is_copy(box: _Element, until: _Element | None = None) -> bool:
    """Whether a text box stands in the copy for older programs, or inside another box, which tells it itself."""
    for parent in box.iterancestors():
        if parent is until:
            return False
        if local(parent) in ("Fallback", "txbxContent"):
            return True
    return False


def _rows(table: _Element, lists: Lists) -> Iterator[tuple[str, ...]]:
    for row in _inside(table, "tr"):
        yield tuple(_cell(cell, lists) for cell in _inside(row, "tc"))


def _inside(parent: _Element, wanted: str) -> Iterator[_Element]:
    """The rows of a table or the cells of a row, those in content controls and insertions too."""
    for child in parent:
        if local(child) == wanted:
            yield child
        elif local(child) in _AROUND:
            yield from _inside(child, wanted)


def _cell(cell: _Element, lists: Lists) -> str:
    return "\n".join(block if isinstance(block, str) else _flat(block.rows) for block in blocks(cell, lists)).strip()


def _flat(rows: tuple[tuple[str, ...], ...]) -> str:
    """A table in a cell: one line a row."""
    return "\n".join(" ; ".join(" ".join(cell.split()) for cell in row if cell.strip()) for row in rows)
