"""A list of deliberations as a Word document, the same bytes each time."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE

from minutier.town.model import TOWN
from minutier.town.texts import Block, Text, notice

EPOCH = (1980, 1, 1, 0, 0, 0)
UNUSED = ("/stylesWithEffects", "/thumbnail")
STYLES = {
    "title": "Title",
    "heading": "Heading 1",
    "centred": "Subtitle",
    "bullet": "List Bullet",
    "text": "Normal",
}


def write_docx(text: Text) -> bytes:
    """Return a text as a .docx file."""
    document = docx.Document()
    lighten(document)
    describe(document, text)
    for kind, blocks in text.runs():
        if kind == "row":
            add_table(document, blocks)
        else:
            for block in blocks:
                document.add_paragraph(block.text, style=STYLES[kind])
    document.sections[0].footer.paragraphs[0].text = notice("fr")
    out = BytesIO()
    document.save(out)
    return pack_again(out)


def lighten(document: Document) -> None:
    """Take out of the template what this document has no use for: 800 kB that would not be compressed."""
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid"):
            style.delete()
    for relations in (document.part.rels, document.part.package.rels):
        for name, relation in list(relations.items()):
            if relation.reltype.endswith(UNUSED):
                del relations[name]


def describe(document: Document, text: Text) -> None:
    """Set the properties that would otherwise say whose template this was."""
    properties = document.core_properties
    properties.title = text.title
    properties.author = f"Commune de {TOWN}"
    properties.comments = notice("fr")
    properties.language = "fr-FR"
    properties.created = properties.modified = text.published.replace(tzinfo=None)


def add_table(document: Document, rows: list[Block]) -> None:
    """Add a table whose first row is its head."""
    table = document.add_table(rows=0, cols=len(rows[0].cells), style="Table Grid")
    for row in rows:
        for cell, words in zip(table.add_row().cells, row.cells, strict=True):
            cell.text = words


def pack_again(packed: BytesIO) -> bytes:
    """Return a ZIP file with its members sorted, dated alike and not compressed: compressors differ."""
    out = BytesIO()
    with ZipFile(packed) as old, ZipFile(out, "w") as new:
        # The types come first: some readers recognise a Word document by them.
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            member = ZipInfo(name, date_time=EPOCH)
            member.compress_type = ZIP_STORED
            member.create_system = 0  # or the file would say on which system it was made
            new.writestr(member, old.read(name))
    return out.getvalue()
