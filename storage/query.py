"""What a user asks: words, "phrases", prefix*, -not, OR, NEAR(a b, n). The rest is literal: nothing is an error."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extract.terms import ASKED_IN, Term, analyse, is_han, stem

LONGEST = 200  # words and phrases of a query that are looked at; a pasted page is cut, and the answer says so
NEAREST = 12  # words of a NEAR that are looked at: SQLite's time grows with all their combinations
GAP = 10  # terms that may stand between those of a NEAR without a number
TOKEN = re.compile(r'(?P<not>-(?=[^\s-]))?(?:NEAR\((?P<near>[^()]*)\)|"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Atom:
    """Consecutive terms, as folded words."""

    column: Literal["stems", "words"]
    """`stems` (any form of the words) or `words` (as written)."""
    words: tuple[str, ...]
    prefix: bool = False
    """The last word may go on."""


@dataclass(frozen=True, slots=True)
class Near:
    """Atoms of one column with at most so many terms between the first and the last."""

    atoms: tuple[Atom, ...]
    gap: int
    cut: bool = False
    """It had more than are looked at."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that must be found, or must not: any of its alternatives."""

    anyof: tuple[Atom | Near, ...]
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question: all its clauses hold."""

    clauses: tuple[Clause, ...]
    long: bool = False
    """There was more after the last clause."""

    @property
    def cut(self) -> bool:
        """Whether it was longer than what is looked at."""
        parts = (part for clause in self.clauses for part in clause.anyof)
        return self.long or any(isinstance(part, Near) and part.cut for part in parts)

    @property
    def positive(self) -> tuple[Clause, ...]:
        """The clauses that must be found."""
        return tuple(clause for clause in self.clauses if not clause.negative)


def parse(text: str) -> Query:
    """Return what a text asks for. Never fails.

    OR joins what stands beside it; where it has nothing to find on one side it is the word `or`.

    >>> [clause.negative for clause in parse('jumelage -"maisons jumelées" (((').clauses]
    [False, True]
    """
    clauses: list[Clause] = []
    joining = False
    for count, found in enumerate(TOKEN.finditer(text), start=1):
        if count > LONGEST:
            return Query(tuple(clauses), long=True)
        if found[0] == "OR" and clauses and not clauses[-1].negative and not joining:
            joining = True
            continue
        part = _part(found)
        if part is None:
            continue
        if joining and found["not"]:
            clauses.append(_literal_or())
        if joining and not found["not"]:
            clauses[-1] = Clause((*clauses[-1].anyof, part))
        else:
            clauses.append(Clause((part,), negative=bool(found["not"])))
        joining = False
    return Query((*clauses, _literal_or()) if joining else tuple(clauses))


def _literal_or() -> Clause:
    return Clause((Atom("stems", ("or",)),))


def _part(found: re.Match[str]) -> Atom | Near | None:
    if found["near"] is not None:
        return _close(found["near"])
    return _phrase(found["phrase"]) if found["phrase"] is not None else _word(found["word"])


def _close(text: str) -> Atom | Near | None:
    """Return what stands between the brackets of a NEAR: words and phrases, and a number after the last comma."""
    before, comma, number = text.rpartition(",")
    counted = bool(comma) and re.fullmatch(r"\s*[0-9]{1,3}\s*", number) is not None
    atoms = [atom for found in TOKEN.finditer(before if counted else text) if isinstance(atom := _part(found), Atom)]
    if len(atoms) < 2:
        return atoms[0] if atoms else None
    if len({atom.column for atom in atoms}) > 1:  # distances are measured within one column: words as written, then
        atoms = [replace(atom, column="words") for atom in atoms]
    return Near(tuple(atoms[:NEAREST]), int(number) if counted else GAP, cut=len(atoms) > NEAREST)


def _phrase(text: str) -> Atom | None:
    """Return a literal phrase: the words as written, one after the other."""
    return _atom("words", analyse(text, "und"))


def _word(text: str) -> Atom | None:
    """Return a word in any of its forms; one with hyphens or of Chinese characters is a phrase of its terms."""
    terms = analyse(text, "und")
    if not text.endswith("*"):
        return _atom("stems", [term for term in terms if term.stem])
    while terms and not terms[0].stem:  # the article of l'arc-en-c*
        del terms[0]
    atom = _atom("words", terms)
    return replace(atom, prefix=True) if atom else None


def _atom(column: Literal["stems", "words"], terms: Sequence[Term]) -> Atom | None:
    """Return the terms as something to find, or nothing where there are none.

    The last character of a Chinese run is inside the pair before it, and in a text it may begin another pair; a
    character that stands alone is asked for as the beginning of a pair.
    """
    if len(terms) > 1 and terms[-1].end == terms[-2].end:
        terms = terms[:-1]
    words = tuple(term.word for term in terms)
    alone = bool(words) and len(words[-1]) == 1 and is_han(words[-1])
    return Atom(column, words, prefix=alone) if words else None


def to_fts5(query: Query) -> str | None:
    """Return a query as an FTS5 expression in which every term is quoted; nothing where nothing must be found."""
    positive = [clause_to_fts5(clause) for clause in query.positive]
    if not positive:
        return None
    expression = " AND ".join(f"({each})" for each in positive)
    negative = [clause_to_fts5(clause) for clause in query.clauses if clause.negative]
    return f"({expression}) NOT ({' OR '.join(negative)})" if negative else expression


def clause_to_fts5(clause: Clause) -> str:
    """Return one clause, without its sign, as an FTS5 expression."""
    return " OR ".join(_near_to_fts5(part) if isinstance(part, Near) else _atom_to_fts5(part) for part in clause.anyof)


def _atom_to_fts5(atom: Atom) -> str:
    return f"{atom.column} : ({' OR '.join(_quoted(way, atom) for way in ways(atom))})"


def _near_to_fts5(near: Near) -> str:
    rows = zip(*(_in_each_language(atom) for atom in near.atoms), strict=True)
    groups = (" ".join(_quoted(way, atom) for way, atom in zip(row, near.atoms, strict=True)) for row in rows)
    joined = " OR ".join(f"NEAR({group}, {near.gap})" for group in dict.fromkeys(groups))
    return f"{near.atoms[0].column} : ({joined})"


def _quoted(way: Sequence[str], atom: Atom) -> str:
    return f'"{" ".join(way)}"' + (" *" if atom.prefix else "")


def ways(atom: Atom) -> list[tuple[str, ...]]:
    """Return the different spellings that an atom may have in the index."""
    return list(dict.fromkeys(_in_each_language(atom)))


def _in_each_language(atom: Atom) -> list[tuple[str, ...]]:
    """Return an atom's spelling in each language: a passage is stemmed in one, so its words change together."""
    if atom.column == "words":
        return [atom.words] * (len(ASKED_IN) + 1)
    return [atom.words, *(tuple(stem(word, language) for word in atom.words) for language in ASKED_IN)]


def matcher(query: Query) -> Callable[[Sequence[Term]], list[Span]]:
    """Return a function that finds where the positive parts of a query stand among the terms of a text."""
    parts = [part for clause in query.positive for part in clause.anyof]

    def spans(terms: Sequence[Term]) -> list[Span]:
        columns = {"stems": _Column(terms, "stem"), "words": _Column(terms, "word")}
        found = (_together(part, columns) if isinstance(part, Near) else _places(part, columns) for part in parts)
        return _merged(place[2] for places in found for place in places)

    return spans


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
