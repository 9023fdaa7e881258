"""The language of a text in Latin letters: what its letters look like, and whether its small words say the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from extract.languages.readers import UNKNOWN, first_opinion, second_opinion
from extract.smallwords import SMALL_WORDS, SPELLINGS

__all__ = ["MIN_LETTERS", "UNKNOWN", "latin_language"]

MIN_LETTERS = 40
_SURE, _LIKELY = 0.9, 0.5
_FEW, _MANY = 0.12, 0.4
"""Running text has at least the first share of small words, and often the second; a list of names has less."""
_ALIKE = frozenset(["oc", "ca", "es", "gl", "pt"])
"""Their letters are those of their neighbours: the first reader is seldom as sure of them as it is of others."""
_WORDS = re.compile(r"(?:[^\W\d_]|(?<=[lL])\u00b7(?=[lL]))+")
"""Words; the point in Catalan « cancel·lar » is a part of one."""


def latin_language(text: str, expected: Sequence[str] = ()) -> str:
    """The language of a text in Latin letters, or `und`.

    The first reader names it, and the small words must bear that out: they survive names, figures and capitals, and
    only running text has them. Occitan may be told by its words alone. Where the two
    disagree, the second reader may decide, then what was expected.
    """
    words = [word.lower() for word in _WORDS.findall(text)]
    if sum(map(len, words)) < MIN_LETTERS:
        return UNKNOWN
    letters = " ".join(words)
    guess, probability = first_opinion(letters)
    shares = small_word_shares(words)
    (best, most), (_, next_most) = sorted(shares.items(), key=lambda pair: -pair[1])[:2]
    if most < _FEW:
        return guess if guess in expected else UNKNOWN
    if probability >= _SURE and shares.get(guess, 0.0) >= 0.8 * most:
        return guess
    if guess == best and guess in _ALIKE and probability >= _LIKELY and most >= 1.1 * next_most:
        return guess
    if best == "oc" and most >= _MANY and most >= 1.25 * next_most:
        return best  # its spellings are many, and neither reader has seen them all
    return _doubtful(letters, guess, best, shares, expected)


def _doubtful(letters: str, guess: str, best: str, shares: dict[str, float], expected: Sequence[str]) -> str:
    """What the second reader says, if it is one of the two and the words allow it, else what was expected."""
    possible = [code for code in (guess, best) if shares.get(code, 0.0) >= _MANY]
    if possible and (second := second_opinion(letters)) in possible:
        return second
    return best if best in expected else UNKNOWN


def small_word_shares(words: Sequence[str]) -> dict[str, float]:
    """The share of the words that are small words of each language, or spelled as only it spells."""
    counts = dict.fromkeys(SMALL_WORDS, 0.0)
    for word in words:
        for code, worth in _languages_of(word):
            counts[code] += worth
    total = max(len(words), 1)
    return {code: count / total for code, count in counts.items()}


@lru_cache(maxsize=20_000)
def _languages_of(word: str) -> tuple[tuple[str, float], ...]:
    """The languages that a word speaks for, and how much."""
    small = [(code, 1.0) for code, words in SMALL_WORDS.items() if word in words]
    return (*small, *((code, 0.5) for code, spelling in SPELLINGS.items() if spelling.search(word)))
