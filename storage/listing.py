"""Documents as lists and bundles show them: metadata with people's word over the machine's, the text, and its facts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, select

from storage import decisions
from storage.filters import Filters
from storage.models import Document, Extraction, FrozenVersion, Version
from storage.reading import authority, count, described, rights, stated
from storage.shapes import AnyRow

Json = dict[str, Any]
BATCH = 50
PROVENANCE = ("obtained_by", "received_from", "received_on", "request_ref", "shelfmark")
"""What is stated of an import besides its own facts."""

BLANK: Json = dict.fromkeys(
    (
        "id", "title", "date", "kind", "act_type", "source", "voice", "country", "language", "media_type", "authority",
        "url", "captured_at", "verdict", "lead", "rights", "curated", "tags", "note", "corrected", "sha256",
        "text_sha256", *PROVENANCE,
    ),
    "",
) | {"needs_ocr": False, "pages": 0, "characters": 0, "version": 0}  # fmt: skip
"""What a field of the metadata is in a freeze that is older than the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One document, or one version in a freeze."""

    shown: Json
    """The metadata as they are shown: what a freeze keeps and a bundle's tables hold."""
    text: str
    facts: Json
    extraction_id: int


def in_order(connection: Connection, filters: Filters) -> list[str]:
    """Return the ids of the documents selected by date and id; undated ones last."""
    ids = select(Document.id).where(Document.id.in_(filters.documents()))
    return list(connection.execute(ids.order_by(Document.date == "", Document.date, Document.id)).scalars())


def shown_texts(connection: Connection, filters: Filters) -> dict[str, str]:
    """Return the hash of the text that is shown of each document selected, in order of date and id."""
    ids = in_order(connection, filters)
    found: dict[str, str] = {}
    for start in range(0, len(ids), 500):
        now = select(Document.id, Version.text_sha256).join(Version, Version.id == Document.current_version_id)
        found |= {
            row.id: row.text_sha256 for row in connection.execute(now.where(Document.id.in_(ids[start : start + 500])))
        }
    return {each: found[each] for each in ids}


def units_in(connection: Connection, ids: list[str], kind: str, freeze: str = "") -> int:
    """Return how many pages or acts (`kind`) documents have, one for each that has none; as frozen, or as shown."""
    size = func.json_array_length(Extraction.facts[kind])
    total = func.sum(case((size > 0, size), else_=1))
    holder = FrozenVersion if freeze else Document
    name = FrozenVersion.document_id if freeze else Document.id
    query = select(total).select_from(holder).join(Extraction, Extraction.id == holder.extraction_id)
    if freeze:
        query = query.where(FrozenVersion.freeze_name == freeze)
    batches = (ids[start : start + 500] for start in range(0, len(ids), 500))
    return sum(connection.execute(query.where(name.in_(batch))).scalar_one() for batch in batches)


def repeated(connection: Connection, filters: Filters) -> int:
    """Return how many documents fit the filters and are not selected, because a lead copy stands for them."""
    return count(connection, dataclasses.replace(filters, all_copies=True)) - count(connection, filters)


def listed(connection: Connection, ids: list[str]) -> Iterator[Listed]:
    """Yield documents in the order of their ids as given. Flat memory."""
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        rows = described(connection, batch)
        curation = decisions.curation(connection, batch)
        for each in batch:
            row = rows[each]
            shown = metadata(row, curation.get(each, decisions.NOTHING))
            yield Listed(shown=shown, text=row.text, facts=row.facts, extraction_id=row.extraction_id)


def metadata(row: AnyRow, curation: Json) -> Json:
    """Return the metadata of a described document as they are shown."""
    plain = ("id", "title", "date", "kind", "act_type", "source", "voice", "country", "language", "media_type")
    return {name: getattr(row, name) for name in plain} | {
        "authority": authority(row),
        "url": row.address,
        "captured_at": row.fetched_at,
        "verdict": row.verdict,
        "needs_ocr": row.needs_ocr,
        "pages": len(row.facts["pages"]),
        "characters": len(row.text),
        "version": row.version,
        "lead": row.lead_id or "",
        "rights": rights(row)["status"],
        "curated": curation["status"],
        "tags": "; ".join(curation["tags"]),
        "note": curation["note"],
        "corrected": "; ".join(curation["corrected"]),
        "sha256": row.blob_sha256,
        "text_sha256": row.text_sha256,
        **{name: stated(row).get(name, "") for name in PROVENANCE},
    }
