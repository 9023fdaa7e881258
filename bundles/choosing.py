"""Which documents an export is about: decided once, and those it is not about named too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storage import freezes, withdrawals
from storage.filters import Filters
from storage.listing import shown_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What an export is about, by document id."""

    ids: tuple[str, ...]
    """Written, in order."""
    withdrawn: tuple[str, ...] = ()
    """In the freeze that is exported, and no longer in the corpus."""
    redacted: tuple[str, ...] = ()
    """In the freeze that is exported, with a passage masked since it was made."""
    withheld: frozenset[str] = frozenset()
    """The hashes of bytes that are not there any more, of documents that have a passage masked."""
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """With an earlier freeze: new, changed, untouched, and those of it that were withdrawn or are not selected now."""


def choose(connection: Any, filters: Filters, freeze: str, since: str) -> Chosen:
    """Return what is to be exported. Raises WrongUse for a freeze that is not there."""
    withheld = frozenset(connection.execute(withdrawals.withheld()).scalars())
    if freeze:
        freezes.one(connection, freeze)
        gone = tuple(freezes.withdrawn(connection, freeze))
        now = {each["document_id"]: each["text_sha256"] for each in freezes.entries(connection, freeze)}
        now = {each: text for each, text in now.items() if each not in set(gone)}
        masked = tuple(freezes.redacted(connection, freeze))
    else:
        gone = masked = ()
        now = shown_texts(connection, filters)
    apart: dict[str, Any] = {"withdrawn": gone, "redacted": masked, "withheld": withheld}
    if not since:
        return Chosen(ids=tuple(now), **apart)
    freezes.one(connection, since)
    before = {each["document_id"]: each["text_sha256"] for each in freezes.entries(connection, since)}
    missing = [each for each in before if each not in now]
    withdrawn = set(freezes.withdrawn(connection, since))
    changes = {
        "new": tuple(each for each in now if each not in before),
        "changed": tuple(each for each in now if each in before and before[each] != now[each]),
        "untouched": tuple(each for each in now if before.get(each) == now[each]),
        "withdrawn": tuple(each for each in missing if each in withdrawn),
        "no_longer_selected": tuple(each for each in missing if each not in withdrawn),
    }
    fresh = {*changes["new"], *changes["changed"]}
    return Chosen(ids=tuple(each for each in now if each in fresh), changes=changes, **apart)
