"""A concordance: every place where a question stands in the texts, with the words around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from extract.terms import analyse
from storage import index
from storage.filters import Filters
from storage.marks import matcher
from storage.query import Query
from storage.ranking import Within
from storage.reading import described
from storage.search import confidence, page_at
from storage.shapes import AnyRow

AROUND = 60  # characters on each side
BATCH = 50  # documents whose texts are in memory at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One place: `start` and `end` are code points of the text of that version."""

    left: str
    keyword: str
    right: str
    document: str
    page: int | None
    start: int
    end: int
    version: int
    date: str
    source: str
    language: str
    ocr: float | None
    """How sure our OCR was of the page, or nothing where the text was not read by it."""


def concordance(connection: Connection, query: Query, filters: Filters, within: Within) -> Iterator[Line]:
    """Yield the lines of the documents found, best document first, each in the order of its text."""
    found = index.find(connection, query, filters, within)
    chunks = index.chunks_of(connection, query, within) if found.total else set()
    spans = matcher(query)
    for first in range(0, len(found.hits), BATCH):
        ids = [hit.document_id for hit in found.hits[first : first + BATCH]]
        rows = described(connection, ids)
        places = index.places(connection, chunks, ids)
        parts = {each: list(mine) for each, mine in groupby(places, key=lambda place: place.document_id)}
        for each in ids:
            yield from _lines(rows[each], parts[each], spans)


def _lines(document: AnyRow, parts: list[AnyRow], spans: Any) -> Iterator[Line]:
    """Yield the lines of one document. Pieces of a long passage overlap: what is in both is one place."""
    marks = {
        (part.start + start, part.start + end)
        for part in parts
        for start, end in spans(analyse(document.text[part.start : part.end], part.language))
    }
    for start, end in sorted(marks):
        page = page_at(document.facts, start)
        yield Line(
            left=document.text[max(0, start - AROUND) : start],
            keyword=document.text[start:end],
            right=document.text[end : end + AROUND],
            document=document.id,
            page=page,
            start=start,
            end=end,
            version=document.version,
            date=document.date,
            source=document.source,
            language=document.language,
            ocr=confidence(document.facts, page) if page is not None else None,
        )
