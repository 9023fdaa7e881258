"""Two engines on one SQLite file: readers that cannot write, and one writer that never waits half-way.

WAL, `BEGIN IMMEDIATE` and a busy timeout: with a deferred BEGIN a transaction that reads and then writes fails
on a stale snapshot, whatever the timeout. `synchronous=FULL`: an acknowledged capture survives a power cut.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, text
from sqlalchemy.pool import NullPool

from storage.errors import StorageUnusable, WrongUse

APPLICATION_ID = 0x4D4E5452  # "MNTR": what tells a corpus from any other SQLite file
HEAD = "0002"  # the newest migration; a test compares it with the folder
BUSY_MS = 30_000


def reader_engine(file: Path) -> Engine:
    """Return an engine whose connections can only read, and see one moment per transaction."""
    # A corpus on a read-only disk has no place for WAL's shared memory: then nobody can be writing either.
    frozen = "" if os.access(file.parent, os.W_OK) else "&immutable=1"
    uri = f"{file.resolve().as_uri()}?mode=ro{frozen}"
    return _engine(lambda: sqlite3.connect(uri, uri=True, check_same_thread=False), "BEGIN", ["query_only=ON"])


def writer_engine(file: Path) -> Engine:
    """Return the engine of the one writer: each transaction takes the write lock when it begins."""
    # `normal` locking with WAL; foreign keys are off by default in SQLite and on here.
    pragmas = ["journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"]
    return _engine(lambda: sqlite3.connect(file, check_same_thread=False), "BEGIN IMMEDIATE", pragmas)


def _engine(connect: Callable[[], sqlite3.Connection], begin: str, pragmas: list[str]) -> Engine:
    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in [f"busy_timeout={BUSY_MS}", "trusted_schema=OFF", "cell_size_check=ON", *pragmas]:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


@contextmanager
def in_words(place: Path) -> Iterator[None]:
    """Turn what SQLite says about an unusable file into one sentence with the next step."""
    try:
        yield
    except exc.DBAPIError as error:
        raise StorageUnusable(explain(str(error.orig), place)) from error
    except sqlite3.Error as error:
        raise StorageUnusable(explain(str(error), place)) from error


def explain(message: str, place: Path) -> str:
    """Return the sentence for one of SQLite's messages."""
    steps = {
        "disk is full": "The disk that holds {place} is full: free some space, then run the same command again.",
        "readonly": "{place} cannot be written (read-only): change its permissions, or work on a copy.",
        "unable to open": "{place} cannot be opened: check that the folder exists and that you may read it.",
        "disk I/O error": "{place} cannot be read or written: the disk is full or failing; free some space first.",
        "malformed": "{place} is damaged: restore it from a backup; the files under blobs/ are still your evidence.",
        "not a database": "{place} is not a Minutier corpus: name another --corpus.",
        "locked": "{place} was locked for 30 seconds by another program: close it, then run the same command again.",
    }
    for sign, sentence in steps.items():
        if sign in message:
            return sentence.format(place=place)
    return f"{place} cannot be used ({message}): run `minutier verify`."


def check_ours(file: Path) -> None:
    """Raise unless the file is a corpus of this version: missing, foreign, newer and damaged ones are named."""
    if not file.exists():
        raise WrongUse(
            f"There is no corpus at {file.parent}: begin with `minutier demo`, `minutier import` or `minutier crawl`, "
            "or name another --corpus."
        )
    revision = revision_of(file)
    if revision not in known_revisions():
        raise StorageUnusable(
            f"{file} was written by a newer Minutier (schema {revision}, this one knows {HEAD}): update Minutier."
        )


def revision_of(file: Path) -> str:
    """Return the schema a corpus has. Raises StorageUnusable for another program's database."""
    with in_words(file), reader_engine(file).connect() as connection:
        marked = connection.execute(text("PRAGMA application_id")).scalar_one()
        if marked != APPLICATION_ID:
            raise StorageUnusable(f"{file} is another program's database: name another --corpus.")
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def known_revisions() -> set[str]:
    """Return the names of all migrations this version carries."""
    folder = Path(__file__).parent / "migrations" / "versions"
    return {path.name.split("_")[0] for path in folder.glob("[0-9]*.py")}


def upgrade(file: Path) -> None:
    """Bring a database to the newest schema, creating it if it is not there."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    engine = writer_engine(file)
    with in_words(file), engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
