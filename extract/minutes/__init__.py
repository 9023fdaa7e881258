"""Minutes, lists and registers cut into acts: number, title, rapporteur, votes, pages, and where each stands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from extract.clean import one_line
from extract.dateforms import fold
from extract.minutes.headings import Heading, Line, lines_of
from extract.minutes.numbers import keys
from extract.minutes.outcomes import decisions
from extract.minutes.series import choose, ends, is_named_otherwise
from extract.minutes.votes import read_votes
from extract.model import Act, Margin, Page
from extract.titles import acceptable

__all__ = ["read_acts"]

MINUTES = frozenset({"pv", "compte_rendu", "raa", "liste_deliberations"})
_LONGEST = 6_000_000
_MOST_LINES = 150_000
"""Three thousand pages of fifty lines: what is longer is a table."""
_SURE = frozenset({"code", "named"})


def read_acts(
    text: str, pages: Sequence[Page], act_type: str, margins: Sequence[Margin] = (), *, split: str = ""
) -> tuple[Act, ...]:
    """The acts of a text, in order and without overlap; none for a paper that holds none.

    Minutes and lists are cut where their headings and their decisions go together; a deliberation is one act.
    `split` has any paper cut, whatever kind it seems to be.
    """
    if len(text) > _LONGEST or text.count("\n") > _MOST_LINES or not text.strip():
        return ()
    if act_type == "deliberation" and not split:
        return _numbered([_single(text)], text, pages, margins)
    if act_type not in MINUTES and not split:
        return ()
    folded = fold(text)
    lines, places = lines_of(text, folded), decisions(folded)
    headings = choose(lines, places, len(text))
    cut = _cut(headings, lines, len(text))
    kept = [each for each in cut if _is_act(*each, places, listed=act_type == "liste_deliberations")]
    return _numbered(kept, text, pages, margins)


Span = tuple[Heading, int, int]


def _cut(headings: Sequence[Heading], lines: Sequence[Line], end: int) -> list[Span]:
    """Each heading with the span of its act: as far as the next heading, or the end of the acts."""
    over = ends(lines)
    found = []
    for start, after in pairwise([*(each.start for each in headings), end]):
        nearest = bisect_right(over, start)
        found.append((start, min(over[nearest], after) if nearest < len(over) else after))
    return [(heading, start, stop) for heading, (start, stop) in zip(headings, found, strict=True)]


def _is_act(heading: Heading, start: int, end: int, places: Sequence[int], *, listed: bool) -> bool:
    """Whether something is decided under a heading; a list and a printed number of an act say so themselves."""
    if listed:
        return not is_named_otherwise(heading.title)
    decided = bisect_left(places, start) < bisect_left(places, end)
    if is_named_otherwise(heading.title):
        return decided and heading.family in _SURE
    return decided or heading.family in _SURE


def _single(text: str) -> Span:
    """A paper that is one deliberation, as one span with its number and object."""
    number = _NUMBER.search(text[:3_000])
    title = _OBJECT.search(text[:4_000])
    heading = Heading(
        family="code",
        number=number[1].strip() if number else "",
        title=title[1].strip() if title else next(filter(acceptable, text[:3_000].split("\n")), ""),
        line=0,
        start=0,
    )
    return heading, 0, len(text)


_NUMBER = re.compile(r"\bn\s?[°ºo]\s*[.:]?\s*([A-Z]{0,4}[-_ ]?\d[\w./–-]{0,20})", re.I)
_OBJECT = re.compile(r"^\W*objet\s*:?\s*(.{3,300})", re.I | re.M)


def _numbered(found: Sequence[Span], text: str, pages: Sequence[Page], margins: Sequence[Margin]) -> tuple[Act, ...]:
    made = []
    for (heading, start, end), key in zip(found, keys(heading.number for heading, _, _ in found), strict=True):
        body = text[start:end].rstrip()
        first, last = _pages(pages, start, start + len(body))
        beside = "\n".join(margin.words for margin in margins if first <= margin.page <= last)
        stamp = _STAMP.search(body) or _STAMP.search(beside)
        made.append(
            Act(
                number=heading.number,
                key=key,
                title=_title(heading, body),
                start=start,
                end=start + len(body),
                first_page=first,
                last_page=last,
                rapporteur=_rapporteur(body, start),
                votes=read_votes(body[len(body.split("\n", 1)[0]) :] or body),
                stamp=stamp[0] if stamp else "",
            )
        )
    return tuple(made)


def _title(heading: Heading, body: str) -> str:
    """The words of the heading, with the next line where it goes on; those below where a number stands alone."""
    first, *others = body.split("\n", 2)
    if not heading.title:
        below = next((line for line in body[len(first) :].split("\n") if line.strip()), "")
        return one_line(_OBJECT.sub(r"\1", below), 300).rstrip(" :")
    going_on = others and len(first) >= 60 and not first.rstrip().endswith((".", ":", ";"))
    goes_on = going_on and others[0][:1] and not _BODY.match(fold(others[0]))
    return one_line(f"{heading.title} {others[0]}" if goes_on else heading.title, 300).rstrip(" :")


_BODY = re.compile(
    r"^\W*(?:je |le |la |les |l'|monsieur|madame|mademoiselle|m\.|mme|mlle|vu |considerant|conformement|apres |il "
    r"|suite|par |dans |afin|\d+ (?:voix|votes?))"
)
_STAMP = re.compile(r"\b\d{3}-\d{9}-(?:19|20)\d{6}-[\w.-]{1,40}?-[A-Z]{2}(?:-\d+-\d+)?\b")
_NAME = r"[A-ZÀ-Þ][\w'’.-]*"
_PERSON = (
    rf"((?:Monsieur|Madame|M\.|Mme|MME|Mr|Mlle)[ \u00a0]+(?:le[ \u00a0]+Maire|{_NAME}(?:[ \u00a0]+{_NAME}){{0,3}}))"
)
_RAPPORTEUR = re.compile(
    rf"{_PERSON}\s*,\s*(?:adjoint\w*[^,\n]{{0,80}},\s*)?rapporteur|[Rr]apporteur\w*\s*:\s*(?:{_PERSON}|(\S[^\n]{{2,60}}))"
)


def _rapporteur(body: str, start: int) -> tuple[int, int] | None:
    """Where the rapporteur is named, in the text."""
    match = _RAPPORTEUR.search(body[:2_000])
    if not match:
        return None
    group = next(number for number in (1, 2, 3) if match[number])
    return start + match.start(group), start + match.start(group) + len(match[group].rstrip())


def _pages(pages: Sequence[Page], start: int, end: int) -> tuple[int, int]:
    """The physical numbers of the first and the last page of a span."""
    inside = [page.number for page in pages if page.start < end and page.end > start]
    return (inside[0], inside[-1]) if inside else (0, 0)
