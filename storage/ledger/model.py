"""What the ledger says: sources, months, gaps. Plain frozen values, and their JSON."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

Json = dict[str, Any]
State = Literal["complete", "gap", "unknown", "outside"]
STATES: tuple[State, ...] = ("complete", "gap", "unknown", "outside")
Kind = Literal["listed", "numbers", "seance", "minutes", "table"]
UNDATED = ""
"""The month of what has none."""


def gap_id(source: str, kind: Kind, key: str) -> str:
    """Return the 16 characters that name a gap: the same after every crawl, on every machine.

    >>> gap_id("town", "seance", "2024-03") == gap_id("town", "seance", "2024-03"), len(gap_id("a", "listed", "b"))
    (True, 16)
    """
    digest = hashlib.sha256(f"gap\n{source}\n{kind}\n{key}".encode()).digest()
    return base64.b32encode(digest)[:16].decode("ascii").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that is missing, and how that is known."""

    source: str
    kind: Kind
    """listed: a listed document never came; numbers: numbers are wanting between two papers; seance: no séance against
    the body's own rhythm; minutes: a séance without its minutes; table: an official table has what the source has not.
    """
    key: str
    """What tells it from the other gaps of its kind in its source."""
    month: str
    """`2024-05`, or nothing where no date is known."""
    sentence: str
    reason: str = ""
    """For a listed document: why it did not come (`robots`, `http_404`…)."""
    facts: Json = field(default_factory=dict)
    """What the sentence says, for who says it in another language."""
    explained: Json | None = None
    """What a person said of it: because, by, at."""
    named: str = ""
    """Its id, where nothing else is left of it: a gap that is healed."""

    @property
    def id(self) -> str:
        """What names it."""
        return self.named or gap_id(self.source, self.kind, self.key)

    def json(self) -> Json:
        """Return it as `ledger --json` prints it."""
        names = ("id", "kind", "month", "sentence", "reason", "facts", "explained")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Documents on their way, each of them among those before it."""

    announced: int = 0
    """Named on a listing, or brought by an import."""
    fetched: int = 0
    """Their bytes came."""
    extracted: int = 0
    """A text was read from them that can be searched."""
    kept: int = 0
    """They stand in the corpus by themselves: a copy of another one is counted with that one."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(Counts)})

    def json(self) -> Json:
        """Return the four figures by name."""
        return {each.name: getattr(self, each.name) for each in fields(Counts)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One source in one month."""

    month: str
    state: State
    counts: Counts
    why: str
    """What the state rests on, in a sentence."""
    against: str = ""
    """For a complete month its denominator: official_table | own_list."""

    def json(self) -> Json:
        """Return it as `ledger --json` prints it."""
        return {
            "month": self.month,
            "state": self.state,
            **self.counts.json(),
            "against": self.against,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLedger:
    """One source in all its months."""

    id: str
    title: str
    kind: str
    authority: str
    """The name of the public body, or nothing."""
    period: Json
    """first, last (months; nothing where unknown), basis, sentence."""
    rhythm: Json
    denominators: tuple[Json, ...]
    """Official tables first, then the site's own list."""
    months: tuple[Month, ...]
    undated: Counts
    years: Mapping[str, Counts]
    """What is dated to the year only."""
    gaps: tuple[Gap, ...]

    def json(self) -> Json:
        """Return it as `ledger --json` prints it."""
        plain = {name: getattr(self, name) for name in ("id", "title", "kind", "authority", "period", "rhythm")}
        return plain | {
            "denominator": self.denominators[0] if self.denominators else None,
            "denominators": list(self.denominators),
            "months": [month.json() for month in self.months],
            "undated": self.undated.json() | {"years": {year: each.json() for year, each in self.years.items()}},
            "gaps": [gap.json() for gap in self.gaps],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All sources asked for, up to one month."""

    until: str
    sources: tuple[SourceLedger, ...] = ()
    notes: tuple[str, ...] = field(default=())
    """What could not be known of the sources as a whole."""

    def totals(self) -> Json:
        """Return how many months are in each state, and how many gaps a person explained."""
        states = Counter(month.state for source in self.sources for month in source.months)
        against = Counter(month.against for source in self.sources for month in source.months if month.against)
        gaps = [gap for source in self.sources for gap in source.gaps]
        return {
            **{state: states[state] for state in STATES},
            "explained": sum(gap.explained is not None for gap in gaps),
            "gaps": len(gaps),
            "against_official_table": against["official_table"],
            "against_own_list": against["own_list"],
        }

    def json(self) -> Json:
        """Return the ledger as `ledger --json` prints it."""
        sources = [source.json() for source in self.sources]
        return {"until": self.until, "sources": sources, "totals": self.totals(), "notes": list(self.notes)}
