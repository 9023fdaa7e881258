"""The French footnote: collectivité, organe délibérant, séance du…, délibération n° …, p. …, address, consulté le …"""

from __future__ import annotations

from storage.citing.model import Citation

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
ACTS = {
    "deliberation": "délibération",
    "decision": "décision",
    "arrete": "arrêté",
    "pv": "procès-verbal",
    "compte_rendu": "compte rendu",
    "liste_deliberations": "liste des délibérations",
    "ordre_du_jour": "ordre du jour",
    "convocation": "convocation",
    "raa": "recueil des actes administratifs",
    "communique": "communiqué de presse",
}
OCR = "texte lu par reconnaissance optique, à vérifier sur l'image"


def french(citation: Citation) -> str:
    """Return the citation as a footnote, unknown parts left out."""
    title = f"« {citation.title} »" if citation.title else ""
    parts = [citation.authority, citation.body, sitting(citation), act(citation), title, page(citation)]
    line = ", ".join(filter(None, parts))
    where = ", ".join(
        filter(None, [address(citation), f"consulté le {day(citation.accessed)}" if citation.accessed else ""])
    )
    quote = f" : « {citation.quote} »" if citation.quote else ""
    ocr = f" [{OCR}]" if citation.ocr else ""
    return f"{line}{quote}{ocr}, {where}." if where else f"{line}{quote}{ocr}."


def sitting(citation: Citation) -> str:
    """Return the date in its role: of a sitting for minutes and acts, plain for the rest, `s. d.` where unknown."""
    if not citation.date:
        return "s. d."
    sat = citation.kind == "council_minutes" and citation.date_role in ("session", "")
    if not sat:
        return day(citation.date)
    return f"séance du {day(citation.date)}" if len(citation.date) == 10 else f"séance de {day(citation.date)}"


def act(citation: Citation) -> str:
    """Return what kind of act it is, with its number as printed."""
    name = ACTS.get(citation.act_type, citation.act_type.replace("_", " "))
    return f"{name} n° {citation.number}" if name and citation.number else name


def page(citation: Citation) -> str:
    """Return the page, or pages."""
    return f"p. {citation.page}" if citation.page else ""


def address(citation: Citation) -> str:
    """Return where it can be read; a file of one's own has a name instead."""
    return citation.url.removeprefix("import:") if citation.url.startswith("import:") else citation.url


def day(date: str) -> str:
    """Return a date in French, as short as it is known.

    >>> day("2024-07-01"), day("2024-08"), day("1981")
    ('1er juillet 2024', 'août 2024', '1981')
    """
    year, month, number = [*date.split("-"), "", ""][:3]
    if not month:
        return year
    first = {"01": "1er "}.get(number, f"{int(number)} " if number else "")
    return f"{first}{MONTHS[int(month) - 1]} {year}"
