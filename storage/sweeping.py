"""What a withdrawal removes outside its transaction: the bytes, and what the database keeps of deleted rows.

Notes of what is left to do stand in the table `unswept` since the withdrawal itself; they go when it is done. Doing it
twice, or in two processes at once, does no harm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select

from storage import index
from storage.errors import StorageUnusable
from storage.forgetting import DATABASE
from storage.models import Blob, Unswept
from storage.shapes import AnySelect
from storage.withdrawals import barred_bytes, unswept

if TYPE_CHECKING:
    from storage.store import Store


def sweep(store: Store) -> bool:
    """Finish what withdrawals left to do; return whether all is done now, or a reader stands in the way."""
    names = [row.sha256 for row in store.rows(unswept())]
    if not names:
        return True
    done = [digest for digest in names if digest != DATABASE and _removed(store, digest)]
    if DATABASE in names:
        store.writer.write(index.compact)
        done += [DATABASE] if store.database.scrub() else []
    store.writer.write(lambda connection: swept(connection, done))
    return len(done) == len(names)


def _removed(store: Store, digest: str) -> bool:
    """Remove some bytes, unless they may stay; return whether it could be done (Windows: not while they are read)."""
    try:
        if not store.first(kept(digest)):
            store.blobs.remove(digest)
    except (OSError, StorageUnusable):  # an object store may be away, or not let us delete
        return False
    return True


def kept(digest: str) -> AnySelect:
    """Return the query that finds some bytes again where they may stay: they were captured anew, and not withheld."""
    return select(Blob.sha256).where(Blob.sha256 == digest, Blob.sha256.not_in(barred_bytes()))


def swept(connection: Connection, names: list[str]) -> None:
    """Take back the notes of what is done."""
    connection.execute(delete(Unswept).where(Unswept.sha256.in_(names)))
