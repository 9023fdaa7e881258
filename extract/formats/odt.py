"""OpenDocument texts and sheets (.odt, .ods): paragraphs, list numbers, tables, text boxes and notes."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from extract.clean import MAX_DAMAGE, damage
from extract.model import Extraction, Found, Hints, Quality, Verdict
from extract.office.blocks import compose
from extract.office.opendocument import blocks, heading
from extract.office.package import BROKEN_ZIP, local, part, too_large, tree

ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
MEDIA_TYPES = (ODT, f"{ODT}-template", ODS)
ENGINE = "lxml " + ".".join(map(str, etree.LXML_VERSION[:3]))


def read(body: bytes, hints: Hints) -> Extraction:
    """The text of the document, notes in brackets where they stand, tables as rows of cells."""
    refused = too_large(body)
    if refused:
        return _without_text(body, "corrupt", refused)
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if _is_locked(archive):
                return _without_text(body, "encrypted", "A password protects this document.")
            root = tree(part(archive, "content.xml"))
            title = _title(archive)
        return _extraction(body, root, title)
    except (*BROKEN_ZIP, etree.XMLSyntaxError) as error:
        return _without_text(body, "corrupt", f"The package is damaged ({type(error).__name__}).")


def _is_locked(archive: zipfile.ZipFile) -> bool:
    """Whether the content is encrypted; the list of parts says so, and stays readable."""
    if "META-INF/manifest.xml" not in archive.namelist():
        return False
    return b"encryption-data" in part(archive, "META-INF/manifest.xml")


def _title(archive: zipfile.ZipFile) -> str:
    if "meta.xml" not in archive.namelist():
        return ""
    found = (node.text or "" for node in tree(part(archive, "meta.xml")).iter() if local(node) == "title")
    return next(found, "")


def _extraction(body: bytes, root: etree._Element, title: str) -> Extraction:
    text, tables = compose(blocks(root))
    lost = damage(text)
    first = heading(root)
    found = Found(value=first, found_in="heading") if first else Found(value=title, found_in="metadata")
    return Extraction(
        extractor="odt",
        engine=ENGINE,
        media_type=_type(body),
        text=text,
        tables=tables,
        title=found if found.value else None,
        quality=Quality(
            verdict="suspect" if lost > MAX_DAMAGE else "good",
            reasons=(f"{lost:.1%} of the characters are damaged.",) if lost > MAX_DAMAGE else (),
            figures={"damage": lost, "tables": len(tables)},
        ),
    )


def _type(body: bytes) -> str:
    """Which of the types the bytes say they are: the first part of the package is its type."""
    return next((kind for kind in reversed(MEDIA_TYPES) if kind.encode() in body[:200]), ODT)


def _without_text(body: bytes, verdict: Verdict, reason: str) -> Extraction:
    return Extraction(
        extractor="odt",
        engine=ENGINE,
        media_type=_type(body),
        text="",
        quality=Quality(verdict=verdict, reasons=(reason,)),
    )
