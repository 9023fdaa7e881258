"""File names that people can sort and every system can hold."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from bundles.model import BundleDocument

SUFFIXES = {
    "application/pdf": ".pdf",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/msword": ".doc",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/xml": ".xml",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
}
LONGEST = 60  # characters of a title in a name; ids make names unique
PREFERRED = 50
"""Characters that a title for people has at the most, where its id leaves the room: Taguette takes no more."""
SHORT_WORDS = {
    "pv": "PV",
    "compte_rendu": "CR",
    "deliberation": "Délib",
    "liste_deliberations": "Liste",
    "convocation": "Convoc",
    "ordre_du_jour": "ODJ",
    "communique": "Communiqué",
    "arrete": "Arrêté",
    "decision": "Décision",
    "raa": "RAA",
    "council_minutes": "Conseil",
    "atlas": "Atlas",
    "press": "Presse",
    "other": "Doc",
}
"""How a type of act, or else a kind of document, is called in a title. No full stop: a tool may take what follows it
for the ending of a file."""
_TOWN = re.compile(r"^(?:ville|commune|mairie)\s+(?:de\s+la\s+|de\s+|d['’]\s*|du\s+|des\s+)", re.IGNORECASE)


def stem(document: BundleDocument) -> str:
    """Return a document's file name without its ending: date, title in plain letters, id.

    Only ASCII letters, digits and hyphens: no name is reserved, escapes its folder, or differs by case alone.
    """
    words = [document.date or "undated", plain(document.title)[:LONGEST].strip("-"), document.id, document.revision]
    return "_".join(word for word in words if word)


def title_for_people(document: BundleDocument) -> str:
    """Return a name that sorts by date and says what it is, such as `1981-06-22 Montpellier PV tq3…`.

    Date, authority or source, kind, number where there is one, then the whole id, which makes it unique without regard
    to case and the same in every export. Letters, digits, spaces and hyphens only. Shortened to 50 characters: first
    the authority, then the number, then the kind.
    """
    date = document.date or "undated"
    tail = " ".join(filter(None, [document.id, document.revision]))
    words = [
        spaced(_TOWN.sub("", document.authority) or document.source),
        SHORT_WORDS.get(document.act_type) or SHORT_WORDS.get(document.kind) or spaced(document.kind),
        spaced(document.number),
    ]
    room = PREFERRED - len(date) - len(tail) - 2
    return " ".join(filter(None, [date, fitted(words, room), tail]))


def fitted(words: list[str], room: int) -> str:
    """Return place, kind and number in so many characters: the place is cut, then what is behind goes.

    >>> fitted(["Montpellier", "PV", "0412"], 22), fitted(["Montpellier", "PV", "0412"], 12)
    ('Montpellier PV 0412', 'Mont PV 0412')
    """
    place, *rest = words
    while rest and room - len(" ".join(filter(None, rest))) < min(4, len(place)) + 1:
        rest.pop()
    behind = " ".join(filter(None, rest))
    place = place[: max(room - len(behind) - bool(behind), 0)].strip(" -")
    return " ".join(filter(None, [place, behind]))


def spaced(text: str) -> str:
    """Return a text in letters of any script, digits, hyphens and single spaces.

    >>> spaced("C.A. d’Alès / 友好 (30)")
    'C A d Alès 友好 30'
    """
    kept = (char if char == "-" or unicodedata.category(char)[0] in "LMN" else " " for char in text)
    return " ".join("".join(kept).split()).strip(" -")


def plain(text: str) -> str:
    """Return a text in ASCII letters, digits and hyphens.

    >>> plain("Procès-verbal : séance n° 3 / 友好")
    'proces-verbal-seance-n-3'
    """
    folded = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("°", " "))
    letters = folded.encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def beside(out: Path, ending: str) -> Path:
    """Return where a further file of a bundle stands: beside it, under its name without its own ending."""
    return out.with_name(out.stem + ending)


def suffix(media_type: str) -> str:
    """Return the file ending for a media type; `.bin` for one we do not know."""
    return SUFFIXES.get(media_type, ".bin")


def cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula.

    >>> cell("=1+1"), cell("-3"), cell("Chine")
    ("'=1+1", "'-3", 'Chine')
    """
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text
