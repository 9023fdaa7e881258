"""Search: a question and filters in, ranked documents out, with what could not be looked into."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from extract.terms import TERMS_VERSION, analyse
from storage import index
from storage.errors import StorageUnusable
from storage.filters import Filters, not_searchable
from storage.models import Corpus, Document
from storage.query import Query, matcher, parse
from storage.reading import described
from storage.shapes import AnyRow

Json = dict[str, Any]
WIDTH = 160  # characters of a snippet


def search(
    connection: Connection, question: str, filters: Filters, *, within: index.Within = "passage", limit: int = 20
) -> Json:
    """Return the hits for a question as `search --json` prints them; an empty question lists by date."""
    query = parse(question)
    check_terms(connection)
    shown, total = _found(connection, question, query, filters, within, limit)
    documents = {row.id: row for row in connection.execute(described([row.document_id for row in shown]))}
    spans = matcher(query)
    return {
        "query": question,
        "expanded": expansion(question, query),
        "total": total,
        "not_searchable": {name: connection.execute(q).scalar_one() for name, q in not_searchable(filters).items()},
        "hits": [hit(documents[row.document_id], row, spans) for row in shown],
    }


def _found(
    connection: Connection, question: str, query: Query, filters: Filters, within: index.Within, limit: int
) -> tuple[Sequence[AnyRow], int]:
    """Return the first documents found, by rank for words and by date for an empty question, and how many there are."""
    if query.positive:
        among = filters.documents()
        found = index.match(connection, query, among, within, limit=limit)
        return found, index.count(connection, query, among, within)
    if question.strip() and not query.clauses:
        return [], 0
    listed = _listed(connection, query, filters)
    return listed[:limit], len(listed)


def check_terms(connection: Connection) -> None:
    """Raise StorageUnusable where the index was made by another analyser: its answers would be wrong in silence."""
    made_by = connection.execute(select(Corpus.terms_version)).scalar_one()
    if made_by != TERMS_VERSION:
        raise StorageUnusable(
            f"The full-text index of this corpus was made by analyser {made_by}, this Minutier has {TERMS_VERSION}: "
            "run `minutier extract` once, it builds the index again."
        )


def _listed(connection: Connection, query: Query, filters: Filters) -> Sequence[AnyRow]:
    """Return the documents selected by date, undated ones last; all but those that a `-word` puts out."""
    chosen = select(Document.id.label("document_id")).where(Document.id.in_(filters.documents()))
    out = index.without(query)
    if out is not None:
        chosen = chosen.where(Document.id.not_in(out))
    return connection.execute(chosen.order_by(Document.date == "", Document.date, Document.id)).all()


def expansion(question: str, query: Query) -> list[str]:
    """Return what was understood otherwise than it was written, one sentence each."""
    if query.cut:
        return [f"The question is long: only its first {len(query.clauses)} words were looked for."]
    if question.strip() and not query.clauses:
        return [f"There is no word to look for in {question.strip()[:40]!r}."]
    return []


def hit(document: AnyRow, found: AnyRow, spans: Any) -> Json:
    """Return one hit: the document in a line, and the words found in their place."""
    place = found._mapping
    start, end = place.get("start", 0), place.get("end", min(len(document.text), WIDTH))
    passage = document.text[start:end]
    marks = spans(analyse(passage, document.language)) if "score" in place else []
    snippet, shown = cut_out(passage, marks)
    return {
        "id": document.id,
        "title": document.title,
        "source": document.source,
        "kind": document.kind,
        "date": document.date,
        "language": document.language,
        "url": document.address,
        "page": place.get("page"),
        "snippet": snippet,
        "marks": shown,
        "score": round(place["score"], 6) if "score" in place else None,
        "verdict": document.verdict,
        "ocr": confidence(document.facts, place.get("page")),
    }


def confidence(facts: Json, page: int | None) -> float | None:
    """Return how sure our OCR was of the page that is quoted, of its least sure page where none is named, or None."""
    quoted = (each for each in facts["pages"] if page in (None, each["number"]))
    return min((each["confidence"] for each in quoted if each["confidence"] is not None), default=None)


def cut_out(passage: str, marks: Sequence[tuple[int, int]]) -> tuple[str, list[list[int]]]:
    """Return the part of a passage around its first hits, on one line, with the places of the hits in it."""
    first = marks[0][0] if marks else 0
    start = max(0, first - WIDTH // 3)
    if start:  # begin with a whole word
        space = passage.find(" ", start, first)
        start = space + 1 if space != -1 else start
    end = min(len(passage), start + WIDTH)
    line = "".join(" " if character in "\n\t" else character for character in passage[start:end])
    return line, [[s - start, e - start] for s, e in marks if s >= start and e <= end]
