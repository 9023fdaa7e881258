"""The alarms that come from a source's own history, as one of its runs ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, or_, select

from storage.health.comparing import LOOKED_BACK, Alarm, Past, dead_rules, drop, is_doubtful, is_unlike, new_errors
from storage.health.observing import Observed, remembered
from storage.health.silence import too_long
from storage.models import Document, DocumentSource, Run, Source
from storage.runs import GOOD
from storage.shapes import AnyRow

READABLE = ("good", "suspect", "ocr_layer")
"""Verdicts of papers that have a text to work with."""
REMEMBERED = 200
"""How many runs back good ones are looked for."""
NEWEST = 5
"""How many of the newest documents are looked at together, where a run brings fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a run's history says of it."""

    alarms: tuple[Alarm, ...] = ()
    doubtful: bool = False
    """Whether it may not replace what good runs before it found."""


def compare(connection: Connection, run_id: str, run: Observed, *, good: bool, now: datetime) -> Compared:
    """Return how a run is unlike the last good ones of its source; `good` says how it was judged by itself."""
    row = connection.execute(select(Run).where(Run.id == run_id)).one()
    past = _past(connection, row, run)
    alarms: list[Alarm] = []
    doubtful = False
    if run.road != "files":
        alarms += [*dead_rules(run, past, row.source_id), *(drop(run, past, row.source_id) if good else ())]
        doubtful = good and is_doubtful(run, past, alarms)
    alarms += [*new_errors(run, past, row.source_id), *_unreadable(connection, row, run)]
    if good and not doubtful and run.road == "web":
        alarms += _silence(connection, row, run, now)
    return Compared(alarms=tuple(alarms), doubtful=doubtful)


def _past(connection: Connection, row: AnyRow, run: Observed) -> Past:
    """Return the runs before, by the same rules on the same road; a replay is compared with crawls."""
    road = "files" if run.road == "files" else "web"
    earlier = select(Run).where(Run.source_id == row.source_id, Run.seq < row.seq, Run.ended_at.is_not(None))
    latest = earlier.order_by(Run.seq.desc()).limit(REMEMBERED)
    good: list[tuple[AnyRow, Observed]] = []
    doubted: int | None = None
    for number, each in enumerate(connection.execute(latest).all()):
        seen = remembered(each.observed)
        if (seen.road, seen.by) != (road, run.by):
            continue
        if each.outcome in GOOD:
            good.append((each, seen))
        elif number == 0 and any(alarm["check"] == "drop" for alarm in each.alarms):
            doubted = seen.listed
        if len(good) == LOOKED_BACK:
            break
    return Past(good=[seen for _, seen in good], good_on=good[0][0].started_at[:10] if good else "", doubted=doubted)


def _unreadable(connection: Connection, row: AnyRow, run: Observed) -> Iterator[Alarm]:
    """Yield an alarm where far more of the newest papers cannot be read than of those before."""
    if not run.new:
        return
    mine = (DocumentSource.source_id == row.source_id) & (Document.part == "") & (Document.verdict != "")
    papers = select(Document.verdict, Document.id).join(DocumentSource, DocumentSource.document_id == Document.id)
    newest = papers.where(mine).order_by(Document.first_capture_seq.desc()).limit(max(run.new, NEWEST)).subquery()
    counted = select(func.count(), newest.c.verdict).group_by(newest.c.verdict)
    recent = {verdict: number for number, verdict in connection.execute(counted)}
    everything = papers.where(mine).subquery()
    counted = select(func.count(), everything.c.verdict).group_by(everything.c.verdict)
    total = {verdict: number for number, verdict in connection.execute(counted)}
    bad, bad_in_all = _bad(recent), _bad(total)
    of, of_all = sum(recent.values()), sum(total.values())
    if is_unlike(bad, of, bad_in_all - bad, of_all - of):
        kinds = ", ".join(f"{verdict} {n}" for verdict, n in sorted(recent.items()) if verdict not in READABLE)
        yield {
            "check": "unreadable",
            "message": f"{bad} of the {of} newest files cannot be read ({kinds}), {bad_in_all - bad} of the "
            f'{of_all - of} before: look at one with `minutier search --source {row.source_id} ""`.',
        }


def _bad(verdicts: dict[str, int]) -> int:
    return sum(number for verdict, number in verdicts.items() if verdict not in READABLE)


def _silence(connection: Connection, row: AnyRow, run: Observed, now: datetime) -> Iterator[Alarm]:
    """Yield an alarm where nothing new came for longer than ever at this time of the year."""
    if run.new:
        return
    arrivals = _arrivals(connection, row)
    if not arrivals:
        return
    every = connection.execute(select(Source.settings).where(Source.id == row.source_id)).scalar_one()["every"]
    found = too_long(
        _dates(connection, row.source_id),
        arrivals,
        first=arrivals[0],
        now=now.date(),
        every=TypeAdapter(timedelta).validate_python(every),
    )
    if found:
        since, rhythm = found
        usual = "at this time of the year" if rhythm.known else "at the longest"
        yield {
            "check": "silence",
            "message": f"Nothing new came since {since}, and {usual} {rhythm.longest.days} days pass without: look at "
            f"its site; if it has ended, write `discontinued` to {row.source_id} in sources.yaml.",
        }


def _dates(connection: Connection, source_id: str) -> list[date]:
    """Return the days of which a source has documents."""
    mine = select(Document.date).join(DocumentSource, DocumentSource.document_id == Document.id)
    mine = mine.where(DocumentSource.source_id == source_id, func.length(Document.date) == 10)
    return [date.fromisoformat(day) for day in connection.execute(mine.distinct()).scalars()]


def _arrivals(connection: Connection, row: AnyRow) -> list[date]:
    """Return the days of the runs before that brought something new, the first one first."""
    brought = or_(Run.stored > 0, Run.related > 0)
    mine = select(Run.started_at).where(Run.source_id == row.source_id, Run.seq < row.seq, brought)
    return [date.fromisoformat(at[:10]) for at in connection.execute(mine.order_by(Run.seq)).scalars()]
