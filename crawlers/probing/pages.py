"""What a site answered, read as far as judging needs: its links, each with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from parsel import Selector

from crawlers.probing.words import FILE, OTHER, has_date, spoken, words
from crawlers.readers import Link, anchors, read_page
from storage.addresses import host_of
from storage.sources import LinkRule

CHROME = frozenset({"nav", "header", "footer", "aside"})
"""Elements around the links that every page of a site has."""
MOST_LINKS = 5000
"""How many links of one page are looked at; a page with more is a trap, or tells enough with these."""
STEPS = 4  # how many elements above a link tell where it stands
Shape = Literal["page", "xml", "json", "table", "other", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An element on the way to a link."""

    tag: str
    name: str = ""
    """Its id."""
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A link, and where on its page it stands."""

    link: Link
    path: tuple[Step, ...]
    """The link itself last, what it stands in before."""
    chrome: bool
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Its address."""
        return self.link.url

    @property
    def place(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What it shares with the links beside it: the elements, without what counts or marks one of them."""
        return tuple((step.tag, tuple(name for name in step.classes if steady(name))) for step in self.path)

    @property
    def is_file(self) -> bool:
        """Whether its address names a paper."""
        return bool(FILE.search(self.url))

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of source that its words and its address speak of."""
        return words().kinds_in(f"{self.link.text} | {spoken(self.url)}")

    @property
    def dated(self) -> bool:
        """Whether a day or a year stands in it, or beside it."""
        return has_date(f"{self.link.text} {self.link.context[:120]}") or has_date(spoken(self.url))


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One answer of the site."""

    asked: str
    """The canonical address that was asked for."""
    url: str
    """The address that answered."""
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    shape: Shape = "none"
    page: Selector | None = field(default=None, repr=False, compare=False)
    anchors: tuple[Anchor, ...] = field(default=(), repr=False)
    title: str = ""
    heading: str = ""

    @property
    def about(self) -> frozenset[str]:
        """The kinds of source that the page's title and address speak of."""
        return words().kinds_in(f"{self.title} | {self.heading} | {spoken(self.url)}")


def look(asked: str, url: str, status: int, headers: Mapping[str, str], body: bytes) -> Look:
    """Return an answer, read by what its bytes are."""
    shape = shape_of(status, headers, body, url)
    if shape != "page":
        return Look(asked=asked, url=url, status=status, headers=headers, body=body, shape=shape)
    page = read_page(body, headers)
    found = tuple(
        anchor
        for element, link in anchors(page, url, LinkRule(css="a[href]"), MOST_LINKS)
        if (anchor := _anchor(element, link))
    )
    said = {name: " ".join((page.xpath(f"string(//{name})").get() or "").split())[:200] for name in ("title", "h1")}
    return Look(
        asked=asked,
        url=url,
        status=status,
        headers=headers,
        body=body,
        shape=shape,
        page=page,
        anchors=found,
        title=said["title"],
        heading=said["h1"],
    )


def shape_of(status: int, headers: Mapping[str, str], body: bytes, url: str) -> Shape:
    """Return what an answer is, by its first bytes before its header.

    >>> shape_of(200, {}, b"<?xml version='1.0'?><rss>", "u"), shape_of(200, {}, b"<!DOCTYPE html>", "u")
    ('xml', 'page')
    """
    head = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    said = headers.get("content-type", "").lower()
    if not head or status >= 400:
        return "none"
    if re.match(rb"(?i)(<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(rss|feed|rdf:rdf|urlset|sitemapindex)", head, re.DOTALL):
        return "xml"
    if head.startswith((b"{", b"[")):
        return "json"
    if head.startswith(b"\x1f\x8b"):
        return "xml"
    if "csv" in said or head.startswith(b"PK\x03\x04") or re.search(r"(?i)\.csv($|\?)", url):
        return "table"
    is_page = re.search(rb"(?i)<(html|body|!doctype html|head|main|div)\b", head) or "html" in said
    return "page" if is_page else "other"


def _anchor(element: Selector, link: Link) -> Anchor:
    above = element.xpath("ancestor::*[not(self::html or self::body)]")
    steps = [*(_step(each) for each in above[-STEPS:]), _step(element)]
    chrome = any(each.root.tag in CHROME or each.attrib.get("role") == "navigation" for each in above)
    named = ("rel", "title", "class", "aria-label")
    kept = {str(name): value for name, value in element.attrib.items() if name in named}
    return Anchor(link=link, path=tuple(steps), chrome=chrome, attributes=kept)


def _step(element: Selector) -> Step:
    attributes = element.attrib
    return Step(
        tag=str(element.root.tag), name=attributes.get("id", ""), classes=tuple(attributes.get("class", "").split())
    )


def steady(name: str) -> bool:
    """Return whether a class says what an element is, and not which one it is."""
    return not re.search(r"\d|^(odd|even|first|last|active|current)$", name)


def papers(found: Look) -> list[Anchor]:
    """Return the links of a page to papers, those that every page has left out."""
    return [anchor for anchor in found.anchors if anchor.is_file and not anchor.chrome]


def inside(found: Look) -> list[Anchor]:
    """Return the links of a page to other pages of its host."""
    host = host_of(found.url)
    return [a for a in found.anchors if host_of(a.url) == host and not a.is_file and not OTHER.search(a.url)]
