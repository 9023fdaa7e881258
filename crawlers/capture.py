"""The capture middleware: every final response is stored before it is read; an unfinished run replays its own.

Its place is between decompression and what follows redirects inside pages: bodies arrive decoded, redirects met
below are already followed and their chain is kept. An answer is never taken from another run, except as the body
that a 304 speaks of.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.responsetypes import responsetypes

from crawlers.asked import sendings
from crawlers.doubts import Doubts
from crawlers.durable import Durable
from crawlers.reading.reserved import marks_of
from crawlers.reading.whole import gzip_is_whole, has_its_end
from crawlers.run import CrawlRun
from crawlers.scope import run_of
from crawlers.walking import Refused
from storage.addresses import request_key
from storage.captures import (
    AGENT,
    ASKED,
    NOT_MODIFIED,
    POSTPONED,
    RENDERED,
    TRUNCATED,
    Kept,
    last_answer,
    replayable,
    validators,
)
from storage.captures import Response as Captured
from storage.errors import MinutierError
from storage.runs import Note

PERMANENT = frozenset({301, 308})
REPLAYED = "replayed"
PART = "part"
"""The mark of a request that a page made in a browser: it is counted, and what it brings is not kept."""
ARCHIVED = "archived"
"""The flag of what an archive gave; its hint `archived_at` says when it was taken."""
MOST_HEADERS = 2**16
"""Characters of headers that are kept of one response."""
PACKED = "packed"
"""The key of a request's meta under which a gzip body waits to be looked at."""


class CaptureMiddleware:
    """Stores what comes, replays what this run has, and asks conditionally for what earlier runs have."""

    def __init__(self, run: CrawlRun, crawler: Crawler) -> None:
        self.run = run
        self.doubts = Doubts(crawler)
        self.durable = Durable()

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
        # Asked of the database only where it can have an answer: two questions cost as much as a page.
        had = self.run.store.first(replayable(self.run.run_id, key, address)) if key in self.run.captured else None
        if had:
            return self._replay(had)
        known = address in self.run.answered
        last = self.run.store.first(last_answer(self.run.source.id, address)) if known else None
        archived = bool(request.meta.get("archived_at"))
        # What an archive took at one moment never changes.
        had_it = archived and last is not None and last.url == request.url and bool(last.document_id)
        if self.run.offline or had_it:
            return self._from_memory(request, last)
        # Only of what is asked by GET may a site say that it has not changed; to a form it would answer with an error.
        if request.method == "GET" and not (archived or request.meta.get("whole")):
            for name, value in validators(last).items():
                request.headers.setdefault(name, value)
        return None

    async def process_response(self, request: Request, response: Response) -> Response:
        """Store a response that came over the network, wait until it is durable, and pass it on."""
        if REPLAYED in response.flags or request.meta.get(PART):
            return response
        doubt = await self.doubts.about(request, response) if "address" in request.meta else ""
        try:
            await self.durable.once(self.run.store.record(self._captured(request, response, doubt)))
        except MinutierError as error:
            raise Refused("storage", str(error)) from error
        if "role" not in request.meta:  # robots.txt may be wanted as a listing in this same run
            self.run.captured.add(request_key(request.method, request.url, request.body))
        if response.status == NOT_MODIFIED and request.meta.get("role") == "listing":
            last = self.run.store.first(last_answer(self.run.source.id, request.meta["address"]))
            return self._replay(last) if last else response
        return response

    def _captured(self, request: Request, response: Response, doubt: str) -> Captured:
        meta = request.meta
        urls = [*meta.get("redirect_urls", []), request.url]
        statuses = [int(reason) for reason in meta.get("redirect_reasons", [])]
        address = meta.get("address", request.url)
        archived = memento(response, self.run.now()) if meta.get("archived_at") else {}
        moved = bool(statuses) and PERMANENT.issuperset(statuses) and not meta.get("archived_at")
        headers = plain_headers(response)
        flags = flags_of(self.run, request, response) | ({doubt} if doubt else set())
        flags |= {ARCHIVED} if meta.get("archived_at") else set()
        return Captured(
            run_id=self.run.run_id,
            source_id=self.run.source.id,
            role=meta.get("role", "robots"),
            method=request.method,
            sent=request.body,
            form=meta.get("form", b""),
            url=request.url,
            address=address,
            document_address=self.run.site.canonical(request.url) if moved else address,
            status=response.status,
            headers=headers | beside(request),
            body=response.body,
            fetched_at=self.run.stamp(),
            flags=tuple(sorted(flags | marks_of(headers, response.body, request.url, self.run.rules_of(request.url)))),
            hints=hints_of(self.run, meta | archived),
            listed=meta.get("listed", False),
            redirects=tuple(zip(urls, statuses, urls[1:], strict=False)),
            requests=self.run.take_requests(),
        )

    def _replay(self, capture: Kept) -> Response:
        """Return a capture as the response it was."""
        there = capture.blob_sha256 and capture.blob_sha256 not in self.run.withheld
        body = self.run.store.blobs.read(capture.blob_sha256) if there else b""
        own = ((name, value) for name, value in capture.headers.items() if not name.startswith(":"))
        headers = {name: value.split("\n") for name, value in own}
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


def memento(response: Response, now: datetime) -> dict[str, str]:
    """Return the moment that an archive says it took a page at (RFC 7089); it may lead to one nearby, never to come."""
    try:
        moment = parsedate_to_datetime((response.headers.get("Memento-Datetime") or b"").decode("latin-1"))
        taken = moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return {}
    return {"archived_at": f"{taken:%Y-%m-%dT%H:%M:%SZ}"} if taken < now else {}


def flags_of(run: CrawlRun, request: Request, response: Response) -> set[str]:
    """Return what must be known about how a response came: cut short, to be asked again later, not verified."""
    flags = {POSTPONED, RENDERED} & set(response.flags)
    flags |= {"insecure"} if run.source.tls == "insecure" and response.url.startswith("https:") else set()
    return flags | ({TRUNCATED} if is_cut(run, request, response) else set())


def is_cut(run: CrawlRun, request: Request, response: Response) -> bool:
    """Return whether a body broke off: the network said so, it lacks its end, or its gzip does."""
    packed = request.meta.pop(PACKED, b"")
    if "dataloss" in response.flags or ("partial" in response.flags and not has_its_end(response.body)):
        return True
    # A gzip body ends with the length of what it holds: only where that differs is it worth unpacking again.
    lengths_differ = int.from_bytes(packed[-4:], "little") != len(response.body) % 2**32
    return bool(packed) and lengths_differ and not gzip_is_whole(packed, run.source.max_file_mib * 2**20)


class PackedMiddleware:
    """Keeps a gzip body as it came until the capture has looked at its end; Scrapy unpacks broken ones in silence."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Remember the packed bytes."""
        encoding = b",".join(response.headers.getlist("Content-Encoding")).strip().lower()
        if encoding in (b"gzip", b"x-gzip") and response.body:
            request.meta[PACKED] = response.body
        return response


def beside(request: Request) -> dict[str, str]:
    """Return what is kept beside an answer's headers: when it was asked for, and with robots.txt also who asked."""
    agent = {} if "role" in request.meta else {AGENT: (request.headers.get("User-Agent") or b"").decode("latin-1")}
    return {ASKED: sendings(request.meta)} | agent


def plain_headers(response: Response) -> dict[str, str]:
    """Return a response's headers with names in lower case; of repeated ones the last, of a flood the beginning.

    All cookies are kept, a line each: a run that is gone on with finds them again in what it replays.
    """
    found: dict[str, str] = {}
    room = MOST_HEADERS
    for name, values in response.headers.items():
        value = b"\n".join(values if name == b"Set-Cookie" else values[-1:]).decode("latin-1")
        room -= len(name) + len(value)
        if room < 0:
            break
        found[name.decode("latin-1").lower()] = value
    return found


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
