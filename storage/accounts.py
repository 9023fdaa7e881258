"""What the runs behind a selection saw, kept and put aside, and what could not be known: the ground of `methods`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, case, func, select

from storage.filters import Filters, not_searchable
from storage.ledger.accounting import ledger_account
from storage.listing import in_order
from storage.models import Document, Run, RunAddress, Source
from storage.runs import GOOD
from storage.withdrawals import WITHDRAWN

Json = dict[str, Any]
KEPT = ("stored", "updated", "unchanged", "related")


def account(
    connection: Connection, filters: Filters, ids: list[str], registry: Mapping[str, Any], now: str = ""
) -> Json:
    """Return the account of a selection as it stands; with the ledger where the moment is told (ISO 8601)."""
    sources = chosen_sources(connection, filters)
    everything = connection.execute(select(func.count()).select_from(Document)).scalar_one()
    copies = len(in_order(connection, replace(filters, all_copies=True))) - len(in_order(connection, filters))
    unknown = connection.execute(not_searchable(filters)).one()._asdict()
    return {
        "sources": [source_account(connection, source) for source in sources],
        "addresses": addresses(connection, sources),
        "documents": everything,
        "copies": copies,
        "selected": len(ids),
        "ledger": ledger_account(connection, filters, sources, ids, now) if now else {},
        "undated": undated(connection, ids),
        "fell_out_undated": unknown.pop("undated"),
        **unknown,
        "unprobed": list(registry.get("unprobed", ())),
        "never_run": list(registry.get("never_run", ())),
        "unread": registry.get("unread", ""),
    }


def chosen_sources(connection: Connection, filters: Filters) -> list[str]:
    """Return the sources that the filters speak of: those they name, or all."""
    every = select(Source.id).order_by(Source.id)
    return list(connection.execute(every.where(Source.id.in_(filters.sources)) if filters.sources else every).scalars())


def source_account(connection: Connection, source: str) -> Json:
    """Return how a source fared: its runs by outcome, the first and the last, and the gaps in its listings."""
    runs = connection.execute(select(Run).where(Run.source_id == source).order_by(Run.seq)).all()
    outcomes = Counter("unfinished" if run.ended_at is None else run.outcome for run in runs)
    last = runs[-1] if runs else None
    return {
        "id": source,
        "runs": len(runs),
        "first": runs[0].started_at if runs else "",
        "last": last.started_at if last else "",
        "last_outcome": last.outcome if last and last.ended_at else "unfinished",
        "good": bool(last and last.outcome in GOOD),
        "outcomes": dict(sorted(outcomes.items())),
        "listing_gaps": [alarm["message"] for alarm in (last.alarms if last else []) if alarm["check"] == "listing"],
    }


def addresses(connection: Connection, sources: list[str]) -> Json:
    """Return how many addresses all runs together saw, each once.

    One that ever gave a document is kept, whatever came later, unless it was withdrawn; another is in the state that
    its newest run gave it.
    """
    once_kept = case((RunAddress.state.in_(KEPT) & (RunAddress.reason != WITHDRAWN), 1), else_=0)
    newest = (
        select(func.max(Run.seq).label("seq"), RunAddress.address, Run.source_id, func.max(once_kept).label("kept"))
        .join(RunAddress, RunAddress.run_id == Run.id)
        .where(Run.source_id.in_(sources))
        .group_by(RunAddress.address, Run.source_id)
        .subquery()
    )
    states = (
        select(newest.c.kept, RunAddress.state, RunAddress.reason, func.count().label("number"))
        .join(Run, Run.id == RunAddress.run_id)
        .join(newest, (newest.c.seq == Run.seq) & (newest.c.address == RunAddress.address))
        .group_by(newest.c.kept, RunAddress.state, RunAddress.reason)
    )
    figures: Json = {"seen": 0, "listings": 0, "kept": 0, "pending": 0, "aside": {}}
    for row in connection.execute(states).all():
        figures["seen"] += row.number
        if not row.kept and (row.state in ("skipped", "failed") or row.reason == WITHDRAWN):
            reason = row.reason or row.state
            figures["aside"][reason] = figures["aside"].get(reason, 0) + row.number
        else:
            name = {"listing": "listings", "pending": "pending"}.get(row.state, "kept")
            figures["kept" if row.kept else name] += row.number
    figures["aside"] = dict(sorted(figures["aside"].items(), key=lambda pair: (-pair[1], pair[0])))
    return figures


def undated(connection: Connection, ids: list[str]) -> int:
    """Return how many of some documents have no date."""
    without = connection.execute(select(Document.id).where(Document.date == "")).scalars()
    return len(set(without).intersection(ids))
