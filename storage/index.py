"""The full-text index: which passages a question finds and how well, the same answers from either database.

The terms come from the one analyser. The score of a passage is BM25 over the terms of both columns: for each spelling
that was asked for, how rare it is among all passages times how often it stands in this one, measured against the
passage's length (k1 = 1.2, b = 0.75; a spelling in more than half of all passages counts 0.000001). FTS5 computes it
so, and the PostgreSQL twin repeats it operation by operation: equal passages have equal scores, and those are
ordered by date, then id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType

from sqlalchemy import Connection, Select, select

from storage import index_postgres, index_sqlite
from storage.chunking import Piece
from storage.filters import Filters
from storage.models import Chunk
from storage.query import Query
from storage.ranking import Found, Within
from storage.shapes import AnyRow

KINDS: dict[str, ModuleType] = {"sqlite": index_sqlite, "postgresql": index_postgres}


def _kind(connection: Connection) -> ModuleType:
    return KINDS[connection.dialect.name]


def create(connection: Connection) -> None:
    """Make the index."""
    _kind(connection).create(connection)


def add(connection: Connection, document_id: str, pieces: Sequence[Piece]) -> None:
    """Index the pieces of a document's shown text."""
    if pieces:
        _kind(connection).add(connection, document_id, pieces)


def remove(connection: Connection, document_id: str, pieces: Sequence[Piece]) -> None:
    """Take a document out of the index; `pieces` are those it was indexed with, made again from the same text."""
    _kind(connection).remove(connection, document_id, pieces)


def clear(connection: Connection) -> None:
    """Empty the index, so that it can be built again."""
    _kind(connection).clear(connection)


def compact(connection: Connection) -> None:
    """Leave no term of rows that were taken out in the index."""
    _kind(connection).compact(connection)


def check(connection: Connection) -> str | None:
    """Return what is wrong with the index, or nothing: every chunk has its row and no row is left over."""
    return _kind(connection).check(connection)  # type: ignore[no-any-return]  # a module is any to mypy


def holds(connection: Connection, chunk: int, piece: Piece) -> bool:
    """Return whether the row of a chunk has the terms of a piece: all of them, in their order, and no others."""
    return _kind(connection).holds(connection, chunk, piece)  # type: ignore[no-any-return]  # as above


def find(connection: Connection, query: Query, filters: Filters, within: Within, *, limit: int | None = None) -> Found:
    """Return the documents that a query finds among those selected, best first, each with its best passage.

    `within` says whether all clauses must meet in one passage or anywhere in a document. A query that names nothing
    to find finds nothing.
    """
    if not query.positive:
        return Found(total=0, passages=0, hits=())
    return _kind(connection).find(connection, query, filters, within, limit)  # type: ignore[no-any-return]  # as above


def chunks_of(connection: Connection, query: Query, within: Within) -> set[int]:
    """Return the numbers of the chunks in which a query has something to show, in any document."""
    return _kind(connection).chunks_of(connection, query, within)  # type: ignore[no-any-return]  # as above


def places(connection: Connection, chunks: Iterable[int], documents: Sequence[str]) -> list[AnyRow]:
    """Return where some chunks of some documents stand, in the order of their texts."""
    wanted = set(chunks)
    query = select(Chunk).where(Chunk.document_id.in_(documents)).order_by(Chunk.document_id, Chunk.start, Chunk.id)
    return [row for row in connection.execute(query) if row.id in wanted]


def without(connection: Connection, query: Query) -> Select[str] | None:
    """Return the documents that the negative clauses of a query put out, for a query that has no other clause."""
    if query.positive or not query.clauses:
        return None
    return _kind(connection).without(connection, query)  # type: ignore[no-any-return]  # as above
