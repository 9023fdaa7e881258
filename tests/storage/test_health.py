"""Health: the state of each source, with the reason, from its runs and from what the list says of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from storage.health import Health, health
from storage.runs import Note, iso
from storage.sources import SourcesFile, Unprobed
from storage.turns import rested
from tests.making import Scene, a_source


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """An empty corpus."""
    made = Scene(place)
    with made.store:
        yield made


def look(scene: Scene, *sources: Any, after: timedelta = timedelta(0)) -> list[Health]:
    """Return how some sources are, some time later."""
    with scene.store.reading() as connection:
        return health(connection, SourcesFile(sources=sources) if sources else None, scene.now + after)


def a_run(scene: Scene, *names: str, **ending: Any) -> None:
    """Play a run that lists some documents, and close it."""
    scene.open_run()
    for name in names:
        scene.give(name, f"Séance du {name}.")
    scene.close_run(**ending)


def test_a_source_is_ok_until_its_time_is_well_over(scene: Scene) -> None:
    """A good run holds for `every` and half as long again; then the source is stale, and an alarm says so."""
    a_run(scene, "a")
    one = look(scene, scene.source, after=timedelta(days=10))[0]
    assert (one.state, one.alarms, one.enabled) == ("ok", (), True)
    assert (one.last_run_at, one.last_good_at) == ("2026-03-01T13:00:00Z", "2026-03-01T13:00:00Z")
    began = datetime.fromisoformat(one.last_run_at)
    assert one.due_at == iso(rested(began, timedelta(days=7)).astimezone(UTC))
    late = look(scene, scene.source, after=timedelta(days=11))[0]
    assert late.state == "stale"
    assert [(alarm["check"], alarm["run"]) for alarm in late.alarms] == [("stale", "run1")]


def test_a_run_that_is_not_good_makes_its_source_fail(scene: Scene) -> None:
    """The last finished run counts, and its own alarms say why; a good one before it is named."""
    a_run(scene, "a", "b")
    a_run(scene, "a", minimum=2)
    one = look(scene, scene.source)[0]
    assert one.state == "failing"
    assert "2026-03-01" in one.sentence
    assert [(alarm["check"], alarm["run"]) for alarm in one.alarms] == [("expect.min", "run2")]
    assert one.last_good_at == "2026-03-01T13:00:00Z"
    a_run(scene, "a", "b", minimum=2)
    assert look(scene, scene.source)[0].state == "ok"


def test_a_run_without_alarm_that_is_not_good_is_an_alarm(scene: Scene) -> None:
    """What was not answered leaves a run incomplete without a word; the state says it."""
    scene.open_run()
    scene.give("a", "Séance.")
    scene.store.note(scene.run_id, [Note(address="http://127.0.0.1:9/b")]).result()
    scene.close_run()
    one = look(scene, scene.source)[0]
    assert (one.state, [alarm["check"] for alarm in one.alarms]) == ("failing", ["failing"])


def test_an_old_run_that_never_ended_is_not_ok(scene: Scene) -> None:
    """For a day a run that was cut short may be gone on with; then its source fails, whatever was good before."""
    a_run(scene, "a")
    scene.open_run()
    scene.store.leave_run(scene.run_id)
    assert look(scene, scene.source, after=timedelta(hours=23))[0].state == "ok"
    assert look(scene, scene.source, after=timedelta(hours=25))[0].state == "failing"


def test_a_run_that_is_alive_may_take_long(scene: Scene) -> None:
    """A run that a living process works on is not called cut short, however long it takes."""
    a_run(scene, "a")
    scene.open_run()
    assert look(scene, scene.source, after=timedelta(hours=100))[0].state == "ok"


def test_what_never_ran_is_told_apart(scene: Scene) -> None:
    """Never run, unprobed, not enabled, discontinued: four things, and only the first is an alarm."""
    ended = a_source(id="ended", discontinued=date(2026, 1, 1), succeeded_by="new")
    bare = a_source(id="bare", spider=None, options=Unprobed())
    found = look(scene, a_source(id="new"), bare, a_source(id="off", enabled=False), ended)
    assert [one.state for one in found] == ["never_run", "unprobed", "never_run", "discontinued"]
    assert [len(one.alarms) for one in found] == [1, 0, 0, 0]
    assert [one.due_at is None for one in found] == [False, True, True, True]
    assert found[3].succeeded_by == "new"
    assert "new goes on in its place" in found[3].sentence


def test_a_day_that_has_not_come_ends_nothing(scene: Scene) -> None:
    """`discontinued` counts from its day on."""
    merging = a_source(id="merging", discontinued=date(2026, 3, 2))
    assert look(scene, merging)[0].state == "never_run"
    assert look(scene, merging, after=timedelta(days=1))[0].state == "discontinued"


def test_without_a_list_the_corpus_speaks_for_itself(scene: Scene) -> None:
    """What the corpus remembers of a source tells whether it is stale; a list that does not name it frees it."""
    a_run(scene, "a")
    month = timedelta(days=30)
    assert [(one.source, one.state) for one in look(scene, after=month)] == [("town", "stale")]
    found = look(scene, a_source(id="other"), after=month)
    assert [(one.source, one.state) for one in found] == [("other", "never_run"), ("town", "ok")]
    assert not found[1].enabled


def test_health_as_json_has_the_names_that_are_promised(scene: Scene) -> None:
    """`json()` gives plain values under the names of the fields."""
    a_run(scene, "a")
    told = look(scene, scene.source)[0].json()
    assert list(told)[:4] == ["source", "title", "state", "sentence"]
    assert told["alarms"] == []
