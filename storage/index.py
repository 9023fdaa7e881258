"""The full-text index on SQLite: contentless FTS5 rows, one per piece, with the same number as their `chunk` row.

The terms come from the one analyser, so FTS5 only has to split at spaces. Its `ascii` tokenizer does just that to small
letters and digits, takes every other character as it is, and depends on no version of Unicode. A contentless row is
taken out by giving FTS5 its terms once more; they are computed again from the text (`contentless_delete` needs
SQLite 3.43).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Connection, Float, Integer, bindparam, delete, exc, func, insert, select, text

from storage.chunking import Piece
from storage.models import Chunk
from storage.query import Clause, Query, clause_to_fts5, to_fts5
from storage.shapes import AnyRow, AnySelect

TABLE = "chunk_index"
Within = Literal["passage", "document"]


def create(connection: Connection) -> None:
    """Make the index."""
    connection.exec_driver_sql(f"CREATE VIRTUAL TABLE {TABLE} USING fts5(stems, words, content='', tokenize='ascii')")


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
    """Return what is wrong with the index, or nothing: every chunk has its row and no row is left over.

    A connection that may write also lets FTS5 look at its own structure.
    """
    rows, chunks = text(f"SELECT id FROM {TABLE}_docsize").columns(id=Integer), select(Chunk.id)
    for these, those, sentence in (
        (chunks, rows, "{} pieces of documents are not indexed."),
        (rows, chunks, "{} indexed pieces belong to no document."),
    ):
        apart = select(these.subquery().c.id).except_(select(those.subquery().c.id)).subquery()
        number = connection.execute(select(func.count()).select_from(apart)).scalar_one()
        if number:
            return sentence.format(number)
    return None if connection.exec_driver_sql("PRAGMA query_only").scalar_one() else _structure(connection)


def _structure(connection: Connection) -> str | None:
    try:
        connection.exec_driver_sql(f"INSERT INTO {TABLE}({TABLE}) VALUES ('integrity-check')")
    except exc.DatabaseError as error:
        return f"SQLite finds it damaged ({error.orig})."
    return None


def match(
    connection: Connection,
    query: Query,
    among: AnySelect | None,
    within: Within,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[AnyRow]:
    """Return the documents that a query finds among those selected, best first, each with its best passage:
    `document_id, chunk, page, start, end, score`.

    The score is bm25 of that passage, larger is better; equal scores are ordered by id. `within` says whether all
    clauses must meet in one passage or anywhere in a document. A query that names nothing to find finds nothing.
    """
    passages = _passages(query, among, within)
    if passages is None:
        return []
    best = passages.subquery()
    rows = select(*(column for column in best.c if column.name != "place")).where(best.c.place == 1)
    rows = rows.order_by(best.c.score.desc(), best.c.document_id).limit(limit).offset(offset)
    return list(connection.execute(rows).all())


def count(connection: Connection, query: Query, among: AnySelect | None, within: Within) -> int:
    """Return how many documents a query finds among those selected."""
    passages = _passages(query, among, within)
    if passages is None:
        return 0
    documents = select(func.count(passages.subquery().c.document_id.distinct()))
    return connection.execute(documents).scalar_one()


def _passages(query: Query, among: AnySelect | None, within: Within) -> AnySelect | None:
    """Return the query for the passages found, each with its place among those of its document."""
    found = _in_passages(query) if within == "passage" else _in_documents(query)
    if found is None or among is None:
        return found
    return found.where(Chunk.document_id.in_(among))


def _hits(expression: str) -> Any:
    """Return the table of index rows that an FTS5 expression finds, with their rank."""
    found = text(f"SELECT rowid, -bm25({TABLE}) AS score FROM {TABLE} WHERE {TABLE} MATCH :asked")
    table = found.bindparams(bindparam("asked", expression, unique=True)).columns(rowid=Integer, score=Float)
    # Materialized: bm25 knows its row only inside the full-text query itself.
    return table.cte().prefix_with("MATERIALIZED")


def _in_passages(query: Query) -> AnySelect | None:
    """Return the query for the passages in which all clauses meet."""
    expression = to_fts5(query)
    return None if expression is None else _ranked(expression)


def _ranked(expression: str) -> AnySelect:
    hits = _hits(expression)
    best_first = (hits.c.score.desc(), Chunk.id)
    return select(
        Chunk.document_id,
        Chunk.id.label("chunk"),
        Chunk.page,
        Chunk.start,
        Chunk.end,
        hits.c.score,
        func.row_number().over(partition_by=Chunk.document_id, order_by=best_first).label("place"),
    ).join(hits, hits.c.rowid == Chunk.id)


def _in_documents(query: Query) -> AnySelect | None:
    """Return the query for the passages that a clause is in, of documents in which all clauses are somewhere."""
    if not query.positive:
        return None
    found = _ranked(" OR ".join(f"({clause_to_fts5(clause)})" for clause in query.positive))
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
