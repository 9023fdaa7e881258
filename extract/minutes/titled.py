"""Lines that may begin an act by their words alone: a theme, a line of the agenda, or only written like a heading."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from extract.minutes.headings import Heading, Line, paragraph

_HEAD = 4_000
"""Characters at most in which a paper says who met; its acts come after."""


def titled(lines: Sequence[Line]) -> Iterator[Heading]:
    """Every line below the head of the paper that its words make a heading; a line may be so in more than one way."""
    body = lines[_below_head(lines) :]
    agenda, times = agenda_titles(lines), Counter(_bare(line.folded) for line in lines)
    for place, line in enumerate(body):
        words, folded = line.text.strip(), line.folded.strip()
        if _is_theme_alone(words, body[place + 1 : place + 2]):
            yield replace(_heading("theme", line), title=paragraph(body, place))
        if not 8 <= len(words) <= 220 or words[0].islower() or _SENTENCE.match(folded):
            continue
        if _NAMES.match(words):
            continue
        if times[_bare(line.folded)] < _FORMULA and _repeats(line, agenda):
            yield _heading("agenda", line)
        if _THEME.match(words):
            yield _heading("theme", line)
        yield from _only_worded(line, body[max(0, place - 1) : place], body[place + 1 : place + 2])


def _only_worded(line: Line, above: Sequence[Line], below: Sequence[Line]) -> Iterator[Heading]:
    """A line that is a heading because it stands alone, in capitals, before a colon or after the end of a sentence."""
    words, folded = line.text.strip(), line.folded.strip()
    alone = not any(each.text.strip() for each in above)
    ended = any(_has_ended(each) for each in above)
    if (alone or ended) and _LABEL.match(words) and not _TOLD.search(folded):
        yield replace(_heading("label", line), title=words.split(":")[0].strip())
    if is_sentence(words, folded):
        return
    if _is_capital(words):
        yield _heading("capitals", line)
    if not alone and ended and not _goes_on(below):
        yield _heading("after", line)
    if alone or _is_capital(words):
        yield _heading("plain", line)


def _heading(family: str, line: Line) -> Heading:
    return Heading(family=family, number="", title=line.text.strip(), line=line.place, start=line.start)


def _below_head(lines: Sequence[Line]) -> int:
    """The first line below those that say who met, who was away and who kept the minutes."""
    end = min(_HEAD, lines[-1].end // 3)
    head = [place for place, line in enumerate(lines) if line.start < end and _MET.search(line.folded)]
    return head[-1] + 1 if head else 0


_MET = re.compile(
    r"^\W*(?:(?:etaient|etait|membres) )?(?:presents?|representes?|absente?s?|excuses?|pouvoirs?|procurations?)\b"
    r"|\bsecretaires? de (?:la )?seance\b|\bpouvoirs? a\b|\b(?:donne|ayant donne) (?:pouvoir|procuration)"
)
AGENDA = re.compile(r"^\W*(?:l')?ordre du jour\b(?!.*\b(?:ajout|modif|lecture|complementaire))")


def agenda_titles(lines: Sequence[Line]) -> dict[str, dict[str, int]]:
    """The lines of an agenda, folded, with where each stands, by their first letters; none where there is no agenda."""
    begins = [line.place for line in lines if len(line.text) < 60 and AGENDA.match(line.folded)]
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for line in lines[begins[0] + 1 : begins[0] + 80] if begins else ():
        beginning = opening(line.folded)
        if len(beginning) >= _SAME:
            found[beginning[:_SAME]].setdefault(beginning, line.start)
    return found


def _repeats(line: Line, agenda: Mapping[str, Mapping[str, int]]) -> bool:
    """Whether a line says again what one of the agenda said, in full or the beginning of it."""
    beginning = opening(line.folded)
    told = agenda.get(beginning[:_SAME], {})
    return any(
        start < line.start and (title.startswith(beginning) or beginning.startswith(title))
        for title, start in told.items()
    )


_FORMULA = 4
"""A line that stands so often word for word is a formula of the minutes, no title."""
_SAME = 12
"""Letters that two spellings of a title share at least."""


def opening(folded: str) -> str:
    """What two spellings of one title share: the first letters of the folded line, without number and mark."""
    return re.sub(r"[^a-z0-9]+", " ", _bare(folded))[:38].strip()


def _bare(folded: str) -> str:
    return re.sub(r"^[\W\d_]+", "", folded[:200])


_THEME = re.compile(r"^\W*[A-ZÀ-Þ][A-ZÀ-Þ'’/&. ]{3,60}\s*[-–—]\s*\S.{4,}")
"""A theme in capitals, a dash and the matter: `VOIRIE - régularisation d'un chemin`."""


def _has_ended(line: Line) -> bool:
    """Whether a line ends a sentence or tells an outcome, so that the next one may be a title."""
    return bool(re.search(r"[.!»)\d]\s*$|unanimite\W*$|^\W*(?:pour|contre|abstentions?)\b", line.folded))


def _goes_on(below: Sequence[Line]) -> bool:
    """Whether the line below belongs to the same sentence."""
    return any(line.text.lstrip()[:1].islower() for line in below)


_LABEL = re.compile(r"[A-ZÀ-Þ«][^:.;|]{6,90}?\s?:(?:$|\s+[A-ZÀ-Þ])")
"""What a matter is about before a colon, alone or with the first sentence behind it."""


def _is_theme_alone(words: str, below: Sequence[Line]) -> bool:
    """Whether a line is a theme in capitals alone, and the dash and the matter stand below it."""
    return bool(_CAPITALS.fullmatch(words)) and any(_DASH_FIRST.match(line.text) for line in below)


_CAPITALS = re.compile(r"\W{0,3}[A-ZÀ-Þ][A-ZÀ-Þ'’/&. ]{3,60}")
_DASH_FIRST = re.compile(r"\s*[-–—](?:\s|$)")


def _is_capital(words: str) -> bool:
    return words.upper() == words and sum(letter.isalpha() for letter in words) >= 8


def is_sentence(words: str, folded: str) -> bool:
    """Whether a line says something, names people or belongs to a table, and heads nothing."""
    if words[-1] in ".;," or (words[-1] == ":" and not _is_capital(words)) or " | " in words:
        return True
    return bool(_TOLD.search(folded))


_SENTENCE = re.compile(
    r"^[\W_]*(?:le conseil|conseil municipal|proces[- ]verbal du|seance|rapporteur|expose\b"
    r"|compte[- ]rendu(?:\W*$| du| de (?:la )?(?:reunion|seance))"
    r"|les membres|monsieur|madame|m\.|m [a-z]|mme|vu |considerant|apres|il |elle |ce |cette |ces |la commune"
    r"|pour :|contre|abstention|votes?\b(?! (?:d|sur\b))|votants?\b|presents?|absents?|excuses?|pouvoirs?|secretaire"
    r"|adopte|approuve|decide|decision\W*$|deliberation\W*$|nombre d|delegues? (?:titulaire|suppleant)|titulaires?\b"
    r"|suppleante?s?\b|a l'unanim|total|montant|depenses|recettes|article|republique|departement\b|arrondissement\b"
    r"|chapitre \d|date d|le quorum|canton\b|mairie\b|ville d|(?:envoye|recu|affiche)e? |extrait d|elus ?:|compte tenu)"
)
_DAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
_MONTHS = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_TOLD = re.compile(
    r"(?<!')\b(?:est|sont|sera|seront|etait|etaient|ont|doit|doivent|peut|peuvent|propose|rappelle|demande que"
    r"|s'inquiete|souhaite|precise|informe|explique|indique|presente les?|remercie|fait part|donne lecture)\b"
    r"|^\W*(?:accepter|approuver|arreter|autoriser|avoir|creer|decider|donner|exercer|fixer|intenter|maintenir|mettre"
    r"|passer|prendre|proceder|prononcer|realiser|regler|signer|solliciter|valider)\b|:\s*[\d,. ]+(?:€|%)?$"
    r"|\d[.,]\d\d ?(?:€|euros?)$|\bunanimite\b|prenant la parole"
    rf"|^\W*(?:le )?(?:{_DAYS})?\W*\d\d?(?:er)? (?:{_MONTHS}) \d{{4}}\W*$"
)
"""A title has no verb that says what someone does or is to do; it is no sum, no date alone and no outcome."""
_NAMES = re.compile(
    r"(?:[A-ZÀ-Þ][\w'’-]*(?: [A-ZÀ-Þ][\w'’-]*){1,3} ?[,–—-]+ ?){2}|[A-ZÀ-Þ][a-zß-ÿ-]+ [A-ZÀ-Þ'’ -]{3,}$"
)
"""A person alone, or people one after another, as in the list of those present."""
