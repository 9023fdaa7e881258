"""Where a text words a decision, and what became of the matter: adopted, rejected, noted or withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from extract.minutes.counts import IN_FAVOUR
from extract.model import Result


def _worded(pattern: str) -> re.Pattern[str]:
    """The pattern with any space, line end or row of spaces where it has a space."""
    return re.compile(pattern.replace(" ", r"\s+"))


UNANIMOUS = re.compile(
    r"\b(?:[al][\s']{0,4}(?:l[\s']{0,4})?)?(?<!pas d')[pl]?unanimi[ti]e\b|\bunanimement\b|\baccord\s+unanime\b"
)
"""The letters as an OCR spells them that takes a T for an accented I and `l'` for a P."""
_ENDING = r"(?:e|ent|es|ee|ees)\b"
_DECIDING = (
    rf"(?:(?:approuv|accep[ti]|decid|autoris|valid|fix|affect|attribu|design|sollicit|renonc|confirm|mandat|instaur|institu"
    rf"|charg|dress|determin|arret|habilit|nomm|proced|ratifi|souscri|adopt){_ENDING}|vot(?:e|ent)\b"
    r"|donn(?:e|ent)\b|emet(?:tent)?\b|admet(?:tent)?\b|retien(?:t|nent)\b|elit\b|elisent\b|d'accord\b)"
)
ADOPTED = _worded(
    rf"\b(?:approuv\w+|adopt{_ENDING}|adoption a\b|accep[ti]{_ENDING}|decid{_ENDING}"
    r"|autoris(?:e|ent|es)\b|vot(?:e|ent) (?:pour|favorable|les?\b|l')|votes? favorables?"
    r"|(?:avis|vote) favorables?|donn(?:e|ent) (?:son|leur|un avis|un accord|pouvoir|mandat|delegation|tous? pouvoir)"
    r"|valid(?:e|ee|es|ent)\b|fix(?:e|ent)\b|affect(?:e|ent)\b|attribu(?:e|ent)\b|design(?:e|ent|es|ee)\b"
    r"|(?:est|sont|ete|proclame\w*|declare\w*) elu(?:s|e|es)?\b|elit\b|proclamee?s? (?:maire|adjoint|elu)"
    r"|sollicit(?:e|ent)\b|renonc(?:e|ent)\b|confirm(?:e|ent)\b|a la majorite|se prononcent? (?:pour|favorable)"
    r"|instaur(?:e|ent)\b|institu(?:e|ent)\b|charg(?:e|ent)\b|determin(?:e|ent)\b|admet(?:tent)?\b|retien(?:t|nent)\b"
    r"|accord (?:du conseil|de principe)|emet un avis|mandat(?:e|ent)\b|d'accord\b"
    r"|arret(?:e|ent) (?:le|la|les|a l'unanim|avec)\b)"
)
NOTED = _worded(r"\b(?:prend|prends|p[re]?[re]?nnent|pris|donne|dont) ac[ti]e\b|\bpren(?:ds?|nent) (?:bonne )?note\b")
_REJECTED = _worded(
    r"\b(?:rejet(?:te|tent|tee?s?|e|ee?s?)\b|n'(?:est|a) pas (?:adopte|accepte|approuve)\w*"
    r"|(?<!\bil\s)refus(?:e|ent|ee?s?)\b|vote defavorable)"
)
_MATTER = r"(?:point|question|deliberation|affaire)"
_WITHDRAWN = _worded(
    rf"\b(?:retir\w+ (?:ce |le |cette |la |du )?(?:{_MATTER} )?(?:de|a) l'ordre du jour|retrait de l'ordre du jour"
    rf"|(?:est|sont|soit) (?:(?:retire|ajourne|differe)\w*|reportee?s? (?:a|au)\b)|ajourn\w+"
    rf"|repor[ti](?:e|er|ee?s?) (?:a|au) (?:une?|la|l'|prochain)\w*|{_MATTER} (?:retire|reporte|ajourne)\w*"
    r"|repor[ti](?:e|er) l'examen)"
)
_OUTCOMES: tuple[tuple[Result, re.Pattern[str]], ...] = (
    ("rejected", _REJECTED),
    ("noted", NOTED),
    ("adopted", ADOPTED),
)

_VERB = re.compile(rf"\b(?!arretes?\s(?:inter)?(?:prefect|municip|minist|du\s\d|n\b)){_DECIDING}")
_COUNCIL = _worded(
    r"\bl(?:es? (?:membres du )?|[as]s? |')(?:conseil|assemblee|comite|bureau|commission permanente)\b"
    r"|\bles (?:membres|elus|conseillers)\b(?! de (?:la|cette) commission(?! permanente))"
)
_ELSEWHERE = _worded(
    r"[;»]|\.\s(?<!\bm\.\s)|avai|\bayant\b|\bdoi(?:t|vent)\b|\bpropose\b|\bavaient\b|\bdans sa (?:seance|reunion)\b"
)
"""Between the council and its verb: the end of a sentence, or words that put the decision elsewhere."""
_REACH = 240
_FORMULA = _worded(
    r"\b(?:votes?\s*:|apres en avoir delibere|deliberation adoptee|adoptee?s? (?:a|par)\b|votes? favorables?"
    r"|(?:est|sont) (?:adopte|approuve|accepte|valide|autorise)e?s?\b|accord du conseil"
    r"|avis favorable du conseil|il est (?:donc )?decide)"
)


def decisions(folded: str) -> list[int]:
    """The places where a folded text words a decision: what tells a heading of an act from another heading.

    >>> decisions("le conseil municipal, apres debat, accepte le devis")
    [0]
    """
    places = {match.start() for pattern in (NOTED, _FORMULA, *IN_FAVOUR) for match in pattern.finditer(folded)}
    places.update(match.start() for match in unanimity(folded))
    return sorted(places | set(_by_the_council(folded)))


def unanimity(folded: str) -> Iterator[re.Match[str]]:
    """Where the council is unanimous: not a committee that is the only one named in the sentence before."""
    for match in UNANIMOUS.finditer(folded):
        before = _SENTENCE_END.split(folded[max(0, match.start() - _REACH) : match.start()])[-1]
        if not _COMMITTEE.search(before) or _COUNCIL.search(before):
            yield match


_SENTENCE_END = re.compile(r"[.;»]\s|\n\s*\n")
_COMMITTEE = re.compile(r"(?<!de\s)(?<!par\s)(?<!vu\s)\b(?:la|cette)\s+commission\b(?!\s+permanente)")


def _by_the_council(folded: str) -> Iterator[int]:
    """Where the council is named and a verb of deciding follows in its sentence, or such a verb begins a line."""
    council = [match.span() for match in _COUNCIL.finditer(folded)]
    place = -1
    for verb in _VERB.finditer(folded):
        while place + 1 < len(council) and council[place + 1][1] <= verb.start():
            place += 1
        start, end = council[place] if place >= 0 else (0, -_REACH)
        if verb.start() - end < _REACH and not _ELSEWHERE.search(folded, end, verb.start()):
            yield start
        elif _heads_line(folded, verb.start()) and not _is_asked(folded, verb.start()):
            yield verb.start()


def _heads_line(folded: str, place: int) -> bool:
    return not re.search(r"\w", folded[folded.rfind("\n", 0, place) + 1 : place][-40:])


def _is_asked(folded: str, place: int) -> bool:
    """Whether what stands at a place is one of the things that the council is asked, and has not answered yet."""
    asked = list(_ASKED.finditer(folded, max(0, place - 3 * _REACH), place))
    return bool(asked) and not _ANSWERED.search(folded, asked[-1].end(), place)


_ASKED = _worded(
    r"\b(?:il (?:vous )?est (?:donc )?(?:propose|demande)"
    r"|(?:propose|demande) (?:donc )?(?:au|aux membres du) conseil)\b"
)
_ANSWERED = re.compile(r"\bdelibere|unanimi|\bvotes?\b|\bdecid|\bconseil\s+municipal\s*[,:]")
"""Between what the council is asked and a verb at the head of a line: words by which it answers."""


def outcome(folded: str) -> Result:
    """What the words say became of the matter, at the first decision that says it; else anywhere.

    Where the council votes as one man or has deliberated is asked first: elsewhere others may have decided.
    """
    for place in chain.from_iterable(find(folded) for find in (_strong, decisions)):
        start = max(0, place - 100)
        result = _nearest(folded[start : place + 300], place - start)
        if result:
            return result
    return _nearest(folded, 0)


def _strong(folded: str) -> list[int]:
    return sorted(match.start() for match in chain(unanimity(folded), _DELIBERATED.finditer(folded)))


_DELIBERATED = re.compile(r"\bdelibere\b")


def _nearest(folded: str, place: int) -> Result:
    """What is said nearest to a place; that the matter is put off outweighs the rest."""
    if _WITHDRAWN.search(folded):
        return "withdrawn"
    worded = [
        (abs(match.start() - place), result)
        for result, pattern in _OUTCOMES
        for match in islice(pattern.finditer(folded), 9)
    ]
    return min(worded)[1] if worded else ""
