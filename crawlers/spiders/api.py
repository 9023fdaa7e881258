"""Portals that answer programs: OpenDataSoft, CKAN, udata, WordPress; page after page up to the end or the limit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from hashlib import sha256
from typing import Any, Literal, Self

from pydantic import Field, model_validator
from scrapy.http import Request, Response

from crawlers.capture import plain_headers
from crawlers.entry_spider import EntrySpider
from crawlers.readers import Link
from crawlers.reading.apis import DIALECTS, PAST_THE_END, Answer, Question, following, read_answer, shortfall
from crawlers.reading.entries import Unreadable, older
from crawlers.reading.rules import EntryOptions, Names, since_day
from crawlers.reading.tables import FieldName, Table, entries_of
from storage.runs import Note
from storage.sources import objection
from storage.sources_values import Words


class Options(EntryOptions):
    """What an `api` source says besides the common keys."""

    dialect: Literal["opendatasoft", "ckan", "udata", "wordpress"] | None = None
    """The kind of portal."""
    dataset: Words | None = None
    """The dataset; of WordPress the kind of posts."""
    resource: Words | None = None
    """Of CKAN: a table whose rows are the documents."""
    query: Words | None = None
    """What to search for; of OpenDataSoft a condition, as its `where` takes it."""
    map: Mapping[FieldName, Names] = Field(default_factory=dict)
    """The fields that hold link, title, date, number, subject and content, where others than usual are meant."""
    full_text: bool = False
    """Take the text that the portal gives (`content`) for the document; records without one are fetched."""
    page_size: int = Field(default=100, ge=1, le=1000)
    """How many records to ask for at once; portals allow 100, CKAN 1000."""
    pages: int = Field(default=1000, ge=1)
    """How many pages one run may ask for."""

    @model_validator(mode="after")
    def _asked(self) -> Self:
        if self.dialect == "opendatasoft" and not self.dataset:
            raise objection("dialect", "`dataset` is missing: opendatasoft gives the records of one dataset")
        if self.resource and self.dialect != "ckan":
            raise objection("resource", "`resource` belongs to `dialect: ckan`")
        return self

    @property
    def probed(self) -> bool:
        """Whether it has rules to run by."""
        return self.dialect is not None


class ApiSpider(EntrySpider):
    """Asks portals."""

    name = "api"
    Options = Options

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options: Options = self.run.source.options  # type: ignore[assignment]
        self.dialect = DIALECTS[self.options.dialect or "opendatasoft"]
        self.given: set[str] = set()
        """Digests of the pages that came."""

    async def start(self) -> AsyncIterator[Any]:
        """Yield the requests for the first page of each portal."""
        for base in self.run.source.start:
            first = Question(
                base=base.rstrip("/"),
                dataset=self.options.dataset or "",
                resource=self.options.resource or "",
                query=self.options.query or "",
                since=since_day(self.options.since, self.run.now()),
                size=min(self.options.page_size, self.dialect.most),
            )
            for request in self.page_of(first):
                yield request

    def page_of(self, asked: Question) -> Iterator[Request]:
        """Yield the request for one page."""
        return self.ask([Link(url=self.dialect.address(asked))], "listing", self.parse, asked=asked)

    def parse(self, response: Response, asked: Question) -> Iterator[Any]:
        """Yield the documents of a page, and the request for the next one."""
        if response.status >= 400:
            if asked.page > 1 and PAST_THE_END in response.body:
                yield Note(address=response.meta["address"], role="listing", state="listing", reason="end")
            return
        try:
            answer = read_answer(self.dialect, asked, response.body, plain_headers(response), response.url)
            table = entries_of(answer.rows, response.url, dict(self.dialect.columns) | dict(self.options.map))
        except Unreadable as error:
            self.trouble(f"The portal's answer {response.url} {error}.")
            return
        if self.complain(answer, table, asked, response.url):
            return
        self.leave(((f"{response.url}#row-{row}", "The record has no address.") for row in table.unlinked), "no_link")
        yield from self.documents(table.entries)
        old = self.dialect.by_date and bool(table.entries) and all(older(entry, asked.since) for entry in table.entries)
        more = None if old else following(self.dialect, asked, answer)
        yield from self.page_of(more) if more else ()

    def complain(self, answer: Answer, table: Table, asked: Question, url: str) -> bool:
        """Say what is wrong with a page, and return whether it came before under another number."""
        digest = sha256(repr(answer.rows).encode("utf-8", "replace")).hexdigest()
        repeated = bool(answer.rows) and digest in self.given
        self.given.add(digest)
        short = shortfall(self.dialect, asked, answer)
        if repeated:
            self.trouble(f"{url} repeats an earlier page: the portal does not turn its pages.")
        elif short:
            self.trouble(f"The portal {asked.base} {short}.")
        return repeated
