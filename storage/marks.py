"""Where the words of a question stand in a text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from extract.terms import Term, is_han
from storage.query import Atom, Near, Query, atoms, ways

Span = tuple[int, int]


def matcher(query: Query) -> Callable[[Sequence[Term]], list[Span]]:
    """Return a function that finds where the positive parts of a query stand among the terms of a text."""
    parts = [part for clause in query.positive for part in clause.anyof]

    def spans(terms: Sequence[Term]) -> list[Span]:
        columns = {"stems": _Column(terms, "stem"), "words": _Column(terms, "word")}
        found = (_together(part, columns) if isinstance(part, Near) else _places(part, columns) for part in parts)
        return _merged(place[2] for places in found for place in places)

    return spans


def asked(query: Query) -> Callable[[str, str], bool]:
    """Return whether a term, by its stem and its word, may be one of those that the positive parts of a query name."""
    whole: dict[str, set[str]] = {"stems": set(), "words": set()}
    begun: dict[str, tuple[str, ...]] = {"stems": (), "words": ()}
    for atom in (atom for clause in query.positive for atom in atoms(clause)):
        whole[atom.column].update(word for way in ways(atom) for word in way)
        begun[atom.column] += tuple(way[-1] for way in ways(atom)) if atom.prefix else ()

    def wanted(stem: str, word: str) -> bool:
        exact = stem in whole["stems"] or word in whole["words"]
        return exact or stem.startswith(begun["stems"]) or word.startswith(begun["words"])

    return wanted


class _Column:
    """The terms of a text that one column of the index holds, and where each spelling stands."""

    def __init__(self, terms: Sequence[Term], attribute: Literal["stem", "word"]) -> None:
        self.terms = [term for term in terms if getattr(term, attribute)]
        self.values = tuple(getattr(term, attribute) for term in self.terms)
        self.where: dict[str, list[int]] = {}
        for place, value in enumerate(self.values):
            self.where.setdefault(value, []).append(place)

    def places(self, way: tuple[str, ...], prefix: bool) -> Iterator[int]:
        """Yield where a spelling begins."""
        *whole, last = way
        for ending in [value for value in self.where if value.startswith(last)] if prefix else [last]:
            for end in self.where.get(ending, ()):
                first = end - len(whole)
                if first >= 0 and self.values[first:end] == tuple(whole):
                    yield first


_Place = tuple[int, int, Span]
"""The number of an occurrence's first term, the number after its last, and its span in the text."""


def _places(atom: Atom, columns: dict[str, _Column]) -> list[_Place]:
    column = columns[atom.column]
    return [
        (first, first + len(way), _span(column.terms[first : first + len(way)], way[-1], atom.prefix))
        for way in ways(atom)
        for first in column.places(way, atom.prefix)
    ]


def _span(terms: Sequence[Term], asked: str, prefix: bool) -> Span:
    """Return the span of some terms; of a pair of Chinese characters only what was asked for."""
    last = terms[-1]
    return terms[0].start, last.start + len(asked) if prefix and is_han(asked[-1]) else last.end


def _together(near: Near, columns: dict[str, _Column]) -> Iterator[_Place]:
    """Yield the occurrences that are as close as a NEAR wants: seen from the one that begins last, all others end
    no more than the gap before it.
    """
    places = sorted((*place, number) for number, atom in enumerate(near.atoms) for place in _places(atom, columns))
    reach = near.gap + max(len(atom.words) for atom in near.atoms)
    for last, *_ in places:
        begin = bisect_left(places, (last - reach,))
        upto = bisect_left(places, (last + 1,))
        close = [place for place in places[begin:upto] if last - place[1] <= near.gap]
        if len({place[3] for place in close}) == len(near.atoms):
            yield from (place[:3] for place in close)


def _merged(spans: Iterator[Span]) -> list[Span]:
    """Return spans in order, those that overlap as one."""
    merged: list[Span] = []
    for start, end in sorted(set(spans)):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
