"""The ledger in figures, as a freeze keeps it and the methods paragraph repeats it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from storage.filters import Filters
from storage.ledger.model import STATES
from storage.ledger.whole import ledger
from storage.models import Document, Extraction

Json = dict[str, Any]


def ledger_account(connection: Connection, filters: Filters, sources: Sequence[str], ids: list[str], now: str) -> Json:
    """Return the ledger of a selection's sources within its dates: months by state, gaps by kind, and what OCR read."""
    whole = ledger(connection, None, datetime.fromisoformat(now), sources) if sources else None
    first, last = filters.since[:7] or "0000", filters.until[:7] or "9999"
    chosen = whole.sources if whole else ()

    def within(month: str) -> bool:
        return first[: len(month)] <= month[: len(first)] and month[: len(last)] <= last

    months = [month for source in chosen for month in source.months if within(month.month)]
    gaps = [gap for source in chosen for gap in source.gaps if not gap.month or within(gap.month)]
    states = Counter(month.state for month in months)
    return {
        **{state: states[state] for state in STATES},
        "official": sum(month.against == "official_table" for month in months),
        "own": sum(month.against == "own_list" for month in months),
        "gaps": len(gaps),
        "explained": sum(gap.explained is not None for gap in gaps),
        "robots": sum(gap.reason == "robots" for gap in gaps),
        "undated_gaps": sum(not gap.month for gap in gaps),
        "ocr": read_by_ocr(connection, ids),
    }


def read_by_ocr(connection: Connection, ids: list[str]) -> int:
    """Return how many of some documents have a text that OCR read: ours, or one that came with the file."""
    ours = or_(Extraction.engine.contains("tesseract"), Document.verdict == "ocr_layer")
    query = select(func.count()).select_from(Document).join(Extraction, Extraction.id == Document.extraction_id)
    batches = (ids[start : start + 500] for start in range(0, len(ids), 500))
    return sum(connection.execute(query.where(ours, Document.id.in_(batch))).scalar_one() for batch in batches)
