"""Words that a line end cut in two, made whole again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

CUT = "\ufffe"
"""What PDFium leaves in the place of a hyphen at a line end, line end included."""

_CUT_WORD = re.compile(rf"([^\W\d_]+)?{CUT}([^\W\d_]+)?")
_HYPHEN_LINE_END = re.compile(r"(?<=\w)-[ \t]*\r?\n(?=\w)")
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
_CJK_END = re.compile(f"[{_CJK}]$")
_CJK_START = re.compile(f"^[{_CJK}]")
_SENTENCE_END = re.compile("[\u3002\uff01\uff1f\uff1a\uff1b!?]$")


def mark_cuts(text: str) -> str:
    """The text with a mark in place of each hyphen that ends a line, for engines that leave it there."""
    return _HYPHEN_LINE_END.sub(CUT, text)


def mend(texts: Sequence[str]) -> list[str]:
    """The pages with their cut words whole.

    A cut word is joined, unless the next letter is a capital (Jean-Paul) or the document writes the word with
    its hyphen elsewhere. Between two Chinese characters a line end inside a paragraph is nothing.
    """
    if any(CUT in text for text in texts):
        words = Counter(word.lower() for text in texts for word in _WORD.findall(_CUT_WORD.sub(" ", text)))
        texts = [_CUT_WORD.sub(lambda match: _whole(match, words), text) for text in texts]
    return [_mend_chinese(text) if re.search(f"[{_CJK}]\\s*\\n", text) else text for text in texts]


def _whole(match: re.Match[str], words: Counter[str]) -> str:
    left, right = match[1] or "", match[2] or ""
    if not left or not right:
        return f"{left}-{right}"
    joined, hyphenated = (left + right).lower(), f"{left}-{right}".lower()
    if words[hyphenated] != words[joined]:
        return f"{left}-{right}" if words[hyphenated] > words[joined] else left + right
    if len(left) == 1 or left.lower() in _LEFT or right.lower() in _RIGHT:
        return f"{left}-{right}"
    if left.isupper() and right.isupper() and not words[left.lower()] and not words[right.lower()]:
        return left + right  # COMMUNI/CANTES in a heading, against LOIRE-ATLANTIQUE
    return f"{left}-{right}" if right[0].isupper() else left + right


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
    return sum(2 if re.match(f"[{_CJK}]", char) else 1 for char in line.strip())
