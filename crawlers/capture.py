"""The capture middleware: every final response is stored before it is read; an unfinished run replays its own.

Its place is between decompression and what follows redirects inside pages: bodies arrive decoded, redirects met
below are already followed and their chain is kept. An answer is never taken from another run, except as the body
that a 304 speaks of.
"""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.responsetypes import responsetypes

from crawlers.run import CrawlRun
from crawlers.scope import run_of
from crawlers.walking import Refused
from storage.addresses import request_key
from storage.captures import NOT_MODIFIED, POSTPONED, Kept, last_answer, replayable, validators
from storage.captures import Response as Captured
from storage.errors import MinutierError
from storage.runs import Note

PERMANENT = frozenset({301, 308})
REPLAYED = "replayed"


class CaptureMiddleware:
    """Stores what comes, replays what this run has, and asks conditionally for what earlier runs have."""

    def __init__(self, run: CrawlRun, crawler: Crawler) -> None:
        self.run = run
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CaptureMiddleware:
        """Build it for the run that the spider carries."""
        return cls(run_of(crawler), crawler)

    def process_request(self, request: Request) -> Response | None:
        """Return what this unfinished run already has, or let the request go out with its validators."""
        address = request.meta.get("address")
        if address is None:  # robots.txt is asked anew by every run
            return None
        key = request_key(request.method, request.url, request.body)
        had = self.run.store.first(replayable(self.run.run_id, key, address))
        if had:
            return self._replay(had)
        last = self.run.store.first(last_answer(self.run.source.id, address))
        if self.run.offline:
            return self._from_memory(request, last)
        for name, value in validators(last).items():
            request.headers.setdefault(name, value)
        return None

    async def process_response(self, request: Request, response: Response) -> Response:
        """Store a response that came over the network, wait until it is durable, and pass it on."""
        if REPLAYED in response.flags:
            return response
        try:
            await asyncio.wrap_future(self.run.store.record(self._captured(request, response)))
        except MinutierError as error:
            raise Refused("storage", str(error)) from error
        if response.status == NOT_MODIFIED and request.meta.get("role") == "listing":
            last = self.run.store.first(last_answer(self.run.source.id, request.meta["address"]))
            return self._replay(last) if last else response
        return response

    def _captured(self, request: Request, response: Response) -> Captured:
        meta = request.meta
        urls = [*meta.get("redirect_urls", []), request.url]
        statuses = [int(reason) for reason in meta.get("redirect_reasons", [])]
        address = meta.get("address", request.url)
        moved = bool(statuses) and PERMANENT.issuperset(statuses)
        return Captured(
            run_id=self.run.run_id,
            source_id=self.run.source.id,
            role=meta.get("role", "robots"),
            method=request.method,
            sent=request.body,
            url=request.url,
            address=address,
            document_address=self.run.site.canonical(request.url) if moved else address,
            status=response.status,
            headers=plain_headers(response),
            body=response.body,
            fetched_at=self.run.stamp(),
            flags=flags_of(self.run, response),
            hints=hints_of(self.run, meta),
            listed=meta.get("listed", False),
            redirects=tuple(zip(urls, statuses, urls[1:], strict=False)),
            requests=self.run.take_requests(),
        )

    def _replay(self, capture: Kept) -> Response:
        """Return a capture as the response it was."""
        body = self.run.store.blobs.read(capture.blob_sha256) if capture.blob_sha256 else b""
        headers = dict(capture.headers)
        kind = responsetypes.from_args(headers={}, url=capture.url, body=body)
        return kind(url=capture.url, status=capture.status, headers=headers, body=body, flags=[REPLAYED])

    def _from_memory(self, request: Request, last: Kept | None) -> Response:
        """Answer without the network: the last capture, with its place in the account."""
        if last is None:
            raise Refused("not_captured", "No earlier run kept it, and this run asks nothing of the network.")
        state = "listing" if request.meta["role"] == "listing" else "pending" if last.waiting else "unchanged"
        entry = Note(
            address=request.meta["address"],
            role=request.meta["role"],
            state=state,
            listed=request.meta["listed"],
            document_id=last.document_id,
        )
        self.run.store.note(self.run.run_id, [entry])
        return self._replay(last)


def flags_of(run: CrawlRun, response: Response) -> tuple[str, ...]:
    """Return what must be known about how a response came: cut short, to be asked again later, not verified."""
    flags = {"truncated" for flag in response.flags if flag in ("partial", "dataloss")}
    flags |= {POSTPONED} & set(response.flags)
    flags |= {"insecure"} if run.source.tls == "insecure" and response.url.startswith("https:") else set()
    return tuple(sorted(flags))


def plain_headers(response: Response) -> dict[str, str]:
    """Return a response's headers with names in lower case; of repeated ones the last."""
    return {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }


def hints_of(run: CrawlRun, meta: dict[str, Any]) -> dict[str, Any]:
    """Return what a document's extractor will be told besides the bytes."""
    if meta.get("role") != "document":
        return {}
    return {
        "link_text": meta.get("link_text", ""),
        "context": meta.get("context", ""),
        **({"archived_at": meta["archived_at"]} if meta.get("archived_at") else {}),
        "languages": list(run.source.languages),
        "record": run.source.record or "",
        "split": run.source.split or "",
    }
