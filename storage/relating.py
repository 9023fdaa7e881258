"""Finding relations again: of the documents selected, or of all of them from nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from storage.filters import Filters
from storage.models import BodyText, CommonTrace, Corpus, Document, Relation, Signature, Trace, Version
from storage.shapes import AnySelect
from storage.weaving import WOVEN

UNFINISHED = "being made"
FOUND = ("same_bytes", "same_text", *WOVEN)
"""The types of relations that are found, in the order in which they are told."""

Relations = dict[tuple[str, str, str], float | None]
"""Type, document and other document, with how alike they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What finding the relations of a type again changed."""

    type: str
    before: int
    added: int
    removed: int
    now: int


def begin(connection: Connection) -> None:
    """Forget what documents are compared by, and say that it is not whole. Which copies are hidden stays as it is."""
    connection.execute(update(Corpus).values(likeness_version=UNFINISHED))
    connection.execute(delete(Relation).where(Relation.type.in_(WOVEN)))
    for table in (Signature, Trace, CommonTrace):
        connection.execute(delete(table))


def end(connection: Connection, version: str) -> None:
    """Say what made the signatures and found the relations, now that all are there."""
    connection.execute(update(Corpus).values(likeness_version=version))


def documents(filters: Filters) -> AnySelect:
    """Return the query for the ids of the documents selected, in order of arrival."""
    return select(Document.id).where(Document.id.in_(filters.documents())).order_by(Document.first_capture_seq)


def shown_text(identity: str) -> AnySelect:
    """Return the query for the text that is shown of a document."""
    return (
        select(BodyText.text)
        .join(Version, Version.text_sha256 == BodyText.sha256)
        .join(Document, Document.current_version_id == Version.id)
        .where(Document.id == identity)
    )


def relations(connection: Connection) -> Relations:
    """Return all relations that are found by comparing."""
    columns = (Relation.type, Relation.document_id, Relation.other_id, Relation.similarity)
    rows = connection.execute(select(*columns).where(Relation.type.in_(FOUND)))
    return {(kind, one, other): similarity for kind, one, other, similarity in rows}


def differences(before: Relations, after: Relations) -> list[Difference]:
    """Return what changed, for each type: a pair whose likeness changed was neither added nor removed."""
    had, has = (Counter(kind for kind, _, _ in each) for each in (before, after))
    added, removed = (Counter(kind for kind, _, _ in each) for each in (after.keys() - before, before.keys() - after))
    return [
        Difference(type=kind, before=had[kind], added=added[kind], removed=removed[kind], now=has[kind])
        for kind in FOUND
    ]
