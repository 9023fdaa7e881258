"""What a format is given and what it reports: documents one after another, and every one accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.captures import Kept
from storage.filters import Filters
from storage.reading import count, in_order
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleDocument:
    """One document as a bundle shows it. Names are the columns of every table that is exported."""

    id: str
    title: str
    date: str
    kind: str
    act_type: str
    source: str
    voice: str
    country: str
    authority: str
    language: str
    url: str
    captured_at: str
    media_type: str
    verdict: str
    needs_ocr: bool
    pages: int
    characters: int
    version: int
    lead: str
    """The id of the copy that leads, where this one repeats another."""
    rights: str
    sha256: str
    text_sha256: str
    text: str
    reasons: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Documents:
    """The documents of one export, in order of date and id: iterate once or again, memory stays flat."""

    store: Store
    filters: Filters
    on_document: Any = lambda: None

    def __len__(self) -> int:
        """Return how many documents are selected."""
        with self.store.reading() as connection:
            return count(connection, self.filters)

    def __iter__(self) -> Iterator[BundleDocument]:
        """Yield each document."""
        with self.store.reading() as connection:
            for row in in_order(connection, self.filters):
                yield described(row)
                self.on_document()

    def original(self, document: BundleDocument) -> Path:
        """Return the file that holds a document's bytes as they were served."""
        return self.store.blobs.path(document.sha256)


def described(row: Kept) -> BundleDocument:
    """Return a row of the store as a bundle shows it."""
    return BundleDocument(
        id=row.id,
        title=row.title,
        date=row.date,
        kind=row.kind,
        act_type=row.act_type,
        source=row.source,
        voice=row.voice,
        country=row.country,
        authority=row.authority or "",
        language=row.language,
        url=row.address,
        captured_at=row.fetched_at,
        media_type=row.media_type,
        verdict=row.verdict,
        needs_ocr=row.needs_ocr,
        pages=len(row.facts["pages"]),
        characters=len(row.text),
        version=row.version,
        lead=row.lead_id or "",
        rights=row.rights["status"],
        sha256=row.blob_sha256,
        text_sha256=row.text_sha256,
        text=row.text,
        reasons=tuple(row.facts["quality"]["reasons"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something that a bundle does not hold as the corpus does, and why."""

    document: str
    what: str
    why: str


@dataclass(slots=True, kw_only=True)
class Report:
    """What an export wrote: documents written and left out add up to the documents selected."""

    format: str
    selected: int
    written: int = 0
    files: int = 0
    figures: dict[str, dict[str, int]] = field(default_factory=dict)
    """Counts of the documents written, by language, kind, source and verdict."""
    left_out: list[LeftOut] = field(default_factory=list)

    def counted(self, document: BundleDocument) -> None:
        """Count a document as written."""
        self.written += 1
        for name in ("kind", "language", "source", "verdict"):
            table = self.figures.setdefault(name, {})
            value = str(getattr(document, name)) or "unknown"
            table[value] = table.get(value, 0) + 1
