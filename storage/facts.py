"""What an extraction found, as the corpus keeps it: JSON facts, listed columns, passages."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from typing import Any

from extract.model import Extraction as Reading

KEPT = (
    "title", "dates", "act_type", "language", "languages", "quality", "pages", "margins", "tables", "acts", "records",
    "mentions", "speaks_of",
)  # fmt: skip


def text_sha256(text: str) -> str:
    """Return the hash that names a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def facts(reading: Reading) -> dict[str, Any]:
    """Return what an extraction found, as JSON: everything but the text."""
    values = dataclasses.asdict(reading)
    return {name: values[name] for name in KEPT}


def shown(facts: Mapping[str, Any], media_type: str) -> dict[str, Any]:
    """Return the columns of a document that are listed and filtered on, from an extraction's facts."""
    return {
        "title": facts["title"]["value"] if facts["title"] else "",
        "date": facts["dates"][0]["value"] if facts["dates"] else "",
        "date_role": facts["dates"][0]["role"] if facts["dates"] else "",
        "act_type": facts["act_type"]["value"] if facts["act_type"] else "",
        "language": facts["language"],
        "media_type": media_type,
        "verdict": facts["quality"]["verdict"],
        "needs_ocr": facts["quality"]["needs_ocr"],
        "speaks_of": facts["speaks_of"],
    }


def passages_of(reading: Reading) -> list[dict[str, Any]]:
    """Return the spans of a text that can be cited by themselves: its pages, and the acts in it by their number."""
    pages = [
        {"kind": "page", "number": page.number, "label": page.label, "start": page.start, "end": page.end}
        for page in reading.pages
    ]
    acts = [
        {"kind": "act", "number": number, "label": act.key, "start": act.start, "end": act.end}
        for number, act in enumerate(reading.acts, 1)
    ]
    return pages + acts
