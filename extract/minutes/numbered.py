"""Which of the headings that bear numbers belong to one series."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import takewhile

from extract.dateforms import fold
from extract.minutes.headings import Heading
from extract.minutes.numbers import key_of, rank
from extract.minutes.titled import opening

_BACK = 0.5
"""What it costs a series of whole numbers (`2008/77`) to go back once: a slip of the pen, or acts out of order."""
_AGAIN = 1.9
"""What it costs a series of ordinals (`3.`) to begin again at 1, as in the next chapter of a paper."""
Weights = Mapping[Heading, float]
"""1 for a heading that a decision follows, less for another."""


def rising(found: Sequence[Heading], weights: Weights) -> list[Heading]:
    """The ordinals that rise, without those told again further down, as the lines of an agenda are."""
    last = {(each.number, opening(fold(each.title))): each for each in found}
    told = [each for each in found if last[each.number, opening(fold(each.title))] is each]
    return _heaviest(told, {each: rank(each.number) for each in told}, weights)


def of_one_shape(found: Sequence[Heading], weights: Weights) -> list[Heading]:
    """The whole numbers that have as many parts as most: `2008/77`; what counts up is the part that varies most.

    Another year or prefix than that of most is a slip of the pen where a decision follows, else a number cited.
    """
    once = _each_once(found, weights)
    parts = {each: rank(each.number) for each in once}
    ((length, _),) = Counter(map(len, parts.values())).most_common(1)
    alike = [each for each in once if len(parts[each]) == length]
    counting = max(range(length), key=lambda i: (len({parts[each][i] for each in alike}), i), default=0)
    counts = {each: (*parts[each][counting : counting + 1], *_letter(each)) for each in alike}
    rest = {each: parts[each][:counting] + parts[each][counting + 1 :] for each in alike}
    ((most, _),) = Counter(rest.values()).most_common(1)
    usual = [each for each in alike if rest[each] == most]
    counted, prefixes = {counts[each] for each in usual}, {"", *map(_prefix, usual)}
    slips = {
        each for each in alike if weights[each] == 1.0 and counts[each] not in counted and _prefix(each) in prefixes
    }
    kept = [each for each in alike if rest[each] == most or each in slips]
    return _heaviest(kept, counts, weights, back=_BACK)


def _each_once(found: Sequence[Heading], weights: Weights) -> list[Heading]:
    """One heading for each number: the last that a decision follows, else the last."""
    once: dict[str, Heading] = {}
    for each in found:
        before = once.get(key_of(each.number))
        if not before or weights[each] >= weights[before]:
            once[key_of(each.number)] = each
    return sorted(once.values(), key=lambda each: each.start)


def _prefix(heading: Heading) -> str:
    """The letters before a number: DE of `DE-2012/45`."""
    return "".join(takewhile(str.isalpha, heading.number))


def _letter(heading: Heading) -> tuple[int, ...]:
    """What the letter after a number counts: that of `2016.12.19 - 2 B`."""
    return tuple(map(ord, re.findall("[A-H]$", heading.number)))


def _heaviest(
    found: Sequence[Heading],
    counts: Mapping[Heading, tuple[int, ...]],
    weights: Weights,
    *,
    back: float | None = None,
) -> list[Heading]:
    """The heaviest series of rising numbers; going back costs `back`, or `_AGAIN` at a number that begins anew."""
    best: list[tuple[float, int]] = []
    for place, each in enumerate(found):
        cost = back if back is not None else _AGAIN if counts[each] == (1,) else None
        before = [
            (best[i][0] - (0.0 if counts[found[i]] < counts[each] else cost or 0.0), i)
            for i in range(place)
            if cost is not None or counts[found[i]] < counts[each]
        ]
        weight, previous = max([*before, (0.0, -1)])
        best.append((weight + weights[each], previous))
    chain: list[Heading] = []
    place = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    while place >= 0:
        chain.append(found[place])
        place = best[place][1]
    return chain[::-1]
