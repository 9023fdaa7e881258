"""The one meeting place of spiders and store for what is not a response: notes, and files from a folder."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from scrapy.crawler import Crawler

from crawlers.durable import Durable
from crawlers.run import CrawlRun
from crawlers.scope import run_of
from storage.captures import Response
from storage.errors import MinutierError
from storage.runs import Note


class AccountPipeline:
    """Hands everything that spiders yield to the store, and waits until it is durable."""

    def __init__(self, run: CrawlRun) -> None:
        self.run = run
        self.durable = Durable()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AccountPipeline:
        """Build it for the run that the spider carries."""
        return cls(run_of(crawler))

    async def process_item(self, item: Any) -> Any:
        """Store a note or a file read from a folder.

        Where the storage fails nothing more is asked (`CrawlRun.broken`), and the command ends with its sentence.
        """
        with suppress(MinutierError):
            if isinstance(item, Note):
                await self.durable.once(self.run.store.note(self.run.run_id, [item]))
            elif isinstance(item, Response):
                await self.durable.once(self.run.store.record(item))
            else:
                raise TypeError(f"A spider yielded {type(item).__name__}; it may yield requests, notes and responses.")
        return item
