"""Numbers of acts as they are printed, and the keys that tell them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def key_of(number: str) -> str:
    """The number in one spelling: without spaces, dashes and slashes as hyphens, capitals.

    >>> key_of("2014.01.27 - 1"), key_of("2008/77"), key_of("cp_18_169")
    ('2014-01-27-1', '2008-77', 'CP-18-169')
    """
    return re.sub(r"-{2,}", "-", re.sub(r"[\s./_–—‐-]+", "-", number.strip())).strip("-").upper()


def keys(numbers: Iterable[str]) -> Iterator[str]:
    """A key for each act of a document, in order: its number, told apart where it repeats, else its ordinal.

    >>> list(keys(["12", "", "12"]))
    ['12', '#2', '12~2']
    """
    seen: dict[str, int] = {}
    for ordinal, number in enumerate(numbers, 1):
        key = key_of(number)
        if not key:
            yield f"#{ordinal}"
            continue
        seen[key] = seen.get(key, 0) + 1
        yield key if seen[key] == 1 else f"{key}~{seen[key]}"


def rank(number: str) -> tuple[int, ...]:
    """What a printed number counts: `II` is 2, `2008/77` is (2008, 77); nothing for one that counts nothing.

    >>> rank("IV"), rank("2014.01.27-12"), rank("3")
    ((4,), (2014, 1, 27, 12), (3,))
    """
    if re.fullmatch(r"[IVXLC]+", number, re.IGNORECASE):
        return (roman(number),)
    return tuple(int(part) for part in re.findall(r"\d+", number)[:6])


def roman(number: str) -> int:
    """The value of a Roman number."""
    values = [_ROMAN[letter] for letter in number.lower()]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))
