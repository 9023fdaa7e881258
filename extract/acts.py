"""What kind of act a text is, read from the words of its heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from extract.clean import one_line
from extract.dateforms import fold
from extract.model import Found, Hints

_HEADING = 2_500
_OPENING = 4_000
# Where two kinds are named at the same place the first of this list wins: "convocation et ordre du jour" is a
# convocation, "extrait du registre des délibérations" a deliberation.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("raa", r"\brecueil des actes administratifs\b|\br\.?a\.?a\.?\s+n"),
        ("liste_deliberations", r"\b(?:liste|tableau|bordereau) (?:des |de )?(?:deliberations|affaires)\b"),
        ("deliberation", r"\bextraits? d[ue](?:s|\s+l[ea])? (?:registre|proces[\s-]*verb\w+|deliberations?)"),
        ("communique", r"\bcommuniques? (?:de presse|a la presse)\b|新闻稿"),
        ("convocation", r"\bconvocations?\b(?! (?:du|le|en date|:|\d))"),
        ("pv", r"\bproces[\s-]*verba(?:l|ux)\b|会议记录"),
        ("compte_rendu", r"\bcomptes?[\s-]*rendus?\b|\bc\.?-?r\.? (?:du|de la|des) (?:conseil|comm|c\.?m)"),
        ("ordre_du_jour", r"\bordres? du jour\b"),
        (
            "deliberation",
            r"\b(?<!\bla )(?<!\bpar )(?<!\bune )(?<!\bcette )deliberations?\s*(?:n\b|n[°o.]|du conseil|du bureau|\d)",
        ),
        (
            "arrete",
            r"\barretes?\s+(?:n\b|n[°o.]|municipal|prefectoral|du maire|interprefectoral|portant|temporaire"
            r"|permanent|reglement|du \d)",
        ),
        ("decision", r"\bdecisions?\s+(?:n\b|n[°o.]|municipale|du maire|du president)"),
        ("deliberation", r"(?m)^\W*deliberations?\W*$"),
        ("arrete", r"(?m)^\W*arretes?\W*$"),
        ("decision", r"(?m)^\W*decisions?\W*$"),
    )
)  # fmt: skip
_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("liste_deliberations", r"\bliste[ s]*(?:des )?delib"),
        ("convocation", r"\bconvoc"),
        ("ordre_du_jour", r"\bordre du jour\b|\bodj\b"),
        ("pv", r"\bproces verb|\bpv\b"),
        ("compte_rendu", r"\bcompte rendu|\bcr\b|\bcrcm\b"),
        ("raa", r"\brecueil des actes|\braa\b"),
        ("deliberation", r"\bdelib"),
        ("arrete", r"\barretes?\b|\bap\b"),
        ("decision", r"\bdecisions?\b"),
        ("communique", r"\bcommuniques?\b|\bcp\b"),
    )
)
# Words in which the name of an act does not name this text.
_ASIDE = re.compile(
    r"(?:approbation|adoption|approuve\w*|adopte\w*|lecture|valid\w*|precedent\w*|vu|secretaire|sur) "
    r"(?:de |du |l[ea]s? |l'|d[ue]s? )*$"
)
_VOTES = re.compile(
    r"\bproces[\s-]*verbal (?:communal |de )*(?:d'|de l'|des |du )?"
    r"(?:election|votation|scrutin|depouillement|recensement)"
)


def act_type(text: str, hints: Hints, title: str = "") -> Found | None:
    """The kind of act its heading names, else its title, link or file name; None when none does."""
    named = _first_named((("heading", text[:_HEADING]), ("metadata", title), ("link_text", hints.link_text)))
    by_file = _named_by_file(hints.url)
    if named is None and by_file:
        return by_file
    held = _HELD.search(fold(text[:_OPENING]))
    # Minutes give their agenda first: who attended is told by no agenda and no convocation.
    if (
        held
        and (named is None or named.value in ("ordre_du_jour", "convocation"))
        and _COUNCIL.search(fold(text[:_OPENING]))
    ):
        if by_file and by_file.value in ("pv", "compte_rendu"):
            return by_file
        return Found(
            value="compte_rendu",
            found_in="first_page",
            quote=one_line(text[held.start() : held.start() + 120], 200),
        )
    return named


def _first_named(places: tuple[tuple[str, str], ...]) -> Found | None:
    for found_in, words in places:
        first = min(_named(words), default=None)
        if first:
            return Found(value=first[2], found_in=found_in, quote=one_line(words[first[3] : first[3] + 120], 200))
    return None


def _named_by_file(url: str) -> Found | None:
    name = re.sub(r"[^a-z]+", " ", fold(_file_name(url)))
    if _RETURNS.search(name):
        return None
    for kind, pattern in _NAMES:
        if pattern.search(name):
            return Found(value=kind, found_in="file_name", quote=one_line(_file_name(url), 200))
    return None


def _named(words: str) -> Iterator[tuple[int, int, str, int]]:
    """The line where each kind is first named, its rank, its name and its place.

    Names in passing and election returns are left out.
    """
    folded = fold(words)
    returns = [match.span() for match in _VOTES.finditer(folded)]
    for rank, (kind, pattern) in enumerate(_KINDS):
        for match in pattern.finditer(folded):
            aside = _ASIDE.search(folded, max(0, match.start() - 40), match.start())
            if not aside and not any(start <= match.start() < end for start, end in returns):
                # Two names within a line of each other count as one place.
                yield match.start() // 80, rank, kind, match.start()
                break


_HELD = re.compile(
    r"\bpresents?\s*[:(]|\betaient presents\b|\bsecretaire de seance\b|\ba l'unanimite\b"
    r"|\bouvre la seance\b|\bpouvoirs? a\b"
)
_COUNCIL = re.compile(
    r"\bconseil (?:municipal|communautaire|metropolitain|departemental|regional|general)\b|\bseance\b"
)
_RETURNS = re.compile(r"\b(?:election|votation|scrutin|municipalite)")


def _file_name(url: str) -> str:

    return unquote(urlsplit(url).path if "://" in url else url).rstrip("/").rpartition("/")[2]
