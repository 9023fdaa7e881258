"""Dates of stamps: in the identifier of the electronic transmission, and behind the formulas that stamps use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.clean import one_line
from extract.dateforms import dates_in, dates_in_name, fold
from extract.model import FoundDate, Role

_IDENTIFIER = re.compile(r"\b\d{3}-\d{9}-((?:19|20)\d{6})-([\w.]{1,40}?)-[a-z]{2}\b", re.I)
_STATE = (
    r"(?:(?:en |a la |au |par la |par le )?(?:sous[- ])?(?:prefecture|prefet|controle de legalite)(?: de [\w-]{2,30})?)"
)
# What stands right before the date, whatever page it is on: each act of a register may bear its own.
_WORDS: tuple[tuple[Role, str], ...] = (
    ("transmitted", rf"date de (?:tele)?transmission(?: {_STATE})?|date de reception(?: {_STATE})?"),
    ("transmitted", rf"(?:envoye|recu|depose|transmis|teletransmis)e?s? {_STATE}"),
    ("published", r"date (?:d'affichage|de l'affichage|de (?:la )?publication|de mise en ligne)"),
    ("published", r"(?:affiche|publie|mis en ligne)e?s? le"),
    ("convocation", r"date (?:de (?:l'avis de |la )?)?convocation"),
)
_FORMULAS = tuple((role, re.compile(rf"\b(?:{words})\s?(?:le\b)?[\s:|]{{0,6}}(?=\d)")) for role, words in _WORDS)
_NEAR = 30
_MOST = 5


def from_identifiers(head: str) -> Iterator[tuple[int, FoundDate]]:
    """The stamp of the prefecture: DDD-SIREN-DATE-NUMBER-NATURE.

    Its date is that of the act; minutes are stamped with the date of the séance that adopted them,
    and then only a date inside their number counts.
    """
    for match in _IDENTIFIER.finditer(head):
        inner = [date for date in dates_in_name(match[2]) if date.form == "compact"]
        if inner:
            yield 3, _dated("session", inner[0].value, "first_page", match[0])
        elif not re.match(r"pv|cr", match[2], re.I):
            for date in dates_in_name(match[1]):
                yield 7, _dated("session", date.value, "first_page", match[0])


def from_stamps(text: str) -> Iterator[tuple[int, FoundDate]]:
    """The dates that such a formula stands before, a few of each role."""
    folded = fold(text)
    for role, formula in _FORMULAS:
        found: dict[str, FoundDate] = {}
        for match in formula.finditer(folded):
            for date in dates_in(text[match.end() : match.end() + _NEAR])[:1]:
                if date.start == 0 and date.precision == "day" and date.value[:2] != "--":
                    quote = text[match.start() : match.end() + date.end]
                    found.setdefault(date.value, _dated(role, date.value, "text", quote))
        yield from ((21, date) for date in list(found.values())[:_MOST])


def _dated(role: Role, value: str, found_in: str, quote: str) -> FoundDate:
    return FoundDate(role=role, value=value, precision="day", found_in=found_in, quote=one_line(quote, 200))
