"""The spider that looks at a site: a few pages, one after another, the most promising first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawlers.capture import plain_headers
from crawlers.probing.frontier import Frontier
from crawlers.probing.judging import judge, kinds_wanted
from crawlers.probing.pages import look
from crawlers.probing.words import words
from crawlers.readers import Link
from crawlers.walking import SourceSpider
from storage.runs import Note

SIZED = 3
"""How many documents are asked for their size."""


class Options(BaseModel):
    """What a probe is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str = ""
    """The kind of source that is looked for; all of them where it says nothing."""
    pages: int = Field(default=22, ge=1)
    """How many addresses are asked for, at most."""
    probed: ClassVar[bool] = True
    cookies: ClassVar[bool] = True
    """Some forms answer only to the visit that they were shown to."""


class ProbeSpider(SourceSpider):
    """Looks at a site; its answers are judged when they have all come."""

    name = "probe"
    Options = Options

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options: Options = self.run.source.options  # type: ignore[assignment]  # the model knows it as any Options
        self.kind = options.kind
        query = words().query[options.kind or "council_minutes"]
        self.frontier = Frontier(start=self.run.source.start[0], wanted=kinds_wanted(options.kind), query=query)
        self.sized = False

    async def start(self) -> AsyncIterator[Any]:
        """Yield the request for the address itself; each answer says what is asked next."""
        for request in self.onward():
            yield request

    def parse(self, response: Response) -> Iterator[Any]:
        """Learn from an answer, and yield the next request."""
        asked = response.meta["address"]
        if response.url.endswith(
            "/robots.txt"
        ):  # the middleware asked before: its place in the account comes from here
            yield Note(address=asked, role="listing", state="listing")
        self.frontier.learn(look(asked, response.url, response.status, plain_headers(response), response.body))
        yield from self.onward()

    def failed(self, failure: Failure) -> Iterator[Any]:
        """Note what gave no answer, and go on."""
        yield from super().failed(failure)
        yield from self.onward()

    def onward(self) -> Iterator[Request]:
        """Yield the request for a form or the most promising address; in the end ask some documents for their size."""
        while link := self.next_link():
            asked = list(self.ask([link], "listing", self.parse))
            if asked:
                yield from asked
                return
        if not self.sized:
            self.sized = True
            best = judge(self.frontier.start, self.frontier.looks, {}, self.kind).best
            for request in self.ask(best.sample[:SIZED] if best else (), "document", self.kept):
                yield request.replace(method="HEAD")

    def next_link(self) -> Link | None:
        """Return what is asked next: a search at once, for its token may not be good for long."""
        if trial := self.frontier.search():
            return trial.link
        url = self.frontier.next()
        return Link(url=url) if url else None

    def ask_after_unlisted(self) -> None:
        """Ask for nothing more: a probe remembers no documents."""
