"""Feeds, RSS or Atom: every entry is a document, page after page where the feed has pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, Self

from parsel import Selector
from pydantic import Field, model_validator
from scrapy.http import Response

from crawlers.capture import plain_headers
from crawlers.entry_spider import EntrySpider
from crawlers.readers import Link, next_pages
from crawlers.reading.entries import Unreadable
from crawlers.reading.feeds import Feed, read_feed
from crawlers.reading.rules import EntryOptions
from storage.sources import Paging, objection

NO_PAGE = Selector(text="<html></html>")


class Options(EntryOptions):
    """What a `feed` source says besides the common keys."""

    full_text: bool = False
    """Take the text that the feed carries for the document; entries without one are fetched."""
    next: Paging | None = None
    """The counter by which older entries are asked for, such as `paged` of WordPress."""
    pages: int = Field(default=1000, ge=1)
    """How many pages of feeds one run may ask for."""

    @model_validator(mode="after")
    def _counted(self) -> Self:
        if self.next is not None and self.next.css is not None:
            raise objection(
                "next", "the next page that a feed names is always asked for: give `param`, or leave it out"
            )
        return self

    @property
    def probed(self) -> bool:
        """Whether it has rules to run by: the address of a feed is rule enough."""
        return True

    @property
    def lists_all(self) -> bool:
        """Whether what it does not list is no longer published: a feed without pages lists the latest entries only."""
        return self.next is not None and self.since is None


class FeedSpider(EntrySpider):
    """Reads feeds."""

    name = "feed"
    Options = Options

    async def start(self) -> AsyncIterator[Any]:
        """Yield the requests for the feeds."""
        for request in self.ask_start(self.parse):
            yield request

    def parse(self, response: Response, before: frozenset[str] = frozenset()) -> Iterator[Any]:
        """Yield a feed's documents and its next page; `before` has what the page before it listed."""
        if response.status >= 400:
            return
        try:
            feed = read_feed(response.body, plain_headers(response), response.url, tuple(self.run.source.languages))
        except Unreadable as error:
            self.trouble(f"The feed {response.url} {error}.")
            return
        here = frozenset(entry.url for entry in feed.entries)
        if before and here == before:
            self.trouble(f"{response.url} repeats the page before it: the site does not know the counter of `next`.")
            return
        self.complain(feed, response.url, first=not before)
        yield from self.documents(feed.entries)
        yield from self.onward(feed, response.url, here)

    def complain(self, feed: Feed, url: str, *, first: bool) -> None:
        """Say what a feed lacks; that it lists nothing is only wrong on its first page."""
        if feed.broken:
            self.trouble(f"The feed {url} {feed.broken}: what comes after was not read.")
        if feed.unlinked:
            self.trouble(f"The feed {url} has {feed.unlinked} entries without an address (<link>, <guid>).")
        elif first and not feed.entries:
            self.trouble(f"The feed {url} lists nothing: it has no <item> and no <entry>.")

    def onward(self, feed: Feed, url: str, here: frozenset[str]) -> Iterator[Any]:
        """Yield the request for the page that a feed names as its next, or that a counter gives."""
        options: Options = self.run.source.options  # type: ignore[assignment]
        if feed.more:
            yield from self.ask([Link(url=feed.more)], "listing", self.parse, before=here)
        else:
            counted = next_pages(NO_PAGE, url, options.next, found_documents=bool(here))
            yield from self.ask(counted, "listing", self.parse, listed=False, before=here)
