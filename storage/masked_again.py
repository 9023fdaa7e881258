"""A later text of a document that has a passage withdrawn: masked again where the words still stand, else flagged."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from extract.likeness import likeness
from extract.model import Extraction as Reading
from storage.captures import add_change
from storage.chunking import pieces_of
from storage.extractions import Given
from storage.facts import facts, text_sha256
from storage.forgetting import DATABASE, leave_to_sweep
from storage.masked_facts import masked_reading, masked_words
from storage.masking import Veil, Veiled
from storage.models import Capture, Change, Document, Extraction, Redaction, Version
from storage.redacting import passages, withhold
from storage.shapes import AnyRow

UNREDACTED = "unredacted"
"""The fact that a later text does not say what was withdrawn: in other words, or not at all. A person must look."""
REASON = "A passage was withdrawn from an earlier text, and its words are not found in this one: look for it."


def masked_again(connection: Connection, identity: str, capture: AnyRow, given: Given) -> Given:
    """Return what was read of a document, with what was withdrawn from it masked; its bytes are withheld then too.

    Where nothing was withdrawn from it, that is the same object.
    """
    known = passages(connection, identity)
    if not known:
        return given
    veil = Veil(known, [given.reading.text])
    _mask_hints(connection, capture, veil)
    reading = masked_reading(given.reading, veil)
    if reading != given.reading:
        last = select(Redaction.withdrawal_seq).where(Redaction.document_id == identity)
        seq = connection.execute(last.order_by(Redaction.withdrawal_seq.desc()).limit(1)).scalar_one()
        withhold(connection, capture.blob_sha256, seq)
    if not all(Veiled(given.reading.text, (each,)).spans for each in known):
        reading = flagged(reading)
        _tell(connection, identity, capture, given.now)
    found, text = facts(reading), reading.text
    return dataclasses.replace(
        given,
        reading=reading,
        text_sha256=text_sha256(text),
        facts=found,
        pieces=pieces_of(text, found),
        likeness=likeness(text),
    )


def flagged(reading: Reading) -> Reading:
    """Return a reading that says a passage must be looked for in it."""
    quality = reading.quality
    verdict = "suspect" if quality.verdict == "good" else quality.verdict
    quality = dataclasses.replace(quality, verdict=verdict, reasons=(*quality.reasons, REASON))
    return dataclasses.replace(reading, quality=quality)


def flag_shown(connection: Connection, identity: str, at: str) -> None:
    """Mark the shown text of a document as one in which a passage must be looked for, and tell the change feed."""
    shown = select(Extraction.id, Extraction.facts, Capture.seq, Capture.run_id).select_from(Document)
    shown = shown.join(Extraction, Extraction.id == Document.extraction_id)
    shown = shown.join(Version, Version.id == Document.current_version_id)
    row = connection.execute(
        shown.join(Capture, Capture.seq == Version.capture_seq).where(Document.id == identity)
    ).one()
    quality = row.facts["quality"]
    verdict = "suspect" if quality["verdict"] == "good" else quality["verdict"]
    if REASON not in quality["reasons"]:
        quality = quality | {"verdict": verdict, "reasons": [*quality["reasons"], REASON]}
        marked = {"facts": row.facts | {"quality": quality}, "verdict": verdict}
        connection.execute(update(Extraction).where(Extraction.id == row.id).values(marked))
        connection.execute(update(Document).where(Document.extraction_id == row.id).values(verdict=verdict))
    _tell(connection, identity, row, at)


def masked_said(connection: Connection, identity: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a response says with the passages of its document masked, as far as it says them whole."""
    veil = Veil(passages(connection, identity), ())
    return {name: masked_words(dict(each), veil) for name, each in said.items()}


def _mask_hints(connection: Connection, capture: AnyRow, veil: Veil) -> None:
    """Mask what the listing said of the document, where the text shows that it says a part of the passage."""
    said = {"hints": masked_words(capture.hints, veil), "headers": masked_words(capture.headers, veil)}
    if said != {"hints": capture.hints, "headers": capture.headers}:
        connection.execute(update(Capture).where(Capture.seq == capture.seq).values(said))
        leave_to_sweep(connection, DATABASE)


def _tell(connection: Connection, identity: str, capture: AnyRow, now: str) -> None:
    """Enter the flag into the change feed, once for each capture."""
    told = select(Change.detail).where(Change.document_id == identity, Change.fact == UNREDACTED)
    if capture.seq not in [detail["capture"] for detail in connection.execute(told).scalars()]:
        flag = {"fact": UNREDACTED, "capture": capture.seq}
        add_change(connection, at=now, run_id=capture.run_id, document_id=identity, **flag)
