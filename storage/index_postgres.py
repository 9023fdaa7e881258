"""The index on PostgreSQL: the terms of each piece with their places, found by a GIN index.

The places are written by us, not by PostgreSQL's own analyser, so that its terms are those of SQLite. It counts no more
than 255 places of a word and none behind 16,383: pieces are cut before either (`storage/chunking.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Double,
    FromClause,
    Integer,
    Select,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from extract.terms import analyse
from storage.chunking import Piece
from storage.filters import Filters
from storage.marks import matcher
from storage.models import BodyText, Chunk, Document, Version
from storage.query import Atom, Clause, Near, Query, atoms, spread, ways
from storage.ranking import Found, Hit, Within, in_order
from storage.shapes import AnySelect, table_of

TABLE = table("chunk_index", column("id", Integer), column("length", Integer), column("stems"), column("words"))
INDEX = TABLE.c
Spelling = tuple[str, tuple[str, ...], bool]
"""A column, the words one after the other, and whether the last may go on."""

_ADD = insert(table_of(Chunk)).returning(Chunk.id, sort_by_parameter_order=True)
_ADD_TERMS = text("INSERT INTO chunk_index VALUES (:id, :length, CAST(:stems AS tsvector), CAST(:words AS tsvector))")


def create(connection: Connection) -> None:
    """Make the table and its index."""
    connection.exec_driver_sql(
        "CREATE TABLE chunk_index (id integer PRIMARY KEY REFERENCES chunk (id) ON DELETE CASCADE, "
        "length integer NOT NULL, stems tsvector NOT NULL, words tsvector NOT NULL)"
    )
    connection.exec_driver_sql("CREATE INDEX chunk_index_terms ON chunk_index USING gin (stems, words)")


def add(connection: Connection, document_id: str, pieces: Sequence[Piece]) -> None:
    """Index the pieces of a document."""
    rows = [
        {"document_id": document_id, "page": each.page, "start": each.start, "end": each.end, "language": each.language}
        for each in pieces
    ]
    numbers = connection.execute(_ADD, rows).scalars()
    found = zip(numbers, pieces, strict=True)
    connection.execute(_ADD_TERMS, [_row(piece) | {"id": number} for number, piece in found])


def _row(piece: Piece) -> dict[str, int | str]:
    """Return what the row of a piece holds."""
    stems, words = piece.stems.split(" "), piece.words.split(" ")
    length = len([*filter(None, stems), *filter(None, words)])
    return {"length": length, "stems": _vector(stems), "words": _vector(words)}


def _vector(words: Sequence[str]) -> str:
    """Return words as PostgreSQL reads a tsvector: each with its places. Terms hold no sign that would need a guard."""
    where: dict[str, list[str]] = {}
    for place, word in enumerate(filter(None, words), 1):
        where.setdefault(word, []).append(str(place))
    return " ".join(f"'{word}':{','.join(places)}" for word, places in where.items())


def remove(connection: Connection, document_id: str, pieces: Sequence[Piece]) -> None:
    """Take the pieces of a document out."""
    connection.execute(delete(Chunk).where(Chunk.document_id == document_id))


def clear(connection: Connection) -> None:
    """Empty the index."""
    connection.execute(delete(Chunk))


def compact(connection: Connection) -> None:
    """Have the index write down what it put off; the terms go with the rows, when they are vacuumed."""
    connection.exec_driver_sql("SELECT gin_clean_pending_list('chunk_index_terms')")


def check(connection: Connection) -> str | None:
    """Return what is wrong, or nothing: a row without its piece cannot be."""
    missing = select(func.count()).select_from(Chunk).where(Chunk.id.not_in(select(INDEX.id)))
    number = connection.execute(missing).scalar_one()
    return f"{number} pieces of documents are not indexed." if number else None


def holds(connection: Connection, chunk: int, piece: Piece) -> bool:
    """Return whether a row has the terms of a piece at their places."""
    same = text(
        "SELECT 1 FROM chunk_index WHERE id = :id AND length = :length "
        "AND stems = CAST(:stems AS tsvector) AND words = CAST(:words AS tsvector)"
    )
    return connection.execute(same, {"id": chunk} | _row(piece)).first() is not None


def find(connection: Connection, query: Query, filters: Filters, within: Within, limit: int | None) -> Found:
    """Return the documents found, best first, each with its best passage."""
    scored = _scored(connection, query, within, filters).subquery()
    better = (scored.c.score.desc(), scored.c.chunk)
    place = func.row_number().over(partition_by=scored.c.document_id, order_by=better).label("place")
    passages = func.count().over().label("passages")
    best = select(scored, place, passages).subquery()
    shown = [best.c[name] for name in ("document_id", "date", "chunk", "page", "start", "end", "score")]
    first = select(*shown, best.c.passages, func.count().over().label("total")).where(best.c.place == 1)
    order = (best.c.score.desc(), best.c.date == "", best.c.date, best.c.document_id)
    rows = connection.execute(first.order_by(*order).limit(limit)).all()
    hits = sorted((Hit(*row[:7]) for row in rows), key=in_order)
    return Found(total=rows[0].total if rows else 0, passages=rows[0].passages if rows else 0, hits=tuple(hits))


def chunks_of(connection: Connection, query: Query, within: Within) -> set[int]:
    """Return the numbers of the chunks in which a query has something to show."""
    return set(
        connection.execute(
            select(INDEX.id).join(Chunk, Chunk.id == INDEX.id).where(*_meeting(connection, query, within))
        ).scalars()
    )


def without(connection: Connection, query: Query) -> Select[str]:
    """Return the documents that negative clauses put out."""
    any_of_them = or_(*(_holds(connection, clause, TABLE) for clause in query.clauses))
    return select(Chunk.document_id).join(TABLE, INDEX.id == Chunk.id).where(any_of_them)


def _scored(connection: Connection, query: Query, within: Within, filters: Filters) -> AnySelect:
    columns = (Chunk.document_id, Document.date, Chunk.id.label("chunk"), Chunk.page, Chunk.start, Chunk.end)
    return (
        select(*columns, _score(connection, query).label("score"))
        .join(TABLE, INDEX.id == Chunk.id)
        .join(Document, Document.id == Chunk.document_id)
        .where(*_meeting(connection, query, within), Document.id.in_(filters.documents()))
    )


def _meeting(connection: Connection, query: Query, within: Within) -> list[ColumnElement[bool]]:
    """Return the conditions of the passages found: where clauses meet, or any of them in documents that have all."""
    if within == "passage":
        found = [(_holds(connection, clause, TABLE), clause.negative) for clause in query.clauses]
        return [~holds if negative else holds for holds, negative in found]
    conditions: list[ColumnElement[bool]] = [or_(*(_holds(connection, each, TABLE) for each in query.positive))]
    for clause in query.clauses:
        chunk, other = Chunk.__table__.alias(), TABLE.alias()
        has = select(chunk.c.document_id).join(other, other.c.id == chunk.c.id)
        has = has.where(_holds(connection, clause, other)).correlate(None)
        conditions.append(Chunk.document_id.not_in(has) if clause.negative else Chunk.document_id.in_(has))
    return conditions


def _holds(connection: Connection, clause: Clause, rows: FromClause) -> ColumnElement[bool]:
    parts = (_close(connection, part, rows) if isinstance(part, Near) else _has(part, rows) for part in clause.anyof)
    return or_(*parts)


def _has(atom: Atom, rows: FromClause) -> ColumnElement[bool]:
    return or_(*(_spelled((atom.column, way, atom.prefix), rows) for way in ways(atom)))


def _spelled(spelling: Spelling, rows: FromClause) -> ColumnElement[bool]:
    name, way, prefix = spelling
    asked = " <-> ".join(f"'{word}'" for word in way) + (":*" if prefix else "")
    return rows.c[name].op("@@", is_comparison=True)(cast(literal(asked), TSQUERY))


def _close(connection: Connection, near: Near, rows: FromClause) -> ColumnElement[bool]:
    """Return the condition of a NEAR: the passages that have all its words are read again, to measure."""
    together = [_has(atom, TABLE) for atom in near.atoms]
    query = (
        select(Chunk.id, Chunk.language, func.substr(BodyText.text, Chunk.start + 1, Chunk.end - Chunk.start))
        .join(TABLE, INDEX.id == Chunk.id)
        .join(Document, Document.id == Chunk.document_id)
        .join(Version, Version.id == Document.current_version_id)
        .join(BodyText, BodyText.sha256 == Version.text_sha256)
        .where(*together)
    )
    spans = matcher(Query((Clause((near,)),)))
    found = [number for number, language, passage in connection.execute(query) if spans(analyse(passage, language))]
    return rows.c.id == func.any(literal(found, ARRAY(Integer)))


def _score(connection: Connection, query: Query) -> ColumnElement[float]:
    """Return BM25 as FTS5 computes it, operation by operation: equal sums are then equal to the last bit."""
    rows, tokens = connection.execute(
        select(func.count(), func.coalesce(func.sum(INDEX.length), 0)).select_from(TABLE)
    ).one()
    measured = _number(1 - 0.75) + _number(0.75) * cast(INDEX.length, Double) / _number(tokens / max(rows, 1) or 1.0)
    score = _number(0.0)
    for spelling in _spellings(query):
        having = select(func.count()).select_from(TABLE).where(_spelled(spelling, TABLE))
        hits = connection.execute(having).scalar_one()
        rarity = math.log((rows - hits + 0.5) / (hits + 0.5))
        times = cast(_times(spelling), Double)
        score += _number(rarity if rarity > 0 else 1e-6) * (times * _number(2.2) / (times + _number(1.2) * measured))
    return score


def _number(value: float) -> ColumnElement[float]:
    return cast(literal(value, Double), Double)


def _spellings(query: Query) -> Iterator[Spelling]:
    for clause in spread(query).positive:
        for atom in atoms(clause):
            yield from ((atom.column, way, atom.prefix) for way in ways(atom))


def _times(spelling: Spelling) -> ColumnElement[int]:
    """Return how often a spelling stands in a passage: how many places of its first word have the others behind."""
    name, way, prefix = spelling
    names = [f"w{number}" for number in range(len(way))]
    first = f"SELECT count(*) FROM unnest({TABLE.name}.{name}) w0, unnest(w0.positions) place WHERE "
    conditions, asked = [], {}
    for number, word in enumerate(way):
        sign = "^@" if prefix and number == len(way) - 1 else "="
        asked[f"word{number}"] = word
        if number == 0:
            conditions.append(f"w0.lexeme {sign} :word0")
            continue
        conditions.append(
            f"EXISTS (SELECT 1 FROM unnest({TABLE.name}.{name}) {names[number]} WHERE {names[number]}.lexeme {sign} "
            f":word{number} AND place + {number} = ANY ({names[number]}.positions))"
        )
    counted = text(first + " AND ".join(conditions))
    unique = counted.bindparams(*(bindparam(key, value, unique=True) for key, value in asked.items()))
    return unique.columns(column("n", Integer)).scalar_subquery()
