"""The numbers that Word shows before the paragraphs of a list, and does not write into them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml.etree import _Element

from extract.office.package import attribute, local

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
MAX_NUMBER = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How one level of a list is numbered."""

    form: str
    """decimal, lowerLetter, bullet… as Word names it."""
    words: str
    """`%1)` or `Délibération n° %1`: each %N stands for the number of level N."""
    first: int


@dataclass(slots=True)
class Lists:
    """The lists of a document, and how far each has counted."""

    levels: dict[tuple[str, int], Level]
    """By list and level."""
    family: dict[str, str]
    """The abstract list behind each list: lists of one family count on."""
    styles: dict[str, tuple[str, int]]
    """List and level of the paragraph styles that are numbered."""
    restarts: frozenset[str] = frozenset()
    """Lists that begin again although their family counts on."""
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def marker(self, paragraph: _Element) -> str:
        """What stands before this paragraph, or nothing; each call counts one on."""
        name, depth = self._place(paragraph)
        level = self.levels.get((name, depth))
        if level is None or level.form == "none":
            return ""
        if level.form == "bullet":
            return "-"
        counts = self._counted(name, depth, level)
        return re.sub(r"%([1-9])", lambda match: self._shown(name, int(match[1]) - 1, counts), level.words)

    def _place(self, paragraph: _Element) -> tuple[str, int]:
        style = ""
        for node in paragraph.iterchildren():
            if local(node) != "pPr":
                continue
            for property_ in node:
                if local(property_) == "pStyle":
                    style = attribute(property_, "val")
                elif local(property_) == "numPr":
                    return place_of(property_, self.styles.get(style, ("", 0))[0])
        return self.styles.get(style, ("", 0))

    def _counted(self, name: str, depth: int, level: Level) -> dict[int, int]:
        counts = self.counts.setdefault(self.family.get(name, name), {})
        if name in self.restarts and name not in self.begun:
            counts.clear()
        self.begun.add(name)
        counts[depth] = counts[depth] + 1 if depth in counts else level.first
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return counts

    def _shown(self, name: str, depth: int, counts: dict[int, int]) -> str:
        level = self.levels.get((name, depth))
        number = counts.get(depth, level.first if level else 1)
        return written(number, level.form if level else "decimal")


def lists_of(numbering: _Element | None, styles: _Element | None) -> Lists:
    """The lists of a document from its two parts, either of which may be missing."""
    abstract: dict[str, dict[int, Level]] = {}
    family: dict[str, str] = {}
    levels: dict[tuple[str, int], Level] = {}
    restarts = set()
    for node in numbering if numbering is not None else ():
        if local(node) == "abstractNum":
            abstract[attribute(node, "abstractNumId")] = dict(_levels(node))
        elif local(node) == "num":
            name = attribute(node, "numId")
            family[name] = next((attribute(child, "val") for child in node if local(child) == "abstractNumId"), "")
            shared = abstract.get(family[name], {})
            own = _overrides(node, shared)
            if own:
                restarts.add(name)
            levels.update(((name, depth), level) for depth, level in {**shared, **own}.items())
    numbered = dict(_numbered_styles(styles)) if styles is not None else {}
    return Lists(levels=levels, family=family, styles=numbered, restarts=frozenset(restarts))


def place_of(node: _Element, name: str = "") -> tuple[str, int]:
    """List and level that a `numPr` names."""
    depth = 0
    for child in node:
        if local(child) == "numId":
            name = attribute(child, "val")
        elif local(child) == "ilvl":
            depth = _integer(attribute(child, "val"), 0)
    return name, depth


def written(number: int, form: str) -> str:
    """The number in the form that Word names; in digits where the form is another."""
    if not 0 < number < MAX_NUMBER:
        return str(number)
    if form == "decimalZero":
        return f"{number:02d}"
    if form in ("lowerLetter", "upperLetter"):
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters[:20].upper() if form == "upperLetter" else letters[:20]
    if form in ("lowerRoman", "upperRoman"):
        return _roman(number).upper() if form == "upperRoman" else _roman(number)
    return str(number)


def _roman(number: int) -> str:
    letters = ""
    for value, sign in _ROMAN:
        letters += sign * (number // value)
        number %= value
    return letters


def _levels(node: _Element) -> list[tuple[int, Level]]:
    return [
        (_integer(attribute(child, "ilvl"), 0), _level(child)) for child in node.iterchildren() if local(child) == "lvl"
    ]


def _level(node: _Element) -> Level:
    said = {local(child): attribute(child, "val") for child in node}
    return Level(
        form=said.get("numFmt", "decimal"), words=said.get("lvlText", ""), first=_integer(said.get("start", ""), 1)
    )


def _overrides(node: _Element, shared: dict[int, Level]) -> dict[int, Level]:
    """The levels that a list sets itself: a whole level, or only where to begin again."""
    found: dict[int, Level] = {}
    for override in node:
        if local(override) != "lvlOverride":
            continue
        found.update(_levels(override))
        depth = _integer(attribute(override, "ilvl"), 0)
        first = next((attribute(child, "val") for child in override if local(child) == "startOverride"), "")
        if first and depth in {**shared, **found}:
            found[depth] = replace({**shared, **found}[depth], first=_integer(first, 1))
    return found


def _numbered_styles(styles: _Element) -> list[tuple[str, tuple[str, int]]]:
    own: dict[str, tuple[str, int]] = {}
    based: dict[str, str] = {}
    for style in styles:
        name = attribute(style, "styleId")
        for node in style.iter():
            if local(node) == "numPr":
                own[name] = place_of(node)
            elif local(node) == "basedOn":
                based[name] = attribute(node, "val")
    return [(name, found) for name in {*own, *based} if (found := _inherited(name, own, based)) is not None]


def _inherited(name: str, own: dict[str, tuple[str, int]], based: dict[str, str]) -> tuple[str, int] | None:
    for _ in range(12):  # styles that are based on each other in a circle end here
        if name in own:
            return own[name]
        if name not in based:
            return None
        name = based[name]
    return None


def _integer(words: str, otherwise: int) -> int:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 7 else otherwise
