"""Which of the lines that may be headings are those of the acts: the series that the decisions follow."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from extract.dateforms import fold
from extract.minutes.headings import Heading, Line, marked
from extract.minutes.numbered import of_one_shape, rising
from extract.minutes.titled import is_sentence, titled

_MOST = 1_500
"""More lines of one kind than this are a table, not headings."""
_APART = 400
"""Decisions nearer to each other than this belong to one matter."""
_NUMBERED = ("named", "slash", "dot", "bracket", "dash", "decimal", "colon", "bare", "roman")
_LOOSE = ("agenda", "capitals", "plain", "label", "after", "hyphen")
"""Marks that stand inside acts as well: of several lines between two decisions, the first is the title."""
_TRUST = {
    "code": 0.3, "named": 0.25, "slash": 0.2, "dot": 0.2, "bracket": 0.2, "roman": 0.15, "theme": 0.1, "agenda": 0.0,
    "capitals": 0.0, "plain": -0.1, "label": -0.1, "after": -0.15, "star": -0.05, "bare": 0.05, "colon": 0.1,
    "decimal": 0.1,
}  # fmt: skip
"""How much more a series is believed for the way it is marked; found by trying on papers of several towns."""
_UNDECIDED = 0.2
"""What a number counts that no decision follows, where one that a decision follows counts 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Headings in order, all marked in one way, and how many of them a decision follows."""

    family: str
    headings: tuple[Heading, ...]
    decided: int

    def score(self, matters: int) -> float:
        """How well headings and decisions go together: the harmonic mean of both shares, and the trust in the mark."""
        trust = _TRUST.get(self.family, 0.0)
        if not self.decided:
            return trust + (0.3 if self.headings and not matters else 0.0)
        named = sum(not is_named_otherwise(each.title) for each in self.headings)
        precision, recall = min(1.0, self.decided / max(named, 1)), min(1.0, self.decided / max(matters, 1))
        return trust + 2 * precision * recall / (precision + recall)


def choose(lines: Sequence[Line], decisions: Sequence[int], end: int) -> tuple[Heading, ...]:
    """The headings of the acts; nothing where no series of lines fits the decisions."""
    families: dict[str, list[Heading]] = defaultdict(list)
    for heading in (*marked(lines), *titled(lines)):
        families[heading.family].append(heading)
    tried = [_series(family, found, decisions, end) for family, found in families.items() if len(found) <= _MOST]
    matters = max([_matters(decisions), *(each.decided for each in tried if each.family not in _LOOSE)])
    best = max(tried, key=lambda series: series.score(matters), default=None)
    if not best or best.score(matters) <= 0.25:
        return ()
    best = replace(best, headings=_filled(best, families, decisions, end))
    printed = {heading.line: heading for heading in (*families["named"], *families["code"])}
    return tuple(_with_number(heading, printed) for heading in best.headings)


_FILLING = ("code", "named", "roman")
"""Marks so plain that they are believed beside headings that are marked otherwise."""


_UNDER = {"theme": ("hyphen",)}
"""Marks of the matters under a theme that has several."""


def _filled(
    best: Series, families: Mapping[str, list[Heading]], decisions: Sequence[int], end: int
) -> tuple[Heading, ...]:
    """The headings, and others that stand apart with a decision of their own: `II.` before `2014-01`."""
    filled = {each.start: each for each in best.headings}
    for family in (*_FILLING, *_UNDER.get(best.family, ())) if best.headings else ():
        found = families[family] if family != best.family else []
        for place, each in enumerate(found):
            told = not each.title or is_named_otherwise(each.title) or each.start in filled
            told = told or (family not in _FILLING and is_sentence(each.title, fold(each.title)))
            if not told and _stands_apart(each, place, found, sorted(filled), decisions, end):
                filled[each.start] = each
    return tuple(filled[start] for start in sorted(filled))


def _stands_apart(
    heading: Heading, place: int, found: Sequence[Heading], starts: Sequence[int], decisions: Sequence[int], end: int
) -> bool:
    """Whether a decision comes before a heading, unless it is the first, and one before the next of either kind."""
    at = bisect_left(starts, heading.start)
    after = min(found[place + 1].start if place + 1 < len(found) else end, starts[at] if at < len(starts) else end)
    decided = bisect_left(decisions, heading.start)
    return decided < bisect_left(decisions, after) and (not at or bisect_left(decisions, starts[at - 1]) < decided)


def _with_number(heading: Heading, printed: Mapping[int, Heading]) -> Heading:
    """The heading with the number that its line prints, where it was found by its words or a bullet alone."""
    if heading.number or heading.line not in printed:
        return heading
    return replace(heading, number=printed[heading.line].number, title=printed[heading.line].title)


def _series(family: str, found: list[Heading], decisions: Sequence[int], end: int) -> Series:
    weights = {
        each: 1.0 if _decided(each, found, place, decisions, end) else _UNDECIDED for place, each in enumerate(found)
    }
    if family == "code":
        chosen = of_one_shape(found, weights)
    elif family in _NUMBERED:
        chosen = rising(found, weights)
    elif family in _LOOSE and decisions:
        chosen = _after_each_decision(found, decisions)
    else:
        chosen = found
    decided = sum(_decided(each, chosen, place, decisions, end) for place, each in enumerate(chosen))
    return Series(family=family, headings=tuple(chosen), decided=decided)


def _decided(heading: Heading, found: Sequence[Heading], place: int, decisions: Sequence[int], end: int) -> bool:
    """Whether a decision stands between a heading and the next of its kind."""
    after = found[place + 1].start if place + 1 < len(found) else end
    first = bisect_left(decisions, heading.start)
    return first < len(decisions) and decisions[first] < after


def _after_each_decision(found: Sequence[Heading], decisions: Sequence[int]) -> list[Heading]:
    """The first line of a kind after each decision, if another decision follows it."""
    chosen: list[Heading] = []
    for heading in found:
        before = bisect_left(decisions, heading.start)
        if before == len(decisions):
            break
        if not chosen or bisect_left(decisions, chosen[-1].start) < before:
            chosen.append(heading)
    return chosen


def _matters(decisions: Sequence[int]) -> int:
    """How many matters the decisions seem to be about."""
    count, last = 0, -_APART - 1
    for place in decisions:
        count += place - last > _APART
        last = place
    return count


_NO_ACT = re.compile(
    r"^\W*(?:[\divx]+\W+)?(?:questions? (?:diverses?|orales?|ecrites?)|divers\b|informations?\b"
    r"|communications?(?:\W*$| (?:d|au\b|faite))"
    r"|tour de table|ordre du jour|presents?\b|absents?\b|excuses?\b|secretaire|pouvoirs?\b|procurations?\b|preambule"
    r"|quorum|annexes?\b|prochaine? (?:seance|reunion|conseil)|compte[- ]rendu d'activites? des? "
    r"|(?:\w[^–—\n-]{1,40}[–—-]\s*)?decisions? (?:prises? (?:par|en|dans|sur|depuis)|du maire\b))"
)


def is_named_otherwise(title: str) -> bool:
    """Whether a title is that of a part of the minutes in which nothing is decided."""
    return bool(_NO_ACT.match(fold(title)))


def ends(lines: Iterable[Line]) -> list[int]:
    """The places where the acts are over: other business, the end of the séance, the signatures."""
    return [line.start for line in lines if len(line.text) < 200 and _OVER.match(line.folded)]


_OVER = re.compile(
    r"^\W*(?:[\divx]{1,3}\W{1,3})?(?:questions? diverses?\b|informations? diverses?\b|(?:la )?seance (?:est )?levee"
    r"|l'ordre du jour (?:etant )?epuise|fin de (?:la )?seance|plus rien n'etant|rien n'etant plus|la seance est close"
    r"|fait et delibere|pour extrait)"
)
