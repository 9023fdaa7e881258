"""Store.save(): an extraction becomes a document, a version, passages, relations and an index row, in one transaction.

Nothing shown is overwritten here: a changed text becomes a version that is held until its run has ended well
(`promote`), because good text is never replaced by bad.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from extract.model import Extraction as Reading
from storage import index
from storage.addresses import document_id
from storage.captures import add_change
from storage.chunking import Piece, pieces_of
from storage.facts import facts, passages_of, shown, text_sha256
from storage.models import (
    BodyText,
    Capture,
    Document,
    DocumentAlias,
    DocumentSource,
    Extraction,
    Passage,
    RunAddress,
    Version,
)
from storage.relations import relate
from storage.runs import Note, note
from storage.shapes import AnyRow

UNREADABLE = frozenset({"corrupt", "encrypted", "empty", "unsupported", "timeout", "memory", "crash"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of one capture."""

    document_id: str
    state: str
    """stored | related | updated | unchanged | failed"""
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A capture's extraction, ready to be saved: analysed beforehand, so that the transaction is short."""

    capture_seq: int
    reading: Reading
    pieces: tuple[Piece, ...]
    extractor_version: str
    now: str


def hints_sha256(hints: Mapping[str, Any]) -> str:
    """Return the hash of the hints an extraction was given."""
    return hashlib.sha256(json.dumps(hints, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def save(connection: Connection, given: Given) -> Saved:
    """Settle a capture: its document, its text, its facts, and its place in the run's account."""
    capture = connection.execute(select(Capture).where(Capture.seq == given.capture_seq)).one()
    extraction_id = _keep_extraction(connection, capture, given)
    document = _find_document(connection, capture, given)
    if document is None:
        saved = _first_version(connection, capture, given, extraction_id)
    else:
        saved = _next_version(connection, capture, given, extraction_id, document)
    _link_source(connection, capture, saved.document_id)
    done = {"waiting": False, "document_id": saved.document_id}
    connection.execute(update(Capture).where(Capture.seq == capture.seq).values(done))
    _account(connection, capture, saved)
    return saved


def _account(connection: Connection, capture: AnyRow, saved: Saved) -> None:
    """Give the address its place in its run, unless that run was settled before (an extraction made again)."""
    mine = (RunAddress.run_id == capture.run_id) & (RunAddress.address == capture.address)
    standing = connection.execute(select(RunAddress.state, RunAddress.listed).where(mine)).one()
    if standing.state != "pending":
        return
    kept = f"The new bytes are {saved.verdict}: the version before them stays."
    why = {"reason": "bad_version", "detail": kept} if saved.state == "failed" else {}
    entry = Note(
        address=capture.address, state=saved.state, listed=standing.listed, document_id=saved.document_id, **why
    )
    note(connection, capture.run_id, [entry])


def _keep_extraction(connection: Connection, capture: AnyRow, given: Given) -> int:
    reading = given.reading
    digest = text_sha256(reading.text)
    body = {"sha256": digest, "length": len(reading.text), "text": reading.text}
    connection.execute(upsert(BodyText).values(body).on_conflict_do_nothing())
    key = {
        "blob_sha256": capture.blob_sha256,
        "extractor_version": given.extractor_version,
        "hints_sha256": hints_sha256(capture.hints),
    }
    row = key | {
        "extractor": reading.extractor,
        "engine": reading.engine,
        "media_type": reading.media_type,
        "text_sha256": digest,
        "verdict": reading.quality.verdict,
        "facts": facts(reading),
        "made_at": given.now,
    }
    connection.execute(upsert(Extraction).values(row).on_conflict_do_nothing())
    same = select(Extraction.id, Extraction.text_sha256).filter_by(**key)
    kept = connection.execute(same).one()
    if kept.text_sha256 == digest:
        return int(kept.id)
    # The same reader gave another text for the same bytes: a crash or time-out the first time. The newer stands.
    connection.execute(update(Extraction).where(Extraction.id == kept.id).values(row))
    return int(kept.id)


def _find_document(connection: Connection, capture: AnyRow, given: Given) -> AnyRow | None:
    """Return the document this capture belongs to: by its address, or by one that moved."""
    for address in (capture.address, capture.document_address):
        found = connection.execute(select(Document).where(Document.address == address)).one_or_none()
        alias = select(Document).join(DocumentAlias).where(DocumentAlias.address == address)
        found = found or connection.execute(alias).one_or_none()
        if found:
            _add_alias(connection, capture, found, given.now)
            return found
    return None


def _add_alias(connection: Connection, capture: AnyRow, document: AnyRow, now: str) -> None:
    """Remember the other address of a permanent redirect, once, with a dated fact."""
    others = {capture.address, capture.document_address} - {document.address}
    for address in sorted(others):
        row = {"address": address, "document_id": document.id}
        added = connection.execute(upsert(DocumentAlias).values(row).on_conflict_do_nothing())
        if added.rowcount:
            run = capture.run_id
            add_change(connection, at=now, run_id=run, document_id=document.id, fact="moved", address=address)


def _first_version(connection: Connection, capture: AnyRow, given: Given, extraction_id: int) -> Saved:
    reading = given.reading
    identity = document_id(capture.document_address)
    row = {"id": identity, "address": capture.document_address, "first_capture_seq": capture.seq}
    connection.execute(
        insert(Document).values(**row, extraction_id=extraction_id, **shown(facts(reading), reading.media_type))
    )
    if capture.address != capture.document_address:
        alias = {"address": capture.address, "document_id": identity}
        connection.execute(upsert(DocumentAlias).values(alias).on_conflict_do_nothing())
    version_id = _add_version(
        connection, capture, given, extraction_id, document=identity, number=1, cause="source", held=False
    )
    _show(connection, identity, version_id)
    index.add(connection, identity, given.pieces)
    add_change(connection, at=given.now, run_id=capture.run_id, document_id=identity, fact="stored", version=1)
    state = "related" if relate(connection, identity) else "stored"
    return Saved(document_id=identity, state=state, verdict=reading.quality.verdict)


def _next_version(connection: Connection, capture: AnyRow, given: Given, extraction_id: int, document: AnyRow) -> Saved:
    versions = select(Version).where(Version.document_id == document.id).order_by(Version.number.desc())
    newest = connection.execute(versions.limit(1)).one()
    # Reading the bytes of the current version again is about that version, whatever waits behind it.
    again = versions.where(Version.id == document.current_version_id, Version.capture_seq == capture.seq)
    latest = connection.execute(again).one_or_none() or newest
    verdict = given.reading.quality.verdict
    same_text = latest.text_sha256 == text_sha256(given.reading.text)
    worse = verdict in UNREADABLE and document.verdict not in UNREADABLE
    if (worse and not same_text) or ("truncated" in capture.flags and latest.blob_sha256 != capture.blob_sha256):
        return Saved(document_id=document.id, state="failed", verdict=verdict)
    if same_text:
        if not latest.held:
            _refresh_facts(connection, given, extraction_id, document)
        return Saved(document_id=document.id, state="updated" if latest.held else "unchanged", verdict=verdict)
    cause = "extractor" if latest.blob_sha256 == capture.blob_sha256 else "source"
    _add_version(
        connection,
        capture,
        given,
        extraction_id,
        document=document.id,
        number=newest.number + 1,
        cause=cause,
        held=True,
    )
    return Saved(document_id=document.id, state="updated", verdict=verdict)


def _refresh_facts(connection: Connection, given: Given, extraction_id: int, document: AnyRow) -> None:
    """Show the facts of a newer reading of the same text; the index follows where it depends on them."""
    new = facts(given.reading)
    old = connection.execute(
        select(Extraction.facts, BodyText.text)
        .join(BodyText, BodyText.sha256 == Extraction.text_sha256)
        .where(Extraction.id == document.extraction_id)
    ).one()
    # Compared as JSON: what was stored has lists where the extraction has tuples.
    if json.dumps([old.facts["language"], old.facts["pages"]]) != json.dumps([new["language"], new["pages"]]):
        index.remove(connection, document.id, pieces_of(old.text, old.facts))
        index.add(connection, document.id, given.pieces)
    _put_passages(connection, document.current_version_id, given.reading)
    values = {"extraction_id": extraction_id} | shown(new, given.reading.media_type)
    connection.execute(update(Document).where(Document.id == document.id).values(values))


def _add_version(
    connection: Connection,
    capture: AnyRow,
    given: Given,
    extraction_id: int,
    *,
    document: str,
    number: int,
    cause: str,
    held: bool,
) -> int:
    row = {
        "document_id": document,
        "number": number,
        "cause": cause,
        "extraction_id": extraction_id,
        "capture_seq": capture.seq,
        "blob_sha256": capture.blob_sha256,
        "text_sha256": text_sha256(given.reading.text),
        "run_id": capture.run_id,
        "made_at": given.now,
        "held": held,
    }
    version_id = connection.execute(insert(Version).values(row).returning(Version.id)).scalar_one()
    _put_passages(connection, version_id, given.reading)
    return version_id


def _put_passages(connection: Connection, version_id: int, reading: Reading) -> None:
    """Give a version the passages of a reading of its text, in the place of those of an earlier one."""
    connection.execute(delete(Passage).where(Passage.version_id == version_id))
    rows = [passage | {"version_id": version_id} for passage in passages_of(reading)]
    if rows:
        connection.execute(insert(Passage), rows)


def _show(connection: Connection, identity: str, version_id: int) -> None:
    connection.execute(update(Document).where(Document.id == identity).values(current_version_id=version_id))


def _link_source(connection: Connection, capture: AnyRow, identity: str) -> None:
    row = {
        "document_id": identity,
        "source_id": capture.source_id,
        "first_run_id": capture.run_id,
        "last_run_id": capture.run_id,
    }
    connection.execute(
        upsert(DocumentSource)
        .values(row)
        .on_conflict_do_update(index_elements=["document_id", "source_id"], set_={"last_run_id": capture.run_id})
    )
