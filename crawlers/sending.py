"""The last step before the network: the moment of each request is kept, so that its pauses can be shown later.

The moment an answer arrives proves nothing about pauses, and Scrapy's signals come before its own delay.
"""

from __future__ import annotations

import asyncio
import time

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from crawlers.asked import SENT, moment
from crawlers.scope import run_of
from storage.addresses import host_of


class StampingHandler(HTTP11DownloadHandler):
    """Scrapy's own handler, with a note of when."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.crawler = crawler
        self.next: dict[str, float] = {}
        """For each host when, on the monotonic clock, it may be sent something: Scrapy counts a little earlier."""

    async def download_request(self, request: Request) -> Response:
        """Wait where the host asked for it after this request was queued, or its delay does; note when, and send."""
        host, run, now = host_of(request.url), run_of(self.crawler), time.monotonic()
        first = host not in self.next
        moment_of_sending = max(now, run.quiet_until.get(host, 0.0), self.next.get(host, 0.0))
        self.next[host] = moment_of_sending + run.source.delay
        wait = moment_of_sending - now
        if wait > 0:
            await asyncio.sleep(wait)
            assert self.crawler.engine is not None
            slot = self.crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
            if slot:
                slot.lastseen = time.monotonic()  # the pause to the next one begins here
        request.meta.setdefault(SENT, []).append(f"{moment(run.now())} {host}")
        response = await super().download_request(request)
        if first:  # its name was looked up and its connection made first: it was heard later than it was sent
            self.next[host] = time.monotonic() + run.source.delay
        return response
