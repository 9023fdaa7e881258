"""Texts in passage-sized pieces: what one row of the full-text index holds, so that words meet in one passage."""

from __future__ import annotations

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
    """Return the pieces of a text: one a page, several where it is long; a text without pages is one passage."""
    spans = list(pages) or ([(None, 0, len(text))] if text else [])
    return tuple(piece for span in spans for piece in _pieces(text, span, language))


def pieces_of(text: str, facts: Mapping[str, Any]) -> tuple[Piece, ...]:
    """Return the pieces of a stored text, from the facts that its extraction found (pages and language)."""
    return prepare(text, [(page["number"], page["start"], page["end"]) for page in facts["pages"]], facts["language"])


def _pieces(text: str, span: Span, language: str) -> Iterator[Piece]:
    page, start, end = span
    terms = analyse(text[start:end], language)
    for first in range(0, len(terms), LONGEST - OVERLAP):
        part = terms[first : first + LONGEST]
        last = first + LONGEST >= len(terms)
        yield Piece(
            page=page,
            start=start if first == 0 else start + part[0].start,
            end=end if last else start + part[-1].end,
            language=language,
            stems=index_text(part, "stem"),
            words=index_text(part, "word"),
        )
        if last:
            return


def index_text(terms: Sequence[Term], column: str) -> str:
    """Return terms as the text that the index splits at spaces. A term without a stem leaves no gap."""
    return " ".join(filter(None, (getattr(term, column) for term in terms)))
