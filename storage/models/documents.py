"""Texts, what was read from bytes, and documents with their successive versions."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Json

COPY = "lead_id IS NOT NULL"


class BodyText(Base):
    """A text, once, whoever says it."""

    __tablename__ = "body_text"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    length: Mapped[int]  # in code points
    text: Mapped[str]


class Extraction(Base):
    """Text and facts read from a blob by one extractor version under given hints. Never changed."""

    __tablename__ = "extraction"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    blob_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    extractor_version: Mapped[str]
    hints_sha256: Mapped[str]
    extractor: Mapped[str]
    engine: Mapped[str]
    media_type: Mapped[str]
    text_sha256: Mapped[str] = mapped_column(ForeignKey("body_text.sha256"))
    verdict: Mapped[str]
    facts: Mapped[Json]
    """`storage.facts.KEPT`, each as the extractor gave it, and `provenance` from the hints."""
    made_at: Mapped[str]

    __table_args__ = (UniqueConstraint("blob_sha256", "extractor_version", "hints_sha256"),)


class Document(Base):
    """The unit of study: one canonical address and part, whatever its successive texts."""

    __tablename__ = "document"
    id: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    part: Mapped[str] = mapped_column(default="")
    first_capture_seq: Mapped[int] = mapped_column(index=True)  # the order of arrival: the earliest copy leads
    current_version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id", use_alter=True))
    lead_id: Mapped[str | None] = mapped_column(ForeignKey("document.id"))
    """The copy shown in its place, or nothing when it leads."""
    extraction_id: Mapped[int | None] = mapped_column(ForeignKey("extraction.id"))
    """The newest extraction of the current version's text. What it found is shown and filtered on:"""
    title: Mapped[str] = mapped_column(default="")
    date: Mapped[str] = mapped_column(default="", index=True)
    date_role: Mapped[str] = mapped_column(default="", server_default="")
    """What the date is of, as in `extract.model.Role`; `stated` where a person corrected it."""
    act_type: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="und", index=True)
    media_type: Mapped[str] = mapped_column(default="")
    verdict: Mapped[str] = mapped_column(default="", index=True)
    needs_ocr: Mapped[bool] = mapped_column(default=False)
    speaks_of: Mapped[str] = mapped_column(default="", server_default="")  # relation | mention | nothing
    kind_corrected: Mapped[str] = mapped_column(default="", server_default="")
    authority_corrected: Mapped[str] = mapped_column(default="", server_default="")
    """What a person says in the place of the source's kind and authority; nothing where nobody does."""
    unlisted_at: Mapped[str | None]
    gone_at: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("address", "part"),
        Index("ix_document_lead_id", "lead_id", sqlite_where=text(COPY), postgresql_where=text(COPY)),
        Index(
            "document_needs_ocr", "needs_ocr", sqlite_where=text("needs_ocr = 1"), postgresql_where=text("needs_ocr")
        ),
    )


class DocumentAlias(Base):
    """Another address that leads to the same document (a permanent redirect)."""

    __tablename__ = "document_alias"
    address: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True)


class DocumentSource(Base):
    """A source that publishes a document. A document can have several."""

    __tablename__ = "document_source"
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), primary_key=True, index=True)
    first_run_id: Mapped[str] = mapped_column(ForeignKey("run.id"))
    last_run_id: Mapped[str] = mapped_column(ForeignKey("run.id"))

    __table_args__ = ({"sqlite_with_rowid": False},)


class Version(Base):
    """One of a document's successive texts. Never changed once written."""

    __tablename__ = "version"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    cause: Mapped[str]  # source | extractor | correction
    extraction_id: Mapped[int] = mapped_column(ForeignKey("extraction.id"))
    capture_seq: Mapped[int] = mapped_column(ForeignKey("capture.seq"))
    blob_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    text_sha256: Mapped[str] = mapped_column(ForeignKey("body_text.sha256"), index=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"))
    made_at: Mapped[str]
    held: Mapped[bool] = mapped_column(default=False)
    """Waits for a good run before it may replace what is shown."""

    __table_args__ = (UniqueConstraint("document_id", "number"),)


class Passage(Base):
    """A span of a version's text: code points, end exclusive."""

    __tablename__ = "passage"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), index=True)
    kind: Mapped[str]  # page | act | paragraph
    number: Mapped[int]
    label: Mapped[str] = mapped_column(default="")
    start: Mapped[int]
    end: Mapped[int]
