"""Sources replayed over what was kept of them: whether their rules still find something."""

from __future__ import annotations

from dataclasses import dataclass

from crawlers.replay import replay, silent
from storage.errors import WrongUse
from storage.replaying import last_captures
from storage.sources import Source, SourcesFile
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """How the rules of one source did over its last captures."""

    source: str
    pages: int
    """How many listings were kept of it."""
    silent: tuple[str, ...] = ()
    """The rules that found nothing on any of them."""


def replay_all(corpus: str, sources: SourcesFile) -> list[Replayed] | None:
    """Return how each source with rules does over its last captures; nothing where there is no corpus."""
    try:
        opened = Store.open(corpus)
    except WrongUse:
        return None
    with opened as store:
        return [replay_source(store, source) for source in sources.sources if source.probed and source.start]


def replay_source(store: Store, source: Source) -> Replayed:
    """Return how the rules of one source do over the newest capture of each of its listings."""
    rows = store.rows(last_captures(source.id, "listing"))
    if source.spider == "site":  # what it walks are pages too; those that are documents lead on as well
        rows += store.rows(last_captures(source.id, "document"))
    found = [replay(source, row.url, row.headers, store.blobs.read(row.blob_sha256)) for row in rows]
    return Replayed(source=source.id, pages=len(rows), silent=tuple(silent(found)))
