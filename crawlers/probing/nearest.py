"""When a rule finds nothing any more: what on the new page comes nearest to what it found before, and a rule for it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawlers.probing.pages import Anchor, Look
from crawlers.probing.paging import turning
from crawlers.probing.patterns import patterns
from crawlers.probing.rules import fitting
from crawlers.readers import Link
from extract.dateforms import fold

ALIKE = 0.75
"""How alike the words of two links must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """What resembles the links that a rule found before."""

    rule: Mapping[str, Any]
    """The rule that would find it, as sources.yaml writes it; empty where none does."""
    found: int
    """How many links that rule finds on the page, or how many resemble without a rule."""
    by: str
    """What they share with the earlier ones: addresses | pattern | words | place."""
    sample: tuple[Link, ...]


def nearest(name: str, before: Sequence[Link], page: Look) -> Nearest | None:
    """Return what on a page comes nearest to the links that the rule `name` found before, or nothing."""
    if page.page is None:
        return None
    if name == "next":
        return _nearest_turn(before, page)
    by, alike = _alike(before, page)
    if not alike:
        return None
    fit = fitting(alike, [page])
    if fit is None:
        return Nearest(rule={}, found=len(alike), by=by, sample=tuple(anchor.link for anchor in alike))
    return Nearest(rule=fit.written, found=len(fit.found), by=by, sample=fit.found)


def _nearest_turn(before: Sequence[Link], page: Look) -> Nearest | None:
    """Return how the page is turned now: as pages usually are, or by a link to where it led before."""
    turn = turning(page)
    if turn:
        return Nearest(rule=turn.rule, found=1, by="place", sample=(Link(url=turn.following),))
    urls = {link.url for link in before}
    same = [anchor for anchor in page.anchors if anchor.url in urls]
    fit = fitting(same, [page])
    rule = {"css": fit.written["css"]} if fit and "css" in fit.written else {}
    return (
        Nearest(rule=rule, found=len(same), by="addresses", sample=tuple(each.link for each in same)) if same else None
    )


def _alike(before: Sequence[Link], page: Look) -> tuple[str, list[Anchor]]:
    """Return the links of a page that resemble earlier ones, and by what: the surest likeness that finds any."""
    urls = {link.url for link in before}
    same = [anchor for anchor in page.anchors if anchor.url in urls]
    if same:
        places = {anchor.place for anchor in same}
        return "addresses", [anchor for anchor in page.anchors if anchor.place in places or anchor.url in urls]
    for pattern in patterns(sorted(urls)):
        if found := [anchor for anchor in page.anchors if re.search(pattern, anchor.url) and not anchor.chrome]:
            return "pattern", found
    shapes = sorted({shape for link in before if (shape := _shape(link.text))})
    inner = [anchor for anchor in page.anchors if not anchor.chrome]
    spoken = [each for each in inner if difflib.get_close_matches(_shape(each.link.text), shapes, 1, ALIKE)]
    return "words", spoken


def _shape(text: str) -> str:
    """Return the words of a link without what differs from one to the next.

    >>> _shape("Procès-verbal du 12 mai 2026") == _shape("procès-verbal du 3 mai 2025")
    True
    """
    return re.sub(r"\d+", "0", fold(text)).strip()
