"""A run compared with the last good ones of its source: what is unlike them, and what is not to be believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from statistics import median_low
from typing import Any

from storage.health.observing import Observed

Alarm = dict[str, Any]

LOOKED_BACK = 5
"""How many good runs a run is compared with."""
HALF = 0.5
"""A run that lists less than this share of what is usual is not believed at once."""
LOST = 5
"""Fewer documents than this less than usual are no sudden drop."""
SHORTER = 0.8
"""A listing has lost its next pages only if it names less than this share of what is usual."""
FEWEST = 3
"""Fewer failures than this are accidents."""
KNOWN_BY = 5
"""Fewer addresses or files before than this tell nothing of what is usual."""
CHANCE = 100
"""What would happen by chance once in so many runs is no accident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a run is compared with."""

    good: Sequence[Observed]
    """Good runs by the same rules, the newest first, `LOOKED_BACK` at the most."""
    good_on: str = ""
    """The day of the newest of them."""
    doubted: int | None = None
    """How many documents the run just before listed, where that was not believed; else nothing."""

    @property
    def usual(self) -> int:
        """How many documents are usually listed: the middle of the good runs."""
        return median_low([each.listed for each in self.good]) if self.good else 0


def dead_rules(run: Observed, past: Past, source: str) -> Iterator[Alarm]:
    """Yield an alarm for each rule that matched in the good runs, but one at the most, and matches nothing now."""
    for name, (pages, matched) in run.rules.items():
        before = [counts for each in past.good if (counts := each.rules.get(name)) and counts[0]]
        silent = sum(not found for _, found in before)
        if not pages or matched or not before or silent > (len(before) > 1):
            continue
        if name == "next" and not _is_shorter(run, past):
            continue
        yield {
            "check": "rule",
            "rule": name,
            "message": f"The rule `{name}` matches nothing on {_pages(pages)}, and matched {_last_found(name, past)}: "
            f"the site may have changed, see `minutier check {source}`.",
        }


def _last_found(name: str, past: Past) -> str:
    """Return how much a rule matched when it last did: in the newest good run, or in one before."""
    found = [each.rules.get(name, (0, 0))[1] for each in past.good]
    where = f"in the good run of {past.good_on}" if found[0] else f"in good runs before that of {past.good_on}"
    return f"{next(filter(None, found))} {where}"


def _is_shorter(run: Observed, past: Past) -> bool:
    """Return whether a run lists clearly less: a listing that fits on one page has no next one."""
    return run.listed < SHORTER * past.usual and past.usual - run.listed >= FEWEST


def _pages(number: int) -> str:
    return "the one page it was tried on" if number == 1 else f"any of the {number} pages it was tried on"


def drop(run: Observed, past: Past, source: str) -> Iterator[Alarm]:
    """Yield an alarm where far fewer documents are listed than in the middle of the good runs."""
    if past.good and run.listed < HALF * past.usual and past.usual - run.listed >= LOST:
        yield {
            "check": "drop",
            "message": f"{run.listed} documents are listed where the last good runs listed {past.usual}: "
            f"compare the site with its rules, see `minutier check {source}`.",
        }


def is_doubtful(run: Observed, past: Past, alarms: Sequence[Alarm]) -> bool:
    """Return whether what a run says may not replace anything yet.

    Fewer documents together with a rule that died are not believed until the rules are changed; a sudden drop alone is
    believed when the next run says the same.
    """
    checks = {alarm["check"] for alarm in alarms}
    if "rule" in checks and run.listed < past.usual:
        return True
    again = past.doubted is not None and abs(run.listed - past.doubted) <= max(2, past.doubted // 4)
    return "drop" in checks and not again


def new_errors(run: Observed, past: Past, source: str) -> Iterator[Alarm]:
    """Yield an alarm for each kind of failure that is far more frequent than it was, such as one never met before."""
    asked = sum(each.asked for each in past.good)
    for reason, number in run.errors.items():
        before = sum(each.errors.get(reason, 0) for each in past.good)
        if is_unlike(number, run.asked, before, asked):
            usual = f"{before} of {asked} in the last good runs" if before else "none in the last good runs"
            yield {
                "check": "errors",
                "message": f"{number} of {run.asked} addresses were not answered as they should ({reason}; {usual}): "
                f"see `minutier skips --source {source} --reason {reason}`.",
            }


def is_unlike(number: int, of: int, before: int, of_before: int) -> bool:
    """Return whether a share is larger than before by more than chance: by the bound of Chernoff and Hoeffding.

    >>> is_unlike(1, 2, 0, 50), is_unlike(3, 3, 0, 50), is_unlike(4, 400, 0, 400), is_unlike(4, 4, 0, 4)
    (False, True, False, False)
    """
    if number < FEWEST or of_before < KNOWN_BY:
        return False
    share, usual = number / of, (before + 1) / (of_before + 2)
    if share <= usual:
        return False
    rest = (1 - share) * log((1 - share) / (1 - usual)) if share < 1 else 0.0
    return of * (share * log(share / usual) + rest) > log(CHANCE)
