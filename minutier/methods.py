"""The methods paragraph of a freeze: what was gathered, kept, put aside, and what cannot be known."""

from __future__ import annotations

from collections import Counter
from typing import Any

from minutier.agreeing import agreed
from minutier.ledger_words import sentences
from storage import freezes
from storage.citing.french import day
from storage.listing import BLANK
from storage.store import Store

Json = dict[str, Any]

SENTENCES = {
    "fr": {
        "what": "Le corpus « {name} » compte {documents} document[|s], [figé|figés] le {day} (SHA-256 {sha256}).",
        "as_it_is": "Au {day}, le corpus compte {documents} document[|s].",
        "how": "Il a été constitué avec Minutier {minutier} (extraction {extractor}, analyse {analyser}, vocabulaire "
        "{vocabulary}) à partir de {sources} source[|s], visitée[|s] du {first} au {last} en {runs} passage[|s].",
        "by": "Répartition : {by}.",
        "dates": "Les documents datés vont de {oldest} à {newest} ; {undated} document[|s] [est|sont] sans date.",
        "no_dates": "Aucun document n'est daté.",
        "selection": "Sélection : {selection}.",
        "all": "tous les documents, une copie de chacun",
        "seen": "Sur {seen} adresse[|s] rencontrée[|s], {listings} [est une liste|sont des listes], {kept} [a|ont] "
        "donné un document, {pending} [est|sont] en attente et {aside} [a|ont] été écartée[|s]{reasons}.",
        "copies": "{copies} copie[|s] de documents retenus [n'est|ne sont] pas comptée[|s] à part.",
        "texts": "Parmi les documents que retiennent les filtres, {no_text} [est|sont] sans texte, {needs_ocr} "
        "[attend|attendent] une reconnaissance optique, et le texte de {suspect} est douteux.",
        "fell": "{fell_out_undated} document[|s] [n'a|n'ont] pas pu être comparé[|s] aux bornes de dates, faute de "
        "date.",
        "gone": "{withdrawn} document[|s] [a été retiré|ont été retirés] depuis : [il compte|ils comptent] ici, et "
        "rien n'en est conservé.",
        "people": "{corrected} document[|s] [porte|portent] une correction humaine, conservée à côté de la "
        "valeur de la machine.",
        "bad": "Le dernier passage n'est pas complet pour : {names}. Ce qui manque de ces sources n'est pas connu.",
        "gaps": "Des listes n'ont pas pu être lues : {gaps}",
        "unprobed": "Sources recensées sans règle de collecte, dont rien n'a été lu : {names}.",
        "never": "Sources prêtes mais jamais visitées : {names}.",
        "unread": "La liste des sources n'a pas pu être lue lorsque le corpus a été figé.",
        "limit": "Ce qui n'a jamais été publié en ligne, ou l'a été ailleurs, n'est pas dans ce décompte.",
        "flow": ("adresses rencontrées", "listes", "écartées", "en attente", "documents dans le corpus", "figés"),
        "kind": "type", "language": "langue", "verdict": "qualité du texte",
    },
    "en": {
        "what": "The corpus “{name}” holds {documents} document[|s], frozen on {day} (SHA-256 {sha256}).",
        "as_it_is": "On {day} the corpus holds {documents} document[|s].",
        "how": "It was gathered with Minutier {minutier} (extractor {extractor}, analyser {analyser}, vocabulary "
        "{vocabulary}) from {sources} source[|s], visited from {first} to {last} in {runs} run[|s].",
        "by": "By {by}.",
        "dates": "Dated documents run from {oldest} to {newest}; {undated} document[|s] [has|have] no date.",
        "no_dates": "No document has a date.",
        "selection": "Selection: {selection}.",
        "all": "all documents, one copy of each",
        "seen": "Of {seen} address[|es] met, {listings} [is a listing|are listings], {kept} gave a document, "
        "{pending} [is|are] pending and {aside} [was|were] put aside{reasons}.",
        "copies": "{copies} cop[y|ies] of documents that are held [is|are] not counted apart.",
        "texts": "Among the documents that the filters select, {no_text} [has|have] no text, {needs_ocr} "
        "[waits|wait] for optical character recognition, and the text of {suspect} is in doubt.",
        "fell": "{fell_out_undated} document[|s] could not be compared with the dates asked for, for want of a date.",
        "gone": "{withdrawn} document[|s] [was|were] withdrawn since: [it counts|they count] here, and nothing of "
        "[it|them] is kept.",
        "people": "{corrected} document[|s] [bears|bear] a correction by a person, kept beside the machine's value.",
        "bad": "The last run is not complete for: {names}. What is missing from these sources is not known.",
        "gaps": "Some listings could not be read: {gaps}",
        "unprobed": "Known sources without rules, of which nothing was read: {names}.",
        "never": "Sources that are ready and were never visited: {names}.",
        "unread": "The list of sources could not be read when the corpus was frozen.",
        "limit": "What was never published on-line, or elsewhere, is not in these figures.",
        "flow": ("addresses met", "listings", "put aside", "pending", "documents kept in the corpus", "frozen"),
        "kind": "kind", "language": "language", "verdict": "quality of the text",
    },
}  # fmt: skip


def paragraphs(store: Store, name: str) -> dict[str, str]:
    """Return the paragraph of a freeze in each language."""
    with store.reading() as connection:
        row = freezes.one(connection, name)
        figures = figures_of(freezes.summary(row), freezes.entries(connection, name), row.account)
    return {lang: paragraph(figures, lang) for lang in SENTENCES}


def figures_of(freeze: Json, entries: list[Json], account: Json) -> Json:
    """Return every figure that the paragraph and the diagram use."""
    shown = [BLANK | entry["shown"] for entry in entries if entry["shown"]["source"]]  # what was withdrawn has none
    dates = sorted(each["date"] for each in shown if each["date"])
    ran = [each for each in account["sources"] if each["runs"]]
    return {
        **freeze,
        **freeze["software"],
        **account,
        **account["addresses"],
        "day": freeze["created_at"][:10],
        "sources": len({each["source"] for each in shown}),
        "first": min((each["first"][:10] for each in ran), default=""),
        "last": max((each["last"][:10] for each in ran), default=""),
        "runs": sum(each["runs"] for each in ran),
        "oldest": dates[0] if dates else "",
        "newest": dates[-1] if dates else "",
        "corrected": sum(bool(each["corrected"]) for each in shown),
        "in_corpus": account["documents"],
        "documents": freeze["documents"],
        "withdrawn": len(entries) - len(shown),
        "reasons_aside": account["addresses"]["aside"],
        "aside": sum(account["addresses"]["aside"].values()),
        "bad": [each["id"] for each in ran if not each["good"]],
        "gaps": [gap for each in ran for gap in each["listing_gaps"]],
        "tables": {name: Counter(str(each[name]) for each in shown) for name in ("kind", "language", "verdict")},
    }


def paragraph(figures: Json, lang: str) -> str:
    """Return the paragraph; a sentence about what did not happen is left out, a figure of nought that matters stays."""
    words = SENTENCES[lang]
    reasons = ", ".join(f"{name} {n}" for name, n in figures["reasons_aside"].items())
    spelled = day if lang == "fr" else str
    values = figures | {
        **{name: spelled(figures[name]) for name in ("day", "first", "last", "oldest", "newest") if figures[name]},
        "by": " ; ".join(f"{words[name]} : {counted(table)}" if lang == "fr" else f"{words[name]}: {counted(table)}"
                         for name, table in figures["tables"].items()),
        "selection": selection(figures) or words["all"],
        "reasons": f" ({reasons})" if reasons else "",
        "gaps": " ".join(figures["gaps"]),
    }  # fmt: skip
    dated = "dates" if figures["oldest"] else "no_dates"
    if figures["sha256"]:
        always = ["what", "how", "by", dated, "selection", "seen", "texts"]
    else:  # the corpus as it stands, without a freeze
        always = ["as_it_is", "how", "by", dated, "seen", "texts"]
    said = [agreed(str(words[name]), values, lang) for name in always]
    optional = {
        "copies": "copies",
        "fell": "fell_out_undated",
        "gone": "withdrawn",
        "people": "corrected",
        "gaps": "gaps",
        "unread": "unread",
    }
    said += [agreed(str(words[name]), values, lang) for name, figure in optional.items() if figures[figure]]
    said += sentences(figures, lang)
    for name, listed in (("bad", "bad"), ("unprobed", "unprobed"), ("never", "never_run")):
        if figures[listed]:
            said.append(str(words[name]).format(names=", ".join(figures[listed])))
    return " ".join([*said, str(words["limit"])])


def counted(table: Counter[str]) -> str:
    """Return a table of counts in words, the largest first."""
    return ", ".join(f"{name or '?'} {n}" for name, n in sorted(table.items(), key=lambda pair: (-pair[1], pair[0])))


def selection(figures: Json) -> str:
    """Return the question and the filters as they were given."""
    asked = [f"« {figures['question']} »"] if figures["question"] else []
    named = figures["filters"].items()
    return ", ".join([*asked, *(f"{name} {', '.join(v) if isinstance(v, list) else v}" for name, v in named if v)])


def flow(figures: Json, lang: str) -> list[tuple[str, int, list[tuple[str, int]]]]:
    """Return the steps from what was seen to what is frozen, each with what leaves there."""
    seen, listings, aside, pending, kept, frozen = SENTENCES[lang]["flow"]
    reasons = [(f"{aside} : {name}" if lang == "fr" else f"{aside}: {name}", n) for name, n in
               figures["reasons_aside"].items()]  # fmt: skip
    leaving = [(listings, figures["listings"]), (pending, figures["pending"]), *reasons]
    return [
        (seen, figures["seen"], [(name, n) for name, n in leaving if n]),
        (kept, figures["in_corpus"], []),
        (frozen, figures["documents"], []),
    ]


def as_text(steps: list[tuple[str, int, list[tuple[str, int]]]]) -> str:
    """Return the flow as lines of text."""
    blocks = []
    for name, number, leaving in steps:
        blocks.append("\n".join([f"{number:>8}  {name}", *(f"{'':>8}  ├─ {n:>6}  {why}" for why, n in leaving)]))
    return f"\n{'':>8}  ↓\n".join(blocks)


def as_svg(steps: list[tuple[str, int, list[tuple[str, int]]]]) -> str:
    """Return the flow as a drawing: boxes from top to bottom, what leaves at their right."""
    from xml.sax.saxutils import escape

    drawn, top = [], 10
    for place, (name, number, leaving) in enumerate(steps):
        height = 44 + 18 * max(0, len(leaving) - 2)
        if place:
            drawn.append(f'<path d="M150 {top - 26} V{top - 4}" marker-end="url(#tip)" stroke="#333" fill="none"/>')
        drawn.append(f'<rect x="10" y="{top}" width="280" height="44" rx="4" fill="#eef3f8" stroke="#333"/>')
        drawn.append(f'<text x="150" y="{top + 19}" text-anchor="middle" font-weight="bold">{number}</text>')
        drawn.append(f'<text x="150" y="{top + 36}" text-anchor="middle">{escape(name)}</text>')
        for line, (why, n) in enumerate(leaving):
            drawn.append(f'<text x="310" y="{top + 16 + 18 * line}">→ {n}  {escape(why)}</text>')
        top += height + 28
    shape = '<path d="M0 0 L6 3 L0 6 z"/>'
    tip = f'<marker id="tip" markerWidth="8" markerHeight="8" refX="6" refY="3" orient="auto">{shape}</marker>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {top}" font-family="sans-serif" font-size="13">'
    return "\n".join([head, f"<defs>{tip}</defs>", *drawn, "</svg>", ""])
