"""Which of the lines that may be headings are those of the acts: the series that the decisions follow."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from extract.dateforms import fold
from extract.minutes.headings import Heading, Line, from_agenda, marked, plain
from extract.minutes.numbers import rank

_MOST = 1_500
"""More lines of one kind than this are a table, not headings."""
_APART = 400
"""Decisions nearer to each other than this belong to one matter."""
_NUMBERED = ("code", "named", "slash", "dot", "bracket", "dash", "roman")
_LOOSE = ("agenda", "plain", "hyphen")
"""Marks that stand inside acts as well: of several lines between two decisions, the first is the title."""
_TRUST = {
    "code": 0.3, "named": 0.25, "slash": 0.1, "dot": 0.1, "bracket": 0.1, "roman": 0.08, "agenda": 0.0, "plain": -0.1,
}  # fmt: skip
"""How much more a series is believed for the way it is marked; found by trying on papers of several towns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Headings in order, and how well the decisions of the text follow them."""

    headings: tuple[Heading, ...]
    score: float


def choose(lines: Sequence[Line], decisions: Sequence[int], end: int) -> tuple[Heading, ...]:
    """The headings of the acts; nothing where no series of lines fits the decisions."""
    families: dict[str, list[Heading]] = defaultdict(list)
    listed = list(lines)
    for heading in (*marked(listed), *from_agenda(listed), *plain(listed)):
        families[heading.family].append(heading)
    tried = [_series(family, found, decisions, end) for family, found in families.items() if len(found) <= _MOST]
    best = max(tried, key=lambda series: series.score, default=None)
    if not best or best.score <= 0.25:
        return ()
    printed = {heading.line: heading for heading in (*families["named"], *families["code"])}
    return tuple(_with_number(heading, printed) for heading in best.headings)


def _with_number(heading: Heading, printed: Mapping[int, Heading]) -> Heading:
    """The heading with the number that its line prints, where it was found by its words alone."""
    if heading.family not in _LOOSE or heading.line not in printed:
        return heading
    return replace(heading, number=printed[heading.line].number, title=printed[heading.line].title)


def _series(family: str, found: list[Heading], decisions: Sequence[int], end: int) -> Series:
    weights = [_decided(heading, found, place, decisions, end) for place, heading in enumerate(found)]
    if family in _NUMBERED:
        chosen = _rising(_of_one_shape(found) if family == "code" else found, dict(zip(found, weights, strict=True)))
    elif family in _LOOSE and decisions:
        chosen = _after_each_decision(found, decisions)
    else:
        chosen = found
    return Series(headings=tuple(chosen), score=_score(chosen, decisions, end) + _TRUST.get(family, 0.0))


def _decided(heading: Heading, found: Sequence[Heading], place: int, decisions: Sequence[int], end: int) -> bool:
    """Whether a decision stands between a heading and the next of its kind."""
    after = found[place + 1].start if place + 1 < len(found) else end
    first = bisect_left(decisions, heading.start)
    return first < len(decisions) and decisions[first] < after


def _of_one_shape(found: list[Heading]) -> list[Heading]:
    """The numbers that share what most share: the year, the date of the séance, the prefix."""
    shapes = Counter((re.sub(r"\d+", "0", each.number), rank(each.number)[:-1]) for each in found)
    ((shape, _),) = shapes.most_common(1)
    return [each for each in found if (re.sub(r"\d+", "0", each.number), rank(each.number)[:-1])[1] == shape[1]]


def _rising(found: Sequence[Heading], decided: dict[Heading, bool]) -> list[Heading]:
    """The heaviest series of rising numbers: a repeated one counts where a decision follows, not in the agenda."""
    ranks = [rank(each.number) for each in found]
    best: list[tuple[float, int]] = []
    for place, each in enumerate(found):
        before = [(best[i][0], i) for i in range(place) if ranks[i] < ranks[place]]
        weight, previous = max(before, default=(0.0, -1))
        best.append((weight + (1.0 if decided[each] else 0.2), previous))
    chain: list[Heading] = []
    place = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    while place >= 0:
        chain.append(found[place])
        place = best[place][1]
    return chain[::-1]


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


def _score(chosen: Sequence[Heading], decisions: Sequence[int], end: int) -> float:
    """How well headings and decisions go together: the harmonic mean of both shares."""
    if not chosen:
        return 0.0
    decided = sum(_decided(heading, chosen, place, decisions, end) for place, heading in enumerate(chosen))
    matters = _matters(decisions)
    if not decided:
        return 0.0 if matters else 0.3
    precision, recall = decided / len(chosen), min(1.0, decided / max(matters, 1))
    return 2 * precision * recall / (precision + recall)


def _matters(decisions: Sequence[int]) -> int:
    """How many matters the decisions seem to be about."""
    count, last = 0, -_APART
    for place in decisions:
        count += place - last > _APART
        last = place
    return count


_NO_ACT = re.compile(
    r"^\W*(?:[\divx]+\W+)?(?:questions? (?:diverses?|orales?|ecrites?)|divers\b|informations?\b|communications?\b"
    r"|tour de table|ordre du jour|presents?\b|absents?\b|excuses?\b|secretaire|pouvoirs?\b|procurations?\b|preambule"
    r"|quorum|annexes?\b|prochaine? (?:seance|reunion|conseil)|compte[- ]rendu d'activites? des? )"
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
