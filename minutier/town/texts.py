"""The town's texts: a file each under `texts/`, with `key: value` lines on top and light markup below.

Each line of the body is one block; its first characters say which: `# ` title, `## ` heading, `! ` centred,
`- ` bullet, `> ` result of a vote, `| ` table row, `---` new page; anything else is a paragraph.
A `replace: old => new` line and its `corrected: DATE` take effect on day 2; `days: 1` or `days: 2`
limits a text to that day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Literal

Kind = Literal["title", "heading", "centred", "bullet", "result", "row", "break", "text"]
MARKS: tuple[tuple[str, Kind], ...] = (
    ("# ", "title"),
    ("## ", "heading"),
    ("! ", "centred"),
    ("- ", "bullet"),
    ("> ", "result"),
    ("| ", "row"),
    ("---", "break"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One line of a text and the part it plays."""

    kind: Kind
    text: str

    @property
    def cells(self) -> list[str]:
        """The cells of a table row."""
        return [cell.strip() for cell in self.text.strip(" |").split("|")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text of the town as a given day has it."""

    name: str
    facts: dict[str, str]
    """The lines on top of the file, by key."""
    blocks: tuple[Block, ...]

    @property
    def path(self) -> str:
        """Where the site publishes it."""
        return self.facts["path"]

    @property
    def title(self) -> str:
        """Its title, or nothing."""
        return next((block.text for block in self.blocks if block.kind == "title"), "")

    @property
    def published(self) -> datetime:
        """When it was put on line: that day at nine, UTC."""
        return moment(self.facts["published"])

    @property
    def modified(self) -> datetime:
        """When its file last changed: when it was published, or corrected."""
        return moment(self.facts.get("corrected", self.facts["published"]))

    def runs(self) -> Iterator[tuple[Kind, list[Block]]]:
        """Yield neighbouring blocks of one kind together, as lists and tables need them."""
        for kind, blocks in groupby(self.blocks, key=lambda block: block.kind):
            yield kind, list(blocks)


def moment(day: str) -> datetime:
    """Return nine o'clock of a day, UTC."""
    return datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC)


def read_texts(folder: str, day: int) -> list[Text]:
    """Return the texts of one folder as they are on a day, the newest first."""
    found = []
    for file in files("minutier.town").joinpath("texts", folder).iterdir():
        if file.name.endswith(".txt"):
            text = parse(file.name.removesuffix(".txt"), file.read_text(encoding="utf-8"), day)
            if text.facts.get("days", str(day)) == str(day):
                found.append(text)
    return sorted(found, key=lambda text: (text.published, text.name), reverse=True)


@cache
def notice(language: str) -> str:
    """Return what the foot of every page and document says: that it is synthetic."""
    lines = files("minutier.town").joinpath("texts", "notice.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines)[language]


def read_bytes(folder: str, name: str) -> bytes:
    """Return a file that is kept as it is beside the texts."""
    return files("minutier.town").joinpath("texts", folder, name).read_bytes()


def parse(name: str, content: str, day: int) -> Text:
    """Return one text from its file's content."""
    top, _, body = content.partition("\n\n")
    facts: dict[str, str] = {}
    for line in top.splitlines():
        key, _, value = line.partition(": ")
        if key in ("replace", "corrected") and day == 1:
            continue
        if key == "replace":
            old, _, new = value.partition(" => ")
            body = body.replace(old, new)
        else:
            facts[key] = value.strip()
    return Text(name=name, facts=facts, blocks=tuple(map(block_of, filter(None, body.splitlines()))))


def block_of(line: str) -> Block:
    """Return one line as a block."""
    for mark, kind in MARKS:
        if line.startswith(mark):
            return Block(kind=kind, text=line[len(mark) :])
    return Block(kind="text", text=line)
