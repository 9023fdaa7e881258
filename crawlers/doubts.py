"""Doubts about an answer that says 200: is it the page that was asked for, or what the site shows instead?

What a page says of itself is read at once. Where it looks like another page of the site, the host is asked, once in a
run, for an address that cannot exist: what it shows for that, it shows for everything that is not there.
"""

from __future__ import annotations

import asyncio
import secrets
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawlers.asked import UNANSWERED
from crawlers.reading.doubtful import SOFT_404, is_page, print_of, says_it_is_none, title_of
from storage.addresses import host_of

PROBE = "probe"
"""The role of the capture of an address that cannot exist."""


class Doubts:
    """What one run has learned about the pages that its hosts show instead of others."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.titles: dict[bytes, str] = {}
        """Titles of listings: a document that bears one may be the site's front page."""
        self.bodies: dict[int, str] = {}
        """Hash of a body, and the address that gave it first."""
        self.nowhere: dict[str, asyncio.Future[str]] = {}
        """For each host the print of what it shows for an address that cannot exist."""

    async def about(self, request: Request, response: Response) -> str:
        """Return why an answer is not what was asked for, or nothing."""
        if response.status != 200 or not is_page(response.body):
            return ""
        said = says_it_is_none(response.body)
        if said or not self._looks_like_another(request, response):
            return said
        elsewhere = await self._nowhere(response.url)
        return SOFT_404 if elsewhere and elsewhere == print_of(response.body, response.url) else ""

    def _looks_like_another(self, request: Request, response: Response) -> bool:
        """Return whether an answer gives reason to ask: it was sent to the root, or looks like an earlier page."""
        address = str(request.meta.get("address"))
        title, body = title_of(response.body), hash(response.body)
        if request.meta.get("role") == "listing":
            self.titles.setdefault(title, address)
            self.bodies.setdefault(body, address)
            return False
        sent_home = "redirect_urls" in request.meta and urlsplit(response.url).path in ("", "/")
        like = self.titles.get(title, address) != address if title else False
        return sent_home or like or self.bodies.setdefault(body, address) != address

    async def _nowhere(self, url: str) -> str:
        """Return the print of what a host shows for an address that cannot exist; nothing where it says 404."""
        host = host_of(url)
        if host not in self.nowhere:
            self.nowhere[host] = asyncio.get_running_loop().create_future()
            self.nowhere[host].set_result(await self._ask_nowhere(url))
        return await self.nowhere[host]

    async def _ask_nowhere(self, url: str) -> str:
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.netloc}/{secrets.token_hex(8)}-nothing-is-here"
        asked = Request(place, callback=NO_CALLBACK, meta={"role": PROBE}, dont_filter=True)
        assert self.crawler.engine is not None
        try:
            answer = await self.crawler.engine.download_async(asked)
        except UNANSWERED:
            return ""
        return print_of(answer.body, place) if answer.status == 200 else ""
