"""Documents made for the tests, and the folder of the real ones where there is one."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real documents, or a skip that says where it was looked for."""
    default = Path(__file__).resolve().parents[3] / "shared" / "real"
    folder = Path(os.environ.get("MINUTIER_REAL", default))
    if not (folder / "manifest.csv").exists():
        pytest.skip(f"no real documents in {folder} (set MINUTIER_REAL)")
    return folder


def pdf_of(*pages, title="", invisible=False, picture=False, password=""):
    """A PDF with one string of lines a page; with a picture under the text, or text nobody sees."""
    from reportlab.lib.pdfencrypt import StandardEncryption

    out = io.BytesIO()
    locked = StandardEncryption(password, canPrint=0) if password else None
    sheet = canvas.Canvas(out, pagesize=(595, 842), encrypt=locked, invariant=1)
    if title:
        sheet.setTitle(title)
    for lines in pages:
        if picture:
            sheet.drawImage(ImageReader(grey_picture()), 0, 0, 595, 842)
        text = sheet.beginText(60, 780)
        text.setTextRenderMode(3 if invisible else 0)
        for line in lines.split("\n"):
            text.textLine(line)
        sheet.drawText(text)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def grey_picture():
    """A small grey picture in a file of its own."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (60, 84), 200).save(out, "PNG")
    out.seek(0)
    return out


def docx_of(*blocks, title=""):
    """A Word document from paragraphs (str), headings ("# …") and tables (lists of rows)."""
    import docx

    document = docx.Document()
    document.core_properties.title = title
    for block in blocks:
        if isinstance(block, list):
            table = document.add_table(rows=len(block), cols=len(block[0]))
            for row, cells in zip(table.rows, block, strict=True):
                for cell, words in zip(row.cells, cells, strict=True):
                    cell.text = words
        elif block.startswith("# "):
            document.add_heading(block[2:], level=1)
        else:
            document.add_paragraph(block)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zip_of(members):
    """A zip archive from names and contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()
