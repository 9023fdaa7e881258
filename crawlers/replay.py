"""The rules of a source over an answer that was kept: what each of them finds, without the network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from crawlers.readers import Link, links, next_pages, read_page
from crawlers.reading.apis import DIALECTS, Question, read_answer
from crawlers.reading.entries import LISTED, Entry, Unreadable, chosen, holding
from crawlers.reading.feeds import read_feed
from crawlers.reading.rules import EntryOptions
from crawlers.reading.sitemaps import read_sitemap
from crawlers.reading.tables import Table, entries_of, read_table
from storage.sources import LinkRule, Paging, Source

Found = dict[str, tuple[Link, ...]]
"""What each rule of a source finds, by the key of the rule."""


def replay(source: Source, url: str, headers: Mapping[str, str], body: bytes) -> Found:
    """Return what the rules of a source find in a listing; nothing for a listing that is only a road to others."""
    options: Any = source.options
    if isinstance(options, EntryOptions):
        return _of_entries(source, url, headers, body)
    page = read_page(body, headers, source.languages)
    rules = {name: getattr(options, name, None) for name in ("follow", "detail")}
    found = {name: tuple(links(page, url, rule)) for name, rule in rules.items() if isinstance(rule, LinkRule)}
    turn = getattr(options, "next", None)
    if isinstance(turn, Paging):
        found["next"] = tuple(next_pages(page, url, turn, found_documents=any(found.values())))
    return found


def _of_entries(source: Source, url: str, headers: Mapping[str, str], body: bytes) -> Found:
    options: Any = source.options
    if source.spider == "sitemap" and (url.endswith("/robots.txt") or not _sitemap(url, headers, body)):
        return {}
    try:
        entries = entries_in(source, url, headers, body)
    except Unreadable:
        entries = []
    wanted = tuple(entry.link for entry in chosen(entries, options.follow))
    found: Found = {"follow" if options.follow else LISTED: wanted}
    for name in getattr(options, "map", {}):
        found[f"map.{name}"] = tuple(entry.link for entry in holding(entries, name))
    return found


def _sitemap(url: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Return whether a sitemap lists pages, or nothing at all; one that lists sitemaps shows nothing of the rules."""
    try:
        return not read_sitemap(body, headers, url).sitemaps
    except Unreadable:
        return True


def entries_in(source: Source, url: str, headers: Mapping[str, str], body: bytes) -> list[Entry]:
    """Return the entries of a feed, a sitemap, a table or a portal's answer. Raises Unreadable where it is none."""
    options: Any = source.options
    if source.spider == "feed":
        return list(read_feed(body, headers, url, source.languages).entries)
    if source.spider == "sitemap":
        return list(read_sitemap(body, headers, url).pages)
    if source.spider == "table":
        return list(read_table(body, headers, url, options.map, source.languages).entries)
    return list(_portal(options, url, headers, body).entries)


def _portal(options: Any, url: str, headers: Mapping[str, str], body: bytes) -> Table:
    dialect = DIALECTS[options.dialect]
    asked = Question(base="", dataset=options.dataset or "", resource=options.resource or "")
    answer = read_answer(dialect, asked, body, headers, url)
    return entries_of(answer.rows, url, dict(dialect.columns) | dict(options.map))


def silent(found: list[Found]) -> list[str]:
    """Return the rules that found nothing on any page, in the order of their names.

    >>> silent([{"follow": (), "next": (Link(url="u"),)}, {"follow": (), "next": ()}])
    ['follow']
    """
    names = sorted({name for page in found for name in page})
    return [name for name in names if not any(page.get(name) for page in found)]


def named(rules: list[str]) -> str:
    """Return the names of rules as a sentence quotes them.

    >>> named(["follow", "map.title"])
    '`follow`, `map` (title)'
    """
    return ", ".join(re.sub(r"`(\w+)\.(\w+)`", r"`\1` (\2)", f"`{name}`") for name in rules)
