"""Files inside a file: the members of an archive, the attachments of a letter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import cast

from extract import reading
from extract.clean import one_line, recut
from extract.model import Extraction, Hints, Quality, Table, Verdict
from extract.office.package import BROKEN_ZIP
from extract.sniff import media_type

MAX_MEMBERS = 200
MAX_BYTES = 200 * 2**20
MAX_TEXT = 20_000_000
MAX_DEPTH = 2
_NOT_PAPERS = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file inside another; its bytes are asked for when its turn comes."""

    name: str
    size: int
    body: Callable[[], bytes]
    """May raise what BROKEN_ZIP names."""
    locked: bool = False


@dataclass(slots=True)
class Allowance:
    """What may still be read, of all files inside one, however deep they lie."""

    members: int = MAX_MEMBERS
    size: int = MAX_BYTES
    text: int = MAX_TEXT
    depth: int = 0

    def take(self, member: Member) -> str:
        """Why this member is not read, or nothing, and then it is counted."""
        if not self.members:
            return f"only {MAX_MEMBERS} files are read"
        if member.size > self.size or self.text <= 0:
            return f"only {MAX_BYTES >> 20} MiB are read"
        self.members -= 1
        self.size -= member.size
        return ""


@dataclass(slots=True)
class Gathered:
    """The texts of the members read so far as one text, and what could not be read."""

    parts: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """One sentence for each."""
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    needs_ocr: bool = False
    place: int = 0

    def add(self, text: str, tables: Iterable[Table] = ()) -> None:
        """Put a text behind the others, its tables with it."""
        moved = (replace(table, page=0, start=table.start + self.place, end=table.end + self.place) for table in tables)
        self.tables.extend(moved)
        self.parts.append(text)
        self.place += len(text) + 2

    @property
    def text(self) -> str:
        """All of it."""
        return "\n\n".join(self.parts)


def gather(members: Iterable[Member], hints: Hints, allowance: Allowance, gathered: Gathered) -> Gathered:
    """The texts of the members, each under its name; one that cannot be read does not spoil the others."""
    for member in members:
        if _NOT_PAPERS.search(member.name):
            continue
        name = one_line(member.name, limit=200) or "?"
        found = _read(member, hints, allowance)
        gathered.verdicts[found.quality.verdict] += 1
        gathered.needs_ocr = gathered.needs_ocr or found.quality.needs_ocr
        gathered.add(f"[{name}]")
        if found.text:
            _append(gathered, found, allowance)
        else:
            gathered.unread.append(f"{name}: {' '.join(found.quality.reasons).rstrip('.') or 'no text'}")
    return gathered


def _append(gathered: Gathered, found: Extraction, allowance: Allowance) -> None:
    # Tables keep their places only in a text that was clean from the start, as every reader with tables gives it.
    text, _ = recut(found.text, found.pages)
    gathered.add(text, found.tables if text == found.text else ())
    allowance.text -= len(text)


def _read(member: Member, hints: Hints, allowance: Allowance) -> Extraction:
    """The extraction of a member, with no text and a reason where it cannot be read."""
    if member.locked:
        return reading.failed(b"", "encrypted", "a password protects it")
    if refused := allowance.take(member):
        return reading.failed(b"", "memory", refused)
    try:
        body = member.body()
    except BROKEN_ZIP as error:
        return reading.failed(b"", "corrupt", f"it is damaged ({type(error).__name__})")
    found = _by_format(member, body, hints, allowance)
    if found.text.strip() or found.quality.verdict not in ("good", "suspect"):
        return found
    return replace(found, text="", quality=replace(found.quality, verdict="empty", reasons=("there is no text in it",)))


def _by_format(member: Member, body: bytes, hints: Hints, allowance: Allowance) -> Extraction:
    """What the format of its bytes makes of a member."""
    inner = replace(hints, headers={}, url=member.name, link_text="", context="")
    kind = media_type(body)
    module = reading.formats().get(kind)
    if not body or module is None:
        return reading.failed(body, "empty" if not body else "unsupported", f"{kind} is not read")
    if not hasattr(module, "read_inside"):
        return module.read(body, inner)
    if allowance.depth >= MAX_DEPTH:
        return reading.failed(body, "unsupported", "it lies too deep")
    allowance.depth += 1
    try:
        return cast("Extraction", module.read_inside(body, inner, allowance))
    finally:
        allowance.depth -= 1


def extraction(gathered: Gathered, *, name: str, engine: str, media_type: str, own_text: bool = False) -> Extraction:
    """The extraction of a file made of files; `own_text` where it says something itself, as a letter does."""
    counted = gathered.verdicts.total()
    figures = {"members": counted, "unread": len(gathered.unread), "tables": len(gathered.tables)}
    read = own_text or len(gathered.unread) < counted
    doubts = counted - gathered.verdicts["good"]
    verdict: Verdict = _verdict_of_nothing(gathered) if not read else "suspect" if doubts else "good"
    reasons = [f"Not read: {words[:200]}." for words in gathered.unread[:10]]
    if doubts > len(gathered.unread):
        reasons.append(f"{doubts - len(gathered.unread)} of its {counted} files are themselves doubtful.")
    return Extraction(
        extractor=name,
        engine=engine,
        media_type=media_type,
        text=gathered.text if read else "",
        tables=tuple(gathered.tables) if read else (),
        quality=Quality(verdict=verdict, reasons=tuple(reasons), needs_ocr=gathered.needs_ocr, figures=figures),
    )


def _verdict_of_nothing(gathered: Gathered) -> Verdict:
    """The verdict of a file of which no member could be read: what most of them have."""
    return gathered.verdicts.most_common(1)[0][0] if gathered.verdicts else "empty"
