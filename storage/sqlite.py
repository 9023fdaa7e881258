"""A corpus in one SQLite file: readers that cannot write, and one writer that never waits half-way.

WAL, `BEGIN IMMEDIATE` and a busy timeout: with a deferred BEGIN a transaction that reads and then writes fails
on a stale snapshot, whatever the timeout. `synchronous=FULL`: an acknowledged capture survives a power cut.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, text
from sqlalchemy.pool import QueuePool

from storage import index_queue
from storage.database import Marks, Unmarked, migrate, spelled
from storage.errors import StorageUnusable

APPLICATION_ID = 0x4D4E5452  # "MNTR": what tells a corpus from any other SQLite file
BUSY_MS = 30_000


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """The file `corpus.db` of a corpus on this machine."""

    file: Path

    @property
    def place(self) -> str:
        """How a message calls it: the folder, which is what --corpus names."""
        return str(self.file.parent)

    def exists(self) -> bool:
        """Return whether the file is there."""
        return self.file.exists()

    def make(self, fill: Callable[[Connection], object]) -> None:
        """Make the tables beside a draft name first, so that a half-made corpus is never opened."""
        draft = SqliteFile(self.file.with_name(f".{self.file.name}.new"))
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            for left in self.file.parent.glob(f"{draft.file.name}*"):
                left.unlink()
        except OSError as error:
            raise StorageUnusable(f"The corpus folder {self.place} cannot be made ({error.strerror}).") from None
        draft.upgrade()
        engine = draft.writer()
        with draft.in_words(), engine.begin() as connection:
            fill(connection)
        engine.dispose()
        draft.file.replace(self.file)

    def upgrade(self) -> None:
        """Bring the tables to the newest schema, all of it or nothing."""
        engine = self.writer()
        with self.in_words(), engine.begin() as connection:
            migrate(connection)
        engine.dispose()

    def revision(self) -> str:
        """Return the schema it has. Raises StorageUnusable for another program's database."""
        engine = self.reader()
        try:
            with self.in_words(), engine.connect() as connection:
                marked = connection.execute(text("PRAGMA application_id")).scalar_one()
                if marked != APPLICATION_ID:
                    raise StorageUnusable(f"{self.file} is another program's database: name another --corpus.")
                return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
        finally:
            engine.dispose()

    def reader(self) -> Engine:
        """Return an engine whose connections can only read, and see one moment per transaction."""
        # A corpus on a read-only disk has no place for WAL's shared memory: then nobody can be writing either. What a
        # crash left in the WAL would not be seen so: with that beside it SQLite finds its way, or says that it cannot.
        frozen = "" if os.access(self.file.parent, os.W_OK) or self._unmerged() else "&immutable=1"
        uri = f"{self.file.resolve().as_uri()}?mode=ro{frozen}"
        return _engine(lambda: sqlite3.connect(uri, uri=True, check_same_thread=False), "BEGIN", ["query_only=ON"])

    def _unmerged(self) -> bool:
        """Return whether the WAL beside the file holds what is not in it yet."""
        wal = self.file.with_name(f"{self.file.name}-wal")
        return wal.exists() and wal.stat().st_size > 0

    def writer(self) -> Engine:
        """Return the engine of the one writer: each transaction takes the write lock when it begins."""
        # `normal` locking with WAL; foreign keys are off by default in SQLite and on here.
        pragmas = ["journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"]
        engine = _engine(lambda: sqlite3.connect(self.file, check_same_thread=False), "BEGIN IMMEDIATE", pragmas)
        index_queue.watch(engine)
        return engine

    def marks(self) -> Marks:
        """Return marks that mark nothing: a commit in a file has an answer."""
        return Unmarked()

    @contextmanager
    def in_words(self) -> Iterator[None]:
        """Turn what SQLite says about an unusable file into one sentence with the next step."""
        try:
            yield
        except exc.DBAPIError as error:
            raise StorageUnusable(explain(str(error.orig), self.file)) from error
        except sqlite3.Error as error:
            raise StorageUnusable(explain(str(error), self.file)) from error

    def scrub(self) -> bool:
        """Write the file anew without what rows left in it, and empty the WAL; a reader can hold that up.

        It takes as much room again as the file while it works, and no other may write meanwhile.
        """
        with self.in_words(), closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            try:
                connection.execute("VACUUM")
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise
                return False
        return not busy

    def faults(self, connection: Connection) -> list[str]:
        """Return what SQLite finds wrong with the pages and the indexes of the file."""
        words = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
        step = "restore a backup; the files under blobs/ are still your evidence"
        return [f"The database is damaged ({sentence}): {step}." for sentence in words if sentence != "ok"]


def _engine(connect: Callable[[], sqlite3.Connection], begin: str, pragmas: list[str]) -> Engine:
    # Connections are kept: opening one costs as much as writing a capture, closing the last one empties the WAL.
    pool = {"poolclass": QueuePool, "pool_size": 5, "max_overflow": -1}
    engine = create_engine("sqlite://", creator=connect, json_serializer=spelled, **pool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in [f"busy_timeout={BUSY_MS}", "trusted_schema=OFF", "cell_size_check=ON", *pragmas]:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


OLDER = "{place} was written by an earlier Minutier: `minutier extract` brings it up to date."


def explain(message: str, place: Path) -> str:
    """Return the sentence for one of SQLite's messages."""
    steps = {
        "disk is full": "The disk that holds {place} is full: free some space, then run the same command again.",
        "readonly": "{place} cannot be written (read-only): change its permissions, or work on a copy.",
        "unable to open": "{place} cannot be opened: check that the folder exists and that you may read it.",
        "disk I/O error": "{place} cannot be read or written: the disk is full or failing; free some space first.",
        "malformed": "{place} is damaged: restore it from a backup; the files under blobs/ are still your evidence.",
        "not a database": "{place} is not a Minutier corpus: name another --corpus.",
        "no such column": OLDER,
        "no such table": OLDER,
        "locked": "{place} was locked for 30 seconds by another program: close it, then run the same command again.",
    }
    if "unable to open" in message and place.exists() and not os.access(place.parent, os.W_OK):
        message = "readonly"
    for sign, sentence in steps.items():
        if sign in message:
            return sentence.format(place=place)
    return f"{place} cannot be used ({message}): run `minutier verify`."
