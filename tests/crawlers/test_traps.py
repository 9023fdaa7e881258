"""Which pages are taken for a trap, and which for a long listing."""

from __future__ import annotations

import pytest
from parsel import Selector

from crawlers.traps import LONGEST, SAME, Traps

ROOT = "https://town.example"


def seen(urls_and_pages: list[tuple[str, str]], role: str = "listing") -> Traps:
    """Return what a run has learned from some pages."""
    traps = Traps()
    for url, body in urls_and_pages:
        traps.saw(ROOT + url, Selector(text=f"<html><body>{body}</body></html>"), role)
    return traps


def test_pages_that_say_the_same_are_given_up_at_once_too_often() -> None:
    """The thirtieth month without an event closes the calendar, under its name; other addresses stay open."""
    months = [(f"/agenda/{n}", f"<p>mars {n}</p><a href='/agenda/{n + 1}'>suite</a>") for n in range(SAME)]
    assert not seen(months[:-1]).stopped
    traps = seen(months)
    assert list(traps.stopped) == ["town.example/agenda/*"]
    assert "town.example/agenda/*" in traps.objection(f"{ROOT}/agenda/99")
    assert traps.objection(f"{ROOT}/actes/99") == ""


def test_a_long_listing_is_no_trap() -> None:
    """Pages of numbered documents differ by where they lead, by path and by parameter."""
    for place in ("/d/{}.pdf", "/doc.php?id={}"):
        rows = [(f"/list?page={n}", f"<a href='{place.format(n)}'>Délibération {n}</a>") for n in range(3 * SAME)]
        assert not seen(rows).stopped


def test_documents_differ_by_their_numbers() -> None:
    """A document that is walked says the same only where its text is the same to the letter."""
    acts = [(f"/d/{n}", f"<p>Délibération {n}</p>") for n in range(2 * SAME)]
    assert not seen(acts, role="document").stopped
    same = [(f"/d/{n}", "<p>Bienvenue</p>") for n in range(2 * SAME)]
    assert seen(same, role="document").stopped


def test_one_address_is_no_pattern() -> None:
    """A page without number or parameter is never given up."""
    assert not seen([("/conseil", "<p>x</p>")] * 2 * SAME).stopped


@pytest.mark.parametrize(
    ("path", "trap"),
    [
        ("/a/b/a/b/a/b", True), ("/a/a/a/", True), ("/x/y/z/x/y/z/x/y/z/q", True), ("/a/a/b", False),
        ("/2024/1/1/1/1", False), ("/actes/actes2/actes", False), ("/" + "x" * LONGEST, True), ("/", False),
    ],
)  # fmt: skip
def test_paths_that_repeat_themselves_are_traps(path: str, trap: bool) -> None:
    """A part of a path three times in a row leads nowhere; numbers may repeat."""
    assert bool(Traps().objection(ROOT + path)) is trap
