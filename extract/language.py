"""Which languages a text is in: writing systems tell first, then small words, then the mix of letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from extract.model import LanguageShare
from extract.smallwords import SMALL_WORDS, SPELLINGS

if TYPE_CHECKING:
    from langdetect.detector_factory import DetectorFactory

UNKNOWN = "und"
MIN_LETTERS = 40
MIN_HAN = 8
_BLOCK = 300
_LONG_BLOCK = 2_000
_BLOCKS = 40
_MIN_SHARE = 0.02

_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(f"[{ranges}]"))
    for name, ranges in (
        ("latin", "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"),
        ("han", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"),
        ("kana", "\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff"),
        ("ko", "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"),
        ("cyrillic", "\u0400-\u052f"),
        ("arabic", "\u0620-\u064a\u066e-\u06d3\u0750-\u077f"),
        ("el", "\u0370-\u03ff\u1f00-\u1fff"),
        ("he", "\u05d0-\u05ea"),
        ("hy", "\u0531-\u0587"),
        ("ka", "\u10a0-\u10ff"),
        ("th", "\u0e01-\u0e3a\u0e40-\u0e4e"),
        ("hi", "\u0900-\u0963\u0970-\u097f"),
    )
)
# The profiles of a statistical reader that answers only among languages we may meet.
_PROFILES = ("fr", "en", "ca", "es", "it", "pt", "de", "nl", "ro")
_NOTHING = (LanguageShare(code=UNKNOWN, share=0.0),) * 2
_WORDS = re.compile(r"[^\W\d_]+(?=['\u2019]?)")


def tag(text: str, expected: Sequence[str] = ()) -> tuple[str, tuple[LanguageShare, ...]]:
    """The language of most of the text and the share of each; `und` where too little is written.

    >>> tag("蒙彼利埃与成都缔结友好城市关系")[0]
    'zh'
    """
    weights: dict[str, int] = {}
    for block in _spread(list(_blocks(text))):
        for code, letters in _of_block(block, expected):
            weights[code] = weights.get(code, 0) + letters
    total = sum(weights.values())
    named = {code: letters for code, letters in weights.items() if code != UNKNOWN}
    if not named:
        return UNKNOWN, ()
    shares = tuple(
        LanguageShare(code=code, share=round(letters / total, 3))
        for code, letters in sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))
        if letters / total >= _MIN_SHARE
    )
    return _leader(shares), shares


def _leader(shares: tuple[LanguageShare, ...]) -> str:
    """The first language, if it is there for a good part or far ahead of the next."""
    best, second = (share.share for share in (*shares, *_NOTHING)[:2])
    return shares[0].code if best >= 0.3 or (best >= 0.15 and best >= 3 * second) else UNKNOWN


def _blocks(text: str) -> Iterator[str]:
    """The text in pieces of a few hundred letters that end where a paragraph ends."""
    piece: list[str] = []
    size = 0
    for line in text.split("\n"):
        for start in range(0, max(len(line), 1), _LONG_BLOCK):
            part = line[start : start + _LONG_BLOCK]
            piece.append(part)
            size += len(part)
            if size >= _LONG_BLOCK or (size >= _BLOCK and not line.strip()):
                yield "\n".join(piece)
                piece, size = [], 0
    if piece:
        yield "\n".join(piece)


def _spread(blocks: list[str]) -> list[str]:
    """At most a fixed number of blocks, taken from the whole length of the document."""
    if len(blocks) <= _BLOCKS:
        return blocks
    step = len(blocks) / _BLOCKS
    return [blocks[int(number * step)] for number in range(_BLOCKS)]


def _of_block(block: str, expected: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The languages of one block and their letters; two writing systems count apart."""
    counts = {name: count for name, letters in _SCRIPTS if (count := len(letters.findall(block)))}
    east = counts.pop("han", 0), counts.pop("kana", 0)
    if sum(east) >= MIN_HAN:
        yield ("ja" if east[1] > 0.1 * sum(east) else "zh"), sum(east)
    for name, count in counts.items():
        if name == "latin":
            yield latin_language(block, expected) if count >= MIN_LETTERS else UNKNOWN, count
        elif count >= MIN_LETTERS // 2:
            yield _by_letters(name, block), count


def _by_letters(script: str, block: str) -> str:
    if script == "cyrillic":
        return "uk" if re.search("[іїєґ]", block.lower()) else "ru"
    if script == "arabic":
        return "fa" if len(re.findall("[پچگژ]", block)) > len(block) / 100 else "ar"
    return script


def latin_language(text: str, expected: Sequence[str] = ()) -> str:
    """The language of a text in Latin letters, or `und`.

    Small words decide when they are clear: they tell Occitan from Catalan, and survive names, figures and
    capitals. Otherwise the letters are compared with profiles.
    """
    words = [word.lower() for word in _WORDS.findall(text)]
    scores = _scores(words)
    (best, first), (_, second) = scores[0], scores[1]
    clear = first >= 0.12 and first >= second * 1.15 + 0.01
    if clear and (first >= 0.25 or best not in _PROFILES):
        return best
    guess, probability = _by_profile(" ".join(words)[:2_000])
    if guess == best and probability >= 0.9 and (clear or (first >= 0.05 and first >= 1.5 * second)):
        return best
    if best in expected and first >= 0.10:
        return best
    if probability >= 0.8 and dict(scores).get(guess, 0.0) >= max(0.12, first * 0.85):
        return guess
    # A list of names has no small words: only the language that is expected there is believed.
    return guess if guess in expected and probability >= 0.8 and first < 0.12 else UNKNOWN


def _scores(words: list[str]) -> list[tuple[str, float]]:
    """The share of the words that are small words of each language, best first."""
    total = max(len(words), 1)
    counts = dict.fromkeys(SMALL_WORDS, 0.0)
    for word in words:
        for code in _SMALL.get(word, ()):
            counts[code] += 1
    for code, spelling in SPELLINGS.items():
        counts[code] += 0.5 * sum(1 for word in words if spelling.search(word))
    return sorted(((code, count / total) for code, count in counts.items()), key=lambda pair: (-pair[1], pair[0]))


_SMALL: dict[str, tuple[str, ...]] = {}
for _code, _words in SMALL_WORDS.items():
    for _word in _words:
        _SMALL[_word] = (*_SMALL.get(_word, ()), _code)


@lru_cache(maxsize=1)
def _factory() -> DetectorFactory:
    """The statistical reader with our profiles and a fixed seed: the same text gets the same answer."""
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    factory = DetectorFactory()
    factory.set_seed(7)
    factory.load_json_profile([Path(PROFILES_DIRECTORY, code).read_text("utf-8") for code in _PROFILES])
    return factory


def _by_profile(text: str) -> tuple[str, float]:
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory().create()
    detector.append(text)
    try:
        guesses = detector.get_probabilities()
    except LangDetectException:
        return UNKNOWN, 0.0  # no letters of use
    return (guesses[0].lang, guesses[0].prob) if guesses else (UNKNOWN, 0.0)
