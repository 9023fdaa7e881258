"""What a corpus holds, read out: one document whole, and lists of them. Shapes are those of DESIGN §5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from storage import decisions, withdrawals
from storage.errors import Withdrawn, WrongUse
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
from storage.politeness import RESERVED, TDM
from storage.shapes import AnyRow, AnySelect

Json = dict[str, Any]


_READ_FROM, _CORRECTED = aliased(Capture), aliased(Authority)
# Made once: a search would spend as much on building it as on asking it.
_DESCRIBED = (
    select(
        Document,
        Source.id.label("source"),
        Source.title.label("source_title"),
        func.coalesce(func.nullif(Document.kind_corrected, ""), Source.kind).label("kind"),
        Source.voice,
        Source.country,
        Source.rights,
        func.coalesce(_CORRECTED.name, func.nullif(Document.authority_corrected, ""), Authority.name).label(
            "authority"
        ),
        Version.blob_sha256,
        Version.text_sha256,
        Version.number.label("version"),
        Version.capture_seq,
        _READ_FROM.fetched_at,
        _READ_FROM.flags.label("flags"),
        BodyText.text,
        Extraction.facts,
        Extraction.engine,
    )
    .join(Capture, Capture.seq == Document.first_capture_seq)
    .join(Source, Source.id == Capture.source_id)
    .outerjoin(Authority, Authority.id == Source.authority_id)
    .outerjoin(_CORRECTED, _CORRECTED.id == Document.authority_corrected)
    .join(Version, Version.id == Document.current_version_id)
    .join(_READ_FROM, _READ_FROM.seq == Version.capture_seq)
    .join(BodyText, BodyText.sha256 == Version.text_sha256)
    .join(Extraction, Extraction.id == Document.extraction_id)
    .where(Document.id.in_(bindparam("ids", expanding=True)))
)


def described(connection: Connection, ids: Sequence[str]) -> dict[str, AnyRow]:
    """Return documents as they are listed, by id: with the source that met them first, text and facts."""
    return {row.id: row for row in connection.execute(_DESCRIBED, {"ids": list(ids)})}


def find(connection: Connection, wanted: str) -> str:
    """Return the full id of a document named by its id, the beginning of it, or its address.

    Raises WrongUse, and Withdrawn for one that was taken down.
    """
    matches = or_(Document.id.startswith(wanted.lower(), autoescape=True), Document.address == wanted)
    aliased = select(DocumentAlias.document_id).where(DocumentAlias.address == wanted)
    found = list(
        connection.execute(select(Document.id).where(or_(matches, Document.id.in_(aliased))).limit(3)).scalars()
    )
    if not found and (gone := withdrawals.tombstone(connection, wanted)):
        raise Withdrawn(gone)
    if not found:
        raise WrongUse(f"There is no document {wanted!r} in this corpus: `minutier search` lists ids.")
    if len(found) > 1:
        raise WrongUse(f"{wanted!r} fits several documents ({', '.join(found)}…): give more characters of the id.")
    return found[0]


def whole(connection: Connection, identity: str) -> Json:
    """Return everything known about one document, as `show --json` prints it."""
    row = described(connection, [identity])[identity]
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
        "authority": authority(row),
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
        "version": row.version,
        "versions": versions(connection, identity),
        "relations": relations(connection, identity),
        "captures": captures(connection, identity),
        **people(connection, identity, row.blob_sha256),
        "provenance": facts.get("provenance", {}),
        "rights": rights(row) | {"observed": observed(row)},
        "lead": row.lead_id,
        "unlisted_at": row.unlisted_at,
        "gone_at": row.gone_at,
    }


def stated(row: AnyRow) -> dict[str, str]:
    """Return what is stated of a document described, by whoever brought it."""
    return row.facts.get("provenance", {}).get("stated", {})  # type: ignore[no-any-return]  # it is JSON


def authority(row: AnyRow) -> str:
    """Return whose document it is: as corrected, as stated for itself, else the authority of its source."""
    return row.authority if row.authority_corrected else stated(row).get("authority") or row.authority or ""


def rights(row: AnyRow) -> Json:
    """Return the rights of a document described: as stated for itself, else those of its source."""
    status = stated(row).get("rights")
    own = {"status": status, "found_in": "metadata"} if status else {}
    return {**row.rights, **own}


def observed(row: AnyRow) -> Json:
    """Return what the site itself said to machines when the shown text was fetched, beside what is configured."""
    said = set(row.flags.split(",")) & set(RESERVED)
    return {"tdm": "reserved" if TDM in said else "", "robots": sorted(said - {TDM}), "at": row.fetched_at}


def people(connection: Connection, identity: str, digest: str) -> Json:
    """Return what people say of a document, beside what the machine says, and what they had masked and taken away."""
    return {
        "curation": decisions.curation(connection, [identity]).get(identity, decisions.NOTHING),
        "corrections": decisions.corrections(connection, identity),
        "decisions": decisions.history(connection, identity),
        "redactions": withdrawals.redactions(connection, identity),
        "withheld": connection.execute(withdrawals.withheld(digest)).scalar() is not None,
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
            "from_here": row.document_id == identity,
            "how": row.how,
        }
        for row in rows
    ]


def captures(connection: Connection, identity: str) -> list[Json]:
    """Return when a document was asked for and what was answered, oldest first."""
    query = (
        select(Capture.url, Capture.fetched_at, Capture.status, Capture.flags, Capture.hints)
        .where(Capture.document_id == identity)
        .order_by(Capture.seq)
    )
    return [
        {"url": row.url, "fetched_at": row.fetched_at, "status": row.status}
        | {"flags": row.flags.split(",") if row.flags else []}
        | ({"archived_at": row.hints["archived_at"]} if row.hints.get("archived_at") else {})
        for row in connection.execute(query)
    ]


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


def captures_behind(ids: AnySelect | list[str]) -> AnySelect:
    """Return the query for the latest capture that brought the bytes of each document's current version.

    Bytes that are withheld cannot be read again: their documents are left out.
    """
    brought = (Capture.document_id == Document.id) & (Capture.blob_sha256 == Version.blob_sha256)
    latest = select(func.max(Capture.seq)).where(brought, Capture.role == "document").correlate(Document, Version)
    return (
        select(Document.id.label("document_id"), latest.scalar_subquery().label("seq"))
        .join(Version, Version.id == Document.current_version_id)
        .where(Document.id.in_(ids), Version.blob_sha256.not_in(withdrawals.withheld()))
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
