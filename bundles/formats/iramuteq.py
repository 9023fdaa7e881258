"""IRaMuTeQ and Alceste: a text file for each language, each text under a line of starred variables."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from bundles.model import BundleDocument, Documents, LeftOut, Report
from bundles.naming import plain
from bundles.report import why_no_text
from storage.errors import WrongUse

NAME = "iramuteq"
TITLE = "IRaMuTeQ and Alceste: a corpus file for each language, with starred variables"
SUFFIX = ""

VARIABLES = (
    "id", "date", "year", "kind", "act_type", "source", "voice", "country", "authority",
    "verdict", "ocr", "rights", "curated", "part_of", "part", "revision",
)  # fmt: skip
MARKS = str.maketrans("*$", "  ")
"""What IRaMuTeQ takes for its own: a star begins a head or a theme, dollar signs are its inner marks."""
LEMMATISED = frozenset({"fr", "en", "de", "es", "it", "pt"})


def write(documents: Documents, out: Path) -> Report:
    """Write the files into the folder `out`; a text without a word is left out, for IRaMuTeQ would drop it unsaid.

    Raises WrongUse where there is Chinese and nothing that finds its words.
    """
    report = Report(format=NAME, selected=len(documents))
    out.mkdir(parents=True)
    cut_words: Callable[[str], list[str]] | None = None
    with ExitStack() as files:
        opened: dict[str, IO[str]] = {}
        for document in documents:
            language = (document.language or "und").partition("-")[0]
            body = document.text.translate(MARKS)
            if not any(char.isalnum() for char in body):
                why = "no word in its text" if document.text.strip() else why_no_text(document)
                report.missed(document, "document", why)
                continue
            if language == "zh":
                cut_words = cut_words or cutter()
                body = "\n".join(" ".join(cut_words(line)) for line in body.split("\n"))
            if language not in opened:
                file = (out / f"{plain(language)}.txt").open("w", encoding="utf-8", newline="\n")
                opened[language] = files.enter_context(file)
            opened[language].write(f"{head(document)}\n{body}\n\n")
            told(document, language, report)
    report.files = len(opened)
    return report


def told(document: BundleDocument, language: str, report: Report) -> None:
    """Count a document, and say what became of its text and what IRaMuTeQ cannot do for it."""
    report.counted(document)
    if any(mark in document.text for mark in "*$"):
        why = "stars and dollar signs, which IRaMuTeQ takes for its own, are spaces"
        report.altered.append(LeftOut(document=document.id, what="text", why=why))
    if language not in LEMMATISED:
        why = "no dictionary for it is known of: words are counted as they are written"
        if language == "zh":
            why = "words were found by machine; untick the option that keeps only some characters, or they are removed"
        report.unfit.append(LeftOut(document=document.id, what=f"language {language}", why=why))


def head(document: BundleDocument) -> str:
    """Return the line that begins a text: each variable as `*name_value`, without a space or a further `_`."""
    known = {name: str(getattr(document, name, "")) for name in VARIABLES} | {"year": document.date[:4]}
    pairs = (f"*{name.replace('_', '')}_{starred(known[name])}" for name in VARIABLES)
    return " ".join(["****", *pairs])


def starred(text: str) -> str:
    """Return a value in ASCII letters, digits and hyphens; a letter of another script as its number.

    >>> starred("Ville d’Alès"), starred("成都"), starred("")
    ('ville-d-ales', 'u6210-u90fd', 'none')
    """
    folded = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return plain("".join(map(spelled, folded))) or "none"


def spelled(char: str) -> str:
    """Return a character as it stands in a value: plain ones as they are, accents of letters before them as nothing."""
    if char.isalnum() and not char.isascii():
        return f" u{ord(char):x} "
    return "" if unicodedata.combining(char) else char if char.isascii() else " "


def cutter() -> Callable[[str], list[str]]:
    """Return what cuts a line of Chinese into words. Raises WrongUse where it is not installed."""
    try:
        import rjieba
    except ImportError:
        raise WrongUse(
            "The words of the Chinese texts are found with rjieba, which is not here: pip install 'minutier[bundles]', "
            "or leave them out with --lang."
        ) from None
    dictionary: Any = rjieba
    return lambda line: [word for word in dictionary.cut(line) if word.strip()]
