"""The state of every source: ok, stale, failing, never run, unprobed or discontinued, with the reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from storage.models import Run, RunLock, Source
from storage.runs import GOOD, RESUMABLE, is_alive, iso
from storage.shapes import AnyRow
from storage.sources import Source as SourceEntry
from storage.sources import SourcesFile
from storage.turns import next_turn

Json = dict[str, Any]
State = Literal["ok", "stale", "failing", "never_run", "unprobed", "discontinued"]

GRACE = (timedelta(days=1), timedelta(days=7))
"""How much later than `every` a good run may come, at the least and at the most; between them half of `every`."""
ENDINGS = {
    "failures": "is good, though some addresses failed",
    "complete": "is complete",
    "incomplete": "is incomplete",
    "too_few": "found fewer documents than expected",
    "limited": "stopped at a budget",
    "interrupted": "was cut short and never gone on with",
}
"""How a run ended, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How one source is."""

    source: str
    title: str
    state: State
    sentence: str
    """Why, in one sentence."""
    enabled: bool = False
    """Whether it is run when its time comes; of another nobody needs to be told."""
    last_run_at: str | None = None
    last_good_at: str | None = None
    due_at: str | None = None
    """When its next run is due; nothing for one that is not run by itself."""
    succeeded_by: str | None = None
    alarms: tuple[Json, ...] = ()
    """`check`, `message`, `at` and `run` of each: those of its last finished run, and what its state says."""

    def json(self) -> Json:
        """Return it as `check --json` prints it."""
        return dataclasses.asdict(self) | {"alarms": list(self.alarms)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is wanted of a source: by the list of sources, or by what the corpus remembers of it."""

    source: str
    title: str
    road: str
    """Where its own runs look: on the site, or in files."""
    probed: bool
    enabled: bool
    every: timedelta
    discontinued: date | None
    succeeded_by: str | None

    def is_over(self, day: date) -> bool:
        """Return whether it is discontinued on a day."""
        return self.discontinued is not None and self.discontinued <= day

    @property
    def scheduled(self) -> bool:
        """Whether it is run by itself."""
        return self.enabled and self.probed

    @property
    def patience(self) -> timedelta:
        """How old its last good run may become.

        >>> plan = Plan(source="a", title="A", road="web", probed=True, enabled=True, every=timedelta(days=7),
        ...             discontinued=None, succeeded_by=None)
        >>> plan.patience
        datetime.timedelta(days=10, seconds=43200)
        """
        return self.every + min(max(self.every / 2, GRACE[0]), GRACE[1])


def health(connection: Connection, sources: SourcesFile | None, now: datetime) -> list[Health]:
    """Return how each source is: those of the list in its order, then others that the corpus knows.

    Without a list, the corpus's own memory of its sources counts; those that never ran are then not known.
    """
    runs: dict[str, list[AnyRow]] = {}
    for run in connection.execute(select(Run).order_by(Run.source_id, Run.seq)):
        runs.setdefault(run.source_id, []).append(run)
    alive = _running(connection, now)
    plans = _plans(connection, sources)
    return [_one(plan, _own(plan, runs.get(plan.source, [])), alive, now) for plan in plans]


def _plans(connection: Connection, sources: SourcesFile | None) -> list[Plan]:
    listed = [_listed(source) for source in sources.sources] if sources else []
    known = {plan.source for plan in listed}
    remembered = connection.execute(select(Source).order_by(Source.id)).all()
    return listed + [_remembered(row, sources is None) for row in remembered if row.id not in known]


def _listed(source: SourceEntry) -> Plan:
    return Plan(
        source=source.id,
        title=source.title,
        road=_road(source.spider),
        probed=source.probed,
        enabled=source.enabled,
        every=source.every,
        discontinued=source.discontinued,
        succeeded_by=source.succeeded_by,
    )


def _road(spider: str | None) -> str:
    return "files" if spider in (None, "folder") else "web"


def _own(plan: Plan, runs: Sequence[AnyRow]) -> list[AnyRow]:
    """Return the runs that went where the source itself is: an import or a replay says nothing of a site."""
    own = [run for run in runs if run.observed.get("road", plan.road) == plan.road]
    return own or [run for run in runs if run.observed.get("road") != "offline"]


def _remembered(row: AnyRow, unlisted: bool) -> Plan:
    """Return what a corpus knows of a source that the list does not name: with a list, nobody runs it any more."""
    settings: Mapping[str, Any] = row.settings
    day = settings.get("discontinued")
    return Plan(
        source=row.id,
        title=row.title,
        road=_road(settings.get("spider")),
        probed=bool(settings.get("spider")),
        enabled=unlisted and bool(settings.get("enabled")),
        every=TypeAdapter(timedelta).validate_python(settings["every"]),
        discontinued=date.fromisoformat(day) if day else None,
        succeeded_by=settings.get("succeeded_by"),
    )


def _running(connection: Connection, now: datetime) -> frozenset[str]:
    """Return the runs that a living process works on."""
    locks = connection.execute(select(RunLock)).all()
    return frozenset(k.run_id for k in locks if is_alive(k.host, k.pid, k.process_started, k.heartbeat_at, now))


def _one(plan: Plan, runs: Sequence[AnyRow], alive: frozenset[str], now: datetime) -> Health:
    over = [run for run in runs if run.ended_at or not (run.id in alive or run.started_at >= iso(now - RESUMABLE))]
    last = over[-1] if over else None
    good = next((run for run in reversed(over) if run.ended_at and run.outcome in GOOD), None)
    state, sentence = _state(plan, runs, last, good, now)
    alarms = [alarm | {"at": last.ended_at, "run": last.id} for alarm in last.alarms] if last and last.ended_at else []
    told = state in ("stale", "never_run") or (state == "failing" and not alarms)
    if told and plan.scheduled and not any(alarm["message"] == sentence for alarm in alarms):
        alarms = [{"check": state, "message": sentence, "at": iso(now), "run": last.id if last else None}, *alarms]
    return Health(
        source=plan.source,
        title=plan.title,
        state=state,
        sentence=sentence,
        enabled=plan.scheduled and not plan.is_over(now.date()),
        last_run_at=runs[-1].started_at if runs else None,
        last_good_at=good.started_at if good else None,
        due_at=_due(plan, runs, now),
        succeeded_by=plan.succeeded_by,
        alarms=() if state in ("discontinued", "unprobed") else tuple(alarms),
    )


def _due(plan: Plan, runs: Sequence[AnyRow], now: datetime) -> str | None:
    if not plan.scheduled or plan.is_over(now.date()):
        return None
    at, _ = next_turn(plan.every, None, runs[-1] if runs else None, now)
    return iso(at)


def _state(
    plan: Plan, runs: Sequence[AnyRow], last: AnyRow | None, good: AnyRow | None, now: datetime
) -> tuple[State, str]:
    if plan.is_over(now.date()):
        after = f"; {plan.succeeded_by} goes on in its place" if plan.succeeded_by else ""
        return "discontinued", f"It publishes nothing more since {plan.discontinued}{after}."
    if last is None:
        return _before_the_first(plan, runs)
    day, ended = last.started_at[:10], ENDINGS.get(last.outcome, ENDINGS["interrupted"])
    if last.ended_at is None or last.outcome not in GOOD:
        since = f", the last good one of {good.started_at[:10]}" if good else ", and there is no good one before it"
        return "failing", f"Its last run, of {day}, {ended}{since}: see `minutier runs {plan.source}`."
    if plan.scheduled and now - datetime.fromisoformat(last.started_at) > plan.patience:
        late = f"is older than `every` ({_days(plan.every)}) allows"
        return "stale", f"Its last good run, of {day}, {late}: run `minutier crawl {plan.source}`, see its schedule."
    silence = next((alarm["message"] for alarm in last.alarms if alarm["check"] == "silence"), "")
    if silence:
        return "stale", silence
    return "ok", f"Its last run, of {day}, {ended}."


def _before_the_first(plan: Plan, runs: Sequence[AnyRow]) -> tuple[State, str]:
    if runs:
        return "never_run", f"Its first run, begun on {runs[-1].started_at[:10]}, is not finished."
    if not plan.probed:
        return "unprobed", f"It has no rules to run by: `minutier probe {plan.source} --write` looks for some."
    if not plan.enabled:
        return "never_run", "It has never run, and is not enabled."
    return "never_run", f"It has never run: run `minutier crawl {plan.source}`."


def _days(length: timedelta) -> str:
    """Return a length of time as `sources.yaml` writes it.

    >>> _days(timedelta(days=7)), _days(timedelta(hours=12))
    ('7d', '12h')
    """
    hours = length.total_seconds() / 3600
    return f"{hours / 24:g}d" if hours % 24 == 0 else f"{hours:g}h"
