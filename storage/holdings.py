"""All that a document ever had: its addresses, bytes and texts, and who else holds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from storage.errors import Busy
from storage.models import (
    BodyText,
    Capture,
    Document,
    DocumentAlias,
    DocumentSource,
    Extraction,
    FrozenVersion,
    Relation,
    RunLock,
    Version,
)
from storage.runs import is_alive


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """The hashes of all bytes and texts that a document ever had."""

    blobs: frozenset[str]
    texts: frozenset[str]


def holdings(connection: Connection, identity: str) -> Holdings:
    """Return the hashes of all bytes and texts that a document ever had."""
    bytes_of = select(Capture.blob_sha256).where(captured(connection, identity), Capture.blob_sha256.is_not(None))
    blobs = {str(digest) for digest in connection.execute(bytes_of).scalars()}
    versions = select(Version.blob_sha256, Version.text_sha256).where(Version.document_id == identity)
    rows = connection.execute(versions).all()
    blobs |= {row.blob_sha256 for row in rows}
    read = select(Extraction.text_sha256).where(Extraction.blob_sha256.in_(sorted(blobs)))
    texts = {row.text_sha256 for row in rows} | set(connection.execute(read).scalars())
    return Holdings(blobs=frozenset(blobs), texts=frozenset(texts))


def addresses_of(connection: Connection, identity: str) -> list[str]:
    """Return every address that leads to a document."""
    own = select(Document.address).where(Document.id == identity)
    aliases = select(DocumentAlias.address).where(DocumentAlias.document_id == identity)
    return sorted(connection.execute(own.union(aliases)).scalars())


def captured(connection: Connection, identity: str) -> Any:
    """Return the condition that a capture is of a document, or of a redirect that led there."""
    named = addresses_of(connection, identity)
    return or_(Capture.document_id == identity, Capture.address.in_(named), Capture.document_address.in_(named))


def same_as(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Return the other documents that had the same bytes or the same text at any time, and those of these."""
    found = set(ids)
    waiting = list(found)
    while waiting:
        held = holdings(connection, waiting.pop())
        new = {each for each in still_held(connection, [held]) if not each.startswith("withdrawn:")} - found
        found |= new
        waiting += sorted(new)
    return found - set(ids)


def still_held(connection: Connection, held: list[Holdings]) -> dict[str, str]:
    """Return the documents that hold some bytes or texts, each with which of the two; empty texts say nothing."""
    blobs = sorted({digest for each in held for digest in each.blobs})
    texts = sorted({digest for each in held for digest in each.texts})
    said = [
        row.sha256
        for row in connection.execute(select(BodyText.sha256, BodyText.text).where(BodyText.sha256.in_(texts)))
        if any(map(str.isalnum, row.text))
    ]
    by_text = select(Version.document_id).where(Version.text_sha256.in_(said)).distinct()
    by_bytes = select(Version.document_id).where(Version.blob_sha256.in_(blobs)).distinct()
    waiting = select(Capture.address).where(Capture.blob_sha256.in_(blobs), Capture.document_id.is_(None))
    found = dict.fromkeys(connection.execute(by_text.order_by(Version.document_id)).scalars(), "the same text")
    found |= dict.fromkeys(connection.execute(waiting.distinct()).scalars(), "the same bytes")
    return found | dict.fromkeys(connection.execute(by_bytes.order_by(Version.document_id)).scalars(), "the same bytes")


def related(connection: Connection, ids: list[str]) -> list[str]:
    """Return the documents that some documents have to do with, besides their copies."""
    pairs = select(Relation.document_id, Relation.other_id).where(
        Relation.document_id.in_(ids) | Relation.other_id.in_(ids)
    )
    return sorted({each for pair in connection.execute(pairs) for each in pair} - set(ids))


def frozen_in(connection: Connection, ids: list[str]) -> list[str]:
    """Return the names of the freezes that hold a version of some documents."""
    names = select(FrozenVersion.freeze_name).where(FrozenVersion.document_id.in_(ids)).distinct()
    return sorted(connection.execute(names).scalars())


def check_idle(connection: Connection, ids: list[str], now: datetime) -> None:
    """Raise Busy where a living run is at work on a source of some documents: it could bring them back."""
    sources = select(DocumentSource.source_id).where(DocumentSource.document_id.in_(ids))
    for lock in connection.execute(select(RunLock).where(RunLock.source_id.in_(sources))):
        if is_alive(lock.host, lock.pid, lock.process_started, lock.heartbeat_at, now):
            raise Busy(
                f"Source {lock.source_id!r} is being run by process {lock.pid} on {lock.host}: "
                "withdraw when it has ended, or stop it first."
            )
