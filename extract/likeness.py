"""What texts are compared by: shingles of folded words, a signature of them, and the numbers a text names.

A shingle is three words in a row, four characters where a text is Chinese (in simplified characters, without the
pinyin that some pages print inside words). Two texts are as alike as the share of shingles they have in common.
The signature (MinHash) says nearly the same from 250 bytes; its bands say which texts are worth comparing.
"""

from __future__ import annotations

import codecs
import functools
import re
import struct
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING
from zlib import crc32

from rensa import RMinHash

from extract.terms import HAN, JOINERS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from opencc import OpenCC

LIKENESS_VERSION = f"3.{RMinHash.ALGORITHM_VERSION}"
BANDS, ROWS = 25, 5
"""Texts 0.75 alike share a band in 999 of 1,000 cases, texts 0.8 alike in 9,999 of 10,000."""
NEAR = 0.75
DOUBT = 0.15
"""How far a signature may be wrong about two texts: the farthest of a million draws, more or less."""
BESIDE_A_FORM = 3
"""So many rare bands two texts share that have common ones in both: what a form alone makes alike says nothing."""
FEWEST = 30
"""Shorter texts, in shingles, are not called near: a form with another name in it is another paper."""

Shingles = frozenset[str]

_PLACES = struct.Struct(f"<{BANDS * ROWS}H")
_VALUE = struct.Struct("<q")
_SPELLED = (("œ", "oe"), ("Œ", "oe"), ("æ", "ae"), ("Æ", "ae"), ("ß", "ss"), ("’", "'"), ("‘", "'"), ("´", "'"))
_FRACTIONS = (("¼", "14"), ("½", "12"), ("¾", "34"))
_BEYOND_LATIN = re.compile(
    "[^\x00-\u036f\u1e00-\u1eff\u2000-\u206f\u20a0-\u27bf\ue000-\uf8ff\ufb00-\ufb06\ufffd\ufeff]"
)
_HAN = re.compile(f"[{HAN}]")
_PINYIN = re.compile(rf"(?<=[{HAN}])\s?[(（][A-Za-zÀ-ɏ\u0300-\u036f ]{{1,12}}[)）]")
_TOKEN = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")
_SILENT = re.compile(f"[{JOINERS}\u0300-\u036f]")
_PLAINLY = "minutier.plainly"
_NUMBER = re.compile(r"\d+(?:[ \u00a0\u202f.,]\d{3}(?!\d))*(?:,\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What a text is compared by, small enough to be kept."""

    size: int
    """How many different shingles it has."""
    signature: bytes


def likeness(text: str) -> Likeness:
    """Return what a text is compared by.

    >>> a, b = (likeness("Le conseil approuve la convention. " * 2 + end) for end in ("Oui.", "OUI !"))
    >>> a == b
    True
    """
    found = shingles(text)
    hashed = RMinHash(BANDS * ROWS, 42)
    hashed.update(list(found))
    places = hashed.digest() if found else [0] * (BANDS * ROWS)
    return Likeness(size=len(found), signature=_PLACES.pack(*[place & 0xFFFF for place in places]))


@lru_cache(maxsize=32)
def shingles(text: str) -> Shingles:
    """Return the shingles of a text. The last few are remembered: minutes are compared with each of their papers."""
    try:
        words, width = _words(text), 3
    except UnicodeEncodeError:
        words = _words_of_any_script(text)
        width = 3 if 2 * sum(map(_is_han, words)) < len(words) else 4
    return frozenset(map(" ".join, zip(*(islice(words, start, None) for start in range(width)), strict=False)))


def _is_han(word: str) -> bool:
    return _HAN.match(word) is not None


def _words(text: str) -> list[str]:
    """Return the folded words of a text in Latin letters.

    Raises `UnicodeEncodeError` where other letters stand in it.
    """
    # One byte a letter, then one table for all: decomposing a whole text takes ten times as long.
    plain = text if text.isascii() else _spelled(text, *_SPELLED, *_FRACTIONS)
    return plain.encode("latin-1", _PLAINLY).translate(_LETTERS, _NOTHING).decode("ascii").split()


def _plainly(error: UnicodeError) -> tuple[bytes, int]:
    """Return what is left of characters that Latin-1 has not (ő, –, €), for `str.encode`."""
    assert isinstance(error, UnicodeEncodeError)
    characters = error.object[error.start : error.end]
    if _BEYOND_LATIN.search(characters):
        raise error
    return _decomposed(characters), error.end


def _decomposed(characters: str) -> bytes:
    """Return the letters, the digits and the signs of ASCII that characters are made of: é is e, € is nothing."""
    return unicodedata.normalize("NFKD", characters).encode("ascii", "ignore")


codecs.register_error(_PLAINLY, _plainly)
_LATIN_1 = [_decomposed(chr(code)) for code in range(256)]
_LETTERS = bytes(left[0] if left.isalnum() else ord(" ") for left in _LATIN_1).lower()
_NOTHING = bytes(code for code, left in enumerate(_LATIN_1) if not left)


def _words_of_any_script(text: str) -> list[str]:
    """Return the folded words of a text, and its Chinese characters one by one."""
    if _HAN.search(text):
        text = _simplifier().convert(_PINYIN.sub("", unicodedata.normalize("NFKC", text)))
    plain = unicodedata.normalize("NFKD", _spelled(text, *_SPELLED).casefold())
    return _TOKEN.findall(_SILENT.sub("", plain))


def _spelled(text: str, *pairs: tuple[str, str]) -> str:
    # `str.translate` takes six times as long as the rest of the folding.
    return functools.reduce(lambda spelled, pair: spelled.replace(*pair), pairs, text)


@cache
def _simplifier() -> OpenCC:
    from opencc import OpenCC  # only texts that have Chinese characters pay for loading it

    return OpenCC("t2s")


def alike(one: Shingles, other: Shingles) -> float:
    """Return the share of the shingles of two texts that both have (Jaccard)."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def contained(part: Shingles, whole: Shingles) -> float:
    """Return the share of a part's shingles that the whole has too."""
    return len(part & whole) / len(part) if part else 0.0


def worth_comparing(mine: Likeness, rare: Sequence[bool], others: Sequence[Likeness]) -> list[bool]:
    """Return which of other texts may be near to one, by their signatures. `rare` tells which of its bands are.

    Two texts on one form share the bands of the form, which are common, and now and then another one by chance. They
    must share a few that are rare, or a third of what the form leaves.
    """
    import numpy as np  # only a text that shares something pays for loading it

    equal = _places(other.signature for other in others) == _places([mine.signature])
    shared = equal.all(axis=2)
    apart = shared[:, np.array(rare)].sum(axis=1)
    form = shared.sum(axis=1) - apart
    enough = np.where(form == 0, 1, np.clip((BANDS - form + 2) // 3, 1, BESIDE_A_FORM))
    sizes = np.array([other.size for other in others])
    alike_in_size = np.minimum(sizes, mine.size) >= NEAR * np.maximum(sizes, mine.size)
    return list((alike_in_size & (apart >= enough) & (equal.mean(axis=(1, 2)) >= NEAR - DOUBT)).tolist())


def _places(signatures: Iterable[bytes]) -> NDArray[np.uint16]:
    """Return the places of signatures: texts, bands, rows."""
    import numpy as np

    return np.frombuffer(b"".join(signatures), dtype="<u2").reshape(-1, BANDS, ROWS)


def bands(found: Likeness) -> list[int]:
    """Return the values under which a text is looked up: near texts share one at least."""
    if found.size < FEWEST:
        return []
    width = 2 * ROWS
    starts = range(0, len(found.signature), width)
    # Two bands that have one value by chance cost a comparison, so that a number of 32 bits is enough: there are many.
    return [crc32(found.signature[start : start + width], start) - 2**31 for start in starts]


def value_of(key: bytes) -> int:
    """Return a number of 64 bits for a key: what a database looks up fast."""
    return int(_VALUE.unpack(blake2b(key, digest_size=8).digest())[0])


def numbers(text: str, but: Iterable[str] = ()) -> frozenset[str]:
    """Return the numbers of two digits and more that a text names, in one spelling, without those of `but`.

    >>> sorted(numbers("12 480 euros, 1,200 trees, 3 oaks, 1 200 places in 2024", but=["2024"]))
    ['1200', '12480']
    """
    plain = {re.sub(r"\D", "", found) for found in _NUMBER.findall(unicodedata.normalize("NFKC", text))}
    return frozenset(number for number in plain if len(number) > 1) - frozenset(but)
