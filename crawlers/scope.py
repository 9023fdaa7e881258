"""The gate before every request: only the hosts that a source lists, at each hop of a redirect too."""

from __future__ import annotations

from scrapy.crawler import Crawler
from scrapy.http import Request

from crawlers.run import CrawlRun, in_scope
from crawlers.walking import Refused, SourceSpider
from storage.addresses import host_of


class ScopeMiddleware:
    """Refuses addresses outside the source, and everything once the storage is broken."""

    def __init__(self, run: CrawlRun) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ScopeMiddleware:
        """Build it for the run that the spider carries."""
        return cls(run_of(crawler))

    def process_request(self, request: Request) -> None:
        """Let a request pass, or raise Refused."""
        if self.run.broken:
            raise Refused("storage", str(self.run.broken))
        if not in_scope(self.run.hosts, request.url):
            raise Refused("scope", f"It leads to {host_of(request.url)}, which is not a host of this source.")
        trap = "" if request.url in self.run.source.start else self.run.traps.objection(request.url)
        if trap and "address" in request.meta:
            raise Refused("trap", trap)
        if self.run.proxy:
            request.meta["proxy"] = self.run.proxy


def run_of(crawler: Crawler) -> CrawlRun:
    """Return the run that a crawler's spider carries."""
    assert isinstance(crawler.spider, SourceSpider)
    return crawler.spider.run
