"""Alarms from a source's own history: what a run has that the good ones before it had not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from crawlers.spiders.listing import Options
from storage.health import health
from storage.health.comparing import Past, drop, is_doubtful, is_unlike
from storage.health.observing import Observed, fingerprint, remembered
from storage.health.silence import last_sign, rhythm, too_long
from storage.runs import Note, iso
from storage.sources import LinkRule
from tests.making import NOON, Scene, a_source

TEN = [f"pv-{n}" for n in range(10)]


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """An empty corpus."""
    made = Scene(place)
    with made.store:
        yield made


def a_run(scene: Scene, names: list[str], rules: Mapping[str, tuple[int, int]] | None = None, **ending: Any) -> Any:
    """Play a run that lists some documents a week after the one before, and return how it was judged."""
    scene.now += timedelta(days=7)
    scene.open_run()
    for name in names:
        scene.give(name, f"Séance où il est parlé de {name}.", dates=())
    return scene.close_run(rules=rules or {"follow": (1, len(names))}, **ending)


def checks(judged: Any) -> list[str]:
    """Return the names of the checks that raised an alarm."""
    return [alarm["check"] for alarm in judged.alarms]


def shown(scene: Scene) -> int:
    """Return how many documents are on their listing, as far as is known."""
    return int(scene.rows("SELECT count(*) FROM document WHERE unlisted_at IS NULL")[0][0])


def test_a_rule_that_dies_is_named_and_the_run_is_not_believed(scene: Scene) -> None:
    """`next` matched and matches nothing, and less is listed: named on the first run, and nothing becomes unlisted."""
    for _ in range(2):
        assert checks(a_run(scene, TEN, {"follow": (2, 10), "next": (2, 1)})) == []
    judged = a_run(scene, TEN[:6], {"follow": (1, 6), "next": (1, 0)})
    assert (judged.outcome, checks(judged)) == ("too_few", ["rule"])
    assert judged.alarms[0]["rule"] == "next"
    assert "`next`" in judged.alarms[0]["message"]
    assert "minutier check town" in judged.alarms[0]["message"]
    assert shown(scene) == 10
    judged = a_run(scene, TEN[:6], {"follow": (1, 6), "next": (1, 0)})
    assert (judged.outcome, shown(scene)) == ("too_few", 10), "and not believed the second time either"


@pytest.mark.parametrize(
    ("counts", "said"),
    [((6, 8, 10), "matched 10 in the good run of 2026-03-22"), ((6, 8, 0), "matched 8 in good runs before that of")],
)
def test_a_dead_rule_is_said_to_have_matched_what_it_did(scene: Scene, counts: tuple[int, ...], said: str) -> None:
    """The figure is that of the run it is told of: a listing grows from run to run."""
    for matched in counts:
        a_run(scene, TEN, {"follow": (1, 10), "map.date": (1, matched)})
    judged = a_run(scene, TEN, {"follow": (1, 10), "map.date": (1, 0)})
    assert [said in alarm["message"] for alarm in judged.alarms] == [True], judged.alarms


def test_changed_rules_begin_a_new_history(scene: Scene) -> None:
    """Whoever changes the rules of a source is not told that it lists less: that is what they wanted."""
    a_run(scene, TEN, {"follow": (2, 10), "next": (2, 1)})
    scene.source = a_source(options=Options(follow=LinkRule(css="main a")))
    judged = a_run(scene, TEN[:2], {"follow": (1, 2), "next": (1, 0)})
    assert (judged.outcome, checks(judged), shown(scene)) == ("complete", [], 2)


def test_a_title_is_no_rule() -> None:
    """What does not decide what is found does not begin a new history."""
    one = a_source().model_dump(mode="json")
    assert fingerprint(one) == fingerprint(a_source(title="Other", every=timedelta(days=1)).model_dump(mode="json"))
    assert fingerprint(one) != fingerprint(a_source(drop_params=("sid",)).model_dump(mode="json"))


def test_a_listing_that_fits_on_one_page_has_no_next(scene: Scene) -> None:
    """A listing that loses two documents and its second page is no alarm."""
    a_run(scene, TEN, {"follow": (2, 10), "next": (2, 1)})
    judged = a_run(scene, TEN[:8], {"follow": (1, 8), "next": (1, 0)})
    assert (judged.outcome, checks(judged)) == ("complete", [])


def test_a_rule_that_was_often_silent_may_be_silent(scene: Scene) -> None:
    """Only what matched in all of the last good runs, or all but one, is missed."""
    for matched in (3, 0, 0):
        a_run(scene, TEN, {"follow": (1, 10), "map.date": (1, matched)})
    assert checks(a_run(scene, TEN, {"follow": (1, 10), "map.date": (1, 0)})) == []


def test_a_column_that_is_gone_is_an_alarm_and_no_more(scene: Scene) -> None:
    """A rule that dies without a document missing is said; the run stays good."""
    a_run(scene, TEN, {"follow": (1, 10), "map.date": (1, 10)})
    judged = a_run(scene, TEN, {"follow": (1, 10), "map.date": (1, 0)})
    assert (judged.outcome, checks(judged)) == ("complete", ["rule"])


def test_what_is_not_tried_is_not_dead(scene: Scene) -> None:
    """Where a listing was not read, its rules say nothing."""
    a_run(scene, TEN, {"follow": (1, 10), "detail": (1, 3)})
    assert "rule" not in checks(a_run(scene, TEN, {"follow": (1, 10)}))


def test_nothing_listed_names_the_rule_too(scene: Scene) -> None:
    """A redesign that leaves no document is told by the check that was always there, and by the rule that died."""
    a_run(scene, TEN)
    judged = a_run(scene, [], {"follow": (1, 0)})
    assert (judged.outcome, checks(judged)) == ("too_few", ["nothing_listed", "rule"])


def test_a_sudden_drop_is_believed_when_it_is_said_twice(scene: Scene) -> None:
    """Less than half of what is usual changes nothing the first time; the next run confirms it."""
    for _ in range(3):
        a_run(scene, TEN)
    judged = a_run(scene, TEN[:3])
    assert (judged.outcome, checks(judged), shown(scene)) == ("too_few", ["drop"], 10)
    judged = a_run(scene, TEN[:3])
    assert (judged.outcome, checks(judged), shown(scene)) == ("complete", ["drop"], 3)


def test_the_latest_ten_are_always_ten(scene: Scene) -> None:
    """A listing of the latest entries that moves on is no drop, and neither is one that grows or shrinks a little."""
    for week in range(6):
        judged = a_run(scene, [f"pv-{week * 4 + n}" for n in range(10 - week % 3)])
        assert (judged.outcome, checks(judged)) == ("complete", [])


def test_a_limited_run_is_compared_with_nothing(scene: Scene) -> None:
    """Whoever asks for five documents is not told that there are fewer than ten."""
    a_run(scene, TEN)
    scene.open_run()
    scene.give("pv-1", "Séance.")
    scene.store.note(scene.run_id, [Note(address="x", state="skipped", reason="budget")]).result()
    assert checks(scene.close_run(rules={"follow": (1, 0)})) == []


def test_a_replay_is_compared_and_not_remembered(scene: Scene) -> None:
    """Off-line, a rule that finds nothing in what was kept is named; later runs are not compared with the replay."""
    a_run(scene, TEN, {"follow": (1, 10), "next": (1, 1)})
    judged = a_run(scene, TEN[:2], {"follow": (1, 2), "next": (1, 0)}, walks_listings=False)
    assert checks(judged) == ["rule", "drop"]
    assert checks(a_run(scene, TEN, {"follow": (1, 10), "next": (1, 1)})) == []


def test_an_import_of_two_files_is_no_drop(scene: Scene) -> None:
    """Files that are brought by hand are not compared with what was crawled, nor with each other's number."""
    a_run(scene, TEN)
    judged = a_run(scene, TEN[:1], {}, folder=True, walks_listings=False)
    assert (judged.outcome, checks(judged)) == ("complete", [])


def test_a_new_kind_of_failure_is_named(scene: Scene) -> None:
    """Four answers of ten that the good runs never met are an alarm that names the reason; one is an accident."""

    def failing(number: int) -> Any:
        scene.now += timedelta(days=7)
        scene.open_run()
        for at, name in enumerate(TEN):
            if at < number:
                scene.fetch(name, status=403)
            else:
                scene.give(name, f"Séance où il est parlé de {name}.", dates=())
        return scene.close_run(rules={"follow": (1, 10)})

    for _ in range(2):
        failing(0)
    assert checks(failing(1)) == []
    judged = failing(4)
    assert checks(judged) == ["errors"]
    assert "http_403" in judged.alarms[0]["message"]


def test_more_unreadable_files_than_before_are_an_alarm(scene: Scene) -> None:
    """A town that begins to publish pictures of pages is noticed by its newest files, few as they are in each run."""

    def brings(names: list[str], verdict: str) -> Any:
        scene.now += timedelta(days=7)
        scene.open_run()
        for name in [*TEN, *names]:
            later = name in names
            scene.give(name, f"Séance où il est parlé de {name}.", verdict=verdict if later else "good", dates=())
        return scene.close_run(rules={"follow": (1, 10)})

    brings([], "good")
    assert checks(brings(["pv-a"], "scanned")) == []
    assert checks(brings(["pv-b"], "scanned")) == []
    judged = brings(["pv-c", "pv-d"], "scanned")
    assert checks(judged) == ["unreadable"]
    assert "scanned 4" in judged.alarms[0]["message"]


def test_a_silent_source_is_stale(scene: Scene) -> None:
    """Monthly dates that stop raise an alarm, months later, and the state says the same."""
    days = [date(2025, month, 10) for month in range(3, 13)] + [date(2026, 1, 10), date(2026, 2, 10)]
    judged, weeks = None, 0
    while not (judged and judged.alarms) and weeks < 30:
        scene.now, weeks = scene.now + timedelta(days=7), weeks + 1
        scene.open_run()
        for day in days:
            found = {"role": "session", "value": day.isoformat(), "precision": "day", "found_in": "heading"}
            scene.give(f"pv-{day}", f"Séance du {day}.", dates=(a_date(found),))
        judged = scene.close_run(rules={"follow": (1, 12)})
    assert checks(judged) == ["silence"]
    assert 8 <= weeks < 20
    with scene.store.reading() as connection:
        one = health(connection, None, scene.now)[0]
    assert (one.state, one.sentence) == ("stale", judged.alarms[0]["message"])


def a_date(found: dict[str, str]) -> Any:
    """Return a date as an extractor finds it."""
    from extract.model import FoundDate

    return FoundDate(**found)  # type: ignore[arg-type]


def monthly(first: date, months: int, *, summer: bool = True) -> list[date]:
    """Return a day in each of some months; without summer, none in July and August."""
    days = [first + timedelta(days=30 * n) for n in range(months)]
    return [day for day in days if summer or day.month not in (7, 8)]


@pytest.mark.parametrize(
    ("days", "now", "silent"),
    [
        (monthly(date(2024, 1, 9), 27), date(2026, 4, 20), False),
        (monthly(date(2024, 1, 9), 27), date(2026, 6, 1), True),
        (monthly(date(2024, 1, 9), 30, summer=False), date(2026, 9, 28), False),
        (monthly(date(2024, 1, 9), 30, summer=False), date(2026, 11, 30), True),
        (monthly(date(2026, 1, 9), 6), date(2026, 9, 20), False),
        (monthly(date(2026, 1, 9), 6), date(2026, 11, 10), True),
        (monthly(date(2026, 1, 9), 3), date(2026, 12, 31), False),
        ([date(2026, 1, 5 + n) for n in range(6)], date(2026, 12, 31), False),
        ([date(2016, 1, 5), *monthly(date(2024, 1, 9), 27)], date(2026, 6, 1), True),
        ([], date(2026, 6, 1), False),
    ],
    ids=[
        "a-month-late",
        "three-months",
        "summer-as-every-year",
        "after-a-summer",
        "first-summer",
        "dead-since-the-first-summer",
        "too-few",
        "one-week",
        "an-old-hole-excuses-nothing",
        "no-dates",
    ],
)
def test_silence_is_measured_by_the_source_itself(days: list[date], now: date, silent: bool) -> None:
    """A month late is no silence, a summer neither; what lasts longer than the season ever did is one."""
    arrivals = [date(2026, 1, 1), *(day for day in days if day.year == 2026 and day.month > 1)]
    found = too_long(days, arrivals, first=arrivals[0], now=now, every=timedelta(days=7))
    assert bool(found) is silent


def test_a_first_run_waits_for_what_comes_late() -> None:
    """Minutes appear months after their séance: the day of the first run counts, unless the newest paper is old."""
    first = date(2026, 3, 1)
    assert last_sign([date(2026, 1, 10)], [first], first) == first
    assert last_sign([date(2024, 1, 10)], [first], first) == date(2024, 7, 8)
    assert last_sign([], [first], first) == first
    assert last_sign([date(2026, 1, 10)], [first, date(2026, 4, 1)], first) == date(2026, 4, 1)


def test_a_rhythm_of_another_season_does_not_excuse() -> None:
    """A long silence in summer says nothing of spring."""
    days = monthly(date(2023, 1, 9), 36, summer=False)
    found = rhythm(days, date(2026, 1, 15), date(2026, 4, 1))
    assert found
    assert (found.known, found.longest) == (True, timedelta(days=30))


def test_what_a_run_observed_is_kept_as_it_was(scene: Scene) -> None:
    """What the row of a run keeps gives the same figures again; of runs before, nothing is known."""
    judged = a_run(scene, TEN, {"follow": (3, 10)})
    with scene.store.reading() as connection:
        from sqlalchemy import select

        from storage.models import Run

        kept = connection.execute(select(Run.observed)).scalar_one()
    assert remembered(kept) == judged.observed
    assert (judged.observed.listed, judged.observed.new, judged.observed.rules) == (10, 10, {"follow": (3, 10)})
    assert remembered({}) == Observed()


def test_a_drop_that_changes_again_is_not_confirmed() -> None:
    """What is believed is what was said twice: half of it again is another drop."""
    past = Past(good=[Observed(listed=100)], good_on="2026-01-01", doubted=40)
    told = [{"check": "drop"}]
    assert not is_doubtful(Observed(listed=38), past, told)
    assert is_doubtful(Observed(listed=9), past, told)


def test_a_small_source_may_lose_most_of_what_it_lists() -> None:
    """One of four documents is no sudden drop: fewer than five are missing; three of eight is one."""
    few, more = (Past(good=[Observed(listed=usual)], good_on="2026-01-01") for usual in (4, 8))
    assert list(drop(Observed(listed=1), few, "town")) == []
    assert [alarm["check"] for alarm in drop(Observed(listed=3), more, "town")] == ["drop"]


def test_chance_is_no_alarm() -> None:
    """The same share as before is never unlike, however large; a rare one must be far more frequent."""
    assert not is_unlike(50, 100, 50, 100)
    assert not is_unlike(4, 100, 1, 100)
    assert is_unlike(20, 100, 1, 100)


def test_an_import_does_not_make_a_site_fresh(scene: Scene) -> None:
    """Files brought by hand, or a replay, say nothing of whether the site was visited."""
    a_run(scene, TEN)
    first = scene.now
    scene.now += timedelta(days=20)
    a_run(scene, TEN[:1], {}, folder=True, walks_listings=False)
    a_run(scene, TEN, walks_listings=False)
    with scene.store.reading() as connection:
        one = health(connection, None, scene.now)[0]
    assert (one.state, one.last_good_at) == ("stale", iso(first))
    assert first > NOON
