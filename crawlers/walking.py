"""What all spiders do alike: ask for admitted links, say what failed, and ask after what is no longer listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import scrapy
from parsel import Selector
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DontCloseSpider,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawlers.asked import SENT, sendings
from crawlers.readers import Link, links, read_page, said
from crawlers.run import CrawlRun
from storage.captures import ASKED
from storage.captures import Response as Captured
from storage.errors import MinutierError
from storage.runs import Note
from storage.sources import LinkRule, Paging

NETWORK = (
    (DownloadTimeoutError, "timeout", "The site did not answer in time."),
    (DownloadConnectionRefusedError, "refused", "The site refused the connection."),
    (CannotResolveHostError, "no_host", "The host name is not known."),
    (ResponseDataLossError, "truncated", "The answer broke off."),
)


class Refused(IgnoreRequest):
    """An address that we do not ask for, or not in this run, with a short reason and a sentence."""

    def __init__(self, reason: str, detail: str, *, state: str = "skipped") -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.state = state


class SourceSpider(scrapy.Spider):
    """A spider that walks one source within one run."""

    def __init__(self, run: CrawlRun | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if run is None:
            raise RuntimeError(
                f"The spider {self.name!r} walks a source of sources.yaml: start it with `minutier crawl SOURCE`."
            )
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SourceSpider:
        """Build the spider, and let it hear when it has nothing left to ask and when its code fails."""
        spider = cls(*args, **kwargs)
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.ask_after_unlisted, signals.spider_idle)
        crawler.signals.connect(spider.note_trouble, signals.spider_error)
        crawler.signals.connect(spider.count_request, signals.request_reached_downloader)
        return spider

    def ask(
        self, links: Iterable[Link], role: str, callback: Any, *, listed: bool = True, **values: Any
    ) -> Iterator[Request]:
        """Yield a request for each link that the run admits; `values` go to the callback.

        `listed` is False for an address that no page names, such as the next one of a counter.
        """
        for link, address in self.run.admit(links, role):
            yield self.request(link, address, role, callback, listed=listed, **values)

    def ask_start(self, callback: Any, **values: Any) -> Iterator[Request]:
        """Yield the requests for the source's start addresses."""
        return self.ask([Link(url=url) for url in self.run.source.start], "listing", callback, **values)

    def request(self, link: Link, address: str, role: str, callback: Any, *, listed: bool, **values: Any) -> Request:
        """Return the request for one link, with what its capture must know."""
        meta = {
            "role": role,
            "address": address,
            "listed": listed,
            "link_text": link.text,
            "context": link.context,
            "archived_at": link.archived_at,
        }
        sent: dict[str, Any] = {}
        if link.form is not None:
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            sent = {"method": "POST", "body": urlencode(link.form), "headers": kind}
            meta["form"] = urlencode(link.form).encode()
        # Our own account already holds each address once; Scrapy's filter would drop redirect targets in silence.
        return Request(
            link.url, callback=callback, errback=self.failed, meta=meta, cb_kwargs=values, dont_filter=True, **sent
        )

    def page(self, response: Response) -> Selector:
        """Return a response ready for selection."""
        headers = {k.decode().lower(): v[-1].decode("latin-1") for k, v in response.headers.items() if v}
        page = read_page(response.body, headers, tuple(self.run.source.languages))
        self.run.traps.saw(response.url, page, response.meta.get("role", ""))
        return page

    def find(self, rule: str, page: Selector, url: str) -> list[Link]:
        """Return the links that a rule of the source selects on a page, and remember how many; none without it."""
        wanted: LinkRule | None = getattr(self.run.source.options, rule)
        if wanted is None:
            return []
        found = links(page, url, wanted)
        self.run.tried(rule, len(found))
        return found

    def turn(self, rule: Paging | None, found: list[Link]) -> list[Link]:
        """Return where a listing goes on, and remember it where a rule had to find it on the page."""
        if rule and rule.css:
            self.run.tried("next", len(found))
        return found

    def kept(self, response: Response) -> None:
        """Do nothing with a document's response: it was captured, and is read elsewhere."""

    def failed(self, failure: Failure) -> Iterator[Note | Captured]:
        """Yield the place in the account of an address that gave no response."""
        request: Request = failure.request  # type: ignore[attr-defined]
        yield from self._unanswered(request, failure)
        state, reason, detail = diagnosis(failure.value, self.run.private.get(urlsplit(request.url).hostname or "", ""))
        if isinstance(failure.value, MinutierError):  # ours, not the site's: it is asked again when that is over
            self.run.hindered = detail = str(failure.value)
            state, reason = "pending", "storage"
        yield Note(
            address=request.meta["address"],
            role=request.meta["role"],
            state=state,
            reason=reason,
            detail=detail,
            listed=request.meta["listed"],
            words=said(request.meta["context"], request.meta["link_text"]),
        )

    def _unanswered(self, request: Request, failure: Failure) -> Iterator[Captured]:
        """Yield the capture of what was sent and gave no answer that may be kept: when, and through which redirects."""
        if not request.meta.get(SENT):
            return
        statuses = [int(reason) for reason in request.meta.get("redirect_reasons", [])]
        urls = [*request.meta.get("redirect_urls", []), request.url]
        yield Captured(
            run_id=self.run.run_id,
            source_id=self.run.source.id,
            role="unanswered",
            method=request.method,
            sent=request.body,
            url=request.url,
            address=request.meta["address"],
            status=0,
            headers={ASKED: sendings(request.meta)},
            fetched_at=self.run.stamp(),
            flags=(diagnosis(failure.value)[1],),
            redirects=tuple(zip(urls, statuses, urls[1:], strict=False)),
            requests=self.run.take_requests(),
        )

    def ask_after_unlisted(self) -> None:
        """When the walk is over, ask for the known documents that it did not meet."""
        waiting = self.run.unlisted()
        for link in waiting:
            address = self.run.address_of(link)
            self.run.seen.add(address)
            self.crawler.engine.crawl(self.request(link, address, "document", self.kept, listed=False))
        if waiting:
            raise DontCloseSpider

    def note_trouble(self, failure: Failure, response: Any) -> None:
        """Remember that our own code failed on a page, so that the run is not called complete."""
        if isinstance(failure.value, MinutierError):
            self.run.hindered = str(failure.value)
        self.run.troubles.append(f"Reading {getattr(response, 'url', 'a response')} failed: {failure.value!r}")

    def count_request(self) -> None:
        """Count what is really asked of the network."""
        self.run.requests += 1


def diagnosis(error: BaseException | None, private: str = "") -> tuple[str, str, str]:
    """Return the state, short reason and sentence for an exception that came instead of a response.

    `private` is the address in a private network that the host name led to, or nothing.
    """
    if isinstance(error, Refused):
        return error.state, error.reason, error.detail
    if isinstance(error, DownloadCancelledError):
        return "skipped", "size", "Larger than max_file_mib."
    if private:
        return "skipped", "private", f"The host name leads to {private}, inside a private network: nothing was asked."
    for kind, reason, sentence in NETWORK:
        if isinstance(error, kind):
            return "failed", reason, sentence
    words = str(error) or type(error).__name__
    if "max redirections" in words:
        return "failed", "redirects", "The site redirects in a circle."
    if "DOWNLOAD_MAXSIZE" in words:
        return "skipped", "size", "Larger than max_file_mib once decompressed."
    if "certificate" in words.lower() or "SSL" in words:
        return "failed", "tls", f"The certificate of the site was not accepted ({words[:120]})."
    return "failed", "network", f"No answer came ({words[:160]})."
