"""Search engines behind a form: it is filled in, sent for each value of a series, and its results are walked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from parsel import Selector
from pydantic import BaseModel, ConfigDict, Field
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.readers import links
from crawlers.reading.entries import Unreadable
from crawlers.reading.forms import Asked, Form, Method, onward, read_form, renewed, submission, usable
from crawlers.reading.series import Series, searches
from crawlers.walking import SourceSpider
from storage.sources import LinkRule, Paging
from storage.sources_values import Css, Words


class Options(BaseModel):
    """What a `form` source says besides the common keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    follow: LinkRule | None = None
    """Which links of the results are documents."""
    detail: LinkRule | None = None
    """Which links lead to pages between results and document."""
    depth: int = Field(default=1, ge=1, le=5)
    """How many detail pages may follow one another."""
    form: Css = "form"
    """The form on the start page."""
    method: Method | None = None
    """How it is sent, where not as it says itself."""
    fields: Mapping[Words, str] = Field(default_factory=dict)
    """What is filled in, the same in each search."""
    iterate: Series | None = None
    """The field that has another value in each search."""
    tokens: tuple[Words, ...] = ()
    """Hidden fields that each answer gives anew, besides those with the usual names."""
    next: Paging | None = None
    """Where the results go on."""
    cookies: bool = False
    """Whether cookies are kept for the length of a run."""
    pages: int = Field(default=1000, ge=1)
    """How many pages one run may ask for."""

    @property
    def probed(self) -> bool:
        """Whether it has rules to run by."""
        return self.follow is not None


@dataclass(slots=True)
class Walk:
    """One start page's searches: one after the other, for a token of one answer may be good for the next only."""

    form: Form
    waiting: list[Mapping[str, str]]


class FormSpider(SourceSpider):
    """Fills in forms and walks what they find."""

    name = "form"
    Options = Options

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options: Options = self.run.source.options  # type: ignore[assignment]

    async def start(self) -> AsyncIterator[Any]:
        """Yield the requests for the pages with the form; where it belongs to a session, an old one would not do."""
        for request in self.ask_start(self.parse_form):
            request.meta["whole"] = self.options.cookies
            yield request

    def parse_form(self, response: Response) -> Iterator[Any]:
        """Yield the first search of a form."""
        if response.status >= 400:
            return
        series = self.options.iterate
        try:
            form = usable(self.form_on(self.page(response), response), series.listed if series else "")
        except Unreadable as error:
            self.run.troubles.append(f"{response.url} {error}.")
            return
        each = searches(series, form, self.run.now().date())
        yield from self.go_on(Walk(form, [{**self.options.fields, **values} for values in each]))

    def form_on(self, page: Selector, response: Response) -> Form | None:
        """Return the form on a page, if it is there."""
        form = read_form(page, response.url, self.options.form)
        self.run.tried("form", int(form is not None))
        return form

    def go_on(self, walk: Walk | None) -> Iterator[Any]:
        """Yield the next search that is admitted."""
        while walk and walk.waiting:
            by = self.options.method or walk.form.method
            asked = Asked(values=walk.waiting.pop(0), posted=by == "post")
            link = submission(walk.form, asked, by, self.options.tokens)
            found = list(self.ask([link], "listing", self.parse, asked=asked, walk=walk))
            if found:
                yield from found
                return

    def parse(self, response: Response, asked: Asked, walk: Walk | None) -> Iterator[Any]:
        """Yield what one page of results names, its next page, and at the end of a search the next search."""
        if response.status < 400:
            page = self.page(response)
            yield from self.results(page, response, level=0)
            if walk:
                walk.form = renewed(walk.form, self.form_on(page, response), self.options.tokens)
            more = list(self.further(page, response, asked, walk))
            yield from more
            walk = None if more else walk
        yield from self.go_on(walk)

    def results(self, page: Selector, response: Response, level: int) -> Iterator[Any]:
        """Yield the requests for the documents and detail pages that a page names."""
        yield from self.ask(self.find("follow", page, response.url), "document", self.kept)
        details = self.find("detail", page, response.url) if level < self.options.depth else []
        yield from self.ask(details, "listing", self.parse_detail, level=level + 1)

    def parse_detail(self, response: Response, level: int) -> Iterator[Any]:
        """Yield what a detail page names."""
        if response.status < 400:
            yield from self.results(self.page(response), response, level)

    def further(self, page: Selector, response: Response, asked: Asked, walk: Walk | None) -> Iterator[Any]:
        """Yield the requests for the next page of results; of several, the last takes the other searches along."""
        rules = [rule for rule in (self.options.follow, self.options.detail) if rule]
        here = frozenset(link.url for rule in rules for link in links(page, response.url, rule))
        if here and here == asked.before:
            sentence = f"{response.url} repeats the page before it: compare `next` with the page."
            self.run.troubles.append(sentence)
            return
        form = walk.form if walk else None
        more = self.turn(
            self.options.next, onward(page, response.url, self.options.next, asked, form, found=bool(here))
        )
        after = replace(asked, page=asked.page + 1, before=here)
        if self.options.cookies and asked.posted:  # the site may know from the session alone what was searched for
            more = [link if link.form else replace(link, apart=after.apart) for link in more]
        named = self.options.next is None or self.options.next.param is None
        requests = list(self.ask(more, "listing", self.parse, listed=named, asked=after, walk=None))
        if requests:
            requests[-1].cb_kwargs["walk"] = walk
        yield from requests

    def failed(self, failure: Failure) -> Iterator[Any]:
        """Yield the place in the account of what gave no response, and the search after it."""
        yield from super().failed(failure)
        yield from self.go_on(failure.request.cb_kwargs.get("walk"))  # type: ignore[attr-defined]
