"""The ledger put together: the sources, their counts, what is missing, and the state of each month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from storage.ledger import counts as counting
from storage.ledger import numbering
from storage.ledger.calendar import month_at, month_of
from storage.ledger.explaining import standing
from storage.ledger.lacking import Lacking, lacking
from storage.ledger.minutes import known_days, without_minutes
from storage.ledger.model import UNDATED, Counts, Gap, Json, Ledger, SourceLedger
from storage.ledger.papers import Paper, loose
from storage.ledger.seances import Days, days_of, rhythm_of, silent_months
from storage.ledger.sources import Place, places
from storage.ledger.states import Known, months, own_list, period
from storage.ledger.tables import Compared, Table, chosen, compare, numbers_held, tables_of
from storage.sources import SourcesFile

NO_REGISTRY = "The list of sources could not be read: what never ran is not here, and its newest keys are not known."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What all sources together know."""

    connection: Connection
    now: datetime
    since: str
    everywhere: Sequence[Place]
    came: counting.Places
    missing: Mapping[str, Sequence[Lacking]]
    days: Days
    loose: Mapping[str, Sequence[Paper]]
    tables: Sequence[Table]
    numbers: Mapping[str, Sequence[Gap]]
    said: Mapping[str, Json]

    def family(self, source: str) -> list[str]:
        """Return the sources of the same authority, itself among them."""
        return family(self.everywhere, source)


def ledger(
    connection: Connection,
    sources: SourcesFile | None,
    now: datetime,
    wanted: Sequence[str] = (),
    since: str = "",
) -> Ledger:
    """Return the completeness ledger of the sources wanted, or of all, as it stands at a moment.

    `since` is the first month shown; without it each source begins where something is known of it.
    """
    everywhere = places(connection, sources, ())
    mine = [place for place in everywhere if not wanted or place.id in wanted]
    ground = _ground(connection, now, since, everywhere, [place.id for place in mine])
    made = tuple(_source(ground, place) for place in mine)
    return Ledger(until=month_at(now), sources=made, notes=() if sources else (NO_REGISTRY,))


def family(everywhere: Sequence[Place], source: str) -> list[str]:
    """Return the sources of the same authority as one, itself among them."""
    of = next((place.authority_id for place in everywhere if place.id == source), "")
    return [place.id for place in everywhere if place.id == source or (of and place.authority_id == of)]


def _ground(
    connection: Connection, now: datetime, since: str, everywhere: Sequence[Place], names: Sequence[str]
) -> Ground:
    every = sorted({each for name in names for each in family(everywhere, name)})
    hidden: dict[str, list[Paper]] = defaultdict(list)
    for paper in loose(connection, every):
        hidden[paper.source].append(paper)
    claims = numbering.Ground(connection=connection, loose=hidden, family=lambda name: family(everywhere, name))
    missing: dict[str, list[Lacking]] = defaultdict(list)
    for each in lacking(connection, names):
        missing[each.source].append(each)
    return Ground(
        connection=connection,
        now=now,
        since=since,
        everywhere=everywhere,
        came=counting.of_documents(connection, names),
        missing=missing,
        days=days_of(connection, every),
        loose=hidden,
        tables=tables_of(connection, everywhere),
        numbers=_by_source(numbering.gaps(claims, names)),
        said=standing(connection),
    )


def _by_source(found: Iterable[Gap]) -> dict[str, list[Gap]]:
    by_source: dict[str, list[Gap]] = defaultdict(list)
    for gap in found:
        by_source[gap.source].append(gap)
    return by_source


def _source(ground: Ground, place: Place) -> SourceLedger:
    missing = ground.missing.get(place.id, ())
    counts = dict(ground.came.get(place.id, {}))
    for each in missing:
        counts[each.date[:7]] = counts.get(each.date[:7], Counts()) + Counts(announced=1, fetched=int(each.waits))
    waiting = {each.date[:7]: "Documents of this month wait to be read." for each in missing if each.waits}
    gaps = [each.gap() for each in missing if not each.waits] + list(ground.numbers.get(place.id, ()))
    of_seances, not_due, rhythm = _seances(ground, place)
    tables = _tables(ground, place)
    told = tuple(
        replace(gap, explained=gap.explained or ground.said.get(gap.id))
        for gap in sorted([*gaps, *of_seances, *tables.gaps], key=lambda gap: (gap.month, gap.kind, gap.key))
    )
    known = Known(
        place=place,
        until=month_at(ground.now),
        counts=counts,
        gaps=by_month(told),
        listed=tuple(sorted(at for at, each in counts.items() if len(at) == 7 and each.announced)),
        waiting=waiting | tables.unsure | not_due,
        tables=tables.whole,
    )
    denominators = [*tables.used.values(), *filter(None, [own_list(place)])]
    return SourceLedger(
        id=place.id,
        title=place.title,
        kind=place.kind,
        authority=place.authority,
        period=period(known),
        rhythm=rhythm,
        denominators=tuple(denominators),
        months=tuple(months(known, ground.since)),
        undated=counts.get(UNDATED, Counts()),
        years={year: each for year, each in sorted(counts.items()) if len(year) == 4},
        gaps=told,
    )


def by_month(gaps: Iterable[Gap]) -> dict[str, list[Gap]]:
    """Return gaps by their month, or nothing."""
    found: dict[str, list[Gap]] = defaultdict(list)
    for gap in gaps:
        found[gap.month].append(gap)
    return dict(found)


def _seances(ground: Ground, place: Place) -> tuple[list[Gap], dict[str, str], Json]:
    """Return the gaps that the days of séances show, the months that are not due, and the rhythm."""
    mine, of_all = ground.days.get(place.id, {}), ground.family(place.id)
    rhythm = rhythm_of(mine)
    hidden = [paper for paper in ground.loose.get(place.id, ()) if not paper.on_a_day]
    anywhere = frozenset(month_of(day) for day in known_days(ground.days, of_all))
    gaps = list(silent_months(place.id, rhythm, anywhere, hidden))
    of_family = [paper for name in of_all for paper in ground.loose.get(name, ())]
    judged = without_minutes(ground.connection, place, ground.days, of_all, of_family, ground.now)
    return gaps + judged.gaps, judged.waiting, rhythm.json()


def _tables(ground: Ground, place: Place) -> Compared:
    compared = Compared()
    mine = frozenset(ground.days.get(place.id, {}))
    hidden = ground.loose.get(place.id, ())
    for table in chosen(place, ground.tables, ground.everywhere):
        held = numbers_held(ground.connection, place.id, list(table.rows))
        compare(place, table, held, mine, hidden, compared)
    return compared
