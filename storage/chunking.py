"""Texts in passage-sized pieces: what one row of the full-text index holds, so that words meet in one passage."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extract.terms import Term, analyse

LONGEST = 2000  # terms in a piece; PostgreSQL counts positions no further than 16,383
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


def prepare(text: str, pages: Sequence[Span], language: str) -> tuple[Piece, ...]:
    """Return the pieces of a text: one a page, several where it is long; a text without pages is one passage.

    Long ones are cut where a paragraph ends, if one does in their second half. Every term is in a piece.
    """
    return tuple(piece for span in _spans(text, pages) for piece in _pieces(text, span, language))


def pieces_of(text: str, facts: Mapping[str, Any]) -> tuple[Piece, ...]:
    """Return the pieces of a stored text, from the facts that its extraction found (pages and language)."""
    return prepare(text, [(page["number"], page["start"], page["end"]) for page in facts["pages"]], facts["language"])


def _spans(text: str, pages: Sequence[Span]) -> Iterator[Span]:
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
    longest = first + LONGEST
    if longest >= len(terms):
        return len(terms)
    for paragraph_end in ("\n\n", "\n"):
        place = passage.rfind(paragraph_end, terms[first + LONGEST // 2].end, terms[longest].start)
        if place != -1:
            return bisect_left(terms, place, key=lambda term: term.start)
    return longest


def index_text(terms: Sequence[Term], column: str) -> str:
    """Return terms as the text that the index splits at spaces. A term without a stem leaves no gap."""
    return " ".join(filter(None, (getattr(term, column) for term in terms)))
