"""Which languages a text is in, how much of it, and where.

A text is cut into blocks. Some, spread over its whole length, are read; where two neighbours agree, what lies between
them is taken to be the same, and where they differ the blocks between are read too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import pairwise

from extract.languages.blocks import Block, blocks
from extract.languages.latin import MIN_LETTERS, UNKNOWN, latin_language
from extract.languages.scripts import by_letters, of_the_east, weights
from extract.model import LanguageShare

__all__ = ["tag"]

_ALL = 10
_FEWEST_LOOKS, _MOST_LOOKS = 7, 32
"""Blocks that are read first: all of so few; more of a long text…"""
_MORE_LOOKS = 3
"""…and up to so many times as many in all, where they differ."""
_SAMPLE = 300
"""Characters of a block that are read: more make no answer better, and each slower."""
_MIN_SHARE = 0.02
_BESIDE = 0.5
"""A second writing system counts in a block that has this much of it; less is a name or a quotation."""

Span = tuple[int, int]
Answer = dict[str, float]
"""The languages of a block and their shares of its letters."""


def tag(text: str, expected: Sequence[str] = ()) -> tuple[str, tuple[LanguageShare, ...]]:
    """The language of most of the text (ISO 639-1), and the share and the places of each; `und` where nobody can tell.

    The shares tell the two spellings of Chinese apart (`zh-Hans`, `zh-Hant`); the language is `zh` for both.

    >>> tag("蒙彼利埃与成都缔结友好城市关系")[0]
    'zh'
    """
    cut = list(blocks(text))
    answers = _answers(text, cut, expected)
    letters: dict[str, float] = {}
    places: dict[str, list[Span]] = {}
    for number, block in enumerate(cut):
        for code, share in answers[number].items():
            letters[code] = letters.get(code, 0.0) + share * (block.end - block.start)
            _add(places.setdefault(code, []), (block.start, block.end))
    total = sum(letters.values())
    shares = tuple(
        LanguageShare(code=code, share=round(count / total, 3), spans=tuple(places[code]))
        for code, count in sorted(letters.items(), key=lambda pair: (-pair[1], pair[0]))
        if code != UNKNOWN and count >= _MIN_SHARE * total
    )
    return _leader(shares), shares


def _add(spans: list[Span], span: Span) -> None:
    """Put a span behind others, joined with the last where it touches it."""
    if spans and spans[-1][1] == span[0]:
        span = (spans.pop()[0], span[1])
    spans.append(span)


def _leader(shares: Sequence[LanguageShare]) -> str:
    """The first language, if it is there for a good part or far ahead of the next."""
    found: dict[str, float] = {}
    for share in shares:
        language = share.code.partition("-")[0]
        found[language] = found.get(language, 0.0) + share.share
    (code, best), (_, second) = sorted([*found.items(), *_NOBODY], key=lambda pair: -pair[1])[:2]
    return code if best >= 0.3 or (best >= 0.15 and best >= 3 * second) else UNKNOWN


_NOBODY = ((UNKNOWN, 0.0), (UNKNOWN, 0.0))


def _answers(text: str, cut: Sequence[Block], expected: Sequence[str]) -> dict[int, Answer]:
    """The answer for each block, by its number; those of one writing system are looked at apart from the others."""
    answers: dict[int, Answer] = {}
    for script in {block.script for block in cut}:
        numbers = [number for number, block in enumerate(cut) if block.script == script]
        samples = [text[cut[number].start : cut[number].end][:_SAMPLE] for number in numbers]
        answers.update(zip(numbers, _answers_alike(samples, expected), strict=True))
    return answers


def _answers_alike(samples: Sequence[str], expected: Sequence[str]) -> list[Answer]:
    """The answer for each sample: read for some, taken from the one before where both its neighbours agree."""
    found = {place: _of_block(samples[place], expected) for place in _first_looks(len(samples))}
    stretches, most = deque(pairwise(found)), _MORE_LOOKS * len(found)
    while stretches and len(found) < most:
        left, right = stretches.popleft()
        middle = (left + right) // 2
        if left < middle and found[left].keys() != found[right].keys():
            found[middle] = _of_block(samples[middle], expected)
            stretches += [(left, middle), (middle, right)]
    answers: list[Answer] = []
    for place in range(len(samples)):
        answers.append(found[place] if place in found else answers[-1])
    return answers


def _first_looks(count: int) -> list[int]:
    """The blocks that are read first: all of a few, else the two ends and some between, more in a long text."""
    if count <= _ALL:
        return list(range(count))
    looks = min(max(_FEWEST_LOOKS, count // 16), _MOST_LOOKS)
    return sorted({number * (count - 1) // (looks - 1) for number in range(looks)})


def _of_block(sample: str, expected: Sequence[str]) -> Answer:
    """The languages of one block and their shares of its letters; two writing systems count apart."""
    found = weights(sample)
    least = _BESIDE * max(found.values(), default=0.0)
    answer: Answer = {}
    for script, weight in found.items():
        if weight >= least:
            code = _named(script, weight, sample, expected)
            answer[code] = answer.get(code, 0.0) + weight
    total = sum(answer.values())
    return {code: weight / total for code, weight in answer.items()}


def _named(script: str, weight: float, sample: str, expected: Sequence[str]) -> str:
    """The language of the letters of one writing system in a block."""
    if script == "latin":
        return latin_language(sample, expected)
    if script == "east":
        return of_the_east(sample)
    return by_letters(script, sample) if weight >= MIN_LETTERS // 2 else UNKNOWN
