"""What a probe proposes: a spider with its rules, what they would collect, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log2
from typing import Any

from crawlers.readers import Link

PREFERENCE = {"api": 1.0, "table": 1.0, "listing": 0.95, "form": 0.9, "sitemap": 0.6, "site": 0.5, "feed": 0.4}
"""How completely a way of publishing lists its documents, all else being equal: a feed has the latest only."""
GIVEN = 10.0
"""How much more counts what the address itself is: who gives a feed wants the feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One way to read the site, verified over the answers that came."""

    spider: str
    start: tuple[str, ...]
    rules: Mapping[str, Any]
    """The keys of the spider, as sources.yaml writes them."""
    sample: tuple[Link, ...]
    """What the rules found, in the order of the pages."""
    total: int
    """How many documents there are, counted or estimated."""
    counted: bool
    how: str
    """Of what `total` was counted or estimated."""
    listings: int = 1
    """How many listing pages a run asks for, as far as is known."""
    relevance: float = 1.0
    """The share of the sample that has a link word or a date."""
    given: bool = False
    """Whether the address that was asked for is itself what this spider reads."""
    notes: tuple[str, ...] = ()

    @property
    def worth(self) -> float:
        """How well it fits."""
        given = GIVEN if self.given else 1.0
        return PREFERENCE[self.spider] * log2(1 + self.total) * (0.2 + self.relevance) * given


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """A spider that was considered, and why it is not proposed."""

    spider: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """Another way to the documents, where the site cannot be crawled as it is."""

    name: str
    """render | import | request | archive | form | tls"""
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form for searching, as it stands on a page."""

    url: str
    method: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """All that a probe found out."""

    url: str
    robots: str
    """What robots.txt says, as a sentence."""
    crawl_delay: float = 0.0
    sitemaps: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    system: str = ""
    """The software that makes the site, or nothing."""
    reservation: str = ""
    """What the site says about text and data mining, or nothing."""
    forms: tuple[Form, ...] = ()
    link_words: tuple[Link, ...] = ()
    title: str = ""
    asked: int = 0
    """How many addresses were asked for."""
    best: Proposal | None = None
    against: tuple[Against, ...] = ()
    roads: tuple[Road, ...] = ()
    sizes: tuple[int, ...] = field(default=())
    """The bytes of the documents that were asked for their size."""

    @property
    def typical(self) -> int | None:
        """The bytes of a document, on the average of those asked; none where no size was told."""
        return sum(self.sizes) // len(self.sizes) if self.sizes else None


def share(flags: Sequence[bool]) -> float:
    """Return the share of what is true."""
    return sum(flags) / len(flags) if flags else 0.0
