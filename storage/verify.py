"""Is the evidence still what it was? Every blob is hashed again, every row is looked at, the index is compared.

The tables are read as they were at one moment, so a crawl may go on meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from storage import verify_index, verify_rows
from storage.blobs import name_of, sha256
from storage.copying import sizes
from storage.database import HEAD
from storage.facts import text_sha256
from storage.models import Base, Blob, BodyText, Document, Version
from storage.store import Store
from storage.withdrawals import barred_bytes, unswept

Progress = Callable[[int, int, str], None]
FROM_BACKUP = "put it back from a backup, where it has the same name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was checked, and every fault found: one sentence each, with the next step."""

    blobs: int = 0
    texts: int = 0
    rows: int = 0
    documents: int = 0
    compared: int = 0
    """Documents whose index rows were compared with their text, term by term."""
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """What could not be checked, and why that is as it should be."""
    usable: bool = True
    """Whether the database can be read at all: where not, nothing else was looked at."""


def verify(
    store: Store, progress: Progress = lambda done, total, where: None, *, sample: int | None = verify_index.SAMPLE
) -> Report:
    """Check a whole corpus and return what was found; nothing is changed.

    `progress` hears (checked, in all, of what). The index of `sample` documents is compared term by term, of all of
    them where that is None.
    """
    with store.reading() as connection:
        broken = store.database.faults(connection)
        if broken:
            return Report(faults=tuple(broken), usable=False)
        if store.database.revision() != HEAD:
            return older(store, progress)
        rows = sum(connection.execute(select(func.count()).select_from(each)).scalar_one() for each in tables())
        faults = list(verify_rows.faults(connection, progress))
        texts = connection.execute(select(func.count()).select_from(BodyText)).scalar_one()
        faults += text_faults(connection, texts, progress)
        documents, compared, apart = verify_index.faults(connection, sample, progress)
        notes = tuple(verify_rows.notes(connection))
    gone = {row.sha256 for query in (barred_bytes(), unswept()) for row in store.rows(query)}
    blobs, wrong = blob_faults(store, progress, gone)
    wrong += withdrawal_faults(store)
    return Report(
        blobs=blobs,
        texts=texts,
        rows=rows,
        documents=documents,
        compared=compared,
        faults=(*faults, *apart, *wrong),
        notes=notes,
    )


def older(store: Store, progress: Progress) -> Report:
    """Return what can be said of a corpus of an earlier schema: whether its bytes are all right."""
    place, revision = store.database.place, store.database.revision()
    unread = (
        f"{place} was written by an earlier Minutier (schema {revision}, now {HEAD}), and its rows were not checked: "
        "`minutier extract` brings it up to date, then verify it again."
    )
    blobs, wrong = blob_faults(store, progress, set())
    return Report(blobs=blobs, faults=(unread, *wrong))


def tables() -> list[type[Base]]:
    """Return the models of all tables."""
    return [mapper.class_ for mapper in Base.registry.mappers]


def blob_faults(store: Store, progress: Progress, gone: set[str]) -> tuple[int, list[str]]:
    """Return how many bytes are spoken of, and what is wrong with them and with the files there are.

    Those that are `gone` were withdrawn: `withdrawal_faults` speaks of them.
    """
    with store.reading() as connection:
        kept = sizes(connection)
    faults: list[str] = []
    for done, digest in enumerate(sorted(kept), start=1):
        faults += blob_fault(store, digest, kept[digest])
        progress(done, len(kept), "files")
    strangers = set(store.blobs.digests()) - set(kept) - gone
    if strangers:  # bytes come before their rows: what a crawl has brought meanwhile has its row now
        strangers -= {row.sha256 for row in store.rows(select(Blob.sha256))}
    nobody = "belongs to no capture (a crash can leave such a file): nothing needs it, it may be deleted."
    return len(kept), faults + [f"The file blobs/{name_of(each)} {nobody}" for each in sorted(strangers)]


def blob_fault(store: Store, digest: str, size: int) -> Iterator[str]:
    """Yield what is wrong with one blob, and which documents rest on it."""
    try:
        body = store.blobs.read(digest) if store.blobs.exists(digest) else None
    except OSError as error:
        yield f"The bytes {digest} cannot be read ({error.strerror or error}){whose(store, digest)}: {FROM_BACKUP}."
        return
    if body is None:
        yield f"The bytes {digest} are missing{whose(store, digest)}: {FROM_BACKUP}, blobs/{name_of(digest)}."
    elif sha256(body) != digest or len(body) != size:
        yield (
            f"The bytes {digest} were changed since they were captured{whose(store, digest)}: delete "
            f"blobs/{name_of(digest)} and {FROM_BACKUP}."
        )


def withdrawal_faults(store: Store) -> list[str]:
    """Return what a withdrawal that was cut short has left, and withdrawn bytes that are there all the same."""
    step = "the next command that writes removes it, such as `minutier relate`"
    left = [row.sha256 for row in store.rows(unswept())]
    faults = [f"A withdrawal was cut short ({len(left)} things to remove): {step}."] if left else []
    barred = [row.sha256 for row in store.rows(barred_bytes()) if row.sha256 not in left]
    return faults + [
        f"The bytes {digest} were withdrawn and are there: delete blobs/{name_of(digest)}."
        for digest in barred
        if store.blobs.exists(digest)
    ]


def whose(store: Store, digest: str) -> str:
    """Return the documents that rest on some bytes, as the end of a sentence."""
    query = select(Document.id, Document.address).join(Version, Version.document_id == Document.id)
    found = store.rows(query.where(Version.blob_sha256 == digest).distinct())
    return " (document " + ", ".join(f"{row.id}, {row.address}" for row in found) + ")" if found else ""


def text_faults(connection: Connection, total: int, progress: Progress) -> Iterator[str]:
    """Yield the texts that no longer have the hash that names them."""
    every = select(BodyText.sha256, BodyText.length, BodyText.text).execution_options(yield_per=50)
    for done, row in enumerate(connection.execute(every), start=1):
        if text_sha256(row.text) != row.sha256 or len(row.text) != row.length:
            yield (
                f"The text {row.sha256} was changed: restore a backup, or read its document again with "
                "`minutier extract --again`, which makes a new version."
            )
        progress(done, total, "texts")
