"""Figures: what the corpus holds, what the runs did, and what was put aside with which reason."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Connection, func, select

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


def stats(connection: Connection) -> Json:
    """Return the corpus in figures, as `stats --json` prints them."""

    def number(table: Any) -> int:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()

    per_source = select(DocumentSource.source_id, func.count()).group_by(DocumentSource.source_id)
    pairs = select(DocumentSource.document_id, Source.kind).join(Source, Source.id == DocumentSource.source_id)
    kinds = pairs.distinct().subquery()
    year = func.substr(Document.date, 1, 4)
    return {
        "documents": number(Document),
        "versions": number(Version),
        "captures": number(Capture),
        "blobs": number(Blob),
        "bytes": connection.execute(select(func.coalesce(func.sum(Blob.size), 0))).scalar_one(),
        "by_source": _table(connection, per_source),
        "by_kind": _table(connection, select(kinds.c.kind, func.count()).group_by(kinds.c.kind)),
        "by_language": _table(connection, select(Document.language, func.count()).group_by(Document.language)),
        "by_year": _table(connection, select(year, func.count()).group_by(year)),
        "by_verdict": _table(connection, select(Document.verdict, func.count()).group_by(Document.verdict)),
        "skips": dict(Counter(row["reason"] for row in skips(connection, source="", reason=""))),
        "duplicates": _table(connection, select(Relation.type, func.count()).group_by(Relation.type)),
        "waiting": connection.execute(select(func.count()).where(Capture.waiting)).scalar_one(),
    }


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


def last_change(connection: Connection) -> int:
    """Return the number of the newest entry of the change feed, 0 where there is none."""
    return connection.execute(select(func.coalesce(func.max(Change.seq), 0))).scalar_one()


def changes(connection: Connection, *, since: int) -> list[Json]:
    """Return the change feed after an entry: dated facts of documents, oldest first."""
    query = (
        select(Change.seq, Change.at, Change.fact, Change.detail, Document.id, Document.title, Document.address)
        .join(Document, Document.id == Change.document_id)
        .where(Change.seq > since)
        .order_by(Change.seq)
    )
    return [dict(row._mapping) for row in connection.execute(query)]
