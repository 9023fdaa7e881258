"""Pages saved by Safari (.webarchive): the page itself, without the pictures and styles beside it."""

from __future__ import annotations

from dataclasses import replace

from extract.formats import html
from extract.model import Extraction, Hints, Quality
from extract.plists import WEBARCHIVE, main_page

MEDIA_TYPES = (WEBARCHIVE,)


def read(body: bytes, hints: Hints) -> Extraction:
    """The text of the page that was saved."""
    page = main_page(body)
    if page is None:
        quality = Quality(verdict="corrupt", reasons=("The web archive of Safari is damaged.",))
        return Extraction(extractor="webarchive", engine="plistlib", media_type=WEBARCHIVE, text="", quality=quality)
    headers = {"content-type": f"text/html; charset={page.encoding}"} if page.encoding else {}
    return replace(html.read(page.body, replace(hints, headers=headers)), media_type=WEBARCHIVE)
