"""Feeds: RSS 0.9 to 2.0, RDF, Atom and JSON Feed, well-formed or not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from lxml import etree

from crawlers.reading.entries import Entry, Unreadable, absolute, iso_day, words_of
from crawlers.reading.trees import as_text, content, local, tree_of

# Elements of one name in other vocabularies are other things: media:title is the title of a picture.
PREFIXES = {
    "": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dc:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
}
TEXTS = re.compile(r"(</?(?:title|description|summary|content:encoded)(?:\s[^<>]*)?>)")
ENTRIES = frozenset({"item", "entry"})
FEEDS = frozenset({"rss", "RDF", "feed", "channel"})
DATES = ("pubDate", "published", "dc:date", "issued", "dc:issued", "dc:created", "created", "updated", "modified")
ABOUT = 300  # characters of a summary that are kept

Parts = dict[str, list[etree._Element]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One page of a feed."""

    entries: tuple[Entry, ...]
    unlinked: int = 0
    """How many entries have no address."""
    more: str = ""
    """The address of its next page, where it names one."""
    broken: str = ""
    """Where it breaks off, as the end of a sentence; or nothing."""


def read_feed(body: bytes, headers: Mapping[str, str], url: str, languages: tuple[str, ...] = ()) -> Feed:
    """Return what a feed lists, in its order. Raises Unreadable where it is no feed."""
    text = as_text(body, headers, url, languages)
    if text.startswith("{"):
        return _of_json(text, url)
    tree = tree_of(text, url)
    if tree.crossed:
        tree = tree_of(shielded(text), url)
    found = [element for element in tree.root.iter() if local(element) in ENTRIES and not _name(element).count(":")]
    if not found and local(tree.root) not in FEEDS:
        raise Unreadable(f"is no feed: its outermost element is <{local(tree.root)}>")
    read = [_entry(element, url) for element in found]
    entries = tuple(entry for entry in read if entry.url)
    return Feed(entries=entries, unlinked=len(read) - len(entries), more=_next(tree.root, url), broken=tree.broken)


def shielded(text: str) -> str:
    """Return a feed whose texts are set apart from its elements, for one that has HTML in them as it is.

    >>> shielded("<item><title>a<br>b</title></item>")
    '<item><title><![CDATA[a<br>b]]></title></item>'
    """
    pieces = TEXTS.split(text)  # text, tag, text, tag, …
    for at in range(1, len(pieces) - 2, 2):
        opened, inside, closed = pieces[at : at + 3]
        name = opened.strip("<>").split()[0]
        if "<" in inside and "<![CDATA[" not in inside and closed.startswith(f"</{name}"):
            pieces[at + 1] = f"<![CDATA[{inside}]]>"
    return "".join(pieces)


def _name(element: etree._Element) -> str:
    """Return an element's name, with a prefix of ours where it belongs to another vocabulary than the feed's."""
    tag: object = element.tag
    if not isinstance(tag, str):
        return ""
    space, _, name = tag.rpartition("}")
    return PREFIXES.get(space.lstrip("{"), "other:") + name


def _parts(element: etree._Element) -> Parts:
    parts: Parts = {}
    for child in element:
        parts.setdefault(_name(child), []).append(child)
    return parts


def _entry(element: etree._Element, url: str) -> Entry:
    parts = _parts(element)
    own = _own_content(parts)
    summary = _first(parts, ("description", "summary"))
    return Entry(
        url=next(filter(None, (absolute(href, base) for href, base in _addresses(element, parts, url))), ""),
        title=words_of(_first(parts, ("title", "dc:title"))),
        day=_day(parts),
        about=words_of(summary)[:ABOUT],
        html=own,
    )


def _first(parts: Parts, names: Iterable[str]) -> str:
    texts = (content(element).strip() for name in names for element in parts.get(name, ()))
    return next(filter(None, texts), "")


def _day(parts: Parts) -> str:
    printed = _first(parts, DATES)
    return iso_day(printed) or " ".join(printed.split())[:40]


def _addresses(element: etree._Element, parts: Parts, url: str) -> Iterator[tuple[str, str]]:
    """Yield what may be an entry's address, with the base it counts from, the best first."""
    named = parts.get("link", [])
    yield from ((content(link), link.base or url) for link in named if "href" not in link.attrib)
    for wanted in ("alternate", "self"):
        linked = [link for link in named if link.get("rel", "alternate") == wanted]
        yield from ((link.get("href", ""), link.base or url) for link in linked)
    guids = [guid for guid in parts.get("guid", []) if guid.get("isPermaLink", "true") != "false"]
    said = [content(each) for each in [*guids, *parts.get("id", [])]]
    yield from ((words, url) for words in said if words.strip().startswith(("http://", "https://")))
    yield from ((str(value), url) for name, value in element.attrib.items() if str(name).endswith("}about"))
    files = [*parts.get("enclosure", []), *(link for link in named if link.get("rel") == "enclosure")]
    yield from ((file.get("url") or file.get("href") or "", url) for file in files)


def _own_content(parts: Parts) -> str:
    """Return the content that an entry carries, as HTML; a summary is none."""
    encoded = _first(parts, ("content:encoded",))
    if encoded:
        return encoded
    for element in parts.get("content", ()):
        kind = element.get("type", "text").lower()
        if "xhtml" in kind or len(element):
            return "".join(etree.tostring(child, encoding="unicode", with_tail=False) for child in element)
        text = content(element).strip()
        if text:
            return text if "html" in kind or element.get("mode") == "escaped" else f"<p>{escape(text)}</p>"
    return ""


def _next(root: etree._Element, url: str) -> str:
    """Return the next page of a feed that says where it goes on (RFC 5005)."""
    heads = [root, *(child for child in root if local(child) == "channel")]
    links = (child for head in heads for child in head if local(child) == "link" and child.get("rel") == "next")
    return next((absolute(link.get("href", ""), link.base or url) for link in links), "")


def _of_json(text: str, url: str) -> Feed:
    """Return what a JSON Feed lists."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("begins like JSON, and cannot be read as JSON") from None
    listed = said.get("items")
    if not isinstance(listed, list):
        raise Unreadable("is JSON, and has no list `items`")
    read = [_of_object(each, url) for each in listed if isinstance(each, dict)]
    entries = tuple(entry for entry in read if entry.url)
    more = absolute(_words(said, "next_url"), url)
    return Feed(entries=entries, unlinked=len(read) - len(entries), more=more)


def _of_object(said: dict[str, Any], url: str) -> Entry:
    text = _words(said, "content_text")
    identity = _words(said, "id")
    href = _words(said, "url") or (identity if identity.startswith(("http://", "https://")) else "")
    return Entry(
        url=absolute(href, url),
        title=words_of(_words(said, "title")),
        day=iso_day(_words(said, "date_published") or _words(said, "date_modified")),
        about=words_of(_words(said, "summary"))[:ABOUT],
        html=_words(said, "content_html") or (f"<p>{escape(text)}</p>" if text else ""),
    )


def _words(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
