"""Writing a row that may be there already, in the words of the database at hand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.models import Base

DIALECTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def upsert(connection: Connection, table: type[Base]) -> Any:
    """Return an insert into a table that knows `on_conflict_do_nothing` and `on_conflict_do_update`.

    SQLAlchemy has one such statement for each database, and no type for both.
    """
    return upsert_for(connection.dialect.name, table)


def upsert_for(dialect: str, table: type[Base] | Table) -> Any:
    """Return the same by the name of the database, for a statement that is made once."""
    return DIALECTS[dialect](table)
