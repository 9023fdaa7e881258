"""Counts by voice, of what OCR read, of what people decided, withdrew and froze: what `stats` adds to plain tables.

Each count may be of all sources or of some.
"""

from __future__ import annotations

from collections import Counter

from sqlalchemy import ColumnElement, Connection, case, func, literal, select
from sqlalchemy.sql.expression import SQLColumnExpression

from storage.decisions import FIELDS, PAGE, TAG, latest
from storage.models import Decision, Document, DocumentSource, Extraction, Freeze, Source, Withdrawal
from storage.shapes import AnySelect

OCR = "+ocr"
"""What a reading ends its version with where a picture of a page was read."""


def published_by(column: SQLColumnExpression[str], sources: tuple[str, ...]) -> ColumnElement[bool]:
    """Return the condition that the document a column names is published by some sources, or by any."""
    if not sources:
        return literal(True)
    return column.in_(select(DocumentSource.document_id).where(DocumentSource.source_id.in_(sources)))


def by_voice(sources: tuple[str, ...] = ()) -> AnySelect:
    """Return the query for how many documents each kind of publisher has; one with two kinds counts for both."""
    pairs = select(DocumentSource.document_id, Source.voice).join(Source, Source.id == DocumentSource.source_id)
    each = (pairs.where(Source.id.in_(sources)) if sources else pairs).distinct().subquery()
    return select(each.c.voice, func.count()).group_by(each.c.voice)


def read_by_ocr(connection: Connection, sources: tuple[str, ...] = ()) -> int:
    """Return of how many documents the text that is shown was read, in part or whole, from pictures of pages."""
    read = select(func.count()).select_from(Document).join(Extraction, Extraction.id == Document.extraction_id)
    seen = Extraction.extractor_version.endswith(OCR)
    return connection.execute(read.where(seen, published_by(Document.id, sources))).scalar_one()


def decided(connection: Connection, sources: tuple[str, ...] = ()) -> dict[str, int]:
    """Return on how many documents people's word stands: status (in, out), tag, note, and each corrected field."""
    field = case(
        (Decision.field == "status", Decision.value),
        (Decision.field.startswith(TAG), literal("tag")),
        (Decision.field.startswith(PAGE), literal("page")),
        else_=Decision.field,
    )
    stands = Decision.seq.in_(latest()) & Decision.value.is_not(None) & (func.coalesce(Decision.value, "") != "")
    rows = select(field, Decision.document_id).where(stands, published_by(Decision.document_id, sources)).distinct()
    found = Counter(name for name, _ in connection.execute(rows) if name != "undecided")
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def withdrawn(connection: Connection) -> dict[str, int]:
    """Return how many documents were taken down whole, and how many passages of others were masked."""
    passages = case((Withdrawal.start.is_(None), 0), else_=1)
    all_, masked = connection.execute(
        select(func.count(), func.coalesce(func.sum(passages), 0)).select_from(Withdrawal)
    ).one()
    return {"documents": all_ - masked, "passages": masked}


def frozen(connection: Connection) -> int:
    """Return how many freezes there are."""
    return connection.execute(select(func.count()).select_from(Freeze).where(Freeze.written_by == "")).scalar_one()


def dates(connection: Connection, sources: tuple[str, ...] = ()) -> tuple[str, str]:
    """Return the oldest and the newest date of a document, as short as they are known, or nothing twice."""
    dated = (Document.date != "") & published_by(Document.id, sources)
    oldest, newest = connection.execute(select(func.min(Document.date), func.max(Document.date)).where(dated)).one()
    return oldest or "", newest or ""


def corrected(connection: Connection, sources: tuple[str, ...] = ()) -> int:
    """Return how many documents bear a correction by a person: of a field or of a page."""
    corrects = Decision.field.in_(FIELDS) | Decision.field.startswith(PAGE)
    stands = Decision.seq.in_(latest()) & Decision.value.is_not(None) & corrects
    number = select(func.count(Decision.document_id.distinct()))
    return connection.execute(number.where(stands, published_by(Decision.document_id, sources))).scalar_one()
