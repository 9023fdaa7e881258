"""Traps: pages without end, such as calendars, session numbers and paths that repeat themselves.

A pattern of addresses is given up when many of its pages say the same and lead to nothing new; whoever runs the
source is told its name. Nothing is given up for its number of pages alone: that is what `pages` and `depth` are for.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qsl, urljoin, urlsplit

from parsel import Selector

from storage.addresses import NUMBERS, pattern_of

SAME = 30
"""How many pages of one pattern may say the same."""
LONGEST = 2000
"""Characters of an address; longer ones are made by machines for machines."""
REPEATS = re.compile(r"(/(?=[^/]*[^\d/])[^/]+(?:/[^/]+){0,2}?)\1\1(?=/|$)")
TOKEN = re.compile(r"(?=[^=]*\d)[0-9a-f-]{8,}|(?=.*\d)[0-9A-Za-z_-]{16,}")
CALENDAR = re.compile(
    r"\b(janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|january|february|march|"
    r"april|may|june|july|august|september|october|november|december|gener|febrer|març|abril|maig|juny|juliol|agost|"
    r"setembre|octubre|novembre|desembre|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|"
    r"thursday|friday|saturday|sunday)\b"
)


@dataclass(slots=True)
class Traps:
    """What one run has learned about addresses that lead round in a circle."""

    likenesses: dict[str, Counter[str]] = field(default_factory=dict)
    """For each pattern how many of its pages said the same."""
    stopped: dict[str, str] = field(default_factory=dict)
    """Patterns that were given up, each with the sentence that says why."""

    def objection(self, url: str) -> str:
        """Return why an address looks like a trap, or nothing."""
        if len(url) > LONGEST:
            return f"The address is longer than {LONGEST} characters."
        repeated = REPEATS.search(urlsplit(url).path)
        if repeated:
            return f"The path repeats itself ({repeated[1]}{repeated[1]}…)."
        return self.stopped.get(pattern_of(url), "") if self.stopped else ""

    def saw(self, url: str, page: Selector, role: str) -> None:
        """Count a page that was walked; give its pattern up when it said the same once too often."""
        pattern = pattern_of(url)
        if pattern in self.stopped or "*" not in pattern:
            return
        counted = self.likenesses.setdefault(pattern, Counter())
        likeness = likeness_of(url, page, exact=role == "document")
        counted[likeness] += 1
        if counted[likeness] >= SAME:
            same = f"{SAME} pages of the pattern {pattern} say the same"
            self.stopped[pattern] = f"{same} and lead to nothing new: no more of them are asked for."


def likeness_of(url: str, page: Selector, *, exact: bool) -> str:
    """Return the hash of what a page says and leads to: without its own family, and unless `exact` without dates.

    Two listings of different documents differ by where they lead, also when only numbers tell their words apart.
    """
    text = " ".join("".join(page.xpath("//body//text()[not(parent::script or parent::style)]").getall()).split())
    words = text if exact else CALENDAR.sub("", NUMBERS.sub("", text.casefold()))
    mine = pattern_of(url)
    places = {target for href in page.css("a::attr(href)").getall() for target in _target(url, href, mine)}
    return sha256("\n".join([" ".join(words.split()), *sorted(places)]).encode("utf-8", "replace")).hexdigest()


def _target(url: str, href: str, mine: str) -> list[str]:
    """Return where a link leads without what names a visit; nothing where it stays in the family."""
    try:
        target = urljoin(url, href)
        if pattern_of(target) == mine:
            return []
        parts = urlsplit(target)
    except ValueError:  # such as http://[broken
        return []
    values = [f"{k}={'' if TOKEN.fullmatch(v) else v}" for k, v in parse_qsl(parts.query)]
    return ["?".join([f"{parts.netloc}{parts.path}", "&".join(values)])]
