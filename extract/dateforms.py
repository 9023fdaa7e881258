"""The forms of a written date in French, Occitan, Catalan, Spanish, English, Chinese and in file names."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extract.model import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A date as it stands in a text: its place and its value."""

    start: int
    end: int
    value: str
    """2019, 2019-04 or 2019-04-18; --04-18 where the year is not written."""
    precision: Precision
    form: str
    """long | words | numeric | short | iso | compact | chinese | month | partial | year"""


MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv january jan gener genier enero",
            "fevrier fevr fev february feb febrer febrier febrero",
            "mars march mar marc marzo",
            "avril avr april apr abril abriu",
            "mai may maig mayo",
            "juin june jun juny junh junio",
            "juillet juil july jul juliol julhet julio",
            "aout aug august agost avost agosto",
            "septembre sept september sep setembre septiembre",
            "octobre oct october octubre",
            "novembre nov november noviembre",
            "decembre dec december desembre deceembre diciembre",
        ),
        1,
    )
    for name in names.split()
}
_UNITS = {
    word: number
    for number, word in enumerate(
        [
            "un",
            "deux",
            "trois",
            "quatre",
            "cinq",
            "six",
            "sept",
            "huit",
            "neuf",
            "dix",
            "onze",
            "douze",
            "treize",
            "quatorze",
            "quinze",
            "seize",
        ],
        1,
    )
} | {"premier": 1, "une": 1}
_TENS = {
    "vingts": 20, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
}  # fmt: skip
_SCALES = {"cents": 100, "cent": 100, "mille": 1000, "milles": 1000, "mil": 1000}
_NUMBERS = _UNITS | _TENS
_WORD = "(?:" + "|".join(sorted(_NUMBERS | _SCALES, key=len, reverse=True)) + ")"
_SEQUENCE = rf"{_WORD}(?:[\s\-\u2010-\u2014]*(?:et[\s\-\u2010-\u2014]+(?={_WORD}))?{_WORD}){{0,10}}"
_MONTH = "(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_WEEKDAY = (
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|dilluns|dimarts|dimecres|dijous|divendres|dissabte|diumenge|diluns|dimars|dimecres|dijous|divendres|dissabte"
    r"|dimenge)[\s,]+)?"
)
_DE = r"(?:\s*(?:de\s+|d['\u2019]\s*|del\s+|du\s+mois\s+(?:de\s+|d['\u2019]\s*))|\s*[-_.]?\s*)"
_DAY = r"(\d{1,2})\s*(?:er\b|°|st\b|nd\b|rd\b|th\b|e\b)?"
_YEAR = r"((?:19|20)\d{2})(?!\d)"
_Y = r"(?P<y>(?:19|20)\d{2})"
_SEP = r"[\s,]*(?:[-_.]|\bde\b|\bdel\b|\bde\s+l['\u2019]an\b)?\s*"


def fold(text: str) -> str:
    """The text in lower case without accents, letter for letter: offsets stay the same."""
    return text.translate(_FOLDED)


def _fold_char(char: str) -> str:
    if char < "\x80":
        return char.lower()
    base = unicodedata.normalize("NFD", char)[0].lower()[:1]
    return "'" if base == "\u2019" else base


class _Folded(dict[int, str]):
    """Folded letters by code point, each worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        """Work a letter out, and keep it."""
        self[code] = folded = _fold_char(chr(code))
        return folded


_FOLDED = _Folded()


def number_of(words: str) -> int:
    """The number that French words say: `deux mille-dix-neuf` is 2019, `quatre vingt un` is 81."""
    total = current = 0
    previous = ""
    for word in re.findall(_WORD, words):
        if word in ("mille", "milles", "mil"):
            total, current = total + max(current, 1) * 1000, 0
        elif word in _SCALES:
            current = max(current, 1) * 100
        elif word.startswith("vingt") and previous == "quatre":
            current += 76
        else:
            current += _NUMBERS[word]
        previous = word
    return total + current


def _day(text: str) -> int:
    return int(text) if text.isdigit() else number_of(text)


def _long(match: re.Match[str]) -> str | None:
    return iso(int(match[3]), MONTHS[match[2]], int(match[1]))


def _american(match: re.Match[str]) -> str | None:
    return iso(int(match[3]), MONTHS[match[1]], int(match[2]))


def _in_words(match: re.Match[str]) -> str | None:
    return iso(_day(match[3]), MONTHS[match[2]], _day(match[1]))


def _the_year(match: re.Match[str]) -> str | None:
    return iso(_day(match[1]), MONTHS[match[3]], _day(match[2]))


def _day_first(match: re.Match[str]) -> str | None:
    return iso(int(match["y"]), int(match["m"]), int(match["d"]))


def _short_year(match: re.Match[str]) -> str | None:
    year = int(match["y"])
    return iso(year + (2000 if year < 70 else 1900), int(match["m"]), int(match["d"]))


def _month_year(match: re.Match[str]) -> str | None:
    return f"{match[2]}-{MONTHS[match[1]]:02d}"


def _partial(match: re.Match[str]) -> str | None:
    # A leap year, so that a 29 February without its year is a day like another.
    return (iso(2000, MONTHS[match[2]], _day(match[1])) or "").replace("2000-", "--", 1) or None


def _chinese_digits(text: str) -> int:
    """The value of `23`, `二〇二四` or `二十三`."""
    if text.isdecimal():
        return int(text)
    digits = {char: number for number, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
    if "十" in text:
        tens, _, units = text.partition("十")
        return digits.get(tens, 1) * 10 + (digits.get(units, 0) if units else 0)
    return int("".join(str(digits[char]) for char in text))


def _chinese(match: re.Match[str]) -> str | None:
    year, month = _chinese_digits(match[1]), _chinese_digits(match[2])
    if match[3]:
        return iso(year, month, _chinese_digits(match[3]))
    return f"{year}-{month:02d}" if 1 <= month <= 12 else None


def iso(year: int, month: int, day: int) -> str | None:
    """The day in ISO form, or None when no calendar has it."""
    try:
        return datetime.date(year, month, day).isoformat()
    except (ValueError, OverflowError):
        return None


_Reader = Callable[[re.Match[str]], str | None]
_HAN = "0-9\u3007零○一二三四五六七八九十"
# Text forms, the most complete first: a shorter form inside a longer one is dropped.
_TEXT_FORMS: tuple[tuple[str, str, _Reader], ...] = (
    (
        "words",
        rf"\bl\s?'\s?an\s+({_SEQUENCE}|\d{{4}})\b[\s,;:.]*(?:et[\s,]+)?(?:le\s+)?{_WEEKDAY}({_SEQUENCE}|\d{{1,2}})(?:er)?"
        rf"{_DE}{_MONTH}",
        _the_year,
    ),
    ("words", rf"\b({_SEQUENCE}|\d{{1,2}}(?=er\b|\s))(?:er)?{_DE}{_MONTH}[\s,]*({_SEQUENCE})\b", _in_words),
    ("long", rf"(?<![\d/.])(?<!\d[-\u2013]){_DAY}{_DE}{_MONTH}{_SEP}{_YEAR}", _long),
    ("long", rf"\b{_MONTH}\s*{_DAY}[\s,]+{_YEAR}", _american),
    (
        "numeric",
        rf"(?<![\w./-])(?P<d>\d{{1,2}})\s?(?P<s>[/.\-])\s?(?P<m>\d{{1,2}})\s?(?P=s)\s?{_Y}(?![\d/])",
        _day_first,
    ),
    ("numeric", rf"(?<![\d.,]\s)(?<![\w./-])(?P<d>\d{{2}}) (?P<m>\d{{2}}) {_Y}(?![\d/]| \d)", _day_first),
    ("iso", r"(?<![\w.-])(?P<y>(?:19|20)\d{2})[-/](?P<m>\d{2})[-/](?P<d>\d{2})(?!\d|-\w)", _day_first),
    (
        "chinese",
        rf"([{_HAN}]{{4}})\s*年\s*([{_HAN}]{{1,3}})\s*月(?:\s*([{_HAN}]{{1,3}})\s*[日号])?",
        _chinese,
    ),
    (
        "short",
        r"(?<![\w./-])(?P<d>\d{1,2})(?P<s>[/.\-])(?P<m>\d{1,2})(?P=s)(?P<y>\d{2})(?![\w/.-])",
        _short_year,
    ),
    ("partial", rf"\b(\d{{1,2}}|{_SEQUENCE})(?:er)?{_DE}{_MONTH}(?!{_SEP}(?:\d{{4}}|{_WORD}))", _partial),
    ("month", rf"\b{_MONTH}{_SEP}{_YEAR}", _month_year),
)  # fmt: skip
# In an address or a file name words stand between _ - . and %20, and digits may be glued to letters.
_NAME_FORMS: tuple[tuple[str, str, _Reader], ...] = (
    ("long", rf"(?<!\d){_DAY}[\s_.-]*(?:de[\s_.-]+|d['_])?{_MONTH}[\s_.-]*{_YEAR}", _long),
    ("iso", rf"(?<!\d){_Y}[_.\-\s/]+(?P<m>0[1-9]|1[0-2])[_.\-\s/]+(?P<d>[0-3]\d)(?!\d)", _day_first),
    ("numeric", rf"(?<!\d)(?P<d>\d{{1,2}})[_.\-\s]+(?P<m>\d{{1,2}})[_.\-\s]+{_Y}(?!\d)", _day_first),
    ("compact", r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?!\d)", _day_first),
    ("compact", r"(?<!\d)(?P<d>[0-3]\d)(?P<m>0[1-9]|1[0-2])(?P<y>(?:19|20)\d{2})(?!\d)", _day_first),
    ("short", r"(?<![\d.])(?P<d>\d{1,2})(?P<s>[_.\-])(?P<m>\d{1,2})(?P=s)(?P<y>\d{2})(?!\d)", _short_year),
    ("partial", rf"(?<!\d)(\d{{1,2}})(?:er)?[\s_.-]*{_MONTH}", _partial),
    ("month", rf"(?<![a-z]){_MONTH}[\s_.-]*{_YEAR}", _month_year),
)  # fmt: skip


def _compiled(
    forms: tuple[tuple[str, str, _Reader], ...],
) -> tuple[tuple[str, re.Pattern[str], _Reader], ...]:
    return tuple((form, re.compile(pattern), read) for form, pattern, read in forms)


_TEXT = _compiled(_TEXT_FORMS)
_NAME = _compiled(_NAME_FORMS)
_LAW = re.compile(r"\b[lrda]\s?\.?\s?(?:\*\s?)?$")


def dates_in(text: str) -> list[Written]:
    """Every date written in a text, in order of place; forms that overlap a longer one are dropped."""
    return _without_overlaps(_all(fold(text), _TEXT))


def dates_in_name(name: str) -> list[Written]:
    """Every date in a file name or an address, already percent-decoded."""
    # "_" is a letter to a regular expression and a space to whoever named the file.
    return _without_overlaps(_all(fold(name).replace("_", " "), _NAME))


def _all(folded: str, forms: tuple[tuple[str, re.Pattern[str], _Reader], ...]) -> Iterator[Written]:
    for form, pattern, read in forms:
        for match in pattern.finditer(folded):
            if _LAW.search(folded, max(0, match.start() - 6), match.start()):
                continue  # "L. 2121-25" is an article of a code
            value = read(match)
            # 31/02/2020 is kept without a value, so that no shorter form reads a month out of it.
            precision: Precision = "month" if value and re.fullmatch(r"\d{4}-\d{2}", value) else "day"
            yield Written(start=match.start(), end=match.end(), value=value or "", precision=precision, form=form)


def _without_overlaps(found: Iterator[Written]) -> list[Written]:
    kept: list[Written] = []
    for date in found:
        if not any(date.start < other.end and other.start < date.end for other in kept):
            kept.append(date)
    return sorted((date for date in kept if date.value), key=lambda date: date.start)
