"""The pages of a document that have no text of their own, read by OCR and put in their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extract.clean import join_pages
from extract.model import Extraction, Page, Quality, Table, Verdict
from extract.ocr.layout import Word, cuts_rows, mean_confidence, text_of, weight, without_noise
from extract.ocr.pictures import Draw, NoPicture, Picture, opened
from extract.ocr.rules import without_rules
from extract.ocr.shading import without_bands
from extract.ocr.tesseract import Missing, Tesseract, available, languages_for, look
from extract.ocr.wording import worded
from extract.pdf.linebreaks import mend, mend_chinese
from extract.pdf.lines import CUT
from extract.programs import ProgramFailed
from extract.sniff import PDF

GOOD = 0.85
"""Below this mean confidence a page is suspect."""
HOPELESS = 0.6
"""Below this one it is illegible."""

_COLUMNS, _COLUMNS_UPRIGHT, _ONE_BLOCK = 3, 1, 6
_UNREAD = ("scanned", "illegible", "empty")
_NAMED = 10
_SPECKS = 10
"""A blank page has fewer specks than this that look like words."""
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of one page."""

    number: int
    text: str = ""
    seen: int = 0
    """How many words the engine saw, noise included: a grey fog is full of them."""
    confidence: float = 0.0
    """Their mean confidence."""
    failure: str = ""


def read_pages(body: bytes, extraction: Extraction, codes: Sequence[str]) -> Extraction:
    """The extraction with the pages that were pictures read by tesseract, in the languages of these ISO 639-1 codes.

    Only pages without a text worth the name are read; where tesseract is missing or a page fails, they wait.
    Dates, languages, acts and whatever else was found in the text have to be looked for again.
    """
    numbers = [page.number for page in extraction.pages if unread(page)]
    if not numbers:
        return extraction
    engine = available(codes)
    if isinstance(engine, Missing):
        return _waiting(extraction, engine.message)
    languages = languages_for(codes)
    try:
        with opened(body, is_pdf=extraction.media_type == PDF) as draw:
            looked = [found for number in numbers if (found := _read(engine, draw, number, languages))]
    except NoPicture as error:
        return _waiting(extraction, f"OCR: {error}.")
    return _with(extraction, _mended(looked), f"tesseract {engine.version} {languages}") if looked else extraction


def unread(page: Page) -> bool:
    """Whether a page has no text worth the name."""
    return page.verdict in _UNREAD


def _read(engine: Tesseract, draw: Draw, number: int, languages: str) -> Looked | None:
    """What is on a page, or nothing where nothing is drawn."""
    try:
        picture = draw(number)
        if picture is None:
            return None
        words = _best(engine, picture, languages)
    except (NoPicture, ProgramFailed) as error:
        return Looked(number=number, failure=str(error))
    text = worded(text_of(without_noise(words)), languages)
    return Looked(number=number, text=text, seen=len(words), confidence=mean_confidence(words))


def _best(engine: Tesseract, picture: Picture, languages: str) -> list[Word]:
    """The words of the better of one or two looks at a page.

    The second one is for pages that were hardly read, which may stand on their head, and for those whose rows were
    taken for columns.
    """
    image = without_rules(without_bands(picture.image))
    first = look(engine, image, languages, dpi=picture.dpi, segmentation=_COLUMNS)
    if mean_confidence(first) < HOPELESS and "osd" in engine.packs and first:
        other = _COLUMNS_UPRIGHT
    elif cuts_rows(first):
        other = _ONE_BLOCK
    else:
        return first
    try:
        second = look(engine, image, languages, dpi=picture.dpi, segmentation=other)
    except ProgramFailed:
        return first
    return max(first, second, key=weight)


def _mended(looked: Iterable[Looked]) -> list[Looked]:
    """The pages with the words whole that a line end had cut."""
    pages = list(looked)
    texts = mend([_HYPHEN.sub(CUT, page.text) for page in pages])
    return [replace(page, text=mend_chinese(text)) for page, text in zip(pages, texts, strict=True)]


def _waiting(extraction: Extraction, reason: str) -> Extraction:
    quality = extraction.quality
    reasons = (*(known for known in quality.reasons if known != reason), reason)
    return replace(extraction, quality=replace(quality, reasons=reasons, needs_ocr=True))


def _with(extraction: Extraction, looked: Sequence[Looked], engine: str) -> Extraction:
    """The extraction with these pages in it."""
    read = {page.number: page for page in looked if not page.failure}
    old = extraction.pages
    texts = [read[page.number].text if page.number in read else extraction.text[page.start : page.end] for page in old]
    text, spans = join_pages(texts, [page.label for page in old])
    pages = tuple(_page(before, span, read.get(before.number)) for before, span in zip(old, spans, strict=True))
    return replace(
        extraction,
        engine=f"{extraction.engine} + {' '.join(engine.split()[:2])}".removeprefix(" + "),
        text=text,
        pages=pages,
        tables=shifted(extraction.tables, old, pages, read.keys()),
        margins=tuple(margin for margin in extraction.margins if margin.page not in read),
        quality=_quality(extraction.quality, pages, looked, engine),
    )


def _page(before: Page, span: Page, looked: Looked | None) -> Page:
    page = replace(before, start=span.start, end=span.end)
    if looked is None:
        return page
    if not looked.text and looked.seen < _SPECKS:
        return replace(page, verdict="empty", confidence=None)
    confidence = round(looked.confidence, 4)
    verdict: Verdict = "good" if confidence >= GOOD else "suspect" if confidence >= HOPELESS else "illegible"
    return replace(page, verdict=verdict, confidence=confidence)


def shifted(
    tables: Iterable[Table], old: Sequence[Page], new: Sequence[Page], read: Iterable[int]
) -> tuple[Table, ...]:
    """The tables of the other pages than those that were read, where they now are."""
    moved = {before.number: after.start - before.start for before, after in zip(old, new, strict=True)}
    gone = set(read)
    return tuple(
        replace(table, start=table.start + moved[table.page], end=table.end + moved[table.page])
        for table in tables
        if table.page not in gone and table.page in moved
    )


def _quality(quality: Quality, pages: Sequence[Page], looked: Sequence[Looked], engine: str) -> Quality:
    failures = [page for page in looked if page.failure]
    done = len(looked) - len(failures)
    sure = [page.confidence for page in pages if page.confidence is not None]
    figures: dict[str, float | int | str] = {"ocr_pages": done, "ocr_engine": engine}
    reasons = [f"Page {page.number} was not read by OCR: {page.failure}." for page in failures[:_NAMED]]
    if sure:
        mean = figures["ocr_confidence"] = round(sum(sure) / len(sure), 4)
        read = f"{len(sure)} of {len(pages)} pages were read by OCR ({engine})"
        reasons.insert(0, f"{read}, with a mean confidence of {mean:.2f}.")
    return Quality(
        verdict=_verdict(quality.verdict, pages),
        reasons=(*quality.reasons, *reasons),
        needs_ocr=bool(failures),
        figures={**quality.figures, **figures},
    )


def _verdict(before: Verdict, pages: Sequence[Page]) -> Verdict:
    """The verdict on the whole: what most pages are, and never better than a doubt about any of them."""
    kinds = [page.verdict for page in pages if page.verdict != "empty"]
    if not kinds:
        return "empty"
    for verdict in ("scanned", "illegible"):
        if 2 * kinds.count(verdict) >= len(kinds):
            return verdict
    if before in ("scanned", "illegible", "empty", "good"):
        return "good" if set(kinds) == {"good"} else "suspect"
    return before
