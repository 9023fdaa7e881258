"""Printed numbers of acts: series, and the numbers of each that the papers of a source have.

`2024-045` is the 45th of the series `2024-#`, `45-2024` that of `#-2024` (the year of its own séance), `12` the 12th of
`#`. The labels of the passages hold the numbers, so no fact of any document is read. They are taken apart here and not
by the database, which needs three times as long for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, case, func, literal, or_, select

from extract.dates import SESSION_ACTS
from storage.models import Document, DocumentSource, Passage

DIGITS = "0123456789"
LONGEST = 6
"""Digits of a number that counts: longer ones are telephone numbers, dates, identifiers."""

Place = tuple[int, str, str]
"""A number, the day of its séance, the document it stands in."""
Group = tuple[str, str]
"""A series and a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One numbered act in one document."""

    number: int
    day: str
    document_id: str


@dataclass(slots=True)
class Printed:
    """The numbers that the papers of one source print."""

    groups: dict[Group, list[Place]]
    undated: list[str]
    """The labels in papers that have no day."""

    def has(self, series: str, year: str, number: int, first: str, last: str) -> bool:
        """Return whether a number is there: with its year in it anywhere, else in a séance between two days."""
        yearly = year in series
        for (name, _), places in self.groups.items():
            if name == series and any(number == each and (yearly or first <= day <= last) for each, day, _ in places):
                return True
        return any(taken_apart(label, year) == (series, number) for label in self.undated)


def on_a_day() -> ColumnElement[bool]:
    """Return the condition that a document's date is the day of its séance."""
    stated = (Document.date_role == "stated") & Document.act_type.in_(sorted(SESSION_ACTS))
    return (func.length(Document.date) == 10) & or_(Document.date_role == "session", stated)


def taken_apart(label: str, year: str) -> tuple[str, int] | None:
    """Return the series of a label and its number in it; nothing for one that counts nothing.

    >>> taken_apart("2024-045", "2024"), taken_apart("45-2024", "2024"), taken_apart("12", ""), taken_apart("IV", "")
    (('2024-#', 45), ('#-2024', 45), ('#', 12), None)
    """
    behind = f"-{year}" if year and len(label) > 5 and label.endswith(f"-{year}") else ""
    base = label[:-5] if behind else label
    before = base.rstrip(DIGITS)
    digits = base[len(before) :]
    return (f"{before}#{behind}", int(digits)) if 0 < len(digits) <= LONGEST else None


def printed_by(connection: Connection, source: str) -> Printed:
    """Return the numbers that the papers of a source print, by series and year."""
    query = (
        select(case((on_a_day(), Document.date), else_=literal("")), Document.id, Passage.label)
        .select_from(DocumentSource)
        .join(Document, Document.id == DocumentSource.document_id)
        .join(Passage, Passage.version_id == Document.current_version_id)
        .where(DocumentSource.source_id == source, Passage.kind == "act", Passage.label.not_like("#%"))
    )
    groups: dict[Group, list[Place]] = defaultdict(list)
    undated: list[str] = []
    for day, identity, label in connection.execute(query).all():
        year = day[:4]
        apart = taken_apart(label, year)
        if not day:
            undated.append(label)
        elif apart and "~" not in label:
            groups[apart[0], year].append((apart[1], day, identity))
    return Printed(dict(groups), undated)


def broken(printed: Printed) -> Iterator[tuple[Group, list[Act]]]:
    """Yield the groups in which a number may be wanting, in order, each with its acts by number."""
    for group, places in sorted(printed.groups.items()):
        if not _is_whole(places):
            yield group, [Act(number=number, day=day, document_id=identity) for number, day, identity in sorted(places)]


def _is_whole(places: list[Place]) -> bool:
    """Return whether nothing can be wanting: each séance has all its numbers, or one paper, and they follow another."""
    numbers: dict[str, set[int]] = defaultdict(set)
    papers: dict[str, set[str]] = defaultdict(set)
    for number, day, identity in places:
        numbers[day].add(number)
        papers[day].add(identity)
    ranges = [(min(numbers[day]), max(numbers[day]), day) for day in sorted(numbers)]
    between = any(one[1] + 1 < other[0] for one, other in pairwise(ranges))
    return not between and all(
        high - low + 1 == len(numbers[day]) or len(papers[day]) == 1 for low, high, day in ranges
    )
