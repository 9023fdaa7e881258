"""Documents that a listing named and that never came: each with its reason, and its month where anything tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from extract.acts import act_type
from extract.dates import find_dates
from extract.model import Hints
from storage.ledger.model import Gap
from storage.models import Capture, Document, DocumentAlias, Run, RunAddress
from storage.shapes import AnyRow, AnySelect
from storage.withdrawals import WITHDRAWN

NEVER_CAME = ("skipped", "failed", "pending")
SETTLED = ("recheck", "older", "gone", WITHDRAWN)
"""Reasons of addresses that gave a document at another time, or whose document was taken down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """An address that a listing named, without a document."""

    source: str
    address: str
    reason: str
    detail: str
    date: str
    """As short as it is known, or nothing."""
    run_at: str
    waits: bool
    """Its bytes are there, and wait to be read."""

    def gap(self) -> Gap:
        """Return what is missing, as the ledger says it."""
        when = f", which is dated {self.date}," if self.date else ""
        sentence = f"{self.address}{when} was listed and never came ({self.reason}, {self.run_at[:10]}). {self.detail}"
        month = self.date[:7] if len(self.date) >= 7 else ""
        return Gap(
            source=self.source,
            kind="listed",
            key=self.address,
            month=month,
            sentence=sentence.strip(),
            reason=self.reason,
            facts={"address": self.address, "day": self.date, "read": self.run_at[:10]},
        )


def lacking(connection: Connection, sources: Sequence[str]) -> Iterator[Lacking]:
    """Yield the listed addresses that have no document, in the state that their newest run gave them."""
    for row in connection.execute(_newest(sources)).all():
        if _came(connection, row.address):
            continue
        capture = _last_capture(connection, row.source_id, row.address)
        yield Lacking(
            source=row.source_id,
            address=row.address,
            reason=row.reason or row.state,
            detail=row.detail,
            date=date_of(row, capture),
            run_at=row.started_at,
            waits=bool(capture and capture.waiting),
        )


def _newest(sources: Sequence[str]) -> AnySelect:
    never = (
        (RunAddress.role == "document")
        & RunAddress.listed
        & RunAddress.document_id.is_(None)
        & RunAddress.state.in_(NEVER_CAME)
        & RunAddress.reason.not_in(SETTLED)
    )
    newest = (
        select(Run.source_id, RunAddress.address, func.max(Run.seq).label("seq"))
        .join(RunAddress, RunAddress.run_id == Run.id)
        .where(never, Run.source_id.in_(sources))
        .group_by(Run.source_id, RunAddress.address)
        .subquery()
    )
    return (
        select(RunAddress, Run.source_id, Run.started_at)
        .join(Run, Run.id == RunAddress.run_id)
        .join(newest, (newest.c.seq == Run.seq) & (newest.c.address == RunAddress.address))
        .order_by(Run.source_id, RunAddress.address)
    )


def _came(connection: Connection, address: str) -> bool:
    """Return whether an address gave a document at any time, by whatever source."""
    document = select(Document.id).where(Document.address == address).limit(1)
    alias = select(DocumentAlias.document_id).where(DocumentAlias.address == address)
    return bool(connection.execute(document).first() or connection.execute(alias).first())


def _last_capture(connection: Connection, source: str, address: str) -> AnyRow | None:
    mine = (Capture.source_id == source) & (Capture.address == address)
    return connection.execute(select(Capture).where(mine).order_by(Capture.seq.desc()).limit(1)).first()


def date_of(row: AnyRow, capture: AnyRow | None) -> str:
    """Return the date that its listing gives a document, else its address: as short as it is known, or nothing."""
    hints = capture.hints if capture is not None else {}
    said = Hints(
        url=row.address,
        link_text=hints.get("link_text", ""),
        context=hints.get("context", "") or row.words,
        captured_at=row.started_at,
    )
    kind = act_type("", said)
    found = find_dates("", said, kind.value if kind else "")
    return found[0].value if found and found[0].role != "mentioned" else ""
