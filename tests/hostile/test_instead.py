"""Pages that are shown in the place of what was asked for, with status 200."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.hostile.conftest import Outcome, source
from tests.hostile.server import Route, good, hostile, listing
from tests.hostile.test_bodies import texts
from tests.loopback import page, paragraph

Crawl = Callable[..., Outcome]
MISSING = page("Page introuvable - Ville de Lys", "<p>La page demandée n'existe pas.</p>")
LOGIN = page("Connexion", '<form><input type="password" name="p"></form>')
BROKEN = page("Service indisponible", "<p>Revenez plus tard.</p>")
FRONT = page("Ville de Lys", "<p>Bienvenue à Lys.</p><p>Marchés, écoles, agenda de la ville.</p>")


def test_none_of_fifty_soft_404s_is_a_document(impatient: Crawl, tmp_path: Path) -> None:
    """Pages that say that nothing is there are skips with that reason, as are entrances and error pages."""
    missing = [f"/nothing/{n}" for n in range(50)]
    routes: dict[str, Route] = {"/login": LOGIN, "/broken": BROKEN, "/d/1": good(1)}
    routes["/list"] = listing(*missing, *routes)
    with hostile(routes, lambda path: MISSING) as server:
        found = impatient(source("town", f"{server.root}/list"))
        probes = [path for path in server.pages_asked if "nothing-is-here" in path]
    assert [found.reason(path) for path in missing] == ["soft_404"] * 50
    assert (found.reason("/login"), found.reason("/broken")) == ("login", "error_page")
    assert list(texts(tmp_path)) == ["1"]
    assert (found.code, found.run["skipped"], found.adds_up()) == (0, 52, True)
    assert not probes, "what says so itself needs no proof"


def test_the_front_page_in_the_place_of_all_that_is_missing(impatient: Crawl, tmp_path: Path) -> None:
    """A host that shows its front page for everything is asked, once, for an address that cannot exist."""
    start = page("Ville de Lys", '<a class="document" href="/old/1">x</a><a class="document" href="/old/2">y</a>'
                 '<a class="document" href="/d/1">z</a>')  # fmt: skip
    same_title = page("Ville de Lys", paragraph(3))
    with hostile({"/list": start, "/d/1": same_title}, lambda path: FRONT) as server:
        found = impatient(source("town", f"{server.root}/list"))
        probes = sum(n for path, n in server.pages_asked.items() if "nothing-is-here" in path)
    assert (found.reason("/old/1"), found.reason("/old/2")) == ("soft_404", "soft_404")
    assert list(texts(tmp_path)) == ["1"], "a document with the title of the front page is one all the same"
    assert (probes, found.code) == (1, 0)


def test_what_was_good_stays_and_the_reason_is_written_down(impatient: Crawl, tmp_path: Path) -> None:
    """On the second day a page is missing, one asks to log in, one is broken: the texts of the first day are shown."""
    names = ["/d/1", "/d/2", "/d/3", "/d/4"]
    with hostile({name: good(n) for n, name in enumerate(names)} | {"/list": listing(*names)}) as server:
        town = source("town", f"{server.root}/list")
        impatient(town)
        before = {name: each["text"] for name, each in texts(tmp_path).items()}
        server.routes |= {"/d/1": MISSING, "/d/2": LOGIN, "/d/3": BROKEN}
        found = impatient(town)
        assert [found.reason(name) for name in names] == ["soft_404", "login", "error_page", ""]
        assert all("stays" in skip["detail"] for skip in found.skips.values())
        assert (found.code, found.run["failed"], found.adds_up()) == (1, 3, True)
        assert {name: each["text"] for name, each in texts(tmp_path).items()} == before
        server.routes |= {"/list": LOGIN}
        found = impatient(town)
    assert (found.code, found.run["outcome"]) == (1, "incomplete"), "an entrance is no empty listing"
    assert not any(each["unlisted_at"] for each in texts(tmp_path).values())
