"""Listings that are no web pages: what feeds, sitemaps, tables and portals among the answers would collect."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crawlers.probing.pages import Look
from crawlers.probing.patterns import patterns
from crawlers.probing.proposal import Proposal, share
from crawlers.probing.words import has_date, spoken, words
from crawlers.reading.apis import DIALECTS, Question, read_answer
from crawlers.reading.entries import Entry, Unreadable
from crawlers.reading.feeds import read_feed
from crawlers.reading.sitemaps import read_sitemap
from crawlers.reading.tables import entries_of, read_table
from storage.addresses import host_of

FEW = 3
CATALOG = "/api/explore/v2.1/catalog/datasets"


def interesting(entry: Entry, wanted: frozenset[str]) -> bool:
    """Return whether an entry speaks of what is wanted."""
    return bool(words().kinds_in(f"{entry.title} | {spoken(entry.url)}") & wanted)


def relevance(entries: Sequence[Entry], wanted: frozenset[str]) -> float:
    """Return the share of entries that have a link word or a date."""
    told = [interesting(each, wanted) or bool(each.day) or has_date(spoken(each.url)) for each in entries]
    return share(told)


def of_feeds(looks: Sequence[Look], wanted: frozenset[str]) -> Iterator[Proposal]:
    """Yield a `feed` for each feed, with its counter where it turned out to have one."""
    for look in looks:
        if look.shape not in ("xml", "json") or "paged=" in look.url:
            continue
        try:
            feed = read_feed(look.body, look.headers, look.url)
        except Unreadable:
            continue
        host = host_of(look.url)
        entries = [entry for entry in feed.entries if host_of(entry.url) == host]
        if not entries:
            continue
        turned = _second_page(look, looks, {entry.url for entry in entries})
        yield Proposal(
            spider="feed",
            start=(look.url,),
            rules={"next": {"param": "paged"}} if turned else {},
            sample=tuple(entry.link for entry in entries),
            total=len(entries) * (2 if turned else 1),
            counted=False,
            how="the latest entries" + (", page after page" if turned else " only: older ones are not in it"),
            relevance=relevance(entries, wanted),
        )


def _second_page(look: Look, looks: Sequence[Look], first: set[str]) -> bool:
    """Return whether the feed's second page came, with other entries."""
    for other in looks:
        parts = urlsplit(other.url)
        if parts.path == urlsplit(look.url).path and parse_qs(parts.query).get("paged") == ["2"]:
            try:
                entries = read_feed(other.body, other.headers, other.url).entries
            except Unreadable:
                return False
            return bool(entries) and not {entry.url for entry in entries} & first
    return False


def of_sitemaps(looks: Sequence[Look], wanted: frozenset[str]) -> Proposal | None:
    """Return a `sitemap` for the addresses that speak of documents, or nothing where none does."""
    pages: dict[str, Entry] = {}
    tops: list[str] = []
    below: set[str] = set()
    for look in looks:
        if look.shape in ("xml", "other"):
            try:
                found = read_sitemap(look.body, look.headers, look.url)
            except Unreadable:
                continue
            tops.append(look.url)
            below |= set(found.sitemaps)
            pages |= {entry.url: entry for entry in found.pages if host_of(entry.url) == host_of(look.url)}
    hit = [entry for entry in pages.values() if interesting(entry, wanted)]
    for group in _by_folder(hit):
        for pattern in _patterns_of(group):
            taken = [entry for entry in pages.values() if re.search(pattern, entry.url)]
            if share([entry in hit for entry in taken]) >= 0.9:
                return Proposal(
                    spider="sitemap",
                    start=tuple(top for top in tops if top not in below)[:1],
                    rules={"follow": {"match": pattern}},
                    sample=tuple(entry.link for entry in taken),
                    total=len(taken),
                    counted=not below - set(tops),
                    how=f"the {len(tops)} sitemaps that were read",
                    listings=max(len(tops), 1 + len(below)),
                    relevance=relevance(taken, wanted),
                )
    return None


def _by_folder(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Return entries by the folder they lie in, the largest first; each with at least three."""
    folders: dict[str, list[Entry]] = {}
    for entry in entries:
        parts = urlsplit(entry.url).path.split("/")
        for depth in range(1, len(parts)):
            if len(parts) > depth:
                folders.setdefault("/".join(parts[:depth]) + "/", []).append(entry)
    found = [(len(group), folder, group) for folder, group in folders.items() if len(group) >= FEW]
    return [group for _, _, group in sorted(found, key=lambda each: (-each[0], -len(each[1])))]


def _patterns_of(group: Sequence[Entry]) -> list[str]:
    """Return patterns for addresses of one folder, the folder itself last: a leaf has no slash after it."""
    found = list(patterns([entry.url for entry in group]))
    folders = [each + "[^/]+$" for each in found if each.endswith("/")]
    return [each for each in found if not each.endswith("/")] + folders + [each for each in found if each.endswith("/")]


def of_tables(looks: Sequence[Look], wanted: frozenset[str]) -> Iterator[Proposal]:
    """Yield a `table` for each table that names documents on this host."""
    for look in looks:
        if look.shape not in ("table", "json") or asked_of(look.url) or CATALOG in look.url:
            continue
        try:
            table = read_table(look.body, look.headers, look.url, {})
        except Unreadable:
            continue
        entries = [entry for entry in table.entries if host_of(entry.url) == host_of(look.url)]
        if len(entries) >= max(1, len(table.entries) // 2):
            yield Proposal(
                spider="table",
                start=(look.url,),
                rules={},
                sample=tuple(entry.link for entry in entries),
                total=len(entries),
                counted=True,
                how=f"all {len(entries) + len(table.unlinked)} rows",
                relevance=share([bool(each.title or each.day) for each in entries]),
                notes=(f"{len(table.unlinked)} rows have no address",) if table.unlinked else (),
            )


def of_portals(looks: Sequence[Look], wanted: frozenset[str]) -> Iterator[Proposal]:
    """Yield an `api` for each answer of a portal."""
    for look in looks:
        asked = asked_of(look.url) if look.shape == "json" else None
        if asked is None:
            continue
        name, question = asked
        try:
            answer = read_answer(DIALECTS[name], question, look.body, look.headers, look.url)
            table = entries_of(answer.rows, look.url, dict(DIALECTS[name].columns))
        except Unreadable:
            continue
        entries = [entry for entry in table.entries if host_of(entry.url) == host_of(look.url)]
        if entries:
            total = _total(name, answer.total, answer.records, len(entries), look)
            yield Proposal(
                spider="api",
                start=(question.base + "/",),
                rules={"dialect": name} | _said(name, question),
                sample=tuple(entry.link for entry in entries),
                total=total,
                counted=name != "wordpress" or total == len(entries),
                how="the total that the portal states",
                listings=max(1, -(-total // 100)),
                relevance=relevance(entries, wanted)
                if name == "wordpress"
                else share([bool(e.title) for e in entries]),
            )


def _said(name: str, question: Question) -> dict[str, Any]:
    """Return the keys of a question as sources.yaml has them; of WordPress all posts are wanted, as by default."""
    values = {"dataset": question.dataset, "resource": question.resource, "query": question.query}
    return {key: value for key, value in values.items() if value and not (name == "wordpress" and key == "dataset")}


def _total(name: str, stated: int | None, records: int, entries: int, look: Look) -> int:
    """Return how many documents a portal has: of records that hold several files each, as far as one page tells."""
    if name == "wordpress":
        told = look.headers.get("x-wp-total", "")
        return int(told) if told.isdigit() else entries
    return round(entries / max(records, 1) * stated) if stated is not None else entries


def asked_of(url: str) -> tuple[str, Question] | None:
    """Return the dialect and the question that an address of a portal's answer puts, or nothing.

    >>> asked_of("https://a.fr/api/1/datasets/?page=1&page_size=100&q=eau")[0]
    'udata'
    """
    parts = urlsplit(url)
    said = {name: values[0] for name, values in parse_qs(parts.query).items()}
    marks = {
        "wordpress": "/wp-json/wp/v2/",
        "opendatasoft": f"{CATALOG}/",
        "ckan": "/api/3/action/package_search",
        "udata": "/api/1/datasets/",
    }
    for name, mark in marks.items():
        if mark in parts.path:
            root, _, rest = parts.path.partition(mark)
            dataset = rest.strip("/").removesuffix("/records")
            query = said.get("q") or said.get("where") or ""
            base = f"{parts.scheme}://{parts.netloc}{root}"
            return name, Question(base=base, dataset=dataset, query=query)
    return None


def dataset_of(look: Look, wanted: frozenset[str]) -> str:
    """Return the dataset of an OpenDataSoft catalogue that speaks of what is wanted, or nothing."""
    try:
        listed = json.loads(look.body)["results"]
    except (ValueError, KeyError, TypeError):
        return ""
    named = [(str(each.get("dataset_id", "")), json.dumps(each, ensure_ascii=False)[:2000]) for each in listed]
    return next((name for name, said in named if words().kinds_in(f"{spoken('/' + name)} {said}") & wanted), "")
