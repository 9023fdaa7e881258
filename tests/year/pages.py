"""The sites of the year: what each address answers on a day, made from the plan alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO

from tests.loopback import Answer
from tests.year.plan import ENDS, MERGER, NAMES, REDESIGN, THINGS, Act, Paper, choice, on_line, papers

NOTICE = "Document synthétique : la commune, les personnes et les faits sont inventés (année d'essai de Minutier)."
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
          "décembre")  # fmt: skip
CSV = "COLL_NOM;COLL_SIRET;DELIB_ID;DELIB_DATE;DELIB_OBJET;DELIB_URL"
SPEAKERS = ("Le maire", "La première adjointe", "Un conseiller", "Une conseillère", "Le rapporteur", "La commission",
            "Le secrétaire de séance", "L'opposition", "Le doyen")  # fmt: skip
SAYS = ("rappelle l'histoire", "détaille le coût", "s'inquiète de l'état", "propose de différer les travaux",
        "salue le projet", "demande le plan", "commente la photographie", "regrette l'abandon",
        "soutient l'agrandissement", "lit la lettre au sujet", "compare les devis", "annonce la visite")  # fmt: skip
KINDS = {"liste": "Liste des délibérations", "pv": "Procès-verbal", "deliberation": "Délibération"}


def answer(town: str, path: str, day: date, root: str) -> Answer | None:
    """Return what a town's site answers to an address on a day; nothing where it has no such page."""
    if path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /prive/\n", headers={"Content-Type": "text/plain"})
    if town == "dournac" and day >= MERGER:
        return ended(path)
    if town == "brunelle" and day >= REDESIGN:
        return redesigned(path, day, root)
    if path == "/conseil-municipal/":
        return listing(town, day, "document", old_address)
    if path == "/opendata/deliberations.csv" and town == "grandjossan":
        return open_table(town, day, root)
    return next((paper_page(p) for p in on_line(town, day) if old_address(p) == path), None)


def old_address(paper: Paper) -> str:
    """Return the path of a paper; Aubeterne prints its minutes as PDF."""
    ending = "pdf" if (paper.seance.town, paper.kind) == ("aubeterne", "pv") else "html"
    return f"/actes/{paper.seance.held.year}/{paper.name}.{ending}"


def new_address(paper: Paper) -> str:
    """Return the path of a paper on the redesigned site."""
    return f"/publications/{paper.seance.held:%Y/%m}/{paper.name}/"


def redesigned(path: str, day: date, root: str) -> Answer | None:
    """Return what Brunelle's new site answers: minutes are led on to their new address, lists are not."""
    if path == "/conseil-municipal/":
        return listing("brunelle", day, "fr-link fr-link--download", new_address)
    for paper in on_line("brunelle", day):
        if new_address(paper) == path:
            return paper_page(paper)
        if old_address(paper) == path and paper.kind == "pv" and paper.since < REDESIGN:
            return Answer(b"", 301, {"Location": root + new_address(paper), "Content-Type": "text/html"})
    return None


def ended(path: str) -> Answer:
    """Return what is left of Dournac's site: the same words at every address."""
    words = "<p>Depuis le 1er juillet 2025, Dournac est une commune déléguée : voir le site de la commune nouvelle.</p>"
    return frame("Le site a fermé", words)


def listing(town: str, day: date, classes: str, address: Callable[[Paper], str]) -> Answer:
    """Return the page that lists what a town has on line."""
    rows = "".join(f'<li><a class="{classes}" href="{address(p)}">{heading(p)}</a></li>' for p in on_line(town, day))
    return frame(f"Conseil municipal de {NAMES[town]}", f"<ul>{rows}</ul>")


def heading(paper: Paper) -> str:
    """Return the title of a paper."""
    held = paper.seance.held
    about = f" n° {paper.acts[0].number}" if paper.kind == "deliberation" else ""
    return f"{KINDS[paper.kind]}{about} de la séance du {held.day} {MONTHS[held.month - 1]} {held.year}"


def frame(title: str, body: str) -> Answer:
    """Return a web page with the menu and the foot that all have."""
    menu = '<nav><a href="/">Accueil</a> <a href="/mentions">Mentions légales</a></nav>'
    text = (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head><body>{menu}'
        f"<main><h1>{title}</h1>{body}</main><footer><p>{NOTICE}</p></footer></body></html>"
    )
    return Answer(text.encode())


@cache
def paper_page(paper: Paper) -> Answer:
    """Return a paper as its address gives it."""
    lines = wording(paper)
    changed = datetime(paper.since.year, paper.since.month, paper.since.day, 9, tzinfo=UTC)
    when = {"Last-Modified": changed.strftime("%a, %d %b %Y %H:%M:%S GMT")}
    if old_address(paper).endswith(".pdf"):
        return Answer(printed([heading(paper), *lines]), headers={"Content-Type": "application/pdf"} | when)
    body = "".join(f"<h2>{line}</h2>" if line.startswith("Délibération n°") else f"<p>{line}</p>" for line in lines)
    page = frame(heading(paper), body)
    return Answer(page.body, headers=dict(page.headers) | when)


def wording(paper: Paper) -> list[str]:
    """Return what a paper says, line by line; no two say the same."""
    held, town = paper.seance.held, NAMES[paper.seance.town]
    day = f"{held.day} {MONTHS[held.month - 1]} {held.year}"
    if paper.kind == "liste":
        first = f"Commune de {town}. Liste des délibérations examinées par le conseil municipal, séance du {day}."
        return [first, *(f"{act.number} – {act.subject} – adoptée à l'unanimité" for act in paper.acts)]
    if paper.kind == "deliberation":
        about = f"Commune de {town}. Extrait du registre des délibérations. Séance du {day}."
        return [about, *(line for act in paper.acts for line in decided(act, town, day))]
    opening = (
        f"Commune de {town}. Le {day} à vingt heures, le conseil municipal s'est réuni en séance ordinaire. "
        "Présents : 14. Votants : 15. Le procès-verbal de la séance précédente est approuvé."
    )
    return [
        opening,
        *(line for act in paper.acts for line in decided(act, town, day)),
        f"La séance du {day} est levée.",
    ]


def decided(act: Act, town: str, day: str) -> list[str]:
    """Return what the minutes say of one deliberation."""
    said = [
        f"{choice(SPEAKERS, town, act.number, str(n))} {choice(SAYS, town, act.number, str(n))} "
        f"{choice(THINGS, town, act.number, str(n))} {choice(ENDS, town, act.number, str(n))}."
        for n in range(5)
    ]
    return [
        f"Délibération n° {act.number} – {act.subject}",
        f"Dossier {act.number} de {town}, examiné le {day}. {' '.join(said)} Le conseil adopte.",
        "Pour : 14 / Contre : 0 / Abstentions : 1",
    ]


def printed(lines: list[str]) -> bytes:
    """Return some lines as a PDF of one page or more, the same bytes each time."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    out = BytesIO()
    styles = getSampleStyleSheet()
    parts = [
        Paragraph(line, styles["Heading2" if line.startswith("Délibération n°") else "BodyText"]) for line in lines
    ]
    document = SimpleDocTemplate(out, title=lines[0], author="Minutier", subject=NOTICE, invariant=1)
    document.build([*parts, Paragraph(NOTICE, styles["BodyText"])])
    return out.getvalue()


def open_table(town: str, day: date, root: str) -> Answer:
    """Return the open data of a town's deliberations, in the columns of SCDL."""
    rows = [
        f"{NAMES[town]};20000000000015;{act.number};{p.seance.held};{act.subject};{root}{old_address(p)}"
        for p in papers(town)
        for act in p.acts
        if p.since <= day
    ]
    return Answer("\n".join([CSV, *rows, ""]).encode(), headers={"Content-Type": "text/csv; charset=utf-8"})
