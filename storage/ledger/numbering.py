"""Gaps in the numbering of deliberations: numbers that are wanting between two papers of one series.

A gap is claimed only where all of this holds (`docs/decisions/0010-ledger.md` says why):

* the number stands between two numbers of **different documents**: what is wanting inside one paper is wanting in the
  paper, and that is here;
* the series runs on without a break in at least `STEPS` steps from one document to another, and in `SHARE` of all such
  steps: numbers that are evidently not consecutive prove nothing;
* numbers and séances rise together; where they do not, the series begins anew with each séance, and only what is
  wanting within one séance counts;
* no more is wanting than is there;
* no paper that may be of these séances is without text, without numbers or without date;
* the number is not printed, unseen by the reader, in the papers on both sides, nor known from another source of the
  same authority.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy import Connection

from storage.ledger.acts import Act, Printed, broken, printed_by
from storage.ledger.calendar import after, month_of
from storage.ledger.model import Gap
from storage.ledger.papers import Paper, texts

STEPS = 4
"""Unbroken steps between documents, at the least, before a broken one means anything."""
SHARE = 0.8
"""So many of the steps between documents must be unbroken."""
LOOKED_INTO = 2_000_000
"""Characters of a paper in which a number is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """Numbers wanting between two others."""

    series: str
    year: str
    before: Act
    after: Act
    wanting: tuple[int, ...]
    unbroken: int
    steps: int

    def gap(self, source: str) -> Gap:
        """Return it as the ledger says it."""
        low, high = self.wanting[0], self.wanting[-1]
        day, next_day = self.before.day, self.after.day
        where = f"of the séance of {day}" if day == next_day else f"between the séances of {day} and {next_day}"
        many = len(self.wanting) > 1
        sentence = (
            f"{'Numbers' if many else 'Number'} {spelled(self.series, self.wanting)} {where}: in no paper of this "
            f"source. It has {self.named(self.before.number)} and {self.named(self.after.number)}, and in this series "
            f"{self.unbroken} of {self.steps} steps from one paper to the next have no break."
        )
        return Gap(
            source=source,
            kind="numbers",
            key=f"{self.series}|{self.year}|{low}-{high}",
            month=self.month,
            sentence=sentence,
            facts={
                "wanting": len(self.wanting),
                "numbers": spelled(self.series, self.wanting),
                "first": self.named(self.before.number),
                "then": self.named(self.after.number),
                "from_day": day,
                "to_day": next_day,
                "unbroken": self.unbroken,
                "steps": self.steps,
            },
        )

    def named(self, number: int) -> str:
        """Return a number as it may be printed."""
        return spelled(self.series, (number,))

    @property
    def month(self) -> str:
        """The month it is counted in: that of the séance, else the first month between, else that of the one before."""
        first, last = month_of(self.before.day), month_of(self.after.day)
        return after(first) if after(first) < last else first


def spelled(series: str, numbers: Sequence[int]) -> str:
    """Return numbers in words: runs are shortened.

    >>> spelled("2024-#", (4, 5, 6, 9)), spelled("#", (3,))
    ('2024-4 to 2024-6, 2024-9', '3')
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [[series.replace("#", str(number)) for number in (run[0], run[-1])] for run in runs]
    return ", ".join(first if first == last else f"{first} to {last}" for first, last in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a claim is checked against."""

    connection: Connection
    loose: Mapping[str, Sequence[Paper]]
    """By source: papers that may hold unseen what seems to be missing."""
    family: Callable[[str], Sequence[str]]
    """The sources of the same authority, a source itself among them."""
    known: dict[str, Printed] = field(default_factory=dict)

    def printed(self, source: str) -> Printed:
        """Return the numbers that another source prints, read once."""
        if source not in self.known:
            self.known[source] = printed_by(self.connection, source)
        return self.known[source]


def gaps(ground: Ground, sources: Sequence[str]) -> Iterator[Gap]:
    """Yield the gaps in the numbering of some sources. Only series that are not whole are looked at closely."""
    for source in sources:
        printed = printed_by(ground.connection, source)
        for (series, year), found in broken(printed):
            for hole in holes(series, year, found):
                left = confirmed(ground, source, printed, hole)
                if left:
                    yield left.gap(source)


def holes(series: str, year: str, found: Sequence[Act]) -> Iterator[Hole]:
    """Yield what is wanting in a series of one year, unless it is evidently not consecutive."""
    reach = _reach(found)
    runs = [list(found)] if rises(found) else _by_day(found)
    steps = [step for run in runs for step in _steps(run, reach)]
    unbroken = sum(before.number + 1 == behind.number for before, behind in steps)
    if unbroken < STEPS or unbroken < SHARE * len(steps):
        return
    there = len({act.number for act in found})
    for before, behind in steps:
        wanting = tuple(range(before.number + 1, behind.number))
        if 0 < len(wanting) <= there:
            yield Hole(
                series=series,
                year=year,
                before=before,
                after=behind,
                wanting=wanting,
                unbroken=unbroken,
                steps=len(steps),
            )


def rises(found: Sequence[Act]) -> bool:
    """Return whether the numbers rise with the séances: none of a later séance is lower than one of an earlier."""
    by_day: dict[str, list[int]] = defaultdict(list)
    for act in found:
        by_day[act.day].append(act.number)
    ranges = [(min(numbers), max(numbers)) for _, numbers in sorted(by_day.items())]
    return all(one[1] < other[0] for one, other in pairwise(ranges))


def _by_day(found: Sequence[Act]) -> list[list[Act]]:
    by_day: dict[str, list[Act]] = defaultdict(list)
    for act in found:
        by_day[act.day].append(act)
    return [by_day[day] for day in sorted(by_day)]


def _reach(found: Sequence[Act]) -> list[tuple[int, int, str]]:
    """Return from which number to which each document with several reaches, with its day."""
    ends: dict[str, tuple[int, int, str]] = {}
    for act in found:
        low, high, day = ends.get(act.document_id, (act.number, act.number, act.day))
        ends[act.document_id] = (min(low, act.number), max(high, act.number), day)
    return [(low, high, day) for low, high, day in ends.values() if low < high]


def _steps(run: Sequence[Act], reach: Sequence[tuple[int, int, str]]) -> Iterator[tuple[Act, Act]]:
    """Yield each number and the next one of a run where no single document holds both."""
    first_of = {act.number: act for act in reversed(run)}
    numbers = sorted(first_of)
    for one, other in pairwise(numbers):
        before, behind = first_of[one], first_of[other]
        if not any(low <= one and other <= high and day in (before.day, behind.day) for low, high, day in reach):
            yield before, behind


def confirmed(ground: Ground, source: str, printed: Printed, hole: Hole) -> Hole | None:
    """Return what is left of a hole once everything that may fill it was looked at, or nothing."""
    days = (hole.before.day, hole.after.day)
    if any(_may_hide(paper, *days) for paper in ground.loose.get(source, ())):
        return None
    others = [ground.printed(each) for each in ground.family(source) if each != source]
    there = {
        number
        for number in hole.wanting
        for each in (printed, *others)
        if each.has(hole.series, hole.year, number, *days)
    }
    there |= _unseen(ground, hole, set(hole.wanting) - there)
    wanting = tuple(number for number in hole.wanting if number not in there)
    if not wanting:
        return None
    names = ("series", "year", "before", "after", "unbroken", "steps")
    return Hole(wanting=wanting, **{name: getattr(hole, name) for name in names})


def _may_hide(paper: Paper, first: str, last: str) -> bool:
    """Return whether a paper may hold numbers that were not found: an agenda and a convocation are no acts."""
    holds = paper.act_type not in ("convocation", "ordre_du_jour")
    return holds and not (paper.on_a_day and paper.readable and paper.numbered) and paper.may_be_of(first, last)


def _unseen(ground: Ground, hole: Hole, wanting: set[int]) -> set[int]:
    """Return which numbers are printed in the papers on both sides, although no act was found under them."""
    held = {hole.before.document_id, hole.after.document_id}
    said = texts(ground.connection, held, LOOKED_INTO)
    return {number for number in wanting for text in said.values() if is_printed(hole.series, number, text)}


def is_printed(series: str, number: int, text: str) -> bool:
    """Return whether a number stands in a text: one with its series anywhere, a bare one where a heading has it.

    >>> is_printed("2024-#", 7, "Délibération n° 2024_007"), is_printed("#", 7, "à 7 h"), is_printed("#", 7, "7) Vœu")
    (True, False, True)
    """
    before, _, behind = series.partition("#")
    apart = r"[\s./_–—‐-]*"
    parts = [re.escape(part) for part in re.split("-+", before) if part] + [f"0*{number}"]
    parts += [re.escape(part) for part in re.split("-+", behind) if part]
    words = apart.join(parts)
    if len(parts) == 1:
        words = rf"(?:^\W*|\bn\s?[°ºo]\s*|\b(?:deliberation|délibération|question|point|affaire)\s+){words}"
    return re.search(rf"(?im)(?<!\d){words}(?!\d)", text) is not None
