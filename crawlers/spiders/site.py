"""One site, walked from its start addresses within its own hosts, to a depth and a page budget."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from scrapy.http import Response

from crawlers.readers import links
from crawlers.run import in_scope
from crawlers.walking import SourceSpider
from storage.sources import LinkRule


class Options(BaseModel):
    """What a `site` source says besides the common keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    follow: LinkRule | None = None
    """Which pages are documents; their links are walked too."""
    depth: int = Field(default=3, ge=1, le=10)
    """How many links a page may lie away from the start."""
    pages: int = Field(default=400, ge=1)
    """How many pages one run may ask for."""

    @property
    def probed(self) -> bool:
        """Whether it has rules to run by."""
        return self.follow is not None


class SiteSpider(SourceSpider):
    """Walks a whole site, gently."""

    name = "site"
    Options = Options

    async def start(self) -> AsyncIterator[Any]:
        """Yield the requests for the start addresses."""
        for request in self.ask_start(self.parse, level=0):
            yield request

    def parse(self, response: Response, level: int = 0) -> Iterator[Any]:
        """Yield the documents a page leads to, then the other pages of the site."""
        options: Options = self.run.source.options  # type: ignore[assignment]
        if response.status >= 400 or level >= options.depth:
            return
        page = self.page(response)
        wanted = self.find("follow", page, response.url)
        # Links out of the site are no loss here: only what a rule calls a document is accounted for.
        others = [link for link in links(page, response.url, LinkRule()) if in_scope(self.run.hosts, link.url)]
        yield from self.ask(wanted, "document", self.parse, level=level + 1)
        named = {link.url for link in wanted}
        rest = [link for link in others if link.url not in named]
        yield from self.ask(rest, "listing", self.parse, level=level + 1)
