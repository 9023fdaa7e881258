"""What an index answers: the documents found, in one order on every database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Within = Literal["passage", "document"]


class Hit(NamedTuple):
    """A document that a query finds, with the passage that answers best."""

    document_id: str
    date: str
    chunk: int
    page: int | None
    start: int
    end: int
    score: float
    """Larger is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How many documents and passages a query finds, and the first of the documents."""

    total: int
    passages: int
    hits: tuple[Hit, ...]


def in_order(hit: Hit) -> tuple[float, bool, str, str]:
    """Return what hits are sorted by: the better first; equal ones by date, undated ones last, then by id."""
    return -hit.score, not hit.date, hit.date, hit.document_id
