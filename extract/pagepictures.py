"""A page as it looks, for people: drawn from a PDF in colour, or one picture of an image file."""

from __future__ import annotations

import io
import math
from contextlib import closing

from PIL import Image
from pypdfium2 import PdfDocument, PdfiumError

from extract.ocr.pictures import MAX_PIXELS, NoPicture, opened
from extract.sniff import PDF

WIDTH = 1_600
"""Pixels: wide enough to read a page on a screen."""
AS_THEY_ARE = ("image/png", "image/jpeg")


def page_picture(body: bytes, media_type: str, number: int) -> bytes:
    """The picture of a page, by its number from 1: PNG, or the file itself where it is a picture for every screen.

    Raises NoPicture where there is none.
    """
    if media_type in AS_THEY_ARE:
        return body
    out = io.BytesIO()
    if media_type == PDF:
        _drawn(body, number).save(out, "PNG")
    else:
        with opened(body, is_pdf=False) as draw:
            seen = draw(number)
            if seen is None:
                raise NoPicture("nothing is on it")
            seen.image.save(out, "PNG")
    return out.getvalue()


def _drawn(body: bytes, number: int) -> Image.Image:
    try:
        with closing(PdfDocument(body)) as document, closing(document[number - 1]) as page:
            width, height = (max(float(side), 1.0) for side in page.get_size())
            scale = min(WIDTH / width, math.sqrt(MAX_PIXELS / (width * height)))
            drawn: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
            return drawn
    except (PdfiumError, IndexError, MemoryError, ValueError) as error:
        raise NoPicture(f"it could not be drawn ({type(error).__name__})") from error
