"""What processes share of one corpus: locks that say how long they are believed, captures that somebody answers for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from extract.model import Quality
from storage.errors import Busy, Overtaken
from storage.models import RunLock
from storage.sharing import batches, claimed, left_behind, named, pictures_of, unsettled, unsettled_among
from tests.making import Scene

SHORT = timedelta(seconds=30)


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """An empty corpus."""
    made = Scene(place)
    with made.store:
        yield made


def begin(scene: Scene, **given: Any) -> str:
    """Open a run of the source and return its number."""
    return scene.store.open_run(scene.source, {}, now=scene.now, version="test", **given).run_id


def elsewhere(scene: Scene) -> None:
    """Let the lock that is held be that of another machine."""
    scene.store.writer.write(lambda c: c.execute(update(RunLock).values(host="another")) and None)


def test_a_lock_is_believed_elsewhere_as_long_as_its_holder_asked(scene: Scene) -> None:
    """One that beats often asks for 30 seconds: after them another machine goes on with its run."""
    run_id = begin(scene, believed=SHORT)
    elsewhere(scene)
    scene.now += SHORT
    with pytest.raises(Busy):
        begin(scene)
    scene.now += timedelta(seconds=1)
    assert begin(scene) == run_id


def test_a_heartbeat_renews_what_is_held_and_names_what_is_not(scene: Scene) -> None:
    """A run whose lock is another's by now is named, and its lock is neither renewed nor given away."""
    run_id = begin(scene, believed=SHORT)
    scene.now += timedelta(minutes=10)
    assert scene.store.beat([run_id], scene.now, SHORT) == frozenset()
    elsewhere(scene)
    scene.now += SHORT
    assert scene.store.beat([run_id], scene.now, SHORT) == {run_id}
    scene.store.leave_run(run_id)
    with pytest.raises(Busy):
        begin(scene)
    scene.now += timedelta(seconds=1)
    assert begin(scene) == run_id, "the heartbeat of somebody else did not count"


def test_a_turn_that_is_past_is_not_taken_again(scene: Scene) -> None:
    """Where a run more is over than when the turn came, the job is told so."""
    scene.open_run()
    scene.give("a", "Un texte.")
    scene.close_run()
    with pytest.raises(Overtaken):
        begin(scene, finished=0)
    assert begin(scene, finished=1)


def test_captures_are_taken_by_run_and_by_number(scene: Scene) -> None:
    """What waits is found by its run or its number, besides what is in hand; what is settled is found no more."""
    run_id = scene.open_run()
    one, two, three = (scene.fetch(name, name.encode()) for name in ("a", "b", "c"))
    with scene.store.reading() as connection:
        by_run = claimed(connection, runs=[run_id], seqs=[], besides=[two], room=9)
        by_number = claimed(connection, runs=[], seqs=[three], besides=[], room=9)
        first = claimed(connection, runs=[run_id], seqs=[], besides=[], room=1)
        again = named(connection, [three, one])
    assert [row.seq for row in by_run] == [one, three]
    assert [row.seq for row in by_number] == [three]
    assert [row.seq for row in first] == [one]
    assert [row.seq for row in again] == [one, three]
    assert [row.seq for row in scene.store.rows(unsettled(run_id))] == [one, two, three]
    scene.read(two, "Un texte.")
    assert [row.seq for row in scene.store.rows(unsettled_among([one, two]))] == [one]


def test_what_nobody_answers_for_is_found(scene: Scene) -> None:
    """Captures that wait are left behind once nobody holds their run; those that were read before are not meant."""
    run_id = scene.open_run()
    read, unread = scene.fetch("a", b"a"), scene.fetch("b", b"b")
    scene.read(read, "Un texte.")
    assert scene.store.rows(left_behind(9)) == []
    scene.store.leave_run(run_id)
    scene.store.wait_again([read])
    assert [row.seq for row in scene.store.rows(left_behind(9))] == [unread]


def test_pages_that_are_pictures_are_found_by_their_run(scene: Scene) -> None:
    """The documents of a run that wait for OCR are named by the captures that brought them."""
    run_id = scene.open_run()
    seqs = [scene.fetch(name, name.encode()) for name in ("a", "b")]
    scene.read(seqs[0], "Un texte.")
    scene.read(seqs[1], "", quality=Quality(verdict="scanned", needs_ocr=True))
    assert [row.seq for row in scene.store.rows(pictures_of(run_id))] == [seqs[1]]


def test_what_shares_an_address_is_not_read_at_the_same_time() -> None:
    """Batches hold each address once; the second capture of one waits until the first is settled."""

    def row(seq: int, address: str) -> Any:
        return SimpleNamespace(seq=seq, address=address, document_address=address)

    rows = [row(1, "a"), row(2, "b"), row(3, "a"), row(4, "c"), row(5, "d")]
    assert batches(rows, set(), 2) == [[1, 2], [4, 5]]
    assert batches(rows[2:], set(), 9) == [[3, 4, 5]]
    assert batches(rows, {1, 2, 4, 5}, 2) == []
