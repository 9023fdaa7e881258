"""The one analyser: a text becomes terms, the same for every database and for questions as for documents.

A term has a *stem* (what words in all their forms share) and a *word* (what is written, folded). Case, accents and
ligatures are folded; apostrophes and hyphens separate; an elided article (l', d', qu') is a word without a stem; a run
of Chinese characters becomes overlapping pairs and its last character, so that each character begins one term.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import Stemmer

TERMS_VERSION = "1"
STEMMERS = {
    "fr": "french",
    "en": "english",
    "ca": "catalan",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
    "de": "german",
}
ASKED_IN = ("fr", "en", "ca")
"""Languages whose stems a question may mean; documents in others are found by the unstemmed word as well."""

HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
PIECE = re.compile(rf"[{HAN}]+|[^\W_{HAN}][^\W_{HAN}\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_{HAN}\u0300-\u036f]*)*")
APOSTROPHES = "'\u2019\u02bc\u2018"
ELIDED = frozenset(["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"])
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a text: offsets are code points of the text as given, end exclusive."""

    stem: str
    word: str
    start: int
    end: int


def analyse(text: str, language: str) -> list[Term]:
    """Return the terms of a text, in order.

    >>> [term.stem for term in analyse("L'Atlas des jumelages", "fr")]
    ['', 'atlas', 'de', 'jumelag']
    >>> [term.word for term in analyse("与成都结好", "zh")]
    ['与成', '成都', '都结', '结好', '好']
    """
    return list(_terms(text, language))


def _terms(text: str, language: str) -> Iterator[Term]:
    for found in PIECE.finditer(text):
        start, end = found.span()
        piece = found.group()
        if is_han(piece[0]):
            yield from _pairs(piece, start)
            continue
        word = fold(piece)
        if not word:
            continue
        elided = word in ELIDED and text[end : end + 1] in tuple(APOSTROPHES) and text[end + 1 : end + 2].isalpha()
        yield Term("" if elided else stem(word, language), word, start, end)


def _pairs(run: str, start: int) -> Iterator[Term]:
    for place in range(len(run)):
        pair = run[place : place + 2]
        yield Term(pair, pair, start + place, start + place + len(pair))


def is_han(character: str) -> bool:
    """Return whether a character is Chinese."""
    return re.match(f"[{HAN}]", character) is not None


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Return a word without case, accents, ligatures and width: only letters and digits are left.

    >>> fold("Œuvre"), fold("COOPÉRATION"), fold("ﬁn")
    ('oeuvre', 'cooperation', 'fin')
    """
    plain = unicodedata.normalize("NFKC", word).casefold().translate(LIGATURES)
    return "".join(c for c in unicodedata.normalize("NFD", plain) if c.isalnum())


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return what the forms of a folded word share in a language; the word itself where no stemmer knows it."""
    stemmer = _stemmer(language)
    return stemmer.stemWord(word) if stemmer and not word.isdigit() else word


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    return Stemmer.Stemmer(STEMMERS[language]) if language in STEMMERS else None


def query_stems(word: str) -> frozenset[str]:
    """Return every stem that a folded word may have been indexed under: a question does not say its language."""
    return frozenset({word} | {stem(word, language) for language in ASKED_IN})
