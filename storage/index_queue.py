"""Terms that wait for the end of their transaction before they go into the full-text index of SQLite.

FTS5 gathers what it is given and writes it out at the next savepoint. The writer begins one for each of its jobs, so
that each document would be written out by itself, which costs more than the rest of indexing it. So terms wait here
until the transaction ends, or until someone asks the index in it. What a savepoint takes back leaves the queue as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event

Terms = tuple[int, str, str]
"""The number of an index row, its stems and its words."""
NAME = "terms that wait"
WRITE = "INSERT INTO chunk_index(rowid, stems, words) VALUES (?, ?, ?)"


@dataclass(slots=True)
class Queue:
    """The terms of one transaction."""

    rows: list[Terms] = field(default_factory=list)
    written: int = 0
    """So many of them are in the index."""
    marks: list[tuple[int, int]] = field(default_factory=list)
    """How many there were, and how many were written, when each open savepoint began."""


def watch(engine: Engine) -> None:
    """Have the connections of an engine write at the end what waits."""
    event.listen(engine, "savepoint", _mark)
    event.listen(engine, "release_savepoint", _release)
    event.listen(engine, "rollback_savepoint", _take_back)
    event.listen(engine, "commit", _end)
    event.listen(engine, "rollback", _forget)


def put(connection: Connection, rows: list[Terms]) -> None:
    """Let terms wait for the end of the transaction, if anyone will write them then."""
    _queue(connection).rows.extend(rows)
    if not event.contains(connection.engine, "commit", _end):
        write(connection)


def write(connection: Connection) -> None:
    """Write what waits: whoever asks the index must find it."""
    queue = _queue(connection)
    rows = queue.rows[queue.written :]
    if rows:
        queue.written = len(queue.rows)
        connection.exec_driver_sql(WRITE, rows)


def _queue(connection: Connection) -> Queue:
    return connection.info.setdefault(NAME, Queue())  # type: ignore[no-any-return]  # `info` is of any


def _mark(connection: Connection, name: str) -> None:
    queue = _queue(connection)
    queue.marks.append((len(queue.rows), queue.written))


def _release(connection: Connection, name: str, context: Any) -> None:
    _queue(connection).marks.pop()


def _take_back(connection: Connection, name: str, context: Any) -> None:
    queue = _queue(connection)
    known, queue.written = queue.marks.pop()
    del queue.rows[known:]


def _end(connection: Connection) -> None:
    write(connection)
    _forget(connection)


def _forget(connection: Connection) -> None:
    connection.info.pop(NAME, None)
