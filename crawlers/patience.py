"""Patience: wait where a site asks for it, try again with growing pauses, and leave a host alone that does not answer.

Its place is before the captures: a replay never waits, and only the last try of an address is captured.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Request, Response
from scrapy.utils.misc import load_object

from crawlers.asked import came_of_it
from crawlers.run import CrawlRun
from crawlers.scope import run_of
from crawlers.walking import Refused
from storage.addresses import host_of
from storage.captures import POSTPONED
from storage.sources_values import within

BUSY = frozenset({408, 429, 500, 502, 503, 504, 522, 524})
"""Statuses that may be others a moment later."""
LONGEST = 3600.0
"""Seconds that one run waits because a site asks for it; who asks for more is asked again by the next run."""
TRIES = 3
PATIENCE = 5
"""How many addresses in a row a host may fail to answer before it is left alone."""


@dataclass(slots=True)
class Host:
    """How one host fares in this run."""

    not_before: float = 0.0
    """On the monotonic clock."""
    failures: int = 0
    closed: str = ""
    """Why nothing more is asked of it, or nothing."""


class PatienceMiddleware:
    """Decides when a host may be asked, and whether an address is tried again."""

    def __init__(
        self,
        run: CrawlRun,
        crawler: Crawler,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        spread: Callable[[], float] = random.random,
    ) -> None:
        self.run = run
        self.crawler = crawler
        self.sleep, self.clock, self.spread = sleep, clock, spread
        self.hosts: dict[str, Host] = {}
        self.closing: asyncio.Future[None] | None = None
        """The end of the crawl, once it was asked for; kept here because the event loop holds it weakly."""
        names = crawler.settings.getlist("RETRY_EXCEPTIONS")
        self.passing = tuple(load_object(name) if isinstance(name, str) else name for name in names)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatienceMiddleware:
        """Build it for the run that the spider carries."""
        return cls(run_of(crawler), crawler)

    async def process_request(self, request: Request) -> None:
        """Wait until the host may be asked, or raise Refused where that is not in this run."""
        host = self._host(request)
        self._in_hours()
        while not host.closed and (wait := host.not_before - self.clock()) > 0:
            await self.sleep(wait)
        if host.closed:
            raise Refused("host", host.closed, state="pending")

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the answer, or the request once more where the site may answer better later."""
        host = self._host(request)
        if "dataloss" in response.flags:
            return self._again(request, host, TRIES, None, "broke off") or response
        if response.status not in BUSY:
            host.failures = 0
            return response
        asked = retry_after(response.headers.get("Retry-After"), self.run.now())
        if asked is not None and asked > LONGEST:
            host.closed = f"{host_of(request.url)} asks to be left alone for {asked / 3600:.0f} hours (Retry-After)."
            response.flags.append(POSTPONED)
            return response
        again = self._again(request, host, TRIES, asked, str(response.status))
        if again is None:
            self._failed(host, f"it answered {response.status}", request)
        return again or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Return the request once more after a failure of the network; nothing where it was the last try."""
        if not isinstance(exception, self.passing):
            return None
        host = self._host(request)
        # A host that lets us wait for a minute may do so each time: twice is enough.
        tries = TRIES - isinstance(exception, DownloadTimeoutError)
        again = self._again(request, host, tries, None, "no answer")
        if again is None:
            self._failed(host, "it did not answer", request)
        return again

    def _host(self, request: Request) -> Host:
        return self.hosts.setdefault(host_of(request.url), Host())

    def _again(self, request: Request, host: Host, tries: int, asked: float | None, came: str) -> Request | None:
        """Return a copy of the request for its next try, and have its host left alone until then."""
        tried = request.meta.get("retry_times", 0) + 1
        if tried >= tries:
            return None
        pause = asked if asked is not None else self.run.source.delay * 2**tried * (1 + self.spread() / 4)
        host.not_before = max(host.not_before, self.clock() + pause)
        self.run.quiet_until[host_of(request.url)] = host.not_before
        came_of_it(request, came if asked is None else f"{came} wait {asked:.0f}")
        again = request.copy()
        again.meta["retry_times"] = tried
        return again

    def _failed(self, host: Host, how: str, request: Request) -> None:
        host.failures += 1
        if host.failures >= PATIENCE:
            name = host_of(request.url)
            host.closed = f"{name} is left alone: {how}, {PATIENCE} addresses in a row. The next run asks again."

    def _in_hours(self) -> None:
        """Stop the crawl outside the hours of its source; the run stays open, and is gone on with later."""
        hours = self.run.source.hours
        if hours is None or within(hours, self.run.now().astimezone()):
            return
        if not self.run.finish_reason:
            self.run.finish_reason = "hours"
            self.closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="hours"))
        raise Refused("hours", f"It may be asked from {hours[0]:%H:%M} to {hours[1]:%H:%M} only.", state="pending")


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, given in seconds or as a date; none where it says nothing.

    >>> retry_after(b"120", datetime(2026, 3, 1, tzinfo=UTC))
    120.0
    >>> retry_after(b"Sun, 01 Mar 2026 00:01:00 GMT", datetime(2026, 3, 1, tzinfo=UTC))
    60.0
    """
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
