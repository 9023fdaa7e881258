"""Reading again without network: what waits, or everything selected, with what that changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from minutier.extraction import Extractors
from minutier.readings import Readings
from storage.captures import Kept
from storage.filters import Filters
from storage.reading import captures_behind, shown_values
from storage.saving import Saved
from storage.store import Store

Show = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What reading a document again changed."""

    document_id: str
    changed: tuple[str, ...]
    """Names of what differs: text, title, date, language, verdict…"""
    sentence: str


def read_waiting(store: Store, readings: Readings, now: Callable[[], datetime], show: Show) -> int:
    """Read the captures that wait and return how many they were."""
    store.drop_dead_locks(now())
    extractors = Extractors(store, now, readings)
    extractors.on_saved = lambda capture, saved: show(extractors.settled, None, capture.address)
    with extractors:
        pass
    return extractors.settled


def read_again(
    store: Store, readings: Readings, filters: Filters, now: Callable[[], datetime], show: Show
) -> list[Difference]:
    """Read the bytes behind each document selected again, and return what differs from what was shown."""
    chosen = {row.document_id: row.seq for row in store.rows(captures_behind(filters.documents()))}
    before = shown_now(store, list(chosen))
    read_captures(store, readings, list(chosen.values()), now, show)
    after = shown_now(store, list(chosen))
    return [difference(before[each], after[each]) for each in sorted(chosen)]


def read_captures(
    store: Store,
    readings: Readings,
    seqs: list[int],
    now: Callable[[], datetime],
    show: Show = lambda done, total, where: None,
) -> None:
    """Read some captures again and show what comes of them at once: the bytes are those that were judged before."""
    store.wait_again(seqs)
    extractors = Extractors(store, now, readings)

    def saved_one(capture: Kept, saved: Saved) -> None:
        store.show_held(saved.document_id, now())
        show(extractors.settled, len(seqs), capture.address)

    extractors.on_saved = saved_one
    with extractors:
        pass


def shown_now(store: Store, ids: list[str]) -> dict[str, dict[str, Any]]:
    """Return what is shown of some documents, by id; asked in batches, a database takes only so many names at once."""
    batches = (ids[start : start + 500] for start in range(0, len(ids), 500))
    return {row.id: dict(row._mapping) for batch in batches for row in store.rows(shown_values(batch))}


def difference(old: dict[str, Any], new: dict[str, Any]) -> Difference:
    """Return what differs between two readings of a document, as a sentence."""
    names = tuple(name for name in old if name != "id" and old[name] != new[name])
    said = [f"{name}: {old[name]!r} -> {new[name]!r}" for name in names if name != "text"]
    said += ["text changed (a new version)"] if "text" in names else []
    return Difference(document_id=old["id"], changed=names, sentence="; ".join(said))
