"""One run of one source, as the crawler's parts see it: what it is for, what it has seen, where it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from crawlers.readers import Link
from storage.addresses import Site, host_of
from storage.captures import known_addresses
from storage.errors import MinutierError
from storage.runs import Note
from storage.sources import Source
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A document that an earlier run met."""

    url: str
    date: str
    asked_at: str
    gone: bool


@dataclass(slots=True, kw_only=True, eq=False)
class CrawlRun:
    """What a spider and its middlewares share while one source is crawled."""

    source: Source
    run_id: str
    store: Store
    now: Callable[[], datetime]
    contact: str = ""
    version: str = ""
    limit: int | None = None
    """How many documents may be asked for."""
    offline: bool = False
    """Answer from the last captures; ask the network nothing."""
    seen: set[str] = field(default_factory=set)
    documents: int = 0
    """How many documents were asked for."""
    listings: int = 0
    """How many listing pages were asked for."""
    requests: int = 0
    """Network requests since the last capture was handed over."""
    finish_reason: str = ""
    troubles: list[str] = field(default_factory=list)
    """What went wrong in our own code or rules, one sentence each."""
    known: dict[str, Known] = field(default_factory=dict)
    proxy: str = ""
    """The institution's proxy that every request goes through, or nothing."""
    private: Mapping[str, str] = field(default_factory=dict)
    """Names that led into a private network, with the address; nothing was asked there."""

    @property
    def site(self) -> Site:
        """How this source writes its addresses."""
        return site_of(self.source)

    @property
    def broken(self) -> MinutierError | None:
        """Why nothing can be stored any more, or nothing."""
        return self.store.writer.broken

    def stamp(self) -> str:
        """Return this moment as the tables hold it."""
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def take_requests(self) -> int:
        """Return the number of network requests not yet written down, and forget it."""
        number, self.requests = self.requests, 0
        return number

    def recall(self) -> None:
        """Read which documents of this source are known, for conditional requests and re-checks."""
        for row in self.store.rows(known_addresses(self.source.id)):
            self.known[row.address] = Known(
                url=row.url, date=row.date, asked_at=row.asked_at, gone=row.gone_at is not None
            )

    def address_of(self, link: Link) -> str:
        """Return the address that a link has in the account: canonical, and of a form told apart by its fields."""
        address = self.site.canonical(link.original or link.url)
        return f"{address}#{form_key(link.form)}" if link.form is not None else address

    def admit(self, links: Iterable[Link], role: str) -> Iterator[Link]:
        """Yield the links to follow, each address once; give every other its place in the account."""
        notes: list[Note] = []
        admitted: list[Link] = []
        for link in links:
            address = self.address_of(link)
            if address in self.seen:
                continue
            self.seen.add(address)
            reason, detail = self._objection(link.url, address, role)
            if reason:
                notes.append(Note(address=address, role=role, state="skipped", reason=reason, detail=detail))
            else:
                self.documents += role == "document"
                self.listings += role == "listing"
                notes.append(Note(address=address, role=role))
                admitted.append(link)
        self.store.note(self.run_id, notes)
        yield from admitted

    def _objection(self, url: str, address: str, role: str) -> tuple[str, str]:
        """Return why an address is not asked for: a short reason and a sentence, or nothing."""
        if not in_scope(self.source, url):
            return "scope", f"{host_of(url) or url} is not a host of this source (start, host_aliases)."
        budget = getattr(self.source.options, "pages", None)
        if role == "listing":
            spent = budget is not None and self.listings >= budget
            return ("budget", f"The budget of {budget} pages was reached (pages).") if spent else ("", "")
        if self.limit is not None and self.documents >= self.limit:
            return "budget", f"The limit of {self.limit} documents was reached."
        known = self.known.get(address)
        if known and not self._due(known):
            return "recheck", f"Asked on {known.asked_at[:10]}; the source's `recheck` asks older documents less often."
        return "", ""

    def _due(self, known: Known) -> bool:
        """Return whether a known document is asked again: recent ones always, older ones at their own rhythm."""
        recheck = self.source.recheck
        if recheck is None or self.offline or known.gone:
            return True
        now = self.now()
        recent = not known.date or known.date >= (now - recheck.recent).strftime("%Y-%m-%d")
        rested = now - datetime.fromisoformat(known.asked_at) >= recheck.older - timedelta(hours=1)
        return recent or rested

    def unlisted(self) -> list[Link]:
        """Return the known documents that no listing named this time: they are asked whether they are still there.

        As often as `recheck` says, so that a listing of the latest items does not have all older ones asked each time.
        """
        if self.limit is not None or self.offline:
            return []
        unseen = ((address, self.known[address]) for address in sorted(self.known.keys() - self.seen))
        return [Link(url=k.url) for a, k in unseen if a.startswith("http") and not k.gone and self._due(k)]


def form_key(fields: tuple[tuple[str, str], ...]) -> str:
    """Return what tells two forms sent to one address apart: 16 digits of the SHA-256 of their fields."""
    return sha256(urlencode(fields).encode()).hexdigest()[:16]


def site_of(source: Source) -> Site:
    """Return how a source writes its addresses: everything is named after its first start address."""
    first = source.start[0] if source.start else f"import://{source.id}"
    origin = "://".join([first.split("://")[0], host_of(first)])
    return Site(origin=origin, aliases=frozenset(source.host_aliases), drop_params=frozenset(source.drop_params))


def in_scope(source: Source, url: str) -> bool:
    """Return whether an address lies on one of the source's own hosts."""
    hosts = {host_of(start) for start in source.start} | set(source.host_aliases)
    return url.startswith(("http://", "https://")) and host_of(url) in hosts


def utc_now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)
