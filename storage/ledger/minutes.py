"""Séances that are known without their minutes, once these are due.

Minutes are adopted at the next séance and put on-line within a week of that (since 1 July 2022). They come late often
enough that two months of patience are added: until then the month is unknown, and no gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from storage.kinship import body_of
from storage.ledger.calendar import month_of
from storage.ledger.model import Gap
from storage.ledger.papers import Paper, of_days, texts
from storage.ledger.seances import MINUTES, Days
from storage.ledger.sources import Place

LEGAL = timedelta(days=7)
"""After the next séance."""
PATIENCE = timedelta(days=60)
FEWEST = 3
"""Séances with minutes that a source must have before it is said to publish them."""
SHARE = 0.5
"""So many of the séances since its first minutes must have theirs."""
CERTAIN = frozenset({"liste_deliberations", "deliberation"})
"""Papers that prove that a séance was held; a convocation and an agenda only announce one."""
NEAR, AHEAD = 3, 21
"""Days within which minutes of another day may be those of this séance: its day was misread, or it was put off."""
HEAD = 2_000


@dataclass(slots=True, kw_only=True)
class Judged:
    """What is missing, and what is not due yet or cannot be told: by month, a sentence."""

    gaps: list[Gap] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)


def without_minutes(
    connection: Connection, place: Place, days: Days, family: Sequence[str], loose: Sequence[Paper], now: datetime
) -> Judged:
    """Return the séances of a source that are known and have no minutes."""
    judged = Judged()
    mine = [day for day, kinds in days.get(place.id, {}).items() if kinds & MINUTES]
    held = known_days(days, family)
    if len(mine) < FEWEST or not _publishes(mine, held):
        return judged
    late = []
    for day, kinds in held.items():
        if day < mine[0] or kinds & MINUTES or _is_named_otherwise(day, kinds, held):
            continue
        sentence = _not_due(day, list(held), place, now)
        if sentence:
            judged.waiting[month_of(day)] = sentence
        else:
            late.append(day)
    for day in _of_the_same_body(connection, family, mine, late):
        _judge(judged, place, day, held[day], loose)
    return judged


def known_days(days: Days, family: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Return the days of séances that any source of an authority knows, with the kinds of papers there are."""
    found: dict[str, frozenset[str]] = {}
    for source in family:
        for day, kinds in days.get(source, {}).items():
            found[day] = found.get(day, frozenset()) | kinds
    return dict(sorted(found.items()))


def _publishes(mine: Sequence[str], held: Mapping[str, frozenset[str]]) -> bool:
    """Return whether most séances between the first and the last minutes of a source have minutes."""
    since = [day for day in held if mine[0] <= day <= mine[-1]]
    return len(mine) >= SHARE * len(since)


def _is_named_otherwise(day: str, kinds: frozenset[str], held: Mapping[str, frozenset[str]]) -> bool:
    """Return whether minutes of another day are probably those of this séance."""
    told = bool(kinds & CERTAIN)
    if not told and not kinds & {"convocation", "ordre_du_jour"}:
        return True  # nothing proves a séance
    ahead = NEAR if told else AHEAD
    return any(
        -NEAR <= (date.fromisoformat(other) - date.fromisoformat(day)).days <= ahead
        for other, papers in held.items()
        if papers & MINUTES
    )


def _not_due(day: str, held: Sequence[str], place: Place, now: datetime) -> str:
    """Return why the minutes of a séance cannot be missed yet, or nothing."""
    following = next((each for each in held if each > day), "")
    if not following:
        return f"The minutes of the séance of {day} are adopted at the next one, which is not known yet."
    due = date.fromisoformat(following) + LEGAL
    patient = due + PATIENCE
    if now.date() <= due:
        return f"The minutes of the séance of {day} are not due before {due}."
    if now.date() <= patient:
        return f"The minutes of the séance of {day} are late: they were due on {due}."
    if place.last_good[:10] <= str(patient):
        return f"The minutes of the séance of {day} were not looked for since {patient}."
    return ""


def _of_the_same_body(
    connection: Connection, family: Sequence[str], mine: Sequence[str], late: Sequence[str]
) -> Iterator[str]:
    """Yield the days of those bodies whose minutes the source has: a bureau that publishes none owes none."""
    if not late:
        return
    papers = of_days(connection, family, [*mine[-20:], *late])
    said = texts(connection, [each for ids in papers.values() for each in ids], HEAD)
    bodies = {day: {body_of(said[each]) for each in ids} - {""} for day, ids in papers.items()}
    publish = {body for day in mine[-20:] for body in bodies.get(day, ())}
    for day in late:
        if not bodies.get(day) or not publish or bodies[day] & publish:
            yield day


def _judge(judged: Judged, place: Place, day: str, kinds: frozenset[str], loose: Sequence[Paper]) -> None:
    """Enter one séance whose minutes are overdue: a gap, unless a paper that cannot be placed may be they."""
    month = month_of(day)
    hidden = [paper for paper in loose if paper.act_type in (*MINUTES, "") and not paper.on_a_day]
    if any(paper.may_be_of(day, day) for paper in hidden):
        judged.waiting[month] = f"Minutes without a certain day may be those of the séance of {day}."
        return
    known = ", ".join(sorted(kinds - {""})).replace("_", " ")
    sentence = f"The séance of {day} is known from other papers ({known}), and its minutes never came."
    facts = {"day": day}
    judged.gaps.append(Gap(source=place.id, kind="minutes", key=day, month=month, sentence=sentence, facts=facts))
