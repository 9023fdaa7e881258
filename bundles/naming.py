"""File names that people can sort and every system can hold."""

from __future__ import annotations

import re
import unicodedata

from bundles.model import BundleDocument

SUFFIXES = {
    "application/pdf": ".pdf",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/msword": ".doc",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/xml": ".xml",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
}
LONGEST = 60  # characters of a title in a name; ids make names unique


def stem(document: BundleDocument) -> str:
    """Return a document's file name without its ending: date, title in plain letters, id.

    Only ASCII letters, digits and hyphens: no name is reserved, escapes its folder, or differs by case alone.
    """
    words = [document.date or "undated", plain(document.title)[:LONGEST].strip("-"), document.id]
    return "_".join(word for word in words if word)


def plain(text: str) -> str:
    """Return a text in ASCII letters, digits and hyphens.

    >>> plain("Procès-verbal : séance n° 3 / 友好")
    'proces-verbal-seance-n-3'
    """
    folded = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("°", " "))
    letters = folded.encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def suffix(media_type: str) -> str:
    """Return the file ending for a media type; `.bin` for one we do not know."""
    return SUFFIXES.get(media_type, ".bin")


def cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula.

    >>> cell("=1+1"), cell("-3"), cell("Chine")
    ("'=1+1", "'-3", 'Chine')
    """
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text
