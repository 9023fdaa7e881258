"""What a passage says of a vote: counts in figures or words, unanimity, and what became of the matter."""

from __future__ import annotations

import re
from collections.abc import Mapping

from extract.clean import one_line
from extract.dateforms import fold
from extract.minutes.counts import IN_FAVOUR, members, places, sides
from extract.minutes.outcomes import ADOPTED, NOTED, UNANIMOUS, outcome, unanimity
from extract.model import Result, Votes

_LONGEST = 500_000
"""Further into an act than this, its annexes speak."""


def read_votes(passage: str) -> Votes | None:
    """The vote that a passage states, or None where it states none. Nothing is added up or guessed.

    >>> votes = read_votes("Adopté par 12 voix pour, 2 contre et 1 abstention.")
    >>> (votes.in_favour, votes.against, votes.abstentions, votes.result)
    (12, 2, 1, 'adopted')
    """
    passage = passage[:_LONGEST]
    folded = fold(passage)
    found = sides(folded)
    unanimous = _is_unanimous(folded, found)
    result = _result(folded, found, unanimous)
    if not result and not unanimous and all(value is None for value in found.values()):
        return None
    return Votes(unanimous=unanimous, result=result, quote=_quote(passage, folded), **found, **members(folded))


def _is_unanimous(folded: str, found: Mapping[str, int | None]) -> bool:
    """Whether the council is said to be unanimous; where counts say otherwise, beside them: `moins 2 abstentions`."""
    told = list(unanimity(folded))
    if not (found["in_favour"] and (found["against"] or found["abstentions"])):
        return bool(told)
    counts = places(folded)
    return any(_stand_together(folded, sign.start(), count) for sign in told for count in counts)


def _stand_together(folded: str, one: int, other: int) -> bool:
    """Whether two places are in one sentence."""
    first, last = sorted((one, other))
    return last - first <= _BESIDE and not re.search(r"[.;]\s|\n\s*\n", folded[first:last])


_BESIDE = 160


def _result(folded: str, found: dict[str, int | None], unanimous: bool) -> Result:
    """What became of the matter: the counts say it, else the words do."""
    pour, contre = found["in_favour"], found["against"]
    if pour is not None and contre is not None and contre != pour:
        return "rejected" if contre > pour else "adopted"
    if not pour or pour == contre:
        worded = outcome(folded)
        return worded or ("adopted" if unanimous else "")
    return "adopted"


def _quote(passage: str, folded: str) -> str:
    """The words around the first sign of the vote."""
    signs = [pattern.search(folded) for pattern in (UNANIMOUS, *IN_FAVOUR, NOTED, ADOPTED)]
    places = [sign.start() for sign in signs if sign]
    start = max(0, min(places, default=0) - 120)
    return one_line(passage[start : start + 320], 300)
