"""Sitemaps: lists of pages and lists of lists, in XML or plain text, packed or not; and robots.txt, that names them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from crawlers.reading.entries import Entry, Unreadable, absolute, iso_day, shown
from crawlers.reading.trees import as_text, content, local, tree_of

PACKED = b"\x1f\x8b"
LARGEST = 64 * 2**20
"""Bytes of a sitemap once unpacked; the protocol allows 50 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What a sitemap lists."""

    pages: tuple[Entry, ...] = ()
    sitemaps: tuple[str, ...] = ()
    broken: str = ""
    """Where it breaks off, as the end of a sentence; or nothing."""


def read_sitemap(body: bytes, headers: Mapping[str, str], url: str) -> Sitemap:
    """Return what a sitemap lists, in its order. Raises Unreadable where it is none."""
    unpacked, broken = unpack(body)
    text = as_text(unpacked, headers, url)
    if not text.startswith("<"):
        return Sitemap(pages=tuple(_of_lines(text)), broken=broken)
    tree = tree_of(text, url)
    broken = broken or tree.broken
    root = local(tree.root)
    if root == "sitemapindex":
        places = [_place(element, url) for element in tree.root if local(element) == "sitemap"]
        return Sitemap(sitemaps=tuple(place.url for place in places if place.url), broken=broken)
    if root == "urlset":
        places = [_place(element, url) for element in tree.root if local(element) == "url"]
        return Sitemap(pages=tuple(place for place in places if place.url), broken=broken)
    other = "a feed (use `spider: feed`)" if root in ("rss", "feed", "RDF") else f"<{root}>"
    raise Unreadable(f"is no sitemap: its outermost element is {other}")


def unpack(body: bytes) -> tuple[bytes, str]:
    """Return the bytes of a sitemap, unpacked once where it is packed by gzip, and what is wrong with the packing."""
    if not body.startswith(PACKED):
        return body, ""
    stream = zlib.decompressobj(wbits=31)
    try:
        plain = stream.decompress(body, LARGEST)
    except zlib.error:
        raise Unreadable("begins like a packed file, and cannot be unpacked") from None
    if stream.unconsumed_tail:
        raise Unreadable(f"is larger than {LARGEST // 2**20} MiB once unpacked")
    return plain, "" if stream.eof else "breaks off within its packing"


def _place(element: etree._Element, url: str) -> Entry:
    """Return what one entry says of itself; images, videos and news below it are left alone."""
    said = {local(child): content(child).strip() for child in reversed(element)}
    return Entry(url=absolute(said.get("loc", ""), url), changed=iso_day(said.get("lastmod", "")))


def _of_lines(text: str) -> Iterator[Entry]:
    """Yield the pages of a plain-text sitemap: one address a line and nothing else."""
    lines = [line.strip() for line in text.splitlines()]
    found = [absolute(line, "") for line in lines if line]
    if not any(found):
        raise Unreadable(f"is no sitemap: it begins with {shown(text)}")
    yield from (Entry(url=address) for address in found if address)


def sitemaps_of(robots: str, url: str) -> list[str]:
    """Return the sitemaps that a robots.txt names.

    >>> sitemaps_of("User-agent: *\\nDisallow:\\nSitemap: /map.xml # all", "https://a.fr/robots.txt")
    ['https://a.fr/map.xml']
    """
    named = re.findall(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", robots)
    return [address for address in dict.fromkeys(absolute(each, url) for each in named) if address]
