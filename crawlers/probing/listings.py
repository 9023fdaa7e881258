"""Pages that list papers or articles: which pages those are, how they hang together, and the rules that read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawlers.probing.pages import Anchor, Look, inside, papers
from crawlers.probing.paging import Turn, family, start_of, turning
from crawlers.probing.proposal import Proposal, share
from crawlers.probing.rules import fitting
from storage.addresses import host_of

FEW = 3
"""Links of one place on a page that make a list."""
SCATTERED = 5
"""More separate lists than this are a site to be walked."""
ALIKE = 0.6
"""The share of links of one place that must speak of documents, or of years, to be a list of them."""
TITLE = 20  # characters of a link that reads like the title of an article

Group = tuple[Anchor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The pages that came, with what is known of them together."""

    pages: tuple[Look, ...]
    wanted: frozenset[str]
    """The kinds of source that are looked for."""
    menu: frozenset[str]
    """Addresses that most pages link to."""
    led: Mapping[str, frozenset[str]]
    """The kinds that the links to an address speak of."""

    def at(self, url: str) -> Look | None:
        """Return the page of an address."""
        return next((page for page in self.pages if url in (page.url, page.asked)), None)

    def documents(self, page: Look) -> list[Anchor]:
        """Return the links of a page to papers of the kinds wanted: all of them where the page itself is about that."""
        host = host_of(page.url)
        own = [each for each in papers(page) if host_of(each.url) == host and each.url not in self.menu]
        about = page.about | self.led.get(page.url, frozenset()) | self.led.get(page.asked, frozenset())
        return own if about & self.wanted else [each for each in own if each.kinds & self.wanted]


def scene(looks: Sequence[Look], wanted: frozenset[str]) -> Scene:
    """Return the web pages among some answers, with what is known of them together."""
    pages = tuple({look.url: look for look in looks if look.shape == "page"}.values())
    counted: dict[str, set[str]] = {}
    led: dict[str, frozenset[str]] = {}
    for page in pages:
        for anchor in page.anchors:
            counted.setdefault(anchor.url, set()).add(family(page.url))
            led[anchor.url] = led.get(anchor.url, frozenset()) | words_of(anchor)
    families = {family(page.url) for page in pages}
    most = max(3.0, 0.6 * len(families))
    menu = frozenset(url for url, seen in counted.items() if len(seen) >= most)
    return Scene(pages=pages, wanted=wanted, menu=menu, led=led)


def words_of(anchor: Anchor) -> frozenset[str]:
    """Return the kinds that a link speaks of."""
    return anchor.kinds


def lists(page: Look, of: Scene) -> Iterator[Group]:
    """Yield the lists of links to pages: at least three in one place, none of the menu."""
    places: dict[object, list[Anchor]] = {}
    for anchor in inside(page):
        is_turn = family(anchor.url) == family(page.url)
        if not anchor.chrome and anchor.url not in of.menu and not is_turn:
            places.setdefault(anchor.place, []).append(anchor)
    yield from (tuple(group) for group in places.values() if len(group) >= FEW)


def leads_on(group: Group, wanted: frozenset[str]) -> bool:
    """Return whether the links of a list speak of documents or of years."""
    return share([bool(each.kinds & wanted) or each.dated for each in group]) >= ALIKE


# -- papers -----------------------------------------------------------------------------------------------------


def of_papers(of: Scene) -> Proposal | None:
    """Return a `listing` or a `site` for the papers on the pages that came."""
    holding = {page.url: page for page in of.pages if of.documents(page)}
    families: dict[str, list[Look]] = {}
    for page in holding.values():
        families.setdefault(family(page.url), []).append(page)
    if not families:
        return None
    hung = hanging(of, families)
    if hung:
        return of_details(of, families, *hung)
    if len(families) > SCATTERED or not _are_lists(of, families):
        return of_site(of, families)
    return of_pages(of, families)


def _are_lists(of: Scene, families: Mapping[str, list[Look]]) -> bool:
    """Return whether at least half of some pages are lists, and not pages with a paper or two."""
    return (
        share([len({a.url for page in pages for a in of.documents(page)}) >= FEW for pages in families.values()]) > 0.5
    )


def of_pages(of: Scene, families: Mapping[str, list[Look]]) -> Proposal | None:
    """Return a `listing` of a few pages, each with its own next pages."""
    pages = [page for group in families.values() for page in group]
    wanted = [anchor for page in pages for anchor in of.documents(page)]
    fit = fitting(wanted, pages)
    if fit is None:
        return None
    turns = [turn for group in families.values() if (turn := turn_of(group))]
    same = [turn for turn in turns if turn.rule == turns[0].rule]
    starts = {family(turn.start): turn.start for turn in same}
    begins = {each: start_of(group) for each, group in families.items()}
    rules: dict[str, Any] = {"follow": fit.written} | ({"next": same[0].rule} if same else {})
    per_page = len(fit.found) / len(pages)
    known = sum(max(len(group), turn.pages or 0) if (turn := turn_of(group)) else 1 for group in families.values())
    complete = len(pages) >= known
    return Proposal(
        spider="listing",
        start=tuple(starts.get(each, begins[each]) for each in families),
        rules=rules,
        sample=fit.found,
        total=len(fit.found) if complete else round(per_page * known),
        counted=complete and not same,
        how=f"{len(pages)} of {known} pages" + (", or more" if same else ""),
        listings=known,
        relevance=relevance(wanted),
    )


def turn_of(pages: Sequence[Look]) -> Turn | None:
    """Return how a listing is turned, as the first of its pages says."""
    first = min(pages, key=lambda page: (page.url.rstrip("/") != family(page.url), page.url))
    return turning(first)


def hanging(of: Scene, families: Mapping[str, list[Look]]) -> tuple[Look, Group, int] | None:
    """Return the page that leads to all pages with papers by lists, with the links of these lists, and how far."""
    best: tuple[Look, Group, int] | None = None
    for top in of.pages:
        near = [group for group in lists(top, of) if leads_on(group, of.wanted)]
        for group in near:
            reached = {family(anchor.url) for anchor in group} & families.keys()
            others = families.keys() - reached - {family(top.url)}
            if len(reached) >= 2 and not others:
                return top, group, 1
            far = [below for anchor in group if (page := of.at(anchor.url)) for below in leading(page, families, of)]
            further = {family(anchor.url) for anchor in far} & families.keys()
            if far and not (families.keys() - reached - further - {family(top.url)}):
                best = best or (top, (*group, *far), 2)
    return best


def leading(page: Look, families: Mapping[str, list[Look]], of: Scene) -> list[Anchor]:
    """Return the links of a page to pages with papers, and those beside them."""
    places = {anchor.place for anchor in inside(page) if family(anchor.url) in families and not anchor.chrome}
    host = [a for a in inside(page) if a.place in places and a.url not in of.menu and not a.chrome]
    return [anchor for anchor in host if family(anchor.url) != family(page.url)]


def of_details(of: Scene, families: Mapping[str, list[Look]], top: Look, group: Group, depth: int) -> Proposal | None:
    """Return a `listing` whose papers stand on pages between."""
    pages = [page for each in families.values() for page in each]
    wanted = [anchor for page in pages for anchor in of.documents(page)]
    between = [page for page in of.pages if page.url == top.url or page.url in {each.url for each in group}]
    over = list({page.url: page for page in [*between, *pages]}.values())
    papers_fit = fitting(wanted, over)
    walked = frozenset(each.url for each in group)
    detail = fitting(group, [page for page in over if page.url == top.url or depth > 1], allowed=walked & of.menu)
    if papers_fit is None or detail is None:
        return None
    turn = turning(top)
    rules: dict[str, Any] = {"follow": papers_fit.written, "detail": detail.written}
    rules |= {"depth": depth} if depth > 1 else {}
    rules |= {"next": turn.rule} if turn else {}
    first = {each.url for each in group if each.url in {a.url for a in inside(top)}}
    per_page = len(papers_fit.found) / max(len(pages), 1)
    leaves = len(walked - first) if depth > 1 else len(walked)
    asked = [page for page in between if page.url in first]
    if depth > 1 and asked:
        leaves = round(leaves / len(asked) * len(first))
    leaves *= (turn.pages or 1) if turn else 1
    complete = leaves <= len(pages)
    return Proposal(
        spider="listing",
        start=(turn.start if turn else top.url,),
        rules=rules,
        sample=papers_fit.found,
        total=max(len(papers_fit.found), round(per_page * leaves)),
        counted=complete and turn is None,
        how=f"{len(pages)} of about {leaves} pages that hold them",
        listings=1 + len(first) + (leaves if depth > 1 else 0),
        relevance=relevance(wanted),
    )


def of_site(of: Scene, families: Mapping[str, list[Look]]) -> Proposal | None:
    """Return a `site` whose papers stand here and there."""
    pages = [page for each in families.values() for page in each]
    wanted = [anchor for page in pages for anchor in of.documents(page)]
    fit = fitting(wanted, of.pages, by_address=True)
    if fit is None:
        return None
    return Proposal(
        spider="site",
        start=(of.pages[0].url,),
        rules={"follow": fit.written},
        sample=fit.found,
        total=len(fit.found),
        counted=False,
        how=f"the {len(of.pages)} pages that were looked at: there are more",
        listings=max(len(of.pages), len({a.url for page in of.pages for a in inside(page)})),
        relevance=relevance(wanted),
    )


# -- articles ---------------------------------------------------------------------------------------------------


def of_articles(of: Scene) -> Proposal | None:
    """Return a `listing` of pages that are themselves the documents, such as press releases."""
    found = [(page, group) for page in of.pages for group in lists(page, of) if reads_like_titles(group)]
    if not found:
        return None
    page, group = max(found, key=lambda each: _interest(of, *each))
    siblings = [other for other in of.pages if family(other.url) == family(page.url)]
    wanted = [a for other in siblings for g in lists(other, of) if g[0].place == group[0].place for a in g]
    fit = fitting(wanted, siblings)
    if fit is None:
        return None
    turn = turn_of(siblings)
    known = max(len(siblings), turn.pages or 0) if turn else 1
    return Proposal(
        spider="listing",
        start=(turn.start if turn else page.url,),
        rules={"follow": fit.written} | ({"next": turn.rule} if turn else {}),
        sample=fit.found,
        total=round(len(fit.found) / len(siblings) * known),
        counted=turn is None,
        how=f"{len(siblings)} of {known} pages" + (", or more" if turn else ""),
        listings=known,
        relevance=relevance(wanted),
    )


def reads_like_titles(group: Group) -> bool:
    """Return whether the links of a list are titles of articles: long, or dated."""
    return share([len(each.link.text) >= TITLE or each.dated for each in group]) >= ALIKE


def _interest(of: Scene, page: Look, group: Group) -> tuple[float, int]:
    about = page.about | of.led.get(page.url, frozenset())
    speaking = share([bool(each.kinds & of.wanted) or each.dated for each in group])
    return speaking + bool(about & of.wanted) * 0.5, len(group)


def relevance(anchors: Sequence[Anchor]) -> float:
    """Return the share of links that have a link word or a date."""
    return share([bool(anchor.kinds) or anchor.dated for anchor in anchors])
