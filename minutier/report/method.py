"""The methods paragraph of a corpus as it stands, in the words of `minutier methods`, without a freeze behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from minutier import methods
from storage import tallies
from storage.accounts import account
from storage.filters import Filters
from storage.listing import in_order
from storage.shapes import Connection

Json = dict[str, Any]


def figures_of(connection: Connection, found: Mapping[str, Any], registry: Mapping[str, Any]) -> Json:
    """Return every figure that the paragraph uses: of all documents, copies too, from what was gathered already."""
    wanted, stats = tuple(found["wanted"]), found["stats"]
    filters = Filters(sources=wanted, all_copies=True)
    told = account(connection, filters, in_order(connection, filters), registry)
    oldest, newest = tallies.dates(connection, wanted)
    standing = {"name": "", "created_at": found["made_at"], "documents": stats["documents"], "sha256": ""}
    standing |= {"question": "", "filters": {}, "software": found["software"]}
    return methods.figures_of(standing, [], told) | {
        "sources": len(stats["by_source"]),
        "oldest": oldest,
        "newest": newest,
        "corrected": tallies.corrected(connection, wanted),
        "withdrawn": 0,  # they are not among the documents: the report counts them apart
        "tables": {name: Counter(stats[f"by_{name}"]) for name in ("kind", "language", "verdict")},
    }


def paragraphs(connection: Connection, found: Mapping[str, Any], registry: Mapping[str, Any]) -> dict[str, str]:
    """Return the paragraph in each language."""
    figures = figures_of(connection, found, registry)
    return {lang: methods.paragraph(figures, lang) for lang in methods.SENTENCES}
