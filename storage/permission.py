"""What may be published of a document, by what is stated of it and of its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select

from storage.models import Capture, Document, Extraction, Source

Json = dict[str, Any]
PUBLIC = frozenset({"open", "official"})
"""What `rights.status` says of a text that anybody may pass on."""


_STATED = (  # made once: it is asked for every document of a deposit
    select(Source.rights, Extraction.facts["provenance"].label("provenance"))
    .select_from(Document)
    .join(Capture, Capture.seq == Document.first_capture_seq)
    .join(Source, Source.id == Capture.source_id)
    .join(Extraction, Extraction.id == Document.extraction_id)
    .where(Document.id == bindparam("document_id"))
)


def rights_now(connection: Connection, document_id: str) -> Json:
    """Return the rights of a document as they are stated now: for itself, else those of its source."""
    row = connection.execute(_STATED, {"document_id": document_id}).one()
    return {**row.rights, **own((row.provenance or {}).get("stated", {}))}


def own(stated: Mapping[str, str]) -> Json:
    """Return the status that is stated of a document for itself, or nothing."""
    return {"status": stated["rights"]} if stated.get("rights") else {}


def objections(shown: str, rights: Mapping[str, Any]) -> list[str]:
    """Return why a text must not be passed on: by the status it was shown with, by what is stated now, by its people.

    >>> objections("open", {"status": "open", "personal_data": False})
    []
    >>> objections("open", {"status": "copyright", "personal_data": True})
    ['rights.status is copyright', 'rights.personal_data: people are named']
    """
    closed = [
        f"rights.status is {status}" for status in dict.fromkeys((shown, rights["status"])) if status not in PUBLIC
    ]
    people = ["rights.personal_data: people are named"] if rights["personal_data"] else []
    return closed + people
