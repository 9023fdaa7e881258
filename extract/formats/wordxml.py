"""Word documents saved as one XML file (Word 2003): the marks of .docx, with the numbers of lists written out."""

from __future__ import annotations

from lxml import etree

from extract.clean import MAX_DAMAGE, damage
from extract.model import Extraction, Found, Hints, Quality
from extract.office import wordml
from extract.office.blocks import compose
from extract.office.package import attribute, local, tree
from extract.sniff import WORDML

MEDIA_TYPES = (WORDML,)
ENGINE = "lxml " + ".".join(map(str, etree.LXML_VERSION[:3]))


class _Written:
    """The lists of such a document: each paragraph says itself what stands before it."""

    def marker(self, paragraph: etree._Element) -> str:
        """The number or the bullet of a paragraph, or nothing."""
        properties = (node for part in paragraph if local(part) == "pPr" for node in part if local(node) == "listPr")
        shown = next((attribute(node, "val") for list_ in properties for node in list_ if local(node) == "t"), "")
        return shown if not shown or any(map(str.isalnum, shown)) else "-"


def read(body: bytes, hints: Hints) -> Extraction:
    """The text of the body, tables as rows of cells, notes in brackets where they stand; no headers and footers."""
    try:
        root = tree(body)
    except etree.XMLSyntaxError as error:
        reason = f"The XML of the document is damaged ({error.msg})."
        return Extraction(
            extractor="wordxml", engine=ENGINE, media_type=WORDML, text="",
            quality=Quality(verdict="corrupt", reasons=(reason,)),
        )  # fmt: skip
    bodies = [node for node in root if local(node) == "body"]
    text, tables = compose(block for node in bodies for block in wordml.blocks(node, _Written()))
    lost = damage(text)
    title = _title(root)
    return Extraction(
        extractor="wordxml",
        engine=ENGINE,
        media_type=WORDML,
        text=text,
        title=Found(value=title, found_in="metadata") if title else None,
        tables=tables,
        quality=Quality(
            verdict="suspect" if lost > MAX_DAMAGE else "good",
            reasons=(f"{lost:.1%} of the characters are damaged.",) if lost > MAX_DAMAGE else (),
            figures={"damage": lost, "tables": len(tables)},
        ),
    )


def _title(root: etree._Element) -> str:
    """The title among the properties of the document."""
    for part in root:
        if local(part) == "DocumentProperties":
            return next((node.text or "" for node in part if local(node) == "Title"), "").strip()
    return ""
