"""Finding what a document has to do with others: looked up by traces, compared, entered.

The cost of a document does not grow with the corpus: a value leads to no more than its cap of others, and where one
becomes common, only the relations that rest on it are looked at again.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, insert, select
from sqlalchemy.orm import aliased

from extract.likeness import Likeness, bands, worth_comparing
from storage.kinship import Kin, Paper, kinship
from storage.models import BodyText, Capture, Document, Extraction, Relation, Signature, Source, Version
from storage.shapes import AnyRow, AnySelect, table_of
from storage.traces import OF_AN_ACT, Kinds, Sharing, common_of, put, renew, sharing, signed, take_back, traces_of

WOVEN = ("near", "contains", "same_act", "translation")
BATCH = 500

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_RELATION = table_of(Relation)
_JOIN = insert(_RELATION)
_LOOSEN = delete(_RELATION).where(
    _RELATION.c.type.in_(WOVEN),
    (_RELATION.c.document_id == bindparam("of")) | (_RELATION.c.other_id == bindparam("of")),
)
_UNJOIN = delete(_RELATION).where(
    _RELATION.c.document_id == bindparam("of"), _RELATION.c.other_id == bindparam("other"), _RELATION.c.type == "near"
)
_KNOWN = (
    select(
        Document.id,
        Document.first_capture_seq.label("seq"),
        Document.address,
        Document.act_type,
        Document.language,
        Document.lead_id,
        Extraction.facts,
        func.coalesce(Source.authority_id, Source.id).label("publisher"),
    )
    .join(Extraction, Extraction.id == Document.extraction_id)
    .join(Version, Version.id == Document.current_version_id)
    .join(Capture, Capture.seq == Document.first_capture_seq)
    .join(Source, Source.id == Capture.source_id)
)
"""Documents with their publisher: the authority, else the source that met them first."""
_PAPER, _PAPERS = _KNOWN.where(Document.id == bindparam("id")), _KNOWN.where(Document.id.in_(_IDS))
_LEADING = (
    select(Document.id, Signature.seq, Signature.size, Signature.signature, Document.act_type)
    .join(Document, Document.first_capture_seq == Signature.seq)
    .where(Signature.seq.in_(_IDS), Document.lead_id.is_(None))
    .order_by(Document.id)
)
_TEXTS = (
    select(Document.id, BodyText.text)
    .join(Version, Version.id == Document.current_version_id)
    .join(BodyText, BodyText.sha256 == Version.text_sha256)
    .where(Document.id.in_(_IDS))
)
_NAMED = select(Document.id).where(Document.first_capture_seq.in_(_IDS))
_THEIRS, _OTHERS = aliased(Document), aliased(Document)
_BETWEEN = (
    select(_THEIRS.id, _OTHERS.id.label("other_id"), Signature.size, Signature.signature, Relation.type)
    .join(Relation, Relation.document_id == _THEIRS.id)
    .join(_OTHERS, _OTHERS.id == Relation.other_id)
    .join(Signature, Signature.seq == _OTHERS.first_capture_seq)
    .where(_THEIRS.first_capture_seq.in_(_IDS), Relation.type.in_(WOVEN))
)
"""The relations that some documents have to earlier ones, or to their parts."""


def weave_new(connection: Connection, identity: str, found: Likeness) -> set[str]:
    """Do what `weave` does for a document that has just come."""
    paper = connection.execute(_PAPER, {"id": identity}).one()
    kinds = traces_of(paper._asdict(), found)
    put(connection, paper.seq, found, kinds)
    return _weave(connection, paper, found, kinds) - {identity}


def weave(connection: Connection, identity: str, found: Likeness | None) -> set[str]:
    """Find what a document has to do with others, after its text or facts changed; `found` is nothing without a text.

    Returns the others whose relations must be found again, because a value they share became common or rare.
    """
    connection.execute(_LOOSEN, {"of": identity})
    paper = connection.execute(_PAPER, {"id": identity}).one_or_none()
    if paper is None or found is None:
        return _named(connection, take_back(connection, identity)) - {identity}
    kinds = traces_of(paper._asdict(), found)
    rare_again = renew(connection, identity, paper.seq, found, kinds)
    return (_named(connection, rare_again) | _weave(connection, paper, found, kinds)) - {identity}


def weave_again(connection: Connection, identity: str) -> None:
    """Find the relations of a document again, from the traces that are there."""
    connection.execute(_LOOSEN, {"of": identity})
    paper, kept = connection.execute(_PAPER, {"id": identity}).one_or_none(), signed(connection, identity)
    if paper is not None and kept is not None:
        mine = _likeness(kept)
        _weave(connection, paper, mine, traces_of(paper._asdict(), mine))


def _likeness(row: AnyRow) -> Likeness:
    return Likeness(size=row.size, signature=row.signature)


def _weave(connection: Connection, paper: AnyRow, mine: Likeness, kinds: Kinds) -> set[str]:
    """Find the relations of a document, and return the others whose relations rest on a value that is common now."""
    if not kinds:
        return set()
    found, over = sharing(connection, kinds)
    touched = _part(connection, over, kinds) if over else set()
    if paper.lead_id is None:  # copies speak through their lead
        kin = _kin_of(connection, paper, mine, kinds, found)
        if kin:
            connection.execute(_JOIN, [dataclasses.asdict(each) for each in kin])
    return touched


def _part(connection: Connection, over: Sharing, kinds: Kinds) -> set[str]:
    """End what rests on values that are common now, and return the documents to be compared again.

    Nothing can begin: two papers are never more to each other with fewer values in common.
    """
    near = {seq for value, seqs in over.items() if kinds[value] == "band" for seq in seqs}
    kept = {seq for value, seqs in over.items() if kinds[value] != "band" for seq in seqs}
    _end_near(connection, near)
    names = _named(connection, kept)
    related = _in_batches(connection, _BETWEEN, kept)
    return {row.id for row in related if row.type != "near" and row.other_id in names}


def _end_near(connection: Connection, seqs: set[int]) -> None:
    """Take back near relations of texts that share too few rare bands by now."""
    others: dict[str, list[AnyRow]] = defaultdict(list)
    for row in _in_batches(connection, _BETWEEN, seqs):
        if row.type == "near":
            others[row.id].append(row)
    for identity, near in others.items():
        stays = _worth_comparing(connection, identity, near)
        gone = [row.other_id for row, good in zip(near, stays, strict=True) if not good]
        if gone:
            connection.execute(_UNJOIN, [{"of": identity, "other": other} for other in gone])


def _worth_comparing(connection: Connection, identity: str, others: Sequence[AnyRow]) -> list[bool]:
    kept = signed(connection, identity)
    assert kept is not None  # it has a relation
    values = bands(_likeness(kept))
    common = common_of(connection, values)
    return worth_comparing(_likeness(kept), [value not in common for value in values], list(map(_likeness, others)))


def _kin_of(connection: Connection, row: AnyRow, mine: Likeness, kinds: Kinds, found: Sharing) -> list[Kin]:
    """Compare a document with those that share something with it."""
    close = _close(connection, row, mine, kinds, found)
    if not close:
        return []
    texts = {each.id: each.text for each in _in_batches(connection, _TEXTS, [row.id, *close])}
    me = _paper(row, texts)
    others = (_paper(each, texts) for each in _in_batches(connection, _PAPERS, close))
    return [kin for other in others for kin in kinship(me, other, close[other.id])]


def _close(
    connection: Connection, row: AnyRow, mine: Likeness, kinds: Kinds, found: Sharing
) -> dict[str, frozenset[str]]:
    """Return the documents that are worth comparing with one, each with the kinds of values that say so."""
    shared = _shared_by(found, kinds, but=row.seq)
    others = list(_in_batches(connection, _LEADING, shared))
    near = near_ones(mine, kinds, found, [each for each in others if "band" in shared[each.seq]])
    close: dict[str, frozenset[str]] = {}
    for each in others:
        useless = {"band"} if each.id not in near else set()
        # Two deliberations of one day have nothing to do with each other.
        if {row.act_type, each.act_type} <= OF_AN_ACT:
            useless.add("paper")
        if shared[each.seq] - useless:
            close[each.id] = frozenset(shared[each.seq] - useless)
    return close


def near_ones(mine: Likeness, kinds: Kinds, found: Sharing, others: Sequence[AnyRow]) -> set[Any]:
    """Return which of the documents that share a band may be near."""
    if not others:
        return set()
    rare = [value in found for value, kind in kinds.items() if kind == "band"]
    worth = worth_comparing(mine, rare, list(map(_likeness, others)))
    return {row.id for row, good in zip(others, worth, strict=True) if good}


def _shared_by(found: Sharing, kinds: Kinds, *, but: int) -> dict[int, set[str]]:
    """Return the kinds of values that each other document shares."""
    shared: dict[int, set[str]] = defaultdict(set)
    for value, seqs in found.items():
        if len(seqs) > 1:
            for seq in seqs:
                shared[seq].add(kinds[value])
    shared.pop(but, None)
    return shared


def _named(connection: Connection, seqs: set[int]) -> set[str]:
    return {row.id for row in _in_batches(connection, _NAMED, seqs)}


def _in_batches(connection: Connection, query: AnySelect, keys: Iterable[Any]) -> Iterator[AnyRow]:
    """Yield the rows of a query for some ids: a database takes only so many at once."""
    ids = sorted(keys)
    for start in range(0, len(ids), BATCH):
        yield from connection.execute(query, {"ids": ids[start : start + BATCH]})


def _paper(row: AnyRow, texts: dict[str, str]) -> Paper:
    return Paper(
        id=row.id,
        seq=row.seq,
        act_type=row.act_type,
        language=row.language,
        facts=row.facts,
        text=texts[row.id],
    )
