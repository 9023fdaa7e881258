"""What was withdrawn from one corpus, withdrawn from another: an older state of it, or a copy that was worked in.

A pack, a backup or a copy that was made before a withdrawal still has what was withdrawn. The tombstones of the corpus
that knows better say what to take out of it: documents by their ids, addresses and bytes by their hashes, passages by
the salted hash of their letters. Doing it twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from storage.addresses import document_id
from storage.captures import add_change
from storage.finishing import shown_text
from storage.forgetting import (
    DATABASE,
    Gone,
    bar_bytes,
    forget_held,
    leave_to_sweep,
    strip_accounts,
    strip_captures,
    take_down,
)
from storage.holdings import Holdings, check_idle, frozen_in, holdings
from storage.masked_again import flag_shown, masked_said
from storage.masking import Hashed
from storage.models import (
    Blob,
    Capture,
    Document,
    DocumentAlias,
    Extraction,
    Redaction,
    RunAddress,
    Version,
    Withdrawal,
    WithdrawnAddress,
    WithdrawnBytes,
)
from storage.postgres import count_on
from storage.reach import first_words, reached, said_elsewhere, says
from storage.redacting import FACT, leave_unread, mask, masking, remember, withhold
from storage.shapes import AnyRow
from storage.upserts import upsert
from storage.withdrawals import WITHDRAWN, Withdrawals, address_sha256

TOLD = ("at", "by", "reason", "document_id", "start", "end")
"""What makes two tombstones the same, whatever their numbers."""
HASHED = ("salt", "letters", "sha256", "whole_words")


@dataclass(slots=True, kw_only=True)
class Again:
    """What was withdrawn here because it had been withdrawn there."""

    tombstones: int = 0
    """Tombstones that this corpus did not have."""
    documents: list[str] = field(default_factory=list)
    masked: list[str] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)
    """Documents whose text here does not say the passage, or not in these words: marked `suspect`, to be looked at."""
    same: list[str] = field(default_factory=list)
    """Documents that say the words of a passage, and were not masked there either."""
    addresses: int = 0
    versions: int = 0
    blobs: int = 0
    freezes: list[str] = field(default_factory=list)

    @property
    def must_be_looked_at(self) -> bool:
        """Whether a person has something left to do."""
        return bool(self.not_found or self.same)


def withdraw_again(connection: Connection, there: Withdrawals, now: datetime) -> Again:
    """Withdraw here what was withdrawn there. Raises Busy while a run is at work on a source of what has to go."""
    done = Again()
    doomed = whole_documents(connection, there)
    masked = {row.document_id for rows in there.redactions.values() for row in rows}
    check_idle(connection, sorted({*doomed, *masked}), now)
    barred = addresses_barred(connection)
    numbers = entomb(connection, there, done)
    forget_all(connection, there, doomed, numbers, done)
    for seq in there.redactions:
        mask_as_there(connection, there, seq, numbers[seq], done)
    mask_unread(connection, masked)
    bar_addresses(connection, there, numbers)
    bar_blobs(connection, there, numbers, done)
    done.addresses = addresses_barred(connection) - barred
    if done != Again():
        leave_to_sweep(connection, DATABASE)
    return done


def addresses_barred(connection: Connection) -> int:
    """Return how many addresses are barred."""
    return connection.execute(select(func.count()).select_from(WithdrawnAddress)).scalar_one()


def entomb(connection: Connection, there: Withdrawals, done: Again) -> dict[int, int]:
    """Add the tombstones that are missing, by their numbers where those are free; return each number as it is here."""
    known = {told(row): row.seq for row in connection.execute(select(Withdrawal))}
    taken, numbers = set(known.values()), {}
    for seq, row in there.tombstones.items():
        if told(row) not in known:
            values = dict(zip(TOLD, told(row), strict=True)) | ({} if seq in taken else {"seq": seq})
            made = connection.execute(insert(Withdrawal).values(values).returning(Withdrawal.seq)).scalar_one()
            if connection.dialect.name == "postgresql":
                count_on(connection)
            known[told(row)] = made
            taken.add(made)
            done.tombstones += 1
        numbers[seq] = known[told(row)]
    return numbers


def told(tombstone: AnyRow) -> tuple[str | int | None, ...]:
    """Return what a tombstone says, without its number."""
    return tuple(getattr(tombstone, name) for name in TOLD)


def whole_documents(connection: Connection, there: Withdrawals) -> dict[str, int]:
    """Return the documents here that must go, each with the number that its tombstone has there.

    Those that were withdrawn there; those at an address that is barred there, unless they are there all the same; and
    those that ever had bytes which are not kept there under any address.
    """
    found: dict[str, int] = {}
    for row in connection.execute(select(Version.document_id, Version.blob_sha256).distinct()):
        if row.blob_sha256 in there.blobs:
            found[row.document_id] = there.blobs[row.blob_sha256]
    named = select(Document.id, Document.address).union_all(select(DocumentAlias.document_id, DocumentAlias.address))
    for row in connection.execute(named):
        seq = there.addresses.get(address_sha256(row.address))
        if seq is not None and row.id not in there.alive and there.tombstones[seq].start is None:
            found[row.id] = seq
    ids = {row.document_id: seq for seq, row in there.tombstones.items() if row.start is None}
    here = connection.execute(select(Document.id)).scalars()
    return found | {each: ids[each] for each in here if each in ids and each not in there.alive}


def forget_all(
    connection: Connection, there: Withdrawals, doomed: dict[str, int], numbers: dict[int, int], done: Again
) -> None:
    """Take documents down, and all that came and was not yet a document."""
    gone = Gone(documents=sorted(doomed))
    done.freezes += frozen_in(connection, gone.documents)
    held = {each: holdings(connection, each) for each in gone.documents}
    for each in gone.documents:
        take_down(connection, each, numbers[doomed[each]], gone)
        row = there.tombstones[doomed[each]]
        add_change(connection, at=row.at, run_id=None, document_id=each, fact=WITHDRAWN, reason=row.reason, by=row.by)
    for each in gone.documents:
        forget_held(connection, numbers[doomed[each]], [held[each]], gone)
    forget_strays(connection, there, numbers, gone)
    done.documents, done.versions, done.blobs = gone.documents, gone.versions, gone.blobs


def forget_strays(connection: Connection, there: Withdrawals, numbers: dict[int, int], gone: Gone) -> None:
    """Take out what came from a barred address, or with barred bytes, and is no document: not read yet, or failed."""
    named = (Capture.address, Capture.document_address)
    stray = select(Capture.seq, Capture.blob_sha256, *named).where(Capture.document_id.is_(None))
    captures: dict[int, list[AnyRow]] = {}
    for row in connection.execute(stray.where(Capture.role.not_in([WITHDRAWN, "robots"]))):
        hashes = (address_sha256(row.address), address_sha256(row.document_address))
        seq = next(
            (there.addresses[each] for each in hashes if each in there.addresses), there.blobs.get(row.blob_sha256)
        )
        if seq is not None:
            captures.setdefault(seq, []).append(row)
    for seq, rows in captures.items():
        strip_captures(connection, Capture.seq.in_([row.seq for row in rows]))
        strip_accounts(connection, {row.address for row in rows})
        blobs = frozenset(row.blob_sha256 for row in rows if row.blob_sha256)
        texts = select(Extraction.text_sha256).where(Extraction.blob_sha256.in_(sorted(blobs)))
        held = Holdings(blobs=blobs, texts=frozenset(connection.execute(texts).scalars()))
        forget_held(connection, numbers[seq], [held], gone)
    met = connection.execute(select(RunAddress.address).where(RunAddress.document_id.is_(None)).distinct()).scalars()
    strip_accounts(connection, {each for each in met if address_sha256(each) in there.addresses})


def mask_as_there(connection: Connection, there: Withdrawals, seq: int, number: int, done: Again) -> None:
    """Mask one passage in the documents that have it here, and remember it for those that may still come."""
    rows, row = there.redactions[seq], there.tombstones[seq]
    hashed = Hashed(**{name: getattr(rows[0], name) for name in HASHED})
    known = set(connection.execute(select(Redaction.document_id).where(Redaction.withdrawal_seq == number)).scalars())
    named = {each.document_id for each in rows} | with_bytes(connection, there, seq)
    here = sorted(connection.execute(select(Document.id).where(Document.id.in_(sorted(named)))).scalars())
    chosen = list(dict.fromkeys(other for each in here for other in [each, *reached(connection, each, hashed)]))
    new = [each for each in chosen if each not in known]
    if new:
        mask_new(connection, hashed, number, new, row.at, done)
    for each in sorted({*named, *new} - known):
        remember(connection, each, number, hashed)
    for each in new:
        add_change(connection, at=row.at, run_id=None, document_id=each, fact=FACT, reason=row.reason, by=row.by)


def with_bytes(connection: Connection, there: Withdrawals, seq: int) -> set[str]:
    """Return the documents that ever had bytes which are withheld there because they say a passage."""
    blobs = [digest for digest, number in there.withheld.items() if number == seq]
    found: set[str] = set()
    for start in range(0, len(blobs), 500):
        having = select(Version.document_id).where(Version.blob_sha256.in_(blobs[start : start + 500]))
        found |= set(connection.execute(having.distinct()).scalars())
    return found


def mask_new(connection: Connection, hashed: Hashed, number: int, chosen: list[str], at: str, done: Again) -> None:
    """Mask a passage in documents that still say it, and flag those whose shown text does not say it as it was."""
    work = masking(connection, hashed, number, chosen)
    missed = [each for each in chosen if not says(connection.execute(shown_text(each)).one().text, hashed)]
    said = [first_words(each.text, span) for each in work.veil.texts for span in each.spans[:1]]
    gone = mask(work, chosen)
    for each in missed:
        flag_shown(connection, each, at)
    done.not_found = sorted({*done.not_found, *missed})
    done.masked = sorted({*done.masked, *chosen})
    done.versions += gone.versions
    done.blobs += gone.blobs
    done.freezes = sorted({*done.freezes, *gone.freezes})
    for words in said[:1]:
        done.same = sorted({*done.same, *said_elsewhere(connection, hashed, words)})


def mask_unread(connection: Connection, masked: set[str]) -> None:
    """Mask what listings said of documents that were fetched here and not read yet; their texts are when they are."""
    unread = select(Capture).where(Capture.document_id.is_(None), Capture.role == "document")
    for row in connection.execute(unread).all():
        identity = document_id(row.document_address)
        said = {"hints": row.hints, "headers": row.headers}
        if identity in masked and (veiled := masked_said(connection, identity, said)) != said:
            connection.execute(update(Capture).where(Capture.seq == row.seq).values(veiled))
            leave_to_sweep(connection, DATABASE)


def bar_addresses(connection: Connection, there: Withdrawals, numbers: dict[int, int]) -> None:
    """Bar the addresses that are barred there, but for those of documents that stay here."""
    named = select(Document.address).union(select(DocumentAlias.address))
    here = {address_sha256(each) for each in connection.execute(named).scalars()} if there.addresses else set()
    for digest in sorted(there.addresses.keys() - here):
        row = {"sha256": digest, "withdrawal_seq": numbers[there.addresses[digest]]}
        connection.execute(upsert(connection, WithdrawnAddress).values(row).on_conflict_do_nothing())


def bar_blobs(connection: Connection, there: Withdrawals, numbers: dict[int, int], done: Again) -> None:
    """Bar the bytes that are barred there, and have those removed that say a passage."""
    known = set(connection.execute(select(WithdrawnBytes.sha256)).scalars())
    for digest in sorted(there.blobs.keys() - known):
        bar_bytes(connection, digest, numbers[there.blobs[digest]], withheld=False)
    for digest in sorted(there.withheld.keys() - known):
        number = numbers[there.withheld[digest]]
        withhold(connection, digest, number)
        leave_unread(connection, digest, number)
        done.blobs += connection.execute(select(Blob.sha256).where(Blob.sha256 == digest)).first() is not None
