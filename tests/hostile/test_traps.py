"""Sites without end: a crawl leaves them by itself, early, and says which addresses it gave up."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.hostile.conftest import Outcome, source
from tests.hostile.server import Route, good, hostile
from tests.loopback import page

Crawl = Callable[..., Outcome]
SITE = ("delay: 0", "depth: 10")


def calendar(path: str) -> Route | None:
    """Answer every month of every year, each with a link to many others."""
    asked = re.fullmatch(r"/agenda/(\d+)/(\d+)", path)
    if not asked:
        return None
    year, month = int(asked[1]), int(asked[2])
    links = "".join(f'<a href="/agenda/{year + y}/{m}">{m}</a>' for y in (0, 1) for m in range(1, 13))
    return page("Agenda", f"<p>Aucun événement en {month} {year}.</p>{links}<a href='/contact'>Contact</a>")


def sessions(path: str) -> Route | None:
    """Answer the same page under every session number, and name five new numbers in it."""
    if not path.startswith("/visite?s="):
        return None
    number = int(path.rpartition("=")[2], 16)
    links = "".join(f'<a href="/visite?s={number * 7 + n:016x}">suite</a>' for n in range(5))
    return page("Bienvenue", f"<p>Bienvenue à la mairie.</p>{links}")


def mirror(path: str) -> Route | None:
    """Answer below every path, with links that make it longer."""
    if not path.startswith("/plan/"):
        return None
    return page(path, f'<p>{path}</p><a href="{path}plan/">plan</a><a href="{path}acces/plan/">accès</a>')


def site(*targets: str) -> Route:
    """Return a start page with links."""
    return page("Mairie", "".join(f'<a href="{each}">x</a>' for each in targets))


def walk(impatient: Crawl, otherwise: Callable[[str], Route | None], start: str) -> tuple[Outcome, int]:
    """Walk a site that holds a trap and three documents, and return how it ended and how much was asked."""
    documents = {f"/actes/{n}.html": good(n) for n in range(3)} | {"/contact": page("Contact", "<p>Mairie</p>")}
    with hostile(documents | {"/": site(start, *documents)}, otherwise) as server:
        found = impatient(source("town", f"{server.root}/", *SITE, spider="site", follow='{match: "/actes/"}'))
        return found, sum(server.pages_asked.values())


def test_a_calendar_is_left_and_named(impatient: Crawl) -> None:
    """Months that say the same are given up after a few dozen; the alarm names their pattern, the skips are counted."""
    found, asked = walk(impatient, calendar, "/agenda/2026/1")
    assert asked < 100
    assert found.run["stored"] == 3 and found.adds_up()
    (alarm,) = [each for each in found.run["alarms"] if each["check"] == "trap"]
    assert "/agenda/*/*" in alarm["message"] and "/agenda/*/*" in found.said
    assert any(skip["reason"] == "trap" for skip in found.skips.values())
    assert (found.code, found.run["outcome"]) == (1, "complete")


def test_session_numbers_are_left_and_named(impatient: Crawl) -> None:
    """One page under ever new session numbers is given up, by the name of the parameter."""
    found, asked = walk(impatient, sessions, "/visite?s=0000000000000001")
    assert asked < 100 and found.run["stored"] == 3
    assert any("/visite?s=*" in each["message"] for each in found.run["alarms"])


def test_a_path_that_repeats_itself_is_not_followed(impatient: Crawl) -> None:
    """/plan/plan/plan/ and /acces/plan/acces/plan/… end where the repetition shows."""
    found, asked = walk(impatient, mirror, "/plan/")
    assert asked < 100 and found.run["stored"] == 3
    assert any("repeats itself" in skip["detail"] for skip in found.skips.values())


def test_hidden_links_are_left_alone(impatient: Crawl) -> None:
    """Links that no reader sees are not followed."""
    hidden = '<p style="display: none"><a href="/actes/9.html">x</a></p><div hidden><a href="/secret">x</a></div>'
    with hostile({"/": page("Mairie", hidden + '<a href="/actes/1.html">x</a>'), "/actes/1.html": good(1)}) as server:
        found = impatient(source("town", f"{server.root}/", *SITE, spider="site", follow='{match: "/actes/"}'))
        assert set(server.pages_asked) == {"/", "/actes/1.html"}
    assert (found.code, found.run["stored"]) == (0, 1)


def test_depth_and_budget_end_a_walk(impatient: Crawl) -> None:
    """A site that grows for ever is walked to its depth, or to its number of pages, and the run says so."""

    def growing(path: str) -> Route | None:
        words = "abcdefghijklmnopqrstuvwxyz"
        return page(path, f"<p>{path}</p>" + "".join(f'<a href="{path.rstrip("/")}/{w}">{w}</a>' for w in words[:3]))

    with hostile({}, growing) as server:
        found = impatient(
            source("deep", f"{server.root}/x", "delay: 0", "depth: 2", spider="site", follow='{match: "/never/"}'),
            source("wide", f"{server.root}/y", "delay: 0", "pages: 10", spider="site", follow='{match: "/never/"}'),
        )
        asked = server.pages_asked
    assert sum(n for path, n in asked.items() if path.startswith("/x")) == 1 + 3 + 9
    assert sum(n for path, n in asked.items() if path.startswith("/y")) == 10
    assert (found.code, found.runs["wide"]["outcome"]) == (5, "limited")
