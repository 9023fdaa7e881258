"""Runs of several sources in one process: hosts side by side, sources of one host one after another."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.log import configure_logging
from scrapy.utils.reactor import install_reactor

from crawlers import settings as house
from crawlers.guard import GuardedResolver
from crawlers.run import CrawlRun
from crawlers.walking import SourceSpider
from storage.addresses import host_of

MIB = 2**20


def crawl(
    runs: Sequence[CrawlRun], spiders: Mapping[str, type[SourceSpider]], on_end: Callable[[CrawlRun], None]
) -> bool:
    """Crawl all sources and return whether they were let finish; blocks until then. Once per process.

    `on_end` is called for each run when its last request is answered. Ctrl-C stops asking, keeps what came,
    and leaves the runs unfinished so that they can be resumed.
    """
    install_reactor(house.TWISTED_REACTOR)
    debugging = logging.getLogger("minutier").isEnabledFor(logging.DEBUG)
    configure_logging({"LOG_LEVEL": "INFO" if debugging else house.LOG_LEVEL})
    from twisted.internet import reactor as installed

    reactor: Any = installed  # the module stands for the reactor that was installed; its type does not say so
    proxies = {host_of(run.proxy).partition(":")[0] for run in runs if run.proxy}
    guard = GuardedResolver(reactor.nameResolver, frozenset(proxies))
    reactor.installNameResolver(guard)
    for run in runs:
        run.private = guard.refused
    walk = Walk(runs, spiders, on_end)

    def begin() -> None:
        walk.tasks.append(asyncio.ensure_future(walk.all()))
        walk.tasks[0].add_done_callback(lambda task: reactor.stop())

    reactor.callWhenRunning(begin)
    with walk.interruptible():
        reactor.run(installSignalHandlers=False)
    walk.tasks[0].result()  # an error in there is an error here
    return not walk.interrupted


class Walk:
    """The crawlers of one call, and the way to stop them."""

    def __init__(
        self,
        runs: Sequence[CrawlRun],
        spiders: Mapping[str, type[SourceSpider]],
        on_end: Callable[[CrawlRun], None],
    ) -> None:
        self.runs = runs
        self.spiders = spiders
        self.on_end = on_end
        self.interrupted = False
        self.tasks: list[asyncio.Future[None]] = []
        """What runs; kept here because the event loop itself only holds it weakly."""
        self.runner = AsyncCrawlerRunner()

    async def all(self) -> None:
        """Crawl every group of sources that share a host, the groups side by side."""
        await asyncio.gather(*(self._group(group) for group in by_host(self.runs)))

    async def _group(self, group: list[CrawlRun]) -> None:
        for run in group:
            if not self.interrupted:
                await self._one(run)

    async def _one(self, run: CrawlRun) -> None:
        run.recall()
        spider = self.spiders[run.source.spider or ""]
        crawler = Crawler(spider, Settings(source_settings(run)))
        await self.runner.crawl(crawler, run=run)
        run.finish_reason = crawler.stats.get_value("finish_reason", "") if crawler.stats else ""
        if run.finish_reason not in ("shutdown", "hours") and not self.interrupted:
            self.on_end(run)

    def interruptible(self) -> Any:
        """Return a context in which Ctrl-C (and SIGTERM, where there is one) stops the crawlers gently."""
        return Interruptible(self)

    def stop(self) -> None:
        """Ask nothing more, and let what is under way arrive."""
        self.interrupted = True
        self.tasks.append(asyncio.ensure_future(self.runner.stop()))


class Interruptible:
    """Answers to signals that live as long as a walk."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.before: dict[int, Any] = {}

    def __enter__(self) -> None:
        """Put our answers in place; only the main thread may."""
        if threading.current_thread() is threading.main_thread():
            for name in (signal.SIGINT, signal.SIGTERM):
                self.before[name] = signal.signal(name, self._heard)

    def __exit__(self, *error: object) -> None:
        """Put back what was there."""
        for name, earlier in self.before.items():
            signal.signal(name, earlier)

    def _heard(self, number: int, frame: object) -> None:
        if self.walk.interrupted:  # the second time, at once
            sys.exit(4)
        from twisted.internet import reactor

        reactor.callFromThread(self.walk.stop)


def by_host(runs: Sequence[CrawlRun]) -> list[list[CrawlRun]]:
    """Return the runs in groups that share no host with one another, each group in the order given."""
    groups: list[tuple[set[str], list[CrawlRun]]] = []
    for run in runs:
        hosts = {host_of(url) for url in run.source.start} | set(run.source.host_aliases) or {run.source.id}
        mine = (hosts, [run])
        apart = []
        for group in groups:
            if group[0] & mine[0]:
                mine = (group[0] | mine[0], group[1] + mine[1])
            else:
                apart.append(group)
        groups = [*apart, mine]
    return [members for _, members in groups]


def source_settings(run: CrawlRun) -> dict[str, Any]:
    """Return Scrapy's settings for one source: the house's, and what the source says."""
    own = {name: getattr(house, name) for name in dir(house) if name.isupper()}
    languages = [*run.source.languages, *(["fr"] if "fr" not in run.source.languages else [])]
    return own | {
        "DOWNLOAD_DELAY": run.source.delay,
        "DOWNLOAD_MAXSIZE": run.source.max_file_mib * MIB,
        "ROBOTSTXT_OBEY": not run.offline,
        "HTTPPROXY_ENABLED": bool(run.proxy),  # a proxy is said in sources.yaml, never taken from the environment
        "DOWNLOAD_VERIFY_CERTIFICATES": run.source.tls == "verify",
        "USER_AGENT": f"Minutier/{run.version} (research corpus; contact: {run.contact})",
        "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Language": ", ".join(languages)},
    }
