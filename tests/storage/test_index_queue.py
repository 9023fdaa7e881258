"""Terms that wait for the end of their transaction: written then, and only those whose job stood."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, insert

from storage import index
from storage.chunking import prepare
from storage.filters import Filters
from storage.models import Document
from storage.query import parse
from storage.sqlite import SqliteFile
from tests.making import Scene


def add(connection: Connection, name: str) -> None:
    """Put a document into a corpus and its index."""
    connection.execute(insert(Document).values(id=name, address=name, first_capture_seq=1, language="fr"))
    index.add(connection, name, prepare(f"commune {name}", (), "fr"))


def found(connection: Connection) -> list[str]:
    """Return the documents that have the word that all have."""
    hits = index.find(connection, parse("commune"), Filters(), "passage").hits
    return sorted(hit.document_id for hit in hits)


def test_a_job_that_is_taken_back_leaves_no_terms(tmp_path: Path) -> None:
    """What a savepoint takes back is not indexed; what was written inside it for earlier jobs is, all the same."""
    Scene(tmp_path / "c").store.database.upgrade()
    engine = SqliteFile(tmp_path / "c" / "corpus.db").writer()
    with engine.begin() as connection:
        with connection.begin_nested():
            add(connection, "one")
        with suppress(ZeroDivisionError), connection.begin_nested():
            add(connection, "two")
            assert found(connection) == ["one", "two"]  # asking the index writes what waits
            raise ZeroDivisionError
        with connection.begin_nested():
            add(connection, "three")
    with engine.begin() as connection:
        assert found(connection) == ["one", "three"]
        assert index.check(connection) is None
    engine.dispose()


def test_nothing_waits_longer_than_its_transaction(tmp_path: Path) -> None:
    """A transaction that is rolled back leaves nothing for the next one."""
    Scene(tmp_path / "c").store.database.upgrade()
    engine = SqliteFile(tmp_path / "c" / "corpus.db").writer()
    with suppress(ZeroDivisionError), engine.begin() as connection:
        add(connection, "one")
        raise ZeroDivisionError
    with engine.begin() as connection:
        add(connection, "two")
    with engine.begin() as connection:
        assert found(connection) == ["two"]
        assert index.check(connection) is None
    engine.dispose()
