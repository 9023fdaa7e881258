"""Lines in the order a reader takes them, where a file draws them in another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from extract.pdf.lines import CUT, Box, Line

_MAX_LINES = 600
_SHARED = 0.2
_INTO = 0.4
_SAME = 1.0
_GLUED, _SPACE = 0.08, 0.5
"""In heights of a line: closer may be the same word, further is another cell."""
# 1er, 3ème, m2; a number after a word is a note.
_RAISED = re.compile(r"\d\n(?:ers?|[eè]res?|e|[eè]mes?|nde?|rd|st|th|°)\b|\b[ckdm]?m\n[23]\b")
_CELLS = 5


def drawn_once(lines: Sequence[Line]) -> list[Line]:
    """The lines without those drawn a second time over themselves: a shadow, a false bold."""
    seen: dict[str, list[Line]] = {}
    kept = []
    for line in lines:
        twins = seen.setdefault(line.text, [])
        if not any(abs(twin.middle - line.middle) < _SAME and abs(twin.box[0] - line.box[0]) < _SAME for twin in twins):
            kept.append(line)
            twins.append(line)
    return kept


def in_whole_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines, those that go on where the one before ends joined to it: « 1 » and its raised « er »."""
    whole: list[Line] = []
    for line in lines:
        gap = _gap(whole[-1], line) if whole else None
        if gap is None or gap > _SPACE:
            whole.append(line)
        else:
            raised = gap < _GLUED and _RAISED.search(f"{whole[-1].text[-4:]}\n{line.text}")
            whole[-1] = _joined(whole[-1], line, "" if raised else " ")
    return whole


def _gap(before: Line, after: Line) -> float | None:
    """The space between two parts of one line, in heights of the larger; None where they are no such parts."""
    _, low, right, high = before.box
    left, bottom, _, top = after.box
    small, large = sorted((high - low, top - bottom))
    gap = left - right
    # Nearly all lines begin left of where the one before ends.
    if large <= 0 or gap <= -0.1 * large or before.rows or after.rows or before.text.endswith(CUT):
        return None
    return gap / large if min(high, top) - max(low, bottom) > 0.5 * small else None


def _joined(before: Line, after: Line, between: str) -> Line:
    (left, low, _, high), (_, bottom, right, top) = before.box, after.box
    box = (left, min(low, bottom), right, max(high, top))
    return Line(text=before.text + between + after.text, box=box, start=before.start, end=after.end)


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """The lines as drawn, except that a line comes after those that stand over it.

    Columns drawn one after the other stay so, whatever their heights. A heading or a block that the file draws
    late goes up to its place; a line drawn far too early, such as a note at the foot, goes down to its own.
    """
    over = _waited_for(lines)
    if not over:
        return list(lines)
    early = _too_early(over)
    ordered = _lifted([index for index in range(len(lines)) if index not in early], over)
    for index in sorted(early):
        after = max((ordered.index(upper) for upper in over[index] if upper in ordered), default=len(ordered) - 1)
        ordered.insert(after + 1, index)
    return [lines[index] for index in ordered]


def _waited_for(lines: Sequence[Line]) -> dict[int, list[int]]:
    """For each line drawn before one that stands over it, all the lines that do."""
    boxes = [line.box for line in lines]
    middles = [(low + high) / 2 for _, low, _, high in boxes]
    count = len(lines)
    if count > _MAX_LINES:
        return {}
    # Most pages are drawn from top to bottom: each line is compared with the highest that is still to come.
    coming, highest = [0.0] * count, float("-inf")
    for index in reversed(range(count)):
        coming[index] = highest
        highest = max(highest, middles[index])
    waiting = {}
    for index in range(count):
        if coming[index] > middles[index]:
            box, height = boxes[index], middles[index]
            later = [other for other in range(index + 1, count) if middles[other] > height and _over(boxes[other], box)]
            if later:
                waiting[index] = _with_neighbours(later, middles, middles[index])
    return waiting


def _with_neighbours(later: Sequence[int], middles: Sequence[float], floor: float) -> list[int]:
    """The late comers, and the cells drawn between them that stand higher too: a table moves as a whole."""
    block = list(later[:1])
    for before, after in pairwise(later):
        if after - before <= _CELLS:
            block.extend(index for index in range(before + 1, after) if middles[index] > floor)
        block.append(after)
    return block


def _over(upper: Box, lower: Box) -> bool:
    """Whether a line stands over another: no lower than its top but a little, and sharing some of its width."""
    left, bottom, right, top = upper
    start, low, end, high = lower
    if left >= end or start >= right or min(right, end) - max(left, start) <= _SHARED * min(right - left, end - start):
        return False
    return bottom > high - _INTO * min(top - bottom, high - low)


def _too_early(over: dict[int, list[int]]) -> frozenset[int]:
    """The lines that are cheaper to move down than all those over them to move up."""
    under: dict[int, int] = {}
    for uppers in over.values():
        for upper in uppers:
            under[upper] = under.get(upper, 0) + 1
    return frozenset(index for index, uppers in over.items() if len(uppers) > median(under[upper] for upper in uppers))


def _lifted(indexes: Sequence[int], over: dict[int, list[int]]) -> list[int]:
    """The indexes with each one's late comers before it, and theirs before them."""
    chosen = frozenset(indexes)
    done: set[int] = set()
    ordered: list[int] = []
    for index in indexes:
        stack = [index]
        while stack:
            top = stack[-1]
            missing = [upper for upper in over.get(top, ()) if upper in chosen and upper not in done]
            if top in done or not missing:
                stack.pop()
                if top not in done:
                    done.add(top)
                    ordered.append(top)
            else:
                stack.append(missing[0])
    return ordered
