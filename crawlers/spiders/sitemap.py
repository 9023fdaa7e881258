"""Sitemaps, and sitemaps of sitemaps: the addresses that a site lists for robots."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import Field
from scrapy.http import Response

from crawlers.capture import plain_headers
from crawlers.entry_spider import EntrySpider
from crawlers.readers import Link
from crawlers.reading.entries import Unreadable
from crawlers.reading.rules import EntryOptions
from crawlers.reading.sitemaps import read_sitemap, sitemaps_of
from storage.runs import Note

ROBOTS = "/robots.txt"


class Options(EntryOptions):
    """What a `sitemap` source says besides the common keys."""

    pages: int = Field(default=1000, ge=1)
    """How many sitemaps one run may ask for."""

    @property
    def probed(self) -> bool:
        """Whether it has rules to run by."""
        return self.follow is not None


class SitemapSpider(EntrySpider):
    """Reads sitemaps."""

    name = "sitemap"
    Options = Options

    async def start(self) -> AsyncIterator[Any]:
        """Yield the requests for the sitemaps; where a site's root or robots.txt is given, robots.txt names them."""
        for url in self.run.source.start:
            parts = urlsplit(url)
            named = parts.path in ("", "/", ROBOTS)
            place = urlunsplit(parts._replace(path=ROBOTS, query="")) if named else url
            for request in self.ask([Link(url=place)], "listing", self.parse_robots if named else self.parse):
                yield request

    def parse_robots(self, response: Response) -> Iterator[Any]:
        """Yield the requests for the sitemaps that robots.txt names.

        The run has asked for it before, as for the rules of the host: it is not asked again, and gets its place here.
        """
        yield Note(address=response.meta["address"], role="listing", state="listing")
        named = sitemaps_of(response.body.decode("utf-8", "replace"), response.url) if response.status < 400 else []
        if not named:
            self.trouble(f"{response.url} names no sitemap (Sitemap:): write the address of one in `start`.")
        yield from self.ask([Link(url=url) for url in named], "listing", self.parse)

    def parse(self, response: Response, within: str = "") -> Iterator[Any]:
        """Yield a sitemap's documents and the sitemaps it lists; `within` is the one that listed it."""
        if response.status >= 400:
            return
        try:
            found = read_sitemap(response.body, plain_headers(response), response.url)
        except Unreadable as error:
            self.trouble(f"The sitemap {response.url} {error}.")
            return
        if found.broken:
            self.trouble(f"The sitemap {response.url} {found.broken}: what comes after was not read.")
        elif not within and not found.pages and not found.sitemaps:
            self.trouble(f"The sitemap {response.url} lists nothing (<loc>).")
        yield from self.documents(found.pages)
        yield from self.ask([Link(url=url) for url in found.sitemaps], "listing", self.parse, within=response.url)
