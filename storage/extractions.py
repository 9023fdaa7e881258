"""What was read from bytes, kept once for each reader and each set of hints, and never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select

from extract.likeness import Likeness
from extract.model import Extraction as Reading
from storage.chunking import Piece
from storage.facts import facts, text_sha256
from storage.models import BodyText, Extraction
from storage.shapes import AnyRow, table_of
from storage.statements import provenance
from storage.upserts import upsert_for

BY_HAND = "+hand:"
"""What follows in the name of a reader that was given pages typed by a person."""

_KNOWN = select(Extraction.id, Extraction.text_sha256).where(
    Extraction.blob_sha256 == bindparam("blob_sha256"),
    Extraction.extractor_version == bindparam("extractor_version"),
    Extraction.hints_sha256 == bindparam("hints_sha256"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A capture's extraction, ready to be saved: analysed beforehand, so that the transaction is short."""

    capture_seq: int
    reading: Reading
    text_sha256: str
    facts: dict[str, Any]
    """What the reading found, as it is kept."""
    pieces: tuple[Piece, ...]
    likeness: Likeness
    extractor_version: str
    now: str
    by_hand: str = ""
    """What names the pages that a person typed, where there are any."""


def ready(capture_seq: int, reading: Reading, pieces: tuple[Piece, ...], found: Likeness, **when: str) -> Given:
    """Return a capture's extraction with what is worked out of it before it is saved."""
    text, known = text_sha256(reading.text), facts(reading)
    return Given(
        capture_seq=capture_seq, reading=reading, text_sha256=text, facts=known, pieces=pieces, likeness=found, **when
    )


def named_by_hand(pages: Mapping[int, str]) -> str:
    """Return what names the pages that a person typed in the name of a reading; nothing where there are none."""
    if not pages:
        return ""
    return BY_HAND + hashlib.sha256(json.dumps(sorted(pages.items())).encode()).hexdigest()[:12]


def hints_sha256(hints: Mapping[str, Any]) -> str:
    """Return the hash of the hints an extraction was given."""
    spelled = json.dumps(hints, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()  # a title may hold half a character


def keep(connection: Connection, capture: AnyRow, given: Given) -> int:
    """Write what was read from a capture, once, and return its number."""
    reading, digest = given.reading, given.text_sha256
    keep_text, keep_reading = _keeping(connection.dialect.name)
    connection.execute(keep_text, {"sha256": digest, "length": len(reading.text), "text": reading.text})
    key = {
        "blob_sha256": capture.blob_sha256,
        "extractor_version": given.extractor_version + given.by_hand,
        "hints_sha256": hints_sha256(capture.hints),
    }
    row = {
        "extractor": reading.extractor,
        "engine": reading.engine,
        "media_type": reading.media_type,
        "text_sha256": digest,
        "verdict": reading.quality.verdict,
        "facts": given.facts | {"provenance": provenance(capture.hints)},
        "made_at": given.now,
    }
    new = connection.execute(keep_reading, row | key).scalar_one_or_none()
    if new is not None:
        return new  # type: ignore[no-any-return]  # upserts have no type
    known = connection.execute(_KNOWN, key).one()
    if known.text_sha256 == digest:
        return known.id  # type: ignore[no-any-return]  # as above
    # The same reader gave another text for the same bytes: a crash or time-out the first time. Versions and freezes
    # rest on the first reading, which stays as it is; the other one stands beside it under the name of its text.
    key["extractor_version"] = f"{key['extractor_version']}~{digest[:12]}"
    connection.execute(keep_reading, row | key)
    return connection.execute(_KNOWN, key).one().id  # type: ignore[no-any-return]  # as above


@cache
def _keeping(dialect: str) -> tuple[Any, Any]:
    """Return the statements that enter a text and a reading; made once, for they are used for every document."""
    text, reading = (upsert_for(dialect, table_of(model)).on_conflict_do_nothing() for model in (BodyText, Extraction))
    return text, reading.returning(table_of(Extraction).c.id)


def cause_of(connection: Connection, before: AnyRow, capture: AnyRow, given: Given) -> str:
    """Say why the text is another: other bytes, other pages typed by a person, or another reader."""
    if before.blob_sha256 != capture.blob_sha256:
        return "source"
    made_by = select(Extraction.extractor_version).where(Extraction.id == before.extraction_id)
    _, typed, name = connection.execute(made_by).scalar_one().partition(BY_HAND)
    return "extractor" if (typed + name).partition("~")[0] == given.by_hand else "correction"
