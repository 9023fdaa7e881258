"""A whole corpus from one place to another: between folders, or between a folder and a lab's database.

Every row and every byte is taken over as it is. The full-text index is not: the target makes its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, bindparam, inspect, select

from storage.blobs import HANDS, Blobs, sha256
from storage.database import Database
from storage.errors import WrongUse
from storage.models import Base, Blob, Chunk, Corpus, Document
from storage.places import parts_of
from storage.reindexing import UNFINISHED
from storage.store import Store
from storage.withdrawals import withheld

BATCH = 500  # rows written at once
POINTING_AHEAD = ("current_version_id", "lead_id")
"""What a document says of rows that come after it: filled in when they are there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What was taken over."""

    rows: dict[str, int]
    """By table."""
    blobs: int
    lost: tuple[str, ...]
    """Bytes that were not there to be copied, or were no longer those that were captured."""


def copy(store: Store, location: str | Path, progress: Callable[[int, int], None] = lambda done, total: None) -> Copied:
    """Copy a corpus to a place where there is none. Raises WrongUse where there is one.

    Bytes first: a row is never without them. `progress` hears (blobs done, blobs in all). What a broken copy leaves are
    bytes without a corpus; the same command goes on from there.
    """
    database, blobs = parts_of(location)
    if database.exists():
        raise WrongUse(f"There is a corpus at {database.place} already: name a place where there is none.")
    with store.reading() as connection:
        wanted = digests(connection)
    copy_bytes(store.blobs, blobs, wanted, progress)
    return copy_rows(store, database, blobs)


def copy_rows(store: Store, database: Database, blobs: Blobs) -> Copied:
    """Make a database with all rows of a corpus as they are at one moment, once the bytes they speak of are there."""
    rows: dict[str, int] = {}
    lost: list[str] = []
    number = 0

    def fill(target: Connection) -> None:
        nonlocal number
        with store.reading() as source:
            wanted = digests(source)
            number = len(wanted)
            lost.extend(copy_bytes(store.blobs, blobs, wanted))
            for table in tables():
                rows[table.name] = take_over(source, target, table)
            point_ahead(source, target)

    database.make(fill)
    return Copied(rows=rows, blobs=number, lost=tuple(lost))


def digests(connection: Connection) -> list[str]:
    """Return the hashes of the bytes that a corpus is to have, in order."""
    return sorted(sizes(connection))


def sizes(connection: Connection) -> dict[str, int]:
    """Return the bytes that a corpus is to have, each with its size: those that are withheld are not there."""
    every = select(Blob.sha256, Blob.size)
    if inspect(connection).has_table("withdrawn_bytes"):  # an earlier schema withheld nothing
        every = every.where(Blob.sha256.not_in(withheld()))
    return {row.sha256: row.size for row in connection.execute(every)}


def copy_bytes(
    source: Blobs,
    target: Blobs,
    wanted: Sequence[str],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[str]:
    """Copy bytes that are not there yet; return those that could not be had, or are not what their name says."""
    lost = []
    for start in range(0, len(wanted), HANDS):
        bodies = []
        for digest in wanted[start : start + HANDS]:
            if target.exists(digest):
                continue
            body = whole(source, digest)
            lost += [digest] if body is None else []
            bodies += [] if body is None else [body]
        target.put_all(bodies)
        progress(min(start + HANDS, len(wanted)), len(wanted))
    return lost


def whole(blobs: Blobs, digest: str) -> bytes | None:
    """Return the bytes of a hash, or nothing where they are missing, unreadable or not of that hash."""
    try:
        body = blobs.read(digest) if blobs.exists(digest) else None
    except OSError:
        return None
    return body if body is not None and sha256(body) == digest else None


def tables() -> list[Table]:
    """Return the tables that are copied, those that others point at first."""
    derived = {Chunk.__table__}
    return [table for table in Base.metadata.sorted_tables if table not in derived]


def take_over(source: Connection, target: Connection, table: Table) -> int:
    """Copy the rows of one table and return how many they are."""
    number = 0
    for batch in batches(source.execute(select(table).execution_options(yield_per=BATCH)).mappings()):
        target.execute(table.insert(), [adapted(table, dict(row)) for row in batch])
        number += len(batch)
    return number


def adapted(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as the target takes it at first: nothing ahead of it is pointed at, its index is yet to be built."""
    if table is Document.__table__:
        return row | dict.fromkeys(POINTING_AHEAD)
    if table is Corpus.__table__:
        return row | {"terms_version": UNFINISHED}
    return row


def point_ahead(source: Connection, target: Connection) -> None:
    """Fill in what documents say of versions and of one another."""
    ahead = {name: Document.__table__.c[name] for name in POINTING_AHEAD}
    wanted = select(Document.id.label("each"), *(column.label(f"to_{name}") for name, column in ahead.items()))
    change = Document.__table__.update().where(Document.id == bindparam("each"))  # type: ignore[attr-defined]  # a Table, typed as a FromClause
    change = change.values({name: bindparam(f"to_{name}") for name in ahead})
    for batch in batches(source.execute(wanted.execution_options(yield_per=BATCH)).mappings()):
        target.execute(change, [dict(row) for row in batch])


def batches(rows: Any) -> Iterator[list[Any]]:
    """Yield rows in lists of a bearable length."""
    for part in rows.partitions(BATCH):
        yield list(part)
