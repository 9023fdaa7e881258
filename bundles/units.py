"""Documents cut into their pages or their acts, where a researcher codes those and not whole papers."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bundles.model import BundleDocument, BundlePassage

UNITS = ("document", "page", "act")


def divided(document: BundleDocument, unit: str) -> Iterator[BundleDocument]:
    """Yield a document's pages or acts, each as a document of its own; the document itself where it has none."""
    parts = [passage for passage in document.passages if passage.kind == unit]
    if unit == "document" or not parts:
        yield document
        return
    for part in parts:
        yield cut(document, part)


def cut(document: BundleDocument, part: BundlePassage) -> BundleDocument:
    """Return one page or act as a document: its own id, text and title, and all else from the whole."""
    text = document.text[part.start : part.end]
    inside = [each for each in document.passages if part.start <= each.start and each.end <= part.end]
    shifted = [dataclasses.replace(each, start=each.start - part.start, end=each.end - part.start) for each in inside]
    page = part.kind == "page"
    label = part.label or str(part.number)
    return dataclasses.replace(
        document,
        id=f"{document.id}-{part.kind[0]}{part.number}",
        title=part.title or ", ".join(filter(None, [document.title, f"p. {label}" if page else label])),
        part_of=document.id,
        part=label,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        characters=len(text),
        pages=1 if page else sum(each.kind == "page" for each in shifted) or 1,
        passages=tuple(shifted),
        verdict=part.verdict or document.verdict,
        number=part.act_number,
        act_type=document.act_type if page else "deliberation",
    )


def outside(document: BundleDocument, unit: str) -> bool:
    """Return whether some words of a document stand in none of its pages or acts."""
    place = 0
    for start, end in sorted((each.start, each.end) for each in document.passages if each.kind == unit):
        if document.text[place:start].strip():
            return True
        place = max(place, end)
    return bool(document.text[place:].strip())
