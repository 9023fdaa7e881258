"""Where the tables live, as the store sees it: two kinds of database behind one protocol, and one set of migrations.

An address with `postgresql://` names a database of a lab; everything else is a folder with a SQLite file in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from storage.errors import StorageUnusable, WrongUse

HEAD = "0011"  # the newest migration; a test compares it with the folder


def spelled(value: Any) -> str:
    """Return a value as JSON, as a database keeps it: without spaces."""
    return json.dumps(value, separators=(",", ":"))


class Marks(Protocol):
    """What a writer leaves in each transaction, to know after the line broke whether it had been committed."""

    def leave(self, connection: Connection) -> None:
        """Leave a new mark, inside the transaction that it is to tell of."""

    def reached(self, engine: Engine) -> bool:
        """Return whether the transaction that the last mark was left in has been committed."""


class Unmarked:
    """The marks of a file, to which no line can break."""

    def leave(self, connection: Connection) -> None:
        """Leave nothing."""

    def reached(self, engine: Engine) -> bool:
        """Return that it was not: a commit that failed has failed."""
        return False


class Database(Protocol):
    """What the store asks of a database."""

    @property
    def place(self) -> str:
        """How a message calls it; never with a password."""

    def exists(self) -> bool:
        """Return whether there is a corpus in it, ours or not."""

    def make(self, fill: Callable[[Connection], object]) -> None:
        """Make the tables and let `fill` write the first rows: all of it or nothing."""

    def upgrade(self) -> None:
        """Bring the tables to the newest schema."""

    def revision(self) -> str:
        """Return the schema it has. Raises StorageUnusable where it is another program's."""

    def reader(self) -> Engine:
        """Return an engine whose connections see one moment and can change nothing."""

    def writer(self) -> Engine:
        """Return the engine of the one writer: no two of its transactions run side by side."""

    def marks(self) -> Marks:
        """Return what tells a writer, after the line broke, whether its last transaction had been committed."""

    def in_words(self) -> AbstractContextManager[None]:
        """Return a context that turns what the database says into one sentence with the next step."""

    def scrub(self) -> bool:
        """Leave nothing of deleted rows in its files, as far as it can; return whether nobody stood in the way."""

    def faults(self, connection: Connection) -> list[str]:
        """Return what the database itself finds wrong with its tables, one sentence each."""


def check(database: Database) -> None:
    """Raise unless it holds a corpus that this version knows: missing, foreign, newer and damaged ones are named."""
    if not database.exists():
        raise WrongUse(
            f"There is no corpus at {database.place}: begin with `minutier demo`, `minutier import` or "
            "`minutier crawl`, or name another --corpus."
        )
    revision = database.revision()
    if revision not in known_revisions():
        raise StorageUnusable(
            f"{database.place} was written by a newer Minutier (schema {revision}, this one knows {HEAD}): "
            "update Minutier."
        )


def known_revisions() -> set[str]:
    """Return the names of all migrations this version carries."""
    folder = Path(__file__).parent / "migrations" / "versions"
    return {path.name.split("_")[0] for path in folder.glob("[0-9]*.py")}


def migrate(
    connection: Connection,
    revision: str = "head",
    settle: Callable[[Connection], object] = lambda connection: None,
) -> None:
    """Run the migrations on a connection, up to the newest or to one named; then `settle`, then make the views."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes |= {"connection": connection, "settle": settle}
    command.upgrade(config, revision)
