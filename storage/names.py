"""Other ways to write what a question names: the classes and places of the corpus' vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from extract.vocabulary.file import FALSE, Entry, Vocabulary
from storage.query import Atom, Names, literally

SHOWN = 12  # spellings that the sentence names
PLACES = ("partner", "place")


def names_in(vocabulary: Vocabulary) -> Callable[[str], Names | None]:
    """Return a function that knows, for a word of a question, what the vocabulary would look for.

    `place:chine` is the class and `link/jumelage` one term of a class, in all their spellings. The name of a place in
    one language stands for its names in all of them.
    """
    entries = [entry for entry in vocabulary.entries if entry.role != FALSE]
    terms: dict[str, list[Entry]] = {}
    places: dict[tuple[str, ...], str] = {}
    for entry in entries:
        for key in _keys(entry):
            terms.setdefault(key, []).append(entry)
        if entry.role in PLACES:
            places.setdefault(_atom(entry).words, entry.term)

    def names(word: str) -> Names | None:
        written = word.rstrip(",;.")
        if written in terms:
            return _named(terms[written], instead=True, word=written)
        atom = literally(word)
        place = places.get(atom.words) if atom and not atom.prefix else None
        return _named(terms[place], instead=False, word=word) if place else None

    return names


def _keys(entry: Entry) -> Iterator[str]:
    """Yield the names a question may use for an entry: its class where that has a sign of its own, and its term."""
    group = entry.term.rpartition("/")[0]
    yield entry.term
    yield group + "/"
    if ":" in group:
        yield group


def _named(entries: Sequence[Entry], *, instead: bool, word: str) -> Names | None:
    own = literally(word)
    atoms = tuple(dict.fromkeys(atom for entry in entries if (atom := _atom(entry)) != own or instead))
    written = list(dict.fromkeys(" ".join(entry.words) for entry in entries if _atom(entry) in atoms))
    more = f" and {len(written) - SHOWN} more" if len(written) > SHOWN else ""
    how = "stands for" if instead else "is also looked for as"
    sentence = f"{word} {how} {', '.join(written[:SHOWN])}{more} (`minutier vocabulary`; --no-expand: only as written)."
    return Names(atoms, instead, sentence) if atoms else None


def _atom(entry: Entry) -> Atom:
    """Return a spelling as words to find. Only the last may have any ending: words before it in any of their forms."""
    *before, last = entry.words
    atom = literally(" ".join(entry.words).replace("*", ""))
    assert atom is not None  # the vocabulary refuses a spelling without words
    if any(word.endswith("*") for word in before):
        return replace(atom, column="stems")
    return replace(atom, prefix=True) if last.endswith("*") else atom
