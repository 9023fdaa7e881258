"""Whether two papers have to do with each other: near, contains, same act, translation; each with how it was found.

What two papers are to each other depends on these two alone: so the order in which they came does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from extract.likeness import FEWEST, NEAR, alike, contained, numbers, shingles
from extract.terms import fold
from storage.traces import OF_A_SEANCE, OF_AN_ACT, day_of, printed, seance_of

WITHIN = 0.5
"""So much of a deliberation stands in the minutes that contain it (its heading and its visas often do not)."""
PASSAGE = 0.8
"""So much of an act's passage in the minutes stands in the deliberation."""
SAME_SEANCE = 0.15
"""So much of the shorter of two papers on one séance (an agenda) stands in the other (minutes)."""
SAME_OBJECT = 0.5
"""So many words two titles share that are about one object."""
SAME_NUMBERS = 0.75
SAME_NAMES = 0.5

BODIES = {
    "council": r"conseil (?:municipal|communautaire|metropolitain|departemental|regional|general|syndical)",
    "standing": r"commission permanente",
    "bureau": r"bureau (?:municipal|communautaire|metropolitain|syndical)",
    "welfare": r"(?:centre communal d.action sociale|\bccas\b)",
}
_BODY = re.compile("|".join(f"(?P<{name}>{words})" for name, words in BODIES.items()))
_NAME = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Þ][\w-]{3,}")
_HAN_WEIGHT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is compared of a document."""

    id: str
    seq: int
    act_type: str
    language: str
    facts: Mapping[str, Any]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """A relation found between two papers, read from `document_id` to `other_id`."""

    document_id: str
    other_id: str
    type: Literal["near", "contains", "same_act", "translation"]
    similarity: float | None
    how: str


def kinship(one: Paper, other: Paper, shared: frozenset[str]) -> list[Kin]:
    """Return what two papers are to each other; `shared` are the kinds of traces that brought them together."""
    first, later = sorted((one, other), key=lambda paper: paper.seq)
    near = _near(later, first) if "band" in shared else ()
    # Papers that share nothing but bands have only their texts to compare.
    return [*near, *(_by_keys(later, first, shared) if shared != {"band"} else ())]


def _kin(later: Paper, first: Paper, kind: Any, similarity: float | None, how: str) -> Kin:
    rounded = None if similarity is None else round(similarity, 4)
    return Kin(document_id=later.id, other_id=first.id, type=kind, similarity=rounded, how=how)


def _near(later: Paper, first: Paper) -> Iterator[Kin]:
    similarity = alike(shingles(later.text), shingles(first.text))
    if similarity >= NEAR:
        yield _kin(later, first, "near", similarity, "shingles that both texts have")


def _by_keys(later: Paper, first: Paper, shared: frozenset[str]) -> Iterator[Kin]:
    how, similarity = _same_act(later, first, shared)
    if how:
        yield _kin(later, first, "same_act", similarity, how)
    if "paper" in shared:
        yield from _contains(later, first)
    if "told" in shared:
        yield from _translation(later, first)


def _same_act(later: Paper, first: Paper, shared: frozenset[str]) -> tuple[str, float | None]:
    """Return how it was found that two papers are about one act or one séance, or nothing."""
    if "stamp" in shared:
        return f"transmission {min(_stamps(later) & _stamps(first))}", None
    if "act" in shared or "paper" in shared:
        if _other_body(later, first):
            return "", None
        numbered = _same_numbers(later, first)
        if numbered:
            return f"{numbered} of the séance of {seance_of(first.facts)}", None
        if {later.act_type, first.act_type} <= OF_A_SEANCE:
            return _same_seance(later, first)
    if "name" in shared and _textless(later, first) and not _other_body(later, first):
        return f"the name of the file and the day {day_of(first.facts)}; one of them has no text", None
    return "", None


def _stamps(paper: Paper) -> set[str]:
    return {act["stamp"].upper() for act in paper.facts["acts"] if act["stamp"]}


def _other_body(later: Paper, first: Paper) -> bool:
    """Whether two papers name different bodies: the council and its standing committee may meet on one day."""
    one, other = body_of(later.text), body_of(first.text)
    return bool(one and other and one != other)


def body_of(text: str) -> str:
    """Return which body met: the one that the beginning of a paper names first."""
    found = _BODY.search(" ".join(map(fold, re.split(r"[^\w]+", text[:2_000]))))
    return found.lastgroup or "" if found else ""


def _same_numbers(later: Paper, first: Paper) -> str:
    """Return the acts that both papers number alike, in words."""
    one, other = printed(later.facts), printed(first.facts)
    same = [key for key in sorted(one.keys() & other.keys()) if _same_numbered(key, one[key], other[key])]
    # Two papers that go through a whole séance must agree on more than a number here and there.
    whole = {later.act_type, first.act_type} <= OF_A_SEANCE
    if not same or (whole and 2 * len(same) < min(len(one), len(other))):
        return ""
    return f"{'act' if len(same) == 1 else 'acts'} {', '.join(same[:3])}{'…' if len(same) > 3 else ''}"


def _same_numbered(key: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a number that two papers print is one act's: a bare rank (3) counts one thing here, another there."""
    if not re.fullmatch(r"\d{1,3}|[IVXLC]+", key.partition("~")[0]):
        return True
    titles = [{word for word in map(fold, re.split(r"\W+", act["title"])) if len(word) > 3} for act in (one, other)]
    return _overlap(*titles) >= SAME_OBJECT


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _textless(later: Paper, first: Paper) -> bool:
    return min(len(shingles(later.text)), len(shingles(first.text))) < FEWEST


def _same_seance(later: Paper, first: Paper) -> tuple[str, float | None]:
    """Return how it was found that an agenda, a list or minutes are of one séance."""
    day = seance_of(first.facts)
    if _textless(later, first):
        return f"papers of the séance of {day}; one of them has no text", None
    if len(later.facts["acts"]) == len(first.facts["acts"]) == 1:  # two extracts for one deliberation each
        similarity = alike(shingles(later.text), shingles(first.text))
        return (f"extracts of the séance of {day}", similarity) if similarity >= NEAR else ("", None)
    part, whole = sorted((shingles(later.text), shingles(first.text)), key=len)
    similarity = contained(part, whole)
    return (
        (f"papers of the séance of {day}, in the same words", similarity) if similarity >= SAME_SEANCE else ("", None)
    )


def _contains(later: Paper, first: Paper) -> Iterator[Kin]:
    """A deliberation inside the minutes of its séance: read from the whole to the part."""
    part, whole = (later, first) if later.act_type in OF_AN_ACT else (first, later)
    if part.act_type not in OF_AN_ACT or whole.act_type not in OF_A_SEANCE or _other_body(part, whole):
        return
    inside = shingles(part.text)
    if len(inside) < FEWEST:
        return
    similarity = contained(inside, shingles(whole.text))
    if similarity >= WITHIN:
        yield _kin(whole, part, "contains", similarity, "shingles of the part that the whole has")
        return
    passages = {act["key"]: shingles(whole.text[act["start"] : act["end"]]) for act in whole.facts["acts"]}
    found = [(contained(words, inside), key) for key, words in passages.items() if len(words) >= FEWEST]
    best, key = max(found, default=(0.0, ""))
    if best >= PASSAGE:
        yield _kin(whole, part, "contains", best, f"shingles of its act {key} that the part has")


def _translation(later: Paper, first: Paper) -> Iterator[Kin]:
    """One text in two languages: strict, because a false translation is worse than one that was missed."""
    if later.language == first.language or "und" in (later.language, first.language):
        return
    sizes = sorted(_weight(paper.text) for paper in (later, first))
    day = day_of(first.facts).split("-")
    but = {part.lstrip("0") for part in day} | set(day)
    one, other = (numbers(paper.text, but) for paper in (later, first))
    same = len(one & other) / max(len(one | other), 1)
    names = [set(map(fold, _NAME.findall(paper.text))) for paper in (later, first)]
    alike_in_names = len(names[0] & names[1]) >= 3 and _overlap(*names) >= SAME_NAMES
    enough = len(one & other) >= (2 if alike_in_names else 4)
    if sizes[1] <= 2 * sizes[0] and same >= SAME_NUMBERS and enough:
        named = f" and {len(names[0] & names[1])} names" if alike_in_names else ""
        how = f"{len(one & other)} numbers{named} that both texts have, on one day"
        yield _kin(later, first, "translation", same, how)


def _weight(text: str) -> int:
    """Return how much a text says, in letters: a Chinese character says as much as three."""
    return sum(_HAN_WEIGHT if character > "\u2e80" else 1 for character in text if character.isalpha())
