"""The body of an OpenDocument file, as blocks."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element

from extract.office.blocks import Block, flowing
from extract.office.numbering import written
from extract.office.package import attribute, local

_SEEN = frozenset(["p", "h"])
_SKIPPED = frozenset(["tracked-changes", "annotation", "forms", "sequence-decls", "scripts", "automatic-styles",
                      "font-face-decls", "bookmark", "title", "desc", "ruby-text"])  # fmt: skip
_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
MAX_REPEATED = 200
"""A row or a cell says how often it stands there; a sheet says a million for its empty end."""
MAX_ROWS = 200_000


def blocks(root: _Element) -> Iterator[Block]:
    """The paragraphs and tables in order, lists with the marks that their styles give them."""
    body = next((node for node in root.iter() if local(node) == "body"), root)
    return _flow(body, _marks(root))


def heading(root: _Element) -> str:
    """The first heading of the document, or nothing."""
    return next((" ".join(_said(node).split()) for node in root.iter() if local(node) == "h" and _said(node)), "")


def _flow(container: _Element, marks: dict[str, tuple[str, str]]) -> Iterator[Block]:
    for node in container:
        name = local(node)
        if name in _SEEN:
            yield _said(node)
            yield from _boxes(node, marks)
        elif name == "list":
            yield from _list(node, marks, attribute(node, "style-name"))
        elif name == "table":
            yield from flowing(_rows(node, marks))
        elif name and name not in _SKIPPED:
            yield from _flow(node, marks)


def _boxes(paragraph: _Element, marks: dict[str, tuple[str, str]]) -> Iterator[Block]:
    """The text boxes that hang on a paragraph."""
    for child in paragraph:
        if local(child) == "text-box":
            yield from _flow(child, marks)
        elif local(child) not in _SKIPPED:
            yield from _boxes(child, marks)


def _list(node: _Element, marks: dict[str, tuple[str, str]], style: str) -> Iterator[Block]:
    number = 0
    for entry in node:
        if local(entry) not in ("list-item", "list-header"):
            continue
        number = _count(attribute(entry, "start-value"), number + 1)
        mark = f"{_mark(marks.get(style, ('', '')), number)} " if local(entry) == "list-item" else ""
        for block in _entry(entry, marks, style):
            yield mark + block if isinstance(block, str) and block.strip() else block
            mark = mark if isinstance(block, str) and not block.strip() else ""


def _entry(entry: _Element, marks: dict[str, tuple[str, str]], style: str) -> Iterator[Block]:
    for child in entry:
        if local(child) == "list":
            yield from _list(child, marks, attribute(child, "style-name") or style)
        elif local(child) in _SEEN:
            yield _said(child)
            yield from _boxes(child, marks)


def _marks(root: _Element) -> dict[str, tuple[str, str]]:
    """The form and the suffix of the first level of each list style of this document."""
    found: dict[str, tuple[str, str]] = {}
    for style in root.iter():
        if local(style) == "list-style" and len(style):
            name = attribute(style, "name")
            found[name] = (attribute(style[0], "num-format"), attribute(style[0], "num-suffix"))
    return found


def _mark(style: tuple[str, str], number: int) -> str:
    form, suffix = style
    return f"{written(number, _FORMS[form])}{suffix}" if form in _FORMS else "-"


def _said(node: _Element) -> str:
    """The words of a paragraph: spaces are counted and not written in this format, notes stand where they are."""
    return "".join(_words(node))


def _words(node: _Element) -> Iterator[str]:
    yield _flat(node.text)
    for child in node:
        yield from _child(child)
        yield _flat(child.tail)


def _flat(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\t", " ")


def _child(child: _Element) -> Iterator[str]:
    name = local(child)
    if name == "s":
        yield " " * min(_count(attribute(child, "c"), 1), 1_000)
    elif name == "tab":
        yield "\t"
    elif name == "line-break":
        yield "\n"
    elif name == "note":
        yield f" [{' '.join(' '.join(_said(part).split()) for part in child)}] "
    elif name not in ("text-box", *_SKIPPED):
        yield from _words(child)


def _rows(table: _Element, marks: dict[str, tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    told = 0
    for row in _inside(table, "table-row"):
        cells = list(_cells(row, marks))
        while cells and not cells[-1]:
            cells.pop()
        times = min(_count(attribute(row, "number-rows-repeated"), 1), MAX_REPEATED) if cells else 1
        told += times
        if told > MAX_ROWS:
            return
        yield from [tuple(cells)] * times


def _inside(parent: _Element, wanted: str) -> Iterator[_Element]:
    for child in parent:
        if local(child) == wanted:
            yield child
        elif local(child) in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _inside(child, wanted)


def _cells(row: _Element, marks: dict[str, tuple[str, str]]) -> Iterator[str]:
    for cell in row:
        if local(cell) not in ("table-cell", "covered-table-cell"):
            continue
        told = "\n".join(_line(block) for block in _flow(cell, marks)).strip()
        yield from [told] * min(_count(attribute(cell, "number-columns-repeated"), 1), MAX_REPEATED)


def _line(block: Block) -> str:
    if isinstance(block, str):
        return block
    return "\n".join(" ; ".join(" ".join(cell.split()) for cell in row if cell.strip()) for row in block.rows)


def _count(words: str, otherwise: int) -> int:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 8 else otherwise
