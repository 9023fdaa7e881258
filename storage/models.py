"""The tables. Everything derived can be rebuilt from captures and blobs. Full-text tables are not models.

Times are ISO 8601 text in UTC; facts that were guessed keep how they were found (`Extraction.facts`).
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = dict[str, Any]


class Base(DeclarativeBase):
    """The registry of all tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {Json: JSON, list[Any]: JSON, str: Text}


class Corpus(Base):
    """One row: what this corpus is and which software shaped its index."""

    __tablename__ = "corpus"
    id: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[str]
    minutier_version: Mapped[str]
    terms_version: Mapped[str]


class Authority(Base):
    """A public body that publishes, as `sources.yaml` names it."""

    __tablename__ = "authority"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    level: Mapped[str] = mapped_column(default="")
    insee: Mapped[str] = mapped_column(default="")
    siren: Mapped[str] = mapped_column(default="")
    departement: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")


class Source(Base):
    """A place that publishes, as it was configured when it last ran."""

    __tablename__ = "source"
    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    kind: Mapped[str]
    voice: Mapped[str]
    authority_id: Mapped[str | None] = mapped_column(ForeignKey("authority.id"))
    country: Mapped[str] = mapped_column(default="")
    rights: Mapped[Json]
    settings: Mapped[Json]  # the whole entry of sources.yaml, for the record


class Run(Base):
    """One execution for one source, with the figures that must add up."""

    __tablename__ = "run"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    started_at: Mapped[str]
    ended_at: Mapped[str | None]
    outcome: Mapped[str] = mapped_column(default="running")
    """running | complete | failures | incomplete | too_few | limited | interrupted"""
    seen: Mapped[int] = mapped_column(default=0)
    listings: Mapped[int] = mapped_column(default=0)
    stored: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    related: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    pending: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    requests: Mapped[int] = mapped_column(default=0)
    """Everything asked of the network: robots.txt, redirects, retries."""
    alarms: Mapped[list[Any]] = mapped_column(default=list)
    """[{"check": name, "message": sentence}]"""
    minutier_version: Mapped[str]


class RunLock(Base):
    """Who is working on a source right now. A dead holder's lock is taken over."""

    __tablename__ = "run_lock"
    source_id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str]
    host: Mapped[str]
    pid: Mapped[int]
    process_started: Mapped[float]
    """Start time of the process, so that a recycled pid is not mistaken for the holder."""
    heartbeat_at: Mapped[str]


class RunAddress(Base):
    """One address seen by one run, in exactly one state: the run's equation is a count of these rows."""

    __tablename__ = "run_address"
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]  # document | listing: what it was wanted as
    state: Mapped[str]
    """pending | listing | stored | updated | unchanged | related | skipped | failed"""
    reason: Mapped[str] = mapped_column(default="")
    """For skipped and failed: a short code such as `scope`, `robots`, `http_500`."""
    detail: Mapped[str] = mapped_column(default="")
    """For skipped and failed: one sentence for a reader."""
    listed: Mapped[bool] = mapped_column(default=False)
    """Found on a listing (or given as an import), as opposed to asked again from memory."""
    document_id: Mapped[str | None] = mapped_column(ForeignKey("document.id"))


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
    """truncated, insecure: separated by commas."""
    hints: Mapped[Json]
    """For documents: link_text, context, languages, record, split."""
    waiting: Mapped[bool] = mapped_column(default=False)
    """A document's capture that no extraction has settled yet."""
    document_id: Mapped[str | None] = mapped_column(ForeignKey("document.id"), index=True)

    __table_args__ = (
        Index("capture_replay", "run_id", "request_key"),
        Index("capture_address", "source_id", "address", "seq"),
        Index("capture_waiting", "waiting", "seq", sqlite_where=text("waiting"), postgresql_where=text("waiting")),
    )


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
    """`storage.facts.KEPT`: each as the extractor gave it."""
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
    lead_id: Mapped[str | None] = mapped_column(ForeignKey("document.id"), index=True)
    """The copy shown in its place, or nothing when it leads."""
    extraction_id: Mapped[int | None] = mapped_column(ForeignKey("extraction.id"))
    """The newest extraction of the current version's text. What it found is shown and filtered on:"""
    title: Mapped[str] = mapped_column(default="")
    date: Mapped[str] = mapped_column(default="", index=True)
    act_type: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="und", index=True)
    media_type: Mapped[str] = mapped_column(default="")
    verdict: Mapped[str] = mapped_column(default="", index=True)
    needs_ocr: Mapped[bool] = mapped_column(default=False)
    speaks_of: Mapped[str] = mapped_column(default="", server_default="")  # relation | mention | nothing
    unlisted_at: Mapped[str | None]
    gone_at: Mapped[str | None]

    __table_args__ = (UniqueConstraint("address", "part"),)


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


class Version(Base):
    """One of a document's successive texts. Never changed once written."""

    __tablename__ = "version"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    cause: Mapped[str]  # source | extractor
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


class Chunk(Base):
    """A page-sized piece of a current version: one row of the full-text index has the same number."""

    __tablename__ = "chunk"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True)
    page: Mapped[int | None]
    start: Mapped[int]
    end: Mapped[int]
    language: Mapped[str]
    """The language whose stems were indexed: needed to take the row out again."""


class Relation(Base):
    """Two documents that say the same, or one act of. Read from `document_id` to the earlier `other_id`."""

    __tablename__ = "relation"
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True, index=True)
    type: Mapped[str] = mapped_column(primary_key=True)
    """same_bytes | same_text | near | contains | same_act | translation | moved_to"""
    similarity: Mapped[float | None]


class Change(Base):
    """The dated facts of a document's life, in order: the change feed."""

    __tablename__ = "change"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[str]
    run_id: Mapped[str | None] = mapped_column(ForeignKey("run.id"))
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True)
    fact: Mapped[str]
    """stored | updated | moved | unlisted | relisted | missing | gone | returned"""
    detail: Mapped[Json]
