"""Silence: whether a source has published nothing new for longer than it ever does at this time of the year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median_low

FEWEST = 4
"""Days on which something was published, for a rhythm to be known."""
SPAN = timedelta(days=80)
"""The least that these days must lie apart from first to last: a week full of papers is no rhythm."""
YEAR = timedelta(days=365)
YEARS = 3
MARGIN = timedelta(days=15)
"""How much earlier or later a season may fall from year to year."""
SLACK = timedelta(days=30)
"""The least that a silence may last beyond the longest one known."""
SUMMER = (7, 8)
"""Months in which councils rest: not counted while a source has not shown what it does in them."""
LAG = timedelta(days=180)
"""How long after its date a paper may appear: minutes are adopted at the next séance, and put on-line later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How long a source is usually silent at a time of the year."""

    longest: timedelta
    """The longest silence that is usual then."""
    known: bool
    """Whether an earlier year shows it; else the longest silence of all stands for it."""

    def allowed(self, every: timedelta) -> timedelta:
        """Return how long a silence may be; what is looked for only `every` so often is seen that much later."""
        return self.longest + max(self.longest / 2, SLACK) + min(every, timedelta(days=31))


def last_sign(dates: Sequence[date], arrivals: Sequence[date], first: date) -> date:
    """Return the day since when nothing new came: that of the last arrival after the first run.

    Where the first run alone brought something, its newest paper counts, with the time that papers need to appear.
    """
    later = [day for day in arrivals if day > first]
    if later:
        return max(later)
    return min(first, max(dates) + LAG) if dates else first


def rhythm(days: Sequence[date], since: date, now: date) -> Rhythm | None:
    """Return how long a source is usually silent from one day to another, by the days on which it published.

    Where too few are known, nothing. An earlier year counts if the days reach back into it; of several years the
    middle one, so that a hole in an old archive excuses nothing.
    """
    known = sorted(set(days))
    if len(known) < FEWEST or known[-1] - known[0] < SPAN:
        return None
    gaps = list(pairwise(known))
    longest = [max(seen) for back in range(1, YEARS + 1) if (seen := list(_in_season(gaps, since, now, back)))]
    if longest:
        return Rhythm(longest=median_low(longest), known=True)
    return Rhythm(longest=max(end - start for start, end in gaps), known=False)


def _in_season(gaps: Sequence[tuple[date, date]], since: date, now: date, back: int) -> Iterator[timedelta]:
    """Yield how long the silences were that touch the same days some years earlier, if the days reach back to them."""
    start, end = since - back * YEAR - MARGIN, now - back * YEAR + MARGIN
    if gaps[0][0] <= start:
        yield from (after - before for before, after in gaps if before < end and after > start)


def quiet(since: date, now: date, *, known: bool) -> timedelta:
    """Return how long a silence is; days of summer do not count where it is not known what a source does in them.

    >>> quiet(date(2026, 6, 20), date(2026, 9, 10), known=False).days
    20
    """
    if known:
        return now - since
    days = (since + timedelta(days=n) for n in range((now - since).days))
    return timedelta(days=sum(day.month not in SUMMER for day in days))


def too_long(
    dates: Sequence[date], arrivals: Sequence[date], *, first: date, now: date, every: timedelta
) -> tuple[date, Rhythm] | None:
    """Return since when a source has been silent for longer than its rhythm allows, with the rhythm; else nothing.

    Its rhythm is that of the dates of its documents or that of their arrivals after the first run: the slower one.
    """
    past = [day for day in dates if day <= now]
    since = last_sign(past, arrivals, first)
    later = [day for day in arrivals if day > first]
    rhythms = [found for series in (past, later) if (found := rhythm(series, since, now))]
    if not rhythms:
        return None
    slowest = max(rhythms, key=lambda each: each.longest)
    known = any(each.known for each in rhythms)
    return (since, slowest) if quiet(since, now, known=known) > slowest.allowed(every) else None
