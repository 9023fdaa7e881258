"""What a user asks: words, "phrases", prefix*, -not, OR, NEAR(a b, n). The rest is literal: nothing is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from extract.terms import Term, analyse, fold, is_han, query_stems

LONGEST = 200  # clauses of a query that are looked at; a pasted page is cut, and the answer says so
TOKEN = re.compile(
    r'(?P<not>-(?=[^\s-]))?(?:NEAR\((?P<near>[^()]*?)(?:,\s*(?P<gap>\d{1,3})\s*)?\)|"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))'
)


@dataclass(frozen=True, slots=True)
class Atom:
    """Consecutive terms: each place holds the spellings that fit there."""

    column: str
    """`stems` (any form of the word) or `words` (as written)."""
    places: tuple[frozenset[str], ...]
    prefix: bool = False
    """The last place may go on."""


@dataclass(frozen=True, slots=True)
class Near:
    """Atoms within a number of terms of each other."""

    atoms: tuple[Atom, ...]
    gap: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that must be found, or must not: any of its alternatives."""

    anyof: tuple[Atom | Near, ...]
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question: all its clauses hold."""

    clauses: tuple[Clause, ...]
    cut: bool = False
    """It had more clauses than are looked at."""

    @property
    def positive(self) -> tuple[Clause, ...]:
        """The clauses that must be found."""
        return tuple(clause for clause in self.clauses if not clause.negative)


def parse(text: str) -> Query:
    """Return what a text asks for. Never fails.

    >>> [clause.negative for clause in parse('jumelage -"maisons jumelées" (((').clauses]
    [False, True]
    """
    clauses: list[Clause] = []
    joining = False
    for found in TOKEN.finditer(text):
        if found["word"] == "OR" and not found["not"]:
            joining = bool(clauses)
            continue
        part = _part(found)
        if part is None:
            continue
        negative = bool(found["not"])
        if joining and clauses and clauses[-1].negative == negative:
            clauses[-1] = Clause((*clauses[-1].anyof, part), negative)
        else:
            clauses.append(Clause((part,), negative))
        joining = False
        if len(clauses) == LONGEST:
            return Query(tuple(clauses), cut=found.end() < len(text.rstrip()))
    return Query(tuple(clauses))


def _part(found: re.Match[str]) -> Atom | Near | None:
    if found["near"] is not None:
        atoms = tuple(atom for word in found["near"].split() if (atom := _word(word)))
        return Near(atoms, int(found["gap"] or 10)) if len(atoms) > 1 else atoms[0] if atoms else None
    return _phrase(found["phrase"]) if found["phrase"] is not None else _word(found["word"])


def _phrase(text: str) -> Atom | None:
    """Return a literal phrase: the words as written, one after the other."""
    places = tuple(frozenset({term.word}) for term in _within(analyse(text, "und")))
    return Atom("words", places, prefix=_open_ended(text, places)) if places else None


def _word(text: str) -> Atom | None:
    """Return a word in any of its forms; one with hyphens or of Chinese characters is a phrase of its terms."""
    terms = [term for term in _within(analyse(text, "und")) if term.stem]
    if not terms:
        return None
    if text.endswith("*") and len(terms) == 1:
        return Atom("words", (frozenset({terms[0].word}),), prefix=True)
    places = tuple(frozenset({t.word}) if is_han(t.word[0]) else query_stems(t.word) for t in terms)
    return Atom("stems", places, prefix=_open_ended(text, places))


def _within(terms: Sequence[Term]) -> Iterator[Term]:
    """Yield the terms to ask for: the last character of a Chinese run is inside the pair before it."""
    for place, term in enumerate(terms):
        alone = place == 0 or terms[place - 1].end != term.end
        if alone or not is_han(term.word[0]):
            yield term


def _open_ended(text: str, places: Sequence[frozenset[str]]) -> bool:
    """Return whether the last place is a single Chinese character: the index holds it at the head of a pair."""
    last = next(iter(places[-1]), "") if places else ""
    return len(last) == 1 and is_han(last)


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
    return " OR ".join(_near(part) if isinstance(part, Near) else _atom(part) for part in clause.anyof)


def _atom(atom: Atom) -> str:
    return f"{atom.column} : ({' OR '.join(_phrases(atom))})"


def _near(near: Near) -> str:
    columns = {atom.column for atom in near.atoms}
    if len(columns) > 1:  # FTS5 measures within one column: take the words as written
        return " AND ".join(f"({_atom(atom)})" for atom in near.atoms)
    ways: list[list[str]] = [[]]
    for atom in near.atoms:
        ways = [[*way, phrase] for way in ways for phrase in _phrases(atom)][:256]
    joined = " OR ".join(f"NEAR({' '.join(way)}, {near.gap})" for way in ways)
    return f"{columns.pop()} : ({joined})"


def _phrases(atom: Atom) -> list[str]:
    """Return every spelling of an atom as a quoted FTS5 phrase."""
    ways = [""]
    for place in atom.places:
        ways = [f"{way} {term}".strip() for way in ways for term in sorted(place)][:64]
    return [f'"{way}"' + (" *" if atom.prefix else "") for way in ways]


def matcher(query: Query) -> Callable[[Sequence[Term]], list[tuple[int, int]]]:
    """Return a function that finds where the positive parts of a query stand among the terms of a text."""
    atoms = [
        atom
        for clause in query.positive
        for part in clause.anyof
        for atom in (part.atoms if isinstance(part, Near) else (part,))
    ]

    def spans(terms: Sequence[Term]) -> list[tuple[int, int]]:
        return sorted({span for atom in atoms for span in _found(atom, terms)})

    return spans


def _found(atom: Atom, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    attribute = "stem" if atom.column == "stems" else "word"
    row = [term for term in terms if getattr(term, attribute)]
    values = [getattr(term, attribute) for term in row]
    size = len(atom.places)
    for place in range(len(row) - size + 1):
        if all(_fits(atom, n, values[place + n]) for n in range(size)):
            last = row[place + size - 1]
            end = last.start + 1 if atom.prefix and is_han(last.word[0]) else last.end
            yield row[place].start, end


def _fits(atom: Atom, place: int, value: str) -> bool:
    if atom.prefix and place == len(atom.places) - 1:
        return any(value.startswith(term) for term in atom.places[place])
    return value in atom.places[place]


def folded(text: str) -> str:
    """Return a text folded as the index folds it, for comparisons."""
    return fold(text)
