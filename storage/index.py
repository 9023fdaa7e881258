"""The full-text index on SQLite: contentless FTS5 rows, one per piece, with the same number as their `chunk` row.

The terms come from the one analyser, so FTS5 only splits at spaces: its tokenizer is told that every letter, mark and
digit belongs to a term, and to fold nothing. A contentless row is taken out by giving FTS5 its terms once more; they
are computed again from the text (`contentless_delete` needs SQLite 3.43).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Connection, Float, Integer, bindparam, delete, func, insert, literal_column, select, text

from storage.chunking import Piece
from storage.models import Chunk
from storage.query import Clause, Query, clause_to_fts5, to_fts5
from storage.shapes import AnyRow, AnySelect

TABLE = "chunk_index"
Within = Literal["passage", "document"]


def create(connection: Connection) -> None:
    """Make the index."""
    connection.exec_driver_sql(
        f"CREATE VIRTUAL TABLE {TABLE} USING fts5(stems, words, content='', "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* Co'\")"
    )


def add(connection: Connection, document_id: str, pieces: Sequence[Piece]) -> None:
    """Index the pieces of a document's shown text."""
    for piece in pieces:
        row = {
            "document_id": document_id,
            "page": piece.page,
            "start": piece.start,
            "end": piece.end,
            "language": piece.language,
        }
        number = connection.execute(insert(Chunk).values(row).returning(Chunk.id)).scalar_one()
        _write(connection, number, piece)


def _write(connection: Connection, number: int, piece: Piece) -> None:
    statement = f"INSERT INTO {TABLE}(rowid, stems, words) VALUES (?, ?, ?)"
    connection.exec_driver_sql(statement, (number, piece.stems, piece.words))


def remove(connection: Connection, document_id: str, pieces: Sequence[Piece]) -> None:
    """Take a document out of the index; `pieces` are those it was indexed with, made again from the same text."""
    numbers = select(Chunk.id).where(Chunk.document_id == document_id).order_by(Chunk.id)
    statement = f"INSERT INTO {TABLE}({TABLE}, rowid, stems, words) VALUES ('delete', ?, ?, ?)"
    for number, piece in zip(connection.execute(numbers).scalars().all(), pieces, strict=True):
        connection.exec_driver_sql(statement, (number, piece.stems, piece.words))
    connection.execute(delete(Chunk).where(Chunk.document_id == document_id))


def clear(connection: Connection) -> None:
    """Empty the index, so that it can be built again."""
    connection.exec_driver_sql(f"INSERT INTO {TABLE}({TABLE}) VALUES ('delete-all')")
    connection.execute(delete(Chunk))


def check(connection: Connection) -> str | None:
    """Return what is wrong with the index, or nothing: every chunk has its row and no row is left over."""
    rows = connection.execute(text(f"SELECT count(*) FROM {TABLE}_docsize")).scalar_one()
    chunks = connection.execute(select(func.count()).select_from(Chunk)).scalar_one()
    return None if rows == chunks else f"{chunks} pieces are known and {rows} are indexed."


def match(connection: Connection, query: Query, among: AnySelect, within: Within) -> list[AnyRow]:
    """Return the documents that a query finds among those selected, best first: `document_id, chunk, score`.

    The score is bm25 of the best passage, larger is better; equal scores are ordered by id. `within` says whether all
    clauses must meet in one passage or anywhere in a document.
    """
    best = _in_passages(query) if within == "passage" else _in_documents(query)
    if best is None:
        return []
    rows = best.where(Chunk.document_id.in_(among)).group_by(Chunk.document_id)
    return list(connection.execute(rows.order_by(literal_column("score").desc(), Chunk.document_id)).all())


def _hits(expression: str) -> Any:
    """Return the table of index rows that an FTS5 expression finds, with their rank."""
    found = text(f"SELECT rowid, -bm25({TABLE}) AS score FROM {TABLE} WHERE {TABLE} MATCH :asked")
    table = found.bindparams(bindparam("asked", expression, unique=True)).columns(rowid=Integer, score=Float)
    # Materialized: bm25 knows its row only inside the full-text query itself.
    return table.cte().prefix_with("MATERIALIZED")


def _in_passages(query: Query) -> AnySelect | None:
    """Return the query for each document's best passage in which all clauses meet."""
    expression = to_fts5(query)
    if expression is None:
        return None
    return _best(expression)


def _best(expression: str) -> AnySelect:
    hits = _hits(expression)
    # SQLite gives the other columns of the row that has the maximum: the best passage's own.
    return select(
        Chunk.document_id,
        Chunk.id.label("chunk"),
        Chunk.page,
        Chunk.start,
        Chunk.end,
        func.max(hits.c.score).label("score"),
    ).join(hits, hits.c.rowid == Chunk.id)


def _in_documents(query: Query) -> AnySelect | None:
    """Return the query for each document in which all clauses are found somewhere, with its best passage."""
    if not query.positive:
        return None
    found = _best(" OR ".join(f"({clause_to_fts5(clause)})" for clause in query.positive))
    for clause in query.clauses:
        has = Chunk.document_id.in_(_documents_with(clause))
        found = found.where(~has if clause.negative else has)
    return found


def _documents_with(clause: Clause) -> AnySelect:
    hits = _hits(clause_to_fts5(clause))
    other = Chunk.__table__.alias()
    return select(other.c.document_id).join(hits, hits.c.rowid == other.c.id)


def without(query: Query) -> AnySelect | None:
    """Return the documents that the negative clauses of a query put out, for a query that has no other clause."""
    negative = [clause for clause in query.clauses if clause.negative]
    if not negative or query.positive:
        return None
    hits = _hits(" OR ".join(f"({clause_to_fts5(clause)})" for clause in negative))
    return select(Chunk.document_id).join(hits, hits.c.rowid == Chunk.id)
