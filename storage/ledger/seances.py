"""The séances that papers speak of, and the months without one against the body's own rhythm.

The rhythm is learned from the dates alone, for each month of the year by itself: that no council meets in August is
then no gap. A month is claimed only between two known séances that lie further apart than usual, so that a séance which
was held two days later, in the next month, is none either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from sqlalchemy import Connection, func, select

from extract.dates import SESSION_ACTS
from storage.ledger.acts import on_a_day
from storage.ledger.calendar import from_to, month_of
from storage.ledger.model import Gap, Json
from storage.ledger.papers import Paper
from storage.models import Document, DocumentSource

MINUTES = frozenset({"pv", "compte_rendu"})
YEARS = 3
"""Other years in which a month must have been seen, at the least."""
SHARE = 0.8
"""In so many of them the body met in that month."""
LONGER = 1.5
"""So many times the usual interval lies between the séances on both sides."""

Days = Mapping[str, Mapping[str, frozenset[str]]]
"""By source, then by day of a séance: the kinds of papers that are there of it."""


def days_of(connection: Connection, sources: Sequence[str]) -> Days:
    """Return the days of the séances that the papers of some sources are of, counted by the database."""
    query = (
        select(DocumentSource.source_id, Document.date, Document.act_type)
        .join(Document, Document.id == DocumentSource.document_id)
        .where(DocumentSource.source_id.in_(sources), on_a_day())
        .group_by(DocumentSource.source_id, Document.date, Document.act_type)
        .having(func.count() > 0)
    )
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in connection.execute(query):
        found[row.source_id][row.date].add(row.act_type)
    return {source: {day: frozenset(kinds) for day, kinds in sorted(days.items())} for source, days in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often and in which months a body meets, as far as its own papers tell."""

    days: tuple[str, ...]
    """The days of its séances, in order."""
    met: frozenset[str]
    """The months with a séance."""
    usual: float
    """The usual number of days between two séances; 0 where there are too few."""

    def others(self, month: str) -> tuple[int, int]:
        """Return in how many other years the body met in this month of the year, and how many years were seen."""
        if not self.days:
            return 0, 0
        first, last = month_of(self.days[0]), month_of(self.days[-1])
        years = range(int(first[:4]), int(last[:4]) + 1)
        same = [f"{year}{month[4:]}" for year in years if str(year) != month[:4]]
        seen = [each for each in same if first <= each <= last]
        return sum(each in self.met for each in seen), len(seen)

    def json(self) -> Json:
        """Return it as `ledger --json` prints it: séances, days between them, and by month of the year met / seen."""
        if not self.days:
            return {"seances": 0}
        shares = {f"{number:02}": self.others(f"0000-{number:02}") for number in range(1, 13)}
        told = {number: {"met": met, "seen": seen} for number, (met, seen) in shares.items()}
        return {
            "seances": len(self.days),
            "first": self.days[0],
            "last": self.days[-1],
            "days_between": self.usual,
            "months": told,
        }


def rhythm_of(days: Mapping[str, frozenset[str]]) -> Rhythm:
    """Return the rhythm that the days of a source's séances show; only papers that are of a séance count."""
    own = tuple(day for day, kinds in sorted(days.items()) if kinds & SESSION_ACTS)
    apart = [_between(one, other) for one, other in pairwise(own)]
    return Rhythm(days=own, met=frozenset(map(month_of, own)), usual=median(apart) if apart else 0)


def silent_months(source: str, rhythm: Rhythm, known: frozenset[str], loose: Sequence[Paper]) -> Iterator[Gap]:
    """Yield the months without a séance in which this body meets; `known` are months with one, from wherever."""
    for one, other in pairwise(rhythm.days):
        apart = _between(one, other)
        if apart <= LONGER * rhythm.usual:
            continue
        for month in list(from_to(month_of(one), month_of(other)))[1:-1]:
            met, seen = rhythm.others(month)
            if month in known or seen < YEARS or met < SHARE * seen:
                continue
            if any(paper.may_be_of(month, month) for paper in loose):
                continue
            sentence = (
                f"No séance is known of {month}. In {met} of {seen} other years there was one in that month of the "
                f"year; {apart} days lie between the séances of {one} and {other}, usually {rhythm.usual:.0f}."
            )
            facts = {"month": month, "met": met, "seen": seen, "apart": apart, "from_day": one, "to_day": other}
            yield Gap(source=source, kind="seance", key=month, month=month, sentence=sentence, facts=facts)


def _between(one: str, other: str) -> int:
    return (date.fromisoformat(other) - date.fromisoformat(one)).days
