"""Lines that may begin an act: numbered, marked, named in the agenda, or only written like a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.dateforms import fold

_DASH = r"[-–—‐]"
_CODE = (
    rf"(?:\d{{2,4}}[./_]\d{{2}}[./_]\d{{2,4}}\s*{_DASH}\s*\d{{1,3}}"  # 2014.01.27 - 1
    rf"|(?:19|20)\d{{2}}\s?[-–/._]\s?\d{{1,4}}(?:[-/._]\d{{1,4}})?"  # 2008/77, 2014-085
    rf"|\d{{2}}[-/]\d{{2}}[-/]\d{{1,4}}|\d{{2}}[-/.]\d{{3,4}}"  # 23-02/001, 22-045
    rf"|[A-Z]{{1,4}}[-_ ]?\d{{2,4}}[-_/]\d{{1,4}}(?:[-_/]\d{{1,4}})?"  # CP_18_169, V2022-123
    rf"|(?!M\d)[A-Z]{{1,2}}\d{{2,3}})"  # D06; M14 and M57 are plans of accounts
)
_NAMED = r"(?i:d[ée]lib[ée]ration|question|point|rapport|dossier|affaire|r[ée]solution|objet)"
_TITLE = r"(?P<title>\S.{2,})"
# Each part takes a character that the next cannot take: no line, however strange, is tried in many ways.
_THEN = rf"(?:\s*(?:{_DASH}|[:.)|])\s*|\s+){_TITLE}"
_FAMILIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "code",
        re.compile(rf"^\W{{0,3}}(?:{_NAMED}\s+)?(?:(?i:n)\s?[°ºo.]\s*)?(?P<number>{_CODE}){_THEN}"),
    ),
    ("code", re.compile(rf"^\W{{0,3}}{_NAMED}\s+n\s?[°ºo.]\s*(?P<number>{_CODE})\s*[:.]?\s*(?P<title>)$", re.I)),
    (
        "named",
        re.compile(
            rf"^\W{{0,3}}{_NAMED}\s+(?:n\s?[°ºo.]?\s*)?(?P<number>\d{{1,3}}|[IVX]{{1,5}}){_THEN}",
            re.I,
        ),
    ),
    ("slash", re.compile(rf"^\s*(?P<number>\d{{1,2}})\s*/\s*(?![\d/]){_TITLE}")),
    ("dot", re.compile(rf"^\s*(?P<number>\d{{1,2}})\s?[.°]\s*(?![\d.]){_TITLE}")),
    ("bracket", re.compile(rf"^\s*(?P<number>\d{{1,2}})\s?\)\s*{_TITLE}")),
    ("dash", re.compile(rf"^\s*(?P<number>\d{{1,2}})\s*[–—-]\s*(?!\d){_TITLE}")),
    ("roman", re.compile(rf"^\s*(?P<number>[IVX]{{1,5}})\s*(?:{_DASH}|/|\.|\)|:)\s*{_TITLE}")),
    ("bullet", re.compile(rf"^\s*[•●▪■◆►➢➤❖✓\uf000-\uf0ff]\s*(?P<number>){_TITLE}")),
    ("object", re.compile(rf"^\s*(?:objet|intitul[ée])\s*:\s*(?P<number>){_TITLE}", re.I)),
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
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line that may begin an act."""

    family: str
    """How it is marked: code, named, slash, dot, bracket, dash, roman, bullet, object, hyphen, agenda, plain."""
    number: str
    title: str
    line: int
    """Which line it is."""
    start: int


def lines_of(text: str, folded: str) -> list[Line]:
    """The lines of a text and of the same text folded, empty ones too."""
    found, start = [], 0
    for line in text.split("\n"):
        end = start + len(line)
        found.append(Line(text=line, folded=folded[start:end], start=start, end=end))
        start += len(line) + 1
    return found


def marked(lines: list[Line]) -> Iterator[Heading]:
    """Every line that is numbered or marked; a line may be so in more than one way."""
    for place, line in enumerate(lines):
        text = line.text[:400]
        for family, pattern in _FAMILIES:
            match = pattern.match(text)
            if match and _is_heading(match):
                yield Heading(
                    family=family,
                    number=match["number"].strip(),
                    title=match["title"].strip(),
                    line=place,
                    start=line.start,
                )


def _is_heading(match: re.Match[str]) -> bool:
    title = fold(match["title"].strip())
    if match["number"] and (_AMOUNT.match(match["title"]) or _MONTH.match(title)):
        return False
    return not _OUTCOME.match(title) and (not title or sum(letter.isalpha() for letter in title) >= 4)


_OUTCOME = re.compile(
    r"^\W*(?:votes?\b|adopte\w*\b|approuve\b|accepte\b|decide\b|a l'unanim|pour\b|contre\b|abstention)"
)


AGENDA = re.compile(r"^\W*(?:l')?ordre du jour\b(?!.*\b(?:ajout|modif|lecture|complementaire))")


def agenda_titles(lines: list[Line]) -> dict[str, int]:
    """The beginnings of the lines of an agenda, folded, with the line each stands on; none where there is no agenda."""
    begins = [place for place, line in enumerate(lines) if len(line.text) < 60 and AGENDA.match(line.folded)]
    if not begins:
        return {}
    found: dict[str, int] = {}
    for place in range(begins[0] + 1, min(len(lines), begins[0] + 80)):
        beginning = opening(lines[place].folded)
        if len(beginning) >= 12:
            found.setdefault(beginning, place)
    return found


def from_agenda(lines: list[Line]) -> Iterator[Heading]:
    """The lines that repeat a line of the agenda further down: the titles of the acts."""
    titles = agenda_titles(lines)
    for place, line in enumerate(lines if titles else ()):
        if titles.get(opening(line.folded), place) < place and not _SENTENCE.match(line.folded.strip()):
            yield Heading(family="agenda", number="", title=line.text.strip(), line=place, start=line.start)


def opening(folded: str) -> str:
    """What two spellings of one title share: the first letters of the folded line, without number and mark."""
    bare = re.sub(r"^[\W\d_]+", "", folded[:200])
    return re.sub(r"[^a-z0-9]+", " ", bare)[:38].strip()


def plain(lines: list[Line]) -> Iterator[Heading]:
    """The lines that stand alone, short and without a full stop, under an empty line or in capitals."""
    for place, line in enumerate(lines):
        words = line.text.strip()
        if not 8 <= len(words) <= 220 or words[-1] in ".;," or words[0].islower():
            continue
        alone = place == 0 or not lines[place - 1].text.strip()
        capitals = words.upper() == words and sum(letter.isalpha() for letter in words) >= 8
        if (alone or capitals) and not _SENTENCE.match(line.folded.strip()) and not _NAMES.match(words):
            yield Heading(family="plain", number="", title=words, line=place, start=line.start)


_SENTENCE = re.compile(
    r"^(?:le conseil|conseil municipal|compte[- ]rendu du|proces[- ]verbal du|seance|rapporteur"
    r"|les membres|monsieur|madame|m\.|m [a-z]|mme|vu |considerant|apres|il |elle |ce |cette |ces |la commune"
    r"|pour :|contre|abstention|votes?\b|presents?|absents?|excuses?|pouvoirs?|secretaire|adopte|approuve|decide"
    r"|a l'unanim|total|montant|depenses|recettes|article|republique|departement\b|arrondissement\b|canton\b|mairie\b"
    r"|extrait d|elus ?:|compte tenu)"
)
_NAMES = re.compile(r"(?:[A-ZÀ-Þ][\w'’-]*(?: [A-ZÀ-Þ][\w'’-]*){1,3}, ?){2}")
"""People one after another, as in the list of those present."""
