"""Figures: what the corpus holds, what the runs did, and what was put aside with which reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, literal, select

from storage.addresses import pattern_of
from storage.models import (
    Blob,
    Capture,
    Change,
    Document,
    DocumentSource,
    Relation,
    Run,
    RunAddress,
    Source,
    Version,
)
from storage.runs import count as count_addresses
from storage.shapes import AnySelect
from storage.tallies import by_voice, decided, frozen, published_by, read_by_ocr, withdrawn

Json = dict[str, Any]
RUN_FIELDS = [
    "id",
    "source",
    "started_at",
    "ended_at",
    "outcome",
    "seen",
    "listings",
    "stored",
    "updated",
    "unchanged",
    "related",
    "skipped",
    "pending",
    "failed",
    "requests",
    "alarms",
]


def stats(connection: Connection, sources: tuple[str, ...] = ()) -> Json:
    """Return the corpus in figures, as `stats --json` prints them; of some sources, or of all."""
    of_sources = partial(published_by, sources=sources)
    captures = Capture.source_id.in_(sources) if sources else literal(True)
    served = Blob.sha256.in_(select(Capture.blob_sha256).where(captures)) if sources else literal(True)

    def number(table: Any, chosen: Any) -> int:
        return connection.execute(select(func.count()).select_from(table).where(chosen)).scalar_one()

    def by(column: Any) -> dict[str, int]:
        chosen = of_sources(Document.id)
        return _table(connection, select(column, func.count()).where(chosen).group_by(column))

    return {
        "documents": number(Document, of_sources(Document.id)),
        "versions": number(Version, of_sources(Version.document_id)),
        "captures": number(Capture, captures),
        "blobs": number(Blob, served),
        "bytes": connection.execute(select(func.coalesce(func.sum(Blob.size), 0)).where(served)).scalar_one(),
        "by_source": _table(connection, _per_source(sources)),
        "by_kind": _table(connection, _by_kind(sources)),
        "by_voice": _table(connection, by_voice(sources)),
        "by_language": by(Document.language),
        "by_year": by(func.substr(Document.date, 1, 4)),
        "by_verdict": by(Document.verdict),
        "skips": _skip_reasons(connection, sources),
        "duplicates": _table(connection, _duplicates(of_sources)),
        "waiting": number(Capture, Capture.waiting & captures),
        "ocr": read_by_ocr(connection, sources),
        "decisions": decided(connection, sources),
        "withdrawals": withdrawn(connection),
        "freezes": frozen(connection),
    }


def _per_source(sources: tuple[str, ...]) -> AnySelect:
    pairs = select(DocumentSource.source_id, func.count()).group_by(DocumentSource.source_id)
    return pairs.where(DocumentSource.source_id.in_(sources)) if sources else pairs


def _by_kind(sources: tuple[str, ...]) -> AnySelect:
    kind = func.coalesce(func.nullif(Document.kind_corrected, ""), Source.kind).label("kind")
    pairs = select(Document.id, kind).join(DocumentSource, DocumentSource.document_id == Document.id)
    pairs = pairs.join(Source, Source.id == DocumentSource.source_id)
    kinds = (pairs.where(Source.id.in_(sources)) if sources else pairs).distinct().subquery()
    return select(kinds.c.kind, func.count()).group_by(kinds.c.kind)


def _duplicates(of_sources: Callable[[Any], Any]) -> AnySelect:
    return select(Relation.type, func.count()).where(of_sources(Relation.document_id)).group_by(Relation.type)


def _skip_reasons(connection: Connection, sources: tuple[str, ...]) -> dict[str, int]:
    found = skips(connection, source="", reason="")
    return dict(Counter(skip["reason"] for skip in found if not sources or skip["source"] in sources))


def _table(connection: Connection, query: AnySelect) -> dict[str, int]:
    """Return a two-column query as a mapping, largest figure first; the empty name is `unknown`."""
    rows = sorted(connection.execute(query).all(), key=lambda row: (-row[1], row[0]))
    return {name or "unknown": n for name, n in rows}


def run_list(connection: Connection, source: str = "") -> list[Json]:
    """Return the runs, newest first, each with its equation; a run that is going on is counted as it stands."""
    query = select(Run).order_by(Run.seq.desc())
    rows = connection.execute(query.where(Run.source_id == source) if source else query).all()
    found = []
    for row in rows:
        values = dict(row._mapping) | {"source": row.source_id}
        if row.ended_at is None:
            values |= count_addresses(connection, row.id) | {"outcome": "unfinished"}
        found.append({name: values[name] for name in RUN_FIELDS})
    return found


def one_run(connection: Connection, run_id: str) -> Json | None:
    """Return one run, or nothing."""
    return next((run for run in run_list(connection) if run["id"] == run_id), None)


def skips(connection: Connection, *, source: str, reason: str) -> list[Json]:
    """Return the addresses that the latest run of each source did not keep, each with its reason."""
    latest = select(func.max(Run.seq)).group_by(Run.source_id)
    query = (
        select(
            RunAddress.address,
            RunAddress.state,
            RunAddress.reason,
            RunAddress.detail,
            Run.source_id.label("source"),
            Run.id.label("run"),
        )
        .join(Run, Run.id == RunAddress.run_id)
        .where(RunAddress.state.in_(("skipped", "failed")), Run.seq.in_(latest))
        .order_by(Run.source_id, RunAddress.reason, RunAddress.address)
    )
    if source:
        query = query.where(Run.source_id == source)
    if reason:
        query = query.where(RunAddress.reason == reason)
    return [dict(row._mapping) for row in connection.execute(query)]


def skip_groups(found: list[Json]) -> list[Json]:
    """Return skips counted by source, state, reason and pattern of address, most frequent first, with an example."""
    counted: dict[tuple[str, ...], Json] = {}
    for skip in found:
        key = (skip["source"], skip["state"], skip["reason"], pattern_of(skip["address"]))
        group = dict(zip(("source", "state", "reason", "pattern"), key, strict=True))
        counted.setdefault(key, group | {"count": 0, "example": skip["address"], "detail": skip["detail"]})[
            "count"
        ] += 1
    return sorted(counted.values(), key=lambda group: (-group["count"], group["source"], group["pattern"]))


def last_change(connection: Connection) -> int:
    """Return the number of the newest entry of the change feed, 0 where there is none."""
    return connection.execute(select(func.coalesce(func.max(Change.seq), 0))).scalar_one()


def changes(connection: Connection, *, since: int) -> list[Json]:
    """Return the change feed after an entry: dated facts of documents, oldest first.

    What was withdrawn keeps its entry and nothing else: a tombstone, with an id and without title or address.
    """
    query = (
        select(
            Change.seq,
            Change.at,
            Change.fact,
            Change.detail,
            Change.document_id.label("id"),
            Change.run_id.label("run"),
            Document.title,
            Document.address,
        )
        .outerjoin(Document, Document.id == Change.document_id)
        .where(Change.seq > since)
        .order_by(Change.seq)
    )
    return [dict(row._mapping) for row in connection.execute(query)]
