"""robots.txt as RFC 9309 asks: what cannot be read forbids everything, and a wished delay is kept.

Scrapy's own middleware fetches the page when robots.txt answers 500 or not at all (measured).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Self

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawlers.asked import UNANSWERED
from crawlers.reading.reserved import WELL_KNOWN, read_file
from crawlers.scope import run_of
from crawlers.walking import Refused, diagnosis
from storage.captures import Response as Captured

DENYING = frozenset({401, 403, 429})  # the site keeps even its rules to itself: ask nothing

MOST_RULES = 4 * 2**20
"""Bytes of robots.txt; RFC 9309 asks for half a MiB at least, and rules that nobody reads must not be broken."""


class Unreadable(Exception):
    """robots.txt gave no rules that can be followed."""


class RobotsMiddleware(RobotsTxtMiddleware):
    """Asks robots.txt once per host and run, and refuses what it forbids."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.run = run_of(crawler)
        self.unreadable: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it for a crawler."""
        return cls(crawler)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Let a request pass, or raise Refused with the site's own words for it."""
        host = urlparse_cached(request).netloc
        if host in self.unreadable:
            raise Refused("robots", f"robots.txt of {host} cannot be read ({self.unreadable[host]}): nothing is asked.")
        if rp is not None and not rp.allowed(request.url, self._default_useragent):
            raise Refused("robots", f"robots.txt of {host} forbids it.")

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status in DENYING:
            raise Unreadable(f"it answered {response.status}")
        if len(response.body) > MOST_RULES:
            raise Unreadable(f"it has more than {MOST_RULES // 2**20} MiB of rules")
        if response.status >= 400:  # there are no rules
            response = response.replace(body=b"")
        await self._ask_reservations(response.body, netloc, request)
        await super()._parse_robots(response, netloc, request)

    async def _ask_reservations(self, rules: bytes, netloc: str, request: Request) -> None:
        """Ask the host, once in a run, what it reserves; where it does not say, it reserves nothing in this way."""
        place = f"{urlparse_cached(request).scheme}://{netloc}{WELL_KNOWN}"
        parsed = self._parserimpl.from_crawler(self.crawler, rules)
        self.keep_delay(parsed, request)
        if not parsed.allowed(place, self._default_useragent):
            return
        asked = Request(
            place,
            priority=self.DOWNLOAD_PRIORITY,
            callback=NO_CALLBACK,
            meta={"dont_obey_robotstxt": True, "role": "reservations"},
        )
        assert self.crawler.engine is not None
        with suppress(*UNANSWERED):
            response = await self.crawler.engine.download_async(asked)
            self.run.reservations[netloc] = read_file(response.body) if response.status == 200 else ()

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self.unreadable[netloc] = str(exc) if isinstance(exc, Unreadable) else diagnosis(exc)[2].rstrip(".")
        if not isinstance(exc, Unreadable):
            self._remember(netloc, type(exc).__name__)
        super()._robots_error(exc, netloc)

    def _remember(self, netloc: str, kind: str) -> None:
        """Keep that robots.txt gave no answer, so that the reason for a silence can be shown later."""
        url = f"{self.run.site.origin.split(':')[0]}://{netloc}/robots.txt"
        self.run.store.record(
            Captured(
                run_id=self.run.run_id,
                source_id=self.run.source.id,
                role="robots",
                url=url,
                address=url,
                status=0,
                fetched_at=self.run.stamp(),
                flags=(kind,),
                requests=self.run.take_requests(),
            )
        )

    def keep_delay(self, robotparser: RobotParser, request: Request) -> None:
        """Wait as long between two requests as the site's Crawl-delay wishes, if that is longer than ours."""
        wished = robotparser.crawl_delay(self._default_useragent) or 0
        downloader = self.crawler.engine.downloader
        key = downloader.get_slot_key(request)
        slot = downloader.slots.get(key)
        if slot and wished > slot.delay:
            slot.delay = float(wished)
            # Scrapy forgets a slot after a minute of silence, and with it the wish.
            downloader.per_slot_settings[key] = {"delay": float(wished)}
