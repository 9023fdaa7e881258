"""The tables of a corpus as they are at one moment, as one SQLite file: while others go on writing.

Copying the file itself would lose what still stands in the WAL, in silence. SQLite's own backup reads page by page
what one reader sees; from PostgreSQL every row is taken over and the index is made anew.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, select

from storage.blobs import BlobFolder, Blobs
from storage.copying import copy_rows
from storage.errors import StorageUnusable, WrongUse
from storage.models import Corpus
from storage.sqlite import SqliteFile
from storage.store import Store

PAGES = 2_000
"""Copied between two signs of life."""
OF_THE_COPY = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
"""What SQLite can only mean of the file that is written, for the corpus is open and nobody writes to it here."""
BESIDE = ("", "-wal", "-shm", "-journal")
"""The file of a database, and what SQLite may keep beside it."""


def snapshot(store: Store, file: Path, blobs: Blobs, progress: Callable[[int, int, str], None]) -> None:
    """Write the tables of a corpus to a file, in the place of one that is there; whole when this returns.

    `blobs` is where the bytes of the copy are: those of PostgreSQL's rows that are not there yet are put there.
    """
    remove(file)
    with store.reading() as connection:
        if connection.dialect.name == "sqlite":
            copy_pages(connection, file, progress)
        else:
            copy_rows(store, SqliteFile(file), blobs)
            with Store(SqliteFile(file), blobs) as made:
                made.reindex()
    in_one_file(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as made_file:
        made_file.execute("PRAGMA secure_delete=ON")
        made_file.execute("DELETE FROM run_lock")  # nobody works on a copy


def copy_pages(connection: Connection, file: Path, progress: Callable[[int, int, str], None]) -> None:
    """Copy what a reader of a SQLite corpus sees, page by page."""
    connection.execute(select(Corpus.id))  # from here on it sees this one moment, whatever is written
    source = connection.connection.driver_connection
    assert isinstance(source, sqlite3.Connection)
    try:
        with closing(sqlite3.connect(file)) as target:
            target.execute("PRAGMA synchronous=FULL")
            source.backup(target, pages=PAGES, progress=lambda _, left, total: progress(total - left, total, "pages"))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode in OF_THE_COPY:
            raise OSError(errno.EIO, str(error)) from error  # not the corpus is full or closed to us
        raise


def refuse_within(store: Store, target: Path) -> None:
    """Raise WrongUse for a target that is the corpus, holds it or lies in it: one of the two would end with the other.

    The ending of a link counts, not where it stands.
    """
    place, homes = target.resolve(), []
    if isinstance(store.database, SqliteFile):
        homes.append(store.database.file.parent.resolve())
    if isinstance(store.blobs, BlobFolder):
        homes.append(store.blobs.root.resolve())
    for home in homes:
        if place == home or place in home.parents or home in place.parents:
            raise WrongUse(f"{target} and the corpus {home} lie in one another: name a place outside of the corpus.")


def in_one_file(file: Path) -> None:
    """Have a database keep nothing beside its file, until somebody works in it."""
    with closing(sqlite3.connect(file, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode=DELETE")


def remove(file: Path) -> None:
    """Take a database away, and what SQLite left beside it."""
    for ending in BESIDE:
        file.with_name(file.name + ending).unlink(missing_ok=True)


@contextmanager
def written_to(place: Path) -> Iterator[None]:
    """Turn what goes wrong while a copy is written into one sentence with the next step."""
    step = "free some space or name another place, then run the same command again: it goes on from there"
    try:
        yield
    except OSError as error:
        raise StorageUnusable(f"{place} cannot be written ({error.strerror or error}): {step}.") from error
    except sqlite3.Error as error:
        raise StorageUnusable(f"{place} cannot be written ({error}): {step}.") from error
