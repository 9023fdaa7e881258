"""Words that a line end cut in two, made whole again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from extract.pdf.lines import CUT
from extract.smallwords import SMALL_WORDS

WRAP = "\ufdd0"
"""What stands in a cell of a table for a line end: narrow cells break words without a hyphen."""

_HYPHEN_END = re.compile(r"(?<=\w)[-\u2010\u00ad]$")
_LETTERS = re.compile(r"[^\W\d_]*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LEFT = frozenset(
    [
        "celui",
        "celle",
        "ceux",
        "celles",
        "peut",
        "vice",
        "sous",
        "grand",
        "grands",
        "grande",
        "rendez",
        "demi",
        "mi",
        "non",
        "ex",
        "avant",
        "après",
        "arrière",
        "au",
        "là",
        "ci",
        "procès",
        "vingt",
        "trente",
        "quarante",
        "cinquante",
        "soixante",
        "quatre",
        "dix",
        "saint",
        "sainte",
        "moi",
        "lui",
        "eux",
        "nous",
        "vous",
        "elle",
        "elles",
        "soi",
        "franco",
        "sino",
        "sus",
        "semi",
        "mini",
        "quasi",
        "socio",
        "week",
        "compte",
        "comptes",
    ]
)
_RIGHT = frozenset(
    [
        "ci",
        "là",
        "même",
        "mêmes",
        "t",
        "il",
        "ils",
        "elle",
        "elles",
        "on",
        "je",
        "tu",
        "nous",
        "vous",
        "être",
        "verbal",
        "verbaux",
    ]
)

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3000-\u30ff\uff00-\uffef"
_CJK_SIGN = re.compile(f"[{_CJK}]")
_CJK_END = re.compile(f"[{_CJK}]$")
_CJK_START = re.compile(f"^[{_CJK}]")
_CJK_LINE_END = re.compile(f"[{_CJK}]\\s*\\n")
_FRENCH = SMALL_WORDS["fr"]
_ENDING = re.compile(
    "(?:ments?|[st]?ions?|e?ses?|t?eurs?|t?rices?|t?res?|t?[éèe]e?s?|ques?|tifs?|tives?|ables?|ances?)"
)
_SIGNS = ".,;:!?()\"'\u2019\u00ab\u00bb-"
_SENTENCE_END = re.compile("[\u3002\uff01\uff1f\uff1a\uff1b!?]$")


def mark_cuts(lines: Sequence[str]) -> list[str]:
    """The lines with a mark in place of each hyphen at their end, for engines that leave it there."""
    marked = [
        _HYPHEN_END.sub(CUT, line) if following[:1].isalnum() else line for line, following in pairwise((*lines, ""))
    ]
    return marked


def mend(texts: Sequence[str]) -> list[str]:
    """The texts, all of one document, with their cut words whole: see `_whole`."""
    if not any(CUT in text or WRAP in text for text in texts):
        return list(texts)
    words = _vocabulary(texts)
    whole = [_over_marks(text, CUT, words, _whole) if CUT in text else text for text in texts]
    return [_over_marks(text, WRAP, words, _unwrapped) if WRAP in text else text for text in whole]


def _vocabulary(texts: Sequence[str]) -> Counter[str]:
    """How often the document has each word, and each part of a word with a hyphen, away from its line ends."""
    strings: Counter[str] = Counter()
    for text in texts:
        pieces = text.replace(WRAP, CUT).split(CUT)
        for place, piece in enumerate(pieces):
            start = len(_head(piece)) if place else 0
            end = len(piece) - len(_tail(piece)) if place < len(pieces) - 1 else len(piece)
            strings.update(piece[start:end].lower().split())
    words: Counter[str] = Counter()
    for string, times in strings.items():
        bare = string.strip(_SIGNS)
        for word in (bare,) if bare.isalpha() else _WORD.findall(bare):
            words[word] += times
            if "-" in word:
                for part in word.split("-"):
                    words[part] += times
    return words


def _over_marks(text: str, mark: str, words: Counter[str], join: Callable[[str, str, Counter[str]], str]) -> str:
    """The text with what `join` makes of the letters on both sides of each mark."""
    pieces = text.split(mark)
    out = pieces[0]
    for piece in pieces[1:]:
        left, right = _tail(out), _head(piece)
        out = out[: len(out) - len(left)] + join(left, right, words) + piece[len(right) :]
    return out


def _head(text: str) -> str:
    """The letters a text begins with."""
    match = _LETTERS.match(text)
    return match[0] if match else ""


def _tail(text: str) -> str:
    """The letters a text ends with."""
    start = len(text)
    while start and text[start - 1].isalpha():
        start -= 1
    return text[start:]


def mend_chinese(text: str) -> str:
    """The text without the line ends between two Chinese characters of a paragraph."""
    return _mend_chinese(text) if _CJK_LINE_END.search(text) else text


def _whole(left: str, right: str, words: Counter[str]) -> str:
    """The cut word, joined where the document or its form says that this is a word.

    The document decides where it has the word elsewhere, whole or with its hyphen. Else the hyphen stays before a
    capital (Jean-Paul), in the usual compounds (celui-ci) and between two words that the document has too.
    """
    kept, joined = f"{left}-{right}", left + right
    if not left or not right:
        return kept
    if words[kept.lower()] != words[joined.lower()]:
        return kept if words[kept.lower()] > words[joined.lower()] else joined
    if len(left) == 1 or left.lower() in _LEFT or right.lower() in _RIGHT:
        return kept
    if (
        left.isupper()
        and right.isupper()
        and right.lower() not in _FRENCH
        and not words[left.lower()] + words[right.lower()]
    ):
        return joined  # COMMUNI/CANTES in a heading, against LOIRE-ATLANTIQUE and BOUCHES-DU
    if right[0].isupper():
        return kept
    return kept if words[left.lower()] and words[right.lower()] and not _ENDING.fullmatch(right) else joined


def _unwrapped(left: str, right: str, words: Counter[str]) -> str:
    """The two sides of a line end in a cell: one word where only the whole is one, two words else."""
    whole = words[(left + right).lower()] and not (words[left.lower()] and words[right.lower()])
    return left + right if left and right and whole else f"{left} {right}"


def _mend_chinese(text: str) -> str:
    lines = text.replace("\r\n", "\n").split("\n")
    full = _full_width(lines)
    out = lines[0]
    for before, line in pairwise(lines):
        goes_on = (
            _CJK_END.search(before.rstrip()) and _CJK_START.search(line) and not _SENTENCE_END.search(before.rstrip())
        )
        out = out.rstrip() + line if goes_on and _width(before) >= 0.75 * full else f"{out}\n{line}"
    return out


def _full_width(lines: list[str]) -> float:
    """The width of a full line of the page, in half-width characters."""
    widths = sorted(_width(line) for line in lines if _CJK_END.search(line.rstrip()) or _CJK_START.search(line))
    return widths[int(len(widths) * 0.8)] if widths else 0.0


def _width(line: str) -> int:
    line = line.strip()
    return len(line) + len(_CJK_SIGN.findall(line))
