"""The words before a date that say what it is of: a séance, a convocation, a posting, a signature, the State, a law."""

from __future__ import annotations

import re

from extract.dateforms import Written

_WINDOW = 110
_BODY = r"(?:conseil|assemblee|commission permanente|bureau|comite|c\.?m\.?|conselh|consell|ajuntament|council)"
_OF_AN_ACT = r"(?: d[ue](?: la| l')? ?(?:p\.?v\.?|proces[\s-]*verbal|compte[\s-]*rendu|deliberations?|convocation))?"
_STATE = r"(?:prefecture|prefet|controle de (?:la )?legalite|etat)\b"
# What the words before a date make of it. The cue nearest to the date decides.
_CUES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (label, re.compile(pattern))
    for label, pattern in (
        ("session", r"\b(?:seances?|sessions?|reunions?|sessio|sesilha|reunio|meeting|tenue?)\b"),
        ("session", r"\b(?:est|sont|etant) reunie?s?\b"),
        ("session", rf"\b{_BODY}\b"),
        ("session", r"\b(?:compte[\s-]*rendu|proces[\s-]*verb\w+|c\.?r\.?|p\.?v\.?|deliberations?)\b"),
        ("session", r"\bordre du jour\b|会议|第.{1,6}次"),
        ("opening", r"\bl\s?'\s?an\b"),
        ("called", rf"\bconvo[cq]\w*(?: (?:du|de la|de l'|des membres du) ?{_BODY})?|\badresse\w* le\b"),
        ("posted", rf"\baffich(?!eurs?\b)\w+{_OF_AN_ACT}|\bmis\w* en ligne|\bparu\w*|\bposted|\bpublished|发布"),
        ("posted", r"\bpubli(?:er?|e?es?|cations?|cacio)\b"),  # not what is public
        ("sent", r"\b(?:transmis\w*|teletransmi\w*|receptionn\w*|reception|visa|notifi\w* le)\b"),
        ("sent", rf"\b(?:recu|depose|depot|envoye|notifie)\w*\b[^.\n]{{0,20}}\b{_STATE}"),
        ("sent", r"(?:^|\n)\W*(?:recu|depose|envoye|notifi)\w* le\b"),
        ("sent", r"\bacte rendu executoire\b"),
        ("signed", r"\bfait (?:et \w+ )?(?:a|en|le|les jours?)\b[^.\n]{0,60}"),
        ("signed", r"\bsigne\w*\b[^.\n]{0,60}|\b(?:certifie|delivre)\w*\b"),
        ("law", r"\b(?:loi|decret|ordonnance|arrete\w*|circulaire|directive|code|vu)\b"),
        ("other", r"\b(?:depuis|jusqu\w*|avant|apres|a compter|nee?|naissance|travaux|courrier|lettre)\b"),
        ("other", r"\bmarches \w{4,}s\b"),
    )
)  # fmt: skip
SESSION_CUES = tuple(cue for label, cue in _CUES if label == "session")
# A séance that is not this one: the approval of the last minutes, the date of the next meeting.
_ANOTHER = re.compile(
    r"\b(?:approb\w*|approuv\w*|adopt\w*|valid\w*|precedent\w*|dernier\w*|prochain\w*|anterieur\w*|"
    r"arrete du proces|lecture|par deliberation|vu la|suivant\w*|lors de la)\b"
)
# « Sainte-Maquette, le » alone on its line, before the names of those who sign.
_PLACE = re.compile(r"(?:^|\n)[ \t]*(?:(?:Fait )?[ÀA] )?[A-ZÀ-Ý][\w'’ -]{1,40}, ?le (?:[a-z]{5,8} )?$")


def label_of(text: str, folded: str, previous: int, written: Written) -> str:
    """The word that says what a date is, looked for between the previous date and this one; or nothing."""
    start = max(previous, written.start - _WINDOW)
    before = folded[start : written.start]
    opening = folded[written.start : written.start + 6].replace(" ", "").startswith("l'an")
    if opening:
        return "session" if written.start < 4_000 else ""
    if _is_after_a_place(text, start, written):
        return "signed"
    nearest, label = -1, ""
    for name, cue in _CUES:
        for match in cue.finditer(before):
            if match.end() >= nearest:
                nearest, label = match.end(), name
    if label == "session" and _is_of_another(text[start : written.start], before):
        return "another"
    return "session" if label == "opening" else label


def _is_after_a_place(text: str, start: int, written: Written) -> bool:
    """Whether a line holds a place and the date, and nothing else."""
    rest = text[written.end : written.end + 20].partition("\n")[0]
    return not rest.strip(" .:") and _PLACE.search(text[start : written.start]) is not None


def _is_of_another(before: str, folded: str) -> bool:
    """Whether the words speak of an earlier or later séance, in the sentence the date stands in."""
    words = list(_ANOTHER.finditer(folded))
    return bool(words) and not re.search(r"\n\s*[A-ZÀ-Ý]", before[words[-1].end() :])
