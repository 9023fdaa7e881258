"""What people state of a document they bring: its facts, who gave it, under which number. Kept in its captures' hints.

A statement is about the document, not about one response: a later crawl of the same address carries it on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, insert, select, union, update

from storage.addresses import import_address
from storage.models import Capture, Change, Document, DocumentAlias, Extraction
from storage.shapes import AnySelect
from storage.withdrawals import bars

KEPT = ("stated", "file", "address_found_in")
"""Of a capture's hints: what is stated, the file's path inside its import, and where its address was found."""


_ADDRESSES: BindParameter[Any] = bindparam("addresses", expanding=True)
KNOWN = union(
    select(Document.address).where(Document.address.in_(_ADDRESSES)),
    select(DocumentAlias.address).where(DocumentAlias.address.in_(_ADDRESSES)),
)
"""Which of some addresses lead to a document; made once, for it is asked with every commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """What is now stated of a document that was brought before."""

    document_id: str
    capture_seq: int
    """The capture behind the version that is shown."""
    stated: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    """The address that is stated for it, or nothing."""


def provenance(hints: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept with a document of the hints of its capture.

    >>> provenance({"link_text": "PV", "file": "a.pdf", "stated": {}})
    {'file': 'a.pdf'}
    """
    return {name: hints[name] for name in KEPT if hints.get(name)}


def at_address(address: str | BindParameter[str]) -> AnySelect:
    """Return the query for the id of the document that an address names, by itself or as an alias."""
    aliases = select(DocumentAlias.document_id).where(DocumentAlias.address == address)
    return select(Document.id).where((Document.address == address) | Document.id.in_(aliases))


SHOWN_AT = (
    select(Extraction.facts)
    .join(Document, Document.extraction_id == Extraction.id)
    .where(Document.id.in_(at_address(bindparam("address"))))
    .limit(1)
)
"""The facts of the document at an address."""


def answers_at(address: str) -> AnySelect:
    """Return the query for the answers that gave the document at an address: `source_id, run_id, fetched_at`."""
    answered = Capture.document_id.in_(at_address(address)) & Capture.blob_sha256.is_not(None)
    return select(Capture.source_id, Capture.run_id, Capture.fetched_at, Capture.document_id).where(answered)


def stated_at(connection: Connection, addresses: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return what was stated of the documents at some addresses: a later capture of one carries it on.

    Most addresses are new: which of them are known is one question for all.
    """
    known = connection.execute(KNOWN, {"addresses": list(addresses)}).scalars().all() if addresses else []
    found: dict[str, dict[str, Any]] = {}
    for address in known:
        facts = connection.execute(SHOWN_AT, {"address": address}).scalar_one_or_none()
        found[address] = (facts or {}).get("provenance", {})  # documents read by an earlier version have none
    return found


def imported(source_id: str) -> AnySelect:
    """Return the query for the captures of a source that gave documents, in order: `document_id, address, hints`."""
    mine = (Capture.source_id == source_id) & (Capture.role == "document") & Capture.document_id.is_not(None)
    return select(Capture.document_id, Capture.address, Capture.hints).where(mine).order_by(Capture.seq)


def file_of(source_id: str, address: str, hints: Mapping[str, Any]) -> str:
    """Return the path inside its import of the file that a capture was read from; nothing for what was crawled."""
    own = import_address(source_id, "")
    return str(hints.get("file") or (address.removeprefix(own) if address.startswith(own) else ""))


def restate(connection: Connection, statements: Iterable[Restated], now: str) -> list[str]:
    """Put new statements in the place of old ones and return the documents that are to be read again.

    Bytes and versions stay; what was stated before goes into the change feed.
    """
    changed = []
    for each in statements:
        hints = connection.execute(select(Capture.hints).where(Capture.seq == each.capture_seq)).scalar_one()
        before = hints.get("stated", {})
        if before != each.stated:
            again = {"hints": hints | {"stated": dict(each.stated)}, "waiting": True}
            connection.execute(update(Capture).where(Capture.seq == each.capture_seq).values(again))
            _change(connection, each.document_id, "restated", now, {"before": before})
        if _renamed(connection, each, now) or before != each.stated:
            changed.append(each.document_id)
    return changed


def _renamed(connection: Connection, each: Restated, now: str) -> bool:
    """Let a stated address lead to the document, unless that is taken or withdrawn; return whether it is new."""
    taken = each.address and connection.execute(at_address(each.address)).first()
    if not each.address or taken or bars(connection, each.address, "", None):
        return False
    connection.execute(insert(DocumentAlias).values(address=each.address, document_id=each.document_id))
    _change(connection, each.document_id, "moved", now, {"address": each.address})
    return True


def _change(connection: Connection, document_id: str, fact: str, now: str, detail: dict[str, Any]) -> None:
    row = {"at": now, "run_id": None, "document_id": document_id, "fact": fact, "detail": detail}
    connection.execute(insert(Change).values(row))
