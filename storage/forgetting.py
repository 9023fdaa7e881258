"""Taking a document down: every row that holds a word of it goes, and a tombstone without content stays.

All of it is one transaction. The bytes, and what the database keeps of deleted rows, are swept away afterwards
(`sweeping`): what is still to be swept stands in a table, so that a kill in between leaves nothing behind for good.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from storage import index
from storage.captures import ASKED, add_change
from storage.chunking import pieces_of
from storage.decisions import Who
from storage.finishing import shown_text
from storage.holdings import (
    Holdings,
    addresses_of,
    captured,
    check_idle,
    frozen_in,
    holdings,
    related,
    same_as,
    still_held,
)
from storage.models import (
    Blob,
    BodyText,
    Capture,
    Change,
    Decision,
    Document,
    DocumentAlias,
    DocumentSource,
    Extraction,
    FrozenVersion,
    LedgerExplanation,
    Passage,
    RedactedText,
    Redaction,
    Relation,
    Run,
    RunAddress,
    Unswept,
    Version,
    Withdrawal,
    WithdrawnAddress,
    WithdrawnBytes,
)
from storage.relations import relate
from storage.shapes import AnySelect
from storage.upserts import upsert
from storage.withdrawals import WITHDRAWN, address_sha256, host_only, nameless

DATABASE = ""
"""The name under which the files of the database itself wait to be swept."""
KEPT_IN_FREEZES = ("id", "version", "sha256", "text_sha256")


@dataclass(slots=True, kw_only=True)
class Gone:
    """What a withdrawal took away, and what it could not."""

    documents: list[str] = field(default_factory=list)
    addresses: int = 0
    versions: int = 0
    blobs: int = 0
    texts: int = 0
    freezes: list[str] = field(default_factory=list)
    """The freezes that have lost a version."""
    same: dict[str, str] = field(default_factory=dict)
    """Documents that still hold the same bytes or the same text, each with which of the two."""
    related: list[str] = field(default_factory=list)
    """Documents that may say it too: nearly the same text, the minutes it stands in, its translation."""


def forget(connection: Connection, identity: str, reason: str, who: Who, *, copies: bool) -> Gone:
    """Withdraw a document, and with `copies` those with the same bytes or text. Raises Busy while a run is at work."""
    chosen = [identity, *(sorted(same_as(connection, [identity])) if copies else [])]
    check_idle(connection, chosen, datetime.fromisoformat(who.at))
    gone, held = Gone(documents=chosen), [holdings(connection, each) for each in chosen]
    gone.related = related(connection, chosen)
    gone.freezes = frozen_in(connection, chosen)
    seqs = [_forget_one(connection, each, reason, who, gone) for each in chosen]
    forget_held(connection, seqs[0], held, gone)
    gone.same = still_held(connection, held)
    gone.related = [each for each in gone.related if each not in gone.same]
    return gone


def _forget_one(connection: Connection, identity: str, reason: str, who: Who, gone: Gone) -> int:
    tombstone = {"at": who.at, "by": who.by, "reason": reason, "document_id": identity}
    seq = connection.execute(insert(Withdrawal).values(tombstone).returning(Withdrawal.seq)).scalar_one()
    take_down(connection, identity, seq, gone)
    add_change(connection, at=who.at, run_id=None, document_id=identity, fact=WITHDRAWN, reason=reason, by=who.by)
    return seq


def take_down(connection: Connection, identity: str, seq: int, gone: Gone) -> None:
    """Remove a document that has a tombstone; its bytes and texts are `forget_held`'s, and wait for all others."""
    named = addresses_of(connection, identity)
    for address in named:
        row = {"sha256": address_sha256(address), "withdrawal_seq": seq}
        connection.execute(upsert(connection, WithdrawnAddress).values(row).on_conflict_do_nothing())
    gone.addresses += len(named)
    gone.versions += _hide(connection, identity)
    strip_captures(connection, captured(connection, identity))
    accounts = select(RunAddress.address).where(RunAddress.document_id == identity).distinct()
    strip_accounts(connection, {*named, *connection.execute(accounts).scalars()})
    _blank(connection, identity)
    mine = select(Version.id).where(Version.document_id == identity)
    connection.execute(delete(Passage).where(Passage.version_id.in_(mine)))
    for table in (Version, Decision, DocumentAlias, DocumentSource, Redaction, RedactedText):
        connection.execute(delete(table).where(table.document_id == identity))
    connection.execute(delete(Document).where(Document.id == identity))


def _hide(connection: Connection, identity: str) -> int:
    """Take a document out of the index and out of every relation; return how many versions it has."""
    shown = connection.execute(shown_text(identity)).one()
    index.remove(connection, identity, pieces_of(shown.text, shown.facts))
    nothing = {"current_version_id": None, "extraction_id": None}
    connection.execute(update(Document).where(Document.id == identity).values(nothing))
    relate(connection, identity, None)
    mine = (Relation.document_id == identity) | (Relation.other_id == identity)
    connection.execute(delete(Relation).where(mine))
    return len(connection.execute(select(Version.id).where(Version.document_id == identity)).all())


def strip_captures(connection: Connection, which: Any) -> None:
    """Leave of some captures that something was asked of that host, when, and what the status was."""
    for row in connection.execute(select(Capture).where(which)).all():
        asked = {name: value for name, value in row.headers.items() if name == ASKED}
        bare = {
            "role": WITHDRAWN,
            "request_key": "",
            "url": host_only(row.url),
            "address": nameless(row.address),
            "document_address": "",
            "headers": asked,
            "blob_sha256": None,
            "hints": {},
            "waiting": False,
            "document_id": None,
        }
        connection.execute(update(Capture).where(Capture.seq == row.seq).values(bare))


def strip_accounts(connection: Connection, named: Collection[str]) -> None:
    """Keep the places in the runs' accounts, without the addresses; the figures of the runs stay as they are."""
    for address in named:
        bare = {"address": nameless(address), "reason": WITHDRAWN, "detail": "", "words": "", "document_id": None}
        connection.execute(update(RunAddress).where(RunAddress.address == address).values(bare))
        told_of = LedgerExplanation.gap.contains(address, autoescape=True)
        bare_gap = func.replace(LedgerExplanation.gap, address, nameless(address))
        connection.execute(update(LedgerExplanation).where(told_of).values(gap=bare_gap))
    for run in connection.execute(select(Run.seq, Run.alarms)).all():
        told = json.dumps(run.alarms)
        bare_told = told
        for address in named:
            bare_told = bare_told.replace(json.dumps(address)[1:-1], nameless(address))
        if bare_told != told:
            connection.execute(update(Run).where(Run.seq == run.seq).values(alarms=json.loads(bare_told)))


def _blank(connection: Connection, identity: str) -> None:
    """Empty what was said of a document where its place must stay: in the change feed and in freezes."""
    connection.execute(update(Change).where(Change.document_id == identity).values(detail={}))
    mine = FrozenVersion.document_id == identity
    for row in connection.execute(select(FrozenVersion).where(mine)).all():
        shown = {name: value if name in KEPT_IN_FREEZES else type(value)() for name, value in row.shown.items()}
        place = (FrozenVersion.freeze_name == row.freeze_name) & (FrozenVersion.place == row.place)
        connection.execute(update(FrozenVersion).where(place).values(shown=shown))


def forget_held(connection: Connection, seq: int, held: list[Holdings], gone: Gone) -> None:
    """Delete readings, texts and blobs that nothing else uses; remember the bytes, so that they do not come back."""
    blobs = sorted({digest for each in held for digest in each.blobs})
    texts = sorted({digest for each in held for digest in each.texts})
    used: tuple[AnySelect, ...] = (
        select(Version.extraction_id),
        select(Document.extraction_id).where(Document.extraction_id.is_not(None)),
        select(FrozenVersion.extraction_id).where(FrozenVersion.document_id.in_(select(Document.id))),
    )
    unread = [Extraction.id.not_in(each) for each in used]
    connection.execute(delete(Extraction).where(Extraction.blob_sha256.in_(blobs), *unread))
    unsaid = [BodyText.sha256.not_in(select(table.text_sha256)) for table in (Version, Extraction)]
    gone.texts = connection.execute(delete(BodyText).where(BodyText.sha256.in_(texts), *unsaid)).rowcount
    for digest in blobs:
        size = connection.execute(select(Blob.size).where(Blob.sha256 == digest)).scalar()
        if size is not None and not in_use(connection, digest):
            gone.blobs += 1
            connection.execute(delete(Blob).where(Blob.sha256 == digest))
            if size:  # an empty file is no one's
                bar_bytes(connection, digest, seq, withheld=False)
            leave_to_sweep(connection, digest)
    leave_to_sweep(connection, DATABASE)


def in_use(connection: Connection, digest: str) -> bool:
    """Return whether a capture, a version or a reading still rests on some bytes."""
    return any(
        connection.execute(select(table.blob_sha256).where(table.blob_sha256 == digest).limit(1)).first()
        for table in (Capture, Version, Extraction)
    )


def bar_bytes(connection: Connection, digest: str, seq: int, *, withheld: bool) -> None:
    """Remember that some bytes are not kept when they come again."""
    row = {"sha256": digest, "withdrawal_seq": seq, "withheld": withheld}
    changed = {name: row[name] for name in ("withdrawal_seq", "withheld")}
    barred = upsert(connection, WithdrawnBytes).values(row)
    connection.execute(barred.on_conflict_do_update(index_elements=["sha256"], set_=changed))


def leave_to_sweep(connection: Connection, name: str) -> None:
    """Note what has to be removed outside this transaction."""
    connection.execute(upsert(connection, Unswept).values(sha256=name).on_conflict_do_nothing())
