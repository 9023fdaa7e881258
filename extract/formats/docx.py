"""Word documents (.docx): paragraphs, headings and tables in the order of the page."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from xml.etree.ElementTree import ParseError

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from lxml.etree import XMLSyntaxError, _Element

from extract.clean import MAX_DAMAGE, damage
from extract.model import Extraction, Found, Hints, Quality, Verdict
from extract.sniff import DOCX, PROTECTED

MEDIA_TYPES = (DOCX, PROTECTED)
ENGINE = f"python-docx {version('python-docx')}"
MAX_UNPACKED = 200 * 2**20
MAX_RATIO = 200
_BROKEN = (
    zipfile.BadZipFile, PackageNotFoundError, XMLSyntaxError, ParseError, KeyError, ValueError, OSError,
    EOFError, AttributeError, NotImplementedError, RuntimeError, IndexError, TypeError,
)  # fmt: skip
"""What python-docx raises for a damaged package, read in its source and seen with cut and altered files."""


def read(body: bytes, hints: Hints) -> Extraction:
    """The text of the body, tables as rows of cells.

    Headers and footers are left out, for they repeat on each page; so are the dates of the package: they are
    those of a template or of the last save.
    """
    if not body.startswith(b"PK"):
        return _without_text("encrypted", "A password protects this document.")
    bomb = _too_large(body)
    if bomb:
        return _without_text("corrupt", bomb)
    try:
        document = docx.Document(io.BytesIO(body))
        lines = list(_lines(document))
        title = document.core_properties.title or ""
    except _BROKEN as error:
        return _without_text("corrupt", f"The package is damaged ({type(error).__name__}).")
    text = "\n".join(lines)
    return _extraction(text, title, _heading(document))


def _too_large(body: bytes) -> str:
    """Why the package must not be unpacked, or nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        return f"The package is damaged ({type(error).__name__})."
    if size > MAX_UNPACKED:
        return f"The package unpacks to {size >> 20} MiB, more than the {MAX_UNPACKED >> 20} MiB that are read."
    if size > 2**20 and size / len(body) > MAX_RATIO:
        times = size // len(body)
        return f"The package unpacks to {times} times its size, more than the {MAX_RATIO} that are read."
    return ""


def _lines(container: Document | _Cell) -> Iterator[str]:
    for block in container.iter_inner_content():
        if isinstance(block, Paragraph):
            yield _paragraph(block)
        else:
            yield from _rows(block)


def _paragraph(paragraph: Paragraph) -> str:
    # python-docx leaves out what sits in content controls and tracked insertions; the tree has it.
    parts = []
    for node in paragraph._p.iter():
        name = str(node.tag).rpartition("}")[2]
        if name == "t":
            parts.append(node.text or "")
        elif name in ("br", "cr"):
            parts.append("\n")
        elif name == "tab" and _in_run(node):
            parts.append("\t")
        elif name == "noBreakHyphen":
            parts.append("-")
    return "".join(parts)


def _in_run(node: _Element) -> bool:
    """Whether a tab is one that was typed; those of the paragraph's ruler have another parent."""
    parent = node.getparent()
    return parent is not None and str(parent.tag).endswith("}r")


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells: list[str] = []
        seen: set[object] = set()
        for cell in row.cells:
            if cell._tc in seen:
                continue  # a merged cell is given once for each column it covers
            seen.add(cell._tc)
            cells.append(" ".join(line.strip() for line in _lines(cell) if line.strip()))
        yield " | ".join(cells)


def _heading(document: Document) -> str:
    for paragraph in document.paragraphs[:40]:
        style = paragraph.style
        if style is not None and (style.style_id or "").lower().startswith(("title", "titre", "heading1")):
            words = paragraph.text.strip()
            if words:
                return words
    return ""


def _extraction(text: str, title: str, heading: str) -> Extraction:
    lost = damage(text)
    found = Found(value=heading, found_in="heading") if heading else Found(value=title, found_in="metadata")
    return Extraction(
        extractor="docx",
        engine=ENGINE,
        media_type=DOCX,
        text=text,
        title=found if found.value else None,
        quality=Quality(
            verdict="suspect" if lost > MAX_DAMAGE else "good",
            reasons=(f"{lost:.1%} of the characters are damaged.",) if lost > MAX_DAMAGE else (),
            figures={"damage": lost},
        ),
    )


def _without_text(verdict: Verdict, reason: str) -> Extraction:
    kind = PROTECTED if verdict == "encrypted" else DOCX
    return Extraction(
        extractor="docx",
        engine=ENGINE,
        media_type=kind,
        text="",
        quality=Quality(verdict=verdict, reasons=(reason,)),
    )
