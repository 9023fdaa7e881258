"""Word documents (.docx): paragraphs, list numbers, tables, text boxes and notes in the order of the page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RELATIONS
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.part import Part
from lxml.etree import XMLSyntaxError, _Element

from extract.clean import MAX_DAMAGE, damage
from extract.model import Extraction, Found, Hints, Quality, Table, Verdict
from extract.office import wordml
from extract.office.blocks import Block, compose
from extract.office.numbering import Lists, lists_of
from extract.office.package import BROKEN_ZIP, too_large, tree
from extract.sniff import DOCX, PROTECTED

MEDIA_TYPES = (DOCX, PROTECTED)
ENGINE = f"python-docx {version('python-docx')}"
_BROKEN = (*BROKEN_ZIP, PackageNotFoundError, XMLSyntaxError, AttributeError)
"""What python-docx raises for a damaged package, read in its source and seen with cut and altered files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What a document says."""

    text: str
    tables: tuple[Table, ...]
    title: Found | None
    figures: dict[str, float | int | str]


def read(body: bytes, hints: Hints) -> Extraction:
    """The text of the body, lists with their numbers, tables as rows of cells, notes at the end.

    Headers and footers are left out, for they repeat on each page, and counted; so are the dates of the package:
    they are those of a template or of the last save.
    """
    if not body.startswith(b"PK"):
        return _without_text("encrypted", "A password protects this document.")
    refused = too_large(body)
    if refused:
        return _without_text("corrupt", refused)
    try:
        return _extraction(_document(docx.Document(io.BytesIO(body))))
    except _BROKEN as error:
        return _without_text("corrupt", f"The package is damaged ({type(error).__name__}).")


def _document(document: Document) -> _Read:
    text, tables = compose(_blocks(document))
    title = document.core_properties.title or ""
    heading = _heading(document)
    found = Found(value=heading, found_in="heading") if heading else Found(value=title, found_in="metadata")
    return _Read(text=text, tables=tables, title=found if found.value else None, figures=_margins(document))


def _blocks(document: Document) -> Iterator[Block]:
    lists = lists_of(_part(document, RELATIONS.NUMBERING), _part(document, RELATIONS.STYLES))
    yield from wordml.blocks(document.element, lists)
    for relation in (RELATIONS.FOOTNOTES, RELATIONS.ENDNOTES):
        root = _part(document, relation)
        if root is not None:
            yield from wordml.notes(root, Lists(levels={}, family={}, styles={}))


def _parts(document: Document, kind: str) -> Iterator[Part]:
    for relation in document.part.rels.values():
        if relation.reltype == kind and not relation.is_external:
            yield relation.target_part


def _part(document: Document, kind: str) -> _Element | None:
    """The root of the part that has this relation to the document, if there is one."""
    return next((tree(part.blob) for part in _parts(document, kind)), None)


def _margins(document: Document) -> dict[str, float | int | str]:
    """How many characters the headers and the footers have, each counted once."""
    kinds = {"header_characters": RELATIONS.HEADER, "footer_characters": RELATIONS.FOOTER}
    said = {
        name: {wordml.words(tree(part.blob)) for part in _parts(document, kind)} - {""} for name, kind in kinds.items()
    }
    return {name: sum(map(len, words)) for name, words in said.items() if words}


def _heading(document: Document) -> str:
    for paragraph in document.paragraphs[:40]:
        style = paragraph.style
        if style is not None and (style.style_id or "").lower().startswith(("title", "titre", "heading1")):
            words = paragraph.text.strip()
            if words:
                return words
    return ""


def _extraction(said: _Read) -> Extraction:
    lost = damage(said.text)
    return Extraction(
        extractor="docx",
        engine=ENGINE,
        media_type=DOCX,
        text=said.text,
        title=said.title,
        tables=said.tables,
        quality=Quality(
            verdict="suspect" if lost > MAX_DAMAGE else "good",
            reasons=(f"{lost:.1%} of the characters are damaged.",) if lost > MAX_DAMAGE else (),
            figures={"damage": lost, "tables": len(said.tables), **said.figures},
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
