"""Bytes as they were served, and the responses that brought them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Json


class Blob(Base):
    """Bytes as they were served, addressed by their SHA-256; the bytes are files beside the database."""

    __tablename__ = "blob"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    first_seen_at: Mapped[str]


class Capture(Base):
    """One response at one moment: status, headers, time, and the blob of its body."""

    __tablename__ = "capture"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"))
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    role: Mapped[str]  # document | listing | robots | redirect
    request_key: Mapped[str]
    """SHA-256 of method, address as asked and body: what a replay looks for."""
    url: Mapped[str]
    address: Mapped[str]
    """The canonical address of what was asked; `document_address` names the document, after permanent redirects."""
    document_address: Mapped[str] = mapped_column(default="")
    status: Mapped[int]
    headers: Mapped[Json]
    blob_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"), index=True)
    fetched_at: Mapped[str]
    flags: Mapped[str] = mapped_column(default="")
    """truncated, altered, insecure: separated by commas."""
    hints: Mapped[Json]
    """For documents: link_text, context, languages, record, split; and `storage.statements.KEPT`."""
    waiting: Mapped[bool] = mapped_column(default=False)
    """A document's capture that no extraction has settled yet."""
    document_id: Mapped[str | None] = mapped_column(ForeignKey("document.id"), index=True)

    __table_args__ = (
        Index("capture_replay", "run_id", "request_key"),
        Index("capture_address", "source_id", "address", "seq"),
        Index("capture_waiting", "waiting", "seq", sqlite_where=text("waiting = 1"), postgresql_where=text("waiting")),
    )
