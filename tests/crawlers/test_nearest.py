"""When a rule died: what comes nearest on the new page, and the rule that would find it."""

from __future__ import annotations

import pytest

from crawlers.probing.nearest import nearest
from crawlers.probing.pages import Look, look
from crawlers.readers import Link

HOME = "https://town.example/conseil"
MENU = '<nav><a href="/contact">Contact</a><a href="/agenda">Agenda</a></nav>'
BEFORE = tuple(
    Link(url=f"https://town.example/pv/2026-0{n}.pdf", text=f"Procès-verbal du {n} mars 2026") for n in (1, 2, 3)
)


def page(body: str) -> Look:
    """Return the page as it is after a redesign."""
    return look(HOME, HOME, 200, {}, f"<html><title>x</title><body>{MENU}{body}</body></html>".encode())


def rows(*links: tuple[str, str]) -> str:
    """Return links as the new page shows them."""
    return "".join(f'<div class="card"><a class="lien" href="{url}">{text}</a></div>' for url, text in links)


@pytest.mark.parametrize(
    ("links", "by", "found"),
    [
        ([("/pv/2026-03.pdf", "Mars"), ("/pv/2026-04.pdf", "Avril"), ("/pv/2026-05.pdf", "Mai")], "addresses", 3),
        ([("/media/a.pdf", "Mars"), ("/media/b.pdf", "Avril")], "pattern", 2),
        ([("/lire/a", "PROCÈS-VERBAL du 4 mars 2026"), ("/lire/b", "Procès-verbal du 12 mars 2027")], "words", 2),
    ],
)
def test_the_surest_likeness_is_taken(links: list[tuple[str, str]], by: str, found: int) -> None:
    """The same addresses first, with those that stand beside them; then alike addresses; then alike words."""
    near = nearest("follow", BEFORE, page(rows(*links)))
    assert near
    assert (near.by, near.found) == (by, found)
    assert near.rule
    assert near.sample[0].url == f"https://town.example{links[0][0]}"


def test_nothing_alike_is_nothing() -> None:
    """A page with its menu alone, and an answer that is no page, have nothing near."""
    assert nearest("follow", BEFORE, page("<p>Site en travaux</p>")) is None
    assert nearest("follow", BEFORE, look(HOME, HOME, 200, {}, b'{"a": 1}')) is None


def test_links_without_a_common_rule_are_named_all_the_same() -> None:
    """Where no rule would find them alone, what resembles is shown without one."""
    body = '<p><a href="/pv/2026-01.pdf">a</a> <a href="/x">b</a></p><ul><li><a href="/pv/2026-02.pdf">c</a></li></ul>'
    near = nearest("follow", BEFORE, page(body + '<p><a href="/pv/2026-0.pdf">autre</a></p>'))
    assert near
    assert near.by == "addresses"
    assert {link.url.rpartition("/")[2] for link in near.sample} >= {"2026-01.pdf", "2026-02.pdf"}


def test_a_new_way_to_turn_pages_is_found() -> None:
    """For `next`, what the new page offers to go on."""
    body = rows(("/pv/1.pdf", "a")) + '<a class="suivant" href="/conseil?page=2">Page suivante</a>'
    near = nearest("next", (Link(url=f"{HOME}/2"),), page(body))
    assert near
    assert near.sample[0].url == "https://town.example/conseil?page=2"
    assert nearest("next", (Link(url=f"{HOME}/2"),), page(rows(("/pv/1.pdf", "a")))) is None
    odd = nearest(
        "next", (Link(url=f"{HOME}/2"),), page(rows(("/pv/1.pdf", "a")) + '<i><a href="/conseil/2">»</a></i>')
    )
    assert odd
    assert (odd.by, odd.found) == ("addresses", 1)
