"""One run of one source, as the crawler's parts see it: what it is for, what it has seen, where it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

from crawlers.readers import Link
from crawlers.reading.reserved import Reservation
from crawlers.traps import Traps
from storage.addresses import Site, host_of
from storage.captures import answered_before, keys_of, known_addresses
from storage.errors import MinutierError
from storage.runs import Note
from storage.sources import Source
from storage.store import Store
from storage.withdrawals import WITHDRAWN, address_sha256, nameless, refusal, refused_addresses, withheld


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
    hindered: str = ""
    """Why something of it could not be looked up or stored, or nothing: it is not over, whatever was asked."""
    troubles: list[str] = field(default_factory=list)
    """What went wrong in our own code or rules, one sentence each."""
    rules: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of each rule of the source: on how many pages it was tried, and how much it matched."""
    captured: set[str] = field(default_factory=set)
    """The keys of the requests that this run had captured before it was cut short, and of its robots.txt."""
    answered: set[str] = field(default_factory=set)
    """The addresses of this source that brought a body in some run before."""
    known: dict[str, Known] = field(default_factory=dict)
    withdrawn: dict[str, str] = field(default_factory=dict)
    """Hashes of the addresses that are never asked for again, each with the sentence that says so."""
    withheld: frozenset[str] = frozenset()
    """Hashes of bytes that were taken away: a replay has none."""
    proxy: str = ""
    """The institution's proxy that every request goes through, or nothing."""
    private: Mapping[str, str] = field(default_factory=dict)
    """Names that led into a private network, with the address; nothing was asked there."""

    quiet_until: dict[str, float] = field(default_factory=dict)
    """For each host until when, on the monotonic clock, nothing is sent, whatever stands in a queue already."""
    traps: Traps = field(default_factory=Traps)
    reservations: dict[str, tuple[Reservation, ...]] = field(default_factory=dict)
    """For each host the rules of its file of TDM reservations."""
    site: Site = field(init=False)
    """How this source writes its addresses."""
    hosts: frozenset[str] = field(init=False)
    """The hosts that are asked."""

    def __post_init__(self) -> None:
        """Work out once what every page asks for."""
        self.site = site_of(self.source)
        self.hosts = self.source.hosts()

    @property
    def broken(self) -> MinutierError | None:
        """Why nothing can be stored any more, or nothing."""
        return self.store.writer.broken

    def stamp(self) -> str:
        """Return this moment as the tables hold it."""
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def tried(self, rule: str, matched: int) -> None:
        """Remember that a rule was tried on one more page, and how much it matched there."""
        pages, before = self.rules.get(rule, (0, 0))
        self.rules[rule] = (pages + 1, before + matched)

    def take_requests(self) -> int:
        """Return the number of network requests not yet written down, and forget it."""
        number, self.requests = self.requests, 0
        return number

    def rules_of(self, url: str) -> tuple[Reservation, ...]:
        """Return what the host of an address reserves for its addresses."""
        return self.reservations.get(urlsplit(url).netloc, ())

    def recall(self) -> None:
        """Read what of this source is known, for replays, conditional requests and re-checks."""
        self.captured = {row.request_key for row in self.store.rows(keys_of(self.run_id))}
        self.answered = {row.address for row in self.store.rows(answered_before(self.source.id))}
        self.withheld = frozenset(row.sha256 for row in self.store.rows(withheld()))
        for row in self.store.rows(refused_addresses()):
            self.withdrawn[row.sha256] = refusal(row.document_id, row.at)
        for row in self.store.rows(known_addresses(self.source.id)):
            self.known[row.address] = Known(
                url=row.url, date=row.date, asked_at=row.asked_at, gone=row.gone_at is not None
            )

    def address_of(self, link: Link) -> str:
        """Return the address that a link has in the account: canonical, and of a form told apart by its fields."""
        address = self.site.canonical(link.original or link.url)
        fields = link.form if link.apart is None else link.apart
        return f"{address}#{form_key(fields)}" if fields is not None else address

    def admit(self, links: Iterable[Link], role: str) -> Iterator[tuple[Link, str]]:
        """Yield the links to follow with their addresses, each once; give every other its place in the account."""
        notes: list[Note] = []
        admitted: list[tuple[Link, str]] = []
        for link in links:
            address = self.address_of(link)
            if address in self.seen:
                continue
            self.seen.add(address)
            if self.withdrawn and (told := self.withdrawn.get(address_sha256(address))):
                address = nameless(address)
                notes.append(Note(address=address, role=role, state="skipped", reason=WITHDRAWN, detail=told))
                continue
            reason, detail = self._objection(link.url, address, role)
            if reason:
                words = link.words if role == "document" and reason != "recheck" else ""
                notes.append(
                    Note(address=address, role=role, state="skipped", reason=reason, detail=detail, words=words)
                )
            else:
                self.documents += role == "document"
                self.listings += role == "listing"
                notes.append(Note(address=address, role=role))
                admitted.append((link, address))
        if notes:
            self.store.note(self.run_id, notes)
        yield from admitted

    def _objection(self, url: str, address: str, role: str) -> tuple[str, str]:
        """Return why an address is not asked for: a short reason and a sentence, or nothing."""
        if not in_scope(self.hosts, url):
            return "scope", f"{host_of(url) or url} is not a host of this source (start, host_aliases)."
        budget = getattr(self.source.options, "pages", None)
        trap = "" if url in self.source.start else self.traps.objection(url)
        if trap:
            return "trap", trap
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

        As often as `recheck` says, so that a listing of the latest items does not have all older ones asked each time;
        and once in a run, for what redirects led to is accounted for under another address.
        """
        if self.limit is not None or self.offline:
            return []
        unseen = [(address, self.known[address]) for address in sorted(self.known.keys() - self.seen)]
        self.seen |= {address for address, _ in unseen}
        places = ((address, known, self.site.canonical(known.url)) for address, known in unseen)
        return [
            Link(url=known.url if there == address else address)
            for address, known, there in places
            if address.startswith("http") and not known.gone and self._due(known) and not self._met(address, there)
        ]

    def _met(self, address: str, there: str) -> bool:
        """Return whether a document that moved was met at its new address."""
        return there != address and there in self.known and there in self.seen


def form_key(fields: tuple[tuple[str, str], ...]) -> str:
    """Return what tells two forms sent to one address apart: 16 digits of the SHA-256 of their fields."""
    return sha256(urlencode(fields).encode()).hexdigest()[:16]


def site_of(source: Source) -> Site:
    """Return how a source writes its addresses: everything is named after its first start address."""
    first = source.start[0] if source.start else f"import://{source.id}"
    origin = "://".join([first.split("://")[0], host_of(first)])
    aliases = frozenset(source.host_aliases) if source.start else frozenset[str]()
    return Site(origin=origin, aliases=aliases, drop_params=frozenset(source.drop_params))


def in_scope(hosts: frozenset[str], url: str) -> bool:
    """Return whether an address lies on one of the hosts of a source."""
    return url.startswith(("http://", "https://")) and host_of(url) in hosts


def utc_now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)
