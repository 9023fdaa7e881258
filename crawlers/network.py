"""Scrapy in this process: its event loop, the guard of names, the crawls under way, and the way to stop them.

A command that runs sources and a worker that lives for months crawl through the same `Network.crawl`.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.log import configure_logging
from scrapy.utils.reactor import install_reactor

from crawlers import settings as house
from crawlers.guard import GuardedResolver
from crawlers.run import CrawlRun
from crawlers.walking import SourceSpider
from storage.addresses import host_of

T = TypeVar("T")
MIB = 2**20


class Network:
    """The crawls of one process, in one event loop. There can be one of them in the life of a process."""

    def __init__(self, spiders: Mapping[str, type[SourceSpider]]) -> None:
        install_reactor(house.TWISTED_REACTOR)
        debugging = logging.getLogger("minutier").isEnabledFor(logging.DEBUG)
        configure_logging({"LOG_LEVEL": "INFO" if debugging else house.LOG_LEVEL})
        from twisted.internet import reactor as installed

        self.reactor: Any = installed  # the module stands for the reactor that was installed; its type does not say so
        self.guard = GuardedResolver(self.reactor.nameResolver)
        self.reactor.installNameResolver(self.guard)
        self.spiders = spiders
        self.stopping = False
        """Whether no more is asked: somebody wants this process to end."""
        self.on_stop: Callable[[], None] = lambda: None
        """Called in the event loop when somebody asks this process to end."""
        self.on_heard: Callable[[], None] = lambda: None
        """Called before that, in a thread of its own: what holds the loop up may have to be let go."""
        self._runner = AsyncCrawlerRunner()
        self._crawlers: dict[str, Crawler] = {}
        self._tasks: list[asyncio.Future[Any]] = []
        """What runs; kept here because the event loop itself only holds it weakly."""

    def run(self, main: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine to its end and return what it returns; blocks until then.

        Ctrl-C (and SIGTERM, where there is one) stops the crawlers gently; the second time ends at once.
        """

        def begin() -> None:
            self._tasks.append(asyncio.ensure_future(main()))
            self._tasks[0].add_done_callback(lambda task: self.reactor.stop())

        self.reactor.callWhenRunning(begin)
        with Interruptible(self):
            self.reactor.run(installSignalHandlers=False)
        ended: T = self._tasks[0].result()  # an error in there is an error here
        return ended

    async def crawl(self, run: CrawlRun) -> bool:
        """Crawl one run; return whether it was let finish. `run.finish_reason` says why it ended."""
        if run.proxy:
            self.guard.trusted |= {host_of(run.proxy).partition(":")[0]}
        run.private = self.guard.refused
        run.recall()
        crawler = Crawler(self.spiders[run.source.spider or ""], Settings(source_settings(run)))
        self._crawlers[run.run_id] = crawler
        try:
            if not self.stopping:
                await self._runner.crawl(crawler, run=run)
        finally:
            del self._crawlers[run.run_id]
        run.finish_reason = crawler.stats.get_value("finish_reason", "") if crawler.stats else "shutdown"
        return run.finish_reason not in ("shutdown", "hours") and not self.stopping

    async def leave(self, run_id: str) -> None:
        """Ask nothing more for one run, and let what is under way arrive."""
        if run_id in self._crawlers:
            await self._crawlers[run_id].stop_async()

    def stop(self) -> None:
        """Ask nothing more at all, and let what is under way arrive."""
        self.stopping = True
        self._tasks.append(asyncio.ensure_future(self._runner.stop()))
        self.on_stop()


class Interruptible:
    """Answers to signals that live as long as a network runs."""

    def __init__(self, network: Network) -> None:
        self.network = network
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
        if self.network.stopping:  # the second time, at once
            sys.exit(4)
        threading.Thread(target=self.network.on_heard, daemon=True).start()
        self.network.reactor.callFromThread(self.network.stop)


def source_settings(run: CrawlRun) -> dict[str, Any]:
    """Return Scrapy's settings for one source: the house's, and what the source says."""
    own = {name: getattr(house, name) for name in dir(house) if name.isupper()}
    languages = [*run.source.languages, *(["fr"] if "fr" not in run.source.languages else [])]
    return own | {
        "DOWNLOAD_DELAY": run.source.delay,
        "DOWNLOAD_MAXSIZE": run.source.max_file_mib * MIB,
        "ROBOTSTXT_OBEY": not run.offline,
        "COOKIES_ENABLED": getattr(run.source.options, "cookies", False),  # in a jar of this run alone
        "HTTPPROXY_ENABLED": bool(run.proxy),  # a proxy is said in sources.yaml, never taken from the environment
        "DOWNLOAD_VERIFY_CERTIFICATES": run.source.tls == "verify",
        "USER_AGENT": f"Minutier/{run.version} (research corpus; contact: {run.contact})",
        "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Language": ", ".join(languages)},
    }
