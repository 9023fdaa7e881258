"""Whose turn it is: which sources are due at a moment, from what `every` says and how their last runs ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection, false, func, select

from storage.models import Run
from storage.runs import GOOD
from storage.shapes import AnyRow
from storage.sources import Source
from storage.sources_values import next_opening, within

RETRY = timedelta(days=1)
"""How soon a run that was not good is tried again, at the latest: a site in trouble is not asked every hour."""
SLACK = timedelta(hours=1)
"""How much earlier than `every` a turn may come, at the most: a timer is never exact."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When a source is to be run next."""

    source: Source
    at: datetime
    """The moment from which it is due: past or present for one that is."""
    why: str
    """In one sentence."""
    finished: int = 0
    """How many of its runs were over when this was worked out: one more, and somebody else has run it."""


def turns(connection: Connection, sources: Iterable[Source], now: datetime) -> list[Turn]:
    """Return the turn of each source that runs by itself: enabled, with rules, and not discontinued."""
    chosen = [each for each in sources if each.enabled and each.probed and not each.is_over(now.date())]
    latest = _latest(connection)
    finished = finished_runs(connection)
    return [_turn(source, latest.get(source.id), finished.get(source.id, 0), now) for source in chosen]


def due(connection: Connection, sources: Iterable[Source], now: datetime) -> list[Turn]:
    """Return the turns that have come."""
    return [turn for turn in turns(connection, sources, now) if turn.at <= now]


def finished_runs(connection: Connection, source_ids: Sequence[str] | None = None) -> dict[str, int]:
    """Return how many runs of each source are over."""
    query = select(Run.source_id, func.count()).where(Run.ended_at.is_not(None)).group_by(Run.source_id)
    if source_ids is not None:
        query = query.where(Run.source_id.in_(source_ids))
    return {source: number for source, number in connection.execute(query)}


def _latest(connection: Connection) -> dict[str, AnyRow]:
    """Return the newest run of each source that asked its site: imports and replays say nothing of it."""
    elsewhere = Run.observed["road"].as_string().in_(("files", "offline"))
    newest = select(func.max(Run.seq)).where(func.coalesce(elsewhere, false()).is_(false())).group_by(Run.source_id)
    rows = connection.execute(
        select(Run.source_id, Run.started_at, Run.ended_at, Run.outcome).where(Run.seq.in_(newest))
    )
    return {row.source_id: row for row in rows}


def _turn(source: Source, last: AnyRow | None, finished: int, now: datetime) -> Turn:
    at, why = next_turn(source.every, source.hours, last, now)
    return Turn(source=source, at=at, why=why, finished=finished)


def next_turn(
    every: timedelta, hours: tuple[time, time] | None, last: AnyRow | None, now: datetime
) -> tuple[datetime, str]:
    """Return when a source is due after its last run (`started_at`, `ended_at`, `outcome`), in UTC, and why then."""
    at, why = _whatever_the_hour(every, last, now)
    moment = max(at, now).astimezone()
    if hours and not within(hours, moment):
        at, why = next_opening(hours, moment), f"{why} It may be asked from {hours[0]:%H:%M} to {hours[1]:%H:%M} only."
    return at.astimezone(UTC), why


def _whatever_the_hour(every: timedelta, last: AnyRow | None, now: datetime) -> tuple[datetime, str]:
    if last is None:
        return now, "It has never run."
    began = datetime.fromisoformat(last.started_at)
    if last.ended_at is None:
        return now, f"Its run of {last.started_at[:10]} was cut short, or is under way."
    if began > now:
        return now, f"Its last run is dated {last.started_at[:10]}, which is yet to come: the clock was set back."
    good = last.outcome in GOOD
    rest = every if good else min(every, RETRY)
    so = "is" if good else f"was not good ({last.outcome}), and is"
    why = f"Its last run, of {last.started_at[:10]}, {so} {_length(now - began)} old."
    return rested(began, rest), why


def rested(began: datetime, rest: timedelta) -> datetime:
    """Return from when a source has rested since a run began: a little early, and days are those of the calendar.

    A timer that is caught up when a laptop is opened comes at ten one day and at eight the next, and the day on which
    clocks go forward has 23 hours: what is due every day would miss that day. So days count from midnight, of this
    computer's time, but at least half a day less than the whole rest goes by.

    >>> from datetime import UTC
    >>> rested(datetime(2026, 3, 2, 12, 0, tzinfo=UTC), timedelta(hours=5))
    datetime.datetime(2026, 3, 2, 16, 30, tzinfo=datetime.timezone.utc)
    """
    early = began + rest - min(rest / 10, SLACK)
    if rest % DAY:
        return early
    midnight = datetime.combine(began.astimezone().date() + rest, time()).astimezone()
    return min(early, max(midnight, began + rest - DAY / 2))


def _length(length: timedelta) -> str:
    """Return a length of time in the largest unit that fits.

    >>> _length(timedelta(days=8, hours=3)), _length(timedelta(minutes=90))
    ('8 days', '1 hour')
    """
    hours = int(length.total_seconds() // 3600)
    number, unit = (hours // 24, "day") if hours >= 24 else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"
