"""Entries: documents as listings that are no web pages name them, whatever those listings are written in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from html import escape
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from parsel import Selector

from crawlers.readers import CONTEXT, Link
from storage.sources import LinkRule

TITLE = 500  # characters of a title that are kept as a hint
BLOCK = re.compile(r"(?i)</?(?:p|div|br|li|tr|td|th|h[1-6])\b")
LISTED = "entries"
"""What a listing that is no web page names, where no rule chooses among it."""
PART = {"title": "title", "date": "day", "number": "about", "subject": "about", "content": "html", "changed": "changed"}
"""Where an entry holds what a column of `map` is for."""
SHOWN = 60  # characters of what came that an error quotes


class Unreadable(ValueError):
    """What came is no listing of its kind; the sentence says what it is instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document that a listing names."""

    url: str
    title: str = ""
    day: str = ""
    """When it was published: an ISO date where that could be read, else as it is printed."""
    about: str = ""
    """What else the listing says of it: a summary, a number, a matter."""
    changed: str = ""
    """When it changed last: an ISO date, or nothing. It is no date of the document, and never a hint for one."""
    html: str = ""
    """Its own content, where the listing carries it."""

    @property
    def link(self) -> Link:
        """The entry as a link, with its words as hints for title and date."""
        context = " ".join(f"{self.day} {self.about}".split())
        return Link(url=self.url, text=self.title[:TITLE], context=context[:CONTEXT])


def chosen(entries: Iterable[Entry], rule: LinkRule | None) -> list[Entry]:
    """Return the entries whose address a rule matches; all of them where there is no rule."""
    return [entry for entry in entries if not rule or not rule.match or re.search(rule.match, entry.url)]


def holding(entries: Iterable[Entry], column: str) -> list[Entry]:
    """Return the entries that hold something of what a column of `map` is for."""
    return [entry for entry in entries if getattr(entry, PART.get(column, "url"))]


def older(entry: Entry, day: str) -> bool:
    """Return whether an entry says that it is older than a day; a year or month alone is as long as it lasts.

    >>> older(Entry(url="u", changed="2023-05"), "2023-05-20"), older(Entry(url="u", day="2023-05-19"), "2023-05-20")
    (False, True)
    """
    said = entry.changed or iso_day(entry.day)
    return bool(said) and said < day[: len(said)]


def absolute(href: str, base: str) -> str:
    """Return the web address that some words stand for, or nothing.

    >>> absolute(" /d/1.pdf#page=2 ", "https://a.fr/feed"), absolute("urn:uuid:1", "https://a.fr/feed")
    ('https://a.fr/d/1.pdf', '')
    """
    words = href.strip()
    try:
        parts = urlsplit(urljoin(base, words)) if words else urlsplit("")
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # such as http://[broken, or a port that is no number
        return ""
    spelled = urlunsplit(parts._replace(fragment=""))
    return quote(spelled, safe=":/?#[]@!$&'()*+,;=%~-._") if usable else ""


def iso_day(printed: str) -> str:
    """Return the day that a listing prints in one of the two forms of the web, or nothing.

    >>> iso_day("Sun, 12 Mar 2023 08:00:00 +0100"), iso_day("2023-03-12T08:00:00Z"), iso_day("2023-03"), iso_day("hier")
    ('2023-03-12', '2023-03-12', '2023-03', '')
    """
    words = printed.strip()
    iso = re.match(r"(\d{4})(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?(?![\d/])", words, re.ASCII)
    if iso:
        return iso[0]
    try:
        return parsedate_to_datetime(words[:100]).date().isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return ""


def words_of(html: str) -> str:
    """Return the words of a piece of HTML on one line."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    page = Selector(text=BLOCK.sub(r" \g<0>", html.replace("\x00", "")), type="html")
    return " ".join("".join(page.xpath("//text()[not(parent::script or parent::style)]").getall()).split())


def page_of(entry: Entry) -> bytes:
    """Return an entry's own content as a web page that stands for itself, in UTF-8."""
    when = f'<meta name="date" content="{escape(entry.day)}">' if entry.day else ""
    head = f'<head><meta charset="utf-8"><title>{escape(entry.title)}</title>{when}</head>'
    body = f"<body><article><h1>{escape(entry.title)}</h1>\n{entry.html}\n</article></body>"
    return f"<!DOCTYPE html>\n<html>{head}\n{body}</html>\n".encode("utf-8", "replace")


def shown(text: str) -> str:
    """Return how a text begins, for an error that quotes it."""
    words = " ".join(text[:500].split())
    return f"« {words[:SHOWN]}… »" if len(words) > SHOWN else f"« {words} »" if words else "nothing"
