"""Is the evidence still what it was? Every blob is hashed again, every row looks for its bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select, text

from storage import index
from storage.blobs import sha256
from storage.facts import text_sha256
from storage.models import Blob, BodyText, Document, Version
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was checked, and every fault found: one sentence each."""

    blobs: int
    texts: int
    faults: tuple[str, ...]


def verify(store: Store, progress: Callable[[int, int], None] = lambda done, total: None) -> Report:
    """Check a whole corpus and return what was found; nothing is changed.

    `progress` hears (checked, total) as blobs are hashed.
    """
    faults = database_faults(store)
    sizes = {row.sha256: row.size for row in store.rows(select(Blob.sha256, Blob.size))}
    for done, digest in enumerate(sorted(sizes), start=1):
        faults += blob_faults(store, digest, sizes[digest])
        progress(done, len(sizes))
    strangers = set(store.blobs.digests()) - set(sizes)
    faults += [f"The file blobs/{name[:2]}/{name} belongs to no capture." for name in sorted(strangers)]
    texts, wrong = text_faults(store)
    return Report(blobs=len(sizes), texts=texts, faults=tuple(faults + wrong))


def database_faults(store: Store) -> list[str]:
    """Return what SQLite itself and the full-text index find wrong."""
    with store.reading() as connection:
        words = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
        broken = [f"The database is damaged: {sentence}." for sentence in words if sentence != "ok"]
        links = connection.execute(text("PRAGMA foreign_key_check")).all()
        broken += [f"A row of {row[0]} points at a row of {row[2]} that is not there." for row in links]
        stale = index.check(connection)
    return broken + ([f"The full-text index does not fit the documents: {stale}"] if stale else [])


def blob_faults(store: Store, digest: str, size: int) -> list[str]:
    """Return what is wrong with one blob, and which documents rest on it."""
    path = store.blobs.path(digest)
    if not path.exists():
        return [f"The bytes {digest} are missing{whose(store, digest)}."]
    body = path.read_bytes()
    if sha256(body) != digest or len(body) != size:
        return [f"The bytes {digest} were changed since they were captured{whose(store, digest)}."]
    return []


def whose(store: Store, digest: str) -> str:
    """Return the documents that rest on some bytes, as the end of a sentence."""
    query = select(Document.id, Document.address).join(Version, Version.document_id == Document.id)
    found = store.rows(query.where(Version.blob_sha256 == digest).distinct())
    return " (document " + ", ".join(f"{row.id}, {row.address}" for row in found) + ")" if found else ""


def text_faults(store: Store) -> tuple[int, list[str]]:
    """Return how many texts there are, and which no longer have the hash that names them."""
    wrong, number = [], 0
    with store.reading() as connection:
        for row in connection.execute(select(BodyText.sha256, BodyText.length, BodyText.text)).yield_per(50):
            number += 1
            if text_sha256(row.text) != row.sha256 or len(row.text) != row.length:
                wrong.append(f"The text {row.sha256} was changed.")
    return number, wrong
