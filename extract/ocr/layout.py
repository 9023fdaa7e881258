"""Words as they stand on a page: their lines, what is noise among them, and whether rows were cut into columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

_NOISE = 0.5
_SURE = 0.8
_CUT_ROWS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word, where it was seen (in pixels), in which line of which paragraph, and how sure the engine is of it."""

    text: str
    confidence: float
    """From 0 to 1."""
    line: tuple[int, int, int]
    """Block, paragraph and line."""
    left: int
    top: int
    width: int
    height: int


def weight(words: Iterable[Word]) -> float:
    """How much was read, each character counting for as much as the engine is sure of it."""
    return sum(word.confidence * len(word.text) for word in words)


def mean_confidence(words: Sequence[Word]) -> float:
    """The mean confidence of the words, 0 where there are none."""
    return sum(word.confidence for word in words) / len(words) if words else 0.0


def lines_of(words: Iterable[Word]) -> list[list[Word]]:
    """The words line by line, in the order they came in."""
    return [list(line) for _, line in groupby(words, key=lambda word: word.line)]


def without_noise(words: Iterable[Word]) -> list[Word]:
    """The words without what specks, rules and signatures look like to an engine that expects words."""
    kept = [_without_marks(line) for line in lines_of(words)]
    return [word for line in kept if not _is_noise(line) for word in line]


def _without_marks(line: list[Word]) -> list[Word]:
    """A line without the doubtful signs at its ends: pieces of a rule or of a margin."""
    kept = list(line)
    while kept and _is_mark(kept[-1]):
        kept.pop()
    while kept and _is_mark(kept[0]):
        kept.pop(0)
    return kept


def _is_mark(word: Word) -> bool:
    """Whether a word is a piece of a rule, or a sign that the engine hardly sees."""
    sign = not any(char.isalnum() for char in word.text)
    return sign and (word.confidence < _NOISE or not word.text.strip("|¦_"))


def _is_noise(line: Sequence[Word]) -> bool:
    if not any(char.isalnum() for word in line for char in word.text):
        return True
    sure = sum(word.confidence >= _SURE and len(word.text) > 2 for word in line)
    return sure < 2 and weight(line) < _NOISE * sum(len(word.text) for word in line)


def text_of(words: Iterable[Word]) -> str:
    """The words as lines, with an empty line between paragraphs."""
    paragraphs = groupby(lines_of(words), key=lambda line: line[0].line[:2])
    return "\n\n".join(
        "\n".join(" ".join(word.text for word in line) for line in paragraph) for _, paragraph in paragraphs
    )


def cuts_rows(words: Iterable[Word]) -> bool:
    """Whether lines of different blocks stand side by side: columns, or rows that were taken for columns."""
    spans = [_span(line) for line in lines_of(words)]
    return sum(_side_by_side(one, other) for one, other in combinations(spans, 2)) >= _CUT_ROWS


def _span(line: Sequence[Word]) -> tuple[int, int, int]:
    """The block of a line, its top and its bottom, without what one odd word adds to them."""
    tops = sorted(word.top for word in line)
    bottoms = sorted(word.top + word.height for word in line)
    return line[0].line[0], tops[len(tops) // 2], bottoms[len(bottoms) // 2]


def _side_by_side(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    common = min(one[2], other[2]) - max(one[1], other[1])
    return one[0] != other[0] and 2 * common > min(one[2] - one[1], other[2] - other[1])
