"""A text in blocks of one writing system, each long enough to name a language by and short enough to have one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from extract.languages.scripts import leading, mixed

_BLOCK = 200
"""A block ends with its paragraph, once it has this many characters…"""
_LONG_BLOCK = 2_000
"""…and here in any case."""
_PARAGRAPH = 120
"""A line as long as this is a paragraph: pages have all of it on one line, and printed lines are shorter."""


class Block(NamedTuple):
    """A span of a text, end exclusive, and the writing system of its first line where the text has several."""

    start: int
    end: int
    script: str = ""


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text, one behind the other, that end where a paragraph ends or the writing system changes."""
    one_script = not mixed(text)
    start, script = 0, ""
    for line_start, line_end in _lines(text):
        line = text[line_start:line_end]
        found = "" if one_script else leading(line)
        if found and script and found != script:
            yield Block(start, line_start, script)
            start, script = line_start, ""
        script = script or found
        length = line_end - start
        if length >= _LONG_BLOCK or (length >= _BLOCK and (len(line) >= _PARAGRAPH or line.isspace())):
            yield Block(start, line_end, script)
            start, script = line_end, ""
    if start < len(text):
        yield Block(start, len(text), script)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines with their ends; the pieces of those that are longer than any block."""
    place = 0
    while place < len(text):
        found = text.find("\n", place, place + _LONG_BLOCK)
        end = found + 1 if found >= 0 else min(place + _LONG_BLOCK, len(text))
        yield place, end
        place = end
