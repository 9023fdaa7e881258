"""Runs: the lock, the equation, and what a good or a bad end may change."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from storage.captures import last_answer
from storage.errors import Busy
from storage.runs import STATES, Note, is_alive, iso
from tests.making import Scene


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """An empty corpus."""
    made = Scene(place)
    with made.store:
        yield made


def adds_up(run: dict[str, int]) -> bool:
    """Return whether a run's equation holds."""
    names = ["listings" if state == "listing" else state for state in STATES]
    return run["seen"] == sum(run[name] for name in names)


def test_every_address_stands_once(scene: Scene) -> None:
    """Whatever is noted about an address, the account holds it once and the equation holds."""
    scene.open_run()
    scene.give("a", "Un texte.")
    scene.give("b", "Un autre texte.")
    scene.fetch("gone", status=404)
    scene.store.note(scene.run_id, [Note(address="x", state="skipped", reason="scope"), Note(address="x")]).result()
    scene.store.note(scene.run_id, [Note(address="http://127.0.0.1:9/a")]).result()
    scene.close_run()
    run = scene.figures()
    assert (run["seen"], run["stored"], run["failed"], run["pending"]) == (4, 2, 1, 1)
    assert adds_up(run)


def test_an_unread_capture_is_pending_and_keeps_the_run_from_being_complete(scene: Scene) -> None:
    """A capture that waits is counted, and the run is called incomplete."""
    scene.open_run()
    scene.fetch("a", b"bytes")
    assert scene.close_run().outcome == "incomplete"
    assert scene.figures()["pending"] == 1


def test_a_second_run_of_a_held_source_is_refused(scene: Scene, tmp_path: Path) -> None:
    """While a living process holds a source, another gets Busy with its number and the next step."""
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        scene.open_run()
        started = psutil.Process(sleeper.pid).create_time()
        scene.store.writer.write(
            lambda c: (
                c.exec_driver_sql(f"UPDATE run_lock SET pid = {sleeper.pid}, process_started = {started}") and None
            )
        )
        with pytest.raises(Busy, match=str(sleeper.pid)):
            scene.open_run()
    finally:
        sleeper.kill()
        sleeper.wait()
    assert scene.open_run() == "run1", "the lock of a dead process is taken over, and its run gone on with"


def test_a_recycled_process_number_is_not_the_holder() -> None:
    """A lock names the start of its process: another process with the same number does not hold it."""
    me = psutil.Process()
    import socket

    from tests.making import NOON

    here = socket.gethostname()
    assert is_alive(here, me.pid, me.create_time(), iso(NOON), NOON)
    assert not is_alive(here, me.pid, me.create_time() - 100, iso(NOON), NOON)
    assert is_alive("elsewhere", 1, 0, iso(NOON - timedelta(minutes=4)), NOON)
    assert not is_alive("elsewhere", 1, 0, iso(NOON - timedelta(minutes=6)), NOON)


def test_an_unfinished_run_is_gone_on_with_for_a_day(scene: Scene) -> None:
    """Within 24 hours a run that was cut short is resumed; later it is closed as interrupted."""
    first = scene.open_run()
    scene.store.leave_run(first)
    assert scene.open_run() == first
    scene.store.leave_run(first)
    scene.now += timedelta(hours=25)
    assert scene.open_run() != first
    assert ("interrupted",) in scene.rows("SELECT outcome FROM run WHERE id = 'run1'")


def test_more_than_expected_is_said_and_changes_nothing_else(scene: Scene) -> None:
    """Above expect.max the run is as good as it was, with an alarm; what is no longer listed is called so."""
    scene.open_run()
    for name in "abc":
        scene.give(name, f"Document {name}.")
    assert [alarm["check"] for alarm in scene.close_run(maximum=2).alarms] == ["expect.max"]
    scene.open_run()
    for name in "abd":
        scene.give(name, f"Document {name}.")
    judged = scene.close_run(maximum=2)
    assert (judged.outcome, [alarm["check"] for alarm in judged.alarms]) == ("complete", ["expect.max"])
    assert scene.rows("SELECT count(*) FROM document WHERE unlisted_at IS NOT NULL") == [(1,)]


def test_too_few_documents_change_nothing_that_is_shown(scene: Scene) -> None:
    """Below expect.min a changed text is kept but not shown, and nothing is declared unlisted."""
    scene.open_run()
    saved = scene.give("a", "La première version.")
    scene.give("b", "Un deuxième document.")
    assert scene.close_run(minimum=2).outcome == "complete"
    scene.open_run()
    assert scene.give("a", "La seconde version.").state == "updated"
    judged = scene.close_run(minimum=2)
    assert judged.outcome == "too_few"
    assert "expect.min" in judged.alarms[0]["check"]
    assert scene.rows(f"SELECT current_version_id FROM document WHERE id = '{saved.document_id}'") == [(1,)]
    assert scene.rows("SELECT count(*) FROM document WHERE unlisted_at IS NOT NULL") == [(0,)]
    scene.open_run()
    scene.give("a", "La seconde version.")
    scene.give("b", "Un deuxième document.")
    assert scene.close_run(minimum=2).outcome == "complete"
    assert scene.rows(
        "SELECT number, held FROM version WHERE document_id = (SELECT id FROM document WHERE address "
        "= 'http://127.0.0.1:9/a') ORDER BY number"
    ) == [(1, 0), (2, 0)]
    assert scene.figures()["updated"] == 1


def test_an_empty_listing_is_an_alarm(scene: Scene) -> None:
    """A walk that found no document at all is not complete."""
    scene.open_run()
    scene.fetch("list", b"<html></html>", role="listing", listed=True)
    judged = scene.close_run()
    assert judged.outcome == "too_few"
    assert judged.alarms[0]["check"] == "nothing_listed"


def test_a_listing_that_fails_makes_the_run_incomplete(scene: Scene) -> None:
    """A listing that answers 500 leaves the run incomplete, with an alarm that names it."""
    scene.open_run()
    scene.give("a", "Un texte.")
    scene.fetch("list/2", status=500, role="listing")
    judged = scene.close_run()
    assert judged.outcome == "incomplete"
    assert "list/2" in judged.alarms[0]["message"]


def test_unlisted_missing_gone_and_returned_are_dated_facts(scene: Scene) -> None:
    """A document that leaves the listing is unlisted; told 404 twice it is gone; answering again it has returned."""
    for _ in range(2):
        scene.open_run()
        scene.give("a", "Un texte.")
        scene.give("b", "Un autre texte.")
        scene.close_run()
    for _ in range(2):
        scene.open_run()
        scene.give("a", "Un texte.")
        scene.fetch("b", status=404, listed=False)
        assert scene.close_run().outcome == "complete"
    facts = [fact for (fact,) in scene.rows("SELECT fact FROM change ORDER BY seq")]
    assert facts == ["stored", "stored", "unlisted", "missing", "gone"]
    scene.open_run()
    scene.give("a", "Un texte.")
    scene.give("b", "Un autre texte.")
    scene.close_run()
    facts = [fact for (fact,) in scene.rows("SELECT fact FROM change ORDER BY seq")]
    assert facts[5:] == ["relisted", "returned"]
    assert scene.rows("SELECT count(*) FROM document WHERE gone_at IS NOT NULL OR unlisted_at IS NOT NULL") == [(0,)]


def test_the_same_bytes_elsewhere_while_the_old_are_gone_have_moved(scene: Scene) -> None:
    """A gone document points at the later one with its bytes; when it answers again, it has not moved."""
    scene.open_run()
    scene.give("old", "Un texte.")
    scene.give("a", "Un autre texte.")
    scene.close_run()
    for _ in range(2):
        scene.open_run()
        scene.give("a", "Un autre texte.")
        scene.give("new", "Un texte.")
        scene.fetch("old", status=404, listed=False)
        scene.close_run()
    moved = "SELECT d.address, o.address FROM relation r JOIN document d ON d.id = r.document_id "
    moved += "JOIN document o ON o.id = r.other_id WHERE r.type = 'moved_to'"
    assert scene.rows(moved) == [("http://127.0.0.1:9/old", "http://127.0.0.1:9/new")]
    assert scene.rows("SELECT fact FROM change ORDER BY seq DESC LIMIT 2") == [("moved_to",), ("gone",)]
    scene.open_run()
    scene.give("old", "Un texte.")
    scene.give("a", "Un autre texte.")
    scene.give("new", "Un texte.")
    scene.close_run()
    assert scene.rows(moved) == []


@pytest.mark.parametrize("reason", ["soft_404", "login", "error_page"])
def test_what_is_shown_instead_of_a_document_is_none(scene: Scene, reason: str) -> None:
    """New, it is a skip and no document; known and listed, a failure; and it is never asked about conditionally."""
    scene.open_run()
    scene.give("known", "Un texte.")
    scene.fetch("known", b"<html>instead", flags=(reason,), headers={"etag": '"x"'})
    scene.fetch("new", b"<html>instead", flags=(reason,))
    scene.close_run()
    rows = scene.rows("SELECT address, state, reason FROM run_address ORDER BY address")
    assert [row[1:] for row in rows] == [("failed", reason), ("skipped", reason)]
    assert scene.rows("SELECT count(*) FROM document") == [(1,)]
    last = scene.store.first(last_answer(scene.source.id, "http://127.0.0.1:9/known"))
    assert last is not None and last.flags == ""


def test_a_soft_404_twice_is_an_absence(scene: Scene) -> None:
    """An unlisted document that the site shows as missing in two good runs is gone, as if it had said 404."""
    scene.open_run()
    scene.give("a", "Un texte.")
    scene.give("b", "Un autre texte.")
    scene.close_run()
    for _ in range(2):
        scene.open_run()
        scene.give("a", "Un texte.")
        scene.fetch("b", b"<html>instead", flags=("soft_404",), listed=False)
        assert scene.close_run().outcome == "complete"
    assert scene.rows("SELECT count(*) FROM document WHERE gone_at IS NOT NULL") == [(1,)]


def test_two_absences_with_a_return_between_are_not_gone(scene: Scene) -> None:
    """Missing, back, missing again: it takes two good runs in a row to be gone."""
    scene.open_run()
    scene.give("a", "Un texte.")
    scene.give("b", "Un autre texte.")
    scene.close_run()
    for present in (False, True, False):
        scene.open_run()
        scene.give("a", "Un texte.")
        if present:
            scene.give("b", "Un autre texte.")
        else:
            scene.fetch("b", status=404, listed=False)
        scene.close_run()
    assert scene.rows("SELECT count(*) FROM document WHERE gone_at IS NOT NULL") == [(0,)]


def test_a_crawl_says_nothing_about_imported_documents(scene: Scene) -> None:
    """What was imported under a source's name is not called unlisted by a crawl of that source."""
    scene.open_run()
    address = "import:town/a.pdf"
    scene.read(scene.fetch("a", b"bytes", url=address, address=address, document_address=address), "Un texte.")
    scene.close_run(walks_listings=False)
    scene.open_run()
    scene.give("b", "Un autre texte.")
    assert scene.close_run().outcome == "complete"
    assert scene.rows("SELECT count(*) FROM document WHERE unlisted_at IS NOT NULL") == [(0,)]


def test_a_body_that_broke_off_is_never_asked_about_conditionally(scene: Scene) -> None:
    """The validators come from the last whole body: "not changed" must not keep the rest of a page away."""
    from storage.captures import last_answer, validators

    scene.open_run()
    scene.read(scene.fetch("a", b"Un texte entier.", headers={"etag": "whole"}), "Un texte entier.")
    scene.close_run()
    scene.open_run()
    scene.read(scene.fetch("a", b"Un te", headers={"etag": "half"}, flags=("truncated",)), "Un te")
    last = scene.store.first(last_answer("town", "http://127.0.0.1:9/a"))
    assert validators(last) == {"If-None-Match": "whole"}
