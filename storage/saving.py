"""Store.save(): an extraction becomes a document, a version, passages, relations and an index row, in one transaction.

Nothing shown is overwritten here: a changed text becomes a version that is held until its run has ended well
(`promote`), because good text is never replaced by bad.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, delete, insert, literal, select, union_all, update

from extract.model import Extraction as Reading
from storage import index
from storage.addresses import document_id
from storage.captures import TRUNCATED, add_aliases, add_change
from storage.chunking import pieces_of
from storage.decisions import over
from storage.extractions import Given, cause_of, keep
from storage.facts import passages_of, shown
from storage.masked_again import masked_again
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
from storage.relations import relate, relate_new, says_anything
from storage.runs import Note, note
from storage.shapes import AnyRow, table_of
from storage.upserts import upsert, upsert_for

UNREADABLE = frozenset({"corrupt", "encrypted", "empty", "unsupported", "timeout", "memory", "crash"})
BROKEN = frozenset({TRUNCATED, "altered"})
"""Flags of bytes that are not those that were sent: they never take the place of others."""


_DOCUMENT, _CAPTURE, _VERSION, _PASSAGE = map(table_of, (Document, Capture, Version, Passage))
# Built once: building a statement costs more than executing it.
_STANDING = (
    select(Capture, RunAddress.state.label("standing"), RunAddress.listed)
    .join(RunAddress, and_(RunAddress.run_id == Capture.run_id, RunAddress.address == Capture.address))
    .where(Capture.seq == bindparam("capture"))
)
_SETTLE = (
    update(_CAPTURE)
    .where(_CAPTURE.c.seq == bindparam("capture"))
    .values(waiting=bindparam("still"), document_id=bindparam("document"))
)
_BOTH: tuple[BindParameter[str], BindParameter[str]] = (bindparam("address"), bindparam("document_address"))
_NAMED = union_all(
    select(literal(0).label("place"), Document.address, Document.id).where(Document.address.in_(_BOTH)),
    select(literal(1), DocumentAlias.address, DocumentAlias.document_id).where(DocumentAlias.address.in_(_BOTH)),
)
_THE_DOCUMENT = select(Document).where(Document.id == bindparam("document"))
_NEW_DOCUMENT, _NEW_PASSAGE = insert(_DOCUMENT), insert(_PASSAGE)
_NEW_VERSION = insert(_VERSION).returning(_VERSION.c.id)
_SHOW = update(_DOCUMENT).where(_DOCUMENT.c.id == bindparam("document")).values(current_version_id=bindparam("version"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of one capture."""

    document_id: str
    state: str
    """stored | related | updated | unchanged | failed | withdrawn"""
    verdict: str
    older_than: str = ""
    """When the document was seen later than this capture of an archive shows it; else nothing."""


def save_all(connection: Connection, given: Sequence[Given], digests: Sequence[str]) -> list[Saved]:
    """Settle some captures in one transaction; they bring no bytes of their own."""
    return [save(connection, each) for each in given]


def save(connection: Connection, given: Given) -> Saved:
    """Settle a capture: its document, its text, its facts, and its place in the run's account."""
    capture = connection.execute(_STANDING, {"capture": given.capture_seq}).one()
    if capture.blob_sha256 is None:  # withdrawn while it was read
        return Saved(document_id="", state="withdrawn", verdict=given.reading.quality.verdict)
    document = _find_document(connection, capture, given)
    identity = document_id(capture.document_address) if document is None else document.id
    if (masked := masked_again(connection, identity, capture, given)) is not given:
        given = masked
        capture = connection.execute(_STANDING, {"capture": given.capture_seq}).one()
    extraction_id = keep(connection, capture, given)
    if document is None:
        saved = _first_version(connection, capture, given, extraction_id)
    else:
        saved = _next_version(connection, capture, given, extraction_id, document)
    _link_source(connection, capture, saved.document_id)
    connection.execute(_SETTLE, {"capture": capture.seq, "still": False, "document": saved.document_id})
    _account(connection, capture, saved)
    return saved


def _account(connection: Connection, capture: AnyRow, saved: Saved) -> None:
    """Give the address its place in its run, unless that run was settled before (an extraction made again)."""
    if capture.standing != "pending":
        return
    cut = TRUNCATED in capture.flags.split(",")
    what = "The new bytes broke off" if cut else f"The new bytes are {saved.verdict}"
    reason = {"reason": TRUNCATED if cut else "bad_version", "detail": f"{what}: the version before them stays."}
    why = reason if saved.state == "failed" else {}
    if saved.older_than:
        stays = f"The archive's copy is older than what was seen on {saved.older_than[:10]}: that stays."
        why = {"reason": "older", "detail": stays}
    entry = Note(
        address=capture.address, state=saved.state, listed=capture.listed, document_id=saved.document_id, **why
    )
    note(connection, capture.run_id, [entry])


def _find_document(connection: Connection, capture: AnyRow, given: Given) -> AnyRow | None:
    """Return the document this capture belongs to: by its address, or by one that moved."""
    both = {"address": capture.address, "document_address": capture.document_address}
    named = connection.execute(_NAMED, both).all()
    if not named:
        return None
    best = min(named, key=lambda row: (row.address != capture.address, row.place))
    add_aliases(connection, best.id, set(both.values()), run_id=capture.run_id, at=given.now)
    return connection.execute(_THE_DOCUMENT, {"document": best.id}).one()


def _first_version(connection: Connection, capture: AnyRow, given: Given, extraction_id: int) -> Saved:
    reading = given.reading
    identity = document_id(capture.document_address)
    row = {"id": identity, "address": capture.document_address, "first_capture_seq": capture.seq}
    row |= {"extraction_id": extraction_id} | shown(given.facts, reading.media_type)
    connection.execute(_NEW_DOCUMENT, row)
    if capture.address != capture.document_address:
        alias = {"address": capture.address, "document_id": identity}
        connection.execute(upsert(connection, DocumentAlias).values(alias).on_conflict_do_nothing())
    version_id = _add_version(
        connection, capture, given, extraction_id, document=identity, number=1, cause="source", held=False
    )
    connection.execute(_SHOW, {"document": identity, "version": version_id})
    index.add(connection, identity, given.pieces)
    add_change(connection, at=given.now, run_id=capture.run_id, document_id=identity, fact="stored", version=1)
    same = {"blob": capture.blob_sha256, "text": given.text_sha256 if says_anything(reading.text) else None}
    state = "related" if relate_new(connection, identity, same, given.likeness) else "stored"
    return Saved(document_id=identity, state=state, verdict=reading.quality.verdict)


def _next_version(connection: Connection, capture: AnyRow, given: Given, extraction_id: int, document: AnyRow) -> Saved:
    versions = select(Version).where(Version.document_id == document.id).order_by(Version.number.desc())
    newest = connection.execute(versions.limit(1)).one()
    # Reading the bytes of the current version again is about that version, whatever waits behind it.
    again = versions.where(Version.id == document.current_version_id, Version.blob_sha256 == capture.blob_sha256)
    latest = (connection.execute(again).one_or_none() if capture.document_id else None) or newest
    verdict = given.reading.quality.verdict
    same_text = latest.text_sha256 == given.text_sha256
    worse = verdict in UNREADABLE and document.verdict not in UNREADABLE
    if (worse and not same_text) or (
        BROKEN & set(capture.flags.split(",")) and latest.blob_sha256 != capture.blob_sha256
    ):
        return Saved(document_id=document.id, state="failed", verdict=verdict)
    if same_text:
        if not latest.held:
            _refresh_facts(connection, given, extraction_id, document)
        return Saved(document_id=document.id, state="updated" if latest.held else "unchanged", verdict=verdict)
    if later := _seen_later(connection, capture, document):
        return Saved(document_id=document.id, state="unchanged", verdict=verdict, older_than=later)
    cause = cause_of(connection, latest, capture, given)
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


def _seen_later(connection: Connection, capture: AnyRow, document: AnyRow) -> str:
    """Return when a document was seen later than an archive took this capture of it, or nothing.

    An old text must not replace a newer one because it was found after it.
    """
    taken = capture.hints.get("archived_at", "")
    if not taken:
        return ""
    others = select(Capture.fetched_at, Capture.hints).where(
        Capture.document_id == document.id, Capture.seq != capture.seq, Capture.status < 400
    )
    moments = [row.hints.get("archived_at") or row.fetched_at for row in connection.execute(others)]
    return max((moment for moment in moments if moment > taken), default="")


def _refresh_facts(connection: Connection, given: Given, extraction_id: int, document: AnyRow) -> None:
    """Show the facts of a newer reading of the same text; the index follows where it depends on them."""
    new = given.facts
    old = connection.execute(
        select(Extraction.facts, BodyText.text)
        .join(BodyText, BodyText.sha256 == Extraction.text_sha256)
        .where(Extraction.id == document.extraction_id)
    ).one()
    # Compared as JSON: what was stored has lists where the extraction has tuples.
    shape = ("language", "pages", "acts")
    if json.dumps([old.facts[name] for name in shape]) != json.dumps([new[name] for name in shape]):
        index.remove(connection, document.id, pieces_of(old.text, old.facts))
        index.add(connection, document.id, given.pieces)
    # The passages of a newer reading take the place of those of the reading before.
    connection.execute(delete(Passage).where(Passage.version_id == document.current_version_id))
    _put_passages(connection, document.current_version_id, given.reading)
    values = {"extraction_id": extraction_id} | shown(new, given.reading.media_type) | over(connection, document.id)
    connection.execute(update(Document).where(Document.id == document.id).values(values))
    compared = ("dates", "act_type", "language", "acts")
    if json.dumps([old.facts[name] for name in compared]) != json.dumps([new[name] for name in compared]):
        relate(connection, document.id, given.likeness)


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
        "text_sha256": given.text_sha256,
        "run_id": capture.run_id,
        "made_at": given.now,
        "held": held,
    }
    version_id: int = connection.execute(_NEW_VERSION, row).scalar_one()
    _put_passages(connection, version_id, given.reading)
    return version_id


def _put_passages(connection: Connection, version_id: int, reading: Reading) -> None:
    rows = [passage | {"version_id": version_id} for passage in passages_of(reading)]
    if rows:
        connection.execute(_NEW_PASSAGE, rows)


def _link_source(connection: Connection, capture: AnyRow, identity: str) -> None:
    row = {
        "document_id": identity,
        "source_id": capture.source_id,
        "first_run_id": capture.run_id,
        "last_run_id": capture.run_id,
    }
    connection.execute(_linking(connection.dialect.name), row)


@cache
def _linking(dialect: str) -> Any:
    """Return the statement that says which source has a document; made once, for it is used for every page."""
    statement = upsert_for(dialect, table_of(DocumentSource))
    last = {"last_run_id": statement.excluded.last_run_id}
    return statement.on_conflict_do_update(index_elements=["document_id", "source_id"], set_=last)
