"""What people decided, beside what the machine found, and the lists of versions they froze."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Json


class Decision(Base):
    """One decision of one person about one thing of a document. Rows are only ever added: the newest stands."""

    __tablename__ = "decision"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[str]
    by: Mapped[str]
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"))
    field: Mapped[str]
    """status | note | tag:NAME | title | date | act_type | language | kind | authority | page:N"""
    value: Mapped[str | None]
    """Nothing: the decision before is withdrawn."""
    machine: Mapped[str] = mapped_column(default="")
    """What the machine said at that moment."""
    because: Mapped[str] = mapped_column(default="")
    blob_sha256: Mapped[str | None] = mapped_column(index=True)
    """For the transcription of a page: the bytes that it is a page of."""

    __table_args__ = (Index("decision_document", "document_id", "field", "seq"),)


class Freeze(Base):
    """A named list of versions that never changes, with what it was made from and by."""

    __tablename__ = "freeze"
    name: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[str]
    by: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    question: Mapped[str] = mapped_column(default="")
    filters: Mapped[Json]
    software: Mapped[Json]
    account: Mapped[Json]
    """What the runs behind it saw, kept and put aside by then: what `methods` tells."""
    documents: Mapped[int]
    sha256: Mapped[str]
    """Of the canonical form (`storage.freezes.canonical`)."""
    written_by: Mapped[str] = mapped_column(default="", server_default="")
    """The process that is still writing it, as JSON; nothing once it is whole, and only then it is there."""


class FrozenVersion(Base):
    """One version in a freeze. It refers to no other row, so that the list outlives what is withdrawn."""

    __tablename__ = "frozen_version"
    freeze_name: Mapped[str] = mapped_column(ForeignKey("freeze.name"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    """Its number in the order of date and id."""
    document_id: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    text_sha256: Mapped[str] = mapped_column(index=True)
    blob_sha256: Mapped[str]
    extraction_id: Mapped[int]
    """The reading whose pages and facts go with the text."""
    shown: Mapped[Json]
    """The metadata as they were shown at that moment, corrections included."""
