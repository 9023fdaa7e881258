"""The writer: what it says is written is written, and nobody waits for ever."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.blobs import BlobFolder, sha256
from storage.errors import Busy, StorageUnusable
from storage.store import Store
from tests.making import NOON

BLOBS = text("SELECT count(*) FROM blob")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty corpus."""
    with Store.create(tmp_path / "corpus", now=NOON, version="test") as made:
        yield made


def blob_row(number: int) -> str:
    """Return an insert of a row that no other number makes."""
    return f"INSERT INTO blob VALUES ('{number:064}', 1, 'now')"


def test_jobs_of_many_threads_are_all_written_in_order(store: Store) -> None:
    """Two hundred jobs from eight threads: each is answered, and each has its row."""

    def job(number: int) -> int:
        return store.writer.write(lambda c: c.exec_driver_sql(blob_row(number)) and number)

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(job, range(200))) == list(range(200))
    assert store.rows(BLOBS) == [(200,)]


@pytest.mark.parametrize("refusal", [Busy("not now"), ValueError("not now: no row holds half a character")])
def test_a_refused_job_leaves_the_others_of_its_group(store: Store, refusal: Exception) -> None:
    """One job that a rule refuses, or that has a value which no row can hold, takes back its own rows only."""

    def refuse(connection: object) -> None:
        connection.exec_driver_sql(blob_row(7))  # type: ignore[attr-defined]
        raise refusal

    futures = [store.writer.submit(lambda c: c.exec_driver_sql(blob_row(1)) and 1)]
    refused = store.writer.submit(refuse)
    futures.append(store.writer.submit(lambda c: c.exec_driver_sql(blob_row(2)) and 2))
    assert [future.result(timeout=10) for future in futures] == [1, 2]
    with pytest.raises(type(refusal), match="not now"):
        refused.result(timeout=10)
    assert store.rows(BLOBS) == [(2,)]


def test_bytes_are_durable_before_their_row(store: Store) -> None:
    """When a job runs, the blob it came with is already in its place."""
    body = b"evidence"
    seen = store.writer.submit(lambda c: store.blobs.exists(sha256(body)), body)
    assert seen.result(timeout=10) is True


def test_a_storage_that_fails_is_said_once_and_for_all(store: Store) -> None:
    """After a broken statement every waiting and every later job gets the sentence; none hangs."""
    broken = store.writer.submit(lambda c: c.exec_driver_sql("INSERT INTO nowhere VALUES (1)") and None)
    with pytest.raises(StorageUnusable):
        broken.result(timeout=10)
    with pytest.raises(StorageUnusable):
        store.writer.submit(lambda c: None).result(timeout=10)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_of_our_own_does_not_leave_anyone_waiting(store: Store) -> None:
    """A job with a bug ends the writer; whoever waits, or asks later, is told."""

    def bug(connection: object) -> None:
        raise ZeroDivisionError

    with pytest.raises((StorageUnusable, ZeroDivisionError)):
        store.writer.submit(bug).result(timeout=10)
    with pytest.raises(StorageUnusable):
        store.writer.submit(lambda c: None).result(timeout=10)


def test_the_database_is_opened_as_the_design_says(store: Store) -> None:
    """WAL, full durability, foreign keys for the writer; the reader cannot write."""
    ask = store.writer.write
    assert ask(lambda c: c.exec_driver_sql("PRAGMA journal_mode").scalar()) == "wal"
    assert ask(lambda c: c.exec_driver_sql("PRAGMA synchronous").scalar()) == 2
    assert ask(lambda c: c.exec_driver_sql("PRAGMA foreign_keys").scalar()) == 1
    with pytest.raises(StorageUnusable, match="read-only"), store.reading() as connection:
        connection.exec_driver_sql(blob_row(1))


def test_a_reader_is_not_locked_out_while_something_writes(store: Store) -> None:
    """Reading goes on beside an open write transaction of another program."""
    other = sqlite3.connect(store.database.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute(blob_row(1))
    assert store.rows(BLOBS) == [(0,)]
    other.execute("COMMIT")
    assert store.rows(BLOBS) == [(1,)]
    other.close()


def test_same_bytes_are_kept_once_and_drafts_are_not_blobs(tmp_path: Path) -> None:
    """A blob has one file; an unfinished draft beside it is not listed as evidence."""
    blobs = BlobFolder(tmp_path / "blobs")
    first, again = blobs.put_all([b"x"]), blobs.put_all([b"x"])
    assert first == again == [sha256(b"x")]
    (blobs.path(first[0]).parent / ".half.part").write_bytes(b"y")
    assert list(blobs.digests()) == first
    assert blobs.read(first[0]) == b"x"
    with pytest.raises(StorageUnusable, match="missing"):
        blobs.read("0" * 64)
