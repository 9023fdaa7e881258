"""Web archives: the pages of a site as an archive holds them, found by its index (CDX)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from scrapy.http import Response

from crawlers.readers import Link
from crawlers.reading.archives import ROWS, Held, Match, host_within, index_address, newest, read_index, whole_keys
from crawlers.reading.entries import Unreadable
from crawlers.reading.rules import Match as ByAddress
from crawlers.traps import LONGEST
from crawlers.walking import SourceSpider
from storage.addresses import host_of
from storage.runs import Note
from storage.sources_values import WebAddress, Words


def _template(address: str) -> str:
    lacking = [part for part in ("{timestamp}", "{original}") if part not in address]
    if lacking:
        raise ValueError(f"{address!r} lacks {' and '.join(lacking)}")
    return address


WRITTEN = ":/?#[]@!$&'()*+,;=%"
"""Signs of addresses that stay as they are where an address is only written down."""


class Options(BaseModel):
    """What an `archive` source says besides the common keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url_patterns: tuple[Words, ...] = ()
    """What to look for in the index, such as `www.example.org/actes/*`."""
    match: Match | None = None
    """How the patterns are meant, where not by an asterisk in them."""
    follow: ByAddress | None = None
    """Which of the addresses found are documents, by a pattern."""
    since: date | None = None
    """Only what was archived on this day or later."""
    until: date | None = None
    """Only what was archived on this day or before."""
    collapse: Words | None = "digest"
    """Which captures in a row the index gives as one."""
    cdx: WebAddress = "https://web.archive.org/cdx/search/cdx"
    """The index."""
    replay: Annotated[WebAddress, AfterValidator(_template)] = "https://web.archive.org/web/{timestamp}id_/{original}"
    """The address of a capture as it was taken."""
    pages: int = Field(default=1000, ge=1)
    """How many pages of the index one run may ask for."""

    @property
    def probed(self) -> bool:
        """Whether it has rules to run by."""
        return bool(self.url_patterns)

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that are asked: the archive's, never those of the site itself."""
        return frozenset({host_of(self.cdx), host_of(self.replay)})

    @property
    def lists_all(self) -> bool:
        """Whether what it does not list is no longer published: an archive cannot say."""
        return False


class ArchiveSpider(SourceSpider):
    """Asks an archive what it holds, and for the newest capture of each address."""

    name = "archive"
    Options = Options

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options: Options = self.run.source.options  # type: ignore[assignment]

    async def start(self) -> AsyncIterator[Any]:
        """Yield the request for the first page of the index, for each pattern."""
        for pattern in self.options.url_patterns:
            for request in self.index(pattern):
                yield request

    def index(self, pattern: str, resume: str = "", held: tuple[Held, ...] = ()) -> Iterator[Any]:
        """Yield the request for a page of the index; `held` are captures of the address that the last one ended in."""
        options = self.options
        url = index_address(options.cdx, pattern, options.match, options.since, options.until, options.collapse, resume)
        yield from self.ask([Link(url=url)], "listing", self.parse, pattern=pattern, held=held)

    def parse(self, response: Response, pattern: str, held: tuple[Held, ...]) -> Iterator[Any]:
        """Yield what a page of the index leads to, and its next page."""
        if response.status >= 400:
            return
        try:
            page = read_index(response.body, self.run.now())
        except Unreadable as error:
            self.run.troubles.append(f"{response.url} {error}.")
            return
        if len(page.held) >= ROWS and not page.resume:
            self.run.troubles.append(f"{response.url} lists {ROWS} captures and not where it goes on: narrow it.")
        ready, rest = whole_keys((*held, *page.held), more=bool(page.resume))
        yield from self.documents(ready, pattern)
        if page.resume:
            yield from self.index(pattern, page.resume, tuple(rest))

    def documents(self, held: list[Held], pattern: str) -> Iterator[Any]:
        """Yield the request for the newest capture of each address, or why there is none."""
        rule, match = self.options.follow, self.options.match
        yield from self.foreign(each for each in held if not host_within(each.original, pattern, match))
        own = [each for each in held if host_within(each.original, pattern, match)]
        wanted = [each for each in own if not rule or re.search(rule.match or "", each.original)]
        self.run.tried("url_patterns", len(own))
        if rule:
            self.run.tried("follow", len(wanted))
        for each in newest(wanted, self.run.site.canonical):
            address = self.run.site.canonical(each.original)
            reason, detail = each.objection
            if reason and address not in self.run.seen:
                self.run.seen.add(address)
                yield Note(address=address, state="skipped", reason=reason, detail=detail)
            elif not reason:
                url = self.options.replay.format(timestamp=each.timestamp, original=each.original)
                link = Link(url=url, original=each.original, archived_at=each.archived_at)
                yield from self.ask([link], "document", self.kept)

    def foreign(self, held: Iterable[Held]) -> Iterator[Note]:
        """Yield the place in the account of what an index names and was not asked about."""
        for address in (quote(each.original[:LONGEST], safe=WRITTEN, errors="replace") for each in held):
            if address not in self.run.seen:
                self.run.seen.add(address)
                sentence = "The index was asked about another host."
                yield Note(address=address, state="skipped", reason="scope", detail=sentence)

    def ask_after_unlisted(self) -> None:
        """Ask for nothing more: what an index no longer names says nothing about the site."""
