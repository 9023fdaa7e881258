"""What a corpus holds, read out: one document whole, and lists of them. Shapes are those of DESIGN §5."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.orm import aliased

from storage.errors import WrongUse
from storage.filters import Filters
from storage.models import (
    Authority,
    BodyText,
    Capture,
    Document,
    DocumentAlias,
    DocumentSource,
    Extraction,
    Passage,
    Relation,
    Source,
    Version,
)
from storage.shapes import AnyRow, AnySelect

Json = dict[str, Any]


def described(ids: AnySelect | list[str]) -> AnySelect:
    """Return the query for documents as they are listed: with the source that met them first, text and facts."""
    read_from = aliased(Capture)
    return (
        select(
            Document,
            Source.id.label("source"),
            Source.title.label("source_title"),
            Source.kind,
            Source.voice,
            Source.country,
            Source.rights,
            Authority.name.label("authority"),
            Version.blob_sha256,
            Version.text_sha256,
            Version.number.label("version"),
            Version.capture_seq,
            read_from.fetched_at,
            BodyText.text,
            Extraction.facts,
            Extraction.engine,
        )
        .join(Capture, Capture.seq == Document.first_capture_seq)
        .join(Source, Source.id == Capture.source_id)
        .outerjoin(Authority, Authority.id == Source.authority_id)
        .join(Version, Version.id == Document.current_version_id)
        .join(read_from, read_from.seq == Version.capture_seq)
        .join(BodyText, BodyText.sha256 == Version.text_sha256)
        .join(Extraction, Extraction.id == Document.extraction_id)
        .where(Document.id.in_(ids))
    )


def find(connection: Connection, wanted: str) -> str:
    """Return the full id of a document named by its id, the beginning of it, or its address. Raises WrongUse."""
    matches = or_(Document.id.startswith(wanted.lower(), autoescape=True), Document.address == wanted)
    aliased = select(DocumentAlias.document_id).where(DocumentAlias.address == wanted)
    found = list(
        connection.execute(select(Document.id).where(or_(matches, Document.id.in_(aliased))).limit(3)).scalars()
    )
    if not found:
        raise WrongUse(f"There is no document {wanted!r} in this corpus: `minutier search` lists ids.")
    if len(found) > 1:
        raise WrongUse(f"{wanted!r} fits several documents ({', '.join(found)}…): give more characters of the id.")
    return found[0]


def whole(connection: Connection, identity: str) -> Json:
    """Return everything known about one document, as `show --json` prints it."""
    row = connection.execute(described([identity])).one()
    facts = row.facts
    quality = facts["quality"]
    return {
        "id": row.id,
        "source": row.source,
        "sources": _sources(connection, identity),
        "kind": row.kind,
        "act_type": row.act_type,
        "voice": row.voice,
        "country": row.country,
        "authority": row.authority or "",
        "url": row.address,
        "aliases": _aliases(connection, identity),
        "title": row.title,
        "date": row.date,
        "dates": facts["dates"],
        "language": row.language,
        "languages": facts["languages"],
        "media_type": row.media_type,
        "sha256": row.blob_sha256,
        "text": row.text,
        "text_sha256": row.text_sha256,
        "pages": facts["pages"],
        "passages": passages(connection, identity),
        **{name: facts[name] for name in ("acts", "tables", "margins", "records", "mentions", "speaks_of")},
        "quality": {"verdict": quality["verdict"], "needs_ocr": quality["needs_ocr"], **_rest(quality)},
        "engine": row.engine,
        "versions": versions(connection, identity),
        "relations": relations(connection, identity),
        "captures": captures(connection, identity),
        "rights": row.rights,
        "lead": row.lead_id,
        "unlisted_at": row.unlisted_at,
        "gone_at": row.gone_at,
    }


def _rest(quality: Json) -> Json:
    return {"reasons": quality["reasons"], "figures": quality["figures"]}


def _sources(connection: Connection, identity: str) -> list[str]:
    query = select(DocumentSource.source_id).where(DocumentSource.document_id == identity)
    return sorted(connection.execute(query).scalars())


def _aliases(connection: Connection, identity: str) -> list[str]:
    return sorted(
        connection.execute(select(DocumentAlias.address).where(DocumentAlias.document_id == identity)).scalars()
    )


def passages(connection: Connection, identity: str) -> list[Json]:
    """Return the passages of a document's current version."""
    query = (
        select(Passage.kind, Passage.number, Passage.label, Passage.start, Passage.end)
        .join(Document, Document.current_version_id == Passage.version_id)
        .where(Document.id == identity)
        .order_by(Passage.start, Passage.end.desc(), Passage.id)
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def versions(connection: Connection, identity: str) -> list[Json]:
    """Return a document's versions, oldest first; `held` ones wait for a good run."""
    query = (
        select(
            Version.number,
            Version.cause,
            Capture.fetched_at.label("captured_at"),
            Version.blob_sha256.label("sha256"),
            Version.text_sha256,
            Version.held,
        )
        .join(Capture, Capture.seq == Version.capture_seq)
        .where(Version.document_id == identity)
        .order_by(Version.number)
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def relations(connection: Connection, identity: str) -> list[Json]:
    """Return the documents that this one is related to, in either direction."""
    mine = select(Relation).where((Relation.document_id == identity) | (Relation.other_id == identity))
    rows = connection.execute(mine.order_by(Relation.type, Relation.document_id, Relation.other_id)).all()
    return [
        {
            "type": row.type,
            "id": row.other_id if row.document_id == identity else row.document_id,
            "similarity": row.similarity,
        }
        for row in rows
    ]


def captures(connection: Connection, identity: str) -> list[Json]:
    """Return when a document was asked for and what was answered, oldest first."""
    query = (
        select(Capture.url, Capture.fetched_at, Capture.status)
        .where(Capture.document_id == identity)
        .order_by(Capture.seq)
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def version_text(connection: Connection, identity: str, number: int) -> str:
    """Return the text of one version. Raises WrongUse."""
    query = (
        select(BodyText.text)
        .join(Version, Version.text_sha256 == BodyText.sha256)
        .where(Version.document_id == identity, Version.number == number)
    )
    text = connection.execute(query).scalar_one_or_none()
    if text is None:
        raise WrongUse(f"Document {identity} has no version {number}: `minutier show {identity}` lists them.")
    return text


def count(connection: Connection, filters: Filters) -> int:
    """Return how many documents the filters select."""
    return connection.execute(select(func.count()).select_from(filters.documents().subquery())).scalar_one()


def in_order(connection: Connection, filters: Filters) -> Iterator[AnyRow]:
    """Yield the documents selected, described, by date and id; undated ones last. Flat memory."""
    ids = select(Document.id).where(Document.id.in_(filters.documents()))
    ordered = list(connection.execute(ids.order_by(Document.date == "", Document.date, Document.id)).scalars())
    for start in range(0, len(ordered), 50):
        batch = ordered[start : start + 50]
        rows = {row.id: row for row in connection.execute(described(batch))}
        yield from (rows[each] for each in batch)


def captures_behind(filters: Filters) -> AnySelect:
    """Return the query for the capture that each selected document's current version was read from."""
    return (
        select(Document.id.label("document_id"), Version.capture_seq.label("seq"))
        .join(Version, Version.id == Document.current_version_id)
        .where(Document.id.in_(filters.documents()))
        .order_by(Document.id)
    )


def shown_values(ids: list[str]) -> AnySelect:
    """Return the query for what is shown of some documents: what a new reading may change."""
    return (
        select(
            Document.id,
            Version.text_sha256.label("text"),
            Document.title,
            Document.date,
            Document.act_type,
            Document.language,
            Document.verdict,
            Document.speaks_of,
        )
        .join(Version, Version.id == Document.current_version_id)
        .where(Document.id.in_(ids))
    )
