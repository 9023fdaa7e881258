"""How far the text of a PDF can be trusted: scans, somebody's OCR, damaged letters, mirrored lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.clean import MAX_DAMAGE, damage
from extract.model import Quality, Verdict
from extract.pdfium import PageFacts
from extract.smallwords import SMALL_WORDS

STAMP_LETTERS = 200
"""A picture of a page with fewer letters than this has a stamp on it, not a text layer."""
_MOSTLY_LOST = 0.2
_COMMON = frozenset(
    word for code in ("fr", "en", "ca", "es", "it", "oc", "de", "pt") for word in SMALL_WORDS[code] if len(word) > 2
)
_LATIN_WORD = re.compile(r"[^\W\d_]{3,}")
_VOWEL = re.compile("[aeiouyàâäáãåéèêëíìîïóòôöõúùûüœæ]", re.I)


def is_scan(page: PageFacts) -> bool:
    """Whether a page is a picture: hardly a letter under an image, or drawings without any text."""
    if page.letters >= STAMP_LETTERS:
        return False
    return page.pictured or (page.letters == 0 and page.drawn)


def judge(pages: Sequence[PageFacts], total: int, cut: str = "") -> Quality:
    """The verdict on the pages read out of `total`; `cut` says why there are fewer."""
    text = "\n".join(page.text.replace("\ufffe", "") for page in pages)
    scans = sum(is_scan(page) for page in pages)
    hidden = sum(page.hidden and not is_scan(page) for page in pages)
    lost = damage(text)
    figures = {"pages": total, "pages_read": len(pages), "scanned_pages": scans, "damage": lost}
    written = sum(not is_scan(page) and page.letters > 0 for page in pages)
    reasons = [cut] if cut else []
    if scans:
        reasons.append(f"{scans} of {len(pages)} pages are pictures without a text layer.")
    verdict: Verdict = "good"
    doubts = _doubts(pages, text, lost)
    if scans and scans >= written:
        verdict = "scanned"
    elif not any(page.drawn or page.letters for page in pages) and not doubts:
        verdict, reasons = "empty", [*reasons, "There is nothing on its pages."]
    elif hidden * 2 > written:
        verdict = "ocr_layer"
        reasons.append(f"{hidden} of {len(pages)} pages carry an unseen text layer under a picture: someone's OCR.")
    elif doubts or cut:
        verdict = "suspect"
    return Quality(
        verdict=verdict,
        reasons=(*reasons, *doubts),
        needs_ocr=scans > 0 or lost > _MOSTLY_LOST,
        figures=figures,
    )


def _doubts(pages: Sequence[PageFacts], text: str, lost: float) -> list[str]:
    doubts = []
    if lost > MAX_DAMAGE:
        doubts.append(f"{lost:.1%} of the characters have no meaning: a font without a character table.")
    broken = sum(page.broken for page in pages)
    if broken:
        doubts.append(f"{broken} of {len(pages)} pages could not be opened.")
    words = _LATIN_WORD.findall(text[:200_000])
    if is_mirrored(words):
        doubts.append("The words read from right to left.")
    elif readable(words) < 0.75:
        doubts.append(f"Only {readable(words):.0%} of the words can be pronounced: the letters may be wrong ones.")
    return doubts


def is_mirrored(words: Sequence[str]) -> bool:
    """Whether the words are common words of our languages when read backwards, and not forwards."""
    forwards = sum(word.lower() in _COMMON for word in words)
    backwards = sum(word[::-1].lower() in _COMMON for word in words)
    return backwards >= 5 and backwards > 3 * forwards


def readable(words: Sequence[str]) -> float:
    """The share of longer words that have a vowel and keep to one case; 1 where there are too few to tell."""
    latin = [word for word in words if len(word) > 3 and ord(word[0]) < 0x250]
    if len(latin) < 30:
        return 1.0
    plain = sum(bool(_VOWEL.search(word)) and (word[1:].islower() or word.isupper()) for word in latin)
    return plain / len(latin)
