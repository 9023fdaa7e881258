"""Numbers, days and sentences as they are printed in French and in English."""

from __future__ import annotations

import re
from typing import Any

from minutier.agreeing import agreed
from storage.citing.french import MONTHS, day

LANGUAGES = ("fr", "en")
NARROW = "\u202f"
"""The no-break space that French puts between thousands, within quotation marks, and before ; : ! ? and %."""
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
INITIALS = {"fr": "JFMAMJJASOND", "en": "JFMAMJJASOND"}
BEFORE = re.compile(r"(?<=[^\s]) ([;:!?»%])")
AFTER = re.compile(r"« ")


def spaced(text: str, lang: str) -> str:
    """Return a text of ours with the spaces that its language wants.

    >>> spaced("Un titre : « oui » ; 3 %", "fr") == "Un titre\u202f: «\u202foui\u202f»\u202f; 3\u202f%"
    True
    """
    return AFTER.sub(f"«{NARROW}", BEFORE.sub(NARROW + r"\1", text)) if lang == "fr" else text


def number(value: float, lang: str) -> str:
    """Return a number with its thousands set apart, and at most three decimals.

    >>> number(12345, "en"), number(12345, "fr") == "12\u202f345", number(0.25, "fr"), number(5.0, "en")
    ('12,345', True, '0,25', '5')
    """
    whole, _, decimals = f"{value:,.3f}".partition(".")
    decimals = decimals.rstrip("0")
    if lang == "fr":
        return whole.replace(",", NARROW) + (f",{decimals}" if decimals else "")
    return whole + (f".{decimals}" if decimals else "")


def percent(part: int, whole: int, lang: str) -> str:
    """Return a share; what is there is never rounded to nothing, and what lacks something never to all.

    >>> percent(1, 3, "en"), percent(1, 1000, "en"), percent(999, 1000, "en"), percent(0, 0, "en")
    ('33%', '<1%', '>99%', '–')
    """
    if not whole:
        return "–"
    share = round(100 * part / whole)
    said = "<1" if part and not share else ">99" if part < whole and share == 100 else str(share)
    return spaced(f"{said} %", lang) if lang == "fr" else f"{said}%"


def date_in(value: str | None, lang: str) -> str:
    """Return a day, a month or a year in words, whatever hour stands behind it.

    >>> date_in("2024-07-01T10:00:00Z", "fr"), date_in("2024-07", "en"), date_in("", "en")
    ('1er juillet 2024', 'July 2024', '–')
    """
    if not value:
        return "–"
    if lang == "fr":
        return day(value[:10])
    year, month, number_ = [*value[:10].split("-"), "", ""][:3]
    return " ".join(filter(None, [number_.lstrip("0"), ENGLISH_MONTHS[int(month) - 1] if month else "", year]))


def month_names(lang: str) -> tuple[str, ...]:
    """Return the names of the twelve months."""
    return MONTHS if lang == "fr" else ENGLISH_MONTHS


class Spelled(int):
    """A whole number that is printed as its language wants it."""

    lang: str

    @classmethod
    def of(cls, value: int, lang: str) -> Spelled:
        """Return a number that knows its language."""
        made = cls(value)
        made.lang = lang
        return made

    def __str__(self) -> str:
        return number(int(self), self.lang)


def sentence(words: str, values: dict[str, Any], lang: str) -> str:
    """Return a sentence with its values, agreeing with its numbers and spaced as its language wants.

    >>> sentence("{n} document[|s] : fini", {"n": 1200}, "fr") == "1\u202f200 documents\u202f: fini"
    True
    """
    spelled = {name: Spelled.of(n, lang) if type(n) is int else n for name, n in values.items()}
    return agreed(spaced(words, lang), spelled, lang)
