"""The judgement: the ways to read a site that its answers allow, the best, and what speaks against the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from crawlers.probing.entries import of_feeds, of_portals, of_sitemaps, of_tables
from crawlers.probing.forms import answered, of_results
from crawlers.probing.listings import of_articles, of_papers, scene
from crawlers.probing.pages import Look
from crawlers.probing.proposal import Against, Finding, Proposal
from crawlers.probing.signs import feeds_named, forms, reservation, roads, system
from crawlers.probing.words import KINDS
from crawlers.reading.sitemaps import sitemaps_of
from storage.addresses import Site, host_of

ALL = frozenset(KINDS)
SPIDERS = ("listing", "site", "feed", "sitemap", "table", "api", "form")
SHOWN = 12  # links with link words that are told


def kinds_wanted(kind: str) -> frozenset[str]:
    """Return the kinds of words that are looked for: those of one kind of source and of relations, or all."""
    return frozenset({kind, "relation"}) if kind in KINDS else ALL


def judge(start: str, looks: Sequence[Look], refused: Mapping[str, tuple[str, str]], kind: str) -> Finding:
    """Return what the answers of a site say, and the proposal that fits best.

    `refused` has the addresses that gave no answer, each with a short reason and a sentence.
    """
    wanted = kinds_wanted(kind)
    proposals = sorted(proposals_of(start, looks, wanted), key=lambda each: -each.worth)
    best = proposals[0] if proposals and proposals[0].relevance > 0 else None
    robots = next((each for each in looks if each.url.endswith("/robots.txt")), None)
    text = robots.body.decode("utf-8", "replace") if robots and robots.status < 400 else ""
    pages = [each for each in looks if each.shape == "page"]
    spoken = {a.url: a.link for page in pages for a in page.anchors if a.kinds & wanted and a.link.text}
    return Finding(
        url=start,
        robots=robots_said(robots, refused, start),
        crawl_delay=delay_of(text),
        sitemaps=tuple(sitemaps_of(text, robots.url)) if robots else (),
        feeds=tuple(dict.fromkeys(url for page in pages for url in feeds_named(page))),
        system=system(looks),
        reservation=reservation(looks),
        forms=forms(looks),
        link_words=tuple(spoken.values())[:SHOWN],
        title=pages[0].title if pages else "",
        asked=len(looks) + len(refused),
        best=best,
        against=tuple(against(best, proposals)),
        roads=() if best else roads(start, looks, refused),
    )


def proposals_of(start: str, looks: Sequence[Look], wanted: frozenset[str]) -> Iterator[Proposal]:
    """Yield each way to read a site; one that the address itself asks for is marked as given."""
    searches = answered(looks, wanted, site_at(start))
    results = {id(answer) for _, answer in searches}
    of = scene([each for each in looks if id(each) not in results], wanted)
    single = [of_papers(of), of_articles(of), of_sitemaps(looks, wanted), *(of_results(*each) for each in searches)]
    found = [each for each in single if each]
    found += [*of_feeds(looks, wanted), *of_tables(looks, wanted), *of_portals(looks, wanted)]
    for each in found:
        unread = each.spider in ("feed", "sitemap", "table")
        yield replace(each, given=unread and start in each.start)


def site_at(start: str) -> Site:
    """Return how the addresses of a probed site are written."""
    return Site(origin=f"{urlsplit(start).scheme}://{host_of(start)}")


def against(best: Proposal | None, proposals: Sequence[Proposal]) -> Iterator[Against]:
    """Yield the spiders that are not proposed, each with the reason."""
    for spider in SPIDERS:
        if best and spider == best.spider:
            continue
        other = next((each for each in proposals if each.spider == spider), None)
        if other is None:
            yield Against(spider=spider, why=NOTHING[spider])
        else:
            about = f"{'' if other.counted else 'about '}{other.total} documents ({other.how})"
            why = f"{other.relevance:.0%} of them with a link word or a date"
            yield Against(spider=spider, why=f"would take {about}, {why}")


NOTHING = {
    "listing": "no page was met whose links to documents one rule would find",
    "site": "the documents do not stand scattered over the site",
    "feed": "no feed was met",
    "sitemap": "no sitemap was met that lists documents together",
    "table": "no table (CSV, JSON, XLSX) was met that names documents of this host",
    "api": "no portal answered",
    "form": "no form was met that searches among documents and answers with some",
}


def robots_said(robots: Look | None, refused: Mapping[str, tuple[str, str]], start: str) -> str:
    """Return the verdict of robots.txt about the address, as a sentence."""
    reason, detail = refused.get(start, ("", ""))
    if reason == "robots":
        return detail
    if robots is None or robots.status >= 400:
        return "There is no robots.txt: nothing is forbidden." if robots else "robots.txt does not forbid the address."
    return "robots.txt allows the address."


def delay_of(robots: str) -> float:
    """Return the longest Crawl-delay that a robots.txt wishes, in seconds; 0 where it wishes none.

    >>> delay_of("User-agent: *\\nCrawl-delay: 10")
    10.0
    """
    found = re.findall(r"(?im)^\s*crawl-delay\s*:\s*(\d+(?:\.\d+)?)", robots)
    return max((float(each) for each in found), default=0.0)
