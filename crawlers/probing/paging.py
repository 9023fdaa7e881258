"""Where a listing goes on: a link to the next page, or a counter in the address; tried with the reader of a crawl."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawlers.probing.pages import Anchor, Look, inside
from crawlers.probing.words import words
from crawlers.readers import links, next_pages
from extract.dateforms import fold
from storage.sources import LinkRule, Paging

COUNTER = re.compile(r"(?i)^(page|paged|p|pg|start|offset|from|debut\w*|\w*_?(cur|start|page)|numero_?page)$")
"""Names of parameters that count pages."""
IN_PATH = re.compile(r"/page/\d+/?$")
MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """How a listing is turned."""

    start: str
    """The address of its first page, as the spider needs it."""
    rule: dict[str, str | int]
    """The key `next` of sources.yaml."""
    pages: int | None
    """How many pages it says it has, where it numbers them."""
    following: str
    """The address of the page after this one."""


def first_page(url: str) -> str:
    """Return the address of the first page of a listing, from that of any of them.

    >>> first_page("https://a.fr/list?page=3&theme=eau"), first_page("https://a.fr/news/page/2/")
    ('https://a.fr/list?theme=eau', 'https://a.fr/news/')
    """
    parts = urlsplit(url)
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _counts(k, v)]
    query = parts.query if len(kept) == len(parse_qsl(parts.query, keep_blank_values=True)) else urlencode(kept)
    return urlunsplit(parts._replace(path=IN_PATH.sub("/", parts.path), query=query))


def family(url: str) -> str:
    """Return what the pages of one listing have in common.

    >>> family("https://a.fr/news/page/2/") == family("https://a.fr/news") == family("https://a.fr/news?page=3")
    True
    """
    return first_page(url).rstrip("/")


def start_of(pages: Iterable[Look]) -> str:
    """Return where a listing begins: the first of its pages as it answered, where that is among those that came."""
    urls = [page.url for page in pages]
    return next((url for url in urls if url.rstrip("/") == family(url)), first_page(urls[0]))


def turning(look: Look) -> Turn | None:
    """Return how a listing is turned, or nothing where it has one page."""
    after = _next_link(look)
    return (_by_link(look, after) if after else None) or _by_counter(look) or _by_pager(look)


def _counts(name: str, value: str) -> bool:
    return bool(COUNTER.match(name)) and value.isdigit()


def _next_link(look: Look) -> Anchor | None:
    """Return the link that says it leads to the next page."""
    for anchor in inside(look):
        said = fold(anchor.link.text).strip(" .")
        named = fold(" ".join(anchor.attributes.get(name, "") for name in ("aria-label", "title"))).strip()
        if "next" in anchor.attributes.get("rel", "").split() or said in words().next or named in words().next:
            return anchor
        trimmed = said.strip(" ›»>→")
        if trimmed in words().next and trimmed:
            return anchor
    return None


def _by_link(look: Look, after: Anchor) -> Turn | None:
    """Return the turn by a selector that finds that one link."""
    assert look.page is not None
    for css in _link_selectors(after):
        found = next_pages(look.page, look.url, Paging(css=css), found_documents=True)
        if [link.url for link in found] == [after.url]:
            return Turn(start=start_of([look]), rule={"css": css}, pages=_number(look), following=after.url)
    return None


def _link_selectors(after: Anchor) -> Iterator[str]:
    if "next" in after.attributes.get("rel", "").split():
        yield 'a[rel~="next"]' if " " in after.attributes["rel"] else "a[rel=next]"
    for step, form in ((after.path[-1], "a.{}"), *((step, step.tag + ".{} a") for step in reversed(after.path[:-1]))):
        yield from (form.format(name) for name in step.classes if re.search(r"(?i)next|suiv|after", name))
    for name in ("aria-label", "title"):
        if name in after.attributes and '"' not in after.attributes[name]:
            yield f'a[{name}="{after.attributes[name]}"]'


def _by_counter(look: Look) -> Turn | None:
    """Return the turn by a parameter that numbered links, or the link to the next page, count."""
    here = start_of([look])
    after = _next_link(look)
    for anchor in inside(look):
        counted = [(k, int(v)) for k, v in parse_qsl(urlsplit(anchor.url).query) if _counts(k, v)]
        page = 2 if anchor == after and here == look.url else _page_of(anchor)
        if len(counted) != 1 or page < 2 or not counted[0][1] or family(anchor.url) != family(here):
            continue
        name, value = counted[0]
        zero_based = value == page - 1
        step = 1 if zero_based or value == page else value // (page - 1)
        rule: dict[str, str | int] = {"param": name} | ({"step": step} if step > 1 else {})
        start = _with(here, name, 0) if zero_based else here
        return Turn(start=start, rule=rule, pages=_number(look), following=anchor.url)
    return None


def _by_pager(look: Look) -> Turn | None:
    """Return the turn by all links of the box that numbers pages in its paths."""
    assert look.page is not None
    numbered = [anchor for anchor in inside(look) if _page_of(anchor) and IN_PATH.search(anchor.url)]
    for step in (step for anchor in numbered for step in reversed(anchor.path[:-1])):
        for name in (name for name in step.classes if any(word in name.lower() for word in words().pager)):
            css = f"{step.tag}.{name} a"
            found = links(look.page, look.url, LinkRule(css=css))
            if found and all(family(link.url) == family(look.url) for link in found):
                return Turn(start=start_of([look]), rule={"css": css}, pages=_number(look), following=numbered[0].url)
    return None


def _page_of(anchor: Anchor) -> int:
    """Return the number that a link to a page of a listing shows, or 0."""
    said = anchor.link.text.strip()
    return int(said) if said.isascii() and said.isdigit() and int(said) <= MOST_PAGES else 0


def _number(look: Look) -> int | None:
    """Return the largest page that is numbered, which is how many there are where all are."""
    here = family(look.url)
    shown = [_page_of(anchor) for anchor in inside(look) if family(anchor.url) == here]
    return max(shown, default=0) or None


def _with(url: str, name: str, value: int) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), (name, str(value))])))
