"""Counts that exports need before they read anything, alike in both kinds of database."""

from __future__ import annotations

from extract.model import Act, Page
from storage import freezes, freezing, listing
from storage.decisions import Who
from storage.filters import Filters
from tests.making import Scene

SOFTWARE = {"minutier": "1"}


def test_pages_and_acts_are_counted_as_shown_and_as_frozen(place: str) -> None:
    """A document without any counts as one; what a freeze holds is counted as it was then."""
    scene = Scene(place)
    with scene.store:
        scene.open_run()
        text = "Premier. Second."
        pages = (Page(number=1, start=0, end=8), Page(number=2, start=8, end=16))
        acts = tuple(Act(number="", key=f"#{n}", title="", start=0, end=4) for n in (1, 2, 3))
        scene.give("a", text, pages=pages, acts=acts)
        scene.give("b", "Un autre.", pages=())
        scene.close_run()
        plan = freezes.Plan(name="f", filters=Filters(), software=SOFTWARE, registry={})
        who = Who(by="Anne", at="2026-03-02T10:00:00Z")
        freezing.freeze(scene.store, plan, who)
        with scene.store.reading() as connection:
            ids = listing.in_order(connection, Filters())
            for kind, count in (("pages", 3), ("acts", 4)):
                assert listing.units_in(connection, ids, kind) == count
                assert listing.units_in(connection, ids, kind, "f") == count
            assert listing.units_in(connection, ids[:0], "pages") == 0
            assert listing.units_in(connection, ids * 400, "pages") == 3 * 2  # each batch once


def test_copies_that_are_left_to_their_lead_are_counted(place: str) -> None:
    """Two documents with the same text are one that is selected and one that is not."""
    scene = Scene(place)
    with scene.store:
        scene.open_run()
        for name in ("a", "b", "c"):
            scene.give(name, "Le même texte." if name != "c" else "Un autre texte.")
        scene.close_run()
        with scene.store.reading() as connection:
            assert listing.repeated(connection, Filters()) == 1
            assert listing.repeated(connection, Filters(all_copies=True)) == 0
