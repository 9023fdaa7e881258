"""Whose turn it is: by `every`, by how the last run ended, and never by a clock that was set back."""

from __future__ import annotations

import random
import time as time_module
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from storage import runs
from storage.errors import Overtaken
from storage.models import Run
from storage.sources import Source
from storage.store import Store
from storage.turns import RETRY, Turn, due, finished_runs, next_turn, rested, turns
from tests.making import a_source

MONDAY = datetime(2026, 3, 2, 3).astimezone()
"""At three in the morning of this computer, wherever it is: days are those of its calendar."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)
NIGHT = timedelta(hours=3)
"""From midnight, when a day is due, to MONDAY's hour."""


def scheduled(**more: Any) -> Source:
    """Return a source that runs by itself, once a week unless it says otherwise."""
    return a_source(**({"enabled": True, "every": WEEK} | more))


class Calendar:
    """A corpus whose runs begin and end at moments that a test gives."""

    def __init__(self, place: str) -> None:
        self.store = Store.create(place, now=MONDAY, version="test")
        self.numbers = count(1)

    def begin(self, source: Source, at: datetime, finished: int | None = None) -> runs.Opened:
        """Begin a run, or go on with one."""
        given = {"now": at.astimezone(UTC), "version": "test", "finished": finished}
        return self.store.open_run(source, {}, new_id=lambda: f"run{next(self.numbers)}", **given)

    def end(self, opened: runs.Opened, outcome: str, at: datetime) -> None:
        """End it."""
        self.store.writer.write(lambda c: runs.close_run(c, opened.run_id, outcome, now=at.astimezone(UTC), alarms=[]))

    def ran(self, source: Source, at: datetime, outcome: str = "complete") -> None:
        """Play a whole run."""
        self.end(self.begin(source, at), outcome, at + timedelta(minutes=5))

    def turn(self, source: Source, now: datetime) -> Turn:
        """Return the turn of a source."""
        with self.store.reading() as connection:
            return turns(connection, [source], now)[0]

    def is_due(self, source: Source, now: datetime) -> bool:
        """Return whether its turn has come."""
        with self.store.reading() as connection:
            return bool(due(connection, [source], now))


@pytest.fixture
def calendar(place: str) -> Any:
    """Give an empty one, in each kind of database."""
    made = Calendar(place)
    with made.store:
        yield made


def test_what_never_ran_is_due_and_what_is_switched_off_never(calendar: Calendar) -> None:
    """Disabled, unprobed and discontinued sources have no turn; one that is discontinued tomorrow has."""
    never = [
        scheduled(id="off", enabled=False),
        Source(id="bare", title="Bare", kind="other", voice="media", enabled=True),
        scheduled(id="over", discontinued=date(2026, 3, 2)),
    ]
    soon = [scheduled(id="new"), scheduled(id="ending", discontinued=date(2026, 3, 3))]
    with calendar.store.reading() as connection:
        found = due(connection, [*never, *soon], MONDAY)
    assert [(turn.source.id, turn.why, turn.finished) for turn in found] == [
        ("new", "It has never run.", 0),
        ("ending", "It has never run.", 0),
    ]


@pytest.mark.parametrize(
    ("outcome", "rest"),
    [
        ("complete", WEEK - NIGHT),
        ("failures", WEEK - NIGHT),
        ("incomplete", RETRY - NIGHT),
        ("too_few", RETRY - NIGHT),
        ("interrupted", RETRY - NIGHT),
        ("limited", RETRY - NIGHT),
    ],
)
def test_a_turn_comes_with_every_and_sooner_after_trouble(calendar: Calendar, outcome: str, rest: timedelta) -> None:
    """A good run rests for `every`, any other for a day: the site is not hammered, and not left for a week."""
    source = scheduled()
    calendar.ran(source, MONDAY, outcome)
    assert calendar.turn(source, MONDAY + rest).at == MONDAY + rest
    assert not calendar.is_due(source, MONDAY + rest - timedelta(seconds=1))
    assert calendar.is_due(source, MONDAY + rest)
    assert calendar.turn(source, MONDAY + rest).finished == 1


def test_a_short_rhythm_is_no_longer_after_trouble(calendar: Calendar) -> None:
    """A source of every hour is tried again after an hour."""
    source = scheduled(every=timedelta(hours=1))
    calendar.ran(source, MONDAY, "incomplete")
    assert calendar.turn(source, MONDAY).at == MONDAY + timedelta(minutes=54)


def test_a_run_that_was_cut_short_is_due_at_once(calendar: Calendar) -> None:
    """The same run is gone on with."""
    source = scheduled()
    calendar.ran(source, MONDAY - WEEK)
    opened = calendar.begin(source, MONDAY)
    calendar.store.leave_run(opened.run_id)
    turn = calendar.turn(source, MONDAY + timedelta(minutes=1))
    assert (turn.at, turn.why) == (
        MONDAY + timedelta(minutes=1),
        "Its run of 2026-03-02 was cut short, or is under way.",
    )
    assert calendar.begin(source, MONDAY + timedelta(minutes=2), turn.finished).resumed


def test_weeks_that_were_missed_are_caught_up_once(calendar: Calendar) -> None:
    """A laptop that slept for five weeks runs each source once, and then waits for a week."""
    source = scheduled()
    calendar.ran(source, MONDAY)
    back = MONDAY + 5 * WEEK + timedelta(hours=9)
    assert calendar.is_due(source, back)
    calendar.ran(source, back)
    assert not calendar.is_due(source, back + DAY)
    assert calendar.turn(source, back).at == back.replace(hour=0) + WEEK


def test_an_import_and_a_replay_are_no_visit(calendar: Calendar) -> None:
    """Files that were imported under a source's name, and captures walked again, do not put its turn off."""
    source = scheduled()
    calendar.ran(source, MONDAY - WEEK)
    for road in ("files", "offline"):
        opened = calendar.begin(source, MONDAY - DAY)
        observed = update(Run).where(Run.id == opened.run_id).values(observed={"road": road})
        calendar.store.writer.write(lambda connection, told=observed: connection.execute(told))
        calendar.end(opened, "complete", MONDAY - DAY)
    assert calendar.turn(source, MONDAY).at == MONDAY - NIGHT


YEAR = range(364)
TIMERS = {
    "exact to seven seconds": lambda dice: timedelta(seconds=dice.uniform(-7, 7)),
    "a quarter of an hour early or late": lambda dice: timedelta(minutes=dice.uniform(-15, 15)),
    "caught up when a laptop is opened": lambda dice: timedelta(hours=dice.uniform(5, 9)),
}


def days_of(source: Source, moments: Iterable[datetime]) -> list[date]:
    """Return the days on which a source is run, by a timer that goes off at some moments and takes three seconds."""
    last: Any = None
    ran = []
    for now in moments:
        if next_turn(source.every, source.hours, last, now)[0] <= now:
            began = runs.iso((now + timedelta(seconds=3)).astimezone(UTC))
            last = SimpleNamespace(started_at=began, ended_at=began, outcome="complete")
            ran.append(now.date())
    return ran


@pytest.mark.parametrize("timer", TIMERS)
@pytest.mark.parametrize("days", [1, 7, 30])
def test_a_daily_timer_never_slips_a_day(timer: str, days: int) -> None:
    """Through a year of timers that are early, late or caught up, each turn comes on its day, and none drifts."""
    dice = random.Random(7)
    ran = days_of(scheduled(every=days * DAY), [MONDAY + day * DAY + TIMERS[timer](dice) for day in YEAR])
    assert ran == [MONDAY.date() + day * DAY for day in YEAR[::days]]


@pytest.mark.parametrize("days", [1, 7])
def test_an_hourly_timer_asks_no_more_often_than_a_daily_one(days: int) -> None:
    """It comes once on each day that is due, and not a little earlier each time."""
    ran = days_of(scheduled(every=days * DAY), [MONDAY + timedelta(hours=hour) for hour in range(363 * 24)])
    assert ran == [MONDAY.date() + day * DAY for day in YEAR[::days]]


@pytest.mark.skipif(not hasattr(time_module, "tzset"), reason="platform: the zone of a process cannot be set here")
def test_the_days_of_23_and_25_hours_are_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """In France clocks change in March and in October: a source of every day is asked on each day, and once."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time_module.tzset()
        moments = [datetime(2026, 1, 1, 3, 30) + day * DAY for day in YEAR]
        offsets = {moment.astimezone().utcoffset() for moment in moments}
        ran = days_of(scheduled(every=DAY), [moment.astimezone() for moment in moments])
    time_module.tzset()
    assert (len(offsets), ran) == (2, [moment.date() for moment in moments])


def test_what_ran_late_in_the_evening_rests_for_half_a_day_at_least() -> None:
    """A new day alone makes nothing due."""
    evening = MONDAY + timedelta(hours=20, minutes=50)
    assert rested(evening, DAY) == evening + DAY / 2
    assert rested(evening, WEEK) == MONDAY + WEEK - NIGHT + timedelta(hours=11, minutes=50)


def test_a_clock_that_was_set_back_blocks_nothing(calendar: Calendar) -> None:
    """A run dated in the future does not have its source wait until then."""
    source = scheduled()
    calendar.ran(source, MONDAY + timedelta(days=3650))
    turn = calendar.turn(source, MONDAY)
    assert turn.at == MONDAY and "the clock was set back" in turn.why


def test_outside_of_its_hours_a_source_waits_for_them(calendar: Calendar) -> None:
    """It is due when they begin, and the reason says which they are."""
    now = MONDAY.astimezone().replace(hour=12, minute=0)
    source = scheduled(hours=(time(22), time(6)))
    turn = calendar.turn(source, now)
    assert turn.at == now.replace(hour=22) and turn.why.endswith("It may be asked from 22:00 to 06:00 only.")
    assert calendar.turn(source, now.replace(hour=23)).at == now.replace(hour=23)


def test_two_schedulers_run_a_source_once(calendar: Calendar) -> None:
    """Who found a source due before another process ran it is told so under the lock, and leaves nothing behind."""
    source = scheduled()
    calendar.ran(source, MONDAY - WEEK)
    turn = calendar.turn(source, MONDAY)
    calendar.ran(source, MONDAY)
    with pytest.raises(Overtaken, match="'town' has been run by another process meanwhile"):
        calendar.begin(source, MONDAY + timedelta(minutes=10), turn.finished)
    with calendar.store.reading() as connection:
        assert finished_runs(connection) == {"town": 2}
    assert calendar.begin(source, MONDAY + WEEK, finished=2).run_id, "the lock was not left behind"
