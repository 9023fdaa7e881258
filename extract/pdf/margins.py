"""Running headers, footers and page numbers: what repeats at the same place from page to page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Literal

from extract.pdf.lines import Box, Line
from extract.pdf.stamps import is_stamp

Place = Literal["header", "footer"]

_ZONE = 0.18
_OUTERMOST = 10
_SAME_HEIGHT = 4.0
_ENOUGH = 3
"""Pages on which a line must be found again; two where the paper has two and numbers them, or for a stamp."""
_DENSE = 0.4
"""Of the pages between the first and the last that have it: odd and even pages may differ."""
_APART = 1.15
"""How much further from the body than the lines of the body from each other."""
_SHORT = 30
_NUMBER = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")
_COUNTED = re.compile(r"\W*(?:page|p\.|feuillet)\s*\d{1,4}\s*(?:/|sur|de|of|-)\s*\d{1,4}\W*", re.I)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The lines of a page as a reader sees them, and its edges."""

    lines: Sequence[Line]
    edges: Box

    @cached_property
    def middles(self) -> list[float]:
        """How high each line stands."""
        return [line.middle for line in self.lines]

    @cached_property
    def downwards(self) -> list[int]:
        """The indexes of the lines from the top of the page to its foot."""
        return sorted(range(len(self.lines)), key=[-middle for middle in self.middles].__getitem__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A line that may belong to a margin: the index of its page, its index there, its distance from the edge."""

    page: int
    index: int
    place: Place
    distance: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Running:
    """The same words, but for their numbers, at the same height of several pages."""

    seen: tuple[Seen, ...]

    @cached_property
    def pages(self) -> frozenset[int]:
        """The indexes of the pages it is found on."""
        return frozenset(seen.page for seen in self.seen)

    @property
    def is_dense(self) -> bool:
        """Whether it runs through its pages instead of turning up here and there."""
        return len(self.pages) >= _DENSE * (max(self.pages) - min(self.pages) + 1)

    @cached_property
    def numbering(self) -> dict[int, int]:
        """The number of each page among its numbers: the one that counts the pages, or nothing."""
        rows = [(seen.page, [int(digits[:6]) for digits in _NUMBER.findall(seen.text)]) for seen in self.seen]
        for column in range(min(len(numbers) for _, numbers in rows)):
            counted = sorted((page, numbers[column]) for page, numbers in rows)
            if len(counted) >= 2 and _counts(counted):
                return dict(counted)
        return {}


def margin_lines(sheets: Sequence[Sheet], runs: Sequence[Running]) -> list[dict[int, Place]]:
    """For each page the indexes of the lines that belong to its header or footer; `runs` as `running` finds them."""
    found: list[dict[int, Place]] = [{} for _ in sheets]
    for seen in (*_stamps(sheets), *_counted(sheets)):
        found[seen.page][seen.index] = seen.place
    taken = _taken(runs, sheets, found)
    for run in runs:
        if not _is_apart(run, taken, sheets):
            continue
        for seen in run.seen:
            if seen.index in taken[seen.page] and not _is_letterhead(seen):
                found[seen.page][seen.index] = seen.place
    return found


def running(sheets: Sequence[Sheet]) -> list[Running]:
    """The lines near an edge that run through the pages, numbers aside."""
    groups = defaultdict(list)
    if len(sheets) < 2:
        return []
    for page, sheet in enumerate(sheets):
        for seen in _near_edges(page, sheet):
            groups[seen.place, _skeleton(seen.text)].append(seen)
    runs = []
    for (_, skeleton), group in groups.items():
        for cluster in _clusters(group, min(_ENOUGH, len(sheets))):
            run = Running(seen=tuple(cluster))
            if run.is_dense and (_LETTER.search(skeleton) or run.numbering):
                runs.append(run)
    if len(sheets) < _ENOUGH and not any(run.numbering for run in runs):
        return []
    return _without_body(runs, sheets)


def _skeleton(text: str) -> str:
    return " ".join(_NUMBER.sub("#", text.casefold()).split())


def _near_edges(page: int, sheet: Sheet) -> Iterator[Seen]:
    _, bottom, _, top = sheet.edges
    zone = _ZONE * (top - bottom)
    for index in sheet.downwards[:_OUTERMOST]:
        distance = top - sheet.middles[index]
        if distance < zone:
            yield Seen(page=page, index=index, place="header", distance=distance, text=sheet.lines[index].text)
    for index in sheet.downwards[-_OUTERMOST:]:
        distance = sheet.middles[index] - bottom
        if distance < zone:
            yield Seen(page=page, index=index, place="footer", distance=distance, text=sheet.lines[index].text)


def _clusters(group: list[Seen], pages: float) -> Iterator[list[Seen]]:
    """The lines of a group parted by their heights, those on so many pages at least."""
    if len(group) < pages:
        return
    group = sorted(group, key=lambda seen: seen.distance)
    clusters = [group[:1]]
    for seen in group[1:]:
        if seen.distance - clusters[-1][0].distance > _SAME_HEIGHT:
            clusters.append([])
        clusters[-1].append(seen)
    yield from (cluster for cluster in clusters if len({seen.page for seen in cluster}) >= pages)


def _counts(counted: Sequence[tuple[int, int]]) -> bool:
    """Whether numbers go up with the pages: by one a page, or by one a leaf."""
    steps = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(counted)]
    pages, up = (after - before for before, after in zip(counted[0], counted[-1], strict=True))
    return up >= 0.45 * pages > 0 and sum(0 <= up <= pages for pages, up in steps) >= 0.9 * len(steps)


def _without_body(runs: list[Running], sheets: Sequence[Sheet]) -> list[Running]:
    """The runs without words that the body says too: a vote may end three pages at the same height."""
    wanted = {_skeleton(run.seen[0].text): 0 for run in runs}
    beginnings = {skeleton[:6] for skeleton in wanted if not skeleton.startswith("#")}
    for sheet in sheets:
        for line in sheet.lines:
            if line.text[:6].casefold() in beginnings:
                skeleton = _skeleton(line.text)
                if skeleton in wanted:
                    wanted[skeleton] += 1
    for run in runs:
        wanted[_skeleton(run.seen[0].text)] -= len(run.seen)
    return [run for run in runs if wanted[_skeleton(run.seen[0].text)] <= max(1, len(run.seen) // 3)]


def _taken(
    runs: Sequence[Running], sheets: Sequence[Sheet], found: Sequence[Mapping[int, Place]]
) -> list[dict[int, float]]:
    """For each page the lines of runs with nothing of the body further out, and how far the body is from them."""
    candidates: list[set[int]] = [set(known) for known in found]
    for run in runs:
        for seen in run.seen:
            candidates[seen.page].add(seen.index)
    return [_outer(sheet, chosen) for sheet, chosen in zip(sheets, candidates, strict=True)]


def _outer(sheet: Sheet, chosen: set[int]) -> dict[int, float]:
    middles = [sheet.middles[index] for index in sheet.downwards if index not in chosen]
    if not middles:
        return dict.fromkeys(chosen, float("inf"))
    if not chosen:
        return {}
    pitch = median([upper - lower for upper, lower in pairwise(middles) if upper - lower > 2] or [12.0])
    outer = {}
    for index in chosen:
        middle = sheet.middles[index]
        if middle > middles[0]:
            outer[index] = (middle - middles[0]) / pitch
        elif middle < middles[-1]:
            outer[index] = (middles[-1] - middle) / pitch
    return outer


def _is_apart(run: Running, taken: Sequence[Mapping[int, float]], sheets: Sequence[Sheet]) -> bool:
    """Whether a run is a margin: it numbers the pages, is on nearly all of them, or stands off the body."""
    distances = [taken[seen.page][seen.index] for seen in run.seen if seen.index in taken[seen.page]]
    if len(distances) < min(_ENOUGH, len(sheets)) or 2 * len(distances) < len(run.seen):
        return False
    everywhere = len(run.pages) >= max(5, 0.8 * (len(sheets) - 1))
    return bool(run.numbering) or everywhere or median(distances) >= _APART


def _is_letterhead(seen: Seen) -> bool:
    """Whether it is the head of the first page, which says what the paper is: it stays in the text."""
    return seen.page == 0 and seen.place == "header" and bool(_LETTER.search(seen.text))


def _counted(sheets: Sequence[Sheet]) -> Iterator[Seen]:
    """The lines that say nothing but « Page 3/12 », however few pages there are."""
    for page, sheet in enumerate(sheets):
        if any(len(line.text) < _SHORT and _COUNTED.fullmatch(line.text) for line in sheet.lines):
            yield from (seen for seen in _near_edges(page, sheet) if _COUNTED.fullmatch(seen.text))


def _stamps(sheets: Sequence[Sheet]) -> Iterator[Seen]:
    """The lines of the stamp of the electronic transmission, where it is on at least half of the pages."""
    groups = defaultdict(list)
    for page, sheet in enumerate(sheets):
        _, bottom, _, top = sheet.edges
        for index, line in enumerate(sheet.lines):
            if is_stamp(line.text):
                high = line.middle > (top + bottom) / 2
                place: Place = "header" if high else "footer"
                distance = top - line.middle if high else line.middle - bottom
                groups[place, _skeleton(line.text)].append(
                    Seen(page=page, index=index, place=place, distance=distance, text=line.text)
                )
    for group in groups.values():
        for cluster in _clusters(group, max(2, len(sheets) / 2)):
            yield from cluster
