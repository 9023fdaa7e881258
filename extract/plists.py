"""What Safari saves (.webarchive): a property list whose main resource is the page."""

from __future__ import annotations

import plistlib
import struct
from dataclasses import dataclass
from xml.parsers.expat import ExpatError

WEBARCHIVE = "application/x-webarchive"
_BROKEN = (
    plistlib.InvalidFileException, ExpatError, ValueError, OverflowError, RecursionError, IndexError, KeyError,
    TypeError, AttributeError, struct.error, MemoryError,
)  # fmt: skip
"""What plistlib raises for cut and altered files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """The main resource of a web archive of Safari."""

    url: str
    body: bytes
    encoding: str


def main_page(body: bytes) -> SavedPage | None:
    """The page that was saved, or nothing where the file is damaged."""
    try:
        main = plistlib.loads(body)["WebMainResource"]
        page = main["WebResourceData"]
        url, encoding = main.get("WebResourceURL", ""), main.get("WebResourceTextEncodingName", "")
    except _BROKEN:
        return None
    return SavedPage(url=str(url), body=page, encoding=str(encoding)) if isinstance(page, bytes) else None
