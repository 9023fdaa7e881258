"""What a person states of a document: it stands above whatever is guessed from its text, its link or its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from extract.dates import SESSION_ACTS
from extract.model import Found, FoundDate, Precision, Role

ACT_TYPES = (
    "annexe", "arrete", "article", "communique", "compte_rendu", "convocation", "decision", "deliberation",
    "dossier_presse", "fiche_projet", "liste_deliberations", "ordre_du_jour", "pv", "raa",
)  # fmt: skip
FOUND_IN = "metadata"
_PRECISIONS = {4: "year", 7: "month", 10: "day"}


def stated(facts: Mapping[str, str], name: str) -> Found | None:
    """One stated fact, or nothing."""
    value = facts.get(name, "")
    return Found(value=value, found_in=FOUND_IN, quote=value[:200]) if value else None


def dated(facts: Mapping[str, str], kind: str, guessed: tuple[FoundDate, ...]) -> tuple[FoundDate, ...]:
    """The dates with the stated one before all others: of the séance where the kind is one that is held in a séance.

    >>> dated({"date": "2019-04"}, "pv", ())[0].role, dated({"date": "2019-04"}, "article", ())[0].role
    ('session', 'published')
    """
    value = facts.get("date", "")
    if not value:
        return guessed
    role: Role = "session" if kind in SESSION_ACTS else "published"
    precision = cast("Precision", _PRECISIONS[len(value)])
    first = FoundDate(role=role, value=value, precision=precision, found_in=FOUND_IN, quote=value)
    return (first, *(date for date in guessed if (date.role, date.value) != (role, value)))
