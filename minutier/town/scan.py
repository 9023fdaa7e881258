"""The scanned register of 1987: how its picture was made.

The picture is kept as a file beside the texts, because no two machines render letters to the same pixels.
`python -m minutier.town.scan FILE` draws it again.
"""

from __future__ import annotations

import sys
import time
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

from minutier.town.pdf import draw_pdf
from minutier.town.texts import read_texts

NAME = "seance-1987-04-13"
RESOLUTION = 150
PAPER, INK = 226, 52


def redraw() -> bytes:
    """Return the page of the register as a PDF that holds one grey picture and no text."""
    text = next(text for text in read_texts("minutes", 1) if text.name == NAME)
    document = pypdfium2.PdfDocument(draw_pdf(text))
    page = document[0].render(scale=RESOLUTION / 72, grayscale=True).to_pil()
    document.close()
    out = BytesIO()
    then = time.gmtime(0)
    age(page).save(out, "PDF", resolution=RESOLUTION, quality=38, title="", creationDate=then, modDate=then)
    return out.getvalue()


def age(page: Image.Image) -> Image.Image:
    """Return a page as an office scanner sees it: grey, a little askew, soft, with specks."""
    grey = page.convert("L").point([INK + (PAPER - INK) * level // 255 for level in range(256)])
    askew = grey.rotate(0.6, resample=Image.Resampling.BICUBIC, fillcolor=PAPER)
    draw = ImageDraw.Draw(askew)
    state = 1987
    for _ in range(260):
        state = (state * 1103515245 + 12345) % 2**31
        x, y = state % askew.width, (state // 7) % askew.height
        draw.ellipse((x, y, x + state % 3, y + state % 2), fill=110 + state % 70)
    return askew.filter(ImageFilter.GaussianBlur(0.6))


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(redraw())
