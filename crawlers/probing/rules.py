"""Rules from examples: selectors and patterns that find the wanted links, tried with the reader of a crawl."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from crawlers.probing.pages import Anchor, Look, Step, steady
from crawlers.probing.patterns import patterns
from crawlers.readers import Link, links
from storage.sources import LinkRule

ENOUGH = 0.9
"""How many of the wanted links a rule must find, and how many of those it finds must be wanted."""
MOST_TRIED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A rule, and how it did over the pages it was tried on."""

    rule: LinkRule
    found: tuple[Link, ...]
    missed: int
    wrong: tuple[str, ...]
    """What it takes besides."""

    @property
    def quality(self) -> float:
        """Precision times recall."""
        right = len(self.found) - len(self.wrong)
        return right / max(len(self.found), 1) * right / max(right + self.missed, 1)

    @property
    def written(self) -> dict[str, str]:
        """The rule as sources.yaml writes it."""
        return {name: value for name in ("css", "match") if (value := getattr(self.rule, name))}


def fitting(
    wanted: Sequence[Anchor], pages: Sequence[Look], allowed: frozenset[str] = frozenset(), *, by_address: bool = False
) -> Fit | None:
    """Return the rule that finds the wanted links on some pages and no others, or nothing where there is none.

    `allowed` are addresses that may be found as well: such as the links of pages that a rule walks anyway. With
    `by_address` the rule is a pattern: pages that were not seen may look different.
    """
    urls = list(dict.fromkeys(anchor.url for anchor in wanted))
    if not urls:
        return None
    matches, places = list(patterns(urls)), [] if by_address else list(dict.fromkeys(selectors(wanted)))
    single = [{"match": each} for each in matches[:2]] + [{"css": each} for each in places]
    single += [{"match": each} for each in matches[2:]]
    pairs = [{"css": css, "match": match} for match in matches for css in places]
    best: Fit | None = None
    for values in [*single, *pairs][:MOST_TRIED]:
        fit = tried(values, frozenset(urls), pages, allowed)
        if fit and (best is None or fit.quality > best.quality):
            best = fit
        if best and best.quality == 1:
            break
    return best if best and best.quality >= ENOUGH * ENOUGH else None


def tried(values: dict[str, str], wanted: frozenset[str], pages: Sequence[Look], allowed: frozenset[str]) -> Fit | None:
    """Return how a rule does, or nothing where it is none that a source may have."""
    try:
        rule = LinkRule(css=values.get("css"), match=values.get("match"))
    except ValidationError:
        return None
    found: dict[str, Link] = {}
    for look in pages:
        if look.page is not None:
            found |= {link.url: link for link in links(look.page, look.url, rule) if link.url not in found}
    counted = {url: link for url, link in found.items() if url not in allowed}
    wrong = tuple(url for url in counted if url not in wanted)
    return Fit(rule=rule, found=tuple(counted.values()), missed=len(wanted - found.keys()), wrong=wrong)


def selectors(wanted: Sequence[Anchor]) -> Iterator[str]:
    """Yield selectors of what some links have in common, the nearest to the link first."""
    paths = [anchor.path for anchor in wanted]
    depth = min(len(path) for path in paths)
    own = [_common([path[-1] for path in paths])]
    yield from (f"a.{name}" for name in own[0].classes)
    around = [_common([path[-at] for path in paths]) for at in range(2, depth + 1)]
    for step in around:
        yield from (f"{step.tag}.{name} a" for name in step.classes if step.tag)
    for step in around:
        yield from ([f"#{step.name} a"] if step.name else ())
    tags = [step.tag for step in around if step.tag]
    if tags:
        yield f"{tags[0]} a"
    if len(tags) > 1:
        yield f"{tags[1]} {tags[0]} a"


def _common(steps: Sequence[Step]) -> Step:
    """Return what elements have in common: a selector can be made of simple names only."""
    first = steps[0]
    names = {step.name for step in steps}
    classes = [name for name in first.classes if steady(name) and name.replace("-", "").replace("_", "").isalnum()]
    return Step(
        tag=first.tag if all(step.tag == first.tag for step in steps) else "",
        name=first.name if len(names) == 1 and first.name.replace("-", "").replace("_", "").isalnum() else "",
        classes=tuple(name for name in classes if all(name in step.classes for step in steps)),
    )
