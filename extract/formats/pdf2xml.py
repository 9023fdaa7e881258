"""Pages of a PDF as `pdftohtml -xml` wrote them: pieces of lines with their places, put in order as in a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from extract.model import Extraction, Hints
from extract.office.package import attribute
from extract.pdf.layout import laid_out
from extract.pdf.linebreaks import mark_cuts
from extract.pdf.lines import Line
from extract.pdf.pdfium import MAX_PAGES, PageFacts, count_letters
from extract.pdf.quality import judge, page_verdict
from extract.sniff import PDF2XML

MEDIA_TYPES = (PDF2XML,)
ENGINE = "lxml " + ".".join(map(str, etree.LXML_VERSION[:3]))


def read(body: bytes, hints: Hints) -> Extraction:
    """The text page by page; the program closes `<b>` and `<i>` in any order, so faults of that kind are forgiven."""
    nodes = _pages(body)
    pages = [_page(node) for node in nodes[:MAX_PAGES]]
    verdicts = [page_verdict(page) for page in pages]
    layout = laid_out(pages, verdicts)
    cut = f"Only the first {MAX_PAGES} of {len(nodes)} pages were read." if len(nodes) > MAX_PAGES else ""
    if not body.rstrip().endswith(b"</pdf2xml>"):
        cut = "The file is cut off: its end is missing."
    return Extraction(
        extractor="pdf2xml",
        engine=ENGINE,
        media_type=PDF2XML,
        text=layout.text,
        pages=layout.pages,
        quality=judge(pages, len(nodes), cut, verdicts),
        margins=layout.margins,
    )


def _pages(body: bytes) -> list[etree._Element]:
    """The pages as far as they can be parsed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return []  # nothing to recover
    return [] if root is None else list(root.iter("page"))


def _page(node: etree._Element) -> PageFacts:
    """The page with its lines where they stand, counted from the lower left corner as in a PDF; no pictures."""
    width, height = _number(node, "width"), _number(node, "height")
    found = [(" ".join(str(piece.xpath("string()")).split()), piece) for piece in node.iter("text")]
    pieces = _with_bullets([_line(words, piece, height) for words, piece in found if words])
    texts = mark_cuts([piece.text for piece in pieces])
    lines = tuple(replace(piece, text=text) for piece, text in zip(pieces, texts, strict=True))
    text = "\n".join(texts)
    return PageFacts(
        text=text, letters=count_letters(text), drawn=bool(text), lines=lines, edges=(0.0, 0.0, width, height)
    )


def _with_bullets(pieces: Sequence[Line]) -> list[Line]:
    """The pieces, a single sign put before the words that stand at its height."""
    lines: list[Line] = []
    for piece in pieces:
        before = lines[-1] if lines else piece
        is_bullet = len(before.text) == 1 and not before.text.isalnum() and before.box[0] < piece.box[0]
        if is_bullet and abs(before.middle - piece.middle) < piece.height / 2:
            lines[-1] = replace(piece, text=f"{before.text} {piece.text}", box=(before.box[0], *piece.box[1:]))
        else:
            lines.append(piece)
    return lines


def _line(words: str, piece: etree._Element, height: float) -> Line:
    left, top = _number(piece, "left"), height - _number(piece, "top")
    return Line(text=words, box=(left, top - _number(piece, "height"), left + _number(piece, "width"), top))


def _number(node: etree._Element, name: str) -> float:
    """What an attribute says; nought where it is no number."""
    try:
        return float(attribute(node, name))
    except ValueError:
        return 0.0
