"""Pictures of pages turned into text by tesseract, with the confidence of each page.

A pure function of the bytes and of the version of tesseract, which is another program: see `available`.
"""

from __future__ import annotations

from extract.ocr.pages import read_pages
from extract.ocr.tesseract import Missing, Tesseract, available, languages_for

__all__ = ["Missing", "Tesseract", "available", "languages_for", "read_pages"]
