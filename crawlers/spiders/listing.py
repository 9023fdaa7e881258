"""Pages that list documents: follow the links a rule selects, page after page, and through detail pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from scrapy.http import Response

from crawlers.readers import next_pages
from crawlers.walking import SourceSpider
from storage.sources import LinkRule, Paging


class Options(BaseModel):
    """What a `listing` source says besides the common keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    follow: LinkRule | None = None
    """Which links are documents."""
    next: Paging | None = None
    """Where the listing goes on."""
    detail: LinkRule | None = None
    """Which links lead to pages between listing and document."""
    depth: int = Field(default=1, ge=1, le=5)
    """How many detail pages may follow one another."""
    pages: int = Field(default=1000, ge=1)
    """How many listing pages one run may ask for."""

    @property
    def probed(self) -> bool:
        """Whether it has rules to run by."""
        return self.follow is not None


class ListingSpider(SourceSpider):
    """Walks listings to documents."""

    name = "listing"
    Options = Options

    async def start(self) -> AsyncIterator[Any]:
        """Yield the requests for the start addresses."""
        for request in self.ask_start(self.parse, level=0):
            yield request

    def parse(self, response: Response, level: int = 0) -> Iterator[Any]:
        """Yield what a listing names: documents, detail pages, and its own next page."""
        if response.status >= 400:
            return
        options: Options = self.run.source.options  # type: ignore[assignment]
        page = self.page(response)
        documents = self.find("follow", page, response.url)
        yield from self.ask(documents, "document", self.kept)
        details = self.find("detail", page, response.url) if level < options.depth else []
        yield from self.ask(details, "listing", self.parse, level=level + 1)
        more = next_pages(page, response.url, options.next, found_documents=bool(documents or details))
        more = self.turn(options.next, more)
        named = options.next is None or options.next.param is None
        yield from self.ask(more, "listing", self.parse, listed=named, level=level)
