"""What is no longer listed: only a listing that names everything, asked about everything, may say so. All synthetic."""

from __future__ import annotations

from pathlib import Path

from storage.runs import Note
from tests.making import Scene


def unlisted(scene: Scene) -> list[str]:
    """Return the addresses of the documents that are marked as no longer listed."""
    return [address for (address,) in scene.rows("SELECT address FROM document WHERE unlisted_at IS NOT NULL")]


def crawled_twice(folder: Path, reason: str, **ending: bool) -> list[str]:
    """Crawl two documents; in a second run one is listed and skipped for a reason, the other is not listed."""
    scene = Scene(folder)
    scene.open_run()
    first, second = scene.give("a", "Un texte."), scene.give("b", "Un autre texte.")
    scene.close_run()
    scene.open_run()
    scene.give("b", "Un autre texte.")
    if reason:
        note = Note(address="http://127.0.0.1:9/a", state="skipped", reason=reason, listed=True)
        scene.store.note(scene.run_id, [note]).result(timeout=10)
    scene.close_run(**ending)
    assert first.document_id != second.document_id
    return unlisted(scene)


def test_what_is_not_named_any_more_is_unlisted(tmp_path: Path) -> None:
    """A document that a good run's listings do not name is marked."""
    assert crawled_twice(tmp_path, "") == ["http://127.0.0.1:9/a"]


def test_what_was_not_due_is_still_listed(tmp_path: Path) -> None:
    """A document that is named and not asked for, because it is old, stays listed."""
    assert crawled_twice(tmp_path / "1", "recheck") == []
    assert crawled_twice(tmp_path / "2", "since") == []


def test_a_listing_of_the_latest_says_nothing_of_the_rest(tmp_path: Path) -> None:
    """A feed that names the latest entries only has nothing unlisted."""
    assert crawled_twice(tmp_path, "", lists_all=False) == []
