"""Images of pages, such as a scan kept as TIFF: nothing to read until OCR looks at them."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version

from extract.clean import join_pages
from extract.model import Extraction, Hints, Quality
from extract.ocr.pictures import NoPicture, frames_of
from extract.sniff import media_type

MEDIA_TYPES = ("image/png", "image/jpeg", "image/tiff")
MAX_FRAMES = 500


def read(body: bytes, hints: Hints) -> Extraction:
    """Pages without text, one for each picture in the file, that wait for OCR."""
    del hints
    try:
        total = frames_of(body)
    except NoPicture as error:
        return _extraction(body, Quality(verdict="corrupt", reasons=(f"No page can be seen: {error}.",)), 0)
    reasons = [f"{total} pictures of pages, without a text layer." if total > 1 else "A picture, without a text layer."]
    if total > MAX_FRAMES:
        reasons.append(f"Only the first {MAX_FRAMES} of {total} pictures are pages of it.")
    count = min(total, MAX_FRAMES)
    figures = {"pages": total, "pages_read": count, "scanned_pages": count}
    return _extraction(body, Quality(verdict="scanned", reasons=tuple(reasons), needs_ocr=True, figures=figures), count)


def _extraction(body: bytes, quality: Quality, count: int) -> Extraction:
    text, spans = join_pages([""] * count)
    return Extraction(
        extractor="picture",
        engine=f"pillow {version('pillow')}",
        media_type=media_type(body),
        text=text,
        quality=quality,
        pages=tuple(replace(page, verdict="scanned") for page in spans),
    )
