"""Was it committed? A line that breaks during a commit leaves the question open, and doing it twice would be wrong.

Each transaction of a writer also writes its number into a row of that writer. When the line is back, the number that
stands there tells. The server may still be at it: the lock that every writing transaction takes is waited for first.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, Engine

THERE = "SELECT to_regclass('commit_mark') IS NOT NULL"
MAKE = "CREATE TABLE commit_mark (writer text PRIMARY KEY, number bigint NOT NULL, at timestamptz NOT NULL)"
"""Made by the first who writes, and no part of the schema: a copy of a corpus has no need of it."""
DROP_OLD = "DELETE FROM commit_mark WHERE at < now() - interval '7 days'"


class CommitMarks:
    """The numbers that one writer leaves in the table `commit_mark` of a PostgreSQL database."""

    def __init__(self) -> None:
        self._writer = secrets.token_hex(8)
        self._number = 0
        self._there = False
        """Whether the table was there before a transaction of ours, so that it stays whatever becomes of ours."""

    def leave(self, connection: Connection) -> None:
        """Write the next number, inside the transaction that it is to tell of."""
        self._number += 1
        if not self._there:
            self._there = connection.exec_driver_sql(THERE).scalar_one()
            connection.exec_driver_sql(DROP_OLD if self._there else MAKE)
        connection.exec_driver_sql(
            f"INSERT INTO commit_mark VALUES ('{self._writer}', {self._number}, now()) "
            "ON CONFLICT (writer) DO UPDATE SET number = excluded.number, at = excluded.at"
        )

    def reached(self, engine: Engine) -> bool:
        """Return whether the last number stands there. Beginning waits for a commit that is still under way."""
        with engine.connect() as connection, connection.begin():
            if not connection.exec_driver_sql(THERE).scalar_one():
                return False
            mine = f"SELECT number FROM commit_mark WHERE writer = '{self._writer}'"
            return connection.exec_driver_sql(mine).scalar() == self._number
