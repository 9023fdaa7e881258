"""Masking a passage of a document that stays: in every text, quote, note and freeze that has it; its bytes go.

It reaches all documents that have the passage with the same bytes or in the same text: left in one of them, it would
still be there. What finds it in a later version is kept as a hash of its letters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from extract.likeness import likeness
from storage import decisions, index
from storage.captures import add_change
from storage.chunking import pieces_of
from storage.decisions import PAGE, TAG, Who
from storage.errors import WrongUse
from storage.facts import text_sha256
from storage.finishing import shown_text
from storage.forgetting import DATABASE, Gone, bar_bytes, leave_to_sweep
from storage.holdings import captured, check_idle, frozen_in, holdings, related
from storage.masked_facts import masked_facts, masked_words
from storage.masking import FEWEST, Hashed, Known, Veil, passage_at
from storage.models import (
    BodyText,
    Capture,
    Change,
    Decision,
    Extraction,
    FrozenVersion,
    Passage,
    RedactedText,
    Redaction,
    RunAddress,
    Version,
    Withdrawal,
)
from storage.reach import first_words, reached, said_elsewhere, texts_of
from storage.relations import relate
from storage.upserts import upsert
from storage.withdrawals import WITHDRAWN, refusal

FACT = "redacted"
# Made once: it is asked for every text that is saved.
_PASSAGES = (
    select(Redaction.salt, Redaction.letters, Redaction.sha256, Redaction.whole_words)
    .where(Redaction.document_id == bindparam("document"))
    .order_by(Redaction.withdrawal_seq)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A passage to be withdrawn: of which document, where, and why."""

    document_id: str
    start: int
    end: int
    reason: str
    salt: str
    """What its hash is made with: any random word."""


@dataclass(slots=True)
class Masking:
    """One redaction under way."""

    connection: Connection
    known: Known | Hashed
    seq: int
    veil: Veil
    texts: dict[str, str] = field(default_factory=dict)
    """The hash of each masked text by that of the text it replaces."""
    blobs: set[str] = field(default_factory=set)
    """Bytes that have the passage."""


def redact(connection: Connection, wanted: Wanted, who: Who) -> Gone:
    """Mask a passage wherever its document says it. Raises WrongUse for a place where there is none, and Busy."""
    known = passage_of(connection, wanted)
    chosen = reached(connection, wanted.document_id, known)
    check_idle(connection, chosen, datetime.fromisoformat(who.at))
    tombstone = {"at": who.at, "by": who.by, "reason": wanted.reason, "document_id": wanted.document_id}
    place = {"start": wanted.start, "end": wanted.end}
    seq = connection.execute(insert(Withdrawal).values(tombstone | place).returning(Withdrawal.seq)).scalar_one()
    words = first_words(connection.execute(shown_text(wanted.document_id)).one().text, (wanted.start, wanted.end))
    gone = mask(masking(connection, known, seq, chosen), chosen)
    for each in chosen:
        remember(connection, each, seq, known.hashed(wanted.salt))
        add_change(connection, at=who.at, run_id=None, document_id=each, fact=FACT, reason=wanted.reason, by=who.by)
    gone.same = dict.fromkeys(said_elsewhere(connection, known, words), "the words")
    return gone


def masking(connection: Connection, known: Known | Hashed, seq: int, chosen: list[str]) -> Masking:
    """Return the masking of a passage in some documents, not yet begun."""
    return Masking(connection, known, seq, Veil([known], texts_of(connection, chosen).values()))


def mask(work: Masking, chosen: list[str]) -> Gone:
    """Mask a passage in all that is kept of some documents, and have the bytes that say it removed."""
    connection = work.connection
    for each in chosen:
        row = connection.execute(shown_text(each)).one()
        index.remove(connection, each, pieces_of(row.text, row.facts))
    _mask_texts(work)
    _mask_readings(work, chosen)
    gone = Gone(documents=chosen, texts=len(work.texts), freezes=frozen_in(connection, chosen))
    for each in chosen:
        gone.versions += _mask_document(work, each)
    for each in chosen:
        _show_again(connection, each)
    _drop_texts(work)
    _withhold(work)
    gone.blobs = len(work.blobs)
    gone.related = related(connection, chosen)
    return gone


def passage_of(connection: Connection, wanted: Wanted) -> Known:
    """Return the passage that is meant. Raises WrongUse where there is none."""
    text = connection.execute(shown_text(wanted.document_id)).one().text
    if not 0 <= wanted.start < wanted.end <= len(text):
        raise WrongUse(
            f"The text of {wanted.document_id} has {len(text)} characters: {wanted.start}-{wanted.end} is no place "
            "in it; `minutier show` with --json and `cite` count them."
        )
    known = passage_at(text, wanted.start, wanted.end)
    if known is None:
        raise WrongUse(
            f"Between {wanted.start} and {wanted.end} of {wanted.document_id} stand fewer than {FEWEST} letters or "
            "digits: name a longer passage."
        )
    return known


def _mask_texts(work: Masking) -> None:
    for veiled in work.veil.texts:
        text, masked = veiled.text, veiled.masked
        if masked != text:
            work.texts[text_sha256(text)] = digest = text_sha256(masked)
            row = {"sha256": digest, "length": len(masked), "text": masked}
            work.connection.execute(upsert(work.connection, BodyText).values(row).on_conflict_do_nothing())


def _mask_readings(work: Masking, chosen: list[str]) -> None:
    """Mask what was read from the bytes of some documents, and from all bytes that gave one of these texts."""
    blobs = sorted({digest for each in chosen for digest in holdings(work.connection, each).blobs})
    mine = Extraction.blob_sha256.in_(blobs) | Extraction.text_sha256.in_(sorted(work.texts))
    readings = select(Extraction.id, Extraction.blob_sha256, Extraction.text_sha256, Extraction.facts, BodyText.text)
    for row in work.connection.execute(readings.join(BodyText).where(mine)).all():
        found = masked_facts(row.facts, row.text, work.veil)
        text = work.texts.get(row.text_sha256, row.text_sha256)
        if text != row.text_sha256 or found != row.facts:
            work.blobs.add(row.blob_sha256)
            changed = update(Extraction).where(Extraction.id == row.id).values(text_sha256=text, facts=found)
            work.connection.execute(changed)
        elif not any(map(str.isalnum, row.text)):
            work.blobs.add(row.blob_sha256)  # a picture that nobody has read may show it


def _mask_document(work: Masking, identity: str) -> int:
    """Mask a passage in all that is kept of one document; return how many versions had it."""
    connection, versions = work.connection, 0
    for was, now in work.texts.items():
        mine = (Version.document_id == identity) & (Version.text_sha256 == was)
        versions += connection.execute(update(Version).where(mine).values(text_sha256=now)).rowcount
        before = (RedactedText.document_id == identity) & (RedactedText.now == was)
        connection.execute(update(RedactedText).where(before).values(now=now))
        row = {"document_id": identity, "was": was, "now": now}
        connection.execute(upsert(connection, RedactedText).values(row).on_conflict_do_nothing())
    _mask_passages(work, identity)
    _mask_people(work, identity)
    for capture in connection.execute(select(Capture).where(captured(connection, identity))).all():
        said = {"hints": masked_words(capture.hints, work.veil), "headers": masked_words(capture.headers, work.veil)}
        _change(work, Capture, Capture.seq == capture.seq, said)
    for frozen in connection.execute(select(FrozenVersion).where(FrozenVersion.document_id == identity)).all():
        place = (FrozenVersion.freeze_name == frozen.freeze_name) & (FrozenVersion.place == frozen.place)
        _change(work, FrozenVersion, place, {"shown": masked_words(frozen.shown, work.veil)})
    return versions


def _mask_people(work: Masking, identity: str) -> None:
    """Mask what people said of a document, in their decisions and in the change feed."""
    names = ("field", "value", "machine", "because")
    for row in work.connection.execute(select(Decision).where(Decision.document_id == identity)).all():
        said = {name: getattr(row, name) for name in names}
        _change(work, Decision, Decision.seq == row.seq, _decided(work.veil, said))
    for entry in work.connection.execute(select(Change).where(Change.document_id == identity)).all():
        detail = _decided(work.veil, masked_words(entry.detail, work.veil))
        _change(work, Change, Change.seq == entry.seq, {"detail": detail})


def _decided(veil: Veil, said: dict[str, Any]) -> dict[str, Any]:
    """Return a decision, or its entry in the change feed, with the words of a person masked."""
    name = str(said.get("field", ""))
    free = name in ("title", "note", "authority") or name.startswith((TAG, PAGE))
    masked = {each: veil.words(said[each]) for each in ("value", "machine") if free and said.get(each)}
    masked |= {"because": veil.words(said["because"])} if said.get("because") else {}
    masked |= {"field": TAG + veil.words(name.removeprefix(TAG))} if name.startswith(TAG) else {}
    return {**said, **masked}


def _mask_passages(work: Masking, identity: str) -> None:
    mine = select(Version.id).where(Version.document_id == identity)
    for row in work.connection.execute(select(Passage).where(Passage.version_id.in_(mine), Passage.label != "")).all():
        if work.veil.words(row.label) != row.label:
            label = f"#{row.number}" if row.kind == "act" else ""
            work.connection.execute(update(Passage).where(Passage.id == row.id).values(label=label))


def _change(work: Masking, table: Any, which: Any, values: dict[str, Any]) -> None:
    """Write the masked values of a row."""
    work.connection.execute(update(table).where(which).values(values))


def remember(connection: Connection, identity: str, seq: int, hashed: Hashed) -> None:
    """Keep what finds a passage again in the later texts of a document."""
    row = {name: getattr(hashed, name) for name in hashed.__slots__}
    connection.execute(insert(Redaction).values(row | {"withdrawal_seq": seq, "document_id": identity}))


def _show_again(connection: Connection, identity: str) -> None:
    """Set the listed columns of a document, its index rows and its relations from its masked text."""
    decisions.show(connection, identity)
    row = connection.execute(shown_text(identity)).one()
    index.add(connection, identity, pieces_of(row.text, row.facts))
    relate(connection, identity, likeness(row.text))


def _drop_texts(work: Masking) -> None:
    """Delete the texts that were masked: every version and every reading of them has the masked one now."""
    work.connection.execute(delete(BodyText).where(BodyText.sha256.in_(sorted(work.texts))))


def _withhold(work: Masking) -> None:
    """Have the bytes that say it removed; what waits to be read from them is not read."""
    for digest in sorted(work.blobs):
        withhold(work.connection, digest, work.seq)
        leave_unread(work.connection, digest, work.seq)
    leave_to_sweep(work.connection, DATABASE)


def withhold(connection: Connection, digest: str, seq: int) -> None:
    """Remember that some bytes stay away, and have them removed."""
    bar_bytes(connection, digest, seq, withheld=True)
    leave_to_sweep(connection, digest)


def leave_unread(connection: Connection, digest: str, seq: int) -> None:
    """Take some bytes that are withheld out of what waits to be read, and settle their places in the runs' accounts."""
    tombstone = connection.execute(select(Withdrawal).where(Withdrawal.seq == seq)).one()
    told = {"state": "skipped", "reason": WITHDRAWN, "detail": refusal(tombstone.document_id, tombstone.at)}
    here = (Capture.blob_sha256 == digest) & Capture.waiting
    for row in connection.execute(select(Capture.seq, Capture.run_id, Capture.address).where(here)).all():
        connection.execute(update(Capture).where(Capture.seq == row.seq).values(waiting=False))
        pending = (RunAddress.run_id == row.run_id) & (RunAddress.address == row.address)
        connection.execute(update(RunAddress).where(pending, RunAddress.state == "pending").values(told))


def passages(connection: Connection, identity: str) -> tuple[Hashed, ...]:
    """Return the passages that are masked in every text of a document."""
    return tuple(Hashed(**row._mapping) for row in connection.execute(_PASSAGES, {"document": identity}))
