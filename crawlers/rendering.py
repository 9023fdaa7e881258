"""The middleware of `render`: a web page is captured as it is after its JavaScript ran.

Its place is just before the captures. What the page asks for goes through all of the downloader, with its gate and
its delay, once in a run; it is counted as a request, and not kept.
"""

from __future__ import annotations

import asyncio

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, IgnoreRequest, NotConfigured
from scrapy.http import HtmlResponse, Request, Response

from crawlers.browser import BrowserFailed, Part, Screen
from crawlers.capture import PART, REPLAYED, plain_headers
from crawlers.run import CrawlRun
from crawlers.scope import run_of
from crawlers.walking import NETWORK, Refused
from storage.captures import RENDERED

NOT_HAD = (IgnoreRequest, DownloadFailedError, DownloadCancelledError, OSError, *(kind for kind, _, _ in NETWORK))
"""What says that a part was refused or gave no answer: the page goes without it."""


class RenderMiddleware:
    """Shows web pages to a browser."""

    def __init__(self, run: CrawlRun, crawler: Crawler) -> None:
        if not run.source.render or run.offline:
            raise NotConfigured
        self.run = run
        self.crawler = crawler
        self.screen: Screen | None = None
        self.scripts: dict[str, asyncio.Task[Part | None]] = {}
        """What was asked for as a script: most pages of a site ask for the same ones."""
        crawler.signals.connect(self.close, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RenderMiddleware:
        """Build it for the run that the spider carries, if its source asks for it."""
        return cls(run_of(crawler), crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Return a web page as it looks when its scripts have run, and anything else as it came."""
        apart = request.meta.get(PART) or "address" not in request.meta or REPLAYED in response.flags
        if apart or response.status != 200 or not isinstance(response, HtmlResponse):
            return response
        self.screen = self.screen or Screen(self.fetch)
        page = Part(url=response.url, headers=plain_headers(response), body=response.body)
        try:
            shown = await self.screen.show(page)
        except BrowserFailed as error:
            raise Refused("render", f"The browser did not show it ({error}).", state="failed") from error
        headers = response.headers.copy()
        headers["Content-Type"] = "text/html; charset=utf-8"
        flags = [*response.flags, RENDERED, *(["partial"] if shown.cut else [])]
        return response.replace(body=shown.html.encode("utf-8", "replace"), headers=headers, flags=flags)

    async def fetch(self, part: Part) -> Part | None:
        """Return what a page asks for, or nothing where it may not be had."""
        if part.kind != "script":
            return await self._ask(part)
        if part.url not in self.scripts:
            self.scripts[part.url] = asyncio.ensure_future(self._ask(part))
        return await self.scripts[part.url]

    async def _ask(self, part: Part) -> Part | None:
        request = Request(part.url, method=part.method, headers=dict(part.headers), body=part.body, meta={PART: True})
        try:
            answer = await self.crawler.engine.download_async(request)
        except NOT_HAD:
            return None
        return Part(url=answer.url, status=answer.status, headers=plain_headers(answer), body=answer.body)

    async def close(self) -> None:
        """End the browser."""
        if self.screen:
            await self.screen.close()
