"""What may be published of a document, in both kinds of database."""

from __future__ import annotations

from typing import Any

import pytest

from storage.permission import objections, rights_now
from tests.making import Scene, a_source

OPEN = {"status": "open", "basis": "", "licence": "Etalab 2.0", "tdm": "", "personal_data": False}


def test_what_is_stated_of_a_document_goes_before_its_source(place: str) -> None:
    """A document has the rights of its source as it last ran, and the status that its importer states for it."""
    scene = Scene(place)
    with scene.store:
        scene.open_run(a_source(rights=OPEN))
        plain = scene.give("plain", "one")
        hints = {"languages": [], "stated": {"rights": "restricted"}}
        stated = scene.read(scene.fetch("stated", b"two", hints=hints), "two")
        scene.close_run()
        with scene.store.reading() as connection:
            before = [rights_now(connection, each.document_id) for each in (plain, stated)]
        scene.open_run(a_source(rights=OPEN | {"status": "copyright", "personal_data": True}))
        scene.close_run()
        with scene.store.reading() as connection:
            after = rights_now(connection, plain.document_id)
    assert before == [OPEN, OPEN | {"status": "restricted"}]
    assert after == OPEN | {"status": "copyright", "personal_data": True}


@pytest.mark.parametrize(
    ("shown", "now", "people", "said"),
    [
        ("open", "open", False, []),
        ("official", "open", False, []),
        ("copyright", "copyright", False, ["rights.status is copyright"]),
        ("unknown", "restricted", False, ["rights.status is unknown", "rights.status is restricted"]),
        ("open", "restricted", False, ["rights.status is restricted"]),
        ("unknown", "open", False, ["rights.status is unknown"]),
        ("official", "official", True, ["rights.personal_data: people are named"]),
    ],
)
def test_each_objection_is_named(shown: str, now: str, people: bool, said: list[str]) -> None:
    """The status then and the status now must both allow it, and nobody be named; each that does not is said once."""
    rights: dict[str, Any] = {"status": now, "personal_data": people}
    assert objections(shown, rights) == said
