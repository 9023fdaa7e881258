"""Texts in passage-sized pieces: what one row of the full-text index holds, so that words meet in one passage."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extract.terms import Term, analyse

LONGEST = 2000  # terms in a piece; PostgreSQL counts positions no further than 16,383
COMMONEST = 250  # times that one term may stand in a piece: PostgreSQL counts no further than 255
OVERLAP = 50  # terms that two pieces of one passage share, so that neighbours still meet

Span = tuple[int | None, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a text: its page, its place in the text (code points, end exclusive), its terms as index text."""

    page: int | None
    start: int
    end: int
    language: str
    stems: str
    words: str


def prepare(text: str, pages: Sequence[Span], language: str, acts: Sequence[tuple[int, int]] = ()) -> tuple[Piece, ...]:
    """Return the pieces of a text: one an act, elsewhere one a page, several where it is long; a text without pages
    is one passage.

    Long ones are cut where a paragraph ends, if one does in their second half. Every term is in a piece.
    """
    return tuple(piece for span in _spans(text, pages, acts) for piece in _pieces(text, span, language))


def pieces_of(text: str, facts: Mapping[str, Any]) -> tuple[Piece, ...]:
    """Return the pieces of a stored text, from the facts that its extraction found (pages, acts and language)."""
    pages = [(page["number"], page["start"], page["end"]) for page in facts["pages"]]
    acts = [(act["start"], act["end"]) for act in facts["acts"]]
    return prepare(text, pages, facts["language"], acts)


def _spans(text: str, pages: Sequence[Span], acts: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield the acts, each with the page it begins on, and what stands around them page by page."""
    sheets = list(_sheets(text, pages))
    done = 0
    for start, end in sorted(acts):
        yield from _between(sheets, done, start)
        begin = max(done, start)
        if end > begin:
            yield next((page for page, _, until in sheets if begin < until), None), begin, end
        done = max(done, end)
    yield from _between(sheets, done, len(text))


def _between(sheets: Sequence[Span], begin: int, until: int) -> Iterator[Span]:
    for page, start, end in sheets:
        if max(start, begin) < min(end, until):
            yield page, max(start, begin), min(end, until)


def _sheets(text: str, pages: Sequence[Span]) -> Iterator[Span]:
    """Yield the pages, and what stands between and after them as passages without a page."""
    done = 0
    for page in pages:
        if page[1] > done:
            yield None, done, page[1]
        yield page
        done = max(done, page[2])
    if done < len(text):
        yield None, done, len(text)


def _pieces(text: str, span: Span, language: str) -> Iterator[Piece]:
    page, start, end = span
    passage = text[start:end]
    terms = analyse(passage, language)
    first = 0
    while first < len(terms):
        after = _cut(passage, terms, first)
        part = terms[first:after]
        last = after == len(terms)
        yield Piece(
            page=page,
            start=start if first == 0 else start + part[0].start,
            end=end if last else start + part[-1].end,
            language=language,
            stems=index_text(part, "stem"),
            words=index_text(part, "word"),
        )
        first = after if last else after - OVERLAP


def _cut(passage: str, terms: Sequence[Term], first: int) -> int:
    """Return the number of the term before which a piece that begins with `first` should end."""
    longest = first + _room(terms, first)
    if longest >= len(terms):
        return len(terms)
    for paragraph_end in ("\n\n", "\n"):
        place = passage.rfind(paragraph_end, terms[(first + longest) // 2].end, terms[longest].start)
        if place != -1:
            return bisect_left(terms, place, key=lambda term: term.start)
    return longest


def _room(terms: Sequence[Term], first: int) -> int:
    """Return how many terms a piece may hold that begins with `first`."""
    there = [term.stem or term.word for term in terms[first : first + LONGEST]]
    if len(there) <= COMMONEST or max(Counter(there).values()) <= COMMONEST:
        return LONGEST
    seen: Counter[str] = Counter()
    for room, term in enumerate(there):
        seen[term] += 1
        if seen[term] > COMMONEST:
            return room
    return LONGEST


def index_text(terms: Sequence[Term], column: str) -> str:
    """Return terms as the text that the index splits at spaces. A term without a stem leaves no gap."""
    return " ".join(filter(None, (getattr(term, column) for term in terms)))
