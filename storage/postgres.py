"""A corpus of a lab in a PostgreSQL database: the same tables, migrations and rules as in a SQLite file.

One transaction writes at a time, as in SQLite: each takes one lock of the database when it begins, so that what is
read inside it still holds when it writes. Reading is never held up by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from storage.commit_marks import CommitMarks
from storage.database import Marks, migrate, spelled
from storage.errors import Away, StorageUnusable, WrongUse
from storage.models import Base

WRITING = 0x4D4E5452  # "MNTR": the lock that each writing transaction takes; any number would do
BLOBS = "blobs"
"""The parameter of the address that says where the bytes are."""

NOTICED = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""How soon this side notices that the other is gone (libpq's words; the last in milliseconds)."""
SHORT = {
    "options": "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 "
    "-c idle_in_transaction_session_timeout=120000"
}
"""How soon the server notices that a writer is gone, which holds the lock that all others wait for."""


@dataclass(frozen=True)
class Postgres:
    """A database, by its address."""

    address: str

    @cached_property
    def url(self) -> URL:
        """The address as SQLAlchemy takes it, without what is meant for us."""
        return parsed(self.address).difference_update_query([BLOBS])

    @property
    def place(self) -> str:
        """How a message calls it: without the password."""
        return self.url.render_as_string(hide_password=True)

    @property
    def plain(self) -> str:
        """The address as other programs of PostgreSQL take it, with the password."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def exists(self) -> bool:
        """Return whether there are tables in it, ours or not."""
        with self.in_words(), self._connected() as connection:
            return bool(inspect(connection).get_table_names())

    def make(self, fill: Callable[[Connection], object]) -> None:
        """Make the tables and the first rows in one transaction."""
        with self.in_words(), self._connected() as connection, connection.begin():
            _wait_for_others(connection)
            if inspect(connection).get_table_names():
                return  # another machine made the corpus while this one waited
            migrate(connection, settle=_compare_bytes)
            fill(connection)
            count_on(connection)

    def upgrade(self) -> None:
        """Bring the tables to the newest schema."""
        with self.in_words(), self._connected() as connection, connection.begin():
            _wait_for_others(connection)
            migrate(connection, settle=_compare_bytes)

    def revision(self) -> str:
        """Return the schema it has. Raises StorageUnusable for another program's database."""
        with self.in_words(), self._connected() as connection:
            tables = set(inspect(connection).get_table_names())
            if not {"alembic_version", "corpus", "body_text"} <= tables:
                raise StorageUnusable(f"{self.place} holds another program's tables: name an empty database.")
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())

    def reader(self) -> Engine:
        """Return an engine whose connections see one moment per transaction and can change nothing."""
        one_moment = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return create_engine(self.url, pool_pre_ping=True, execution_options=one_moment, connect_args=self._patience())

    def writer(self) -> Engine:
        """Return the engine of the one writer: each transaction takes the lock when it begins."""
        given = {"connect_args": self._patience(NOTICED | SHORT), "json_serializer": spelled}
        engine = create_engine(self.url, pool_pre_ping=True, **given)
        event.listen(engine, "begin", _wait_for_others)
        return engine

    @contextmanager
    def in_words(self) -> Iterator[None]:
        """Turn what PostgreSQL says into one sentence with the next step."""
        try:
            yield
        except exc.DBAPIError as error:
            if is_away(error):
                raise Away(self.place, first_line(str(error.orig))) from error
            raise StorageUnusable(explain(str(error.orig), self.place)) from error

    def scrub(self) -> bool:
        """Have PostgreSQL take deleted rows out of its pages; what its log, replicas and backups hold is the server's.

        The freed place is overwritten when it is used again: `VACUUM FULL` would write the tables anew, and lock them.
        """
        with self.in_words(), self._connected().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in Base.metadata.tables.keys() | {"chunk_index"}:
                connection.exec_driver_sql(f'VACUUM "{name}"')
        return True

    def faults(self, connection: Connection) -> list[str]:
        """Return nothing: PostgreSQL checks its pages when it reads them."""
        return []

    def marks(self) -> Marks:
        """Return what tells a writer, after the line broke, whether its last transaction had been committed."""
        return CommitMarks()

    def _connected(self) -> Connection:
        return create_engine(self.url, poolclass=NullPool, connect_args=self._patience()).connect()

    def _patience(self, wanted: Mapping[str, Any] = NOTICED) -> dict[str, Any]:
        """Return how soon one side notices that the other is gone, but for what the address itself says of it."""
        return {name: value for name, value in wanted.items() if name not in self.url.query}


def parsed(address: str) -> URL:
    """Return an address in parts. Raises WrongUse where it is none, or where the driver is not installed."""
    try:
        url = make_url(address)
        url.get_dialect().import_dbapi()
    except exc.ArgumentError:
        shown = address.rpartition("@")[2]
        raise WrongUse(f"{shown} is no address of a database: write postgresql://HOST/DATABASE.") from None
    except ImportError:
        raise WrongUse("PostgreSQL needs the extra `lab`: install `minutier[lab]`.") from None
    return url


def blobs_of(address: str) -> str:
    """Return where the bytes of a corpus are: the `blobs` of its address. Raises WrongUse where it has none."""
    found = parsed(address).query.get(BLOBS)
    if not isinstance(found, str) or not found:
        raise WrongUse(
            "A corpus in PostgreSQL keeps its bytes elsewhere: add ?blobs=FOLDER, or ?blobs=s3://BUCKET/FOLDER, "
            "to its address."
        )
    return found


def _wait_for_others(connection: Connection) -> None:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING})")


def _compare_bytes(connection: Connection) -> None:
    """Have all text compared byte by byte, as SQLite does: the same order of ids, dates and titles everywhere."""
    others = text(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
    )
    for row in connection.execute(others).all():
        change = f'ALTER TABLE "{row.table_name}" ALTER COLUMN "{row.column_name}" TYPE text COLLATE "C"'
        connection.exec_driver_sql(change)


def count_on(connection: Connection) -> None:
    """Have new rows numbered after those that were filled in with their numbers."""
    counted = text(
        "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name) AS counter "
        "FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
    )
    for row in connection.execute(counted).all():
        largest = f'SELECT max("{row.column_name}") FROM "{row.table_name}"'
        connection.exec_driver_sql(f"SELECT setval('{row.counter}', ({largest}))")


OLDER = "{place} was written by an earlier Minutier ({first}): `minutier extract` brings it up to date."


def is_away(error: exc.DBAPIError) -> bool:
    """Return whether a server does not answer, or stops or starts just now: the same may succeed later."""
    if error.connection_invalidated:
        return True
    said, state = str(error.orig), getattr(error.orig, "sqlstate", None) or ""
    if state:
        return state.startswith("08") or state in ("57P01", "57P02", "57P03", "53300")
    if "FATAL" in said:  # it answered, and would answer the same again, unless it is about to be there
        return any(words in said for words in ("starting up", "shutting down", "recovery mode", "too many"))
    return isinstance(error, exc.OperationalError) and "connection" in said.lower()


def first_line(message: str) -> str:
    """Return what a server says, as the middle of a sentence."""
    return message.strip().splitlines()[0].rstrip(".") if message.strip() else "no reason given"


def explain(message: str, place: str) -> str:
    """Return the sentence for one of PostgreSQL's messages."""
    first = first_line(message)
    steps = {
        "No space left": "The disk of {place} is full: free some space, then run the same command again.",
        "read-only transaction": "{place} cannot be written: it is a read-only server.",
        'column "': OLDER,
        'relation "': OLDER,
        "does not exist": "{place} cannot be used ({first}): make the database first, such as with `createdb`.",
        "authentication failed": "{place} refuses the user or the password of its address.",
    }
    for sign, sentence in steps.items():
        if sign in message:
            return sentence.format(place=place, first=first)
    return f"{place} cannot be used ({first}): run `minutier verify`."
