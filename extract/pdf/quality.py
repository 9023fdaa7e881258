"""How far the text of a PDF can be trusted: scans, somebody's OCR, damaged letters, mirrored lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extract.clean import MAX_DAMAGE
from extract.model import Quality, Verdict
from extract.pdf.pdfium import PageFacts, count_lost
from extract.smallwords import SMALL_WORDS

STAMP_LETTERS = 200
"""A picture of a page with fewer letters than this has a stamp on it, not a text layer."""
_MOSTLY_LOST = 0.2
_READABLE, _HOPELESS = 0.7, 0.4
_MANY_LINES = 40
_FOLIO = 20
_FEW = 0.1
"""Of the written pages: so many doubtful ones leave the document its verdict."""
_SAMPLE = 80
_COMMON = frozenset(
    word for code in ("fr", "en", "ca", "es", "it", "oc", "de", "pt") for word in SMALL_WORDS[code] if len(word) > 2
)
_LATIN_WORD = re.compile(r"[^\W\d_]{3,}")
_VOWEL = re.compile("[aeiouyàâäáãåéèêëíìîïóòôöõúùûüœæ]", re.I)
# The bullets and large brackets of symbol fonts have no other code: no word loses a letter with them.
_SIGN = re.compile("[\uf8e5-\uf8fe]|[\x00-\x08\x0e-\x1b\x7f-\x9f\ue000-\uf8ff\ufffd](?<!\\S.)(?!\\S)")


def is_scan(page: PageFacts) -> bool:
    """Whether a page is a picture: hardly a letter under an image, or drawings without any text."""
    if page.letters >= STAMP_LETTERS:
        return False
    return page.pictured or (page.letters == 0 and page.drawn and len(page.text) < _FOLIO)


def page_verdict(page: PageFacts) -> Verdict:
    """How far one page can be trusted."""
    if page.broken:
        return "corrupt"
    if is_scan(page):
        return "scanned"
    if page.letters == 0:
        return "good" if page.text.strip() else "empty"
    if page.hidden:
        return "ocr_layer"
    words = _sample(page.text)
    lost, share = lost_letters(page.text), readable(words)
    if lost > _MOSTLY_LOST or share < _HOPELESS:
        return "illegible"
    doubtful = lost > MAX_DAMAGE or share < _READABLE or is_mirrored(words) or is_scattered(page)
    return "suspect" if doubtful else "good"


def harm(page: PageFacts) -> float:
    """How bad the text of a page is, for choosing between two engines: 0 is without a fault."""
    words = _sample(page.text)
    mirrored = _backwards([word.lower() for word in words]) / len(words) if is_mirrored(words) else 0.0
    return lost_letters(page.text) + 1 - readable(words) + mirrored + is_scattered(page) / 2


def judge(pages: Sequence[PageFacts], total: int, cut: str = "", verdicts: Sequence[Verdict] = ()) -> Quality:
    """The verdict on the pages read out of `total`; `cut` says why there are fewer, `verdicts` what each page is."""
    kinds = Counter(verdicts or map(page_verdict, pages))
    text = "\n".join(page.text for page in pages)
    lost = lost_letters(text)
    written = len(pages) - kinds["scanned"] - kinds["empty"] - kinds["corrupt"]
    doubts = _doubts(_sample(text, 10 * _SAMPLE), lost)
    verdict = _verdict(kinds, written, len(pages))
    doubtful = kinds["suspect"] + kinds["illegible"] + kinds["ocr_layer"]
    if verdict == "good" and (cut or doubts or kinds["corrupt"] or doubtful > _FEW * written):
        verdict = "suspect"
    empty = ["There is nothing on its pages."] if verdict == "empty" else []
    return Quality(
        verdict=verdict,
        reasons=(*filter(None, [cut]), *empty, *_counts(kinds, len(pages)), *doubts),
        needs_ocr=bool(kinds["scanned"] or kinds["illegible"]),
        figures={
            "pages": total,
            "pages_read": len(pages),
            "scanned_pages": kinds["scanned"],
            "ocr_layer_pages": kinds["ocr_layer"],
            "suspect_pages": kinds["suspect"] + kinds["illegible"],
            "damage": lost,
        },
    )


def _verdict(kinds: Counter[Verdict], written: int, count: int) -> Verdict:
    """What most of the pages are."""
    if kinds["scanned"] and kinds["scanned"] >= written:
        return "scanned"
    if count and kinds["corrupt"] == count:
        return "corrupt"
    if not written and not kinds["corrupt"]:
        return "empty"
    for kind in ("ocr_layer", "illegible"):
        if kinds[kind] * 2 > written:
            return kind
    return "good"


def _counts(kinds: Counter[Verdict], count: int) -> list[str]:
    """A sentence for each kind of pages that is not good."""
    told: dict[Verdict, str] = {
        "scanned": "are pictures without a text layer",
        "ocr_layer": "carry an unseen text layer under a picture: someone's OCR",
        "corrupt": "could not be opened",
        "illegible": "have mostly letters without a meaning",
        "suspect": "have text with doubtful letters",
    }
    return [f"{kinds[kind]} of {count} pages {words}." for kind, words in told.items() if kinds[kind]]


def _doubts(words: Sequence[str], lost: float) -> list[str]:
    """What is wrong with the letters of the whole."""
    doubts = []
    if lost > MAX_DAMAGE:
        doubts.append(f"{lost:.1%} of the characters have no meaning: a font without a character table.")
    if is_mirrored(words):
        doubts.append("The words read from right to left.")
    elif readable(words) < _READABLE:
        doubts.append(f"Only {readable(words):.0%} of the words can be pronounced: the letters may be wrong ones.")
    return doubts


def _sample(text: str, count: int = _SAMPLE) -> list[str]:
    """Words from the beginning of the text."""
    return _LATIN_WORD.findall(text[: count * 12])[:count]


def lost_letters(text: str) -> float:
    """The share of characters that stand for a loss, bullets aside."""
    lost = count_lost(text)
    return round((lost - len(_SIGN.findall(text))) / len(text), 6) if lost else 0.0


def is_scattered(page: PageFacts) -> bool:
    """Whether most lines are of one or two letters: the file draws them one by one, in no order."""
    if len(page.lines) < _MANY_LINES:
        return False
    return sum(len(line.text) <= 2 and line.text.isalpha() for line in page.lines) > 0.8 * len(page.lines)


def is_mirrored(words: Sequence[str]) -> bool:
    """Whether the words are common words of our languages when read backwards, and not forwards."""
    lowered = [word.lower() for word in words]
    forwards = sum(word in _COMMON for word in lowered)
    return len(words) > 12 * forwards and _backwards(lowered) > max(4, 3 * forwards)


def _backwards(lowered: Sequence[str]) -> int:
    return sum(word[::-1] in _COMMON for word in lowered)


def readable(words: Sequence[str]) -> float:
    """The share of longer words that have a vowel and keep to one case; 1 where there are too few to tell."""
    latin = [word for word in words if len(word) > 3 and ord(word[0]) < 0x250]
    if len(latin) < 30:
        return 1.0
    plain = sum(bool(_VOWEL.search(word)) and (word[1:].islower() or word.isupper()) for word in latin)
    return plain / len(latin)
