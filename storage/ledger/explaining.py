"""Why a gap is a gap, in a person's words: kept beside it, dated, never overwritten, and taken back if need be."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, insert, select

from storage.decisions import Who
from storage.errors import WrongUse
from storage.ledger.model import Gap, Ledger
from storage.models import LedgerExplanation
from storage.shapes import AnyRow, AnySelect

Json = dict[str, Any]


def standing(connection: Connection) -> dict[str, Json]:
    """Return the explanations that stand, by gap: because, by, at, source, gap."""
    return {row.gap_id: _told(row) for row in connection.execute(_newest()) if row.because is not None}


def _newest() -> AnySelect:
    newest = select(func.max(LedgerExplanation.seq)).group_by(LedgerExplanation.gap_id)
    return select(LedgerExplanation).where(LedgerExplanation.seq.in_(newest)).order_by(LedgerExplanation.seq)


def _told(row: AnyRow) -> Json:
    return {"because": row.because, "by": row.by, "at": row.at}


def explain(connection: Connection, gap: Gap, because: str | None, who: Who) -> bool:
    """Write why a gap is one, or take that back (nothing); return whether it changes what stood."""
    before = standing(connection).get(gap.id)
    if (before["because"] if before else None) == because:
        return False
    row = {"at": who.at, "by": who.by, "gap_id": gap.id, "source_id": gap.source, "gap": gap.sentence}
    connection.execute(insert(LedgerExplanation).values(**row, because=because))
    return True


def history(connection: Connection) -> list[Json]:
    """Return every word on every gap, oldest first; a word without a reason takes back the one before."""
    names = ("seq", "at", "by", "gap_id", "source_id", "gap", "because")
    rows = connection.execute(select(LedgerExplanation).order_by(LedgerExplanation.seq)).all()
    return [{name: getattr(row, name) for name in names} for row in rows]


def find(connection: Connection, found: Ledger, wanted: str) -> Gap:
    """Return the gap of an id or its beginning; one that is healed, where a word stands on it. Raises WrongUse."""
    gaps = {gap.id: gap for source in found.sources for gap in source.gaps}
    for word in history(connection):
        names = {"source": word["source_id"], "sentence": word["gap"], "named": word["gap_id"]}
        healed = Gap(kind="listed", key="", month="", **names)
        gaps.setdefault(word["gap_id"], healed)
    fitting = [name for name in gaps if name.startswith(wanted.lower())] if wanted else []
    if len(fitting) != 1:
        many = "several gaps begin so" if fitting else "no gap has this id"
        raise WrongUse(f"{wanted!r}: {many}; `minutier ledger` names each gap with its id.")
    return gaps[fitting[0]]
