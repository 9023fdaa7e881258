"""The one analyser: a text becomes terms, the same for every database and for questions as for documents.

A term has a *stem* (what words in all their forms share) and a *word* (what is written, folded). Case, accents and
ligatures are folded; apostrophes and hyphens separate; an elided article (l', d', qu') is a word without a stem; a run
of Chinese characters becomes overlapping pairs and its last character, so that each character begins one term.
Traditional characters are folded into simplified ones, each by itself: 重慶 and 重庆 are the same terms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

import Stemmer

if TYPE_CHECKING:
    from opencc import OpenCC

TERMS_VERSION = f"3 with PyStemmer {version('PyStemmer')} and OpenCC {version('opencc')}"
"""What the index of a corpus was made by: terms of one analyser are not found, nor taken out again, by another's."""
LONGEST_WORD = 255
"""Characters of a word that count: a database does not keep a word of any length."""
STEMMERS = {
    "fr": "french",
    "en": "english",
    "ca": "catalan",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
    "de": "german",
}
ASKED_IN = (*STEMMERS, "oc")
"""Languages whose stems a question may mean: all that documents are stemmed in."""

HAN = "\u2e80-\u2fd5\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
APOSTROPHES = "'\u2019\u2018\u201b\u02bc\u02bb\u02bd\uff07\u00b4`\u2032"
JOINERS = "\u00ad\u034f\u0640\u200c\u200d\u2060\ufeff"
"""Signs that nobody reads, inside words: soft hyphen, zero-width joiners, the Arabic stretch."""
IGNORED = str.maketrans("", "", JOINERS + APOSTROPHES)
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})

ELIDED = frozenset(["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"])
ELISION = re.compile(rf'[{APOSTROPHES}]\s?(?:[«“"]\s?)?[^\W\d_]')

FEMININE = re.compile(r"^((?:[aeiouy]{2}.|.[^aeiouy]*[aeiouy]).*e)e(s?)$")
IERE = re.compile(r"(?<=ier)e(?=s?$)")


def _marks() -> str:
    """Return the marks that are written over, under or after letters, in any script, for a character class."""
    places = (*range(0x300, 0x3100), *range(0xA660, 0xAC00))
    return "".join(chr(place) for place in places if unicodedata.category(chr(place)) in ("Mn", "Mc"))


LETTER = rf"[^\W_{HAN}{APOSTROPHES}{JOINERS}]"
PIECE = re.compile(rf"([{HAN}]+)|{LETTER}+(?:[{JOINERS}{_marks()}]+{LETTER}*)*")


class Term(NamedTuple):
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
        if found[1]:
            yield from _pairs(found[1], start)
            continue
        stem, word = _spellings(found[0], language)
        if word:
            yield Term("" if word in ELIDED and _is_elided(text, start, end) else stem, word, start, end)


def places(text: str, language: str, asked: Callable[[str, str], bool]) -> Iterator[int]:
    """Yield where the terms of a text are whose stem or word is asked for, without making the others.

    >>> list(places("L'Atlas des jumelages", "fr", lambda stem, word: word == "jumelages"))
    [12]
    """
    known: dict[str, bool] = {}
    for found in PIECE.finditer(text):
        piece = found[0]
        if found[1]:
            yield from (term.start for term in _pairs(piece, found.start()) if asked(term.stem, term.word))
            continue
        wanted = known.get(piece)
        if wanted is None:
            wanted = known[piece] = asked(*_spellings(piece, language))
        if wanted:
            yield found.start()


def _is_elided(text: str, start: int, end: int) -> bool:
    """Return whether a word such as `l` leans on the next one; a letter between quotes ('C') does not."""
    quoted = start > 0 and text[start - 1] in APOSTROPHES
    return not quoted and ELISION.match(text, end) is not None


def _pairs(run: str, start: int) -> Iterator[Term]:
    # PDFs write radicals and compatibility forms for characters: each has one plain character.
    plain = "".join(map(_simplified, unicodedata.normalize("NFKC", run)))
    for place in range(len(run)):
        pair = plain[place : place + 2]
        yield Term(pair, pair, start + place, start + place + len(pair))


@cache
def _simplified(character: str) -> str:
    return str(_converter().convert(character))


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC  # only texts that have Chinese characters pay for loading it

    return OpenCC("t2s")


_HAN_CHARACTER = re.compile(f"[{HAN}]")


def is_han(character: str) -> bool:
    """Return whether a character is Chinese."""
    return _HAN_CHARACTER.match(character) is not None


@lru_cache(maxsize=200_000)
def _spellings(piece: str, language: str) -> tuple[str, str]:
    word = fold(piece)[:LONGEST_WORD]
    return stem(word, language), word


def fold(word: str) -> str:
    """Return a word without case, accents, ligatures and width: only letters and digits are left.

    A mark that makes another letter in its script (an Indic or Thai vowel, a Japanese voicing) stays.

    >>> fold("Œuvre"), fold("COOPÉRATION"), fold("ﬁn")
    ('oeuvre', 'cooperation', 'fin')
    """
    plain = unicodedata.normalize("NFKC", word).casefold().translate(LIGATURES).translate(IGNORED)
    kept = "".join(c for c in unicodedata.normalize("NFKD", plain) if c.isalnum() or _is_letter_mark(c))
    return unicodedata.normalize("NFC", kept)


def _is_letter_mark(character: str) -> bool:
    """Return whether a combining mark is part of the spelling, unlike accents and the vowel points of Hebrew."""
    if unicodedata.category(character) not in ("Mn", "Mc"):
        return False
    placed = unicodedata.combining(character)
    return placed in (0, 8, 9) or 84 <= placed <= 132


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return what the forms of a folded word share in a language; the word itself where no stemmer knows it.

    >>> stem("decentralisees", "fr") == stem("decentralise", "fr")
    True
    """
    if not word.isascii() or word.isdigit():
        return word
    if language == "fr":
        return _french(word)
    if language == "oc":  # no stemmer knows Occitan: plurals at least
        return word[:-1] if len(word) > 4 and word[-1] == "s" and word[-2] != "s" else word
    return _by_snowball(word, language) if language in STEMMERS else word


def _french(word: str) -> str:
    """Return the French stem of a folded word; the stemmer counts on accents, so what it sees by them is done here."""
    whole = IERE.sub("", FEMININE.sub(r"\1\2", word))  # déléguée as délégué, première as premier
    found = _by_snowball(whole, "fr")
    return found[:-1] if len(found) > 5 and found[-1] == "i" else found  # modifier as modifié


def _by_snowball(word: str, language: str) -> str:
    return str(_stemmer(language).stemWord(word))


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    # Its own cache would be a second one behind ours.
    return Stemmer.Stemmer(STEMMERS[language], 0)
