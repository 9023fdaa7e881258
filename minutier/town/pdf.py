"""Minutes as PDF: letterhead, deliberations, votes, tables, and a foot that says it is invented."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from minutier.town.model import TOWN
from minutier.town.texts import Block, Text, notice

INK = HexColor("#1f3a5f")
PLAIN = ParagraphStyle("plain", fontName="Helvetica", fontSize=11, leading=16, spaceAfter=7, alignment=TA_JUSTIFY)
STYLES = {
    "text": PLAIN,
    "title": ParagraphStyle(
        "title", PLAIN, fontName="Helvetica-Bold", fontSize=17, leading=22, alignment=TA_CENTER, textColor=INK
    ),
    "centred": ParagraphStyle(
        "centred", PLAIN, fontName="Helvetica-Bold", fontSize=12, alignment=TA_CENTER, spaceAfter=14
    ),
    "heading": ParagraphStyle(
        "heading",
        PLAIN,
        fontName="Helvetica-Bold",
        spaceBefore=12,
        alignment=0,
        textColor=INK,
        keepWithNext=1,
    ),
    "bullet": ParagraphStyle("bullet", PLAIN, leftIndent=18, bulletIndent=6, spaceAfter=3),
    "result": ParagraphStyle("result", PLAIN, fontName="Helvetica-Bold", leftIndent=18, spaceBefore=3, spaceAfter=11),
    "cell": ParagraphStyle("cell", PLAIN, fontSize=10, leading=13, spaceAfter=0, alignment=0),
}
GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.4, HexColor("#888888")),
        ("BACKGROUND", (0, 0), (-1, 0), HexColor("#e6ebf2")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
)
WIDTH, HEIGHT = A4
MARGIN = 2.5 * cm
COLUMNS = (3 * cm, 8 * cm, 5 * cm)


def draw_pdf(text: Text) -> bytes:
    """Return a text as PDF, the same bytes each time: no clock, no compressor, built-in fonts."""
    out = BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        title=f"{text.title}, {text.published:%Y-%m-%d}",
        author=f"Commune de {TOWN}",
        subject=notice("fr"),
        invariant=1,
        pageCompression=0,  # compressors differ between machines
    )
    body = Frame(MARGIN, 2.5 * cm, WIDTH - 2 * MARGIN, HEIGHT - 5 * cm, leftPadding=0, rightPadding=0)
    session = next((block.text for block in text.blocks if block.text.startswith("Séance")), text.title)
    # The foot is drawn last, so that it also comes last where a program reads the page in its own order.
    sheet = PageTemplate(frames=[body], onPage=partial(draw_head, session), onPageEnd=draw_foot)
    document.addPageTemplates([sheet])
    document.build([part for kind, blocks in text.runs() for part in flow(kind, blocks)])
    return out.getvalue()


def flow(kind: str, blocks: list[Block]) -> list[Flowable]:
    """Return what stands on the page for neighbouring blocks of one kind."""
    if kind == "break":
        return [PageBreak()]
    if kind == "row":
        rows = [[Paragraph(escape(cell), STYLES["cell"]) for cell in block.cells] for block in blocks]
        return [Table(rows, colWidths=COLUMNS, style=GRID, repeatRows=1), Spacer(1, 10)]
    bullet = "•" if kind == "bullet" else None
    return [Paragraph(escape(block.text), STYLES[kind], bulletText=bullet) for block in blocks]


def draw_head(session: str, canvas: Any, document: Any) -> None:
    """Draw the head of a page: the town, and which séance this is."""
    canvas.saveState()
    canvas.setFillColor(INK)
    canvas.setFont("Helvetica-Bold", 9)
    canvas.drawString(MARGIN, HEIGHT - 1.6 * cm, f"Commune de {TOWN}")
    canvas.setFont("Helvetica", 9)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 1.6 * cm, session)
    canvas.line(MARGIN, HEIGHT - 1.8 * cm, WIDTH - MARGIN, HEIGHT - 1.8 * cm)
    canvas.restoreState()


def draw_foot(canvas: Any, document: Any) -> None:
    """Draw the foot of a page: that it is synthetic, and its number."""
    canvas.saveState()
    canvas.setFillColor(INK)
    canvas.setFont("Helvetica", 7.5)
    canvas.drawString(MARGIN, 1.4 * cm, notice("fr"))
    canvas.drawRightString(WIDTH - MARGIN, 1.4 * cm, f"Page {document.page}")
    canvas.restoreState()
