"""What was withdrawn, read out: the tombstones, and what must not be kept when it comes again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Select, bindparam, func, inspect, literal, select, union_all

from storage.addresses import document_id
from storage.models import (
    Corpus,
    Document,
    DocumentAlias,
    Redaction,
    Unswept,
    Version,
    Withdrawal,
    WithdrawnAddress,
    WithdrawnBytes,
)
from storage.shapes import AnyRow, AnySelect

Json = dict[str, Any]
WITHDRAWN = "withdrawn"
"""The reason of a skip, the role of a capture that kept nothing, and the fact in the change feed."""

# Made once: it is asked for every response that comes.
_BARS = union_all(
    select(literal("address").label("kind"), Withdrawal.seq, Withdrawal.document_id, Withdrawal.at)
    .join(WithdrawnAddress, WithdrawnAddress.withdrawal_seq == Withdrawal.seq)
    .where(WithdrawnAddress.sha256.in_([bindparam("hash_one"), bindparam("hash_other")])),
    select(literal("bytes"), Withdrawal.seq, Withdrawal.document_id, Withdrawal.at)
    .join(WithdrawnBytes, WithdrawnBytes.withdrawal_seq == Withdrawal.seq)
    .where(WithdrawnBytes.sha256 == bindparam("digest")),
    select(literal("passage"), Redaction.withdrawal_seq, Redaction.document_id, literal("")).where(
        Redaction.document_id.in_([bindparam("id_one"), bindparam("id_other")])  # its document may not be there yet
    ),
    select(literal("passage"), Redaction.withdrawal_seq, Redaction.document_id, literal(""))
    .join(Document, Document.id == Redaction.document_id)
    .where(Document.address.in_([bindparam("one"), bindparam("other")])),
    select(literal("passage"), Redaction.withdrawal_seq, Redaction.document_id, literal(""))
    .join(DocumentAlias, DocumentAlias.document_id == Redaction.document_id)
    .where(DocumentAlias.address.in_([bindparam("one"), bindparam("other")])),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawals:
    """All that was withdrawn from a corpus. It holds no word of it."""

    corpus: str
    """The id of that corpus: its packs, backups and copies have the same."""
    tombstones: dict[int, AnyRow] = field(default_factory=dict)
    addresses: dict[str, int] = field(default_factory=dict)
    """The tombstone of each barred address, by the hash of the address."""
    blobs: dict[str, int] = field(default_factory=dict)
    """The same of bytes that are not kept under any address."""
    withheld: dict[str, int] = field(default_factory=dict)
    """The same of bytes that say a passage."""
    redactions: dict[int, list[AnyRow]] = field(default_factory=dict)
    alive: frozenset[str] = frozenset()
    """The documents that are there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Why something that came is not kept as it came."""

    kind: str
    """address | bytes | passage (of the document at this address)"""
    seq: int
    """The tombstone."""
    document_id: str
    at: str

    @property
    def sentence(self) -> str:
        """What the account says of it."""
        return refusal(self.document_id, self.at)


def refusal(identity: str, at: str) -> str:
    """Return what an account says of an address that was withdrawn."""
    return f"Withdrawn on {at[:10]} ({identity}): not asked for again, and not kept."


def address_sha256(address: str) -> str:
    """Return what is remembered of an address. No key: the same address is refused wherever the corpus goes."""
    return hashlib.sha256(address.encode()).hexdigest()


def nameless(address: str) -> str:
    """Return what stands in an account for an address that was withdrawn."""
    return f"withdrawn:{document_id(address)}"


def host_only(url: str) -> str:
    """Return what is kept of the address of something withdrawn: which host was asked.

    >>> host_only("https://a.fr/pv/dupont.pdf"), host_only("import:town/dupont.pdf")
    ('https://a.fr/', 'withdrawn')
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else WITHDRAWN


def bars(connection: Connection, one: str, other: str, digest: str | None) -> list[Bar]:
    """Return why what came under two addresses with these bytes is not kept as it came; nothing where it is."""
    asked = {"one": one, "other": other, "hash_one": address_sha256(one), "hash_other": address_sha256(other)}
    asked |= {"id_one": document_id(one), "id_other": document_id(other)}
    return [Bar(**row._mapping) for row in connection.execute(_BARS, asked | {"digest": digest or ""})]


def refused_addresses() -> AnySelect:
    """Return the query for the hashes of all addresses that are not asked for, each with its tombstone."""
    tombstone = select(WithdrawnAddress.sha256, Withdrawal.document_id, Withdrawal.at)
    return tombstone.join(Withdrawal, Withdrawal.seq == WithdrawnAddress.withdrawal_seq)


def barred_bytes() -> AnySelect:
    """Return the query for the hashes of all bytes that are not kept when they come."""
    return select(WithdrawnBytes.sha256)


def barred() -> AnySelect:
    """Return the query for the same, and for the hashes of addresses that are never kept."""
    both = union_all(select(WithdrawnBytes.sha256), select(WithdrawnAddress.sha256)).subquery()
    return select(both.c.sha256)


def withheld(digest: str = "") -> Select[str]:
    """Return the query for the hashes of bytes that were taken away while their document stays: all, or this one."""
    every = select(WithdrawnBytes.sha256).where(WithdrawnBytes.withheld)
    return every.where(WithdrawnBytes.sha256 == digest) if digest else every


def withheld_documents(ids: AnySelect | list[str]) -> Select[str]:
    """Return the query for those of some documents whose shown text cannot be read again: its bytes are withheld."""
    there = select(Document.id).join(Version, Version.id == Document.current_version_id)
    return there.where(Document.id.in_(ids), Version.blob_sha256.in_(withheld())).order_by(Document.id)


def unswept() -> AnySelect:
    """Return the query for the blobs that are still to be removed, and the empty name for the database's own files."""
    return select(Unswept.sha256).order_by(Unswept.sha256)


def tombstone(connection: Connection, wanted: str) -> Json | None:
    """Return the tombstone of a document named by its id, the beginning of it, or an address; nothing without one."""
    whole = Withdrawal.start.is_(None)
    by_address = select(WithdrawnAddress.withdrawal_seq).where(WithdrawnAddress.sha256 == address_sha256(wanted))
    named = Withdrawal.document_id.startswith(wanted.lower(), autoescape=True) | Withdrawal.seq.in_(by_address)
    rows = connection.execute(select(Withdrawal).where(whole, named).limit(2)).all()
    return _told(rows[0]) if len(rows) == 1 else None


def redactions(connection: Connection, identity: str) -> list[Json]:
    """Return the passages that were withdrawn from a document that stays, oldest first."""
    mine = select(Redaction.withdrawal_seq).where(Redaction.document_id == identity)
    return [
        _told(row) for row in connection.execute(select(Withdrawal).where(Withdrawal.seq.in_(mine)).order_by("seq"))
    ]


def _told(row: AnyRow) -> Json:
    names = ("document_id", "at", "by", "reason", "start", "end")
    return {name: getattr(row, name) for name in names}


def redacted(connection: Connection, ids: list[str]) -> dict[str, str]:
    """Return those of some documents that have a passage withdrawn, each with the day of the latest."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), 500):
        days = (
            select(Redaction.document_id, func.max(Withdrawal.at).label("at"))
            .join(Withdrawal, Withdrawal.seq == Redaction.withdrawal_seq)
            .where(Redaction.document_id.in_(ids[start : start + 500]))
            .group_by(Redaction.document_id)
        )
        found |= {row.document_id: row.at[:10] for row in connection.execute(days)}
    return found


def withdrawals_in(connection: Connection) -> Withdrawals:
    """Return all that was withdrawn from a corpus; of an earlier schema, which withdrew nothing, that is nothing."""
    corpus = connection.execute(select(Corpus.id)).scalar_one()
    if not inspect(connection).has_table("withdrawal"):
        return Withdrawals(corpus=corpus)
    tombstones = {row.seq: row for row in connection.execute(select(Withdrawal).order_by(Withdrawal.seq))}
    redactions: dict[int, list[AnyRow]] = {}
    for row in connection.execute(select(Redaction).order_by(Redaction.withdrawal_seq, Redaction.document_id)):
        redactions.setdefault(row.withdrawal_seq, []).append(row)
    barred = connection.execute(select(WithdrawnBytes)).all()
    return Withdrawals(
        corpus=corpus,
        tombstones=tombstones,
        addresses={row.sha256: row.withdrawal_seq for row in connection.execute(select(WithdrawnAddress))},
        blobs={row.sha256: row.withdrawal_seq for row in barred if not row.withheld},
        withheld={row.sha256: row.withdrawal_seq for row in barred if row.withheld},
        redactions=redactions,
        alive=frozenset(connection.execute(select(Document.id)).scalars()),
    )
