"""What each rule matched is counted as a run walks: later runs are compared with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from scrapy.http import HtmlResponse, Request

from crawlers.reading.entries import Entry
from crawlers.run import CrawlRun
from crawlers.spiders.archive import ArchiveSpider
from crawlers.spiders.archive import Options as ArchiveOptions
from crawlers.spiders.feed import FeedSpider
from crawlers.spiders.feed import Options as FeedOptions
from crawlers.spiders.form import FormSpider
from crawlers.spiders.form import Options as FormOptions
from crawlers.spiders.listing import ListingSpider, Options
from crawlers.spiders.site import Options as SiteOptions
from crawlers.spiders.site import SiteSpider
from crawlers.spiders.table import Options as TableOptions
from crawlers.spiders.table import TableSpider
from storage.sources import LinkRule, Paging
from tests.making import Scene, a_source

HOME = "http://127.0.0.1:9/list"
LINKS = (
    '<a class="document" href="/1.pdf">1</a><a class="document" href="/2.pdf">2</a><h2><a href="/annee">2024</a></h2>'
)


@pytest.fixture
def scene(tmp_path: Any) -> Iterator[Scene]:
    """An empty corpus, with a run open."""
    made = Scene(tmp_path / "corpus")
    with made.store:
        made.open_run()
        yield made


def a_run(scene: Scene, spider: str, options: Any) -> CrawlRun:
    """Return a run of a source with these rules."""
    source = a_source(spider=spider, options=options, delay=5)
    return CrawlRun(source=source, run_id=scene.run_id, store=scene.store, now=lambda: scene.now)


def answer(body: str, url: str = HOME) -> HtmlResponse:
    """Return a page as a spider gets it."""
    request = Request(url, meta={"role": "listing", "address": url, "listed": True})
    return HtmlResponse(url, body=f"<html><body>{body}</body></html>".encode(), request=request)


def test_a_listing_counts_each_of_its_rules(scene: Scene) -> None:
    """Links of `follow`, `detail` and `next` on each page; a level that is not walked further tries no `detail`."""
    rules = Options(
        follow=LinkRule(css="a.document"), detail=LinkRule(css="h2 a"), next=Paging(css="a[rel=next]"), depth=1
    )
    run = a_run(scene, "listing", rules)
    spider = ListingSpider(run=run)
    list(spider.parse(answer(LINKS + '<a rel="next" href="/list?2">suite</a>'), level=0))
    list(spider.parse(answer(LINKS, f"{HOME}?2"), level=0))
    list(spider.parse(answer("<p>rien</p>", f"{HOME}/annee"), level=1))
    assert run.rules == {"follow": (3, 4), "detail": (2, 2), "next": (3, 1)}


def test_a_page_that_failed_and_a_counter_are_not_counted(scene: Scene) -> None:
    """No rule was tried on an error; and a counter in the address is no rule that a page could stop matching."""
    run = a_run(scene, "listing", Options(follow=LinkRule(css="a.document"), next=Paging(param="page")))
    spider = ListingSpider(run=run)
    list(spider.parse(answer(LINKS).replace(status=500)))
    assert run.rules == {}
    list(spider.parse(answer(LINKS)))
    assert run.rules == {"follow": (1, 2)}


def test_a_site_and_a_form_count_theirs(scene: Scene) -> None:
    """`follow` of a site; of a search engine whether its form is there, and the links of its results."""
    run = a_run(scene, "site", SiteOptions(follow=LinkRule(match=r"\.pdf$")))
    list(SiteSpider(run=run).parse(answer(LINKS), level=0))
    assert run.rules == {"follow": (1, 2)}
    run = a_run(scene, "form", FormOptions(follow=LinkRule(css="a.document"), detail=LinkRule(css="h2 a")))
    spider = FormSpider(run=run)
    spider.form_on(spider.page(answer("<p>rien</p>")), answer(""))
    list(spider.results(spider.page(answer(LINKS)), answer(LINKS), level=0))
    assert run.rules == {"form": (1, 0), "follow": (1, 2), "detail": (1, 1)}


def test_entries_count_their_pattern_and_their_columns(scene: Scene) -> None:
    """What `follow` takes of a feed, or all that it lists; of a table the columns of `map` that hold something."""
    entries = [Entry(url=f"http://127.0.0.1:9/{n}.pdf", day="2026-03-01" if n else "") for n in range(3)]
    run = a_run(scene, "feed", FeedOptions(follow=LinkRule(match=r"/[12]\.pdf$")))
    list(FeedSpider(run=run).documents(entries))
    assert run.rules == {"follow": (1, 2)}
    run = a_run(scene, "table", TableOptions(map={"date": ("jour",), "title": ("objet",)}))
    list(TableSpider(run=run).documents(entries))
    assert run.rules == {"entries": (1, 3), "map.date": (1, 2), "map.title": (1, 0)}


def test_an_archive_counts_what_its_index_holds(scene: Scene) -> None:
    """Addresses that the patterns find, and those of them that `follow` takes."""
    run = a_run(scene, "archive", ArchiveOptions(url_patterns=("127.0.0.1/*",), follow=LinkRule(match="/x$")))
    list(ArchiveSpider(run=run).documents([], "127.0.0.1/*"))
    assert run.rules == {"url_patterns": (1, 0), "follow": (1, 0)}
