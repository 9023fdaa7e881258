"""One run as the crawler sees it: scope, budgets, re-checks, and sources that share a host."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crawlers.network import source_settings
from crawlers.readers import Link
from crawlers.run import CrawlRun, Known, in_scope, site_of
from crawlers.running import by_host
from crawlers.spiders.site import Options as SiteOptions
from storage.sources import LinkRule, Recheck
from tests.making import Scene, a_source


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A corpus with a run going on."""
    made = Scene(tmp_path / "corpus")
    with made.store:
        made.open_run()
        yield made


def a_run(scene: Scene, **values: object) -> CrawlRun:
    """Return a run of the scene's source."""
    source = values.pop("source", scene.source)
    return CrawlRun(source=source, run_id=scene.run_id, store=scene.store, now=lambda: scene.now, **values)  # type: ignore[arg-type]


def links(*names: str) -> list[Link]:
    """Return links on the source's own host."""
    return [Link(url=f"http://127.0.0.1:9/{name}") for name in names]


def test_each_address_is_admitted_once(scene: Scene) -> None:
    """A page linked twice, or spelled twice, is asked for once."""
    run = a_run(scene)
    assert len(list(run.admit(links("a", "b", "a#x"), "document"))) == 2
    assert list(run.admit(links("a"), "document")) == []


def test_links_out_of_the_source_are_skips(scene: Scene) -> None:
    """A document on another host is not asked for, and is counted."""
    run = a_run(scene)
    assert list(run.admit([Link(url="https://elsewhere.fr/a.pdf")], "document")) == []
    scene.close_run()
    assert scene.rows("SELECT state, reason FROM run_address") == [("skipped", "scope")]


def test_a_limit_puts_the_rest_aside(scene: Scene) -> None:
    """Beyond the limit a document is a skip with the reason budget."""
    run = a_run(scene, limit=2)
    assert len(list(run.admit(links("a", "b", "c"), "document"))) == 2
    assert scene.close_run().outcome == "incomplete", "two were admitted and never answered"
    assert ("skipped", "budget") in scene.rows("SELECT state, reason FROM run_address")


def test_a_page_budget_ends_a_walk(scene: Scene) -> None:
    """A site source asks for no more listing pages than `pages`."""
    run = a_run(scene, source=a_source(spider="site", options=SiteOptions(follow=LinkRule(), pages=2)))
    assert len(list(run.admit(links("a", "b", "c"), "listing"))) == 2


@pytest.mark.parametrize(
    ("date", "asked_days_ago", "due"),
    [("2026-02-20", 1, True), ("2019-01-01", 1, False), ("2019-01-01", 120, True), ("", 1, True)],
)
def test_old_documents_are_asked_again_less_often(scene: Scene, date: str, asked_days_ago: int, due: bool) -> None:
    """Recent and undated documents are asked in every run, old ones at the pace of `recheck.older`."""
    run = a_run(scene, source=a_source(recheck=Recheck(recent=timedelta(days=180), older=timedelta(days=90))))
    asked = (scene.now - timedelta(days=asked_days_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
    run.known["http://127.0.0.1:9/a"] = Known(url="http://127.0.0.1:9/a", date=date, asked_at=asked, gone=False)
    assert bool(list(run.admit(links("a"), "document"))) is due


def test_unlisted_documents_are_asked_after_unless_gone(scene: Scene) -> None:
    """What no listing named is asked for again; what is gone is left in peace."""
    run = a_run(scene)
    for name, gone in (("a", False), ("b", True), ("c", False)):
        url = f"http://127.0.0.1:9/{name}"
        run.known[url] = Known(url=url, date="", asked_at="2026-01-01T00:00:00Z", gone=gone)
    list(run.admit(links("a"), "document"))
    assert run.unlisted() == links("c")


def test_unlisted_documents_are_asked_after_at_the_pace_of_recheck(scene: Scene) -> None:
    """A listing of the latest items does not have every older document asked in each run."""
    run = a_run(scene, source=a_source(recheck=Recheck(recent=timedelta(days=180), older=timedelta(days=90))))
    for name, asked in (("a", "2026-02-27T00:00:00Z"), ("b", "2025-06-01T00:00:00Z")):
        url = f"http://127.0.0.1:9/{name}"
        run.known[url] = Known(url=url, date="2019-01-01", asked_at=asked, gone=False)
    assert run.unlisted() == links("b")


def test_what_moved_is_asked_after_once_in_a_run(scene: Scene) -> None:
    """A known address that leads elsewhere is asked for itself, and once: its answer stands under another address."""
    run = a_run(scene)
    for name, there in (("old", "new"), ("away", "list")):
        url = f"http://127.0.0.1:9/{name}"
        run.known[url] = Known(url=url.replace(name, there), date="", asked_at="2026-01-01T00:00:00Z", gone=False)
    assert run.unlisted() == links("away", "old")
    assert run.unlisted() == []


def test_what_moved_is_not_asked_after_when_it_was_met_where_it_is_now(scene: Scene) -> None:
    """A redesigned site lists the new address; the old one need not lead there once more."""
    run = a_run(scene)
    for name in ("old", "new"):
        there = "http://127.0.0.1:9/new"
        known = Known(url=there, date="", asked_at="2026-01-01T00:00:00Z", gone=False)
        run.known[f"http://127.0.0.1:9/{name}"] = known
    list(run.admit(links("new"), "document"))
    assert run.unlisted() == []


def test_scope_is_the_hosts_of_the_source() -> None:
    """Start hosts and aliases are inside; other ports, schemes and private addresses are not."""
    source = a_source(start=("https://www.ville.fr/pv",), host_aliases=("ville.fr",), delay=5)
    assert in_scope(source.hosts(), "http://ville.fr/a")
    for url in ("https://ville.fr:8080/", "ftp://ville.fr/", "http://127.0.0.1/", "http://2130706433/", "file:///etc"):
        assert not in_scope(source.hosts(), url)
    assert site_of(source).canonical("http://ville.fr/a") == "https://www.ville.fr/a"


def test_sources_that_share_a_host_run_one_after_another(scene: Scene) -> None:
    """Runs are grouped by host, through aliases too, and each group is a queue."""

    def of(name: str, start: str, *aliases: str) -> CrawlRun:
        return a_run(scene, source=a_source(id=name, start=(start,), host_aliases=aliases, delay=5))

    runs = [
        of("a", "https://x.fr/"),
        of("b", "https://y.fr/"),
        of("c", "https://z.fr/", "x.fr"),
        of("d", "https://w.fr/"),
    ]
    groups = [[run.source.id for run in group] for group in by_host(runs)]
    assert sorted(groups) == [["a", "c"], ["b"], ["d"]]


def test_a_crawler_is_polite_by_its_settings(scene: Scene) -> None:
    """The delay, the size limit, robots.txt and the contact come from the source and the house."""
    settings = source_settings(a_run(scene, source=a_source(delay=7, start=("https://x.fr/",)), contact="me@univ.fr"))
    assert (settings["DOWNLOAD_DELAY"], settings["DOWNLOAD_DELAY_JITTER"]) == (7, 0)
    assert settings["DOWNLOAD_MAXSIZE"] == 60 * 2**20
    assert settings["ROBOTSTXT_OBEY"] is True
    assert "me@univ.fr" in settings["USER_AGENT"]
    for port in ("TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "HTTPCACHE_ENABLED", "COOKIES_ENABLED"):
        assert settings[port] is False
