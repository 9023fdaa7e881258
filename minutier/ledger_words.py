"""What the ledger has to say in the methods paragraph, in French and in English."""

from __future__ import annotations

from typing import Any

from minutier.agreeing import agreed

Json = dict[str, Any]
WORDS = {
    "fr": {
        "months": "Mois par mois et source par source, {complete} mois [est complet|sont complets] au regard d'un "
        "dénominateur nommé ({official} d'un tableau officiel, {own} de la seule liste du site, dont on ignore si elle "
        "dit tout), {gap} [présente|présentent] une lacune, {unknown} [reste inconnu|restent inconnus] faute de "
        "dénominateur ou de visite récente et {outside} [est|sont] hors de la période mise en ligne.",
        "gaps": "{gaps} lacune[|s] [est constatée|sont constatées], dont {explained} [expliquée|expliquées] ; {robots} "
        "document[|s] annoncé[|s] [a été refusé|ont été refusés] par robots.txt, et {undated_gaps} lacune[|s] "
        "[n'a|n'ont] pas de date connue.",
        "no_gaps": "Aucune lacune n'est constatée, ce qui ne dit rien des mois inconnus.",
        "ocr": "Le texte de {ocr} document[|s] sur {documents} ({share} %) vient d'une reconnaissance optique.",
    },
    "en": {
        "months": "By month and source, {complete} month[|s] [is|are] complete against a named denominator ({official} "
        "against an official table, {own} against the site's own list alone, which may not say all), {gap} [has|have] "
        "a gap, {unknown} [is|are] unknown for want of a denominator or of a recent visit, and {outside} [lies|lie] "
        "outside the period that is on-line.",
        "gaps": "{gaps} gap[|s] [was|were] found, {explained} of them explained; {robots} listed document[|s] "
        "[was|were] refused by robots.txt, and {undated_gaps} gap[|s] [has|have] no known date.",
        "no_gaps": "No gap was found, which says nothing of the unknown months.",
        "ocr": "The text of {ocr} of {documents} document[|s] ({share} %) was read by optical character recognition.",
    },
}  # fmt: skip


def sentences(figures: Json, lang: str) -> list[str]:
    """Return the sentences on completeness; none for a freeze that is older than the ledger."""
    said = figures.get("ledger")
    if not said:
        return []
    documents = figures["documents"]
    values = said | {"documents": documents, "share": round(100 * said["ocr"] / documents) if documents else 0}
    names = ("months", "gaps" if said["gaps"] else "no_gaps", "ocr")
    return [agreed(WORDS[lang][name], values, lang) for name in names]
