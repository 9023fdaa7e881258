"""Counts: how many documents a question finds, by year, source, authority or language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, func, select

from storage import index
from storage.filters import Filters
from storage.models import Document, DocumentSource, Source
from storage.query import Query
from storage.ranking import Within
from storage.shapes import AnySelect

UNKNOWN = "unknown"


def _by_source(column: Any) -> AnySelect:
    sources = select(DocumentSource.document_id, column).join(Source, Source.id == DocumentSource.source_id)
    return sources.distinct()


def _of_document(column: Any) -> AnySelect:
    return select(Document.id, column)


BY: dict[str, Callable[[], AnySelect]] = {
    "year": lambda: _of_document(func.substr(Document.date, 1, 4)),
    "source": lambda: _by_source(Source.id),
    "authority": lambda: _by_source(Source.authority_id),
    "language": lambda: _of_document(Document.language),
    "document": lambda: _of_document(Document.id),
}
"""What can be counted by: the query for (document, value). A document of two sources counts in each."""


def values(connection: Connection, by: str) -> dict[str, list[str]]:
    """Return, for every document, what it counts under."""
    found: dict[str, list[str]] = {}
    for document, value in connection.execute(BY[by]()):
        found.setdefault(document, []).append(value or UNKNOWN)
    return found


def counts(
    connection: Connection, query: Query, filters: Filters, within: Within, by: dict[str, list[str]]
) -> dict[str, int]:
    """Return how many of the documents found count under each value, in the order of the values."""
    found = index.find(connection, query, filters, within)
    counted = Counter(value for hit in found.hits for value in by.get(hit.document_id, [UNKNOWN]))
    return dict(sorted(counted.items()))
