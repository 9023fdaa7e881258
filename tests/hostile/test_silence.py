"""Servers that are slow, silent or refuse their rules: what they cost, and what is asked of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.hostile.conftest import Outcome, source
from tests.hostile.server import Route, drip, good, hostile, listing, saying, slow_headers, stall
from tests.loopback import Answer

Crawl = Callable[..., Outcome]
HURRY = {"crawlers__settings__DOWNLOAD_TIMEOUT": 2.5}


def test_slow_servers_cost_their_time_and_no_one_else_s(impatient: Crawl) -> None:
    """Drips, silence and headers without end are given up at the deadline; another host is done meanwhile."""
    slow = {"/drip": drip(30), "/stall": stall(30), "/headers": slow_headers(30)}
    fine = {f"/d/{n}": good(n) for n in range(30)}
    with hostile(slow | {"/list": listing(*slow)}) as sick, hostile(fine | {"/list": listing(*fine)}) as well:
        found = impatient(source("sick", f"{sick.root}/list"), source("well", f"{well.root}/list"), **HURRY)
        last_sick = max(moment for _, moment in sick.heard)
        meanwhile = sum(path in fine and moment < last_sick for path, moment in well.heard)
        asked = sick.pages_asked
    assert (found.runs["well"]["outcome"], found.runs["well"]["stored"]) == ("complete", 30)
    assert [found.reason(path) for path in slow] == ["timeout"] * 3
    assert [asked[path] for path in slow] == [2, 2, 2], "a time-out is tried once more only"
    assert meanwhile > 0, "the other host waited until the sick one was given up"
    assert (found.code, found.runs["sick"]["outcome"]) == (1, "too_few"), "none of its documents was had"


RULES: dict[str, tuple[Route, bool]] = {
    "error": (Answer(b"", 500), False),
    "busy": (Answer(b"", 503), False),
    "toomany": (Answer(b"", 429), False),
    "closed": (Answer(b"", 403), False),
    "silent": (stall(20), False),
    "loop": (Answer(b"", 302, {"Location": "/robots.txt"}), False),
    "none": (Answer(b"", 404), True),
    "denied": (Answer(b"User-agent: *\nDisallow: /\n"), False),
    "large": (saying(b"User-agent: *\nDisallow: /d\n" + b"# rules\n" * 70_000), True),
}


def test_rules_that_cannot_be_read_forbid_everything(impatient: Crawl) -> None:
    """robots.txt answering 500, 503, 429, 403, nothing or itself: no page is asked; 404 allows, large ones are read."""
    with_servers(impatient, list(RULES), [])


def with_servers(impatient: Crawl, left: list[str], servers: list[tuple[str, object]]) -> None:
    """Start one server for each rule, then crawl them all at once."""
    if left:
        route, _ = RULES[left[0]]
        pages = {"/robots.txt": route, "/list": listing("/d/1"), "/d/1": good(1)}
        with hostile(pages) as server:
            with_servers(impatient, left[1:], [*servers, (left[0], server)])
        return
    sources = [source(name, f"{server.root}/list") for name, server in servers]  # type: ignore[attr-defined]
    found = impatient(*sources, **HURRY)
    asked = {name: sorted(server.pages_asked) for name, server in servers}  # type: ignore[attr-defined]
    allowed = {name for name, (_, may) in RULES.items() if may}
    assert {name for name, paths in asked.items() if paths} == allowed
    assert asked["large"] == ["/list"], "the rule before the flood of comments is kept"
    outcomes = {name: run["outcome"] for name, run in found.runs.items() if name not in allowed}
    assert outcomes == dict.fromkeys(RULES.keys() - allowed, "incomplete")
    assert (found.code, found.adds_up()) == (1, True)
    assert all("robots.txt" in skip["detail"] for skip in found.skips.values())


@pytest.mark.parametrize("wished", ["2", "date"])
def test_a_pause_is_kept_in_both_spellings(impatient: Crawl, wished: str) -> None:
    """Retry-After in seconds and as a date: the page is asked again when it says, and not before."""
    moments: list[float] = []

    def busy(path: str) -> Route | None:
        if path != "/d/1":
            return None
        moments.append(time.monotonic())
        later = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 3)) if wished == "date" else wished
        return Answer(b"", 503, {"Retry-After": later}) if len(moments) == 1 else good(1)

    with hostile({"/list": listing("/d/1")}, busy) as server:
        found = impatient(source("town", f"{server.root}/list"))
    assert (found.code, found.run["stored"]) == (0, 1)
    assert moments[1] - moments[0] >= 1.9


def test_crawl_delay_is_kept_also_after_a_silence(impatient: Crawl) -> None:
    """The pause that robots.txt wishes stands between all requests."""
    rules = Answer(b"User-agent: *\nCrawl-delay: 1\n")
    with hostile({"/robots.txt": rules, "/list": listing("/d/1"), "/d/1": good(1)}) as server:
        found = impatient(source("town", f"{server.root}/list"))
        moments = [moment for _, moment in server.heard]
    gaps = [later - earlier for earlier, later in pairwise(moments)][1:]
    assert found.code == 0 and len(gaps) == 2
    assert min(gaps) >= 0.8, "a busy machine hears some late, and then the next one sooner"
