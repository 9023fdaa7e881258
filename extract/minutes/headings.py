"""Lines that may begin an act because they are numbered or marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from extract.clean import one_line
from extract.dateforms import fold

_DASH = r"[-–—‐]"
_LETTER = r"(?:\s?[A-H](?=\s{2}|\s*[-–—‐:.)])|\s?[B-H](?=\s))?"
"""The letter of a matter in parts, as in `2016.12.19 - 2 B`; an A alone may be the first word of a title."""
_CODE = (
    rf"(?:(?:\d{{2,4}}[./_]\d{{2}}[./_]\d{{2,4}}\s*{_DASH}\s*\d{{1,3}}"  # 2014.01.27 - 1
    rf"|(?:19|20)\d{{2}}\s?[-–/._]\s?\d{{1,4}}(?:[-/._]\d{{1,4}})?"  # 2008/77, 2014-085
    rf"|\d{{2}}[-/]\d{{2}}[-/]\d{{1,4}}|\d{{2}}[-/.]\d{{3,4}}|\d{{1,3}}[-/]20\d{{2}}"  # 23-02/001, 22-045, 5/2021
    rf"|20\d{{6}}"  # 20210501
    rf"|(?![LR][. ])[A-Z]{{1,6}}[-_. ]?\d{{2,4}}(?:[-_/.]\d{{1,4}}){{1,3}})"  # CP_18_169, DL-055-07-13, D.2021.05.1
    rf"{_LETTER}"
    rf"|(?!M\d)[A-Z]{{1,2}}\d{{2,3}})"  # D06; M14 and M57 are plans of accounts
)
_NAMED = r"(?i:d[ée]lib[ée]ration|question|point|rapport|dossier|affaire|r[ée]solution|objet)"
_CALLED = re.compile(rf"^\W{{0,3}}{_NAMED}\b")
_TITLE = r"(?P<title>\S.{2,})"
# Each part takes a character that the next cannot take: no line, however strange, is tried in many ways.
_THEN = rf"(?:[\s_]*(?:{_DASH}|[:.)|])\s*|\s+){_TITLE}"
_FAMILIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "code",
        re.compile(rf"^\W{{0,3}}(?:{_NAMED}\s+)?(?:(?i:n)\s?[°ºo.]\s*)?(?P<number>{_CODE}){_THEN}"),
    ),
    ("code", re.compile(rf"^\W{{0,3}}(?:{_NAMED}\s+)?(?:(?i:n)\s?[°ºo.]\s*)?(?P<number>{_CODE})\W*(?P<title>)$")),
    (
        "named",
        re.compile(
            rf"^\W{{0,3}}{_NAMED}\s+(?:n\s?[°ºo.]?\s*)?(?P<number>\d{{1,3}}|[IVX]{{1,5}}){_THEN}",
            re.I,
        ),
    ),
    ("named", re.compile(rf"^\W{{0,3}}{_NAMED}\s+n\s?[°ºo.]\s*(?P<number>\d{{1,3}})\W*(?P<title>)$", re.I)),
    ("named", re.compile(rf"^\W{{0,3}}[Nn]\s?[°º]\s*(?P<number>\d{{1,3}})(?![\d/-]){_THEN}")),
    ("decimal", re.compile(rf"^\s*(?P<number>\d{{1,2}}[.-]\d{{1,2}})(?![\d/])[.)]?\s+(?:{_DASH}\s*)?{_TITLE}")),
    ("colon", re.compile(rf"^\s*(?P<number>\d{{1,2}})\s*[:|]\s*(?!\d){_TITLE}")),
    ("bare", re.compile(r"^\s*(?P<number>\d{1,2})\s+(?P<title>[A-ZÀ-Þ].{5,})")),
    ("star", re.compile(rf"^\s*(?:[*>+]|=>|->|o(?=\s+[A-ZÀ-Þ«]))\s*(?P<number>){_TITLE}")),
    ("slash", re.compile(rf"^\s*(?P<number>\d{{1,2}})\s*/\s*(?![\d/]){_TITLE}")),
    ("dot", re.compile(rf"^\s*(?P<number>\d{{1,2}})\s?[.°]\s*(?![\d.]){_TITLE}")),
    ("bracket", re.compile(rf"^\s*(?P<number>\d{{1,2}})\s?\)\s*{_TITLE}")),
    ("dash", re.compile(rf"^\s*(?P<number>\d{{1,2}})\s*[–—-]\s*(?!\d){_TITLE}")),
    ("roman", re.compile(rf"^\s*(?P<number>[IVX]{{1,5}})\s*(?:{_DASH}|/|\.|\)|:)\s*{_TITLE}")),
    ("bullet", re.compile(rf"^\s*[•●▪■◆►➢➤❖✓\uf000-\uf0ff]\s*(?P<number>){_TITLE}")),
    ("bullet", re.compile(r"^\s*[•●▪■◆►➢➤❖✓\uf000-\uf0ff]\s*(?P<number>)(?P<title>)$")),
    ("object", re.compile(rf"^\s*(?:objet|intitul[ée]|d[ée]lib[ée]ration)\s*:\s*(?P<number>){_TITLE}", re.I)),
    ("hyphen", re.compile(rf"^\s*{_DASH}\s*(?P<number>)(?P<title>[A-ZÀ-Þ0-9].{{5,}})")),
)
_AMOUNT = re.compile(r"^\s*[\d\s.,]+(?:€|euros?\b|%|h\b|heures?\b|m2|m²|ans\b)", re.I)
_MONTH = re.compile(
    r"^\s*(?:er\s+)?(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the text and its place."""

    text: str
    folded: str
    """The same letters, in lower case and without accents."""
    place: int
    """How many lines come before it."""
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line that may begin an act."""

    family: str
    """How it is marked: code, named, slash, dot, bracket, dash, decimal, colon, bare, roman, bullet, star, object,
    hyphen; or only worded: agenda, theme, capitals, plain, label, after."""
    number: str
    title: str
    line: int
    """Which line it is."""
    start: int


def lines_of(text: str, folded: str) -> list[Line]:
    """The lines of a text and of the same text folded, empty ones too."""
    found: list[Line] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        found.append(Line(text=line, folded=folded[start:end], place=len(found), start=start, end=end))
        start += len(line) + 1
    return found


def marked(lines: Sequence[Line]) -> Iterator[Heading]:
    """Every line that is numbered or marked; a line may be so in more than one way."""
    for line in lines:
        text = line.text[:400]
        alone = line.place == 0 or not lines[line.place - 1].text.strip()
        for family, pattern in _FAMILIES:
            match = pattern.match(text)
            if match and _is_heading(match) and (match["title"] or alone or _CALLED.match(text)):
                title = match["title"].strip()
                yield Heading(
                    family=family,
                    number=match["number"].strip(),
                    title=title or (paragraph(lines, line.place + 1) if family == "bullet" else ""),
                    line=line.place,
                    start=line.start,
                )


def paragraph(lines: Sequence[Line], place: int) -> str:
    """The lines from one on as far as the next empty one, six at most, as one: a title that is broken into lines."""
    found = takewhile(str.strip, (line.text for line in lines[place : place + 6]))
    return one_line(" ".join(found), 300)


def _is_heading(match: re.Match[str]) -> bool:
    title = fold(match["title"].strip())
    if match["number"] and (_AMOUNT.match(match["title"]) or _MONTH.match(title) or _goes_on(match)):
        return False
    return not _OUTCOME.match(title) and (not title or sum(letter.isalpha() for letter in title) >= 4)


def _goes_on(match: re.Match[str]) -> bool:
    """Whether a number is one cited in a sentence: `2008/45 en date du…` is no heading, `2008/45 – en régie` is."""
    between = match.string[match.end("number") : match.start("title")]
    return not between.strip() and match["title"][:1].islower()


_OUTCOME = re.compile(
    r"^\W*(?:votes?\b(?! (?:d|sur\b))|adopte\w*\b|approuve\b|accepte\b|decide\b|a l'unanim|pour\b|contre\b|abstention)"
)
