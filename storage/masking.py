"""Finding a passage in a text by its letters, and writing a mask over it that keeps every place where it was.

Two texts say the same passage when their letters and digits are the same: case, accents, spaces, line ends and
punctuation do not count, so that it is found where a page was set anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from extract.terms import fold

MASK = "█"
FEWEST = 2
"""Letters and digits of the shortest passage that can be found again."""
WINDOW = 12
"""So many letters in a row tell that words were taken from a passage."""

Span = tuple[int, int]


@lru_cache(maxsize=100_000)
def _folded(character: str) -> str:
    return fold(character)


class Letters:
    """The letters and digits of a text, folded, and where each stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = [(letter, place) for place, character in enumerate(text) for letter in _folded(character)]
        self.folded = "".join(letter for letter, _ in found)
        self.places = [place for _, place in found]

    def span(self, first: int, after: int) -> Span:
        """Return where some letters stand in the text."""
        return self.places[first], self.places[after - 1] + 1

    def begins_word(self, number: int) -> bool:
        """Return whether no letter stands right before this one."""
        return number == 0 or self.places[number] - self.places[number - 1] > 1

    def ends_word(self, number: int) -> bool:
        """Return whether no letter stands right after the one before this number."""
        return number == len(self.places) or self.places[number] - self.places[number - 1] > 1

    def whole(self, first: int, after: int) -> bool:
        """Return whether some letters begin and end where words do."""
        return self.begins_word(first) and self.ends_word(after)


class Passage(Protocol):
    """What can be found among letters: a passage that is known, or one of which only a hash is."""

    def find(self, letters: Letters) -> Iterator[Span]:
        """Yield the numbers of the first letter and of the one after the last, wherever it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A passage at the moment it is withdrawn."""

    folded: str
    whole_words: bool

    def find(self, letters: Letters) -> Iterator[Span]:
        """Yield where it stands."""
        first = letters.folded.find(self.folded)
        while first != -1:
            after = first + len(self.folded)
            if not self.whole_words or letters.whole(first, after):
                yield first, after
            first = letters.folded.find(self.folded, first + 1)

    def hashed(self, salt: str) -> Hashed:
        """Return what is kept of it."""
        return Hashed(
            salt=salt, letters=len(self.folded), sha256=_hash(salt, self.folded), whole_words=self.whole_words
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashed:
    """A passage that was withdrawn: only a text that says it gives it away."""

    salt: str
    letters: int
    sha256: str
    whole_words: bool

    def find(self, letters: Letters) -> Iterator[Span]:
        """Yield where it stands."""
        for first in range(len(letters.folded) - self.letters + 1):
            after = first + self.letters
            if self.whole_words and not letters.whole(first, after):
                continue
            if _hash(self.salt, letters.folded[first:after]) == self.sha256:
                yield first, after


def _hash(salt: str, folded: str) -> str:
    return hashlib.sha256(f"{salt}{folded}".encode()).hexdigest()


def passage_at(text: str, start: int, end: int) -> Known | None:
    """Return the passage at some places of a text, or nothing where it is too short to be found again."""
    letters = Letters(text)
    inside = [number for number, place in enumerate(letters.places) if start <= place < end]
    if len(inside) < FEWEST:
        return None
    first, after = inside[0], inside[-1] + 1
    return Known(folded=letters.folded[first:after], whole_words=letters.whole(first, after))


@dataclass(slots=True)
class Veiled:
    """One text with the places of some passages in it."""

    text: str
    passages: tuple[Passage, ...]
    letters: Letters = field(init=False)
    hidden: bytearray = field(init=False)
    """For each letter, whether it is masked."""

    def __post_init__(self) -> None:
        """Look for the passages."""
        self.letters = Letters(self.text)
        self.hidden = bytearray(len(self.letters.folded))
        for passage in self.passages:
            for first, after in passage.find(self.letters):
                self.hidden[first:after] = b"\1" * (after - first)

    @property
    def spans(self) -> list[Span]:
        """The places that are masked, in order."""
        found: list[Span] = []
        first = self.hidden.find(1)
        while first != -1:
            after = self.hidden.find(0, first)
            after = len(self.hidden) if after == -1 else after
            found.append(self.letters.span(first, after))
            first = self.hidden.find(1, after)
        return found

    @property
    def masked(self) -> str:
        """The text with its passages masked: as long as before, with its line ends."""
        return masked(self.text, self.spans)

    @property
    def open(self) -> str:
        """The letters that can still be read; what was masked parts them."""
        pairs = zip(self.letters.folded, self.hidden, strict=True)
        return "".join("\0" if hidden else letter for letter, hidden in pairs)


def masked(text: str, spans: Iterable[Span]) -> str:
    """Return a text with some places masked.

    >>> masked("Vu M. Untel,\\npuis", [(3, 11)])
    'Vu ████████,\\npuis'
    """
    for start, end in spans:
        covered = "".join("\n" if character == "\n" else MASK for character in text[start:end])
        text = text[:start] + covered + text[end:]
    return text


class Veil:
    """Masks passages in texts, and in the titles, quotes and notes that were taken from those texts."""

    def __init__(self, passages: Iterable[Passage], texts: Iterable[str]) -> None:
        self.passages = tuple(passages)
        self.texts = [Veiled(text, self.passages) for text in texts]
        self._open = "\0".join(each.open for each in self.texts)

    @property
    def found(self) -> bool:
        """Whether any of the texts holds a passage."""
        return any(any(each.hidden) for each in self.texts)

    def words(self, string: str) -> str:
        """Return a short string with what it has of the passages masked.

        What the texts still say elsewhere is no secret and stays.
        """
        veiled = Veiled(string, self.passages)
        folded = veiled.letters.folded
        if len(folded) >= FEWEST and folded not in self._open:
            size = min(len(folded), WINDOW)
            for first in range(len(folded) - size + 1):
                self._hide(veiled, first, size)
        return veiled.masked

    def _hide(self, veiled: Veiled, first: int, size: int) -> None:
        """Mask those of a few letters that only stand where a text is masked."""
        window = veiled.letters.folded[first : first + size]
        if window in self._open:
            return
        for each in self.texts:
            place = each.letters.folded.find(window)
            while place != -1:
                for number in range(size):
                    veiled.hidden[first + number] |= each.hidden[place + number]
                place = each.letters.folded.find(window, place + 1)
