"""Duplicates as relations: found as documents arrive, the same whatever the order, and never a deletion.

The lead copy of documents that say the same is the one that arrived first (the smallest capture number).
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from storage.models import BodyText, Document, Relation, Run, RunAddress, Version
from storage.shapes import AnyRow, AnySelect

REPEATS = ("same_bytes", "same_text")


def relate(connection: Connection, identity: str) -> bool:
    """Find what a document repeats, and what repeats it; return whether an earlier document says the same.

    Also takes back what no longer holds after a change of text.
    """
    touched = {identity} | _pointing_at(connection, identity)
    connection.execute(
        delete(Relation).where(
            Relation.type.in_(REPEATS), (Relation.document_id == identity) | (Relation.other_id == identity)
        )
    )
    mine = _current(connection, identity)
    if mine:
        later = _sharing(mine).where(Document.first_capture_seq > mine.first_capture_seq)
        touched |= set(connection.execute(later).scalars())
    for other in sorted(touched):
        _relate_one(connection, other)
    lead = connection.execute(select(Document.lead_id).where(Document.id == identity)).scalar_one()
    return lead is not None


def _pointing_at(connection: Connection, identity: str) -> set[str]:
    query = select(Relation.document_id).where(Relation.other_id == identity, Relation.type.in_(REPEATS))
    return set(connection.execute(query).scalars())


def _current(connection: Connection, identity: str) -> AnyRow | None:
    query = (
        select(Document.id, Document.first_capture_seq, Version.blob_sha256, Version.text_sha256, BodyText.length)
        .join(Version, Version.id == Document.current_version_id)
        .join(BodyText, BodyText.sha256 == Version.text_sha256)
        .where(Document.id == identity)
    )
    return connection.execute(query).one_or_none()


def _sharing(mine: AnyRow) -> AnySelect:
    """Return the query for the other documents that now show the same bytes or the same text."""
    same = Version.blob_sha256 == mine.blob_sha256
    if mine.length:  # documents without text have nothing in common but their bytes
        same |= Version.text_sha256 == mine.text_sha256
    return (
        select(Document.id, Document.first_capture_seq, Version.blob_sha256)
        .join(Version, Version.id == Document.current_version_id)
        .where(same, Document.id != mine.id)
    )


def _leading(mine: AnyRow) -> AnySelect:
    """Return the query for the earliest document that says the same before this one."""
    earlier = _sharing(mine).where(Document.first_capture_seq < mine.first_capture_seq)
    return earlier.order_by(Document.first_capture_seq).limit(1)


def _relate_one(connection: Connection, identity: str) -> None:
    """Point one document at the earliest that says the same, or let it lead."""
    mine = _current(connection, identity)
    lead = connection.execute(_leading(mine)).one_or_none() if mine else None
    connection.execute(delete(Relation).where(Relation.document_id == identity, Relation.type.in_(REPEATS)))
    connection.execute(update(Document).where(Document.id == identity).values(lead_id=lead.id if lead else None))
    if lead is None or mine is None:
        return
    kind = "same_bytes" if lead.blob_sha256 == mine.blob_sha256 else "same_text"
    row = {"document_id": identity, "other_id": lead.id, "type": kind, "similarity": 1.0}
    connection.execute(insert(Relation).values(row))
    _count_as_related(connection, identity)


def _count_as_related(connection: Connection, identity: str) -> None:
    """In runs that are still open, a new document that turns out to repeat an earlier one is not `stored`."""
    going_on = select(Run.id).where(Run.ended_at.is_(None))
    connection.execute(
        update(RunAddress)
        .where(RunAddress.document_id == identity, RunAddress.state == "stored", RunAddress.run_id.in_(going_on))
        .values(state="related")
    )
