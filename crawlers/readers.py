"""Reading listings: pure functions from a page's bytes to the links that a rule selects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from parsel import Selector

from extract.encoding import decode
from extract.model import Hints
from storage.sources import LinkRule, Paging

CONTEXT = 300  # characters of the text around a link that are kept as a hint
BLOCKS = "ancestor::*[self::li or self::tr or self::dd or self::p or self::article or self::section or self::div][1]"
HIDDEN = "ancestor-or-self::*[@hidden or contains(translate(@style, ' ', ''), 'display:none')]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address on a page, with the words that lead to it."""

    url: str
    text: str = ""
    context: str = ""
    form: tuple[tuple[str, str], ...] | None = None
    """The fields of a form that is sent to it by POST; none for an ordinary link."""
    apart: tuple[tuple[str, str], ...] | None = None
    """What tells it apart from others of its address, where not all of `form` does: tokens change with each visit."""
    original: str = ""
    """The address that names the document, where `url` is only where it can be had: in a web archive."""
    archived_at: str = ""
    """When an archive took it: ISO 8601 UTC, or nothing."""

    @property
    def words(self) -> str:
        """What its listing says of it, in short: kept of what is not asked for, so that it can be dated."""
        return said(self.context, self.text)


def said(context: str, text: str) -> str:
    """Return the words around a link and its own, in short."""
    return " ".join(f"{context} {text}".split())[:300]


def read_page(body: bytes, headers: Mapping[str, str], languages: tuple[str, ...] = ()) -> Selector:
    """Return a page ready for selection, its bytes decoded by what they are and not by what they claim."""
    text = decode(body, Hints(headers=headers, languages=languages)).text
    return Selector(text=text or "<html></html>", type="html")


def links(page: Selector, url: str, rule: LinkRule) -> list[Link]:
    """Return the links of a page that a rule selects, in order, each address once.

    Hidden links and `rel=nofollow` are left alone: they are traps, or asked not to be followed.
    """
    return [link for _, link in anchors(page, url, rule)]


def anchors(page: Selector, url: str, rule: LinkRule, most: int | None = None) -> list[tuple[Selector, Link]]:
    """Return the same links, each with the element that makes it; of the first `most` only, where that is said."""
    base = urljoin(url, page.css("base::attr(href)").get() or "")
    found: dict[str, tuple[Selector, Link]] = {}
    for anchor in islice(_anchors(page, rule), most):
        target = _target(anchor, base)
        if target and target not in found and _wanted(anchor, target, rule):
            found[target] = anchor, Link(url=target, text=_words(anchor), context=_around(anchor))
    return list(found.values())


def _anchors(page: Selector, rule: LinkRule) -> Iterator[Selector]:
    for chosen in page.css(rule.css or "a[href]"):
        inside = chosen.css("a[href]") if "href" not in chosen.attrib else []
        yield from inside or [chosen]


def _target(anchor: Selector, base: str) -> str:
    """Return the absolute address of a link without its fragment, or nothing where it leads nowhere."""
    href = anchor.attrib.get("href", "").strip()
    if not href or href.startswith(("#", "mailto:", "javascript:", "tel:", "data:")):
        return ""
    try:
        parts = urlsplit(urljoin(base, href))
    except ValueError:  # such as http://[broken
        return ""
    return urlunsplit(parts._replace(fragment="")) if parts.scheme in ("http", "https") and parts.netloc else ""


def _wanted(anchor: Selector, target: str, rule: LinkRule) -> bool:
    if rule.match and not re.search(rule.match, target):
        return False
    return "nofollow" not in anchor.attrib.get("rel", "").lower().split() and not anchor.xpath(HIDDEN)


def _words(element: Selector) -> str:
    return " ".join(" ".join(element.xpath(".//text()").getall()).split())


def _around(anchor: Selector) -> str:
    block = anchor.xpath(BLOCKS)
    return _words(block[0])[:CONTEXT] if block else ""


def next_pages(page: Selector, url: str, rule: Paging | None, *, found_documents: bool) -> list[Link]:
    """Return where a listing goes on: the links of a selector, or the same address with its counter moved on.

    Counting stops at `last`, and at the first page that lists no document.
    """
    if rule is None:
        return []
    if rule.css:
        return links(page, url, LinkRule(css=rule.css))
    if not found_documents or not rule.param:
        return []
    parts = urlsplit(url)
    pairs = dict(parse_qsl(parts.query, keep_blank_values=True))
    step = rule.step or 1
    number = int(pairs.get(rule.param) or (1 if step == 1 else 0)) + step
    if rule.last is not None and number > rule.last:
        return []
    pairs[rule.param] = str(number)
    return [Link(url=urlunsplit(parts._replace(query=urlencode(pairs))))]
