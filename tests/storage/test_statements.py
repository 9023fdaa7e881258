"""Statements of people: carried on by later captures, replaced without a version, never given to another document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from storage import reading
from storage.statements import Restated, file_of
from tests.making import Scene

SAID = {"file": "a.pdf", "stated": {"title": "Mon titre", "received_from": "Mairie", "rights": "official"}}
ROOT = "http://127.0.0.1:9"


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """A corpus with a document of which something is stated."""
    made = Scene(place)
    with made.store:
        made.open_run()
        made.read(made.fetch("a", b"one", hints=SAID), "Un texte.")
        made.close_run()
        yield made


def whole(scene: Scene, name: str) -> dict[str, Any]:
    """Return a document as it is shown."""
    with scene.store.reading() as connection:
        return reading.whole(connection, reading.find(connection, f"{ROOT}/{name}"))


def test_a_later_capture_carries_on_what_was_stated(scene: Scene) -> None:
    """A crawl that brings other bytes knows what the import said; one that states something itself does not."""
    scene.open_run()
    scene.read(scene.fetch("a", b"two"), "Un autre texte.")
    scene.read(scene.fetch("b", b"b"), "Un texte sans rapport.")
    scene.close_run()
    found = whole(scene, "a")
    assert (len(found["versions"]), found["provenance"]) == (2, SAID)
    assert found["rights"]["status"] == "official"
    assert whole(scene, "b")["provenance"] == {}
    scene.open_run()
    scene.read(scene.fetch("a", b"two", hints={"stated": {}}), "Un autre texte.")
    scene.close_run()
    assert "stated" not in whole(scene, "a")["provenance"]


def test_a_new_statement_makes_no_version_and_remembers_the_old(scene: Scene) -> None:
    """The capture waits to be read again, the change feed has what was said before, the address leads there."""
    found = whole(scene, "a")
    seq = scene.rows("SELECT max(seq) FROM capture")[0][0]
    new = Restated(
        document_id=found["id"], capture_seq=seq, stated={"shelfmark": "3 D 4"}, address="https://a.example/"
    )
    assert scene.store.restate([new], scene.now) == [found["id"]]
    assert scene.rows("SELECT seq FROM capture WHERE waiting") == [(seq,)]
    scene.read(seq, "Un texte.")
    after = whole(scene, "a")
    assert (len(after["versions"]), after["provenance"]["stated"]) == (1, {"shelfmark": "3 D 4"})
    assert after["aliases"] == ["https://a.example/"]
    assert [row[0] for row in scene.rows("SELECT fact FROM change ORDER BY seq")] == ["stored", "restated", "moved"]
    assert scene.store.restate([new], scene.now) == []


def test_an_address_of_another_document_is_not_taken_from_it(scene: Scene) -> None:
    """A stated address that names a document already leads to that one still."""
    scene.open_run()
    scene.read(scene.fetch("b", b"b"), "Un texte sans rapport.")
    scene.close_run()
    found, seq = whole(scene, "a"), scene.rows("SELECT min(seq) FROM capture")[0][0]
    again = Restated(document_id=found["id"], capture_seq=seq, stated=SAID["stated"], address=f"{ROOT}/b")
    assert scene.store.restate([again], scene.now) == []
    assert whole(scene, "a")["aliases"] == []


def test_reading_again_uses_the_latest_capture_of_the_same_bytes(scene: Scene) -> None:
    """The same bytes brought again with another statement are what a re-extraction reads; other bytes are not."""
    scene.open_run()
    again = scene.fetch("a", b"one", hints={"stated": {"title": "Autre"}})
    scene.read(again, "Un texte.")
    scene.read(scene.fetch("a", b"other bytes"), "Un texte.")
    scene.close_run()
    rows = scene.store.rows(reading.captures_behind([whole(scene, "a")["id"]]))
    assert [row.seq for row in rows] == [again]


def test_the_file_of_an_import_is_in_its_hints_or_its_address() -> None:
    """Imports made before files were kept are found by their address; what was crawled has no file."""
    assert file_of("mine", "https://a.example/", {"file": "a.html"}) == "a.html"
    assert file_of("mine", "import:mine/x/a.pdf", {}) == "x/a.pdf"
    assert file_of("mine", "https://a.example/", {}) == file_of("mine", "import:other/a.pdf", {}) == ""
