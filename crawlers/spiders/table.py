"""Tables of documents, such as the open data of deliberations (SCDL): every row is one, found by its link column."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from pydantic import Field
from scrapy.http import Response

from crawlers.capture import plain_headers
from crawlers.entry_spider import EntrySpider
from crawlers.reading.entries import Unreadable
from crawlers.reading.rules import EntryOptions, Names
from crawlers.reading.tables import MOST_ROWS, FieldName, read_table


class Options(EntryOptions):
    """What a `table` source says besides the common keys."""

    map: Mapping[FieldName, Names] = Field(default_factory=dict)
    """The columns that hold link, title, date, number and subject, where their names are not those of SCDL."""

    @property
    def probed(self) -> bool:
        """Whether it has rules to run by: the columns of SCDL are known."""
        return True


class TableSpider(EntrySpider):
    """Reads tables."""

    name = "table"
    Options = Options

    async def start(self) -> AsyncIterator[Any]:
        """Yield the requests for the tables."""
        for request in self.ask_start(self.parse):
            yield request

    async def parse(self, response: Response) -> AsyncIterator[Any]:
        """Yield the documents of a table; it is read in a thread, for a large one takes seconds."""
        if response.status >= 400:
            return
        options: Options = self.run.source.options  # type: ignore[assignment]
        url, languages = response.url, tuple(self.run.source.languages)
        try:
            table = await asyncio.to_thread(
                read_table, response.body, plain_headers(response), url, options.map, languages
            )
        except Unreadable as error:
            self.trouble(f"The table {url} {error}.")
            return
        if table.cut:
            self.trouble(f"The table {url} has more than {MOST_ROWS} rows: those after were not read.")
        if not table.entries:
            self.trouble(
                f"The table {url} lists nothing: {len(table.unlinked)} rows, and none has an address in `link`."
            )
        self.leave(
            ((f"{url}#row-{row}", "The row has no address in its link column.") for row in table.unlinked), "no_link"
        )
        for request in self.documents(table.entries):
            yield request
