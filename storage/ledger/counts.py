"""How many documents of each source and month were announced, fetched, extracted, kept: counted by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, literal, select
from sqlalchemy.orm import aliased

from storage.ledger.model import Counts
from storage.models import Document, DocumentSource

OWN = ("session", "published", "signed", "convocation", "transmitted", "stated")
"""What a date may be of that dates the document itself; one that is only mentioned in it does not."""
READABLE = ("good", "suspect", "ocr_layer")
"""Verdicts of texts that can be searched."""

Places = dict[str, dict[str, Counts]]
"""By source, then by month: `2024-05`, `2024` where only the year is known, nothing for what has no date."""


def dated() -> ColumnElement[str]:
    """Return the document's own date as SQL: as short as it is known, or nothing."""
    return case((Document.date_role.in_(OWN), Document.date), else_=literal(""))


def of_documents(connection: Connection, sources: Sequence[str]) -> Places:
    """Return the documents that came, by source and month."""
    beside = aliased(DocumentSource)
    copy = and_(
        Document.lead_id.is_not(None),
        exists().where(beside.document_id == Document.lead_id, beside.source_id == DocumentSource.source_id),
    )
    read = and_(Document.verdict.in_(READABLE), Document.needs_ocr.is_(False))
    month = func.substr(dated(), 1, 7).label("month")
    query = (
        select(
            DocumentSource.source_id,
            month,
            func.count().label("came"),
            func.sum(case((read, 1), else_=0)).label("read"),
            func.sum(case((and_(read, ~copy), 1), else_=0)).label("kept"),
        )
        .join(Document, Document.id == DocumentSource.document_id)
        .where(DocumentSource.source_id.in_(sources))
        .group_by(DocumentSource.source_id, month)
    )
    found: Places = defaultdict(dict)
    for row in connection.execute(query):
        counts = Counts(announced=row.came, fetched=row.came, extracted=int(row.read), kept=int(row.kept))
        found[row.source_id][row.month] = counts
    return found
