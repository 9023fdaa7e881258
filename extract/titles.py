"""A title a reader would recognise, or nothing: never a file name dressed as one."""

from __future__ import annotations

import re

from extract.clean import one_line
from extract.model import Found, Hints

_JUNK = re.compile(
    r"""^(?:microsoft\s+(?:office\s+)?(?:word|excel|powerpoint)\b.*|document\s*\d*|(?:document\s+)?sans\s+titre\s*\d*|untitled.*
    |(?:new\s+)?page\s*\d*|présentation\s+powerpoint|powerpoint\s+presentation|slide\s*\d*|diapositive\s*\d*|no\s+title|title|titre|extrait|scan\w*[\s_-]*\d*
    |république\s+française|liberté\W+égalité.*|www\.\S+|https?:\S+|(?:envoyé|reçu|affiché|publié|transmis|id|accusé)\b.*
    |mise\s+en\s+page\s*\d*|imprimé|print|home|index|accueil|none|null|\W*|\d[\d\s._-]*|modèle.*|template.*|lettre\s+type|courrier)$""",
    re.I | re.X,
)
_FILE_NAME = re.compile(
    r"(?:\.(?:docx?|pdf|odt|rtf|html?|indd|qxd|xlsx?|pptx?|pub|tmp|wpd|ps|tex|tiff?|jpe?g|png|eps|ai|psd)\W*$|^\S*_\S*$|^[a-z]:\\)",
    re.I,
)
_LETTERS = re.compile(r"[^\W\d_]")
_MIDDLE = re.compile(r"(?:qui|que|dont|et|ont|a|par)\b|.*\bcertifi\w+ que\b|.*\bque la convocation\b", re.I)
"""Such a line is of a sentence: the box that counts the members, the note that the act was posted up."""
_GOES_ON = re.compile(
    r"(?:du|de|des|en date|s[eé]ance|r[eé]union|d['\u2019]|l['\u2019]|conseil|n°|no\b|portant|\d{1,2}\s)",
    re.I,
)
_ACT = re.compile(
    r"compte[\s-]*rendu|proc[eè]s[\s-]*verbal|d[eé]lib[eé]ration|ordre du jour|convocation|arr[eê]t[eé]|"
    r"communiqu[eé]|s[eé]ance|recueil|"
    r"d[eé]cision|conseil\s+(?:municipal|communautaire|d[eé]partemental|r[eé]gional|m[eé]tropolitain)",
    re.I,
)


def acceptable(title: str) -> bool:
    """Whether a title says something: no file name, nothing an office program writes by itself."""
    words = one_line(title)
    if len(_LETTERS.findall(words)) < 2 or "\ufffd" in words:
        return False
    return not _JUNK.match(words) and not _FILE_NAME.search(words)


def choose(text: str, hints: Hints, *, heading: str = "", metadata: str = "") -> Found | None:
    """The best title: metadata that the page repeats, a heading, the first lines that name an act, the link.

    `heading` is what the format module found marked as one; `metadata` is what the file says of itself.
    """
    given = acceptable(metadata)
    if given and len(metadata.split()) > 1 and _repeats(text, metadata):
        return _found(metadata, "metadata")
    line = _act_line(text)
    if acceptable(heading) and (len(heading.split()) > 1 or not line) and _early(text, heading):
        return _found(heading, "heading")
    if line:
        return _found(line, "first_page")
    for words, found_in in ((metadata if given else "", "metadata"), (hints.link_text, "link_text")):
        if acceptable(words):
            return _found(words, found_in)
    first = next((line for line in text[:3000].split("\n") if len(line) > 3 and acceptable(line)), "")
    return _found(first, "first_page") if first else None


def _found(words: str, found_in: str) -> Found:
    return Found(value=one_line(words, 300), found_in=found_in, quote=one_line(words, 200))


def _repeats(text: str, title: str) -> bool:
    """Whether the title stands in the first page: a template's own title does not."""
    return _words(title) in _words(text[:4000])


def _early(text: str, heading: str) -> bool:
    """Whether a heading opens the text, or stands outside it."""
    return _words(text[:50_000]).find(_words(heading[:80])) < 1_000


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _act_line(text: str) -> str:
    """The first short line that names an act, with those that finish it (`… DU CONSEIL / DU 17 AVRIL`)."""
    lines = [line.strip() for line in text[:2500].split("\n") if line.strip()]
    for number, line in enumerate(lines[:25]):
        if len(line) > 160 or line.endswith((":", ",")) or _MIDDLE.match(line):
            continue
        if not _ACT.search(line) or not acceptable(line):
            continue
        return _with_next(line, lines[number + 1 : number + 3])
    return ""


def _with_next(line: str, following: list[str]) -> str:
    """The line and those that finish it: `COMPTE RENDU` / `DU CONSEIL MUNICIPAL` / `SÉANCE DU 17 AVRIL`."""
    for words in following:
        goes_on = _GOES_ON.match(words) or (len(line.split()) < 3 and not words.endswith((":", ",")))
        if len(line) > 90 or len(words) > 90 or not goes_on:
            break
        line = f"{line} {words}"
    return line
