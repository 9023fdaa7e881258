"""Dates for tools that want a whole day: what is known, and what was put in the place of what is not."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day, its unknown parts filled with 1."""

    year: int
    month: int
    day: int
    filled: str
    """What is not known and stands as 1: `month and day`, `day`, or nothing."""


def whole_day(date: str) -> Day | None:
    """Return the day of a date as short as it is known; nothing where no year is known.

    >>> whole_day("2019-04")
    Day(year=2019, month=4, day=1, filled='day')
    """
    found = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", date)
    if not found:
        return None
    year, month, day = found.groups()
    filled = "" if day else "day" if month else "month and day"
    return Day(year=int(year), month=int(month or 1), day=int(day or 1), filled=filled)
