"""What an archive gave takes its place in time: an old text never replaces one that was seen later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.making import Scene


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """A corpus with a run going on."""
    made = Scene(place)
    with made.store:
        made.open_run()
        yield made


def archived(scene: Scene, text: str, moment: str) -> str:
    """Capture a document as an archive took it at some moment, and return what became of it."""
    saved = scene.read(scene.fetch("a", text.encode(), hints={"archived_at": moment}), text)
    return saved.state


def test_an_older_copy_is_kept_and_replaces_nothing(scene: Scene) -> None:
    """After a living page the archive's is a capture with a reason, and no version."""
    scene.give("a", "Le texte vivant.")
    scene.close_run()
    scene.open_run()
    assert archived(scene, "Le vieux texte.", "2015-01-01T00:00:00Z") == "unchanged"
    scene.close_run()
    assert scene.rows("SELECT count(*) FROM version") == [(1,)]
    assert scene.rows(f"SELECT state, reason FROM run_address WHERE run_id = '{scene.run_id}'") == [
        ("unchanged", "older")
    ]
    assert scene.rows("SELECT count(*) FROM capture WHERE document_id IS NOT NULL") == [(2,)]


def test_a_newer_copy_and_the_living_page_go_on(scene: Scene) -> None:
    """2013, then 2015, then today: each changed text is a version after the one before."""
    assert archived(scene, "Le premier texte.", "2013-01-01T00:00:00Z") == "stored"
    scene.close_run()
    scene.open_run()
    assert archived(scene, "Le deuxième texte.", "2015-01-01T00:00:00Z") == "updated"
    scene.close_run()
    scene.open_run()
    assert scene.give("a", "Le texte vivant.").state == "updated"
    scene.close_run()
    assert scene.rows("SELECT count(*) FROM version WHERE NOT held") == [(3,)]
