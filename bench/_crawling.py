"""Crawls for the measurements: sources on the loopback, captured and not extracted."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from crawlers.run import CrawlRun, utc_now
from crawlers.running import crawl
from crawlers.spiders.listing import Options
from minutier.crawling import spider_classes
from storage.captures import Response
from storage.sources import LinkRule, Paging, Source
from storage.store import Store

RULES = Options(follow=LinkRule(css="a.document"), next=Paging(css="a[rel=next]"))


def source(name: str, root: str, delay: float = 0) -> Source:
    """Return a source on the synthetic site."""
    given = {"id": name, "title": name, "kind": "other", "voice": "local_authority", "spider": "listing"}
    more = {"start": (f"{root}/list/0",), "delay": delay, "enabled": True, "options": RULES}
    return Source.model_validate(given | more)


def begin(store: Store, sources: Sequence[Source]) -> list[CrawlRun]:
    """Open a run of each source."""
    runs = []
    for each in sources:
        opened = store.open_run(each, {}, now=utc_now(), version="bench")
        contact = "corpus@example.org"
        runs.append(CrawlRun(source=each, run_id=opened.run_id, store=store, now=utc_now, contact=contact))
    return runs


class Watched(Store):
    """A store that says when a document is durable."""

    kept: Callable[[], None] = staticmethod(lambda: None)

    def record(self, response: Response) -> Future[int]:
        """Keep a response as ever."""
        future = super().record(response)
        if response.role == "document":
            future.add_done_callback(lambda done: self.kept())
        return future


def capture(folder: Path, sources: Sequence[Source], kept: Callable[[], None] = lambda: None) -> tuple[int, float]:
    """Crawl some sources into a new corpus without extracting; return how many documents and seconds it took.

    Making the corpus is not counted: it is done once. `kept` is called when a document is durable.
    """
    with Watched.create(folder, now=utc_now(), version="bench") as store:
        vars(store)["kept"] = kept
        runs = begin(store, sources)
        begun = time.perf_counter()
        crawl(runs, spider_classes(), lambda run: None)
        seconds = time.perf_counter() - begun
        with store.reading() as connection:
            number = connection.exec_driver_sql("SELECT count(*) FROM capture WHERE waiting").scalar_one()
            return int(number), seconds
