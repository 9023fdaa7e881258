"""Counts of a vote, in figures or words: each side, and the members in office, present and voting."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.dateforms import number_of

_WORDS = (
    "zero", "aucun", "aucune", "un", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
    "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt",
)  # fmt: skip
_NONE = frozenset({"zero", "aucun", "aucune", "neant", "/", "-", "o"})
"""An OCR spells a nought that stands alone as a letter."""
_LONGEST_FIRST = "|".join(sorted(_WORDS, key=len, reverse=True))
_TENS = r"(?:quatre[- ]vingts?|soixante|cinquante|quarante|trente|vingt)"
_WORDED = rf"(?:{_TENS}(?:[- ](?:et[- ])?(?:{_LONGEST_FIRST})\b)?|{_LONGEST_FIRST})\b"
_NUMBER = rf"(\d{{1,3}}|{_WORDED})"
_AFTER = rf"\s*(?:\(s\)\s*)?(?:[»\"”]\s*)?[:=]\s*(?:\(\s*)?(\d{{1,3}}|/|(?<!\n)-(?=\s|$)|o\b(?!')|neant\b|{_WORDED})"
_SIDES: tuple[tuple[str, str], ...] = (
    ("in_favour", r"(?:pour\b|favorables?\b|oui\b)"),
    ("against", r"(?:contre\b|defavorables?\b|oppositions?\b|non\b(?!-))"),
    ("abstentions", r"(?:abstentions?\b|abst?\b\.?|abstenus?\b|s'abst\w+|nuls? et blancs?\b)"),
)
_SIDE = "|".join(side for _, side in _SIDES)
_MEMBERS: tuple[tuple[str, str], ...] = (
    ("exercice", r"en exercice\b"),
    ("present", r"presents?\b"),
    ("voting", r"(?:votants?\b|suffrages? exprimes?\b|ont pris part (?:au vote|a la deliberation)\b)"),
)
_ANY = "|".join((*(name for _, name in _MEMBERS), _SIDE))
_VOICES = (
    r"\s{0,4}(?:\(\w+\)\s{0,4})?(?P<voices>(?:voix|votes?|suffrages?|conseillers?|bulletins?|membres?)\s{0,4})?"
    r"(?:exprimes?\s{0,4})?(?:(?:sont|vot(?:e|ent)|ont vote)\s{1,4})?(?:[«\"“]\s{0,4})?"
)
_GOES_ON = r"et\b|pour|contre|abst|oui\b|non\b|voix|votes?\b|sur \d"
_BARE = rf"(?(voices)|(?![ ]+(?!{_GOES_ON}|(?:\d{{1,3}}|{_WORDED})\s+(?:{_GOES_ON}))[a-z\d]))"
"""A number right before its side is a count where no other word goes on: `11 pour`, not `95 pour une réunion`."""
_COUNTS = tuple(
    (
        name,
        re.compile(rf"\b{_NUMBER}{_VOICES}{side}{_BARE}"),
        re.compile(rf"\b(?:(?:voix|votes?)\s+)?{side}{_AFTER}"),
    )
    for name, side in _SIDES
)
_MEMBER_COUNTS = tuple(
    (
        name,
        re.compile(rf"\b{_NUMBER}[^\S\n](?:(?:membres|conseillers|elus)\s)?{words}"),
        re.compile(rf"\b{words}{_AFTER}"),
    )
    for name, words in _MEMBERS
)
"""Members before their name (`18 votants`) or after it (`Votants : 18`)."""
_IN_A_ROW = r"[»\"”]?\s{0,4}[|(]?\s{0,4}(\d{1,3}|neant\b)\)?"
_ROW = re.compile(
    rf"\b(?:{_ANY}){_IN_A_ROW}(?:[^\w:=]{{1,6}}(?:et )?(?:(?:voix|votes?) )?[«\"“]?(?:{_ANY}){_IN_A_ROW})+"
    rf"(?!{_VOICES}(?:{_SIDE}))"
)
"""Sides with their counts one after another, without colons: `Pour 12 - Contre 0`, `Pour | 12 | Contre | 0`."""
_IN_ROW = tuple((name, re.compile(rf"\b{words}{_IN_A_ROW}")) for name, words in (*_MEMBERS, *_SIDES))
_GAP = r"[\s|]{1,20}"
_LABEL = rf"(?:nombre de\s)?(?:(?:voix|votes?|suffrages?|membres|conseillers)\s)?(?:{_ANY}|exercice\b)(?:\s?\(s\))?"
_CELL = r"(?:\d{1,3}|neant|[/o-])(?![\w/.,%€-])"
_TABLE = re.compile(
    rf"(?<![\w'])(?P<labels>{_LABEL}(?:{_GAP}{_LABEL}){{1,7}}){_GAP}(?P<cells>{_CELL}(?:{_GAP}{_CELL}){{1,7}})"
)
"""The names of the sides in one row or column and the counts in the next: `Pour | Contre`, below `12 | 3`."""
_NAMES = tuple(
    (name, re.compile(rf"\b{words}")) for name, words in (("exercice", r"exercice\b"), *_MEMBERS[1:], *_SIDES)
)
_COUNT_BEFORE = re.compile(rf"\b{_NUMBER}{_VOICES}$")
IN_FAVOUR = _COUNTS[0][1:]
"""A count of those in favour, written before and after the word."""


def sides(folded: str) -> dict[str, int | None]:
    """The counts of each side in the first vote that a folded passage states, the first with two sides if there is one.

    >>> sides("12 voix pour, 2 contre")
    {'in_favour': 12, 'against': 2, 'abstentions': None}
    """
    votes = list(_votes(sorted(_told(folded))))
    whole = (vote for vote in votes if len(vote) > 1)
    first = next(whole, votes[0] if votes else {})
    return {name: first.get(name) for name, _ in _SIDES} | _one_against_other(folded)


def _votes(told: Sequence[tuple[int, str, int]]) -> Iterator[dict[str, int]]:
    """Each vote of a passage: its counts up to one that is told otherwise, where another vote begins.

    One that states two sides is a vote; a number that stands beside one side may be anything.
    """
    vote: dict[str, int] = {}
    for _, name, value in told:
        if vote.get(name, value) != value:
            yield vote
            vote = {}
        vote[name] = value
    if vote:
        yield vote


def members(folded: str) -> dict[str, int | None]:
    """How many members are in office, present and voting, where a folded passage states it."""
    together = [count for span in _spans(folded) for count in _told_together(folded, span)]
    found = {name: [*_alone(folded, before, after)] for name, before, after in _MEMBER_COUNTS}
    for place, name, value in together:
        if name in found:
            found[name].append((place, value))
    return {name: min(counts)[1] if counts else None for name, counts in found.items()}


def places(folded: str) -> list[int]:
    """Where a folded passage states the count of a side."""
    return sorted(place for place, _, _ in _told(folded))


def _told(folded: str) -> Iterator[tuple[int, str, int]]:
    """Each count with its place and its side, written before or after its name, in a row or in a table."""
    spans = list(_spans(folded))
    names = {name for name, _ in _SIDES}
    for span in spans:
        yield from (count for count in _told_together(folded, span) if count[1] in names)
    yield from _apart(_without(folded, spans))


def _spans(folded: str) -> Iterator[re.Match[str]]:
    """Each table and each row of counts."""
    tables = list(_TABLE.finditer(folded))
    yield from tables
    yield from _rows(_without(folded, tables))


def _told_together(folded: str, span: re.Match[str]) -> Iterator[tuple[int, str, int]]:
    """The counts of members and sides that a row or a table holds; none where names and cells are not as many."""
    if span.re is _ROW:
        for name, pattern in _IN_ROW:
            for match in pattern.finditer(folded, span.start(), span.end()):
                yield match.start(), name, _value(match[1])
        return
    labels = sorted((match.start(), name) for name, each in _NAMES for match in each.finditer(span["labels"]))
    cells = re.findall(_CELL, span["cells"])
    if len(labels) == len(cells):
        for (place, name), cell in zip(labels, cells, strict=True):
            yield span.start() + place, name, _value(cell)


def _apart(folded: str) -> Iterator[tuple[int, str, int]]:
    """Each count that is marked as one by itself: by a colon, or as the number before its side."""
    for name, before, after in _COUNTS:
        for match in before.finditer(folded):
            if not _belongs_before(folded, match.start()) and not _parts(folded, match):
                yield match.start(), name, _value(match[1])
        for match in after.finditer(folded):
            if not _parts(folded, match):
                yield match.start(), name, _value(match[1])
    yield from _by_voices(folded)


_BY_VOICES = re.compile(rf"\b(?:par|avec)\s{{1,4}}{_NUMBER}(?=\s(?:voix|votes|suffrages)\b)(?!{_VOICES}(?:{_SIDE}))")
_CHOSEN = re.compile(r"\belue?s?\b")


def _by_voices(folded: str) -> Iterator[tuple[int, str, int]]:
    """The votes by which a matter is said to be adopted or rejected, without a side: `adopté par 14 voix`."""
    for match in _BY_VOICES.finditer(folded):
        before = re.split(r"[.;]\s", folded[max(0, match.start() - 80) : match.start()])[-1]
        if not _CHOSEN.search(before):
            yield match.start(), "against" if "rejet" in before else "in_favour", _value(match[1])


def _rows(folded: str) -> Iterator[re.Match[str]]:
    """Each row of sides and counts; in `12 pour 0 contre 1 abstention` the counts come before, and it is none."""
    for match in _ROW.finditer(folded):
        start = max(0, match.start() - 40)
        before = _COUNT_BEFORE.search(folded[start : match.start()])
        if not before or _belongs_before(folded, start + before.start()):
            yield match


def _without(folded: str, rows: Sequence[re.Match[str]]) -> str:
    """The passage with what the rows say struck out, every other letter in its place."""
    kept, last = [], 0
    for row in rows:
        kept += [folded[last : row.start()], "." * (row.end() - row.start())]
        last = row.end()
    return "".join([*kept, folded[last:]])


def _belongs_before(folded: str, start: int) -> bool:
    """Whether a number is already counted: in `Pour : 12 Contre : 3` the 12 is not against.

    After a name that has its own number before it, as in `18 votants : 15 pour`, it is not.
    """
    for _ in range(_MOST_NAMES):
        name = _NAME_AND_COLON.search(folded[max(0, start - 40) : start])
        if not name or not name[1]:
            return bool(name)
        start = max(0, start - 40) + name.start(1)
    return True


_MOST_NAMES = 6
_NAME_AND_COLON = re.compile(rf"(?:{_SIDE}|(?:\b(\d{{1,3}}) )?\b(?:exercice|presents?|votants?|exprimes?)) ?[:=] ?\(?$")
_ONE_AGAINST_OTHER = re.compile(rf"\b{_NUMBER} (?:voix|votes?) (?:pour )?contre {_NUMBER}(?!{_VOICES}(?:{_SIDE}))\b")


def _one_against_other(folded: str) -> dict[str, int | None]:
    """Both counts of `adopté par 12 voix contre 3`, and of `rejeté`, where the first count is of those against."""
    match = _ONE_AGAINST_OTHER.search(folded)
    if not match:
        return {}
    won, lost = _value(match[1]), _value(match[2])
    against = bool("rejet" in folded)
    return {"in_favour": lost, "against": won} if against else {"in_favour": won, "against": lost}


def _parts(folded: str, match: re.Match[str]) -> bool:
    """Whether a stroke stands between two sides, as in `12 / Contre : / Abstention : 2`, and for no count."""
    before, after = folded[max(0, match.start() - 6) : match.start()], folded[match.end(1) : match.end(1) + 3]
    counted = before.rstrip()
    return match[1] in "/-" and bool(_COUNTED.search(counted)) and counted[-1] == match[1] != after.lstrip()[:1]


_COUNTED = re.compile(r"[^\s:=]\s*[/-]$")


def _alone(folded: str, before: re.Pattern[str], after: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Each count of a kind of members that stands by itself, with its place: the number before its name or after it."""
    for match in before.finditer(folded):
        if not _belongs_before(folded, match.start()):
            yield match.start(), _value(match[1])
    yield from ((match.start(), _value(match[1])) for match in after.finditer(folded))


def _value(words: str) -> int:
    if words.isdigit():
        return int(words)
    return 0 if words in _NONE else number_of(words)
