"""The plan of the year: which séances were held, which papers tell of them, and the day each came on line.

Written out by hand: the expected ledger in tests/minutier/test_year.py was written from it, not computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from hashlib import sha256

FIRST, LAST = date(2025, 1, 6), date(2026, 1, 26)
"""The first and the last Monday on which the scheduler wakes up."""
CLOSED = (date(2025, 11, 10), date(2025, 11, 24))
"""The Mondays on which the laptop was closed, the last one included."""
TWICE = date(2025, 3, 3)
"""The Monday on which two schedulers wake up at once."""
REDESIGN = date(2025, 5, 12)
"""The day from which Brunelle's site has other classes and other addresses."""
MENDED = date(2025, 6, 9)
"""The day on which sources.yaml has Brunelle's new rules."""
MERGER = date(2025, 7, 1)
"""The day from which Dournac is a part of Ermeval."""
HOLE = "2025-025"
"""The number that Aubeterne's council never used, or whose deliberation nobody put on line: the first of July."""

LIST_AFTER = timedelta(days=6)
"""How long after a séance its list of deliberations is on line (the law says within a week)."""
MINUTES_AFTER = timedelta(days=6)
"""How long after the next séance, which adopts them, the minutes are on line."""
HELD = {
    "aubeterne": [date(2024, m, 17) for m in (9, 10, 11, 12)] + [date(2025, m, 16) for m in range(1, 13)],
    "brunelle": [date(2024, m, 12) for m in (9, 10, 11, 12)] + [date(2025, m, 8) for m in range(1, 13)],
    "clairmorte": [date(2024, m, 5) for m in (9, 10, 11, 12)] + [date(2025, m, 6) for m in range(1, 6)],
    "dournac": [date(2024, m, 19) for m in (9, 10, 11, 12)] + [date(2025, m, 13) for m in range(1, 7)],
    "ermeval": [date(2025, m, 10) for m in range(7, 13)],
    "fontgrise": [date(2025, m, 18) for m in range(3, 13)],
    "grandjossan": [date(2024, m, 3) for m in (9, 10, 11, 12)] + [date(2025, m, 4) for m in range(1, 13)],
}
"""The séances of each council, one a month: twelve of 2025, where the council was there all year and not silent."""
for town, days in HELD.items():
    if town not in ("clairmorte", "dournac"):
        days.append(days[-1].replace(year=2026, month=1))
LATE = {
    ("aubeterne", date(2025, 3, 16)): date(2025, 7, 22),  # three months late
    ("dournac", date(2025, 6, 13)): date(2025, 6, 20),  # the last séance adopts its own minutes
}
"""Minutes that come on line on another day than they should."""
NAMES = {
    "aubeterne": "Aubeterne-la-Feinte",
    "brunelle": "Brunelle-sur-Songe",
    "clairmorte": "Clairmorte-en-Fable",
    "dournac": "Dournac-l'Inventé",
    "ermeval": "Ermeval-Nouvelle-Fiction",
    "fontgrise": "Fontgrise-des-Contes",
    "grandjossan": "Grand-Jossan-Imaginaire",
}
"""The towns, each with a name that says that there is no such town."""
WORKS = ("Réfection", "Acquisition", "Vente", "Aménagement", "Entretien", "Assurance", "Éclairage", "Location", "Étude",
         "Extension", "Inauguration", "Mise aux normes", "Règlement intérieur", "Tarifs")  # fmt: skip
THINGS = ("de la toiture du gymnase", "du jardin partagé", "de la médiathèque", "de l'ancien presbytère", "des berges",
          "de la place du marché", "de la salle des fêtes", "du restaurant scolaire", "du cimetière", "de la halle",
          "du foyer des aînés", "de la station d'épuration", "du stade", "de l'école", "du lavoir")  # fmt: skip
ENDS = ("avec la ville jumelée", "pour l'exercice en cours", "sur le domaine communal", "dans le cadre d'un groupement",
        "au titre de la coopération décentralisée", "en régie", "à titre gracieux", "par voie d'avenant",
        "après enquête", "en lien avec le syndicat", "pour trois ans", "au profit des associations")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A deliberation: its number and what it is about."""

    number: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seance:
    """A meeting of a council."""

    town: str
    held: date
    acts: tuple[Act, ...]
    minutes_on: date
    """When its minutes come on line."""

    @property
    def list_on(self) -> date:
        """When its list of deliberations comes on line."""
        return self.held + LIST_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document of a séance, as it stands on line."""

    kind: str
    """`liste`, `pv` or, where each deliberation has its own page, `deliberation`."""
    seance: Seance
    since: date
    acts: tuple[Act, ...] = field(default=())

    @property
    def name(self) -> str:
        """What tells it from the other papers of its town, fit for an address."""
        number = f"-{self.acts[0].number}" if self.kind == "deliberation" else ""
        return f"{self.kind}-{self.seance.held:%Y-%m-%d}{number}"


def subject(*about: str) -> str:
    """Return what a deliberation is about: other words for other numbers and towns, the same ones each time."""
    return " ".join(choice(words, *about) for words in (WORKS, THINGS, ENDS))


def choice(words: tuple[str, ...], *about: str) -> str:
    """Return one of some words, by what it is about."""
    return words[sha256("|".join((*about, words[0])).encode()).digest()[0] % len(words)]


@cache
def seances(town: str) -> tuple[Seance, ...]:
    """Return the séances of a council, each with deliberations numbered through the year."""
    days = HELD[town]
    each = 2 if town == "grandjossan" else 4
    found = []
    for place, held in enumerate(days):
        before = sum(day.year == held.year for day in days[:place])
        # A council that begins within a year has the numbers of its own year's séances only.
        numbers = [f"{held.year}-{before * each + n:03}" for n in range(1, each + 1)]
        acts = [Act(number=number, subject=subject(town, number)) for number in numbers]
        kept = tuple(act for act in acts if (town, act.number) != ("aubeterne", HOLE))
        following = days[place + 1] if place + 1 < len(days) else held + timedelta(days=30)
        minutes_on = LATE.get((town, held), following + MINUTES_AFTER)
        found.append(Seance(town=town, held=held, acts=kept, minutes_on=minutes_on))
    return tuple(found)


def papers(town: str) -> Iterator[Paper]:
    """Yield the papers that a town ever puts on line, the oldest first."""
    for seance in seances(town):
        if town == "grandjossan":
            for act in seance.acts:
                yield Paper(kind="deliberation", seance=seance, since=seance.list_on, acts=(act,))
            continue
        yield Paper(kind="liste", seance=seance, since=seance.list_on, acts=seance.acts)
        if town != "clairmorte" or seance.held != HELD[town][-1]:
            # Clairmorte fell silent before it put its last minutes on line.
            yield Paper(kind="pv", seance=seance, since=seance.minutes_on, acts=seance.acts)


def on_line(town: str, day: date) -> list[Paper]:
    """Return the papers that a town's site lists on a day, the newest first."""
    return sorted((p for p in papers(town) if p.since <= day), key=lambda p: (p.since, p.name), reverse=True)
