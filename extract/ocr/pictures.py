"""Pages as grey pictures: those of a PDF drawn by PDFium, those of an image file as they are."""

from __future__ import annotations

import io
import math
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from PIL import Image, ImageOps
from pypdfium2 import PdfDocument, PdfiumError, PdfPage
from pypdfium2 import raw as pdfium

RESOLUTION = 300
MAX_PIXELS = 20_000_000
"""A sheet of A3 at 300 dots an inch has 17 million."""
MAX_SOURCE_PIXELS = 100_000_000
_A4_WIDTH = 2_480
_DEEP = 2
# Pillow's readers check little of what they read before they compute with it.
_BROKEN = (
    Image.DecompressionBombError, ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, OSError,
    RuntimeError, SyntaxError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip


class NoPicture(ValueError):
    """A page that could not be drawn, or an image that could not be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page in grey, and how many of its pixels make an inch."""

    image: Image.Image
    dpi: int


Draw = Callable[[int], Picture | None]
"""Gives the picture of a page by its number from 1, None where nothing is drawn on it; raises NoPicture."""


@contextmanager
def opened(body: bytes, *, is_pdf: bool) -> Iterator[Draw]:
    """Give a function that draws the pages of these bytes; raises NoPicture when they cannot be opened."""
    if not is_pdf:
        with closing(_image(body)) as image:
            yield lambda number: _frame(image, number)
        return
    try:
        document = PdfDocument(body)
    except PdfiumError as error:
        raise NoPicture(f"the document could not be opened again: {error}") from error
    with closing(document):
        yield lambda number: _drawn(document, number)


def frames_of(body: bytes) -> int:
    """How many pictures an image file holds; raises NoPicture when it cannot be read."""
    with closing(_image(body)) as image:
        try:
            return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
        except _BROKEN as error:
            raise NoPicture(f"its pages could not be counted ({type(error).__name__})") from error


def _drawn(document: PdfDocument, number: int) -> Picture | None:
    try:
        with closing(document[number - 1]) as page:
            if not pdfium.FPDFPage_CountObjects(page):
                return None
            scale = _scale(page)
            image = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil().convert("L")
            return Picture(image=image, dpi=round(72 * scale))
    except (PdfiumError, IndexError, MemoryError, ValueError) as error:
        raise NoPicture(f"it could not be drawn ({type(error).__name__})") from error


def _scale(page: PdfPage) -> float:
    """300 dots an inch; more on a small page that holds a fine picture, less on a huge one."""
    width, height = (max(float(side), 1.0) for side in page.get_size())
    fine = min(_widest(page), _A4_WIDTH) / width
    return min(max(RESOLUTION / 72, fine), math.sqrt(MAX_PIXELS / (width * height)))


def _widest(page: PdfPage) -> int:
    pictures = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEP)
    return max((int(picture.get_px_size()[0]) for picture in pictures), default=0)


def _image(body: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(body), formats=("PNG", "JPEG", "TIFF"))
    except _BROKEN as error:
        raise NoPicture(f"the image could not be opened ({type(error).__name__})") from error
    if image.width * image.height > MAX_SOURCE_PIXELS:
        image.close()
        raise NoPicture(f"the image has more than {MAX_SOURCE_PIXELS} pixels")
    return image


def _frame(image: Image.Image, number: int) -> Picture:
    try:
        image.seek(number - 1)
        grey = _on_white(ImageOps.exif_transpose(image))
    except _BROKEN as error:
        raise NoPicture(f"it could not be decoded ({type(error).__name__})") from error
    return _sized(grey, _resolution(image))


def _on_white(image: Image.Image) -> Image.Image:
    """The picture in grey, what is transparent being white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(ground, layer).convert("L")
    if image.mode.startswith("I;16"):
        return image.point(lambda level: level / 256).convert("L")
    return image.convert("L")


def _resolution(image: Image.Image) -> int:
    """The resolution an image file states, or the one it would have as a sheet of A4."""
    stated = float((image.info.get("dpi") or (0, 0))[0])
    return round(stated) if 100 <= stated <= 1200 else max(round(min(image.size) / 8.27), 70)


def _sized(image: Image.Image, dpi: int) -> Picture:
    """The picture at the resolution the engine was trained for, within the limit."""
    pixels = image.width * image.height
    factor = min(max(RESOLUTION / dpi, 1.0) if dpi < 250 else 1.0, math.sqrt(MAX_PIXELS / pixels))
    if abs(factor - 1) < 0.05:
        return Picture(image=image, dpi=dpi)
    size = (max(round(image.width * factor), 1), max(round(image.height * factor), 1))
    return Picture(image=image.resize(size, Image.Resampling.LANCZOS), dpi=round(dpi * factor))
