"""Pages that a person typed, put in the place of what a machine read; everything else is then read from that text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from extract.clean import clean, join_pages
from extract.model import Extraction, Page, Quality
from extract.ocr.pages import shifted, unread

BY_HAND = "transcribed_pages"
"""The figure that says how many pages were typed by a person."""


def transcribed(extraction: Extraction, by_hand: Mapping[int, str]) -> Extraction:
    """The extraction with these pages, by number, as a person typed them; a page that is not there is left alone."""
    typed = {page.number: clean(by_hand[page.number]) for page in extraction.pages if page.number in by_hand}
    if not typed:
        return extraction
    old = extraction.pages
    texts = [typed.get(page.number, extraction.text[page.start : page.end]) for page in old]
    text, spans = join_pages(texts, [page.label for page in old])
    pages = tuple(_page(before, span, typed) for before, span in zip(old, spans, strict=True))
    return replace(
        extraction,
        text=text,
        pages=pages,
        tables=shifted(extraction.tables, old, pages, typed),
        margins=tuple(margin for margin in extraction.margins if margin.page not in typed),
        quality=_quality(extraction.quality, pages, sorted(typed)),
    )


def _page(before: Page, span: Page, typed: Mapping[int, str]) -> Page:
    page = replace(before, start=span.start, end=span.end)
    return replace(page, verdict="good", confidence=None) if page.number in typed else page


def _quality(quality: Quality, pages: tuple[Page, ...], numbers: list[int]) -> Quality:
    """The whole is as good as its other pages let it be: nothing waits for OCR where every page has its text."""
    waiting = [page for page in pages if unread(page)]
    verdict = quality.verdict
    if not waiting and verdict in ("scanned", "illegible", "empty"):
        verdict = "good" if all(page.verdict in ("good", "empty") for page in pages) else "suspect"
    said = f"Typed by a person: page {', '.join(map(str, numbers))}."
    return replace(
        quality,
        verdict=verdict,
        reasons=(*quality.reasons, said),
        needs_ocr=quality.needs_ocr and bool(waiting),
        figures={**quality.figures, BY_HAND: len(numbers)},
    )
