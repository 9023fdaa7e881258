"""Papers that may hold unseen what seems to be missing: while one of them is there, no gap is claimed.

A scan without a text, minutes whose acts were not told apart, a paper without a date: each may be just the one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, exists, func, select

from extract.dates import SESSION_ACTS
from storage.ledger.acts import on_a_day
from storage.ledger.counts import READABLE, dated
from storage.models import BodyText, Document, DocumentSource, Passage, Version

LATE = 4
"""Months between a séance and the publication of a paper of it, at most, as far as this looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper of a séance, as far as it is known."""

    source: str
    document_id: str
    date: str
    """Its own date, as short as it is known."""
    on_a_day: bool
    """Whether that is the day of its séance."""
    act_type: str
    readable: bool
    numbered: bool
    """Whether printed numbers of acts were found in it."""

    def may_be_of(self, first: str, last: str) -> bool:
        """Return whether it may belong to a séance between two days (or months), both included."""
        if self.on_a_day:
            return first <= self.date[: len(first)] and self.date[: len(last)] <= last
        if len(self.date) < 7:  # the year, or nothing
            return not self.date or first[:4] <= self.date <= last[:4]
        # Published, posted up or signed then: the séance was at most some months before.
        return _months(first[:7]) <= _months(self.date) <= _months(last[:7]) + LATE


def _months(value: str) -> int:
    return int(value[:4]) * 12 + int(value[5:7])


def loose(connection: Connection, sources: Sequence[str]) -> list[Paper]:
    """Return the papers of séances that cannot be placed, or not be looked into: by séance day, text and numbers.

    They are few in a corpus that is well read; those that are dated, readable and numbered are left out.
    """
    numbered = exists().where(
        Passage.version_id == Document.current_version_id, Passage.kind == "act", Passage.label.not_like("#%")
    )
    readable = and_(Document.verdict.in_(READABLE[:1]), Document.needs_ocr.is_(False))
    of_a_seance = Document.act_type.in_(sorted(SESSION_ACTS))
    unread_scan = and_(Document.act_type == "", ~readable)
    query = (
        select(
            DocumentSource.source_id,
            Document.id,
            dated().label("date"),
            case((on_a_day(), 1), else_=0).label("known"),
            Document.act_type,
            case((readable, 1), else_=0).label("readable"),
            case((numbered, 1), else_=0).label("numbered"),
        )
        .join(Document, Document.id == DocumentSource.document_id)
        .where(DocumentSource.source_id.in_(sources), of_a_seance | unread_scan)
        .where(~and_(on_a_day(), readable, numbered))
    )
    return [
        Paper(
            source=row.source_id,
            document_id=row.id,
            date=row.date,
            on_a_day=bool(row.known),
            act_type=row.act_type,
            readable=bool(row.readable),
            numbered=bool(row.numbered),
        )
        for row in connection.execute(query)
    ]


def texts(connection: Connection, ids: Iterable[str], characters: int) -> dict[str, str]:
    """Return the beginnings of the texts that are shown of some documents."""
    query = (
        select(Document.id, func.substr(BodyText.text, 1, characters).label("text"))
        .join(Version, Version.id == Document.current_version_id)
        .join(BodyText, BodyText.sha256 == Version.text_sha256)
        .where(Document.id.in_(sorted(set(ids))))
    )
    return {row.id: row.text for row in connection.execute(query)}


def of_days(connection: Connection, sources: Sequence[str], days: Sequence[str]) -> dict[str, list[str]]:
    """Return the papers of some séances, by day."""
    query = (
        select(Document.date, Document.id)
        .join(DocumentSource, DocumentSource.document_id == Document.id)
        .where(DocumentSource.source_id.in_(sources), on_a_day(), Document.date.in_(sorted(set(days))))
    )
    found: dict[str, list[str]] = {}
    for row in connection.execute(query.order_by(Document.date, Document.id)):
        found.setdefault(row.date, []).append(row.id)
    return found
