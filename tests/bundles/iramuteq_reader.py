"""A reader of IRaMuTeQ's corpus files, written from its rules and not from what writes them.

A text begins with a line that begins with `****`; what follows on that line is split at white space into variables,
each a star, a name, `_` and a value. A line that begins with `-*` is a theme. A text without a word is dropped. What
stands before the first head belongs to nothing: that is an error, and a byte order mark is what causes it most often.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Text:
    """One text of a corpus file."""

    variables: dict[str, str]
    strays: list[str]
    lines: list[str] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)


def read_corpus(path: Path) -> list[Text]:
    """Return the texts of a file as IRaMuTeQ would count them. Raises ValueError for words before the first head."""
    texts: list[Text] = []
    for line in path.read_bytes().decode("utf-8").splitlines():
        if line.startswith("****"):
            words = line[4:].split()
            stars = [re.fullmatch(r"\*([^_]+)_(.+)", word) for word in words]
            strays = [word for word, star in zip(words, stars, strict=True) if not star]
            texts.append(Text(dict(star.groups() for star in stars if star), strays))
        elif not texts and line.strip():
            raise ValueError(f"{path.name} has words before its first head: {line[:40]!r}")
        elif line.startswith("-*"):
            texts[-1].themes.append(line)
        elif texts:
            texts[-1].lines.append(line)
    return [text for text in texts if re.search(r"\w", "".join(text.lines))]
