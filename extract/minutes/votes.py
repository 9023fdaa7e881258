"""What a passage says of a vote: counts in figures or words, unanimity, and what became of the matter."""

from __future__ import annotations

import re

from extract.clean import one_line
from extract.dateforms import fold, number_of
from extract.model import Result, Votes

_WORDS = (
    "zero", "aucun", "aucune", "un", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
    "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt",
)  # fmt: skip
_NONE = frozenset({"zero", "aucun", "aucune", "neant", "/", "-"})
_LONGEST_FIRST = "|".join(sorted(_WORDS, key=len, reverse=True))
_TENS = r"(?:quatre[- ]vingts?|soixante|cinquante|quarante|trente|vingt)"
_WORDED = rf"(?:{_TENS}(?:[- ](?:et[- ])?(?:{_LONGEST_FIRST})\b)?|{_LONGEST_FIRST})\b"
_NUMBER = rf"(\d{{1,3}}|{_WORDED})"
_AFTER = rf"\s*[:=]\s*(?:\(\s*)?(\d{{1,3}}|/|-(?=\s)|neant\b|{_WORDED})"
_SIDES: tuple[tuple[str, str], ...] = (
    ("in_favour", r"(?:pour\b|favorables?\b)"),
    ("against", r"(?:contre\b|defavorables?\b|opposition\b)"),
    ("abstentions", r"(?:abstentions?\b|abstenus?\b|s'abst\w+|nuls? et blancs?\b)"),
)
_SIDE = "|".join(side for _, side in _SIDES)
_VOICES = (
    r"\s*(?:\(\w+\)\s*)?(?:(?:voix|votes?|suffrages?|conseillers?|bulletins?|membres?)\s*)?"
    r"(?:exprimes?\s*)?(?:sont\s+)?"
)
_COUNTS = tuple(
    (name, re.compile(rf"\b{_NUMBER}{_VOICES}{side}"), re.compile(rf"\b(?:(?:voix|votes?)\s+)?{side}{_AFTER}"))
    for name, side in _SIDES
)
_MEMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("exercice", re.compile(r"\ben exercice" + _AFTER)),
    ("present", re.compile(r"\bpresents?" + _AFTER)),
    ("voting", re.compile(r"\b(?:votants?|suffrages? exprimes?|ont pris part (?:au vote|a la deliberation))" + _AFTER)),
)
_UNANIMOUS = re.compile(r"\b[al][\s']{0,4}(?:l[\s']{0,4})?unanimite\b|\bunanimement\b")
_DECIDED = re.compile(
    r"\b(?:approuv\w+|adopt(?:e|es|ee|ees|ent|ion a)\b|accept(?:e|es|ee|ent|ees)\b|decid(?:e|ent|es|ee)\b"
    r"|autoris(?:e|ent|es)\b|vot(?:e|ent) (?:pour|favorable|les?\b|l')|votes? favorables?"
    r"|(?:avis|vote) favorables?|donn(?:e|ent) (?:son|leur|un avis|un accord|pouvoir|mandat|delegation)"
    r"|valid(?:e|ee|es|ent)\b|fix(?:e|ent)\b|attribu(?:e|ent)\b|design(?:e|ent|es|ee)\b"
    r"|(?:est|sont|ete|proclame\w*|declare\w*) elu(?:s|e|es)?\b|elit\b"
    r"|sollicit(?:e|ent)\b|renonc(?:e|ent)\b|confirm(?:e|ent)\b|a la majorite|se prononcent? pour|instaur(?:e|ent)\b"
    r"|emet un avis|mandat(?:e|ent)\b|d'accord\b|arret(?:e|ent) (?:le|la|les)\b)"
)
_NOTED = re.compile(r"\b(?:prend|prends|prennent|pris|donne|dont) acte\b|\bpren(?:ds?|nent) (?:bonne )?note\b")
_REJECTED = re.compile(
    r"\b(?:rejet(?:te|tent|tee?s?|e|ee?s?)\b|n'(?:est|a) pas (?:adopte|accepte|approuve)\w*"
    r"|(?<!\bil )refus(?:e|ent|ee?s?)\b|vote defavorable)"
)
_MATTER = r"(?:point|question|deliberation|affaire)"
_WITHDRAWN = re.compile(
    rf"\b(?:retir\w+ (?:ce |le |cette |la |du )?(?:{_MATTER} )?(?:de|a) l'ordre du jour|retrait de l'ordre du jour"
    rf"|(?:est|sont|soit) (?:(?:retire|ajourne|differe)\w*|reportee?s? (?:a|au)\b)|ajourn\w+"
    rf"|report(?:e|er|ee?s?) (?:a|au) (?:une?|la|l'|prochain)\w*|{_MATTER} (?:retire|reporte|ajourne)\w*)"
)

_LONGEST = 500_000
"""Further into an act than this, its annexes speak."""


def read_votes(passage: str) -> Votes | None:
    """The vote that a passage states, or None where it states none. Nothing is added up or guessed.

    >>> votes = read_votes("Adopté par 12 voix pour, 2 contre et 1 abstention.")
    >>> (votes.in_favour, votes.against, votes.abstentions, votes.result)
    (12, 2, 1, 'adopted')
    """
    passage = passage[:_LONGEST]
    folded = _plain(fold(passage))
    found = {name: _count(folded, before, after) for name, before, after in _COUNTS} | _one_against_other(folded)
    members = {name: _member(folded, pattern) for name, pattern in _MEMBERS}
    unanimous = bool(_UNANIMOUS.search(folded))
    result = _result(folded, found, unanimous)
    if not result and not unanimous and all(value is None for value in found.values()):
        return None
    return Votes(unanimous=unanimous, result=result, quote=_quote(passage, folded), **found, **members)


def decisions(folded: str) -> list[int]:
    """The places where a folded text words a decision: what tells a heading of an act from another heading."""
    folded = _plain(folded)
    places = {match.start() for match in _UNANIMOUS.finditer(folded)}
    places |= {match.start() for _, before, _ in _COUNTS[:1] for match in before.finditer(folded)}
    places |= {match.start() for match in _NOTED.finditer(folded)}
    places |= {match.start() for match in _FORMULA.finditer(folded)}
    return sorted(places)


_FORMULA = re.compile(
    r"\b(?:vote\s*:|apres en avoir delibere|deliberation adoptee|adoptee? (?:a|par)|votes? favorables?"
    r"|l[ea]s? (?:membres du )?(?:conseil|assemblee|comite|bureau|commission)\b[^.\n]{0,80}?\b"
    r"(?:decide|approuve|adopte|accepte|autorise|donne|valide|vote|emet|fixe|prend|elit|designe|arrete)\w*)"
)


def _plain(folded: str) -> str:
    """The folded text with plain spaces for line ends and hard spaces, letter for letter."""
    return folded.replace("\n", " ").replace("\u00a0", " ")


def _count(folded: str, before: re.Pattern[str], after: re.Pattern[str]) -> int | None:
    """The first count of one side, written before or after its name."""
    ahead = next((match for match in before.finditer(folded) if not _belongs_before(folded, match.start())), None)
    matches = [match for match in (ahead, after.search(folded)) if match]
    for match in sorted(matches, key=lambda match: match.start()):
        if not _parts(folded, match):
            return _value(match[1])
    return None


def _belongs_before(folded: str, start: int) -> bool:
    """Whether a number is already counted: in `Pour : 12 Contre : 3` the 12 is not against."""
    return bool(_NAME_AND_COLON.search(folded[max(0, start - 30) : start]))


_NAME_AND_COLON = re.compile(r"(?:pour|favorables?|contre|abst\w+|exercice|presents?|votants?|exprimes?) ?[:=] ?\(?$")
_ONE_AGAINST_OTHER = re.compile(rf"\b{_NUMBER} (?:voix|votes?) (?:pour )?contre {_NUMBER}(?!{_VOICES}(?:{_SIDE}))\b")


def _one_against_other(folded: str) -> dict[str, int | None]:
    """Both counts of `adopté par 12 voix contre 3`, and of `rejeté`, where the first count is of those against."""
    match = _ONE_AGAINST_OTHER.search(folded)
    if not match:
        return {}
    won, lost = _value(match[1]), _value(match[2])
    against = bool(_REJECTED.search(folded))
    return {"in_favour": lost, "against": won} if against else {"in_favour": won, "against": lost}


def _parts(folded: str, match: re.Match[str]) -> bool:
    """Whether a stroke stands between two sides, as in `12 / Contre : / Abstention : 2`, and for no count."""
    before, after = folded[max(0, match.start() - 6) : match.start()], folded[match.end(1) : match.end(1) + 3]
    counted = before.rstrip()
    return match[1] in "/-" and bool(_COUNTED.search(counted)) and counted[-1] == match[1] != after.lstrip()[:1]


_COUNTED = re.compile(r"[^\s:=]\s*[/-]$")


def _member(folded: str, pattern: re.Pattern[str]) -> int | None:
    match = pattern.search(folded)
    return _value(match[1]) if match else None


def _value(words: str) -> int:
    if words.isdigit():
        return int(words)
    return 0 if words in _NONE else number_of(words)


def _result(folded: str, found: dict[str, int | None], unanimous: bool) -> Result:
    """What became of the matter: the counts say it, else the words do."""
    pour, contre = found["in_favour"], found["against"]
    if _WITHDRAWN.search(folded) and not pour:
        return "withdrawn"
    if pour is not None and contre is not None and contre != pour:
        return "rejected" if contre > pour else "adopted"
    worded = [(match.start(), result) for result, pattern in _OUTCOMES if (match := pattern.search(folded))]
    if worded and (not pour or pour == contre):
        return min(worded)[1]
    return "adopted" if (pour and pour != contre) or unanimous else ""


_OUTCOMES: tuple[tuple[Result, re.Pattern[str]], ...] = (
    ("rejected", _REJECTED),
    ("noted", _NOTED),
    ("adopted", _DECIDED),
)


def _quote(passage: str, folded: str) -> str:
    """The words around the first sign of the vote."""
    signs = [pattern.search(folded) for pattern in (_UNANIMOUS, _COUNTS[0][1], _COUNTS[0][2], _NOTED, _DECIDED)]
    places = [sign.start() for sign in signs if sign]
    start = max(0, min(places, default=0) - 120)
    return one_line(passage[start : start + 320], 300)
