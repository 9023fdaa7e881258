"""Office files made for the tests: packages from XML, sheets, letters, and a Word document of before 2007."""

from __future__ import annotations

import io
import zipfile

import docx
from docx.oxml import parse_xml
from openpyxl import Workbook

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "draw", "style")
)
LAUGHS = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{}]>'.format(
    "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
)
"""A document type whose last entity is a billion letters long."""


def word_of(*paragraphs, numbering=""):
    """A Word document of paragraphs in Word's own XML, with the definitions of its lists."""
    document = docx.Document()
    body = document.element.body
    for xml in paragraphs:
        body.insert(
            len(body) - 1, parse_xml(xml.replace("<w:p>", f"<w:p {W}>", 1).replace("<w:tbl>", f"<w:tbl {W}>", 1))
        )
    out = io.BytesIO()
    document.save(out)
    return replaced(out.getvalue(), {"word/numbering.xml": f"<w:numbering {W}>{numbering}</w:numbering>"})


def replaced(body, parts):
    """A package with some of its parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *parts]):
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return out.getvalue()


def paragraph(words, *, level=None, number="1"):
    """A paragraph in Word's XML, in a list where a level is given."""
    listed = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
    return f"<w:p>{listed if level is not None else ''}<w:r><w:t>{words}</w:t></w:r></w:p>"


def odt_of(content, *, kind="text", styles="", meta="", manifest="", start=""):
    """An OpenDocument file of this content."""
    xml = (
        f"{start}<office:document-content {ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{content}</office:{kind}></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", xml, zipfile.ZIP_DEFLATED)
        for name, part in (("meta.xml", meta), ("META-INF/manifest.xml", manifest)):
            if part:
                archive.writestr(name, part)
    return out.getvalue()


def book_of(**sheets):
    """A workbook from names and rows; a sheet whose name begins with `hidden` is hidden."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        page.sheet_state = "hidden" if name.startswith("hidden") else "visible"
        for row in rows:
            page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bare_doc(*, flags=0):
    """The beginning of a Word document of before 2007, with the flags of its head: no program reads it further."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    word = (b"\xec\xa5\xc1\0" + b"\0" * 7 + bytes([flags])).ljust(512, b"\0")
    return head + word + "WordDocument".encode("utf-16-le").ljust(512, b"\0")
