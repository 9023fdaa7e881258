"""Relations: found as documents arrive, the same whatever the order, and never a deletion.

The lead copy of documents that say the same is the one that arrived first (the smallest capture number). Only these,
with the same bytes or the same text, are hidden behind their lead; what else documents have to do with each other
(`weaving`) is kept between leads and hides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import aliased

from extract.likeness import Likeness
from storage.models import BodyText, Document, Relation, Run, RunAddress, Version
from storage.shapes import AnyRow, table_of
from storage.weaving import weave, weave_again, weave_new

REPEATS = ("same_bytes", "same_text")
MOVED = "moved_to"
"""Read from a document that is gone to the later one with its bytes."""
BEGINNING = 2_000
"""Characters that tell whether a text says anything: a scan of many pages is line ends and no more."""


_RELATION, _DOCUMENT = table_of(Relation), table_of(Document)
# Built once: building a statement costs more than executing it.
_POINTING = select(Relation.document_id).where(Relation.other_id == bindparam("identity"), Relation.type.in_(REPEATS))
_CURRENT = (
    select(
        Document.id,
        Document.lead_id,
        Document.first_capture_seq,
        Version.blob_sha256,
        Version.text_sha256,
        func.substr(BodyText.text, 1, BEGINNING).label("beginning"),
    )
    .join(Version, Version.id == Document.current_version_id)
    .join(BodyText, BodyText.sha256 == Version.text_sha256)
    .where(Document.id == bindparam("identity"))
)
_SHOWING = (
    select(Document.id, Document.first_capture_seq, Version.blob_sha256)
    .join(Version, and_(Version.document_id == Document.id, Version.id == Document.current_version_id))
    .where(Document.id != bindparam("identity"))
)
_SAME = _SHOWING.where(Version.blob_sha256 == bindparam("blob")).union(
    _SHOWING.where(Version.text_sha256 == bindparam("text"))
)
_LEAD = select(Document.lead_id).where(Document.id == bindparam("identity"))
_FOLLOW = update(_DOCUMENT).where(_DOCUMENT.c.id == bindparam("identity")).values(lead_id=bindparam("lead"))
_REPEAT = insert(_RELATION)
_REPEAT_NOT = delete(_RELATION).where(_RELATION.c.document_id == bindparam("identity"), _RELATION.c.type.in_(REPEATS))


def relate_new(connection: Connection, identity: str, same: dict[str, str | None], found: Likeness) -> bool:
    """Do what `relate` does for a document that has just come, and has therefore no relation yet.

    `same` names the `blob` that it shows, and the `text` where that says anything.
    """
    if connection.execute(_SAME, same | {"identity": identity}).first():
        return relate(connection, identity, found)
    for other in sorted(weave_new(connection, identity, found)):
        weave_again(connection, other)
    return False


def relate(connection: Connection, identity: str, found: Likeness | None) -> bool:
    """Find what a document has to do with others; return whether an earlier document says the same.

    Also takes back what no longer holds after a change of text. `found` is what the shown text is compared by: nothing
    for a document that has no text any more.
    """
    changed = _relate_copies(connection, identity)
    touched = weave(connection, identity, found)
    for other in sorted((changed | touched) - {identity}):
        weave_again(connection, other)
    lead = connection.execute(_LEAD, {"identity": identity}).scalar_one()
    return lead is not None


def says_anything(text: str) -> bool:
    """Return whether a text has a letter: documents without one have nothing in common but their bytes."""
    return any(map(str.isalnum, text[:BEGINNING]))


def _relate_copies(connection: Connection, identity: str) -> set[str]:
    """Find what a document repeats and what repeats it; return the documents that have another lead than before."""
    mine = _current(connection, identity)
    touched = {identity, *connection.execute(_POINTING, {"identity": identity}).scalars()}
    if mine:
        same = _sharing(connection, mine)
        touched |= {row.id for row in same if row.first_capture_seq > mine.first_capture_seq}
    return {other for other in sorted(touched) if _relate_one(connection, other)}


def relate_moved(connection: Connection) -> list[tuple[str, str]]:
    """Point documents that are gone at a later one with the same bytes; return the pairs that are new.

    A document that came back has not moved: what said so is taken back.
    """
    back = select(Document.id).where(Document.gone_at.is_(None))
    connection.execute(delete(Relation).where(Relation.type == MOVED, Relation.document_id.in_(back)))
    old, new = aliased(Document), aliased(Document)
    before, after = aliased(Version), aliased(Version)
    known = select(Relation.document_id).where(Relation.type == MOVED)
    query = (
        select(old.id, new.id)
        .join(before, before.id == old.current_version_id)
        .join(after, after.blob_sha256 == before.blob_sha256)
        .join(new, new.current_version_id == after.id)
        .where(old.gone_at.is_not(None), new.gone_at.is_(None), new.first_capture_seq > old.first_capture_seq)
        .where(old.id.not_in(known))
        .order_by(old.id, new.first_capture_seq)
    )
    pairs: dict[str, str] = {}
    for gone, there in connection.execute(query):
        pairs.setdefault(gone, there)
    rows = [
        {"document_id": a, "other_id": b, "type": MOVED, "similarity": 1.0, "how": "gone, and its bytes are there"}
        for a, b in pairs.items()
    ]
    if rows:
        connection.execute(insert(Relation), rows)
    return list(pairs.items())


def _current(connection: Connection, identity: str) -> AnyRow | None:
    return connection.execute(_CURRENT, {"identity": identity}).one_or_none()


def _sharing(connection: Connection, mine: AnyRow) -> Sequence[AnyRow]:
    """Return the other documents that now show the same bytes or the same text."""
    text = mine.text_sha256 if says_anything(mine.beginning) else None
    return connection.execute(_SAME, {"identity": mine.id, "blob": mine.blob_sha256, "text": text}).all()


def _relate_one(connection: Connection, identity: str) -> bool:
    """Point one document at the earliest that says the same, or let it lead; return whether its lead is another."""
    mine = _current(connection, identity)
    same = _sharing(connection, mine) if mine else []
    earlier = [row for row in same if mine and row.first_capture_seq < mine.first_capture_seq]
    lead = min(earlier, key=lambda row: row.first_capture_seq, default=None)
    if mine and mine.lead_id is None and lead is None:
        return False
    connection.execute(_REPEAT_NOT, {"identity": identity})
    connection.execute(_FOLLOW, {"identity": identity, "lead": lead.id if lead else None})
    if lead is not None and mine is not None:
        kind = "same_bytes" if lead.blob_sha256 == mine.blob_sha256 else "same_text"
        how = "the same SHA-256" if kind == "same_bytes" else "the same text, read from other bytes"
        row = {"document_id": identity, "other_id": lead.id, "type": kind, "similarity": 1.0, "how": how}
        connection.execute(_REPEAT, row)
        _count_as_related(connection, identity)
    return mine is None or mine.lead_id != (lead.id if lead else None)


def _count_as_related(connection: Connection, identity: str) -> None:
    """In runs that are still open, a new document that turns out to repeat an earlier one is not `stored`."""
    going_on = select(Run.id).where(Run.ended_at.is_(None))
    connection.execute(
        update(RunAddress)
        .where(RunAddress.document_id == identity, RunAddress.state == "stored", RunAddress.run_id.in_(going_on))
        .values(state="related")
    )
