"""What a user asks: words, "phrases", prefix*, -not, OR, NEAR(a b, n). The rest is literal: nothing is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extract.terms import ASKED_IN, Term, analyse, is_han, stem

LONGEST = 200  # words and phrases of a query that are looked at; a pasted page is cut, and the answer says so
NEAREST = 12  # words of a NEAR that are looked at: SQLite's time grows with all their combinations
HABITS = ("AND", "ET", "NOT", "SAUF")
"""What other search engines take for an operator."""
GAP = 10  # terms that may stand between those of a NEAR without a number
TOKEN = re.compile(r'(?P<not>-(?=[^\s-]))?(?:NEAR\((?P<near>[^()]*)\)|"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


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
    expanded: tuple[str, ...] = ()
    """What was looked for beside what was written, one sentence each."""

    @property
    def cut(self) -> bool:
        """Whether it was longer than what is looked at."""
        parts = (part for clause in self.clauses for part in clause.anyof)
        return self.long or any(isinstance(part, Near) and part.cut for part in parts)

    @property
    def positive(self) -> tuple[Clause, ...]:
        """The clauses that must be found."""
        return tuple(clause for clause in self.clauses if not clause.negative)


@dataclass(frozen=True, slots=True)
class Names:
    """Other ways to write a word of a question."""

    atoms: tuple[Atom, ...]
    instead: bool
    """The word is a name for them, such as `place:chine`, and not itself looked for."""
    sentence: str


def parse(text: str, names: Callable[[str], Names | None] = lambda word: None) -> Query:
    """Return what a text asks for. Never fails. `names` may know other ways to write a word outside of quotes.

    OR joins what stands beside it; where it has nothing to find on one side it is the word `or`.

    >>> [clause.negative for clause in parse('jumelage -"maisons jumelées" (((').clauses]
    [False, True]
    """
    clauses: list[Clause] = []
    said: dict[str, None] = {}
    joining = False
    for count, found in enumerate(TOKEN.finditer(text), start=1):
        if count > LONGEST:
            return Query(tuple(clauses), long=True, expanded=tuple(said))
        if found[0] == "OR" and clauses and not clauses[-1].negative and not joining:
            joining = True
            continue
        parts, sentence = _parts(found, names)
        if not parts:
            continue
        said |= {sentence: None} if sentence else {}
        if joining and found["not"]:
            clauses.append(_literal_or())
        if joining and not found["not"]:
            clauses[-1] = Clause((*clauses[-1].anyof, *parts))
        else:
            clauses.append(Clause(parts, negative=bool(found["not"])))
        joining = False
    return Query((*clauses, _literal_or()) if joining else tuple(clauses), expanded=tuple(said))


def _literal_or() -> Clause:
    return Clause((Atom("stems", ("or",)),))


def _parts(found: re.Match[str], names: Callable[[str], Names | None]) -> tuple[tuple[Atom | Near, ...], str]:
    """Return what a piece of a question stands for, and the sentence that says so where it was expanded."""
    named = names(found["word"]) if found["word"] is not None else None
    part = None if named and named.instead else _part(found)
    others = named.atoms if named else ()
    return (*((part,) if part else ()), *others), named.sentence if named else _habit(found["word"])


def _habit(word: str | None) -> str:
    """Return what is said of a word that other search engines take for an operator, or nothing."""
    if word not in HABITS:
        return ""
    return f"{word} was looked for as a word: words meet without it, and -word leaves one out."


def _part(found: re.Match[str]) -> Atom | Near | None:
    if found["near"] is not None:
        return _close(found["near"])
    return literally(found["phrase"]) if found["phrase"] is not None else _word(found["word"])


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


def literally(text: str) -> Atom | None:
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


def is_near(query: Query) -> bool:
    """Return whether a question has a NEAR that must be found."""
    return any(isinstance(part, Near) for clause in query.positive for part in clause.anyof)


def atoms(clause: Clause) -> Iterator[Atom]:
    """Yield the words and phrases of a clause, those of a NEAR one by one."""
    for part in clause.anyof:
        yield from part.atoms if isinstance(part, Near) else (part,)


def spread(query: Query) -> Query:
    """Return the positive part of a question with the words of each NEAR wherever they stand: what is scored."""
    return Query(tuple(Clause(tuple(atoms(clause))) for clause in query.positive))


def ways(atom: Atom) -> list[tuple[str, ...]]:
    """Return the different spellings that an atom may have in the index."""
    return list(dict.fromkeys(in_each_language(atom)))


def in_each_language(atom: Atom) -> list[tuple[str, ...]]:
    """Return an atom's spelling in each language: a passage is stemmed in one, so its words change together."""
    if atom.column == "words":
        return [atom.words] * (len(ASKED_IN) + 1)
    return [atom.words, *(tuple(stem(word, language) for word in atom.words) for language in ASKED_IN)]
