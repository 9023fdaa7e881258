"""The index on SQLite: contentless FTS5 rows, one per piece, with the same number as their `chunk` row.

FTS5 only has to split at spaces. Its `ascii` tokenizer does just that to small letters and digits, takes every other
character as it is, and depends on no version of Unicode. A contentless row is taken out by giving FTS5 its terms once
more; they are computed again from the text (`contentless_delete` needs SQLite 3.43).

The number of a chunk is that of its document times 65,536 and its place in it. So the documents of a hundred thousand
rows are known without asking another table, and what is asked of the tables is about the few that are shown.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Sequence

from sqlalchemy import Connection, Integer, Select, bindparam, column, delete, exc, func, insert, literal, select, text

from storage import index_queue
from storage.chunking import Piece
from storage.expressions import clause_to_fts5, to_fts5
from storage.filters import Filters
from storage.models import Chunk, Document
from storage.query import Query, is_near, spread
from storage.ranking import Found, Hit, Within, in_order
from storage.shapes import table_of

TABLE = "chunk_index"
SHIFT = 16
"""Bits of a chunk's number that count the chunks of one document."""

Rows = list[tuple[int, float]]
"""Numbers of index rows, each with its bm25: the smaller the better."""
Best = dict[int, tuple[float, int]]
"""The best row of each document, by the document's number."""

_LAST = select(func.max(Chunk.id))
_ADD = insert(table_of(Chunk))
_GIVEN = func.json_each(bindparam("numbers")).table_valued(column("value", Integer))
"""Any number of numbers as a table: an `IN` of values is limited."""
_SHOWN = (
    select(Chunk.document_id, Document.date, Chunk.id, Chunk.page, Chunk.start, Chunk.end)
    .join(Document, Document.id == Chunk.document_id)
    .where(Chunk.id.in_(select(_GIVEN.c.value)))
)
_OF_COPIES = select(Chunk.id).where(
    Chunk.document_id.in_(select(Document.id).where(Document.lead_id.is_not(None)).correlate(None))
)


def create(connection: Connection) -> None:
    """Make the table."""
    connection.exec_driver_sql(f"CREATE VIRTUAL TABLE {TABLE} USING fts5(stems, words, content='', tokenize='ascii')")


def add(connection: Connection, document_id: str, pieces: Sequence[Piece]) -> None:
    """Index the pieces of a document."""
    last = connection.execute(_LAST).scalar_one() or 0
    first = ((last >> SHIFT) + 1) << SHIFT
    if len(pieces) > 1 << SHIFT:
        raise ValueError(f"{document_id} has {len(pieces)} pieces: the numbers of chunks do not reach so far")
    rows = [
        {
            "id": number,
            "document_id": document_id,
            "page": piece.page,
            "start": piece.start,
            "end": piece.end,
            "language": piece.language,
        }
        for number, piece in enumerate(pieces, first)
    ]
    connection.execute(_ADD, rows)
    index_queue.put(connection, [(number, piece.stems, piece.words) for number, piece in enumerate(pieces, first)])


def remove(connection: Connection, document_id: str, pieces: Sequence[Piece]) -> None:
    """Take the pieces of a document out."""
    index_queue.write(connection)
    numbers = select(Chunk.id).where(Chunk.document_id == document_id).order_by(Chunk.id)
    statement = f"INSERT INTO {TABLE}({TABLE}, rowid, stems, words) VALUES ('delete', ?, ?, ?)"
    for number, piece in zip(connection.execute(numbers).scalars().all(), pieces, strict=True):
        connection.exec_driver_sql(statement, (number, piece.stems, piece.words))
    connection.execute(delete(Chunk).where(Chunk.document_id == document_id))


def clear(connection: Connection) -> None:
    """Empty the index."""
    index_queue.write(connection)
    connection.exec_driver_sql(f"INSERT INTO {TABLE}({TABLE}) VALUES ('delete-all')")
    connection.execute(delete(Chunk))


def compact(connection: Connection) -> None:
    """Merge all parts of the index: FTS5 only marks a row as taken out, and keeps its terms until then."""
    connection.exec_driver_sql(f"INSERT INTO {TABLE}({TABLE}) VALUES ('optimize')")


def check(connection: Connection) -> str | None:
    """Return what is wrong, or nothing. A connection that may write also lets FTS5 look at its own structure."""
    index_queue.write(connection)
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


def holds(connection: Connection, chunk: int, piece: Piece) -> bool:
    """Return whether a row has the terms of a piece: each column as one phrase of the right length."""
    columns = {"stems": piece.stems, "words": piece.words}
    sizes = b"".join(_varint(len(terms.split())) for terms in columns.values())
    size = connection.exec_driver_sql(f"SELECT sz FROM {TABLE}_docsize WHERE id = ?", (chunk,)).scalar()
    if size != sizes:
        return False
    wanted = " AND ".join(f'{name} : "{terms}"' for name, terms in columns.items() if terms)
    found = f"SELECT 1 FROM {TABLE} WHERE {TABLE} MATCH ? AND rowid = ?"
    return not wanted or connection.exec_driver_sql(found, (wanted, chunk)).first() is not None


def _varint(number: int) -> bytes:
    """Return a number as FTS5 writes it: seven bits a byte, the highest first, the top bit where more follow."""
    parts = [number & 0x7F]
    while number := number >> 7:
        parts.append(number & 0x7F | 0x80)
    return bytes(reversed(parts))


def find(connection: Connection, query: Query, filters: Filters, within: Within, limit: int | None) -> Found:
    """Return the documents found, best first, each with its best passage."""
    rows = _rows(connection, query, within)
    if filters.everything:
        out = set() if filters.all_copies else _copies(connection)
        rows = [row for row in rows if row[0] >> SHIFT not in out] if out else rows
        best = _best(rows)
        hits = _described(connection, _first(best, limit), best, None)
    else:
        best = _best(rows)
        hits = _described(connection, list(best), best, filters)
        kept = {hit.chunk >> SHIFT for hit in hits}
        best = {number: best[number] for number in kept}
        rows = [row for row in rows if row[0] >> SHIFT in kept]
    return Found(total=len(best), passages=len(rows), hits=tuple(sorted(hits, key=in_order)[:limit]))


def chunks_of(connection: Connection, query: Query, within: Within) -> set[int]:
    """Return the numbers of the chunks in which a query has something to show."""
    return {number for number, _ in _rows(connection, query, within)}


def without(connection: Connection, query: Query) -> Select[str]:
    """Return the documents that negative clauses put out."""
    expression = " OR ".join(f"({clause_to_fts5(clause)})" for clause in query.clauses)
    numbers = [number for number, _ in _matches(connection, expression)]
    given = func.json_each(literal(json.dumps(numbers))).table_valued(column("value", Integer))
    return select(Chunk.document_id).where(Chunk.id.in_(select(given.c.value)))


def _rows(connection: Connection, query: Query, within: Within) -> Rows:
    if within == "passage":
        return _scored(connection, query, to_fts5(query))
    found = _scored(connection, query, " OR ".join(f"({clause_to_fts5(clause)})" for clause in query.positive))
    for clause in query.clauses:
        has = {number >> SHIFT for number, _ in _matches(connection, clause_to_fts5(clause))}
        found = [row for row in found if (row[0] >> SHIFT in has) != clause.negative]
    return found


def _scored(connection: Connection, query: Query, expression: str | None) -> Rows:
    """Return the rows that an expression finds. A NEAR finds, but scores as its words do wherever they stand."""
    found = _matches(connection, expression) if expression else []
    if not found or not is_near(query):
        return found
    kept = {number for number, _ in found}
    anywhere = " OR ".join(f"({clause_to_fts5(clause)})" for clause in spread(query).positive)
    return [row for row in _matches(connection, anywhere) if row[0] in kept]


def _matches(connection: Connection, expression: str) -> Rows:
    index_queue.write(connection)
    statement = f"SELECT rowid, bm25({TABLE}) FROM {TABLE} WHERE {TABLE} MATCH ?"
    # Straight from the driver: a hundred thousand rows are plain pairs, not objects.
    return list(connection.exec_driver_sql(statement, (expression,)).cursor.fetchall())


def _best(rows: Rows) -> Best:
    best: Best = {}
    for number, score in rows:
        document = number >> SHIFT
        known = best.get(document)
        if known is None or (score, number) < known:
            best[document] = (score, number)
    return best


def _copies(connection: Connection) -> set[int]:
    """Return the numbers of the documents that another leads."""
    return {number >> SHIFT for number in connection.execute(_OF_COPIES).scalars()}


def _first(best: Best, limit: int | None) -> list[int]:
    """Return the documents among which the first are: those that are as good as the last that is wanted."""
    if limit is None or len(best) <= limit:
        return list(best)
    worst = heapq.nsmallest(limit, best.values())[-1][0]
    return [document for document, (score, _) in best.items() if score <= worst]


def _described(connection: Connection, documents: list[int], best: Best, filters: Filters | None) -> list[Hit]:
    query = _SHOWN if filters is None else _SHOWN.where(Document.id.in_(filters.documents()))
    numbers = {"numbers": json.dumps([best[document][1] for document in documents])}
    rows = connection.execute(query, numbers).cursor.fetchall()  # plain, as above
    return [Hit._make((*row, -best[row[2] >> SHIFT][0])) for row in rows]
